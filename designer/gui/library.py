"""The user's own groups, offered beside the layers; they live as files in the user's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from designer.catalogue import LAYERS, with_role
from designer.graph import own_groups
from designer.graph.blocks import Blocks
from designer.graph.document import Node
from designer.graph.own_groups import Own
from designer.gui.offers import OWN, Offer, offers
from designer.problems import UserError

PREFIX = "own:"
"""What the names of own offers begin with, so that none is called as a layer."""


class Library(QObject):
    """The groups in a folder; without one there are none, and none can be kept."""

    changed = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._read()

    def _read(self) -> None:
        own = own_groups.read_own(self._folder) if self._folder is not None else Own({}, {})
        self.refused: Mapping[str, str] = own.refused
        """A sentence for each file that is left out."""
        group = LAYERS[with_role("group")]
        mine = {
            f"{PREFIX}{name}": Offer(f"{PREFIX}{name}", group, ready.title, ready.lesson, (), ready, OWN)
            for name, ready in own.groups.items()
        }
        self.offers: Mapping[str, Offer] = {**mine, **offers()}
        """All that can be placed by name: the user's own groups first."""

    def store(self, node: Node, blocks: Blocks, title: str, lesson: str) -> None:
        """Keep a group; raises UserError."""
        if self._folder is None:
            raise UserError("There is no folder for groups of your own.")
        own_groups.store(self._folder, node, blocks, title, lesson)
        self._reread()

    def rename(self, name: str, title: str) -> None:
        """Give an offer another title; raises UserError."""
        if self._folder is not None:
            own_groups.rename(self._folder, name.removeprefix(PREFIX), title)
            self._reread()

    def delete(self, name: str) -> None:
        """Take an offer away; raises UserError."""
        if self._folder is not None:
            own_groups.delete(self._folder, name.removeprefix(PREFIX))
            self._reread()

    def _reread(self) -> None:
        self._read()
        self.changed.emit()


def own_folder() -> Path:
    """Where this user's own groups are kept."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "groups"
