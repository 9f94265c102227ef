"""The rows of the finder, and how one is painted: icon, title, one line below, and something at the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from designer.gui.theme import Theme

ROW_HEIGHT = 42
ICON = 20
PAD = 10
CHOICE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Choice:
    """One row. `key` says what was chosen; `aside` stands at the right; `why_not` is why it cannot be chosen now."""

    key: str
    title: str
    line: str
    icon: Callable[[], QIcon] = QIcon
    aside: str = ""
    why_not: str = ""
    separated: bool = False
    """Whether a line stands above it."""


def spoken(choice: Choice) -> str:
    """A row as it is read aloud."""
    return ", ".join(part for part in (choice.title, choice.aside, choice.why_not or choice.line) if part)


class Choices(QAbstractListModel):
    """The rows found so far."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Choice] = []

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title; the whole choice for `CHOICE`."""
        choice = self.rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(choice)
        return choice if role == CHOICE else choice.title if role == Qt.ItemDataRole.DisplayRole else None

    def begin(self) -> None:
        """Have no rows."""
        self.beginResetModel()
        self.rows = []
        self.endResetModel()

    def add(self, more: list[Choice]) -> None:
        """Have more rows."""
        self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(more) - 1)
        self.rows += more
        self.endInsertRows()


class RowPainter(QStyledItemDelegate):
    """Paints the choice of an index."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row is equally high."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row, with the current one on a ground of its own."""
        choice: Choice = index.data(CHOICE)
        theme, area = self._theme, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            ground = QColor(theme.accent)
            ground.setAlphaF(0.24 if theme.dark else 0.14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 6, 6)
        if choice.separated and index.row():
            painter.setPen(theme.border)
            painter.drawLine(area.topLeft(), area.topRight())
        mode = QIcon.Mode.Disabled if choice.why_not else QIcon.Mode.Normal
        place = QRect(area.left() + PAD, area.center().y() - ICON // 2, ICON, ICON)
        choice.icon().paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
        self._write(painter, option.font, area.adjusted(2 * PAD + ICON, 4, -PAD, -4), choice)
        painter.restore()

    def _write(self, painter: QPainter, font: QFont, area: QRect, choice: Choice) -> None:
        theme = self._theme
        small, large = QFont(font), QFont(font)
        large.setWeight(QFont.Weight.Medium)
        upper = QRect(area.left(), area.top(), area.width(), area.height() // 2)
        lower = QRect(area.left(), upper.bottom() + 1, area.width(), area.height() - upper.height())
        room = QFontMetrics(small).horizontalAdvance(choice.aside) + (PAD if choice.aside else 0)
        _line(painter, small, theme.muted, upper, choice.aside, Qt.AlignmentFlag.AlignRight)
        left = upper.adjusted(0, 0, -room, 0)
        _line(painter, large, theme.muted if choice.why_not else theme.text, left, choice.title)
        colour = theme.warning if choice.why_not else theme.muted
        _line(painter, small, colour, lower, choice.why_not or choice.line)


def _line(
    painter: QPainter, font: QFont, colour: QColor, area: QRect, text: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:  # fmt: skip
    painter.setFont(font)
    painter.setPen(colour)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
