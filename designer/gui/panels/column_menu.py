"""The menu that chooses which columns of the parameters table are shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from designer.gui.panels.parameters_model import Column


class ColumnMenu(QMenu):
    """A switch for each column but the first, which names the row; at the table's head, the right button opens it."""

    chosen = Signal()
    """Another set of columns is wanted."""

    def __init__(self, table: QTableView, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: list[QAction] = []
        self.setToolTipsVisible(True)
        begun = False
        for place, column in enumerate(columns):
            if column.figure is not None and not begun:
                self.addSection("While it trains")
                begun = True
            action = QAction(column.title.capitalize(), self, checkable=True, checked=True)
            action.setToolTip(column.doc)
            action.setEnabled(place > 0)
            action.toggled.connect(lambda _on: self.chosen.emit())
            self.addAction(action)
            self._actions.append(action)
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self._open(header.mapToGlobal(at)))

    def is_chosen(self, place: int) -> bool:
        """Whether a column is wanted."""
        return self._actions[place].isChecked()

    def _open(self, at: QPoint) -> None:
        self.popup(at)
