"""Makes a plan into a `torch.nn.Module`: its modules as children, its steps compiled once to closures.

The weights carry the names that the exported source gives them ("conv1.weight", "block1.0.conv1.weight").
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from torch import nn

from designer.engine.targets import PlanError, construct, resolve
from designer.plan import UNUSED, Call, Names, Plan, Ref, Step, Value, refs

Slots = list[Any]
"""The values of one pass, each in the place it was given when the plan was compiled."""
Modules = Mapping[str, Any]
Run = Callable[[Slots, Modules], Any]
See = Callable[[str, Any], None]
"""Told the node and the result of every step of a watched pass."""

__all__ = ["Network", "PlanError", "StepError", "layers", "watch"]


class StepError(Exception):
    """A step failed in torch: `node` is its full id ("block1.conv1" in every round), `original` the error."""

    def __init__(self, node: str, original: Exception) -> None:
        super().__init__(node, original)
        self.node = node
        self.original = original

    def __str__(self) -> str:
        return f"{self.node}: {self.original}"


@dataclass(frozen=True, slots=True)
class Line:
    """One step, ready to run: it fills the slots `written`; those in `dropped` have had their last reader."""

    node: str
    run: Callable[[Slots, Modules], None]
    written: range
    dropped: tuple[int, ...]


class Network(nn.Module):
    """The network of a plan. `forward` takes the plan's inputs and returns a tuple of its outputs, in order.

    It has no public name beside those of `nn.Module`, so that a node may have nearly any id. Layers of the
    user's own are run only where `allowed` has their fingerprint.
    """

    def __init__(self, plan: Plan, allowed: Collection[str] = ()) -> None:
        super().__init__()
        for name, made_by in plan.modules.items():
            try:
                self.add_module(name, _module(made_by, allowed))
            except (KeyError, TypeError) as error:
                raise PlanError(f"No module can be called {name!r}: {error}", name) from error
            except PlanError as error:
                raise PlanError(str(error), f"{name}.{error.node}".rstrip(".")) from error.__cause__
        for first, second in plan.ties:
            _tie(self, first, second)
        _begin(self, plan)
        self._still = plan.still
        compiler = _Compiler(plan)
        self._lines = compiler.lines()
        self._outputs = compiler.outputs
        self._slots = compiler.size - len(plan.inputs)
        self._see: See | None = None

    def forward(self, *inputs: Any) -> tuple[Any, ...]:
        """All outputs; raises StepError, which names the node, where torch refuses a step."""
        slots: Slots = [*inputs, *(None,) * self._slots]
        modules = self._modules
        node = ""
        try:
            for line in self._lines:
                node = line.node
                line.run(slots, modules)
                for slot in line.dropped:
                    slots[slot] = None
        except StepError as error:
            raise StepError(f"{node}.{error.node}", error.original) from error
        except Exception as error:  # torch raises nearly every kind; which node it was must not be lost
            raise StepError(node, error) from error
        except SystemExit as error:  # a layer of the user's own must not end the program
            ended = RuntimeError("it asks Python to exit").with_traceback(error.__traceback__)
            raise StepError(node, ended) from error
        return tuple(output(slots, modules) for output in self._outputs)

    def train(self, mode: bool = True) -> Network:
        """Training or evaluation; frozen modules keep their running statistics in both."""
        super().train(mode)
        for name in self._still:
            self.get_submodule(name).eval()
        return self


class OnNodes(Network):
    """A network over one whole graph. `forward` takes, after the plan's inputs, the numbers of some nodes, and narrows
    the outputs at `places` to them, since loss and metrics look at the nodes of one split alone.
    """

    def __init__(self, plan: Plan, places: Collection[int], allowed: Collection[str] = ()) -> None:
        super().__init__(plan, allowed)
        self._places = frozenset(places)
        self._names = tuple(name for name, _ in plan.outputs)

    def forward(self, *inputs: Any) -> tuple[Any, ...]:
        """All outputs; raises StepError as Network does."""
        *whole, rows = inputs
        outputs = list(super().forward(*whole))
        for place in self._places:
            try:
                outputs[place] = outputs[place][rows]
            except (IndexError, TypeError) as error:
                raise StepError(self._names[place], error) from error
        return tuple(outputs)


class Rounds(nn.ModuleList):
    """A group repeated: each round is fed with the outputs of the round before."""

    def forward(self, *values: Any) -> tuple[Any, ...]:
        """The outputs of the last round."""
        for group in self:
            values = group(*values)
        return values


@contextmanager
def watch(network: Network, see: See) -> Iterator[None]:
    """Calls `see` with the full id ("block1.0.conv1") and the result of every step run meanwhile."""
    watched = [(path, part) for path, part in network.named_modules() if isinstance(part, Network)]
    plain = [(part, part._lines) for _, part in watched]
    for path, part in watched:
        part._lines = tuple(_seen(line, f"{path}." if path else "", see) for line in part._lines)
    try:
        yield
    finally:
        for part, lines in plain:
            part._lines = lines


def layers(network: Network | Rounds) -> dict[str, nn.Module]:
    """Every module of the plan and of its groups by its full id ("block1.0.conv1"), groups themselves left out."""
    found: dict[str, nn.Module] = {}
    for name, child in network.named_children():
        if isinstance(child, (Network, Rounds)):
            found.update((f"{name}.{path}", part) for path, part in layers(child).items())
        else:
            found[name] = child
    return found


def _seen(line: Line, prefix: str, see: See) -> Line:
    def run(slots: Slots, modules: Modules) -> None:
        line.run(slots, modules)
        for slot in line.written:
            see(prefix + line.node, slots[slot])

    return Line(line.node, run, line.written, line.dropped)


def _module(made_by: Call | Plan | tuple[Plan, ...], allowed: Collection[str]) -> nn.Module:
    if isinstance(made_by, Plan):
        return Network(made_by, allowed)
    if isinstance(made_by, tuple):
        return Rounds(Network(plan, allowed) for plan in made_by)
    made = construct(made_by, allowed)
    if not isinstance(made, nn.Module):
        raise PlanError(f"{made_by.target} does not make a module.")
    return made


def _tie(network: nn.Module, first: str, second: str) -> None:
    """Lets the weight called `first` be the very tensor called `second`."""
    owner_path, _, name = first.rpartition(".")
    try:
        weight = network.get_parameter(second)
        owner = network.get_submodule(owner_path)
        own = network.get_parameter(first)
    except AttributeError as error:
        raise PlanError(f"{first} cannot share {second}: {error}") from error
    if own.shape != weight.shape:
        raise PlanError(f"{first} is {tuple(own.shape)} and cannot share {second}, which is {tuple(weight.shape)}.")
    setattr(owner, name, weight)


def _begin(network: nn.Module, plan: Plan) -> None:
    """Draws the weights anew that are to begin otherwise than torch has it, then freezes; groups did so before."""
    for weight, call in plan.inits:
        try:
            resolve(call.target)(network.get_parameter(weight), **call.keywords)
        except (AttributeError, TypeError, ValueError, RuntimeError, OverflowError) as error:
            reason = str(error).split("\n")[0].rstrip(".")
            message = f"{weight} cannot begin with {call.target.rpartition('.')[2]}: {reason}."
            raise PlanError(message, weight.partition(".")[0]) from error
    for name in plan.frozen:
        network.get_submodule(name).requires_grad_(False)
    for name in plan.still:
        network.get_submodule(name).eval()


class _Compiler:
    """Gives every value of a plan a slot and turns its steps into closures over them.

    A name bound twice (`x = ...; x = ...`) gets a new slot each time, so what is read is what stood there.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.places = {given.name: place for place, given in enumerate(plan.inputs)}
        self.size = len(plan.inputs)
        self.outputs: tuple[Run, ...] = ()

    def lines(self) -> tuple[Line, ...]:
        """All steps in order; fills `outputs` and `size` too."""
        runs: list[Callable[[Slots, Modules], None]] = []
        written: list[range] = []
        last: dict[int, int] = {}
        for number, step in enumerate(self.plan.steps):
            last.update((self.place(name), number) for name in refs(step.call))
            before = self.size
            runs.append(self.step(step))
            written.append(range(before, self.size))
        self.outputs = tuple(self.value(value) for _, value in self.plan.outputs)
        kept = {self.place(name) for _, value in self.plan.outputs for name in refs(value)}
        drops: list[list[int]] = [[] for _ in runs]
        for slot, number in last.items():
            if slot not in kept:
                drops[number].append(slot)
        steps = zip(self.plan.steps, runs, written, drops, strict=True)
        return tuple(Line(step.node, run, slots, tuple(dropped)) for step, run, slots, dropped in steps)

    def place(self, name: str) -> int:
        if name not in self.places:
            raise PlanError(f"The plan of {self.plan.title} reads {name!r} before it is computed.")
        return self.places[name]

    def step(self, step: Step) -> Callable[[Slots, Modules], None]:
        compute = self.call(step.call)
        write = self.write(step.result)
        if isinstance(write, int):
            slot = write

            def run_one(slots: Slots, modules: Modules) -> None:
                slots[slot] = compute(slots, modules)

            return run_one
        unpack = write

        def run(slots: Slots, modules: Modules) -> None:
            unpack(slots, compute(slots, modules))

        return run

    def write(self, result: Names) -> int | Callable[[Slots, Any], None]:
        """The slot of a single name, or what spreads a result over the slots of several."""
        if isinstance(result, str):
            if result == UNUSED:
                return lambda _slots, _value: None
            self.places[result] = self.size
            self.size += 1
            return self.size - 1
        parts = [self.write(part) for part in result]

        def unpack(slots: Slots, values: Any) -> None:
            for part, value in zip(parts, values, strict=True):
                if isinstance(part, int):
                    slots[part] = value
                else:
                    part(slots, value)

        return unpack

    def value(self, value: Value) -> Run:
        if isinstance(value, Ref):
            slot = self.place(value.name)
            return lambda slots, _: slots[slot]
        if isinstance(value, Call):
            return self.call(value)
        if isinstance(value, tuple) and not _is_constant(value):
            parts = [self.value(part) for part in value]
            return lambda slots, modules: tuple([part(slots, modules) for part in parts])
        return lambda _slots, _modules: value

    def call(self, call: Call) -> Run:
        if call.target.startswith("self."):
            return self.apply(call)
        function = resolve(call.target)
        reads = [self.value(part) for part in call.positional]
        if all(_is_constant(part) for part in call.keywords.values()):
            fixed = dict(call.keywords)
            return lambda slots, modules: function(*[read(slots, modules) for read in reads], **fixed)
        named = {key: self.value(part) for key, part in call.keywords.items()}
        return lambda slots, modules: function(
            *[read(slots, modules) for read in reads], **{key: read(slots, modules) for key, read in named.items()}
        )

    def apply(self, call: Call) -> Run:
        """A module of the plan on its arguments; looked up at each pass, since modules can be exchanged."""
        name = call.target.removeprefix("self.")
        made_by = self.plan.modules.get(name)
        if made_by is None:
            raise PlanError(f"The plan of {self.plan.title} has no module {name!r}.")
        reads = [self.value(part) for part in call.positional]
        if not isinstance(made_by, Call):
            return lambda slots, modules: _enter(modules[name], [read(slots, modules) for read in reads])
        if len(call.positional) == 1 and isinstance(call.positional[0], Ref) and not call.keywords:
            slot = self.place(call.positional[0].name)
            return lambda slots, modules: modules[name](slots[slot])
        named = {key: self.value(part) for key, part in call.keywords.items()}
        return lambda slots, modules: modules[name](
            *[read(slots, modules) for read in reads], **{key: read(slots, modules) for key, read in named.items()}
        )


def _enter(group: nn.Module, values: list[Any]) -> Any:
    """A group's outputs, a single one bare."""
    outputs = group(*values)
    return outputs[0] if len(outputs) == 1 else outputs


def _is_constant(value: Value) -> bool:
    if isinstance(value, tuple):
        return all(_is_constant(part) for part in value)
    return not isinstance(value, (Ref, Call))
