"""Sound designs, invented: chains, branches, groups and recurrences that torch can run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from designs import design, group, node
from hypothesis import strategies as st

from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.graph import edits
from designer.graph.document import Document, Link, Node

IDS = (
    *("x", "y", "z", "value", "values", "group", "lstm_last", "Network", "print", "int", "output", "last", "state"),
    *("image", "conv1", "a", "b", "c", "d", "e", "f1", "g1", "h1", "k1", "m1", "n1"),
)
ANY = (("ReLU", {}), ("Dropout", {"p": 0.5}), ("LayerNorm", {}), ("Softmax", {}))
ROWS = (
    ("Linear", {"out_features": 4}),
    ("Linear", {"out_features": 6, "bias": False}),
    ("Reshape", {"shape": (-1, 1)}),
)
TABLES = (("LSTM", {"hidden_size": 4}), ("GRU", {"hidden_size": 3, "bidirectional": True}), ("Flatten", {}),
          ("Permute", {"dims": (0, 2, 1)}), ("MultiheadAttention", {}), ("Linear", {"out_features": 6}))  # fmt: skip
IMAGES = (("Conv2d", {"out_channels": 3, "kernel_size": 3, "padding": 1}), ("BatchNorm2d", {}), ("MaxPool2d", {}),
          ("Flatten", {}), ("Permute", {"dims": (0, 2, 3, 1)}))  # fmt: skip
SHAPES = ((6,), (4, 6), (1, 6, 6))


def _fitting(spec: TensorSpec) -> list[tuple[str, dict[str, Any]]]:
    return [*ANY, *{1: ROWS, 2: TABLES, 3: IMAGES}.get(spec.rank, ())]


@st.composite
def sound_designs(draw: st.DrawFn, depth: int = 1, inputs: int = 2) -> Document:
    """A design without problems, grown node by node from what is there; some of it leads nowhere."""
    ids = iter(draw(st.permutations(IDS)))
    document = design(*(node(next(ids), "Input", shape=draw(st.sampled_from(SHAPES))) for _ in range(inputs)))
    for _ in range(draw(st.integers(1, 7))):
        document = _grown(draw, document, next(ids), depth)
    carriers = _ends(document)
    for end in draw(st.lists(st.sampled_from(carriers), min_size=1, max_size=3)):
        name = next(ids)
        document = edits.connect(edits.add_node(document, node(name, "Output")), Link(end[0], name, end[1]))
    return document


def _ends(document: Document) -> list[tuple[str, str]]:
    """Every output port that carries one tensor with the batch in front; the first unnamed."""
    report = check(document)
    return [
        (name, "" if not place else port.name)
        for name, each in report.nodes.items()
        for place, port in enumerate(each.outputs)
        if isinstance(spec := each.outgoing.get(port.name), TensorSpec) and spec.batch == 0
    ]


def _grown(draw: st.DrawFn, document: Document, name: str, depth: int) -> Document:
    """The design with one node more, where it fits; the same where it does not."""
    source, port = draw(st.sampled_from(_ends(document)))
    spec = check(document).nodes[source].outgoing
    first = next(iter(spec.values())) if not port else spec[port]
    assert isinstance(first, TensorSpec)
    kinds = [("layer", each) for each in _fitting(first)] + [("sum", None)] + ([("group", None)] if depth else [])
    kind, what = draw(st.sampled_from(kinds))
    if kind == "layer":
        return _if_sound(document, Node(name, *what), [Link(source, name, port)])
    if kind == "sum":
        others = [end for end in _ends(document) if _same_shape(document, (source, port), end)]
        chosen = draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
        layer = draw(st.sampled_from(["Add", "Multiply", "Concat"]))
        return _if_sound(document, node(name, layer), [Link(end, name, end_port) for end, end_port in chosen])
    return _with_group(draw, document, name, (source, port), depth)


def _same_shape(document: Document, one: tuple[str, str], other: tuple[str, str]) -> bool:
    nodes = check(document).nodes
    shapes = [nodes[name].outgoing[port or nodes[name].outputs[0].name] for name, port in (one, other)]
    return shapes[0] == shapes[1]


def _with_group(draw: st.DrawFn, document: Document, name: str, end: tuple[str, str], depth: int) -> Document:
    inside = draw(sound_designs(depth - 1, inputs=draw(st.integers(1, 2))))
    ports = [each.id for each in inside.nodes.values() if each.layer == "Input"]
    settings = {"repeat": draw(st.integers(1, 3))}
    links = [Link(end[0], name, end[1], port) for port in ports]
    return _if_sound(document, group(name, inside, **settings), links)


def _if_sound(document: Document, new: Node, links: list[Link]) -> Document:
    grown = edits.add_node(document, new)
    grown = replace(grown, links=(*grown.links, *links))
    errors = [each for each in check(grown).problems if each.code not in ("no-output", "isolated")]
    return document if errors else grown
