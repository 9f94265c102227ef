"""Layers that bring several paths of the network together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import reduce
from typing import ClassVar, cast

from designer.catalogue import demands
from designer.catalogue.broadcast import broadcast, promote
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step, sample
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, count, total
from designer.catalogue.windows import Window
from designer.plan import Atom


class Elementwise(Layer):
    """What combining tensors number by number has in common; itself no layer."""

    keeps, by_place = "nothing", True
    category = "Arithmetic"
    inputs = (Port("x", "The tensors to combine, of the same shape or with axes of length 1.", many=True),)
    operator: ClassVar[str] = ""
    verb: ClassVar[str] = ""

    def output(self, *x: Specs) -> TensorSpec:
        tensors = [demands.tensor(self, each, "x") for each in x]
        return demands.within_reach(self, reduce(self._pair, tensors), {})

    def forward(self, site: Site, *x: TensorSpec) -> tuple[Step, ...]:
        return (Step(site.first, Call(self.operator, positional=site.inputs["x"]), site.name),)

    def _pair(self, first: TensorSpec, second: TensorSpec) -> TensorSpec:
        return combined(first, second, self.verb, "x")

    def _between(self, x: Sequence[TensorSpec]) -> tuple[TensorSpec, ...]:
        """What comes of the first two, of those and the third, and so on up to the last but one."""
        results = [x[0]]
        for other in x[1:-1]:
            results.append(combined(results[-1], other, self.verb, "x"))
        return tuple(results[1:])


def combined(first: TensorSpec, second: TensorSpec, verb: str, port: str) -> TensorSpec:
    """What combining two tensors number by number gives; refuses shapes that do not add up."""
    result = broadcast(first, second)
    if result is None:
        raise Misfit(
            f"{first} and {second} cannot be {verb}: lengths must be equal, or one of them 1.",
            "Make the shapes equal, for example with a Linear or a convolution on one path.",
            code="shapes",
            port=port,
        )
    return result


class Add(Elementwise):
    """Adds tensors number by number; the heart of a residual connection."""

    title, operator, verb = "Add", "+", "added"
    usual = True
    aliases = ("addition", "plus", "additionLayer", "skip", "skip connection", "residual", "shortcut", "merge")
    samples = (
        sample((3, 4), (3, 4)),
        sample(("T", 4), (1, 4), ("T", 1)),
        sample((5, 8), TensorSpec((5, 8), batch=None)),
        sample(TensorSpec((3,), "int64"), TensorSpec((), "float32", None)),
    )


class Concat(Layer):
    """Lays tensors end to end along one axis, such as the channels of two paths."""

    keeps = "nothing"
    title, category = "Concatenate", "Arithmetic"
    usual = True
    aliases = ("cat", "concatenation", "join", "skip connection", "merge", "stack channels")
    inputs = (Port("x", "The tensors to join, equal in every other axis.", many=True),)
    samples = (
        sample((3, 4), (5, 4)),
        sample((3, "T"), (3, 2), (3, "T"), dim=-1),
        sample(TensorSpec((3,), "int64"), TensorSpec((2,), "float32")),
        sample(TensorSpec((2, 3), batch=None), TensorSpec((4, 3), batch=None), dim=0),
    )

    dim = Setting(1, "The axis along which they are joined; 0 is the batch, -1 the last axis.")

    def output(self, *x: Specs) -> TensorSpec:
        tensors = [demands.tensor(self, each, "x") for each in x]
        first = tensors[0]
        for each in tensors:
            if len(each.full) != len(first.full) or each.batch != first.batch or not each.full:
                self._refuse(first, each)
        place = demands.axis(self, first, self.dim, "dim", "x")
        for each in tensors:
            if _without(each, place) != _without(first, place):
                self._refuse(first, each)
        full = [*first.full]
        full[place] = total(each.full[place] for each in tensors)
        shape = tuple(length for axis, length in enumerate(full) if axis != first.batch)
        return demands.within_reach(self, TensorSpec(shape, promote(tensors), first.batch), {})

    def forward(self, site: Site, *x: TensorSpec) -> tuple[Step, ...]:
        tensors = cast("tuple[Atom, ...]", site.inputs["x"])
        call = Call("torch.cat", {"dim": self.dim}, (tensors,))
        return (Step(site.first, call, site.name),)

    def badge(self) -> str:
        return f"dim {self.dim}"

    def _refuse(self, first: TensorSpec, other: TensorSpec) -> None:
        raise Misfit(
            f"{first} and {other} cannot be joined along dim = {self.dim}: all other axes must be equal.",
            "Make the other axes equal, or join along another dim.",
            code="shapes",
            port="x",
        )

    def looks(self, *x: TensorSpec) -> Sequence[Window] | None:
        first = x[0]
        return () if first.batch == 0 and demands.axis(self, first, self.dim, "dim") == 1 else None


class Multiply(Elementwise):
    """Multiplies tensors number by number; one can open and close the other like a gate."""

    title, operator, verb = "Multiply", "*", "multiplied"
    aliases = ("product", "times", "attention weights", "Hadamard", "mul", "merge", "multiplicationLayer")
    samples = (
        sample((3, 4, 4), (3, 1, 1)),
        sample(("T", 4), (1, 4), ("T", 1)),
        sample(TensorSpec((3,), "bool"), TensorSpec((3,), "float16")),
    )

    def saved(self, *x: TensorSpec) -> Saved:
        if sum(each.is_float for each in x) == 1:
            return Saved(own=tuple(each for each in x if not each.is_float))
        return Saved(("x",), own=self._between(x))


class OfTwo(Layer):
    """What combining one tensor with another, in this order, has in common; itself no layer."""

    by_place = True
    category = "Arithmetic"
    operator: ClassVar[str] = ""
    verb: ClassVar[str] = ""
    allowed: ClassVar[Collection[str]] = demands.ANY

    def output(self, x: Specs, y: Specs) -> TensorSpec:
        first, second = demands.tensor(self, x, "x"), demands.tensor(self, y, "y")
        demands.dtype(self, first, self.allowed, "x")
        demands.dtype(self, second, self.allowed, "y")
        return demands.within_reach(self, combined(first, second, self.verb, "y"), {})

    def forward(self, site: Site, x: TensorSpec, y: TensorSpec) -> tuple[Step, ...]:
        values = (site.x, site.inputs["y"][0])
        return (Step(site.first, Call(self.operator, positional=values), site.name),)


def _two(first: TensorSpec | tuple[Length, ...], second: TensorSpec | tuple[Length, ...]) -> Sample:
    """A sample for the ports x and y."""
    x, y = (TensorSpec(each) if isinstance(each, tuple) else each for each in (first, second))
    return Sample({}, {"x": x, "y": y})


class Subtract(OfTwo):
    """Takes one tensor from another, number by number: what is different between two paths."""

    keeps = "nothing"
    title, operator, verb, allowed = "Subtract", "-", "subtracted", demands.NUMBERS
    aliases = ("minus", "difference", "sub")
    inputs = (Port("x", "What is taken from."), Port("y", "What is taken away."))
    samples = (
        _two((3, 4), (3, 4)),
        _two(("T", 4), (1, 4)),
        _two(TensorSpec((3,), "int64"), TensorSpec((), "float32", None)),
    )


class Divide(OfTwo):
    """Divides one tensor by another, number by number."""

    title, operator, verb = "Divide", "/", "divided"
    aliases = ("quotient", "ratio", "div", "over")
    inputs = (Port("x", "What is divided."), Port("y", "What it is divided by; zeros give infinity."))
    samples = (
        _two((3, 4), (3, 1)),
        _two(("T", 4), ("T", 4)),
        _two(TensorSpec((3,), "int64"), TensorSpec((3,), "bool")),
    )

    def output(self, x: Specs, y: Specs) -> TensorSpec:
        return demands.as_float(super().output(x, y))


class Gate(Layer):
    """Lets each number through as far as a gate is open: x times the sigmoid of the gate."""

    by_place = True
    title, category = "Gate", "Arithmetic"
    aliases = ("gating", "gated", "attention gate", "highway", "squeeze and excitation", "sigmoid product")
    inputs = (Port("x", "What passes."), Port("gate", "Scores; high ones open, low ones close."))
    samples = (
        Sample({}, {"x": TensorSpec((3, 4)), "gate": TensorSpec((3, 4))}),
        Sample({}, {"x": TensorSpec((3, "H", "W")), "gate": TensorSpec((3, 1, 1))}),
        Sample({}, {"x": TensorSpec((4,), "int64"), "gate": TensorSpec((4,), "bool", None)}),
    )

    def output(self, x: Specs, gate: Specs) -> TensorSpec:
        first, second = demands.tensor(self, x, "x"), demands.tensor(self, gate, "gate")
        return demands.within_reach(self, combined(first, demands.as_float(second), "multiplied", "gate"), {})

    def forward(self, site: Site, x: TensorSpec, gate: TensorSpec) -> tuple[Step, ...]:
        opened = Call(".sigmoid", positional=site.inputs["gate"])
        return (Step(site.first, Call("*", positional=(site.x, opened)), site.name),)

    def saved(self, x: TensorSpec, gate: TensorSpec) -> Saved:
        return Saved(("x",), own=(gate,))


class Average(Elementwise):
    """Takes the mean of tensors number by number, such as the votes of several paths."""

    title, verb = "Average", "averaged"
    aliases = ("averaging", "ensemble", "vote", "merge")
    samples = (
        sample((3, 4), (3, 4)),
        sample(("T", 4), (1, 4), ("T", 1)),
        sample(TensorSpec((3,), "int64"), TensorSpec((3,), "int64")),
    )

    def output(self, *x: Specs) -> TensorSpec:
        return demands.as_float(super().output(*x))

    def forward(self, site: Site, *x: TensorSpec) -> tuple[Step, ...]:
        values = site.inputs["x"]
        summed = values[0] if len(values) == 1 else Call("+", positional=values)
        return (Step(site.first, Call("/", positional=(summed, len(values))), site.name),)


class Larger(Elementwise):
    """What taking one of several numbers at each place has in common; itself no layer."""

    verb = "compared"

    def forward(self, site: Site, *x: TensorSpec) -> tuple[Step, ...]:
        first, *others = site.inputs["x"]
        result = first
        for other in others or [first]:
            result = Call(self.operator, positional=(result, other))
        assert isinstance(result, Call)
        return (Step(site.first, result, site.name),)

    def saved(self, *x: TensorSpec) -> Saved:
        return Saved(("x",), own=self._between(x))


class Maximum(Larger):
    """Takes the largest of several tensors at each place."""

    title, operator = "Maximum", "torch.maximum"
    aliases = ("larger", "elementwise max", "maxout", "merge")
    samples = (
        sample((3, 4), (3, 4)),
        sample(("T", 4), (1, 4), ("T", 1)),
        sample(TensorSpec((3,), "int64"), TensorSpec((), "float32", None)),
    )


class Minimum(Larger):
    """Takes the smallest of several tensors at each place."""

    title, operator = "Minimum", "torch.minimum"
    aliases = ("smaller", "elementwise min", "merge")
    samples = (
        sample((3, 4), (3, 4)),
        sample(("T", 4), (1, 4), ("T", 1)),
        sample(TensorSpec((3,), "bool"), TensorSpec((3,), "int32")),
    )


class MatMul(Layer):
    """Multiplies matrices: each row of the one with each column of the other, such as queries with keys."""

    title, category = "Matrix product", "Arithmetic"
    aliases = ("bmm", "dot product", "matrix multiplication", "matmul of batches", "@")
    inputs = (Port("x", "The matrices on the left."), Port("y", "The matrices on the right."))
    samples = (
        _two((3, 4), (4, 5)),
        _two(("T", 4), (4, "S")),
        _two((2, 3, 4), (1, 4, 2)),
        _two((4,), TensorSpec((4, 5), batch=None)),
        _two(TensorSpec((3, 4), batch=None), (4, 2)),
        _two((2, 3, 4), TensorSpec((4, 5), batch=None)),
    )

    def output(self, x: Specs, y: Specs) -> TensorSpec:
        left, right = self._matrix(x, "x"), self._matrix(y, "y")
        if left.dtype != right.dtype:
            raise Misfit(
                f"{demands.name(self)} multiplies numbers of one type, but {left} and {right} come in.",
                "Give both Inputs the same dtype.",
                code="dtype",
                port="y",
            )
        rows_are_examples = left.batch is not None and left.batch == len(left.full) - 2
        if rows_are_examples and right.batch is not None:
            self._refuse_examples(left, right)
        one, other = self._stack(left), self._stack(right)
        stack = broadcast(one, other)
        if stack is None or left.full[-1] != right.full[-2]:
            raise Misfit(
                f"{left} and {right} cannot be multiplied as matrices: the last axis of x must be as long as "
                "the last but one of y, and all before them equal.",
                "Put a Transpose in front of one of them, or a Linear.",
                code="shapes",
                port="y",
            )
        if rows_are_examples:
            result = TensorSpec((*stack.full, right.full[-1]), left.dtype, len(stack.full))
        else:
            result = TensorSpec((*stack.shape, left.full[-2], right.full[-1]), left.dtype, stack.batch)
        return demands.within_reach(self, result, {})

    def macs(self, x: TensorSpec, y: TensorSpec) -> int:
        result = self.output(x, y)
        return count(*result.shape, x.full[-1])

    def forward(self, site: Site, x: TensorSpec, y: TensorSpec) -> tuple[Step, ...]:
        values = (site.x, site.inputs["y"][0])
        return (Step(site.first, Call("@", positional=values), site.name),)

    def _matrix(self, x: Specs, port: str) -> TensorSpec:
        x = demands.tensor(self, x, port)
        demands.rank(self, x, range(2, 20), "matrices of rows x columns", "Put a Reshape in front.", port)
        demands.dtype(self, x, demands.FLOATS, port)
        crossed = len(x.full) - (1 if port == "x" else 2)
        if x.batch is not None and x.batch >= crossed:
            raise Misfit(
                f"{x} at {port} would be multiplied across its batch; {demands.name(self)} would mix the examples.",
                "Put a Reshape in front that makes rows and columns.",
                code="batch",
                port=port,
            )
        return x

    def _stack(self, x: TensorSpec) -> TensorSpec:
        """What stands before the rows and columns."""
        batch = None if x.batch is None or x.batch >= len(x.full) - 2 else x.batch
        shape = tuple(each for axis, each in enumerate(x.full[:-2]) if axis != batch)
        return TensorSpec(shape, x.dtype, batch)

    def _refuse_examples(self, left: TensorSpec, right: TensorSpec) -> None:
        raise Misfit(
            f"The rows of {left} are its examples, but {right} has matrices of its own for each example.",
            "Put an Unsqueeze in front of x that makes one row of each example.",
            code="batch",
            port="x",
        )

    def saved(self, x: TensorSpec, y: TensorSpec) -> Saved:
        """Matrices that are used again for several others are copied for each of them, but for a single one."""
        kept, own = [], []
        stack = broadcast(self._stack(x), self._stack(y))
        for port, each in (("x", x), ("y", y)):
            if stack is None or len(each.full) == 2 or self._stack(each).full == stack.full:
                kept.append(port)
            else:
                own.append(TensorSpec((*stack.shape, *each.full[-2:]), each.dtype, stack.batch))
        return Saved(tuple(kept), own=tuple(own))


def _without(spec: TensorSpec, place: int) -> tuple[object, ...]:
    return (*spec.full[:place], *spec.full[place + 1 :])
