"""Layers to put on a link so that what it carries fits what comes in beside it: the mends of shapes that do not add up.

Each mend is tried out on the layers themselves before it is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from designer.catalogue import LAYERS, with_role
from designer.catalogue.layer import Layer
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims
from designer.compiler.checking.report import NodeReport
from designer.graph.document import Document, Link
from designer.problems import Fix

MOST = 4
"""More ways out than that are no help."""
MOST_LINKS = 12
"""Where more come together, nothing is tried: the window would wait for it."""

Chain = tuple[tuple[str, Mapping[str, Any]], ...]
"""Layers in a row: the role of each, and its settings."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to change a shape: what it does to the node at the start of the link, and the layers that do it."""

    label: str
    chain: Chain
    more: bool = False
    """Whether it does more than one thing, which is offered only where one alone does not do."""


def shape_fixes(document: Document, report: NodeReport) -> tuple[Fix, ...]:
    """Layers for the links of a node that takes several values whose shapes do not add up.

    The last link drawn is adapted first: a side path joins the main one.
    """
    arguments, links = report.arguments(), _links_in_order(document, report)
    if report.layer is None or len(links) != len(arguments) or not 2 <= len(links) <= MOST_LINKS:
        return ()
    found: dict[str, Fix] = {}
    for place in reversed(range(len(links))):
        ways = [way for way in _ways(arguments, place) if _fits(report.layer, arguments, place, way.chain)]
        plain = [way for way in ways if not way.more]
        for fix in (_on_link(links[place], way) for way in plain or ways):
            found.setdefault(fix.label, fix)
    return tuple(found.values())[:MOST]


def _links_in_order(document: Document, report: NodeReport) -> list[Link]:
    """The links of a node in the order of its arguments."""
    links = document.incoming.get(report.node.id, ())
    return [link for port in report.inputs for link in links if report.port(link.target_port, "inputs") is port]


def _ways(arguments: tuple[Specs | None, ...], place: int) -> Iterator[Way]:
    """How the value at `place` can be made more like one of the others, the plainest way first."""
    value = arguments[place]
    others = dict.fromkeys(each for each in arguments if isinstance(each, TensorSpec) and each != value)
    if not isinstance(value, TensorSpec):
        return
    for wanted in others:
        if value.rank != wanted.rank:
            yield from _as_row(wanted)
            continue
        yield from _wider(value, wanted)
        yield from _resized(value, wanted)


def _as_row(wanted: TensorSpec) -> Iterator[Way]:
    """An image beside a row must be laid out as a row."""
    if wanted.rank == 1:
        yield Way("Insert Flatten after {0}", (("flatten", {}),))
        yield Way(
            f"Insert Flatten and Linear to {wanted.shape[0]} after {{0}}",
            (("flatten", {}), _layer("linear", wanted.shape[0])),
            more=True,
        )


def _wider(value: TensorSpec, wanted: TensorSpec) -> Iterator[Way]:
    """Another number of channels or features, and at the same time a size that a stride leads to."""
    channels = wanted.shape[0] if wanted.rank else 1
    if value.rank in (2, 3, 4) and isinstance(channels, int):
        stride = _stride(value, wanted)
        by_stride = f" with a stride of {stride}" if stride > 1 else ""
        pixel = "x".join("1" * (value.rank - 1))
        settings = {"kernel_size": 1, **({"stride": stride} if stride > 1 else {})}
        yield Way(
            f"Insert a {pixel} convolution to {channels} channels{by_stride} after {{0}}",
            (_layer(f"convolution{value.rank - 1}", channels, settings),),
        )
    if value.rank in (1, 2) and isinstance(wanted.shape[-1], int):
        yield Way(f"Insert Linear to {wanted.shape[-1]} after {{0}}", (_layer("linear", wanted.shape[-1]),))


def _layer(role: str, width: object, settings: Mapping[str, Any] | None = None) -> tuple[str, Mapping[str, Any]]:
    """A layer that makes so many channels or features."""
    return role, {LAYERS[with_role(role)].width: width, **(settings or {})}


def _stride(value: TensorSpec, wanted: TensorSpec) -> int:
    """How many times smaller every side of an image must become; 1 where no one number does it."""
    ratios = {
        long // short if isinstance(long, int) and isinstance(short, int) and short and not long % short else 0
        for long, short in zip(value.shape[1:], wanted.shape[1:], strict=True)
    }
    return max(ratios.pop() if len(ratios) == 1 else 1, 1)


def _resized(value: TensorSpec, wanted: TensorSpec) -> Iterator[Way]:
    """Another size, and if need be another number of channels too."""
    have, need = value.shape[1:], wanted.shape[1:]
    if have == need or not all(isinstance(length, int) for length in (*have, *need)):
        return
    gaps = [int(long) - int(short) for long, short in zip(need, have, strict=True)]
    ways = [Way(f"Resize {{0}} to {dims(need)}", (("resize", {"size": need}),))]
    if min(gaps) >= 0:
        sides = [part for gap in reversed(gaps) for part in (gap // 2, gap - gap // 2)]
        ways.insert(0, Way(f"Pad {{0}} to {dims(need)}", (("pad", {"pad": tuple(sides)}),)))
    elif max(gaps) <= 0:
        stretches = (
            ("slice", {"dim": axis, "start": -gap // 2, "stop": -gap // 2 + int(length)})
            for axis, (gap, length) in enumerate(zip(gaps, need, strict=True), 2)
            if gap
        )
        ways.insert(0, Way(f"Crop {{0}} to {dims(need)}", tuple(stretches)))
    yield from ways
    for way in ways:
        for wider in _wider(value, wanted):
            yield Way(f"{way.label} and {wider.label[0].lower()}{wider.label[1:].removesuffix(' after {0}')}",
                      (*way.chain, *wider.chain), more=True)  # fmt: skip


def _fits(layer: Layer, arguments: tuple[Specs | None, ...], place: int, chain: Chain) -> bool:
    """Whether the layer takes its values once the one at `place` went through the chain."""
    value = arguments[place]
    try:
        for role, settings in chain:
            given = LAYERS[with_role(role)](**settings).output(value)
            if isinstance(given, dict):
                return False
            value = given
        layer.output(*arguments[:place], value, *arguments[place + 1 :])
    except Misfit:
        return False
    return True


def _on_link(link: Link, way: Way) -> Fix:
    layers = [(with_role(role), dict(settings)) for role, settings in way.chain]
    return Fix(way.label.format(link.source), "insert_row", {"link": link, "layers": layers})
