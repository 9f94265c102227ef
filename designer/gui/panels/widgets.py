"""Small widgets that several panels share: muted text, headings, buttons whose text wraps, empty states."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from designer.gui.panels.texts import breakable

MARGIN = 10
"""Space between a panel's edge and what stands in it."""


def text_label(text: str = "", *, muted: bool = False, parent: QWidget | None = None) -> QLabel:
    """Plain text that wraps; muted for second-rank text."""
    label = QLabel(breakable(text), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if muted:
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


class ElidedLabel(QLabel):
    """A line whose end gives way to three dots where there is no room for all of it."""

    @property
    def shown(self) -> str:
        """What can be read of it."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As much as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment() | Qt.TextFlag.TextSingleLine, self.shown)
        painter.end()


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """The title of a section in a panel."""
    label = QLabel(text, parent)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def empty_state(text: str, parent: QWidget | None = None) -> QLabel:
    """What a panel says when it has nothing to show."""
    label = text_label(text, muted=True, parent=parent)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setMargin(2 * MARGIN)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    return label


def barred_page(bar: Sequence[QWidget], *below: QWidget) -> QWidget:
    """A page with a bar on top, whose first part takes what room there is; the last part below fills the rest."""
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN, 4, 4, 4)
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(row)
    for layout, parts, wide in ((row, bar, 0), (column, below, len(below) - 1)):
        for place, part in enumerate(parts):
            layout.addWidget(part, place == wide)
    return page


def fill_with_pages(panel: QWidget, pages: QStackedWidget, *parts: QWidget) -> None:
    """Let a panel hold one of several pages, with nothing around it."""
    for part in parts:
        pages.addWidget(part)
    outer = QVBoxLayout(panel)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(pages)


def leaves_to_window(event: QEvent) -> bool:
    """Whether an event asks if a field takes undo or redo for itself; refused, it becomes the window's."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    wanted = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    if wanted:
        event.ignore()
    return wanted


class WrapButton(QAbstractButton):
    """A push button whose text wraps in a narrow panel; `prominent` paints it in the accent colour."""

    PADDING = QSize(10, 4)
    FLAGS = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)

    def __init__(self, text: str = "", prominent: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.prominent = prominent
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """The whole text on one line."""
        size = self.fontMetrics().size(0, self.text())
        return size + self.PADDING * 2

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any panel: the text wraps."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), 80), hint.height())

    def hasHeightForWidth(self) -> bool:
        """The text wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the wrapped text."""
        room = QRect(0, 0, max(width, 40) - 2 * self.PADDING.width(), 10_000)
        text = self.fontMetrics().boundingRect(room, self.FLAGS, breakable(self.text()))
        return text.height() + 2 * self.PADDING.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded box, stronger under the pointer and when focused."""
        palette, painter = self.palette(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = palette.color(QPalette.ColorRole.Highlight if self.prominent else QPalette.ColorRole.Base)
        if self.isDown() or self.underMouse():
            ground = ground.darker(112 if self.isDown() else 106)
        edge = palette.color(QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Mid)
        ink = palette.color(QPalette.ColorRole.HighlightedText if self.prominent else QPalette.ColorRole.Text)
        painter.setBrush(ground)
        painter.setPen(edge)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self.hasFocus() and self.prominent:
            painter.setPen(ink)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(2.5, 2.5, -2.5, -2.5), 3, 3)
        painter.setPen(ink)
        inside = self.rect().adjusted(self.PADDING.width(), 0, -self.PADDING.width(), 0)
        painter.drawText(inside, self.FLAGS, breakable(self.text()))
        painter.end()
