"""Prints how a network learns: tied weights, first values and freezing in `__init__`, and methods of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from designer.compiler.printing.expression import broken, value_text
from designer.graph.names import free_id
from designer.plan import Call, Penalty, Plan, Ref, names

INDENT = "    "
BODY = INDENT * 2


def init_lines(plan: Plan, width: int) -> Iterator[str]:
    """The end of `__init__`, where all modules are made."""
    for tied, owner in plan.ties:
        yield f"{BODY}{attribute(tied)} = {attribute(owner)}"
    for weight, call in plan.inits:
        whole = Call(call.target, call.keywords, (Ref(attribute(weight)), *call.positional))
        yield from broken(BODY, whole, {}, width)
    for name in plan.frozen:
        yield f"{BODY}self.{name}.requires_grad_(False){'.eval()' if name in plan.still else ''}"
    yield from (f"{BODY}self.{name}.eval()" for name in plan.still if name not in plan.frozen)


def attribute(path: str) -> str:
    """A weight as an attribute: "block1.0.fc.weight" is self.block1[0].fc.weight."""
    return re.sub(r"\.(\d+)", r"[\1]", f"self.{path}")


def method_lines(plan: Plan) -> Iterator[str]:
    """The methods beside `forward`, each after an empty line: `train` where it must differ, and the penalty."""
    if plan.still:
        yield ""
        yield f"{INDENT}def train(self, mode: bool = True) -> Self:"
        yield f"{BODY}super().train(mode)"
        yield from (f"{BODY}self.{name}.eval()  # frozen, its statistics too" for name in plan.still)
        yield f"{BODY}return self"
    terms = list(_terms(plan))
    if terms:
        yield ""
        yield f"{INDENT}def {penalty_name(plan)}(self) -> Tensor:"
        yield f'{BODY}"""What the size of the weights adds to the loss in training."""'
        yield from _sum_lines(terms)


def _sum_lines(terms: list[tuple[str, str]]) -> Iterator[str]:
    for place, (before, term) in enumerate(terms):
        if before:
            yield f"{BODY}{before}"
        if len(terms) == 1:
            yield f"{BODY}return {term}"
        else:
            yield f"{BODY}total = {'total + ' if place else ''}{term}"
    if len(terms) > 1:
        yield f"{BODY}return total"


def penalty_name(plan: Plan) -> str:
    """The name of the method that gives the penalty; another where a node is called so."""
    return free_id("penalty", {*plan.modules, *(name for step in plan.steps for name in names(step.result))})


def has_penalty(plan: Plan) -> bool:
    """Whether a network, or a group inside, is to keep weights small."""
    return any(True for _ in _terms(plan))


def _terms(plan: Plan) -> Iterator[tuple[str, str]]:
    """What the penalty adds up, and the line that has to stand before, if any."""
    penalties = {each.node: each for each in plan.penalties}
    for name, made_by in plan.modules.items():
        if name in penalties:
            yield from _of_layer(penalties[name])
        elif isinstance(made_by, Plan):
            if has_penalty(made_by):
                yield "", f"self.{name}.{penalty_name(made_by)}()"
        elif isinstance(made_by, tuple) and any(map(has_penalty, made_by)):
            # Rounds of one group differ in their shapes at most, so the method has one name in all.
            yield "", f"sum(group.{penalty_name(made_by[0])}() for group in self.{name})"


def _of_layer(penalty: Penalty) -> Iterator[tuple[str, str]]:
    only = attribute(f"{penalty.node}.{penalty.weights[0]}") if len(penalty.weights) == 1 else ""
    before = f'weights = [weight for name, weight in self.{penalty.node}.named_parameters() if "bias" not in name]'
    for strength, size in ((penalty.l1, "abs().sum()"), (penalty.l2, "square().sum()")):
        if strength and only:
            yield "", f"{value_text(strength, {})} * {only}.{size}"
        elif strength:
            yield before, f"{value_text(strength, {})} * sum(weight.{size} for weight in weights)"
            before = ""
