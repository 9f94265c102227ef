"""The field for a node's id: a name that Python takes and no other node has, or a sentence why not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from designer.graph import edits
from designer.gui.panels.editors import outline
from designer.gui.workspace import Workspace
from designer.problems import UserError


class IdField(QLineEdit):
    """Says at every key whether the name can be had, and asks for it at Enter or when the focus leaves."""

    renamed = Signal(str)
    """The new id, which can be had."""
    refused = Signal(str)
    """The sentence why it cannot; empty when it can."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._id = ""
        self.setAccessibleName("id")
        self.setToolTip("The node's name, also in the exported code. Letters, digits and _, a letter first.")
        self.textEdited.connect(self._acceptable)
        self.editingFinished.connect(self._finish)

    def show_id(self, name: str) -> None:
        """Show the id of the node."""
        if name != self._id:
            self._id = name
            self.setText(name)
            self.setCursorPosition(0)
            self.refused.emit("")

    def _acceptable(self) -> bool:
        try:
            edits.rename(self._workspace.shown, self._id, self.text().strip())
        except UserError as error:
            self.refused.emit(str(error))
            return False
        self.refused.emit("")
        return True

    def _finish(self) -> None:
        wanted = self.text().strip()
        if wanted != self._id and self._id in self._workspace.shown.nodes and self._acceptable():
            self.renamed.emit(wanted)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's box with an edge that is seen."""
        super().paintEvent(event)
        if not self.hasFocus():
            outline(self, self.rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._id)
            self.refused.emit("")
        super().keyPressEvent(event)
