"""Selecting more by what is selected: what it reads, what reads it, what hangs together, what is of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Collection

from designer.graph.document import Document
from designer.graph.reach import nodes_after, nodes_alike, nodes_before, nodes_linked
from designer.gui.workspace import Workspace


class Selecting:
    """Each method is one entry of the menu Select."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def everything(self) -> None:
        """Select every node of the shown design."""
        self._workspace.select(self._workspace.shown.nodes)

    def upstream(self) -> None:
        """Add all that the selected nodes read, directly or by way of others."""
        self._extend(nodes_before)

    def downstream(self) -> None:
        """Add all that read the selected nodes, directly or by way of others."""
        self._extend(nodes_after)

    def linked(self) -> None:
        """Add all that hang together with the selected nodes by links."""
        self._extend(nodes_linked)

    def alike(self) -> None:
        """Add all nodes of the same kinds of layer."""
        self._extend(nodes_alike)

    def invert(self) -> None:
        """Select the nodes that are not selected, and no others."""
        self._workspace.select(self._workspace.shown.nodes.keys() - self._workspace.selection)

    def _extend(self, reach: Callable[[Document, Collection[str]], set[str]]) -> None:
        self._workspace.select(reach(self._workspace.shown, self._workspace.selection))
