"""Examples as the rows of a table: numbers, texts, sequences as they read, series as small curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from designer.gui.panels.examples.texts import cell_text, class_text, example_text
from designer.gui.theme import Theme
from designer.protocol import Cell, Looked, Seen

Index = QModelIndex | QPersistentModelIndex
CURVES = Qt.ItemDataRole.UserRole
WIDEST = 230
CURVE = QSize(200, 46)
NOTHING = QModelIndex()
ROLES = {"target": "to be predicted", "feature": "learned from", "ignore": "ignored"}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the table: one of a field's own, or all of a field."""

    title: str
    field: Seen
    place: int | None
    """Which of the field's columns; None for the whole field."""


class ExamplesModel(QAbstractTableModel):
    """A page of examples."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._looked = Looked("")
        self._classes: Sequence[str] = ()
        self.columns: list[TableColumn] = []

    def show(self, looked: Looked, classes: Sequence[str]) -> None:
        """Show another page."""
        self.beginResetModel()
        self._looked, self._classes, self.columns = looked, classes, []
        # A class or a number to predict stands first: in a narrow panel the last columns are not seen.
        for field in sorted(looked.fields, key=lambda each: each.role != "target" or each.form == "sequence"):
            if field.form == "numbers":
                self.columns += [TableColumn(name, field, place) for place, name in enumerate(field.columns)]
            elif field.form not in ("image", "mask"):
                self.columns.append(TableColumn(field.name, field, None))
        self.endResetModel()

    def rowCount(self, parent: Index = NOTHING) -> int:
        """The examples of the page."""
        return 0 if parent.isValid() else len(self._looked.rows)

    def columnCount(self, parent: Index = NOTHING) -> int:
        """The columns of all fields."""
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, index: Index) -> Cell:
        """What stands in a column of numbers or texts."""
        column = self.columns[index.column()]
        return column.field.values[index.row()][column.place] if column.place is not None else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, curves, and how they are shown."""
        column = self.columns[index.column()]
        alone = column.place is not None
        if role == CURVES and column.field.form == "series":
            return column.field.shape, column.field.values[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if column.field.form == "series":
                return None if role == Qt.ItemDataRole.DisplayRole else example_text(column.field, index.row(), ())
            if alone:
                names = column.field.names
                return class_text(self.cell(index), names) if names else cell_text(self.cell(index))
            return example_text(column.field, index.row(), self._classes)
        if role == Qt.ItemDataRole.ForegroundRole:
            if alone and self.cell(index) is None:
                return self.theme.error
            return self.theme.muted if column.field.role == "ignore" else None
        if role == Qt.ItemDataRole.TextAlignmentRole and alone and isinstance(self.cell(index), int | float):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names; beside each row its number, from 1 on."""
        if orientation == Qt.Orientation.Vertical:
            return f"{self._looked.rows[section] + 1:,}" if role == Qt.ItemDataRole.DisplayRole else None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{column.title}: {ROLES.get(column.field.role, column.field.role)}"
        if role == Qt.ItemDataRole.FontRole and column.field.role == "target":
            font = QFont()
            font.setBold(True)
            return font
        return None


class CurveDelegate(QStyledItemDelegate):
    """Paints a series as a curve for each channel."""

    def __init__(self, model: ExamplesModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The text, or the curves in its place."""
        super().paint(painter, option, index)
        found = index.data(CURVES)
        if found is None:
            return
        (channels, steps), values = found
        area = option.rect.toRectF().adjusted(4, 4, -4, -4)
        numbers = [value for value in values if isinstance(value, int | float)]
        low, high = min(numbers, default=0.0), max(numbers, default=1.0)
        scale = area.height() / ((high - low) or 1.0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for channel in range(channels):
            points = [
                QPointF(area.left() + area.width() * step / max(1, steps - 1), area.bottom() - (value - low) * scale)
                for step, value in enumerate(values[channel * steps : (channel + 1) * steps])
                if isinstance(value, int | float)
            ]
            painter.setPen(QPen(self._model.theme.curves[channel % len(self._model.theme.curves)], 1.2))
            painter.drawPolyline(QPolygonF(points))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A curve needs room."""
        return CURVE if index.data(CURVES) is not None else super().sizeHint(option, index)


class ExamplesTable(QTableView):
    """The table."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ExamplesModel(theme)
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.setItemDelegate(CurveDelegate(self.rows, self))
        self.setAccessibleName("Examples as a table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_examples(self, looked: Looked, classes: Sequence[str]) -> None:
        """Show a page of examples, each column as wide as it needs."""
        kept = [column.title for column in self.rows.columns]
        self.rows.show(looked, classes)
        curves = any(field.form == "series" for field in looked.fields)
        self.verticalHeader().setDefaultSectionSize(CURVE.height() if curves else self.fontMetrics().height() + 8)
        if kept != [column.title for column in self.rows.columns]:
            self.resizeColumnsToContents()
            for place in range(self.rows.columnCount()):
                self.setColumnWidth(place, min(self.columnWidth(place), WIDEST if self.rows.columnCount() > 1 else 600))
        self.scrollToTop()
