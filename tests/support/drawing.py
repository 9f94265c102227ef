"""Drawing a design in a few lines: layers in a row, branches by name, groups as drawings of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from designer.graph.document import Document, Link, Node

After = str | Sequence[str] | None
"""What a layer reads: one end ("conv1", "lstm1.state"), several for a port with many links, or the layer before."""


class Drawing:
    """A design that grows layer by layer; each layer reads the one before it unless told otherwise."""

    def __init__(self, shape: Sequence[int | str] = (), dtype: str = "float32", **variables: object) -> None:
        self.nodes: dict[str, Node] = {}
        self.links: list[Link] = []
        self.variables = variables
        self.blocks: dict[str, Document] = {}
        self.last = ""
        if shape:
            self.add("Input", None, "x", shape=tuple(shape), dtype=dtype)

    def add(
        self, layer: str, after: After = "", name: str = "", *, ports: Mapping[str, str] | None = None,
        inside: Document | None = None, shared_with: str = "", **settings: object,
    ) -> str:  # fmt: skip
        """Put a layer behind others and return its id; `ports` links further inputs by name."""
        number = 1 + sum(node.layer == layer for node in self.nodes.values())
        name = name or f"{layer.lower()}_{number}"
        learning = {"shared_with": shared_with} if shared_with else {}
        self.nodes[name] = Node(name, layer, settings, inside, learning)
        sources = [self.last] if after == "" else [after] if isinstance(after, str) else list(after or ())
        for source in sources:
            self.link(source, name)
        for port, source in (ports or {}).items():
            self.link(source, f"{name}.{port}")
        self.last = name
        return name

    def link(self, source: str, target: str) -> None:
        """From one end to another; an end is an id, or an id and a port."""
        start, _, out = source.partition(".")
        end, _, port = target.partition(".")
        self.links.append(Link(start, end, out, port))

    def row(self, *layers: tuple[str, dict[str, object]] | str, after: After = "") -> str:
        """Layers one behind the other; returns the id of the last."""
        for each in layers:
            kind, settings = (each, {}) if isinstance(each, str) else each
            self.add(kind, after, **settings)
            after = ""
        return self.last

    def group(self, inside: Drawing | str, after: After = "", name: str = "", **settings: object) -> str:
        """A group with a network of its own, or one that shows a block of the file."""
        if isinstance(inside, str):
            return self.add("Group", after, name, block=inside, **settings)
        return self.add("Group", after, name, inside=inside.done(), **settings)

    def done(self, **settings: object) -> Document:
        """The design, an Output behind its last layer unless it has one."""
        if not any(node.layer == "Output" for node in self.nodes.values()):
            self.add("Output", name="y", **settings)
        return Document(self.nodes, tuple(self.links), variables=self.variables, blocks=self.blocks)
