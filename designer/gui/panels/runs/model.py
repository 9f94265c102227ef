"""The table of runs as data: which rows are shown, in which order, and what stands in each cell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from designer.gui.panels.runs.summary import RunState, Summary
from designer.gui.panels.texts import count_text
from designer.gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Flag = Qt.ItemFlag
NAME, NOTE = "name", "note"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what it means, the value to sort by, and how that is written."""

    title: str
    doc: str
    value: Callable[[Summary], Any]
    text: Callable[[Any], str] = str
    number: bool = False
    edited: bool = False


def _loss(value: float) -> str:
    return f"{value:.4g}"


def _percent(value: float) -> str:
    return f"{value:.1%}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}" if minutes else f"{seconds:.1f} s"


def _metric(name: str) -> Callable[[Summary], float | None]:
    return lambda row: row.figure(name)


COLUMNS = (
    Column(NAME, "What the run is called; a double click or F2 renames it.", lambda row: row.name, edited=True),
    Column("state", "How far it came.", lambda row: str(row.state)),
    Column("begun", "When it was begun.", lambda row: row.begun, lambda when: f"{when:%Y-%m-%d %H:%M:%S}"),
    Column("epochs", "How many epochs are done, of how many.", lambda row: (row.epochs, row.planned) if row.planned
           else None, lambda both: f"{both[0]:,} of {both[1]:,}", number=True),
    Column("validation loss", "The loss of the best epoch on the validation split.", _metric("validation_loss"),
           _loss, number=True),
    Column("validation accuracy", "The accuracy of that epoch on the validation split.",
           _metric("validation_accuracy"), _percent, number=True),
    Column("test loss", "The loss of the best weights on the test split.", _metric("test_loss"), _loss, number=True),
    Column("test accuracy", "The accuracy of the best weights on the test split.", _metric("test_accuracy"),
           _percent, number=True),
    Column("time", "The time inside training steps.", lambda row: row.seconds, _duration, number=True),
    Column("parameters", "How many numbers the network has to learn.", lambda row: row.parameters, count_text,
           number=True),
    Column("design", "What the design is called.", lambda row: row.design),
    Column(NOTE, "Your own words; a double click or F2 changes them.", lambda row: row.note, edited=True),
)  # fmt: skip
NAME_COLUMN, STATE_COLUMN, BEGUN_COLUMN = 0, 1, 2


class RunsModel(QAbstractTableModel):
    """The rows that are shown. It sorts by itself: 10,000 rows take a few milliseconds so."""

    edited = Signal(object, str, str)
    """The row, "name" or "note", and the new text."""
    laid = Signal(object, bool)
    """The row whose curves are to be laid over, or no longer."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.rows: list[Summary] = []
        self.overlaid: dict[Path, Any] = {}
        """The colour of each run whose curves are laid over."""
        self._all: dict[Path, Summary] = {}
        self._wanted: Callable[[Summary], bool] = lambda _row: True
        self._column, self._order = BEGUN_COLUMN, Qt.SortOrder.DescendingOrder
        self._theme = theme

    def take(self, new: Iterable[Summary], gone: Collection[Path]) -> None:
        """Take rows that are new or different, and leave out those that are gone."""
        before = [row.folder for row in self.rows]
        for row in new:
            self._all[row.folder] = row
        for folder in gone:
            self._all.pop(folder, None)
        self._show(before)

    def restrict(self, wanted: Callable[[Summary], bool]) -> None:
        """Show these rows alone."""
        self._wanted = wanted
        self._show([row.folder for row in self.rows])

    def restyle(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
        self.told()

    def told(self) -> None:
        """Something about the look of cells is different."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def place(self, folder: Path) -> int | None:
        """The row of a run; None where it is not shown."""
        return next((place for place, row in enumerate(self.rows) if row.folder == folder), None)

    @property
    def known(self) -> int:
        """How many runs there are, shown or not."""
        return len(self._all)

    def _show(self, before: list[Path]) -> None:
        rows = self._in_order([row for row in self._all.values() if self._wanted(row)])
        if [row.folder for row in rows] == before:
            self.rows = rows
            self.told()
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def _in_order(self, rows: list[Summary]) -> list[Summary]:
        """What has no value stands last, whichever way it is sorted."""
        value = COLUMNS[self._column].value
        there = [(value(row), row) for row in rows]
        sound = [
            (each.lower() if isinstance(each, str) else each, row) for each, row in there if each not in (None, "")
        ]
        sound.sort(key=lambda pair: pair[0], reverse=self._order is Qt.SortOrder.DescendingOrder)
        return [row for _, row in sound] + [row for each, row in there if each in (None, "")]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        if not 0 <= column < len(COLUMNS):
            return
        self._column, self._order = column, order
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        folders = [self.rows[index.row()].folder for index in kept]
        self.rows = self._in_order(self.rows)
        places = {row.folder: place for place, row in enumerate(self.rows)}
        moved = [self.index(places[folder], index.column()) for folder, index in zip(folders, kept, strict=True)]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def rowCount(self, parent: Index = ROOT) -> int:
        """One for each run that is shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' titles and what they mean."""
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title
            if role == Qt.ItemDataRole.ToolTipRole:
                return COLUMNS[section].doc
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(COLUMNS[section])
        return None

    def flags(self, index: Index) -> Flag:
        """Names and notes can be changed; the box before a name lays the run's curves over."""
        flags = Flag.ItemIsEnabled | Flag.ItemIsSelectable
        if COLUMNS[index.column()].edited:
            flags |= Flag.ItemIsEditable
        return flags | Flag.ItemIsUserCheckable if index.column() == NAME_COLUMN else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, place, colour and box."""
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            value = column.value(row)
            return "" if value is None else column.text(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.sentence or str(row.folder)
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == NAME_COLUMN:
            return Qt.CheckState.Checked if row.folder in self.overlaid else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, index.column())
        return None

    def _colour(self, row: Summary, column: int) -> Any:
        if column == NAME_COLUMN:
            return self.overlaid.get(row.folder)
        if column != STATE_COLUMN:
            return None
        bad = (RunState.FAILED, RunState.BROKEN)
        if row.state in bad:
            return self._theme.error
        return self._theme.good if row.state is RunState.RUNNING else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A new name or note, or the box before a name."""
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole:
            self.laid.emit(row, Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role == Qt.ItemDataRole.EditRole and column.edited and str(value) != column.value(row):
            self.edited.emit(row, column.title, str(value).strip())
            return True
        return False


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
