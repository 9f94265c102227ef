"""Connecting without a pointer: a list at the node of the ports that can be reached, narrowed by typing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QIcon

from designer.gui.canvas.floating.picking import Candidate, Elsewhere, edit_of, own_ports
from designer.gui.finder.popup import Finder
from designer.gui.finder.rows import Choice
from designer.gui.icons import category_icon
from designer.gui.offers import offer_of

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

PROMPT = "Name a layer or a port"
Search = Callable[[str], Iterable[Candidate | None]]


class Picker:
    """First the node's own port, if it has several, then the port elsewhere; one list at a time."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas, self._workspace = canvas, canvas.workspace
        self._found: dict[str, Candidate] = {}
        self.finder: Finder | None = None

    def begin(self, side: str) -> None:
        """Connect the one selected node, from its outputs or from its inputs."""
        if len(self._workspace.selection) != 1:
            return
        (node,) = self._workspace.selection
        own = own_ports(self._canvas.design.report, node, side)
        self._canvas.show_selection()
        if len(own) == 1:
            self._go_on(own[0])
        elif own:
            kind = own[0].end[1][:-1]
            self._open(lambda text: (port for port in own if port.answers(text)), node, f"Which {kind}?", self._go_on)
        else:
            self._workspace.refused.emit(f"{node} has no port to connect.")

    def _go_on(self, own: Candidate) -> None:
        node, side, name = own.end
        elsewhere = Elsewhere(self._canvas.design.report, own.end)
        if all(found is None for found in elsewhere.find("")):
            takes = "can take what it gives" if side == "outputs" else "gives what it can take"
            self._workspace.refused.emit(f"No other layer {takes} at {node}.{name}. Add one first.")
            return
        caption = f"Connect {node}.{name} {'to' if side == 'outputs' else 'from'}"
        self._open(elsewhere.find, node, caption, partial(self._connect, own))

    def _connect(self, own: Candidate, other: Candidate) -> None:
        link, edit = edit_of(self._canvas.design.report, own.end, other.end)
        self._workspace.commit(edit, f"Connect {link.source} to {link.target}")

    def _open(self, search: Search, node: str, caption: str, choose: Callable[[Candidate], object]) -> None:
        """Show a list beside the node; the port of the current row is lit on the canvas."""
        self.close_list()
        canvas, self._found = self._canvas, {}
        finder = Finder(canvas.window(), canvas.design.look.theme, partial(self._listing, search), PROMPT, caption)

        def chosen(key: str) -> None:
            found = self._found[key]
            self._forget()
            canvas.setFocus()
            choose(found)

        def left(by_key: bool) -> None:
            self._forget()
            if by_key:
                canvas.setFocus()

        finder.chosen.connect(chosen)
        finder.left.connect(left)
        self.finder = finder
        corner = canvas.mapFromScene(canvas.design.bounds((node,)).topRight())
        finder.open_at(canvas.viewport().mapTo(canvas.window(), corner + QPoint(16, 0)))
        finder.list.selectionModel().currentChanged.connect(lambda *_: self._light(node))
        self._light(node)

    def _listing(self, search: Search, text: str) -> Iterator[Choice | None]:
        for found in search(text):
            if found is None:
                yield None
                continue
            key = ".".join(found.end)
            self._found[key] = found
            aside = f"instead of {found.replaces}" if found.replaces else ""
            line = f"Does not fit: {found.misfit}" if found.misfit else found.line
            yield Choice(key, found.name, line, partial(self._icon, found.end[0]), aside)

    def _icon(self, node: str) -> QIcon:
        offer = offer_of(self._canvas.design.report.nodes[node].node)
        return category_icon(offer.category, self._canvas.design.look.theme) if offer is not None else QIcon()

    def _light(self, node: str) -> None:
        """Show on the canvas which port is meant."""
        current = self.finder.current if self.finder is not None else None
        if current is not None:
            self._canvas.design.light((self._found[current.key].end,), node)

    def close_list(self) -> None:
        """Put the list away without a choice."""
        if self.finder is not None:
            self.finder.close_finder()

    def _forget(self) -> None:
        self.finder = None
        self._canvas.design.light(None)
