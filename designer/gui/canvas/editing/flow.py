"""What is done to what flows through the selected nodes: dissolve them, bypass them."""

from __future__ import annotations

from designer.compiler.checking.bypass import can_be_bypassed, ways
from designer.graph import edits
from designer.gui.canvas.editing.labels import named
from designer.gui.workspace import Workspace


class Flow:
    """Each method is one entry of a menu, and at most one undo step."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @property
    def bypassed(self) -> bool:
        """Whether all selected nodes are bypassed, so that the next toggle switches them on."""
        nodes = self._workspace.shown.nodes
        return bool(self._workspace.selection) and all(nodes[name].bypassed for name in self._workspace.selection)

    def dissolve(self) -> None:
        """Take the selected nodes away, and connect what reaches each to what reads it."""
        names = self._workspace.selection
        if names:
            past = ways(self._workspace.shown_report, names)
            self._workspace.commit(lambda document: edits.dissolve_all(document, past), f"Dissolve {named(names)}")

    def toggle_bypass(self) -> None:
        """Let the selected nodes hand on what reaches them; switch them on where all of them do so already."""
        names, on = self._workspace.selection, self.bypassed
        report = self._workspace.shown_report
        wanted = names if on else frozenset(name for name in names if can_be_bypassed(report.nodes[name]))
        if names and not wanted:
            which = next(iter(names)) if len(names) == 1 else "What is selected"
            self._workspace.refused.emit(f"{which} cannot be bypassed: a layer must take something in and give it on.")
        elif wanted:
            self.set_bypassed(wanted, not on)

    def set_bypassed(self, names: frozenset[str], bypassed: bool) -> None:
        """Bypass nodes, or switch them on."""
        label = f"{'Bypass' if bypassed else 'Switch on'} {named(names)}"
        self._workspace.commit(lambda document: edits.set_bypassed(document, names, bypassed), label)
