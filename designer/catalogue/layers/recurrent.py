"""Layers that read a sequence step by step and carry a memory along."""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Ref, Saved, Site, Step, Weights, sample
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, count, dims, total
from designer.plan import UNUSED, Names, Value


class Recurrent(Layer):
    """What LSTM, GRU and RNN have in common; itself no layer."""

    category = "Recurrent"
    gates: ClassVar[int] = 0
    """How many times hidden_size rows each weight has."""
    inputs = (
        Port("x", "The sequence: one row of features for each step."),
        Port("state", "The memory to begin with; zeros where nothing is linked.", optional=True),
    )
    outputs = (
        Port("output", "The hidden state after every step, one row each."),
        Port("last", "The hidden state after the last step, of both directions joined."),
        Port("state", "The memory after the last step, for another layer of the same kind and size."),
    )

    hidden_size = Setting(64, "How many numbers the memory holds.", minimum=1)
    num_layers = Setting(1, "How many layers are stacked, each reading the one below.", minimum=1, maximum=100)
    bias = Setting(True, "Whether learned numbers are added in each gate.")
    dropout = Setting(0.0, "The share set to zero between layers; needs two or more.", minimum=0.0, maximum=1.0)
    bidirectional = Setting(False, "Whether a second memory reads the sequence from its end.")

    def output(self, x: Specs, state: Specs | None = None) -> dict[str, Specs]:
        x = demands.tensor(self, x, "x")
        demands.batch_first(self, x, "x")
        wanted = (2, 3) if x.batch is None else (3,)
        hint = "Put a Reshape in front that makes steps and features."
        demands.rank(self, x, wanted, "a sequence of steps x features", hint, "x")
        demands.features(self, x, "x")
        demands.dtype(self, x, demands.WEIGHT, "x")
        self._check_settings()
        carried = self._state(x)
        if state is not None:
            self._check_state(carried, state)
        width = self._step_width * self._directions
        output = x.with_shape((*x.shape[:-1], width))
        demands.within_reach(self, output, self.weights(x), "hidden_size")
        return {"output": output, "last": x.with_shape((*x.shape[:-2], width)), "state": carried}

    def weights(self, x: TensorSpec, state: Specs | None = None) -> Weights:
        rows, back = self.gates * self.hidden_size, self._step_width
        weights: Weights = {}
        for layer, width in enumerate(self._widths(x)):
            for suffix in ("", "_reverse")[: self._directions]:
                weights[f"weight_ih_l{layer}{suffix}"] = (rows, width)
                weights[f"weight_hh_l{layer}{suffix}"] = (rows, back)
                if self.bias:
                    weights[f"bias_ih_l{layer}{suffix}"] = (rows,)
                    weights[f"bias_hh_l{layer}{suffix}"] = (rows,)
                if back != self.hidden_size:
                    weights[f"weight_hr_l{layer}{suffix}"] = (back, self.hidden_size)
        return weights

    def macs(self, x: TensorSpec, state: Specs | None = None) -> int:
        matrices = sum(count(*shape) for name, shape in self.weights(x).items() if name.startswith("weight"))
        return count(*x.shape[:-1], matrices)

    def call(self, x: TensorSpec, state: Specs | None = None) -> Call:
        settings: dict[str, Value] = {"input_size": demands.features(self, x, "x"), "hidden_size": self.hidden_size}
        names = ("num_layers", "bias", "bidirectional", *(("dropout",) if self.num_layers > 1 else ()))
        extra = {**self.changed(*names), **self._extra(), "batch_first": True}
        return Call(f"nn.{demands.name(self)}", {**settings, **extra})

    def forward(self, site: Site, x: TensorSpec, state: Specs | None = None) -> tuple[Step, ...]:
        """The module's line, and one that picks `last` where it is read; what is not read gets no name."""
        output = site.outputs.get("output", UNUSED)
        carried, last = site.outputs.get("state"), site.outputs.get("last")
        if last is None:
            return (Step((output, carried or UNUSED), site.module(), site.name),)
        result: Names = (output, carried) if carried else (output, self._hidden_alone(last))
        hidden = self._hidden(Ref(carried)) if carried else Ref(last)
        layers = [Call("[]", positional=(hidden, -each)) for each in range(self._directions, 0, -1)]
        pick = layers[0] if len(layers) == 1 else Call("torch.cat", {"dim": -1}, (tuple(layers),))
        return Step(result, site.module(), site.name), Step(last, pick, site.name)

    def badge(self) -> str:
        layers = f" x{self.num_layers}" if self.num_layers > 1 else ""
        return f"{self.hidden_size}{layers}{' both ways' if self.bidirectional else ''}"

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def _step_width(self) -> int:
        """How many numbers one direction puts out after each step."""
        return self.hidden_size

    def _inside(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        """What one direction of a layer works out at every step, and keeps."""
        projected = self._step_width if self._step_width != self.hidden_size else 0
        return (x.with_shape((*x.shape[:-1], 7 * self.hidden_size + projected)),)

    def _widths(self, x: TensorSpec) -> list[int]:
        """How many features each layer of the stack reads."""
        return [demands.features(self, x, "x"), *(self.num_layers - 1) * [self._step_width * self._directions]]

    def _memory(self, x: TensorSpec, width: int) -> TensorSpec:
        """One tensor of the state: layers first, then the batch."""
        stack = self.num_layers * self._directions
        return TensorSpec((stack, *x.shape[:-2], width), x.dtype, None if x.batch is None else 1)

    def _extra(self) -> dict[str, Value]:
        """Keywords of the one layer alone."""
        return {}

    def _check_settings(self) -> None:
        return None

    def _check_state(self, wanted: Specs, state: Specs) -> None:
        if state != wanted:
            raise Misfit(
                f"{demands.name(self)} needs a state of {_shapes(wanted)}, but {_shapes(state)} comes in.",
                "Link the state of a layer of the same kind, with the same settings.",
                code="shapes",
                port="state",
            )

    def _state(self, x: TensorSpec) -> Specs:
        raise NotImplementedError

    def _hidden(self, state: Value) -> Value:
        """The hidden state, taken out of the value of the state."""
        raise NotImplementedError

    def _hidden_alone(self, name: str) -> str | tuple[str, ...]:
        """How the module's second result is unpacked where only the hidden state is wanted."""
        raise NotImplementedError

    def saved(self, x: TensorSpec, state: Specs | None = None) -> Saved:
        """What each layer reads, and what each direction works out at every step.

        What comes in is laid out by steps, by each direction for itself.
        """
        own: list[TensorSpec] = []
        for place, width in enumerate(self._widths(x)):
            read = x.with_shape((*x.shape[:-1], width))
            copies = 1 + int(self.dropout > 0) if place else self._directions
            own += [*(read,) * copies, *self._inside(x) * self._directions]
        return Saved(own=tuple(own))


class LSTM(Recurrent):
    """Reads a sequence step by step; gates decide what its memory keeps, forgets and shows."""

    title, gates = "LSTM", 4
    usual = True
    aliases = ("long short-term memory", "recurrent", "sequence", "memory")
    samples = (
        sample((4, 3), hidden_size=5),
        sample(("T", 3), hidden_size=4, num_layers=2, bidirectional=True, dropout=0.5),
        sample((2, 3), hidden_size=4, proj_size=2, num_layers=2, bias=False, bidirectional=True),
        sample(TensorSpec((3, 2), batch=None), hidden_size=3, bidirectional=True),
    )

    proj_size = Setting(0, "Squeezes the hidden state to this many numbers; 0 leaves it as it is.", minimum=0)

    @property
    def _step_width(self) -> int:
        return self.proj_size or self.hidden_size

    def _extra(self) -> dict[str, Value]:
        return self.changed("proj_size")

    def _inside(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        """Without a projection, what oneDNN's kernel lays down: gates and states, most of them in whole blocks."""
        if self.proj_size:
            return super()._inside(x)
        shown = x.with_shape((*x.shape[:-1], self.hidden_size))
        gates = _blocks(4 * self.hidden_size) + _blocks(self.hidden_size)
        states = 6 * _blocks(self.hidden_size) + 4 * self.hidden_size
        longer = x.with_shape((*x.shape[:-2], total((x.shape[-2], 1)), states))
        return shown, x.with_shape((*x.shape[:-1], gates)), longer

    def _check_settings(self) -> None:
        if self.proj_size >= self.hidden_size:
            raise Misfit(
                f"proj_size is {self.proj_size}, but it must be smaller than hidden_size, {self.hidden_size}.",
                "Take a smaller proj_size, or 0 for none.",
                "proj_size",
                suggest=0,
            )

    def _state(self, x: TensorSpec) -> Specs:
        return self._memory(x, self._step_width), self._memory(x, self.hidden_size)

    def _hidden(self, state: Value) -> Value:
        return Call("[]", positional=(state, 0))

    def _hidden_alone(self, name: str) -> str | tuple[str, ...]:
        return name, UNUSED


class GRU(Recurrent):
    """A simpler LSTM: two gates and one memory, often as good and a quarter cheaper."""

    title, gates = "GRU", 3
    aliases = ("gated recurrent unit", "recurrent", "sequence", "memory")
    samples = (
        sample((4, 3), hidden_size=5),
        sample(("T", 3), hidden_size=4, num_layers=2, bidirectional=True, dropout=0.5),
        sample((2, 3), hidden_size=4, num_layers=3, bias=False),
    )

    def _state(self, x: TensorSpec) -> Specs:
        return self._memory(x, self.hidden_size)

    def _hidden(self, state: Value) -> Value:
        return state

    def _hidden_alone(self, name: str) -> str | tuple[str, ...]:
        return name


class RNN(Recurrent):
    """The plainest recurrent layer: each step mixes what comes in with the memory of the step before."""

    title, gates = "RNN", 1
    aliases = ("Elman network", "vanilla RNN", "simple recurrent", "sequence", "memory")
    samples = (
        sample((4, 3), hidden_size=5),
        sample(("T", 3), hidden_size=4, num_layers=2, bidirectional=True, dropout=0.5, nonlinearity="relu"),
        sample((2, 3), hidden_size=4, num_layers=3, bias=False),
    )

    nonlinearity = Setting("tanh", "What bends the memory after each step.", choices=("tanh", "relu"))

    def _extra(self) -> dict[str, Value]:
        return self.changed("nonlinearity")

    def _state(self, x: TensorSpec) -> Specs:
        return self._memory(x, self.hidden_size)

    def _hidden(self, state: Value) -> Value:
        return state

    def _hidden_alone(self, name: str) -> str | tuple[str, ...]:
        return name

    def _inside(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        return (x.with_shape((*x.shape[:-2], total((x.shape[-2], 1)), self.hidden_size)),)


def _shapes(state: Specs) -> str:
    parts = state if isinstance(state, tuple) else (state,)
    return " and ".join(dims(part.full) for part in parts)


def _blocks(length: int) -> int:
    """A length rounded up to whole blocks of 16, and a block more where it is a multiple of 256."""
    whole = -(-length // 16) * 16
    return whole if whole % 256 else whole + 16
