"""The list that floats over the canvas while two designs are compared: the legend, each difference, and its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.gui.canvas.differences import Mark
from designer.gui.comparison_entries import Entry
from designer.gui.icons import icon, painted
from designer.gui.key_names import name_keys
from designer.gui.panels.texts import count_text, plural
from designer.gui.panels.widgets import ElidedLabel
from designer.gui.theme import Appearance, Theme

WIDTH, TALLEST = 340, 270
EDGE = 10
MOST_ROWS = 500
"""More differences than anybody reads are counted, not listed."""
SIGN = 16
WORDS = {Mark.ADDED: "added", Mark.REMOVED: "removed", Mark.CHANGED: "changed", Mark.MOVED: "moved"}


class ComparisonList(QFrame):
    """One row a difference; the arrow keys, a click, and the two buttons go through them."""

    chosen = Signal(object)
    """The `Entry` to show."""
    closed = Signal()

    def __init__(self, canvas: QWidget, appearance: Appearance) -> None:
        super().__init__(canvas)
        self.setObjectName("comparison")
        self.setAccessibleName("Comparison")
        self._canvas, self._appearance = canvas, appearance
        self._entries: tuple[Entry, ...] = ()
        self.title, self.legend, self.more = ElidedLabel(), QLabel(), QLabel()
        self.title.setProperty("rank", "heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.more.setProperty("rank", "muted")
        self.rows = QListWidget()
        self.rows.setAccessibleName("Differences")
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setUniformItemSizes(True)
        self.rows.setIconSize(QSize(SIGN, SIGN))
        self.rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.currentRowChanged.connect(self._choose)
        self.rows.itemClicked.connect(lambda _item: self._choose(self.rows.currentRow()))
        self.previous, self.next, self.end = QToolButton(), QToolButton(), QToolButton()
        for button, action, tip, act in (
            (self.previous, "previous_difference", "Previous difference", lambda: self.step(-1)),
            (self.next, "next_difference", "Next difference", lambda: self.step(1)),
            (self.end, "end_comparison", "End the comparison", self.closed.emit),
        ):
            name_keys(button, action, tip)
            button.setAccessibleName(tip)
            button.clicked.connect(act)
        self.legend.setWordWrap(True)
        self._lay_out()
        self._canvas.installEventFilter(self)
        appearance.changed.connect(self._take_theme)
        self._take_theme(appearance.theme)
        self.hide()

    def stand_on(self, canvas: QWidget) -> None:
        """Float over another canvas."""
        self._canvas.removeEventFilter(self)
        self._canvas = canvas
        self.setParent(canvas)
        canvas.installEventFilter(self)

    def _lay_out(self) -> None:
        head, foot, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        head.addWidget(self.title, 1)
        head.addWidget(self.end)
        foot.setSpacing(2)
        foot.addWidget(self.more, 1)
        foot.addWidget(self.previous)
        foot.addWidget(self.next)
        column.setContentsMargins(12, 4, 6, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.legend)
        column.addWidget(self.rows, 1)
        column.addLayout(foot)

    def show_all(self, title: str, entries: Sequence[Entry]) -> None:
        """List differences; the row of before stays where it can."""
        row = self.rows.currentRow()
        self.title.setText(title)
        self.title.setToolTip(title)
        self._entries = tuple(entries)
        self.rows.blockSignals(True)
        self.rows.clear()
        for entry in self._entries[:MOST_ROWS]:
            item = QListWidgetItem(self._sign(entry.mark), f"{entry.title}   {entry.detail}".strip())
            item.setToolTip(f"{WORDS[entry.mark]}: {entry.title} {entry.detail}".strip())
            self.rows.addItem(item)
        self.rows.setCurrentRow(min(row, self.rows.count() - 1))
        self.rows.blockSignals(False)
        self._write_legend()
        self._count()
        self._place()
        self.show()
        self.raise_()

    def _write_legend(self) -> None:
        theme = self._appearance.theme
        counts = Counter(entry.mark for entry in self._entries)
        parts = [f'<span style="color:{mark.colour(theme).name()}"><b>{mark.value}</b></span> '
                 f"{count_text(counts[mark])} {WORDS[mark]}" for mark in Mark if counts[mark]]  # fmt: skip
        self.legend.setText(" &nbsp; ".join(parts) or "There is no difference.")

    def _count(self) -> None:
        """Which difference this is, and how many there are."""
        row, count, left = self.rows.currentRow(), self.rows.count(), len(self._entries) - MOST_ROWS
        where = f"{row + 1} of {count_text(count)}" if row >= 0 else plural(count, "difference")
        self.more.setText(f"{where}, and {count_text(left)} more" if left > 0 else where)
        for button in (self.previous, self.next):
            button.setEnabled(count > 0)

    def step(self, way: int) -> None:
        """Go to the next (1) or previous (-1) difference, round and round."""
        count = self.rows.count()
        if count:
            row = self.rows.currentRow()
            self.rows.setCurrentRow((row + way) % count if row >= 0 else 0 if way > 0 else count - 1)
            if count == 1:
                self._choose(0)

    def _choose(self, row: int) -> None:
        self._count()
        if 0 <= row < len(self._entries):
            self.chosen.emit(self._entries[row])

    def _sign(self, mark: Mark) -> QIcon:
        theme = self._appearance.theme

        def paint(painter: QPainter) -> None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mark.colour(theme))
            painter.drawEllipse(0, 0, SIGN, SIGN)
            painter.setPen(theme.on_accent)
            font = painter.font()
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(0, -1, SIGN, SIGN, Qt.AlignmentFlag.AlignCenter, mark.value)

        pixmap = painted(QSize(SIGN, SIGN), self.devicePixelRatioF(), paint)
        found = QIcon(pixmap)
        found.addPixmap(pixmap, QIcon.Mode.Selected)
        return found

    def _take_theme(self, theme: Theme) -> None:
        self.setStyleSheet(
            f"#comparison {{ background: {theme.panel.name()}; border: 1px solid {theme.border.name()};"
            f" border-radius: 8px; }} #comparison QListWidget {{ background: {theme.panel.name()}; }}"
            " #comparison QListWidget::item { padding: 2px 0; }"
        )
        self.previous.setIcon(icon("previous", theme))
        self.next.setIcon(icon("next", theme))
        self.end.setIcon(icon("close", theme))
        self._write_legend()
        for row, entry in enumerate(self._entries[: self.rows.count()]):
            self.rows.item(row).setIcon(self._sign(entry.mark))

    def _place(self) -> None:
        """At the canvas's lower left corner, as tall as it takes."""
        room = self._canvas.height() - 2 * EDGE
        around = self.sizeHint().height() - self.rows.sizeHint().height()
        wanted = around + 4 + self.rows.count() * (self.rows.sizeHintForRow(0) if self.rows.count() else 0)
        height = max(around, min(wanted, TALLEST, room))
        self.setGeometry(EDGE, self._canvas.height() - height - EDGE, WIDTH, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner of the canvas."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends it, from the list too."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
