"""Layers of the user's own in the check: what to ask the worker about them, and what its answers mean.

The check runs none of their code. It makes a question for each, and takes the answers as data; until there
is one, what comes out is not known yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod

import msgspec

from designer.catalogue import LAYERS, demands, with_role
from designer.catalogue.custom_code import refuse
from designer.catalogue.layer import Layer
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, size, total
from designer.compiler.checking.report import NodeReport, Report
from designer.graph.document import Document
from designer.plan import fingerprint
from designer.problems import Fix, Problem
from designer.protocol import Argument, Inspect, Inspected

Answers = Mapping[str, Inspected]
"""What the worker found out, by the key of the question."""

BATCHES = (4, 6)
LENGTHS = (16, 24, 40)
"""What a free length is taken to be: a first number, then others; all can be halved three times."""

BATCH = "N"
NAME = re.compile(r"[^\W\d]\w*")
TOKEN = re.compile(r"\d+|[^\W\d]\w*|[+*()]")
WAITING = "code-not-run"
"""The code of the problem that nobody has looked at a layer yet."""

Sizes = Mapping[str, int]
"""What the batch and each free length are in one round."""


def own_code(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of the user's own in a design with its node's full id, in groups and blocks too."""
    yield from _own_code(document, "")
    for name, block in document.blocks.items():
        yield from _own_code(block, f"{name}.")


def _own_code(document: Document, prefix: str) -> Iterator[tuple[str, str]]:
    wanted = with_role("custom")
    for name, node in document.nodes.items():
        text = node.settings.get("code")
        if node.layer == wanted and isinstance(text, str) and text.strip():
            yield f"{prefix}{name}", text
        if node.inside is not None:
            yield from _own_code(node.inside, f"{prefix}{name}.")


def questions(report: Report) -> tuple[Inspect, ...]:
    """What the worker must be asked before all of a design is known, each question once."""
    asked: dict[str, Inspect] = {}
    for _, node in report.rows():
        if any(problem.code == WAITING for problem in node.problems) and node.layer is not None:
            found = question(node.layer, node)
            asked[found.key] = found
    return tuple(asked.values())


def computed(report: NodeReport, known: Answers, reached: bool) -> NodeReport:
    """The report of a layer of the user's own, as far as the worker has told of it."""
    layer = report.layer
    assert layer is not None
    node = report.node.id
    if not str(getattr(layer, "code", "")).strip():
        return replace(report, problems=(_no_code(node),))
    if not reached:
        return report
    try:
        asked = question(layer, report)
        answer = known.get(asked.key)
        if answer is None:
            return replace(report, problems=(_waiting(node),))
        if answer.problem is not None:
            return replace(report, problems=(replace(answer.problem, node=node, setting="code"),))
        outgoing = dict(zip((port.name for port in layer.outputs), _specs(report, answer), strict=True))
    except Misfit as misfit:
        found = Problem(misfit.code, misfit.message, misfit.hint, node=node, port=misfit.port, setting=misfit.setting)
        return replace(report, problems=(found,))
    free = any(_free(spec) for spec in _reaching(report))
    batch = BATCHES[0] if _batched(report) else 1
    return replace(
        report,
        outgoing=outgoing,
        weights=dict(answer.weights),
        buffers=dict(answer.buffers),
        parameters=sum(prod(shape) for shape in answer.weights.values()),
        macs=0 if free else answer.flops // 2 // batch,
    )


def question(layer: Layer, report: NodeReport) -> Inspect:
    """What to ask the worker about a layer that all of its tensors reach; raises Misfit."""
    arguments, shapes = [], []
    for port in report.inputs:
        reached: Specs | None = next(iter(report.incoming.get(port.name, ())), None)
        if reached is not None:
            spec = demands.tensor(layer, reached, port.name)
            arguments.append(Argument(port.name, spec.dtype))
            shapes.append(spec.full)
    rounds = tuple(
        tuple(tuple(_number(length, sizes) for length in shape) for shape in shapes) for sizes in _rounds(report)
    )
    call = layer.call()
    assert call is not None
    asked = Inspect("", call, tuple(arguments), rounds, len(layer.outputs))
    return msgspec.structs.replace(asked, key=fingerprint(msgspec.json.encode(asked).decode()))


def _reaching(report: NodeReport) -> list[TensorSpec]:
    return [spec for reached in report.incoming.values() for spec in reached if isinstance(spec, TensorSpec)]


def _batched(report: NodeReport) -> bool:
    return any(spec.batch is not None for spec in _reaching(report))


def _free(spec: TensorSpec) -> set[str]:
    """The names of the free lengths of a tensor, also those inside "(T+1)*4"."""
    texts = [length for length in spec.shape if isinstance(length, str)]
    return {name for text in texts for name in NAME.findall(text)}


def _rounds(report: NodeReport) -> list[Sizes]:
    """One round to begin with, one with another batch, and two for each free length."""
    names = sorted({name for spec in _reaching(report) for name in _free(spec)})
    first = {BATCH: BATCHES[0], **dict.fromkeys(names, LENGTHS[0])}
    others = [{**first, name: length} for name in names for length in LENGTHS[1:]]
    return [first, {**first, BATCH: BATCHES[1]}, *others]


def _number(length: Length, sizes: Sizes) -> int:
    """A length such as "(T+1)*4" worked out."""
    if isinstance(length, int):
        return length
    parts = (str(sizes[part]) if NAME.fullmatch(part) else part for part in TOKEN.findall(length))
    return _sum(list(parts))


def _sum(tokens: list[str]) -> int:
    value = _product(tokens)
    while tokens[:1] == ["+"]:
        tokens.pop(0)
        value += _product(tokens)
    return value


def _product(tokens: list[str]) -> int:
    value = _factor(tokens)
    while tokens[:1] == ["*"]:
        tokens.pop(0)
        value *= _factor(tokens)
    return value


def _factor(tokens: list[str]) -> int:
    first = tokens.pop(0)
    if first != "(":
        return int(first)
    value = _sum(tokens)
    tokens.pop(0)
    return value


def _specs(report: NodeReport, answer: Inspected) -> Iterator[TensorSpec]:
    """What comes out of each port; raises Misfit where it cannot be told from the rounds."""
    rounds = _rounds(report)
    texts = {length for spec in _reaching(report) for length in spec.shape if isinstance(length, str)}
    for place, dtype in enumerate(answer.dtypes):
        if dtype not in demands.ANY:
            raise refuse(f"It gives {dtype} numbers, which no layer takes.", "Turn them into float32 before.")
        shapes = [shapes[place] for shapes in answer.shapes]
        if len({len(shape) for shape in shapes}) > 1:
            raise refuse("How many axes it gives depends on the batch.", "Let it give the same number always.")
        axes = list(zip(*shapes, strict=True))
        follows = [axis for axis, values in enumerate(axes) if values == tuple(sizes[BATCH] for sizes in rounds)]
        if len(follows) > 1:
            hint = "Let it treat each example by itself."
            raise refuse("It gives the batch on two axes, so it compares the examples.", hint)
        rest = [_length(values, axis, rounds, texts) for axis, values in enumerate(axes) if axis not in follows]
        yield TensorSpec(tuple(rest), dtype, follows[0] if follows else None)


def _length(values: tuple[int, ...], axis: int, rounds: list[Sizes], texts: set[str]) -> Length:
    """The length of an axis that was `values` long in the rounds; raises Misfit."""
    if len(set(values)) == 1:
        return values[0]
    if values[0] != values[1]:
        lengths = f"{values[0]} long for {BATCHES[0]} examples and {values[1]} for {BATCHES[1]}"
        hint = "Let it treat each example by itself, and keep the batch as an axis."
        raise refuse(f"Axis {axis} of what it gives is {lengths}.", hint)
    for text in sorted(texts, key=len):
        if values == tuple(_number(text, sizes) for sizes in rounds):
            return text
    for name in rounds[0]:
        if name != BATCH:
            found = _grown(name, values, rounds)
            if found is not None:
                return found
    raise Misfit(
        f"How long axis {axis} of what it gives is cannot be told from the free lengths.",
        "Give the Input a number in place of the free length.",
        code="free",
    )


def _grown(name: str, values: tuple[int, ...], rounds: list[Sizes]) -> Length | None:
    """The text "(T*2+1)" where the length is that in every round; None where no such text is."""
    lengths = [sizes[name] for sizes in rounds]
    last = max(range(len(rounds)), key=lambda place: lengths[place])
    times, left = divmod(values[last] - values[0], lengths[last] - lengths[0])
    rest = values[0] - times * lengths[0]
    if left or times < 1 or rest < 0:
        return None
    found = total((size((name, times)), rest)) if rest else size((name, times))
    return found if values == tuple(_number(found, sizes) for sizes in rounds) else None


def hung(asked: Inspect, seconds: float) -> Inspected:
    """The answer in place of a worker that did not come to an end with a layer."""
    message = f"Its code did not come to an end within {seconds:g} seconds."
    problem = Problem("custom-hung", message, "Look for a loop without an end, or make the layer smaller.")
    return Inspected(asked.key, problem=problem)


def crashed(asked: Inspect) -> Inspected:
    """The answer in place of a worker that a layer took down."""
    problem = Problem("custom-crash", "Its code ended the process that ran it.", "Look at what it calls.")
    return Inspected(asked.key, problem=problem)


def _waiting(node: str) -> Problem:
    return Problem(
        WAITING,
        f"The Python code of {node} has not been run yet, so what comes out of it is not known.",
        "It is run once you allow it.",
        node=node,
    )


def _no_code(node: str) -> Problem:
    kind = LAYERS[with_role("custom")]
    fix = Fix("Begin with an example", "change_settings", {"node": node, "values": dict(kind.first_settings)})
    return Problem(
        "no-code", f"{node} has no code yet.", "Write a class of nn.Module, or begin with an example.",
        node=node, setting="code", fixes=(fix,),
    )  # fmt: skip
