"""What is done with groups by key or menu: make one of the selection, take one apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil
from typing import Any

from designer.catalogue import is_group, with_role
from designer.compiler.checking.report import NodeReport
from designer.compiler.checking.scope import worth
from designer.graph import edits
from designer.graph.blocks import block_named, make_block, make_unique, rename_block, without_unused
from designer.graph.document import Document, Node, Position
from designer.graph.expanding import collapse, expand
from designer.graph.formulas import SIGN
from designer.graph.grouping import group
from designer.graph.names import id_for
from designer.graph.ungrouping import Known, ungroup
from designer.graph.variables import as_value
from designer.gui.canvas.editing.labels import named
from designer.gui.canvas.items.inset import inset_of
from designer.gui.canvas.look import GRID, WIDTH
from designer.gui.workspace import Workspace
from designer.problems import UserError

Ask = Callable[[str, str, str, Callable[[str], bool]], None]
"""Opens a field over a node: its id, the text to begin with, what is asked, and who takes the answer."""


class Grouping:
    """Each method is one entry of a menu, and at most one undo step."""

    def __init__(self, workspace: Workspace, ask: Ask) -> None:
        self._workspace, self._ask = workspace, ask
        self._gave_way: dict[tuple[str, ...], Mapping[str, tuple[Position, Position]]] = {}
        """Where nodes stood before and after a group was expanded, by its place: collapsing brings them back."""

    def remember_with(self, other: Grouping) -> None:
        """Share what another canvas remembers: a group that was expanded there may be collapsed here."""
        self._gave_way = other._gave_way

    @property
    def chosen(self) -> tuple[str, ...]:
        """The selected groups, in the document's order."""
        nodes, wanted = self._workspace.shown.nodes, self._workspace.selection
        return tuple(name for name in nodes if name in wanted and is_group(nodes[name].layer))

    def group(self) -> None:
        """Put the selected nodes into a group."""
        nodes = self._workspace.selection
        new = id_for(with_role("group"), self._workspace.shown.nodes)
        if self._workspace.commit(lambda document: group(document, nodes, new), f"Group {named(nodes)}"):
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

            shown = frozenset(filter(None, (block_named(whole.at(place).nodes[name]) for name in groups)))
            return without_unused(edits.within(whole, place, each), shown)

        if groups and self._workspace.commit_whole(apart, f"Ungroup {named(groups)}"):
            self._workspace.select(new)

    def make_block(self) -> None:
        """Let the selected group's network be a block of the design, which copies of the group share."""
        place, (name,) = self._workspace.place, self.chosen
        self._workspace.commit_whole(lambda whole: make_block(whole, place, name), f"Make {name} a block")

    def make_unique(self) -> None:
        """Give the selected groups networks of their own."""
        place, names = self._workspace.place, self.chosen
        self._workspace.commit_whole(lambda whole: make_unique(whole, place, names), f"Make {named(names)} unique")

    def ask_block_name(self) -> None:
        """Open a field over the selected group for another name of the block that it shows."""
        name = self.chosen[0]
        (block,) = self.blocks

        def rename(new: str) -> bool:
            return self._workspace.commit_whole(lambda whole: rename_block(whole, block, new), f"Rename block {block}")

        self._ask(name, block, "Name of the block, in all groups that show it", rename)

    @property
    def blocks(self) -> frozenset[str]:
        """The blocks that the selected groups show."""
        nodes = self._workspace.shown.nodes
        return frozenset(filter(None, (block_named(nodes[name]) for name in self.chosen)))

    def repeat(self, rounds: int | str) -> bool:
        """Let the selected groups run so many times in a row; a number, or a formula."""
        groups = self.chosen

        def edit(document: Document) -> Document:
            for name in groups:
                changes: dict[str, Any] = {"unset": ("repeat",)} if rounds == 1 else {"values": {"repeat": rounds}}
                document = edits.change_settings(document, name, **changes)
            return document

        return self._workspace.commit(edit, f"Repeat {named(groups)}")

    def ask_rounds(self) -> None:
        """Open a field over the one selected group for how many times it runs."""
        (name,) = self.chosen
        now = str(self._workspace.shown.nodes[name].settings.get("repeat", 1)).removeprefix(SIGN)
        self._ask(name, now, "How many times in a row", self._take_rounds)

    def _take_rounds(self, text: str) -> bool:
        value = as_value(text.removeprefix("x") or "0")
        if isinstance(value, float) or (isinstance(value, int) and value < 1):
            self._workspace.refused.emit("A group runs a whole number of times, once or more.")
            return False
        return self.repeat(value)

    @property
    def expanded(self) -> bool:
        """Whether all selected groups show their network in place."""
        nodes, groups = self._workspace.shown.nodes, self.chosen
        return bool(groups) and all(nodes[name].expanded for name in groups)

    def toggle_expanded(self) -> None:
        """Show the networks of the selected groups in place, or put them away again."""
        groups, whole, expanded = self.chosen, self._workspace.document, self.expanded
        nodes = self._workspace.shown.nodes
        growths = {name: _growth(whole.inside_of(nodes[name])) for name in groups if has_inside(whole, nodes[name])}

        def edit(document: Document) -> Document:
            for name, growth in reversed(growths.items()) if expanded else growths.items():
                document = self._collapse(document, name, growth) if expanded else self._expand(document, name, growth)
            return document

        self._workspace.commit(edit, f"{'Collapse' if expanded else 'Expand'} {named(groups)}")

    def _expand(self, document: Document, name: str, growth: Position) -> Document:
        wide = expand(document, name, growth)
        ways = {other: (place, wide.positions[other]) for other, place in document.positions.items()}
        self._gave_way[(*self._workspace.place, name)] = {
            other: (old, new) for other, (old, new) in ways.items() if old != new
        }
        return wide

    def _collapse(self, document: Document, name: str, growth: Position) -> Document:
        return collapse(document, name, growth, self._gave_way.get((*self._workspace.place, name)))

    def store(self) -> None:
        """Keep the selected group in the library of the user's own groups."""
        (name,) = self.chosen
        node, report = self._workspace.shown.nodes[name], self._workspace.shown_report
        settings = {key: worth(value, report.variables) or value for key, value in node.settings.items()}
        title = name.replace("_", " ").strip().capitalize()
        layers = len(report.nodes[name].rounds[0].nodes) if report.nodes[name].rounds else 0
        lesson = node.note or f"A group of your own with {layers} nodes."
        try:
            self._workspace.library.store(
                replace(node, settings=settings), self._workspace.document.blocks, title, lesson
            )
        except UserError as error:
            self._workspace.refused.emit(str(error))


def _growth(network: Document) -> Position:
    """How much larger a node becomes that shows a network, in whole steps of the grid."""
    size = inset_of(network).size
    return GRID * ceil(max(0.0, size.width() - WIDTH) / GRID), GRID * ceil(size.height() / GRID)


def has_inside(whole: Document, node: Node) -> bool:
    """Whether there is a network that a group shows."""
    return node.inside is not None or block_named(node) in whole.blocks


def _known(report: NodeReport, variables: Mapping[str, float | int | None]) -> Known | None:
    """What the check found out about a group; None where it could not look inside."""
    if not report.rounds:
        return None
    worth = {name: value for name, value in variables.items() if value is not None}
    return Known(worth, frozenset(name for name, node in report.rounds[0].nodes.items() if node.parameters))
