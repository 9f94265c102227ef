"""How a node learns: whether it is trained, how its weights begin, what holds them small, whose weights it uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from designer.catalogue.entry import Entry, Setting
from designer.catalogue.tensor import Misfit
from designer.plan import Call, Value

INIT = "init"
"""The key of the initializers: a table from a weight's name to an initializer, hence no plain setting."""


class Learning(Entry):
    """How a node learns.

    On a group, `trainable`, `l1` and `l2` hold for all layers inside: one is frozen where it or a group around it is,
    and strengths add up. `init` stands beside these settings, a table by weight.
    """

    trainable = Setting(
        True, "Whether training changes the weights. Off, they stay as they are, and batch statistics do too."
    )
    l1 = Setting(
        0.0, "Adds l1 times the sum of |w| over the weights, biases left out, to the loss: many become zero.", minimum=0
    )
    l2 = Setting(
        0.0,
        "Adds l2 times the sum of w\u00b2 over the weights, biases left out, to the loss: all stay small.",
        minimum=0,
    )
    shared_with = Setting(
        "", "The node whose weights this one uses: the same layer called again, or the matrix of an embedding."
    )
    load = Setting("", "A safetensors file with which the weights begin; relative to the design's own file.")


class Initializer(Entry):
    """How a weight begins, drawn anew for each run by its seed.

    `function` is its name in `torch.nn.init` and in files. Some draw by how many numbers go in and out, which
    takes a weight of `least_axes`.
    """

    function: ClassVar[str] = ""
    least_axes: ClassVar[int] = 0
    always: ClassVar[tuple[str, ...]] = ()
    """Settings that torch has no default for."""

    def call(self) -> Call:
        """The call of `torch.nn.init`, without the weight."""
        values: dict[str, Value] = {
            name: getattr(self, name)
            for name, setting in self.settings.items()
            if name in self.always or getattr(self, name) != setting.default
        }
        return Call(f"nn.init.{self.function}", values)

    def _refuse(self, message: str, hint: str, setting: str) -> None:
        raise Misfit(message, hint, setting, code="setting")


class XavierUniform(Initializer):
    """Evenly between two bounds, so that the signal keeps its size both ways (Glorot); for sigmoid and tanh."""

    title, function, least_axes = "Xavier uniform", "xavier_uniform_", 2
    gain = Setting(1.0, "Makes the numbers so many times larger.", minimum=0.0)


class XavierNormal(Initializer):
    """From a bell curve, so that the signal keeps its size both ways (Glorot); for sigmoid and tanh."""

    title, function, least_axes = "Xavier normal", "xavier_normal_", 2
    gain = Setting(1.0, "Makes the numbers so many times larger.", minimum=0.0)


MODES = ("fan_in", "fan_out")
NONLINEARITIES = ("leaky_relu", "relu", "selu", "tanh", "sigmoid", "linear")


class KaimingUniform(Initializer):
    """Evenly between two bounds, so that the signal keeps its size through ReLU (He)."""

    title, function, least_axes = "Kaiming uniform", "kaiming_uniform_", 2
    a = Setting(0.0, "The slope of leaky_relu below zero.")
    mode = Setting("fan_in", "Keeps the size of the signal (fan_in) or of the gradient (fan_out).", choices=MODES)
    nonlinearity = Setting("leaky_relu", "The activation that follows.", choices=NONLINEARITIES)


class KaimingNormal(Initializer):
    """From a bell curve, so that the signal keeps its size through ReLU (He)."""

    title, function, least_axes = "Kaiming normal", "kaiming_normal_", 2
    a = Setting(0.0, "The slope of leaky_relu below zero.")
    mode = Setting("fan_in", "Keeps the size of the signal (fan_in) or of the gradient (fan_out).", choices=MODES)
    nonlinearity = Setting("leaky_relu", "The activation that follows.", choices=NONLINEARITIES)


class Orthogonal(Initializer):
    """Rows at right angles to each other, which keep every signal's length; a friend of recurrent networks."""

    title, function, least_axes = "Orthogonal", "orthogonal_", 2
    gain = Setting(1.0, "Makes the numbers so many times larger.", minimum=0.0)


class TruncatedNormal(Initializer):
    """From a bell curve, drawn again where a number falls outside a and b; usual in vision transformers."""

    title, function = "Truncated normal", "trunc_normal_"
    mean = Setting(0.0, "The middle of the curve.")
    std = Setting(1.0, "How wide the curve is; 0.02 is usual.", minimum=0.0)
    a = Setting(-2.0, "The smallest number.")
    b = Setting(2.0, "The largest number.")

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        if self.std == 0:
            self._refuse("std is 0, so nothing can be drawn.", "Set std to 0.02, or choose a constant.", "std")
        if self.a >= self.b:
            self._refuse(f"a is {self.a:g} and b is {self.b:g}, but a must be below b.", "Take a larger b.", "b")
        if not self.a - 2 * self.std <= self.mean <= self.b + 2 * self.std:
            message = f"mean is {self.mean:g}, too far from {self.a:g} to {self.b:g} for numbers to be found there."
            self._refuse(message, "Set mean between a and b.", "mean")


class Normal(Initializer):
    """From a bell curve."""

    title, function = "Normal", "normal_"
    mean = Setting(0.0, "The middle of the curve.")
    std = Setting(1.0, "How wide the curve is.", minimum=0.0)


class Uniform(Initializer):
    """Evenly between two bounds."""

    title, function = "Uniform", "uniform_"
    a = Setting(0.0, "The smallest number.")
    b = Setting(1.0, "The largest number.")

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        if self.a > self.b:
            self._refuse(f"a is {self.a:g} and b is {self.b:g}, but a must not be above b.", "Take a larger b.", "b")


class Zeros(Initializer):
    """All zero: for a bias, or for a branch that is to begin as nothing."""

    title, function = "Zeros", "zeros_"


class Ones(Initializer):
    """All one: for a gain."""

    title, function = "Ones", "ones_"


class ConstantValue(Initializer):
    """All the same number."""

    title, function, always = "Constant", "constant_", ("val",)
    val = Setting(0.0, "The number.")


INITIALIZERS: Mapping[str, type[Initializer]] = {
    kind.function: kind
    for kind in (
        XavierUniform, XavierNormal, KaimingUniform, KaimingNormal, Orthogonal, TruncatedNormal, Normal, Uniform,
        Zeros, Ones, ConstantValue,
    )
}  # fmt: skip
"""By the name in `torch.nn.init`, which a file has."""


def initializer(chosen: object) -> Initializer:
    """The initializer that a file names, "zeros_" or {"kind": "constant_", "val": 0.5}; raises Misfit."""
    values: Mapping[str, Any] = chosen if isinstance(chosen, Mapping) else {"kind": chosen}
    name = values.get("kind")
    kind = INITIALIZERS.get(name) if isinstance(name, str) else None
    if kind is None:
        shown = f'"{name[:40]}"' if isinstance(name, str) else "that"
        raise Misfit(f"There is no initializer called {shown}.", f"Choose one of {', '.join(INITIALIZERS)}.", INIT)
    return kind(**{key: value for key, value in values.items() if key != "kind"})


def chosen_initializer(kind: str, values: Mapping[str, object]) -> object:
    """An initializer as a file has it: its name alone where all its settings are at their defaults."""
    settings = INITIALIZERS[kind].settings
    own = {name: value for name, value in values.items() if value != settings[name].default}
    return {"kind": kind, **own} if own else kind
