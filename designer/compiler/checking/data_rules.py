"""Whether a design suits its data: the shape that enters, the loss, the width that leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from designer.catalogue import LAYERS, LOSSES, with_role
from designer.catalogue.datasets import DataFacts, Field
from designer.catalogue.layer import Layer
from designer.catalogue.losses import Loss
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims, size
from designer.compiler.checking.facts import Wiring, names, wiring
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.checking.table_rules import table_problems
from designer.graph.document import Link
from designer.problems import Fix, Problem, Severity


def data_problems(report: Report) -> Iterator[Problem]:
    """Every disagreement between the design and the facts of its data; nothing where no data is chosen."""
    if report.facts is None:
        return
    wired = wiring_of(report, report.facts)
    for name, field in wired.inputs.items():
        yield from _input_problems(report, report.nodes[name], field)
        if field in report.facts.fields:
            yield from table_problems(report, report.nodes[name], report.facts.fields[field])
    for name, field in wired.targets.items():
        yield from _output_problems(report, report.nodes[name], field)


def wiring_of(report: Report, facts: DataFacts) -> Wiring:
    """The wiring of the whole design, in the document's order."""
    first, last = with_role("input"), with_role("output")
    inputs, outputs = [], {}
    for name, node in report.document.nodes.items():
        if node.layer == first:
            inputs.append(name)
        elif node.layer == last:
            outputs[name] = str(getattr(report.nodes[name].layer, "target", ""))
    return wiring(report.document, facts, inputs, outputs)


def _unknown_field(node: str, field: str, part: str, facts: DataFacts) -> Problem:
    return Problem(
        "data-field",
        f'{node} is wired to "{field}", which {facts.title} does not have.',
        f"Choose one of {', '.join(facts.fields)}.",
        node=node,
        fixes=(Fix("Wire it anew by itself", "change_data", {"values": {part: None}}),),
    )


def _input_problems(report: Report, node: NodeReport, name: str) -> Iterator[Problem]:
    facts, spec = report.facts, node.shape
    assert facts is not None
    field = facts.fields.get(name)
    if field is None:
        yield _unknown_field(node.node.id, name, "inputs", facts)
        return
    if not isinstance(spec, TensorSpec):
        return
    if facts.whole and (spec.batch is not None or not _fits(spec, field.spec)):
        yield _not_whole(node.node.id, field.spec, facts)
        return
    if spec.batch is None and not facts.whole:
        yield _without_batch(node.node.id, facts)
    if _fits(spec, field.spec):
        return
    values = {"shape": field.spec.shape, "dtype": field.spec.dtype}
    label = f"Set its shape to {dims(field.spec.shape)}"
    yield Problem(
        "data-shape",
        f"{node.node.id} takes {dims(spec.shape)} {spec.dtype}, but {facts.title} gives "
        f"{dims(field.spec.shape)} {field.spec.dtype}.",
        f"Set its shape to {dims(field.spec.shape)}, or choose other data.",
        node=node.node.id,
        setting="shape",
        fixes=(Fix(label, "change_settings", {"node": node.node.id, "values": values}),),
    )


def _without_batch(node: str, facts: DataFacts) -> Problem:
    return Problem(
        "data-batch", f"{node} takes data without a batch, but {facts.title} gives many examples at a time.",
        "Switch batched on.", node=node, setting="batched",
        fixes=(Fix("Switch batched on", "change_settings", {"node": node, "unset": ("batched",)}),),
    )  # fmt: skip


def _not_whole(node: str, spec: TensorSpec, facts: DataFacts) -> Problem:
    values = {"shape": spec.shape, "dtype": spec.dtype, "batched": False}
    do = f"Set its shape to {dims(spec.shape)}, its dtype to {spec.dtype} and batched off"
    return Problem(
        "data-whole", f"{node} must take all of {facts.title} at once, {spec} without a batch.", f"{do}.", node=node,
        setting="shape", fixes=(Fix(do, "change_settings", {"node": node, "values": values}),),
    )  # fmt: skip


def _fits(spec: TensorSpec, data: TensorSpec) -> bool:
    return spec.dtype == data.dtype and _agree(spec.shape, data.shape)


def _output_problems(report: Report, node: NodeReport, name: str) -> Iterator[Problem]:
    assert report.facts is not None
    if node.layer is None:
        return  # its settings are wrong, so what it is compared by is not known
    field, loss = report.facts.fields.get(name), _loss_of(node)
    if loss is not None and isinstance(node.shape, TensorSpec) and node.shape.is_float != loss.trains:
        yield _wrong_type(node, loss, field, node.shape)
        return
    if loss is not None and loss.compares == "nothing":
        return
    if field is None:
        part = "targets" if node.node.id in names(report.document.data.get("targets")) else ""
        yield _bad_target(node.node.id, name, part, report.facts)
        return
    fitting = fitting_losses(field, node.shape)
    if loss is None:
        if fitting and any(each is not None and each.trains for each in map(_loss_of, report.nodes.values())):
            yield _unlearned(node, fitting[0])
    elif loss not in fitting:
        yield _wrong_loss(report.facts, node, loss, fitting, field)
    elif isinstance(node.shape, TensorSpec):
        yield from _wrong_width(report, node, loss, field, node.shape)


def has_target(report: Report, output: str) -> bool:
    """Whether an Output is compared with anything, or may be."""
    loss = _loss_of(report.nodes[output])
    return loss is None or loss.compares != "nothing"


def _loss_of(node: NodeReport) -> type[Loss] | None:
    """The loss of an Output; other nodes have none."""
    return LOSSES.get(str(getattr(node.layer, "loss", "")))


def _wrong_type(node: NodeReport, loss: type[Loss], field: Field | None, spec: TensorSpec) -> Problem:
    """Whole numbers at a loss that is to be learned from, or fractions where labels are counted."""
    fitting = fitting_losses(field, spec) if field is not None else []
    name = loss.__name__
    says = f"no weight can learn from them by {name}" if loss.trains else f"{name} counts whole numbers alone"
    fixes = (set_loss(node.node.id, fitting[0]),) if fitting else ()
    return Problem(
        "loss-dtype", f"{node.node.id} gets {spec.dtype} numbers, but {says}.",
        f"{fixes[0].label}." if fixes else "Leave its loss empty, and train another Output.",
        node=node.node.id, setting="loss", fixes=fixes,
    )  # fmt: skip


def _unlearned(node: NodeReport, loss: type[Loss]) -> Problem:
    name = node.node.id
    return Problem(
        "output-without-loss", f"{name} has no loss, so training looks at the other Outputs alone.",
        f"Set loss to {loss.__name__}, or leave it so.", Severity.TIP, node=name, setting="loss",
        fixes=(set_loss(name, loss),),
    )  # fmt: skip


def set_loss(output: str, loss: type[Loss]) -> Fix:
    """The fix that gives an Output another loss."""
    name = loss.__name__
    return Fix(f"Set loss to {name}", "change_settings", {"node": output, "values": {"loss": name}})


def _bad_target(node: str, name: str, part: str, facts: DataFacts) -> Problem:
    if part:
        return _unknown_field(node, name, part, facts)
    return Problem(
        "data-target",
        f'{node} is compared with "{name}", which is neither an Input nor a field of {facts.title}.',
        "Choose an Input's id, or leave target empty.",
        node=node,
        setting="target",
        fixes=(Fix("Compare it with the data's target", "change_settings", {"node": node, "unset": ("target",)}),),
    )


def fitting_losses(field: Field, spec: Specs | None = None) -> list[type[Loss]]:
    """The losses that can compare an Output with a field, the usual one first; `spec` is what reaches the Output."""
    wanted = ["classes", "binary"] if len(field.classes) == 2 else ["classes"] if field.classes else ["numbers"]
    if field.classes and field.spec.is_float:
        wanted = ["binary"]  # 0 and 1 as numbers, such as a mask of yes and no
    if isinstance(spec, TensorSpec) and not spec.is_float:
        wanted = ["labels"] if field.classes else []
    axes = len(field.spec.shape)
    return [
        loss
        for kind in wanted
        for loss in LOSSES.values()
        if loss.compares == kind and loss.axes[0] <= axes <= loss.axes[1]
    ]


def _wrong_loss(
    facts: DataFacts, node: NodeReport, loss: type[Loss], fitting: list[type[Loss]], field: Field
) -> Problem:
    what = f"one of {len(field.classes)} classes" if field.classes else f"numbers of shape {dims(field.spec.shape)}"
    takes = {"binary": "yes or no", "labels": "classes"}.get(loss.compares, loss.compares)
    fixes = tuple(set_loss(node.node.id, each) for each in fitting[:1])
    return Problem(
        "data-loss", f"{loss.__name__} compares {takes}, but the target in {facts.title} is {what}.",
        f"{fixes[0].label}." if fixes else "Leave its loss empty.", node=node.node.id, setting="loss", fixes=fixes,
    )  # fmt: skip


def wanted_shape(loss: type[Loss], field: Field) -> tuple[int | str, ...]:
    """The shape per example that an Output must have for a loss and a target: a score for each class comes last.

    For one whole graph the places of the target are its nodes.
    """
    return loss.wanted(field.spec.shape, len(field.classes))


def _suits(shape: tuple[int | str, ...] | None, loss: type[Loss], field: Field) -> bool:
    """Whether an Output of a shape can be compared with a field: as wanted, or its scores first, as in an image."""
    wanted = wanted_shape(loss, field)
    others = [(*wanted[-1:], *wanted[:-1])] if loss.compares == "classes" and field.spec.batch is not None else []
    others += [field.spec.shape] if loss.compares == "binary" and field.spec.shape and not loss.vectors else []
    return shape is not None and any(_agree(shape, each) for each in (wanted, *others))


def _agree(shape: tuple[int | str, ...], other: tuple[int | str, ...]) -> bool:
    """Whether two shapes may be the same once free lengths are known."""
    return len(shape) == len(other) and all(
        one == two or isinstance(one, str) or isinstance(two, str) for one, two in zip(shape, other, strict=True)
    )


def _wrong_width(
    report: Report, node: NodeReport, loss: type[Loss], field: Field, spec: TensorSpec
) -> Iterator[Problem]:
    wanted = wanted_shape(loss, field)
    if _suits(spec.shape, loss, field):
        return
    fixes = tuple(_shape_fixes(report, node.node.id, spec, wanted))
    why = f"has {len(field.classes)} classes" if field.classes else f"gives {dims(field.spec.shape)} to compare with"
    target = report.facts.title if report.facts is not None else "the data"
    hint = f"{fixes[0].label}." if fixes else f"Let the layers before it give {dims(wanted)}."
    yield Problem(
        "output-width",
        f"{node.node.id} gets {dims(spec.shape)}, but {target} {why}, so {loss.__name__} needs {dims(wanted)}.",
        hint,
        node=node.node.id,
        fixes=fixes,
    )


def _shape_fixes(report: Report, output: str, spec: TensorSpec, wanted: tuple[int | str, ...]) -> Iterator[Fix]:
    """One click that gives the wanted shape, or at least its number of axes: each is tried out before it is offered."""
    links = _links_to(report, output)
    if links:
        node = report.nodes[links[0].source]
        name, kind, reached = node.node.id, LAYERS[node.node.layer], node.arguments()
        set_so = node.layer.values if node.layer is not None else {}
        for length in dict.fromkeys(length for length in wanted if isinstance(length, int)):
            values = {kind.width: length}
            through = _through(report, links, {**set_so, **values}, reached)
            if through is not None and _agree(through, wanted):
                yield Fix(
                    f"Set {kind.width} of {name} to {length}", "change_settings", {"node": name, "values": values}
                )
        flattened = _through(report, links, set_so, _flattened(reached)) if len(reached) == 1 else None
        if flattened is not None and len(flattened) == len(wanted) != spec.rank:
            yield _insertion(report, name, "flatten", {}, f"Insert Flatten before {name}")
    if size(spec.shape) == size(wanted) and isinstance(size(wanted), int):
        if len(wanted) == 1:
            yield _insertion(report, output, "flatten", {}, f"Insert Flatten before {output}")
        else:
            yield _insertion(report, output, "reshape", {"shape": wanted}, f"Insert Reshape to {dims(wanted)}")


def _insertion(report: Report, node: str, role: str, settings: Mapping[str, object], label: str) -> Fix:
    port = report.document.incoming[node][0].target_port
    place = {"node": node, "layer": with_role(role), "port": port}
    return Fix(label, "insert_before", {**place, "settings": settings} if settings else place)


def _links_to(report: Report, output: str) -> list[Link]:
    """The links from the last node that decides how wide the values are to `output`, one after the other.

    None where paths join in between, or a group stands there.
    """
    found: list[Link] = []
    name = output
    while True:
        links = report.document.incoming.get(name, ())
        if len(links) != 1:
            return []
        found.insert(0, links[0])
        name = links[0].source
        layer = report.nodes[name].layer
        if layer is None or layer.role == "group":
            return []
        if layer.width:
            return found


def _through(
    report: Report, links: list[Link], settings: Mapping[str, object], reached: tuple[Specs | None, ...]
) -> tuple[int | str, ...] | None:
    """The shape at the end of `links` if the node at their start had other settings, or other values reached it."""
    given: Specs | dict[str, Specs] | None = None
    try:
        layer: Layer | None = LAYERS[report.document.nodes[links[0].source].layer](**settings)
        for link in links:
            given = layer.output(*reached) if layer is not None else None
            if isinstance(given, dict):
                port = report.nodes[link.source].port(link.source_port, "outputs")
                given = given[port.name] if port is not None else None
            reached, layer = (given,), report.nodes[link.target].layer
    except Misfit:
        return None
    return given.shape if isinstance(given, TensorSpec) else None


def _flattened(reached: tuple[Specs | None, ...]) -> tuple[Specs | None, ...]:
    """What a Flatten would make of it; the same where it can make nothing."""
    try:
        given = LAYERS[with_role("flatten")]().output(*reached)
    except Misfit:
        return reached
    return reached if isinstance(given, dict) else (given,)
