"""What is done with groups by key or menu: make one of the selection, take one apart."""

from __future__ import annotations

from collections.abc import Mapping

from designer.catalogue import LAYERS, with_role
from designer.compiler.report import NodeReport
from designer.graph import edits
from designer.graph.document import Document
from designer.graph.grouping import group
from designer.graph.names import id_for
from designer.graph.ungrouping import Known, ungroup
from designer.gui.workspace import Workspace


class Grouping:
    """Each method is one entry of a menu, and at most one undo step."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def chosen(self) -> tuple[str, ...]:
        """The selected groups, in the document's order."""
        nodes, wanted = self._workspace.shown.nodes, self._workspace.selection
        return tuple(name for name in nodes if name in wanted and is_group(nodes[name].layer))

    def group(self) -> None:
        """Put the selected nodes into a group."""
        nodes = self._workspace.selection
        new = id_for(with_role("group"), self._workspace.shown.nodes)
        if self._workspace.commit(lambda document: group(document, nodes, new), f"Group {_named(nodes)}"):
            self._workspace.select((new,))

    def ungroup(self) -> None:
        """Take the selected groups apart; what was inside is selected."""
        groups, place = self.chosen, self._workspace.place
        report = self._workspace.shown_report
        known = {name: _known(report.nodes[name], report.variables) for name in groups}
        new: list[str] = []

        def apart(whole: Document) -> Document:
            def each(document: Document) -> Document:
                for name in groups:
                    document, nodes = ungroup(document, name, whole.blocks, known[name])
                    new.extend(nodes)
                return document

            return edits.within(whole, place, each)

        if groups and self._workspace.commit_whole(apart, f"Ungroup {_named(groups)}"):
            self._workspace.select(new)


def is_group(layer: str) -> bool:
    """Whether a layer holds a network of its own."""
    kind = LAYERS.get(layer)
    return kind is not None and kind.role == "group"


def _known(report: NodeReport, variables: Mapping[str, float | int | None]) -> Known | None:
    """What the check found out about a group; None where it could not look inside."""
    if not report.rounds:
        return None
    worth = {name: value for name, value in variables.items() if value is not None}
    return Known(worth, frozenset(name for name, node in report.rounds[0].nodes.items() if node.parameters))


def _named(nodes: frozenset[str] | tuple[str, ...]) -> str:
    return next(iter(nodes)) if len(nodes) == 1 else f"{len(nodes)} nodes"
