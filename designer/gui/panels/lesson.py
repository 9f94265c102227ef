"""The lesson panel: the teaching card of the selected layer."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from designer.catalogue import LAYERS
from designer.gui.panels.markdown_page import MarkdownPage
from designer.gui.panels.widgets import empty_state
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace
from designer.resources import resource


def card(layer: str) -> str:
    """The Markdown of a layer's card; of a layer without one, its one-line lesson."""
    path = resource("notes", f"{layer}.md")
    if path.is_file():
        return path.read_text(encoding="utf-8")
    kind = LAYERS[layer]
    return f"# {kind.title}\n\n{kind.lesson()}\n"


class LessonPanel(QWidget):
    """Follows the selection: nodes of one kind of layer show its card. Reads a card only when it is seen."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.layer = ""
        """The layer whose card is shown; empty for none."""
        self.page = MarkdownPage()
        self.page.setAccessibleName("Lesson")
        self.page.setFrameShape(self.page.Shape.NoFrame)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty_state("Select a layer to read what it does."))
        self._pages.addWidget(self.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        workspace.selection_changed.connect(self._follow)
        workspace.changed.connect(self._follow)
        appearance.changed.connect(self.page.restyle)
        self.page.restyle(appearance.theme)
        self._follow()

    def sizeHint(self) -> QSize:
        """Wide enough for a formula."""
        return QSize(320, 400)

    def _follow(self, *_: object) -> None:
        nodes = self._workspace.shown.nodes
        kinds = {nodes[name].layer for name in self._workspace.selection if name in nodes} & LAYERS.keys()
        self.show_layer(kinds.pop() if len(kinds) == 1 else "")

    def show_layer(self, layer: str) -> None:
        """Show the card of a layer; nothing for an empty name."""
        if layer == self.layer:
            return
        self.layer = layer
        self._pages.setCurrentIndex(1 if layer else 0)
        if layer:
            self.page.show_markdown(card(layer))
