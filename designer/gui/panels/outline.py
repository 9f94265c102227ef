"""The outline: the design as a tree that shares the selection with the canvas, and that screen readers can read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from designer.graph import edits
from designer.graph.changes import Changes
from designer.gui.panels.outline_model import LAYER, NAME, PROBLEMS, SHAPE, Index, OutlineModel, Path
from designer.gui.panels.widgets import empty_state
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

Key = Qt.Key
Flag = QItemSelectionModel.SelectionFlag
WIDTHS = {NAME: 112, PROBLEMS: 28, LAYER: 60, SHAPE: 30}
"""What fits into a dock of ordinary width; the last column takes the rest."""
LARGE = 2000
"""Nodes from which on the tree waits for a pause between edits: to lay out so many rows takes a moment."""
PAUSE = 300
"""Milliseconds without an edit that count as a pause."""
MANY = 200
"""More rows than are seen at once."""


class OutlineTree(QTreeView):
    """The tree; its keys are those of the canvas where both have them."""

    entered = Signal()
    """Enter, or a double-click: go where the current node stands."""
    menu_wanted = Signal(QPoint)
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(12)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setExpandsOnDoubleClick(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName("Outline")
        self.setAccessibleDescription("The layers of the design in the order of computation. Enter goes to one.")
        self.doubleClicked.connect(self.entered)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, Delete deletes; F2 and all else are the tree's own."""
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Key.Key_Return, Key.Key_Enter) and not editing:
            self.entered.emit()
        elif event.key() == Key.Key_Delete and not editing:
            self.delete_wanted.emit()
        elif event.key() == Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self.menu_wanted.emit(self._below_current())
        else:
            super().keyPressEvent(event)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Qt looks at every row of those that changed, seen or not; of very many, what is seen is painted anew."""
        if last.row() - first.row() < MANY:
            super().dataChanged(first, last, roles)
        else:
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """At the pointer, or at the current row by the keyboard."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if not by_mouse or self.indexAt(event.pos()).isValid():
            self.menu_wanted.emit(event.globalPos() if by_mouse else self._below_current())

    def _below_current(self) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())


class OutlinePanel(QWidget):
    """Follows the design and the selection while it can be seen, and catches up when it comes to the front."""

    gone_to = Signal()
    """The selected node is to be shown on the canvas, with the focus there."""
    menu_wanted = Signal(QPoint)
    """The menu of what is selected is asked for, at a place of the screen."""
    delete_wanted = Signal()

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._in_front, self._stale, self._sharing = True, False, False
        self._later = QTimer(self, singleShot=True, interval=PAUSE)
        self._later.timeout.connect(self._catch_up)
        self.model = OutlineModel(self._rename, appearance.theme, self)
        self.tree = OutlineTree(self)
        self.tree.setModel(self.model)
        self.empty = empty_state("Draw a network, and its layers stand here in the order of computation.", self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._lay_out_header()
        self.tree.selectionModel().selectionChanged.connect(self._share)
        self.tree.entered.connect(self._enter)
        self.tree.menu_wanted.connect(self._ask_menu)
        self.tree.delete_wanted.connect(self._ask_delete)
        workspace.changed.connect(self._follow)
        workspace.selection_changed.connect(self._follow_selection)
        appearance.changed.connect(self._restyle)
        self._refresh()

    def sizeHint(self) -> QSize:
        """A dock of ordinary width."""
        return QSize(280, 480)

    def _lay_out_header(self) -> None:
        header = self.tree.header()
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(26)
        # What is wrong stands beside the name, where a narrow panel shows it too.
        header.moveSection(PROBLEMS, 1)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for section, width in WIDTHS.items():
            header.resizeSection(section, width)

    def set_in_front(self, in_front: bool) -> None:
        """While it stands behind other panels it does nothing."""
        self._in_front = in_front
        self._catch_up()

    def _catch_up(self) -> None:
        if self._in_front and self._stale:
            self._refresh()

    def _postpone(self) -> bool:
        """Whether what happened is shown later: when it comes to the front, or somebody rests."""
        large = len(self._workspace.document.nodes) >= LARGE
        self._stale = self._stale or large or not self._in_front
        if large:
            self._later.start()
        return self._stale

    # What the workspace says.

    def _follow(self, changes: Changes, _report: object) -> None:
        if not changes.structure and not changes.data and not changes.training:
            return
        if not self._postpone():
            self._refresh()

    def _refresh(self) -> None:
        self._stale = False
        self._sharing = True
        self.model.show_report(self._workspace.report)
        self._sharing = False
        self._pages.setCurrentWidget(self.tree if self._workspace.document.nodes else self.empty)
        self._show_selection(self._workspace.selection)

    def _follow_selection(self, chosen: frozenset[str]) -> None:
        """Show what is selected on the canvas, also inside groups."""
        if not self._sharing and not self._postpone():
            self._show_selection(chosen)

    def _show_selection(self, chosen: frozenset[str]) -> None:
        place = self._workspace.place
        runs = self.model.rows_of(place, chosen) if chosen else []
        selection = QItemSelection()
        for first, last in runs:
            selection.select(first, last.siblingAtColumn(PROBLEMS))
        self._sharing = True
        self.tree.selectionModel().select(selection, Flag.ClearAndSelect)
        if runs:
            self._go_to_row([first for first, _ in runs])
        self._sharing = False

    def _go_to_row(self, rows: Sequence[QModelIndex]) -> None:
        """Bring the selected rows into view, unless one of them is the current one already."""
        current = self.tree.currentIndex()
        if not (current.isValid() and self.tree.selectionModel().isSelected(current)):
            current = rows[0]
            self.tree.selectionModel().setCurrentIndex(current, Flag.NoUpdate)
        self.tree.scrollTo(current)

    # What is done here.

    def _paths(self) -> list[Path]:
        return [self.model.path(index) for index in self.tree.selectionModel().selectedRows(NAME)]

    def _share(self) -> None:
        """Select on the canvas what is selected here; rows of a network it does not show wait for Enter."""
        if self._sharing:
            return
        place = self._workspace.place
        self._sharing = True
        self._workspace.select([path[-1] for path in self._paths() if path[:-1] == place])
        self._sharing = False

    def _go(self) -> bool:
        """Show on the canvas the network in which the current row stands, with it selected; False without a row."""
        index = self.tree.currentIndex()
        if not index.isValid():
            return False
        path = self.model.path(index)
        together = [each[-1] for each in self._paths() if each[:-1] == path[:-1]]
        self._workspace.go_to(path, together if path[-1] in together else ())
        return True

    def _enter(self) -> None:
        if self._go():
            self.gone_to.emit()

    def _ask_menu(self, at: QPoint) -> None:
        if self._go():
            self.menu_wanted.emit(at)

    def _ask_delete(self) -> None:
        """The row below becomes the current one, so that one Delete can follow another."""
        row = self.tree.currentIndex().row()
        if self._go():
            self.delete_wanted.emit()
            above = self.model.find(self._workspace.place)
            rows = self.model.rowCount(above)
            if rows:
                self.tree.setCurrentIndex(self.model.index(min(row, rows - 1), NAME, above))

    def _rename(self, path: Path, new: str) -> bool:
        """Give a node another id, wherever it stands."""
        return self._workspace.commit_whole(
            lambda document: edits.within(document, path[:-1], lambda inside: edits.rename(inside, path[-1], new)),
            f"Rename {path[-1]} to {new}",
        )

    def _restyle(self, theme: Theme) -> None:
        self.model.restyle(theme)
