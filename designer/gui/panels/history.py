"""The history panel: every edit as a line of a list, to jump to what the design was at any of them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, QStringListModel, Qt
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from designer.graph.history import History
from designer.gui.icons import icon
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
BEGINNING = "The beginning"


class Steps(QStringListModel):
    """The edits' names, in Qt's own list, which a view lays out a hundred times as fast as one that asks Python."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.history: History = workspace.history
        self._theme: Theme | None = None
        self._saved = QIcon()
        self._bold = QFont(parent.font())
        self._bold.setBold(True)

    def take_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme, self._saved = theme, icon("save", theme)

    def show(self, history: History) -> None:
        """List another history."""
        before, self.history = self.history, history
        if before.states is not history.states or not self.rowCount():
            self.setStringList([state.label or BEGINNING for state in history.states])

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """The edit's name; grey where it is undone, bold where the design stands."""
        row, place = index.row(), self.history.place
        state = self.history.states[row]
        match role:
            case Role.ForegroundRole if row > place and self._theme is not None:
                return self._theme.muted
            case Role.FontRole if row == place:
                return self._bold
            case Role.DecorationRole if state.document is self._workspace.saved:
                return self._saved
            case Role.ToolTipRole | Role.AccessibleDescriptionRole:
                return self._said(row)
        return super().data(index, role)

    def _said(self, row: int) -> str:
        state, place = self.history.states[row], self.history.place
        where = "The design as it is now" if row == place else "Undone" if row > place else "Done"
        saved = ", as it was saved" if state.document is self._workspace.saved else ""
        return f"{where}{saved}. A click goes there." if row != place else f"{where}{saved}."


class HistoryPanel(QListView):
    """All steps, the oldest first; a click or Enter goes to one, by undo or redo."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.steps = Steps(workspace, self)
        self.setModel(self.steps)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(14, 14))
        self.setStyleSheet("QListView::item { padding: 4px 8px; }")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("History")
        self.clicked.connect(self._go)
        self.activated.connect(self._go)
        for signal in (workspace.changed, workspace.title_changed):
            signal.connect(self.refresh)
        appearance.changed.connect(self._take_theme)
        self._take_theme(appearance.theme)
        self.refresh()

    def refresh(self) -> None:
        """Follow the workspace."""
        self.steps.show(self._workspace.history)
        here = self.steps.index(self.steps.history.place)
        self.setCurrentIndex(here)
        self.viewport().update()

    def _go(self, index: Index) -> None:
        self._workspace.go_to_step(index.row())

    def _take_theme(self, theme: Theme) -> None:
        self.steps.take_theme(theme)
        self.viewport().update()
