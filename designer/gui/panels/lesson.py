"""The lesson panel: the teaching card of the selected layer."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from designer.gui.offers import Offer, offer_of
from designer.gui.panels.markdown_page import MarkdownPage
from designer.gui.panels.widgets import empty_state
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace


class LessonPanel(QWidget):
    """Follows the selection: nodes of one kind of layer show its card; in a group, none show the group's."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.offer: Offer | None = None
        """What the card that is shown is about."""
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
        workspace.place_changed.connect(self._follow)
        appearance.changed.connect(self.page.restyle)
        self.page.restyle(appearance.theme)
        self._follow()

    def sizeHint(self) -> QSize:
        """Wide enough for a formula."""
        return QSize(320, 400)

    def _follow(self, *_: object) -> None:
        nodes, place = self._workspace.shown.nodes, self._workspace.place
        if place and not self._workspace.selection:
            self.show_offer(offer_of(self._workspace.document.at(place[:-1]).nodes[place[-1]]))
            return
        chosen = {name: offer_of(nodes[name]) for name in self._workspace.selection if name in nodes}
        kinds = {offer.name: offer for offer in chosen.values() if offer is not None}
        self.show_offer(kinds.popitem()[1] if len(kinds) == 1 else None)

    def show_offer(self, offer: Offer | None) -> None:
        """Show a card, or none."""
        if offer is self.offer:
            return
        self.offer = offer
        self._pages.setCurrentIndex(0 if offer is None else 1)
        if offer is not None:
            self.page.show_markdown(offer.card())
