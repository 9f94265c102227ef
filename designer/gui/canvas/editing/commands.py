"""What is done to the selection by key or menu: delete, copy, paste, duplicate, nudge."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QPointF

from designer.graph import edits
from designer.graph.blocks import needed, paste_within
from designer.graph.document import Document, Link, Position
from designer.graph.incoming import led_into, with_incoming
from designer.graph.routes import Dot, Routes, add_dot, move_dots, remove_dots, reroute, shifted
from designer.graph.stickies import move_stickies
from designer.gui.canvas.editing.clipboard import from_clipboard, to_clipboard
from designer.gui.canvas.editing.labels import named
from designer.gui.canvas.items.marks import STICKY, without_marks
from designer.gui.canvas.look import FOOT, GRID, HEAD, WIDTH, snapped
from designer.gui.canvas.scene import DesignScene
from designer.gui.workspace import Workspace
from designer.problems import UserError

BESIDE = 3 * GRID
"""How far a copy stands from the original, to the right and below."""


class Commands:
    """Each method is one entry of a menu, and at most one undo step."""

    def __init__(self, workspace: Workspace, scene: DesignScene) -> None:
        self._workspace, self._scene = workspace, scene

    def delete(self) -> None:
        """Take away the selected nodes, links and dots of links."""
        nodes, links, dots = self._workspace.selection, self._scene.chosen_links, self._scene.chosen_dots
        if self._scene.marks.chosen:
            self._delete_marks()
        elif nodes or links:
            label = f"Delete {named(nodes)}" if nodes else "Disconnect"
            self._workspace.commit(lambda document: edits.remove(remove_dots(document, dots), nodes, links), label)
        elif dots:
            self.remove_dots(dots)

    def _delete_marks(self) -> None:
        """Take away the selected frames and notes, and what else is selected; nodes in the frames stay."""
        nodes, links, dots = self._workspace.selection, self._scene.chosen_links, self._scene.chosen_dots
        marks = self._scene.marks.chosen
        label = f"Delete {next(iter(marks))[0]}" if len(marks) == 1 and not nodes else "Delete"

        def edit(document: Document) -> Document:
            return edits.remove(remove_dots(without_marks(document, marks), dots), nodes, links)

        self._workspace.commit(edit, label)

    def cut_links(self, links: Collection[Link]) -> None:
        """Take links away."""
        label = f"Cut {' → '.join(next(iter(links)).ends)}" if len(links) == 1 else f"Cut {len(links)} links"
        self._workspace.commit(lambda document: edits.remove(document, links=links), label)

    def add_dot(self, link: Link, index: int, at: QPointF) -> None:
        """Put a dot on a link, before the dot that has that place now."""
        place = snapped(at.x()), snapped(at.y())
        if self._workspace.commit(lambda document: add_dot(document, link, index, place), "Add a dot"):
            self._scene.choose_links(())
            self._scene.choose_dots({(link, index)})

    def remove_dots(self, dots: Collection[Dot]) -> None:
        """Take dots of links away; the links stay."""
        label = "Remove a dot" if len(dots) == 1 else f"Remove {len(dots)} dots"
        self._workspace.commit(lambda document: remove_dots(document, dots), label)

    def straighten(self) -> None:
        """Take all dots off the selected links, or the links of the selected nodes; off every link without any."""
        nodes, routes = self._workspace.selection, self._workspace.shown.routes
        chosen = {link for link in routes if link in self._scene.chosen_links or {link.source, link.target} & nodes}
        every = not (nodes or self._scene.chosen_links)
        straight: Routes = dict.fromkeys(routes if every else chosen, ())
        self._workspace.commit(lambda document: reroute(document, straight), "Straighten links")

    def disconnect(self) -> None:
        """Take away all links of the selected nodes."""
        shown = self._workspace.shown
        links = {link for name in self._workspace.selection for link in shown.links_of(name)}
        self._workspace.commit(lambda document: edits.remove(document, links=links), "Disconnect")

    def copy(self) -> None:
        """Put the selected nodes and the links among them on the clipboard."""
        if self._nodes or self._scene.marks.chosen:
            to_clipboard(with_incoming(self._fragment(), self._workspace.shown, self._workspace.place))

    def cut(self) -> None:
        """Copy, then delete."""
        nodes, marks = self._nodes, self._scene.marks.chosen
        if nodes or marks:
            self.copy()
            label = f"Cut {named(nodes)}" if nodes else "Cut"
            self._workspace.commit(lambda document: edits.remove(without_marks(document, marks), nodes), label)

    def paste(self, at: QPointF | None = None, *, linked: bool = False) -> None:
        """Add what is on the clipboard, its middle at a point or else beside where it was copied.

        With `linked`, it reads what it read where it was copied, as far as that stands here.
        """
        try:
            fragment = from_clipboard()
            if linked:
                fragment = led_into(fragment, self._workspace.shown, self._workspace.place)
        except UserError as error:
            self._workspace.refused.emit(str(error))
            return
        if not fragment.nodes and not fragment.stickies:
            return
        self._insert(
            fragment,
            self._offset_to(fragment, at) if at is not None else (BESIDE, BESIDE),
            "Paste with links" if linked else "Paste",
        )

    def duplicate(self, *, linked: bool = False) -> None:
        """Put a copy of the selected nodes, with the links among them, beside them; `linked`, it reads what they do."""
        if self._nodes or self._scene.marks.chosen:
            label = f"Duplicate {named(self._nodes)}" if self._nodes else "Duplicate"
            fragment, shown, place = self._fragment(), self._workspace.shown, self._workspace.place
            if linked:
                fragment = led_into(with_incoming(fragment, shown, place), shown, place)
            self._insert(fragment, (BESIDE, BESIDE), f"{label} with links" if linked else label)

    def add(self, name: str, at: QPointF, link: Link | None) -> None:
        """Add a node of an offer with its middle at a point, or into a link if it has both sides for one."""
        offer = self._workspace.library.offers[name]
        corner = at - QPointF(WIDTH / 2, (HEAD + FOOT) / 2)
        place = (snapped(corner.x()), snapped(corner.y()))
        if link is None or not offer.links_both_ways:
            self._workspace.add(name, place)
            return
        node = self._workspace.new_node(offer, self._workspace.leaving(link.source))
        label = f"Insert {offer.title}"
        blocks = self._workspace.blocks_of(offer)

        def insert(document: Document) -> Document:
            return edits.insert_on_link(document, link, node, place)

        if self._workspace.commit(insert, label, blocks=blocks):
            self._workspace.select((node.id,))

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected nodes, notes and dots; one undo step until `Workspace.settle` is called."""
        names, dots, shown, marks = self._nodes, self._scene.chosen_dots, self._workspace.shown, self._scene.marks
        places = {name: (x + dx, y + dy) for name, (x, y) in shown.positions.items() if name in names}
        notes = {key: (x + dx, y + dy) for key, (x, y) in marks.cargo()[1].items()}
        ways = {dot: shifted(shown.routes[dot[0]], dx, dy)[dot[1]] for dot in dots}
        merge = ("nudge", names, marks.chosen, dots)

        def edit(document: Document) -> Document:
            return move_dots(move_stickies(edits.move(document, places), notes), ways)

        label = f"Move {named(names)}" if names else "Move dots" if dots else "Move note"
        self._workspace.commit(edit, label, merge)

    def rename(self, node: str, new: str) -> bool:
        """Give a node another id; False where that id cannot be."""
        return self._workspace.commit(lambda document: edits.rename(document, node, new), f"Rename {node}")

    @property
    def _nodes(self) -> frozenset[str]:
        """The selected nodes, and those in selected frames."""
        return self._workspace.selection | self._scene.marks.cargo()[0]

    def _fragment(self) -> Document:
        chosen = edits.copy(self._workspace.shown, self._nodes, self._scene.marks.cargo()[1])
        return replace(chosen, blocks=needed(chosen, self._workspace.document.blocks))

    def _insert(self, fragment: Document, offset: Position, label: str) -> None:
        offset = self._free_offset(fragment, offset)
        before = self._workspace.shown.stickies
        _, ids = edits.paste(self._workspace.shown, fragment, offset)
        place = self._workspace.place
        if self._workspace.commit_whole(lambda whole: paste_within(whole, place, fragment, offset), label):
            self._workspace.select(ids.values())
            new = [key for key in self._workspace.shown.stickies if key not in before]
            self._scene.marks.choose((STICKY, key) for key in new)

    def _offset_to(self, fragment: Document, at: QPointF) -> Position:
        places = list(fragment.positions.values()) or [note.position for note in fragment.stickies.values()]
        columns, rows = [x for x, _ in places], [y for _, y in places]
        x = at.x() - (min(columns) + max(columns) + WIDTH) / 2
        y = at.y() - (min(rows) + max(rows) + HEAD) / 2
        return snapped(x), snapped(y)

    def _free_offset(self, fragment: Document, offset: Position) -> Position:
        """The same offset, or one further on, so that no pasted node hides another exactly."""
        shown = self._workspace.shown
        taken = {*shown.positions.values(), *(note.position for note in shown.stickies.values())}
        places = (*fragment.positions.values(), *(note.position for note in fragment.stickies.values()))
        while any((x + offset[0], y + offset[1]) in taken for x, y in places):
            offset = (offset[0] + BESIDE, offset[1] + BESIDE)
        return offset
