"""Whether a loss can be what an Output says: its settings, and what must reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from designer.catalogue import LAYERS, LOSSES, with_role
from designer.catalogue.losses import SETTINGS, Loss, loss_of
from designer.catalogue.tensor import Misfit, TensorSpec, dims
from designer.compiler.checking.report import NodeReport, Report
from designer.problems import Fix, Problem, Severity

Before = Callable[[Report, str], str | None]
"""The node that turns scores into probabilities before another, if any does."""


def loss_problems(report: Report, before: Before) -> Iterator[Problem]:
    """What is wrong with the losses of all Outputs, whatever the data."""
    output = with_role("output")
    for name, node in report.document.nodes.items():
        found = report.nodes[name]
        if node.layer != output or found.layer is None:
            continue
        kind = LOSSES.get(getattr(found.layer, "loss", ""))
        if kind is None:
            continue
        yield from _settings(found, kind)
        yield from _vectors(found, kind)
        yield from _missing(report, found, kind, before)


def _settings(node: NodeReport, kind: type[Loss]) -> Iterator[Problem]:
    """A setting that the loss does not take."""
    values = dict(getattr(node.layer, SETTINGS, {}))
    try:
        loss_of(kind.__name__, values)
    except Misfit as misfit:
        wrong = (misfit.setting or "").partition(".")[2]
        rest = {key: value for key, value in values.items() if key != wrong}
        change = {"values": {SETTINGS: rest}} if rest else {"unset": (SETTINGS,)}
        fix = Fix(f"Put {wrong} back to its default", "change_settings", {"node": node.node.id, **change})
        yield Problem(
            "loss-settings", f"{kind.__name__} at {node.node.id}: {misfit.message}", misfit.hint,
            node=node.node.id, setting="loss", fixes=(fix,),
        )  # fmt: skip


def _vectors(node: NodeReport, kind: type[Loss]) -> Iterator[Problem]:
    """A loss that compares vectors with each other must get them stacked."""
    spec = node.shape
    if not kind.vectors or not isinstance(spec, TensorSpec):
        return
    if len(spec.shape) != 2 or (isinstance(spec.shape[0], int) and spec.shape[0] != kind.vectors):
        yield Problem(
            "loss-shape",
            f"{kind.__name__} compares {kind.vectors} vectors of each example, but {node.node.id} gets "
            f"{dims(spec.shape)}.",
            f"Stack {kind.vectors} vectors along a new first axis before it.", node=node.node.id, setting="loss",
        )  # fmt: skip


def _missing(report: Report, node: NodeReport, kind: type[Loss], before: Before) -> Iterator[Problem]:
    """A loss that takes log-probabilities must not get raw scores."""
    if not kind.needs or not isinstance(node.shape, TensorSpec):
        return
    name = before(report, node.node.id)
    gives = LAYERS[report.document.nodes[name].layer].gives if name is not None else ""
    if gives == kind.needs:
        return
    output = node.node.id
    if gives:
        yield Problem(
            "loss-needs", f"{kind.__name__} takes {kind.needs}, but {name} gives {output} {gives}.",
            "Let the layer give their logarithm.", Severity.WARNING, node=output, setting="loss",
        )  # fmt: skip
        return
    links = report.document.incoming.get(output, ())
    layer = next(name for name, each in LAYERS.items() if each.gives == kind.needs)
    place = {"node": output, "layer": layer, "port": links[0].target_port if links else ""}
    fix = Fix(f"Insert {layer} before {output}", "insert_before", place)
    yield Problem(
        "loss-needs", f"{kind.__name__} takes {kind.needs}, but nothing before {output} makes them.",
        f"{fix.label}.", Severity.WARNING, node=output, setting="loss", fixes=(fix,) if links else (),
    )  # fmt: skip
