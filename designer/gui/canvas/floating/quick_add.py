"""Search at the pointer: a layer found by its name is added where one points, or at the loose end of a link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtGui import QIcon

from designer.catalogue.layer import Port
from designer.compiler.fitting import as_placed, giver, input_for, nearby, taker
from designer.graph import edits
from designer.graph.blocks import standalone
from designer.graph.changes import Changes
from designer.graph.document import Document, Link, Node
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.look import PortEnd, shape_text, snapped
from designer.gui.canvas.wiring import Partners, connected, written_name
from designer.gui.finder.lately import Lately
from designer.gui.finder.popup import Find, Finder
from designer.gui.finder.rows import Choice
from designer.gui.icons import CategoryIcons
from designer.gui.offers import Offer, offer_of
from designer.gui.search import matches

if TYPE_CHECKING:
    from designer.gui.canvas.gestures.connect import Connect
    from designer.gui.canvas.view import Canvas

STILL = 4
"""Screen pixels that the pointer must have gone since something was selected for its place to be meant."""
PROMPT = "Add a layer: name it"

Fits = Callable[[Offer], bool]


class QuickAdd(QObject):
    """Opens the finder on the canvas, one at a time, and adds what is chosen. `pending` is a link without an end."""

    def __init__(self, canvas: Canvas, lately: Lately) -> None:
        super().__init__(canvas)
        self._canvas, self._workspace, self._design = canvas, canvas.workspace, canvas.design
        self._lately = lately
        self.pending: Connect | None = None
        self.finder: Finder | None = None
        self._selected_at: QPointF | None = None
        self._icons = CategoryIcons()
        self._workspace.selection_changed.connect(self._note_pointer)
        self._workspace.changed.connect(self._note_use)

    def _note_pointer(self) -> None:
        self._selected_at = self._canvas.mouse.pointer

    def _note_use(self, changes: Changes) -> None:
        """A single node that appears was chosen by somebody, here or in the palette."""
        node = self._workspace.shown.nodes.get(changes.added[0]) if len(changes.added) == 1 else None
        if node is not None and (offer := offer_of(node)) is not None:
            self._lately.note(offer.name)

    # Opening.

    def open_by_key(self) -> None:
        """Add at the pointer where it points to a place of its own, else behind the one selected node."""
        # First, so that an open field for a name is done with.
        self._canvas.setFocus()
        self._canvas.cancel_gesture()
        canvas, chosen = self._canvas, self._workspace.selection
        pointer = canvas.mouse.pointer
        if len(chosen) == 1 and not self._pointed():
            (node,) = chosen
            canvas.show_selection()
            below = canvas.mapFromScene(self._design.bounds(chosen).bottomLeft()) + QPoint(0, 12)
            self._open(below, self._workspace.add, f"Adds behind {node}")
        else:
            at = pointer if pointer is not None else QPointF(canvas.viewport().rect().center())
            self.open_at(canvas.to_scene(at))

    def _pointed(self) -> bool:
        """Whether the pointer was brought to an empty place since something was selected."""
        pointer, before = self._canvas.mouse.pointer, self._selected_at
        if pointer is None or self._canvas.spot_at(pointer).node is not None:
            return False
        return before is None or (pointer - before).manhattanLength() >= STILL

    def open_at(self, at: QPointF) -> None:
        """Add with the middle at a point of the scene."""
        place = self._canvas.mapFromScene(at) - QPoint(24, 24)
        self._open(place, lambda name: self._canvas.commands.add(name, at, None))

    def open_for_link(self, link: Connect, at: QPointF) -> None:
        """Add what can stand at the loose end of a link, and connect it."""
        loose = LooseEnd(self._canvas, link.end)
        self._open(
            self._canvas.mapFromScene(at) + QPoint(14, -20), lambda name: loose.add(name, at), loose.caption, loose.fits
        )
        self.pending = link
        self._canvas.viewport().update()

    def _open(self, place: QPoint, add: Callable[[str], object], caption: str = "", fits: Fits | None = None) -> None:
        self.close()
        window = self._canvas.window()
        finder = Finder(window, self._design.look.theme, self._listing(fits), PROMPT, caption)

        def chosen(name: str) -> None:
            self._forget()
            self._canvas.setFocus()
            add(name)

        def left(by_key: bool) -> None:
            self._forget()
            if by_key:
                self._canvas.setFocus()

        finder.chosen.connect(chosen)
        finder.left.connect(left)
        self.finder = finder
        finder.open_at(self._canvas.viewport().mapTo(window, place))

    def close(self) -> bool:
        """End a search without adding anything; False where there is none."""
        if self.finder is None:
            return False
        self.finder.close_finder()
        return True

    def _forget(self) -> None:
        self.finder, self.pending = None, None
        self._canvas.viewport().update()

    # The rows.

    def _listing(self, fits: Fits | None) -> Find:
        """What answers a text, or, where there is none: what was used lately, what is usual, and all the rest."""

        def find(text: str) -> Iterator[Choice | None]:
            for part in (matches(self._workspace.library.offers.values(), text),) if text else self._sections():
                first = bool(not text)
                for offer in part:
                    if fits is not None and not fits(offer):
                        yield None
                        continue
                    yield _choice(offer, self._icon, separated=first)
                    first = False

        return find

    def _icon(self, category: str) -> QIcon:
        return self._icons.of(category, self._design.look.theme)

    def _sections(self) -> tuple[list[Offer], list[Offer], list[Offer]]:
        every = self._workspace.library.offers
        lately = [every[name] for name in self._lately.names if name in every]
        usual = [offer for offer in every.values() if offer.usual and offer not in lately]
        rest = [offer for offer in every.values() if not offer.usual and offer not in lately]
        return lately, usual, rest


def _choice(offer: Offer, icon: Callable[[str], QIcon], *, separated: bool) -> Choice:
    return Choice(
        offer.name, offer.title, offer.lesson, lambda: icon(offer.category), offer.category, separated=separated
    )


class LooseEnd:
    """A port that waits for a node at the other end of its link: which layers suit, and how they are connected."""

    def __init__(self, canvas: Canvas, end: PortEnd) -> None:
        self._workspace, self._design = canvas.workspace, canvas.design
        self._end = end
        report = self._design.report
        node, self._forwards = report.nodes[end[0]], end[1] == "outputs"
        self._node = replace(node, node=standalone(node.node, self._workspace.document.blocks))
        self._own_port = next(port for port in getattr(self._node, end[1]) if port.name == end[2])
        self._carried = self._node.outgoing.get(end[2]) if self._forwards else None
        self._found: dict[str, Port | None] = {}
        if not self._forwards:
            reached = (spec for spec in self._node.incoming.get(end[2], ()) if spec is not None)
            behind = Partners(report, end).looping
            self._around = tuple(dict.fromkeys(chain(reached, nearby(report.nodes, behind))))

    @property
    def caption(self) -> str:
        """What the list is limited to."""
        name = ".".join(part for part in (self._end[0], written_name(self._node, self._end[1], self._end[2])) if part)
        if not self._forwards:
            return f"Layers whose result {name} takes"
        if self._carried is None:
            return f"All layers: what {name} gives is not known yet"
        return f"Layers that take {shape_text(self._carried)}"

    def fits(self, offer: Offer) -> bool:
        """Whether a layer can stand at the end."""
        return self._port(offer) is not None

    def _port(self, offer: Offer) -> Port | None:
        """The port of the new node that the link would have; found out once."""
        if offer.name not in self._found:
            node = self._new_node(offer, whole=True)
            if self._forwards:
                self._found[offer.name] = taker(node, self._carried)
            else:
                self._found[offer.name] = giver(node, self._node, self._own_port, self._around)
        return self._found[offer.name]

    def _new_node(self, offer: Offer, *, whole: bool = False) -> Node:
        """The node as it would be placed; an Input gets a shape that suits. `whole`: with all that it shows inside."""
        node = self._workspace.new_node(offer, self._carried)
        if whole and offer.ready is not None:
            node = standalone(node, {**self._workspace.document.blocks, **self._workspace.blocks_of(offer)})
        if self._forwards or offer.layer.role != "input":
            return node
        return input_for(node, self._node, self._own_port, self._around)

    def add(self, name: str, at: QPointF) -> None:
        """Add the layer so that its port stands at a point of the scene, and connect it: one undo step."""
        offer, end, report = self._workspace.library.offers[name], self._end, self._design.report
        node, port = self._new_node(offer), self._port(offer)
        assert port is not None  # only what fits is offered
        placed, side = as_placed(self._new_node(offer, whole=True)), "inputs" if self._forwards else "outputs"
        item = NodeItem(placed, self._design.look)
        corner = at - item.port_point(side, getattr(placed, side).index(port))
        own, other = written_name(placed, side, port.name), written_name(self._node, end[1], end[2])
        link = Link(end[0], node.id, other, own) if self._forwards else Link(node.id, end[0], own, other)

        def edit(document: Document) -> Document:
            grown = edits.add_node(document, node, (snapped(corner.x()), snapped(corner.y())))
            if self._forwards:
                return edits.connect(grown, link, replacing=False)
            return connected(grown, report, link, self._own_port, None)

        if self._workspace.commit(edit, f"Add {offer.title}", blocks=self._workspace.blocks_of(offer)):
            self._workspace.select((node.id,))
