"""The per-layer table as data: what the check knows of each layer, and what the run under way tells of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon

from designer.catalogue import LAYERS
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.cost import Cost, NodeCost, field_text, size_text
from designer.gui.live_figures import FIGURES, Figure, Moment
from designer.gui.panels.icons import swatch
from designer.gui.panels.texts import count_text, specs_text
from designer.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
"""The parent of all rows of a table."""

SHARE = Qt.ItemDataRole.UserRole + 1
"""The role that holds a row's share of all parameters, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """One layer of the table."""

    id: str
    layer: str
    category: str
    shape: str
    parameters: int
    macs: int
    counted: int
    """What of the parameters is in the total: weights of another node count there."""
    cost: NodeCost


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what it means, and the value to sort by; or the figure of a run that stands in it."""

    title: str
    doc: str
    value: Callable[[Row], Any]
    number: bool = True
    text: Callable[[Any], str] = count_text
    figure: Figure | None = None


COLUMNS = (
    Column("id", "The node's name, as in the exported code.", lambda row: row.id, number=False),
    Column("layer", "The kind of layer.", lambda row: row.layer, number=False),
    Column("output shape", "The shape that comes out; N is the batch.", lambda row: row.shape, number=False),
    Column("parameters", "How many numbers are learned.", lambda row: row.parameters),
    Column("share", "The share of all parameters; shared ones count once.", lambda row: row.counted),
    Column("multiply-adds", "Multiplications with an addition, for one example.", lambda row: row.macs),
    Column("weight memory", "The memory of the weights.", lambda row: row.cost.weight_bytes, text=size_text),
    Column(
        "activation memory", "What training keeps of what the layer makes, for the gradients.",
        lambda row: row.cost.activation_bytes, text=size_text,
    ),
    Column(
        "receptive field", "How many places of an Input, axis by axis, one place that comes out depends on.",
        lambda row: row.cost.receptive_field, text=field_text,
    ),
    *(Column(figure.title, figure.doc, lambda row: row.id, figure=figure) for figure in FIGURES),
)  # fmt: skip
SHARE_COLUMN = 4
FIRST_OF_RUN = 9


def rows_of(report: Report, cost: Cost) -> list[Row]:
    """A row for each layer, in the order of the design, those inside groups under their full id."""
    counts = dict(report.counts())
    return [_row(name, node, counts[name], cost.nodes[name]) for name, node in report.rows()]


def _row(name: str, node: NodeReport, counted: int, cost: NodeCost) -> Row:
    kind = LAYERS.get(node.node.layer)
    title, category = (kind.title, kind.category) if kind is not None else (node.node.layer, "")
    return Row(name, title, category, specs_text(node.shape), node.parameters, node.macs, counted, cost)


class ParametersModel(QAbstractTableModel):
    """Rows change in place while the layers stay the same; only another set of layers resets the table."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.moment = Moment()
        self.stale = False
        self._natural: list[Row] = []
        self._sorted_by = -1
        self._order = Qt.SortOrder.AscendingOrder
        self._total = 0
        self.restyle(theme)

    def show_rows(self, rows: list[Row], total: int) -> None:
        """Show another state of the design, whose parameters add up to `total`."""
        same_layers = [row.id for row in rows] == [row.id for row in self._natural]
        same_total, self._total = total == self._total, total
        if not same_layers:
            self.beginResetModel()
            self._natural = rows
            self.rows = self._in_order(rows)
            self.endResetModel()
            return
        new = {row.id: row for row in rows}
        changed = [place for place, row in enumerate(self.rows) if new[row.id] != row]
        self._natural = rows
        self.rows = [new[row.id] for row in self.rows]
        if not same_total and self.rows:
            self._tell(0, len(self.rows) - 1, 0, len(COLUMNS) - 1)
        elif changed:
            self._tell(changed[0], changed[-1], 0, len(COLUMNS) - 1)
        if self._sorted_by >= 0 and changed:
            self._sort_again()

    def show_figures(self, moment: Moment, *, stale: bool) -> None:
        """Show what a run told; `stale` greys it, being of an earlier design."""
        self.moment, self.stale = moment, stale
        if self._sorted_by >= FIRST_OF_RUN:
            self._sort_again()
        elif self.rows:
            self._tell(0, len(self.rows) - 1, FIRST_OF_RUN, len(COLUMNS) - 1)

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        categories = {kind.category for kind in LAYERS.values()}
        self._icons: dict[str, QIcon] = {name: swatch(theme.category(name), 8) for name in categories}
        if self.rows:
            self._tell(0, len(self.rows) - 1, 0, len(COLUMNS) - 1)

    def _tell(self, top: int, bottom: int, left: int, right: int) -> None:
        self.dataChanged.emit(self.index(top, left), self.index(bottom, right))

    def rowCount(self, parent: Index = ROOT) -> int:
        """One for each layer."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """The same for every design."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' titles and what they mean."""
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            column = COLUMNS[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return column.title
            if role == Qt.ItemDataRole.ToolTipRole:
                return column.doc
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, colour, place and share."""
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == SHARE and index.column() == SHARE_COLUMN:
            return row.counted / self._total if self._total else 0.0
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return self._icons.get(row.category)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.id}: {row.layer}"
        if role == Qt.ItemDataRole.SizeHintRole and index.column() == SHARE_COLUMN:
            return QSize(90, 0)
        return None

    def text(self, row: Row, column: int) -> str:
        """What a cell says."""
        if column == SHARE_COLUMN:
            return f"{row.counted / self._total:.1%}" if self._total and row.counted else ""
        figure = COLUMNS[column].figure
        if figure is not None:
            return figure.text(self.moment.value(figure, row.id))
        value = COLUMNS[column].value(row)
        return COLUMNS[column].text(value) if COLUMNS[column].number else str(value)

    def _alignment(self, column: Column) -> int:
        side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def _colour(self, row: Row, column: Column) -> Any:
        if column.figure is not None:
            if self.stale:
                return self._theme.muted
            return self._theme.error if self.moment.value(column.figure, row.id) is None else None
        unknown = column.title == "output shape" and row.shape == specs_text(None)
        nothing = column.number and not column.value(row)
        return self._theme.muted if unknown or nothing else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of the design."""
        self._sorted_by, self._order = column, order
        self._sort_again()

    def _in_order(self, rows: list[Row]) -> list[Row]:
        if self._sorted_by < 0:
            return rows
        pairs = [(self._value(row, COLUMNS[self._sorted_by]), row) for row in rows]
        known = [pair for pair in pairs if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=self._order is Qt.SortOrder.DescendingOrder)
        return [row for _, row in known] + [row for found, row in pairs if found is None]

    def _value(self, row: Row, column: Column) -> Any:
        """What to sort by; None for what has no place in an order."""
        if column.figure is None:
            return column.value(row)
        value = self.moment.value(column.figure, row.id)
        return None if value is None or math.isnan(value) else value

    def _sort_again(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self.rows[index.row()].id for index in before]
        self.rows = self._in_order(self._natural)
        places = {row.id: place for place, row in enumerate(self.rows)}
        after = [self.index(places[name], index.column()) for name, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def as_text(self, with_run: bool) -> str:
        """The whole table, a line a layer, columns parted by tabs."""
        shown = [place for place, column in enumerate(COLUMNS) if with_run or column.figure is None]
        lines = ["\t".join(COLUMNS[place].title for place in shown)]
        lines += ["\t".join(self.text(row, place) for place in shown) for row in self.rows]
        return "\n".join(lines) + "\n"
