"""The layer that multiplies and adds up along axes that are named by letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from designer.catalogue import demands
from designer.catalogue.broadcast import promote
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, count

TERM = re.compile(r"[A-Za-z]*(\.\.\.)?[A-Za-z]*")
DOTS = "..."

Term = tuple[str, ...]
"""The axes of one tensor by name: letters, and "0", "1" from the right for the axes that dots stand for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An equation fitted to the tensors at hand: what each axis of each is called, and of the result."""

    tensors: tuple[TensorSpec, ...]
    terms: tuple[Term, ...]
    result: Term

    def lengths(self, name: str) -> list[Length]:
        """Every length that an axis of this name has, the batch as "N"."""
        return [
            length
            for x, term in zip(self.tensors, self.terms, strict=True)
            for each, length in zip(term, x.full, strict=True)
            if each == name
        ]

    def length(self, name: str) -> Length:
        """The length of an axis: where one has 1, that of the other."""
        return next((length for length in self.lengths(name) if length != 1), 1)

    @property
    def batches(self) -> tuple[str, ...]:
        """What the batch axes are called."""
        pairs = zip(self.tensors, self.terms, strict=True)
        return tuple(dict.fromkeys(term[x.batch] for x, term in pairs if x.batch is not None))

    @property
    def dtype(self) -> str:
        """The type that comes out: whole numbers that are added up become int64."""
        return promote(
            replace(x, dtype="int64") if not x.is_float and self._adds_up(x, term) else x
            for x, term in zip(self.tensors, self.terms, strict=True)
        )

    def _adds_up(self, x: TensorSpec, term: Term) -> bool:
        """Whether torch adds up axes of this tensor; beside another, it leaves out those of length 1."""
        alone = len(self.tensors) == 1
        return any(
            name not in self.result and (alone or length != 1) for name, length in zip(term, x.full, strict=True)
        )

    @property
    def contracted(self) -> tuple[str, ...]:
        """The axes that both tensors have, and the result has not: they make it a matrix product."""
        if len(self.terms) < 2:
            return ()
        both = set(self.terms[0]) & set(self.terms[1]) - set(self.result)
        return tuple(name for name in sorted(both) if 1 not in self.lengths(name))


class Einsum(Layer):
    """Multiplies tensors and adds up along the axes that you name by letters, such as bqd,bkd->bqk."""

    title, category = "Einstein sum", "Arithmetic"
    aliases = ("contraction", "tensordot", "index notation", "batched product", "attention scores")
    inputs = (
        Port("x", "The tensor whose axes stand before the comma."),
        Port("y", "The tensor whose axes stand behind the comma.", optional=True),
    )
    samples = (
        Sample({"equation": "bij,bjk->bik"}, {"x": TensorSpec((3, 4)), "y": TensorSpec((4, 5))}),
        Sample({"equation": "bqd, bkd -> bqk"}, {"x": TensorSpec(("T", 4)), "y": TensorSpec((3, 4))}),
        Sample({"equation": "...i,oi->...o"}, {"x": TensorSpec((2, 4)), "y": TensorSpec((3, 4), batch=None)}),
        Sample({"equation": "bi,bi->bi"}, {"x": TensorSpec((4,)), "y": TensorSpec((4,), "float16")}),
        Sample({"equation": "bijj->bi"}, {"x": TensorSpec((3, 2, 2))}),
        Sample({"equation": "ab,bc"}, {"x": TensorSpec((2, 3), batch=None), "y": TensorSpec((3, 4), batch=None)}),
        Sample({"equation": "abc,bc->b"}, {"x": TensorSpec((3, 2), batch=1), "y": TensorSpec((2,))}),
    )

    equation = Setting(
        "bij,bjk->bik", "A letter for each axis, batch included; what the result lacks is added up. Dots are the rest."
    )

    def output(self, x: Specs, y: Specs | None = None) -> TensorSpec:
        reading = self._reading(x, y)
        self._check_lengths(reading)
        self._check_batch(reading)
        self._check_types(reading)
        batch = reading.result.index(reading.batches[0]) if reading.batches else None
        shape = tuple(reading.length(name) for place, name in enumerate(reading.result) if place != batch)
        return demands.within_reach(self, TensorSpec(shape, reading.dtype, batch), {})

    def macs(self, x: TensorSpec, y: TensorSpec | None = None) -> int:
        """Those of the matrix product; what is added up before it, or multiplied alone, counts as nothing."""
        reading = self._reading(x, y)
        if not reading.contracted:
            return 0
        names = {*reading.result, *reading.contracted} - set(reading.batches)
        return count(*(reading.length(name) for name in names))

    def forward(self, site: Site, x: TensorSpec, y: TensorSpec | None = None) -> tuple[Step, ...]:
        values = tuple(value for port in site.inputs.values() for value in port)
        return (Step(site.first, Call("torch.einsum", positional=(self.equation, *values)), site.name),)

    def badge(self) -> str:
        text = self.equation.replace(" ", "")
        return text if len(text) <= 20 else f"{text[:17]}..."

    def _reading(self, x: Specs, y: Specs | None) -> Reading:
        tensors = [demands.tensor(self, x, "x")]
        if y is not None:
            tensors.append(demands.tensor(self, y, "y"))
        left, arrow, right = self.equation.replace(" ", "").partition("->")
        texts = left.split(",")
        if not all(TERM.fullmatch(text) for text in (*texts, right)):
            raise self._misfit("is not made of letters, commas, dots and one arrow", "Write it like bij,bjk->bik.")
        if len(texts) != len(tensors):
            linked = "only x is linked" if y is None else "x and y are linked"
            raise self._misfit(
                f"names {len(texts)} tensor{'s' if len(texts) > 1 else ''}, but {linked}", "Name each linked tensor."
            )
        terms = tuple(self._term(text, each) for text, each in zip(texts, tensors, strict=True))
        dotted = sorted({name for term in terms for name in term if name.isdigit()}, key=int, reverse=True)
        if arrow:
            result = self._spread(right, dotted)
        else:
            times = Counter(name for text in texts for name in text.replace(DOTS, ""))
            result = (*dotted, *sorted(name for name, number in times.items() if number == 1))
        self._check_result(terms, result)
        return Reading(tuple(tensors), terms, result)

    def _term(self, text: str, x: TensorSpec) -> Term:
        """The names of a tensor's axes; refuses another number of letters than it has axes."""
        rank = len(x.full)
        rest = rank - len(text.replace(DOTS, ""))
        if rest < 0 or (rest and DOTS not in text):
            raise self._misfit(
                f"names the axes {text or '(none)'}, but {x} has {rank}",
                "Write a letter for each axis.",
            )
        return self._spread(text, [str(place) for place in reversed(range(rest))])

    def _spread(self, text: str, dotted: Sequence[str]) -> Term:
        before, dots, after = text.partition(DOTS)
        return (*before, *(dotted if dots else ()), *after)

    def _check_result(self, terms: Sequence[Term], result: Term) -> None:
        known = {name for term in terms for name in term}
        for name, number in Counter(result).items():
            if name not in known:
                raise self._misfit(f"gives an axis {name} that no tensor has", "Take it away behind the arrow.")
            if number > 1:
                raise self._misfit(f"gives the axis {name} twice", "Name each axis of the result once.")

    def _check_lengths(self, reading: Reading) -> None:
        for x, term in zip(reading.tensors, reading.terms, strict=True):
            for name in term:
                if len({length for each, length in zip(term, x.full, strict=True) if each == name}) > 1:
                    raise self._misfit(
                        f"takes a diagonal along {name}, but these axes of {x} differ", "Take two letters."
                    )
        for name in sorted({name for term in reading.terms for name in term}):
            lengths = {str(length): length for length in reading.lengths(name) if length != 1}
            if len(lengths) > 1:
                raise Misfit(
                    f"The axes called {name} are {' and '.join(lengths)} long; they must be equal, or one of them 1.",
                    "Take another letter for one of them, or make the axes equal.",
                    "equation",
                    code="shapes",
                )

    def _check_batch(self, reading: Reading) -> None:
        if not reading.batches:
            return
        name, *others = reading.batches
        if others:
            raise self._misfit("gives the batch two letters, so it would pair examples", f"Call both {name}.", "batch")
        if any(term.count(name) > 1 for term in reading.terms):
            raise self._misfit("takes a diagonal along the batch", "Take two letters.", "batch")
        if name not in reading.result:
            raise self._misfit("adds up all examples", "Name the batch behind the arrow too.", "batch")
        before = next(x.batch for x in reading.tensors if x.batch is not None)
        if reading.result.index(name) not in (0, before):
            raise self._misfit("moves the batch", "Name it first behind the arrow.", "batch")

    def _check_types(self, reading: Reading) -> None:
        """A matrix product takes floating-point numbers of one type; what is multiplied alone is promoted."""
        if not reading.contracted:
            return
        first = reading.tensors[0]
        for x, port in zip(reading.tensors, ("x", "y"), strict=True):
            demands.dtype(self, x, demands.FLOATS, port)
            if x.dtype != first.dtype:
                raise Misfit(
                    f"{demands.name(self)} multiplies numbers of one type, but {first} and {x} come in.",
                    "Give both Inputs the same dtype.",
                    code="dtype",
                    port="y",
                )

    def _misfit(self, wrong: str, hint: str, code: str = "misfit") -> Misfit:
        equation = self.equation if len(self.equation) <= 40 else f"{self.equation[:37]}..."
        return Misfit(f"The equation {equation} {wrong}.", hint, "equation", code=code)

    def saved(self, x: TensorSpec, y: TensorSpec | None = None) -> Saved:
        """Both tensors; one with axes that are its own and not given is added up along them first."""
        if y is None:
            return Saved()
        reading = self._reading(x, y)
        kept, own = [], []
        for port, each, term, other in zip(("x", "y"), (x, y), reading.terms, reading.terms[::-1], strict=True):
            alone = [place for place, name in enumerate(term) if name not in reading.result and name not in other]
            summed = each
            for place in reversed(alone):
                summed = demands.with_length(summed, place, None)
            if alone:
                own.append(summed)
            else:
                kept.append(port)
        return Saved(tuple(kept), own=tuple(own))
