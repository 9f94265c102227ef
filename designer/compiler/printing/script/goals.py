"""What the outputs of a script's network are compared with: losses, metrics, and what an output says in words."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator
from dataclasses import dataclass

from designer.catalogue.datasets import DataFacts, Field
from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.report import Report
from designer.compiler.printing.expression import call_text
from designer.compiler.printing.module_classes import ModuleClass, module_class
from designer.compiler.printing.script.part import Part
from designer.graph.names import free_id
from designer.plan import Plan
from designer.protocol import Recipe, Target

OWN_ROOM = "modules"
LOCAL = frozenset(
    """batch count deviation each examples found given loss_of mean measure name network nn np outputs outputs_of paths
    predict rows saved scales start torch total value values""".split()
)
"""What else is called by a name where the outputs have theirs."""
NAMES = LOCAL | frozenset(dir(builtins)) | frozenset(keyword.kwlist)


@dataclass(frozen=True, slots=True)
class Goal:
    """An output and its target, in the words of the script."""

    target: Target
    name: str
    """What the output's value is called."""
    loss: str
    """The name of its loss."""
    classes: str = ""
    """The name of the tuple with the names of its classes; empty where they have none."""
    field: Field | None = None
    shape: tuple[int | str, ...] = ()
    standardized: bool = False
    last: bool = False
    """Whether the scores of classes stand on the last axis, behind the places they are for."""
    own: ModuleClass | None = None
    """The class of its loss where torch has none."""

    @property
    def trains(self) -> bool:
        """Whether weights can learn from it."""
        return self.target.compares != "labels"

    @property
    def width(self) -> int:
        """How many classes have a score."""
        found = self.shape[-1 if self.last else 0]
        return found if isinstance(found, int) else 0

    @property
    def answer(self) -> str:
        """What the output says in the form of its target."""
        return f"{self.loss}.answer({self.name})" if self._has("def answer(") else self.name

    @property
    def wanted(self) -> str:
        """The target of a batch in the form that the loss takes."""
        text = f'batch["{self.target.field}"]'
        if self.field is None or self.target.compares in ("classes", "labels"):
            return text
        if self._reshaped:
            text = f"{text}.reshape({self.answer}.shape)"
        return text if self.field.spec.dtype == "float32" else f"{text}.float()"

    @property
    def loss_text(self) -> str:
        """The loss of a batch, before its weight."""
        scores = f"{self.name}.movedim(-1, 1)" if self.last else self.name
        wanted = "" if self.target.compares == "nothing" else f", {self.wanted}"
        return f"{self.loss}({scores}{wanted})"

    @property
    def metric(self) -> tuple[str, str] | None:
        """The name of the metric that people read, and its text; None where there is nothing but the loss."""
        if self.target.compares == "nothing" or self._has("only_loss = True"):
            return None
        if self.target.compares == "numbers":
            error = f"({self.answer} - {self.wanted}).abs()"
            if self.standardized:
                error = f"({error} * {self._scale(1)}.to(DEVICE))"
            return "mae", f"{error}.mean()"
        right = {
            "classes": f"{self.name}.argmax({-1 if self.last else 1}) == {self.wanted}",
            "binary": f"({self.answer} > 0) == ({self.wanted} > 0.5)",
            "labels": f"{self.name} == {self.wanted}",
        }[self.target.compares]
        return "accuracy", f"({right}).float().mean()"

    @property
    def said(self) -> str:
        """What the output says of new examples, in words or in the data's own units."""
        compares = self.target.compares
        if compares == "numbers" and self.standardized:
            return f"({self.answer} * {self._scale(1)} + {self._scale(0)}).tolist()"
        if compares in ("numbers", "nothing") or self.field is None:
            return f"{self.answer}.tolist()"
        chosen = {
            "classes": f"{self.name}.argmax({-1 if self.last else 1})",
            "binary": f"({self.answer} > 0)",
            "labels": self.name,
        }[compares]
        places = len(self.field.spec.shape)
        if self.classes and places == 0:
            flat = f"{chosen}.flatten()" if compares == "binary" else chosen
            return f"[{self.classes}[place] for place in {flat}.tolist()]"
        if self.classes and places == 1:
            return f"[[{self.classes}[place] for place in row] for row in {chosen}.tolist()]"
        return f"{chosen}.tolist()"

    @property
    def _reshaped(self) -> bool:
        """Whether the target must be brought to the output's shape."""
        return self.field is not None and (self.answer != self.name or tuple(self.field.spec.shape) != self.shape)

    def _scale(self, part: int) -> str:
        """The mean (0) or the deviation (1) by which its target was standardized."""
        text = f'scales["{self.target.field}"][{part}]'
        return f"{text}.reshape({self.answer}.shape[1:])" if self._reshaped else text

    def _has(self, line: str) -> bool:
        return self.own is not None and line in self.own.text


def goals(report: Report, facts: DataFacts, recipe: Recipe, standardized: frozenset[str]) -> tuple[Goal, ...]:
    """All that a run is measured by, in the order of the recipe's targets."""
    several = len(recipe.targets) > 1
    return tuple(_goal(report, facts, target, several, standardized) for target in recipe.targets)


def _goal(report: Report, facts: DataFacts, target: Target, several: bool, standardized: frozenset[str]) -> Goal:
    spec = report.nodes[target.output].shape
    shape = tuple(spec.shape) if isinstance(spec, TensorSpec) else ()
    field = facts.fields[target.field] if target.field else None
    room, _, kind = target.loss.target.rpartition(".")
    classes = ""
    if field is not None and field.classes and target.compares in ("classes", "binary", "labels"):
        classes = f"{target.output.upper()}_CLASSES" if several else "CLASSES"
    return Goal(
        target,
        free_id(target.output, NAMES),
        f'LOSSES["{target.output}"]' if several else "LOSS",
        classes,
        field,
        shape,
        target.field in standardized,
        target.compares == "classes" and field is not None and _classes_last(shape, tuple(field.spec.shape)),
        module_class(kind) if room == OWN_ROOM else None,
    )


def _classes_last(shape: tuple[int | str, ...], places: tuple[int | str, ...]) -> bool:
    """Whether scores stand behind the places they are for, as in a sequence; the engine's rule."""
    if not places or not _alike(shape[:-1], places):
        return False
    return len(places) == 1 or not _alike(shape[1:], places)


def _alike(one: tuple[int | str, ...], other: tuple[int | str, ...]) -> bool:
    """Whether two shapes are the same; a free length is any."""
    return len(one) == len(other) and all(
        a == b or isinstance(a, str) or isinstance(b, str) for a, b in zip(one, other, strict=True)
    )


def loss_classes(found: tuple[Goal, ...]) -> Iterator[Part]:
    """The classes of losses that torch lacks, each once."""
    own = {goal.own.name: goal.own for goal in found if goal.own is not None}
    yield from (Part(each.text, frozenset({"import torch", "from torch import Tensor, nn"})) for each in own.values())


def losses(found: tuple[Goal, ...]) -> Part:
    """The losses themselves, which need their classes."""
    texts = [call_text(goal.target.loss, {}) for goal in found]
    if len(found) == 1:
        return Part(f"LOSS = {texts[0]}", frozenset({"from torch import Tensor, nn"}))
    lines = [f'    "{goal.target.output}": {text},' for goal, text in zip(found, texts, strict=True)]
    return Part("\n".join(("LOSSES = {", *lines, "}")), frozenset({"from torch import Tensor, nn"}))


def unpacked(plan: Plan, found: tuple[Goal, ...], wanted: tuple[Goal, ...]) -> Iterator[str]:
    """The line that gives the outputs their names, where there are several; those that are not wanted have none."""
    if len(plan.outputs) == 1:
        return
    names = {goal.target.output: goal.name for goal in found if goal in wanted}
    yield f"{', '.join(names.get(output, '_') for output, _ in plan.outputs)} = outputs"


def loss_of(plan: Plan, found: tuple[Goal, ...]) -> Part:
    """The function that gives the loss of a batch."""
    trained = tuple(goal for goal in found if goal.trains)
    terms = []
    for goal in trained:
        weight = goal.target.weight
        terms.append(goal.loss_text if weight == 1 else f"{weight!r} * {goal.loss_text}")
    single = len(plan.outputs) == 1
    argument = f"{trained[0].name}: Tensor" if single else "outputs: tuple[Tensor, ...]"
    about = "What training makes small." if len(trained) == 1 else "What training makes small: the sum of the losses."
    lines = [f"def loss_of({argument}, batch: Examples) -> Tensor:", f'    """{about}"""']
    lines += [f"    {line}" for line in unpacked(plan, found, trained)]
    if len(terms) == 1:
        lines.append(f"    return {terms[0]}")
    else:
        lines += ["    return (", f"        {terms[0]}", *(f"        + {term}" for term in terms[1:]), "    )"]
    return Part("\n".join(lines), frozenset({"from torch import Tensor, nn"}))
