"""What is the same at many nodes of one walk, as one object: large designs repeat themselves.

Objects are told apart by their identity, which costs next to nothing beside comparing all that they hold; whatever
is a key here is held by a value, so that no identity is used twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from designer.catalogue.layer import Layer
from designer.compiler.checking.report import Incoming, NodeReport


class Alike:
    """What reaches nodes, and the reports of layers that are reached by it."""

    def __init__(self) -> None:
        self._incoming: dict[tuple[object, ...], Mapping[str, Incoming]] = {}
        self._compared: dict[tuple[int, int], tuple[bool, Mapping[str, Incoming], Mapping[str, Incoming]]] = {}
        self._reports: dict[tuple[Layer, int], NodeReport] = {}

    def incoming(self, port: str, specs: Incoming) -> Mapping[str, Incoming]:
        """What reaches a single port."""
        key = (port, *map(id, specs))
        found = self._incoming.get(key)
        if found is None:
            found = self._incoming[key] = {port: specs}
        return found

    def same(self, one: Mapping[str, Incoming], other: Mapping[str, Incoming]) -> bool:
        """Whether the same reaches two nodes, or a node now and before."""
        key = (id(one), id(other))
        found = self._compared.get(key)
        if found is None:
            found = self._compared[key] = (one == other, one, other)
        return found[0]

    def twin(self, layer: Layer, incoming: Mapping[str, Incoming]) -> NodeReport | None:
        """The report of a node with that very layer and what reaches it."""
        return self._reports.get((layer, id(incoming)))

    def add(self, layer: Layer, report: NodeReport) -> None:
        """Remember the report of a sound node."""
        self._reports[layer, id(report.incoming)] = report
