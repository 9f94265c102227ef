"""How the arrow keys go from node to node: along the links, and among those that stand at the same fork."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from designer.graph.document import Document
from designer.gui.workspace import Workspace

Direction = tuple[int, int]
"""(1, 0) to who reads the node, (-1, 0) to what it reads, (0, -1) and (0, 1) to the one above and below."""
ASIDE = 2.0
"""How much more a node counts as far away for standing to the side than for standing further up or down."""


class Walker:
    """Knows where the last arrow key led, so that the way back is the way that was come."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._trail: list[str] = []
        self._fork: tuple[str, bool] | None = None

    @property
    def _document(self) -> Document:
        return self._workspace.shown

    def order(self) -> list[str]:
        """All nodes in the order of computation; those of a circle, which has none, at the end."""
        report = self._workspace.shown_report
        return list(dict.fromkeys((*report.order, *report.nodes)))

    def go(self, direction: Direction, *, extend: bool = False) -> str | None:
        """Select the next node that way, or add it to the selection; returns it, None where there is none."""
        chosen = self._workspace.selection
        if not chosen:
            first = next(iter(self.order()), None)
            return self._arrive(first, None, extend=False) if first is not None else None
        head = self.head(direction)
        found, fork = self._next(head, direction)
        return self._arrive(found, fork, extend=extend) if found is not None else None

    def head(self, direction: Direction = (1, 0)) -> str:
        """The selected node from which it goes on: where the last step led, else the outermost that way."""
        chosen = self._workspace.selection
        if self._trail and self._trail[-1] in chosen and chosen >= set(self._trail):
            return self._trail[-1]
        if len(chosen) == 1:
            head = next(iter(chosen))
        else:
            found = [name for name in self.order() if name in chosen]
            head = found[-1] if sum(direction) > 0 else found[0]
        self._trail, self._fork = [head], None
        return head

    def _arrive(self, node: str, fork: tuple[str, bool] | None, *, extend: bool) -> str:
        chosen = self._workspace.selection
        self._fork = fork
        if not extend:
            self._trail = [node]
            self._workspace.select((node,))
        elif self._trail[-2:-1] == [node]:
            # The way back takes from the selection what the way there added.
            self._workspace.select(chosen - {self._trail.pop()})
        else:
            self._trail.append(node)
            self._workspace.select(chosen | {node})
        return node

    def _next(self, head: str, direction: Direction) -> tuple[str | None, tuple[str, bool] | None]:
        """The node to go to, and the fork it stands at: the node come from, and whether along its links."""
        dx, dy = direction
        if dx:
            found = neighbours(self._document, head, forwards=dx > 0)
            return self._straight(head, found, forwards=dx > 0), (head, dx > 0)
        for fork in self._forks(head):
            row = self._from_above(neighbours(self._document, fork[0], forwards=fork[1]))
            place = row.index(head) + dy if head in row else -1
            if 0 <= place < len(row):
                return row[place], fork
        return self._nearest(head, dy), None

    def _straight(self, head: str, found: Sequence[str], *, forwards: bool) -> str | None:
        """Of several ways the one that was come, else the one that leads straightest on."""
        if self._fork is not None and self._fork[0] in found and self._fork[1] is not forwards:
            return self._fork[0]
        row = self._document.positions.get(head, (0.0, 0.0))[1]
        return min(found, key=lambda name: abs(self._position(name)[1] - row), default=None)

    def _forks(self, head: str) -> Iterable[tuple[str, bool]]:
        """Where siblings are looked for: at the fork last come by, then at the node's own."""
        if self._fork is not None:
            yield self._fork
        yield from ((source, True) for source in neighbours(self._document, head, forwards=False))
        yield from ((reader, False) for reader in neighbours(self._document, head, forwards=True))

    def _position(self, name: str) -> tuple[float, float]:
        return self._document.positions.get(name, (0.0, 0.0))

    def _from_above(self, names: Sequence[str]) -> list[str]:
        return sorted(names, key=lambda name: (self._position(name)[1], self._position(name)[0]))

    def _nearest(self, head: str, dy: int) -> str | None:
        """The nearest node above or below, whatever it is linked to."""
        x, y = self._position(head)
        beyond = {
            name: abs(py - y) + ASIDE * abs(px - x)
            for name, (px, py) in self._document.positions.items()
            if (py - y) * dy > 0 and name in self._document.nodes
        }
        return min(beyond, key=lambda name: beyond[name], default=None)


def neighbours(document: Document, node: str, *, forwards: bool) -> list[str]:
    """Those that read a node, or those it reads, each once, in the order of the links."""
    if forwards:
        return list(dict.fromkeys(link.target for link in document.outgoing.get(node, ())))
    return list(dict.fromkeys(link.source for link in document.incoming.get(node, ())))
