"""The design as a tree: groups are branches, nodes stand in the order of computation.

It follows the design by what differs from what it shows, so that a change at one node costs one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from designer.catalogue import LAYERS
from designer.compiler.checking.report import NodeReport, Report
from designer.graph.document import Node
from designer.gui.panels.icons import severity_icon, swatch
from designer.gui.panels.texts import specs_text
from designer.gui.spoken import node_in_words, problems_in_words, title_of
from designer.gui.theme import Theme
from designer.problems import Problem, Severity

Index = QModelIndex | QPersistentModelIndex
Path = tuple[str, ...]
"""A node's place in the design: the groups around it, outermost first, and its own id."""
ROOT = QModelIndex()
Role = Qt.ItemDataRole
COLUMNS = ("name", "layer", "shape", "problems")
NAME, LAYER, SHAPE, PROBLEMS = range(len(COLUMNS))
Flag = Qt.ItemFlag
NOTHING, GROUP, EDITABLE = Flag.NoItemFlags, Flag.ItemIsEnabled | Flag.ItemIsSelectable, Flag.ItemIsEditable
NODE = GROUP | Flag.ItemNeverHasChildren
# Made once: Qt asks for them ten thousand times in a row.
GROUP_NAME, NODE_NAME = GROUP | EDITABLE, NODE | EDITABLE
WORST = (Severity.ERROR, Severity.WARNING, Severity.TIP)
MOST_RUNS = 24
"""Rows that come or go in more places than that are laid out anew at once."""


@dataclass(eq=False, slots=True)
class Entry:
    """One row. Its children are made when they are first looked at; None until then."""

    key: int
    parent: Entry | None
    node: Node
    report: NodeReport | None = None
    problems: tuple[Problem, ...] = ()
    children: list[Entry] | None = None
    rows: dict[int, int] = field(default_factory=dict)
    """Where each child stands, by key; empty until it is asked for."""

    @property
    def inside(self) -> Report | None:
        """The report of the network inside a group; of a repeated one, its first round."""
        return self.report.rounds[0] if self.report is not None and self.report.rounds else None

    @property
    def path(self) -> Path:
        """The ids from the outermost group to this node."""
        found, entry = [], self
        while entry.parent is not None:
            found.append(entry.node.id)
            entry = entry.parent
        return tuple(reversed(found))


class OutlineModel(QAbstractItemModel):
    """Rows by path. `rename` is asked for another id and says whether the node has it now."""

    def __init__(self, rename: Callable[[Path, str], bool], theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rename = rename
        self._entries: dict[int, Entry] = {}
        self._next = 1
        self._root = Entry(0, None, Node("", ""), children=[])
        self.restyle(theme)

    # Following the design.

    def show_report(self, report: Report) -> None:
        """Show a state of the whole design."""
        self._follow(self._root, report)

    def _follow(self, entry: Entry, report: Report) -> None:
        """Bring the rows below an entry in line with a network; those never looked at are made when they are."""
        if entry.children is None:
            return
        names = list(dict.fromkeys((*report.order, *report.nodes)))
        if (
            not all(_stays(child, report) for child in entry.children)
            or [child.node.id for child in entry.children] != names
        ):
            self._arrange(entry, names, report)
        problems, touched = report.problems_by_node, []
        for row, child in enumerate(entry.children):
            fresh, found = report.nodes[child.node.id], problems.get(child.node.id, ())
            if child.report is not fresh or child.problems != found:
                child.node, child.report, child.problems = fresh.node, fresh, found
                touched.append(row)
        if touched:
            below = self._index_of(entry)
            last = len(COLUMNS) - 1
            self.dataChanged.emit(self.index(touched[0], 0, below), self.index(touched[-1], last, below))
        for row in touched:
            if (inside := entry.children[row].inside) is not None:
                self._follow(entry.children[row], inside)

    def _arrange(self, entry: Entry, names: Sequence[str], report: Report) -> None:
        """Take rows away, put the others in order, and bring new ones."""
        children = self._below(entry)
        self._take_new_id(children, names, report)
        old = {child.node.id: child for child in children if _stays(child, report)}
        leaving = list(_runs(row for row, child in enumerate(children) if not _stays(child, report)))
        coming = list(_runs(row for row, name in enumerate(names) if name not in old))
        if len(leaving) + len(coming) > MOST_RUNS:
            self._lay_out_anew(entry, [old.get(name) or self._new(entry, report, name) for name in names])
            return
        for first, last in reversed(leaving):
            self._remove(entry, first, last)
        self._reorder(entry, [old[name] for name in names if name in old])
        for first, last in coming:
            fresh = [self._new(entry, report, name) for name in names[first : last + 1]]
            self.beginInsertRows(self._index_of(entry), first, last)
            self._below(entry)[first:first] = fresh
            entry.rows = {}
            self.endInsertRows()

    def _take_new_id(self, children: Sequence[Entry], names: Sequence[str], report: Report) -> None:
        """Where one node got another id, its row stays, and what is open below it stays open."""
        known = {child.node.id for child in children}
        gone, new = [child for child in children if child.node.id not in report.nodes], set(names) - known
        if len(gone) == len(new) == 1:
            fresh = report.nodes[new.pop()]
            if bool(fresh.rounds) == (gone[0].inside is not None):
                gone[0].node, gone[0].problems = fresh.node, ()

    def _new(self, parent: Entry, report: Report, name: str) -> Entry:
        entry = Entry(self._next, parent, report.nodes[name].node, report.nodes[name])
        entry.problems = report.problems_by_node.get(name, ())
        self._entries[entry.key] = entry
        self._next += 1
        return entry

    def _remove(self, entry: Entry, first: int, last: int) -> None:
        children = self._below(entry)
        self.beginRemoveRows(self._index_of(entry), first, last)
        for child in children[first : last + 1]:
            self._forget(child)
        del children[first : last + 1]
        entry.rows = {}
        self.endRemoveRows()

    def _forget(self, entry: Entry) -> None:
        del self._entries[entry.key]
        for child in entry.children or ():
            self._forget(child)

    def _reorder(self, entry: Entry, wanted: list[Entry]) -> None:
        if wanted == entry.children:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        moved = [self._entry(index) for index in before]
        entry.children, entry.rows = wanted, {}
        after = [self._index_of(each, index.column()) for each, index in zip(moved, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _lay_out_anew(self, entry: Entry, children: list[Entry]) -> None:
        self.beginResetModel()
        for child in set(self._below(entry)) - set(children):
            self._forget(child)
        entry.children, entry.rows = children, {}
        self.endResetModel()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self._swatches: dict[str, QIcon] = {
            name: swatch(theme.category(name), 9) for name in {kind.category for kind in LAYERS.values()}
        }
        self._marks = {severity: severity_icon(theme, severity) for severity in WORST}
        if self._root.children:
            last = self.index(len(self._root.children) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # Where rows are.

    def path(self, index: Index) -> Path:
        """The node of a row."""
        return self._entry(index).path

    def find(self, path: Path) -> QModelIndex:
        """The row of a node, made if it is not yet; an invalid index where there is no such node."""
        entry = self._root
        for name in path:
            found = next((child for child in self._below(entry) if child.node.id == name), None)
            if found is None:
                return QModelIndex()
            entry = found
        return self._index_of(entry)

    def rows_of(self, place: Path, names: frozenset[str]) -> list[tuple[QModelIndex, QModelIndex]]:
        """The rows of nodes of one network, as runs of neighbours: the first and the last of each."""
        above = self.find(place)
        entry = self._entry(above)
        if (place and not above.isValid()) or entry.children is None:
            return []
        rows = (row for row, child in enumerate(self._below(entry)) if child.node.id in names)
        return [(self.index(first, 0, above), self.index(last, 0, above)) for first, last in _runs(rows)]

    def _below(self, entry: Entry) -> list[Entry]:
        """The rows below an entry, made at the first look."""
        if entry.children is None:
            inside = entry.inside
            names = () if inside is None else dict.fromkeys((*inside.order, *inside.nodes))
            entry.children = [self._new(entry, inside, name) for name in names if inside is not None]
        return entry.children

    def _entry(self, index: Index) -> Entry:
        return self._entries.get(index.internalId(), self._root) if index.isValid() else self._root

    def _index_of(self, entry: Entry, column: int = 0) -> QModelIndex:
        if entry.parent is None:
            return QModelIndex()
        above = entry.parent
        if not above.rows:
            above.rows = {child.key: row for row, child in enumerate(self._below(above))}
        return self.createIndex(above.rows[entry.key], column, entry.key)

    # What Qt asks.

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        """The cell at a place below a row."""
        entry = self._entries[parent.internalId()] if parent.isValid() else self._root
        children = entry.children if entry.children is not None else self._below(entry)
        if 0 <= row < len(children) and 0 <= column < len(COLUMNS):
            return self.createIndex(row, column, children[row].key)
        return QModelIndex()

    def parent(self, index: Index = ROOT) -> QModelIndex:  # type: ignore[override]  # QObject.parent() is another
        """The group's row around a row."""
        above = self._entry(index).parent
        return self._index_of(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many rows are made below a row."""
        return 0 if parent.column() > 0 else len(self._below(self._entry(parent)))

    def columnCount(self, _parent: Index = ROOT) -> int:
        """The same everywhere."""
        return len(COLUMNS)

    def hasChildren(self, parent: Index = ROOT) -> bool:
        """A group has, though they may not be made yet."""
        entry = self._entry(parent)
        return bool(entry.children) if entry is self._root else parent.column() <= 0 and entry.inside is not None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A name can be edited; only a group has rows below it."""
        entry = self._entries.get(index.internalId()) if index.isValid() else None
        if entry is None:
            return NOTHING
        if entry.report is not None and entry.report.rounds:
            return GROUP_NAME if index.column() == NAME else GROUP
        return NODE_NAME if index.column() == NAME else NODE

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """The columns' titles; that of the marks is too long for its column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Role.DisplayRole:
            return COLUMNS[section] if section != PROBLEMS else "!"
        return COLUMNS[section] if role in (Role.AccessibleTextRole, Role.ToolTipRole) else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell's text, icon, tooltip, and what a screen reader says of it."""
        entry, column = self._entry(index), index.column()
        if role == Role.DisplayRole:
            return self._text(entry, column)
        if role == Role.EditRole and column == NAME:
            return entry.node.id
        if role == Role.DecorationRole:
            return self._icon(entry, column)
        if role == Role.ForegroundRole and column in (LAYER, SHAPE):
            return self._theme.muted
        if role == Role.AccessibleTextRole:
            whole = node_in_words(entry.node, entry.report, entry.problems)
            return {NAME: whole, PROBLEMS: ", ".join(problems_in_words(entry.problems))}.get(column)
        if role == Role.ToolTipRole:
            sentences = [problem.sentence for problem in entry.problems]
            return "\n".join([node_in_words(entry.node, entry.report), *sentences])
        return None

    def _text(self, entry: Entry, column: int) -> str:
        if column == NAME:
            return entry.node.id
        if column == LAYER:
            return title_of(entry.node)
        if column == SHAPE:
            return (
                specs_text(entry.report.shape) if entry.report is not None and entry.report.shape is not None else "?"
            )
        return str(len(entry.problems)) if len(entry.problems) > 1 else ""

    def _icon(self, entry: Entry, column: int) -> QIcon | None:
        if column == NAME:
            kind = LAYERS.get(entry.node.layer)
            return self._swatches[kind.category] if kind is not None else None
        if column == PROBLEMS and entry.problems:
            worst = min((problem.severity for problem in entry.problems), key=WORST.index)
            return self._marks[worst]
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Give a node another id."""
        entry = self._entry(index)
        new = str(value).strip()
        if role != Role.EditRole or index.column() != NAME or new == entry.node.id:
            return False
        return self._rename(entry.path, new)


def _stays(child: Entry, report: Report) -> bool:
    """Whether a row's node is there still, and a group as before, or no group as before."""
    fresh = report.nodes.get(child.node.id)
    return fresh is not None and bool(fresh.rounds) == (child.inside is not None)


def _runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as runs of neighbours: the first and the last of each."""
    first = last = -1
    for row in rows:
        if first < 0:
            first = last = row
        elif row == last + 1:
            last = row
        else:
            yield first, last
            first = last = row
    if first >= 0:
        yield first, last
