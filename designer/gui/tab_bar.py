"""The tabs of the open designs, above the canvas; hidden while there is one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar, QToolButton

from designer.gui.icons import icon
from designer.gui.sheet import Sheet
from designer.gui.sheets import Sheets
from designer.gui.theme import Appearance, Theme

CROSS = 12
"""Side of the cross that closes a tab, in screen pixels."""
MARK = "•"
"""Stands before the name of a design with unsaved changes."""


class DesignTabs(QTabBar):
    """Shows the `Sheets`, and asks for one to be shown or closed."""

    close_wanted = Signal(object)
    """The sheet that a middle click, or a click on its cross, would close."""

    def __init__(self, sheets: Sheets, appearance: Appearance) -> None:
        super().__init__()
        self._sheets, self._appearance = sheets, appearance
        self._shown: list[Sheet] = []
        self.setAccessibleName("Open designs")
        self.setDocumentMode(True)
        self.setExpanding(False)
        self.setAutoHide(True)
        self.setMovable(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(self._choose)
        self.tabMoved.connect(self._move)
        appearance.changed.connect(self._restyle)
        sheets.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        """Bring the tabs in line with the open designs."""
        self.blockSignals(True)
        self._shown = list(self._sheets.all)
        while self.count() > len(self._shown):
            self.removeTab(self.count() - 1)
        while self.count() < len(self._shown):
            self._add_tab()
        for place, sheet in enumerate(self._shown):
            name = sheet.title.replace("&", "&&")
            text = f"{MARK} {name}" if sheet.modified else name
            if self.tabText(place) != text:
                self.setTabText(place, text)
            told = str(sheet.path) if sheet.path is not None else "not saved yet"
            self.setTabToolTip(place, f"{told}, with unsaved changes" if sheet.modified else told)
        self.setCurrentIndex(self._sheets.here)
        self.blockSignals(False)

    def _add_tab(self) -> None:
        """One more tab, with a cross."""
        place = self.addTab("")
        cross = QToolButton(self)
        cross.setIcon(icon("close", self._appearance.theme))
        cross.setIconSize(QSize(CROSS, CROSS))
        cross.setFixedSize(CROSS + 8, CROSS + 8)
        cross.setStyleSheet("padding: 2px")
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.setToolTip("Close this design")
        cross.setAccessibleName("Close this design")
        cross.clicked.connect(lambda: self._close(cross))
        self.setTabButton(place, QTabBar.ButtonPosition.RightSide, cross)

    def _close(self, cross: QToolButton) -> None:
        side = QTabBar.ButtonPosition.RightSide
        place = next(place for place in range(self.count()) if self.tabButton(place, side) is cross)
        # The tab, and its cross with it, may go while the click is under way.
        QTimer.singleShot(0, self, lambda: self.close_wanted.emit(self._shown[place]))

    def _restyle(self, theme: Theme) -> None:
        for place in range(self.count()):
            cross = self.tabButton(place, QTabBar.ButtonPosition.RightSide)
            if isinstance(cross, QToolButton):
                cross.setIcon(icon("close", theme))

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._shown):
            self._sheets.show(self._shown[place])

    def _move(self, source: int, target: int) -> None:
        """A tab was dragged past another."""
        self._shown.insert(target, self._shown.pop(source))
        self._sheets.move(source, target)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and place >= 0:
            self.close_wanted.emit(self._shown[place])
        else:
            super().mouseReleaseEvent(event)
