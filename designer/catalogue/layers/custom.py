"""The layer that the user writes: what it does is in its text, which nothing on this floor runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from designer.catalogue.custom_code import TEMPLATE, Script, read_arguments, read_script
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Site, Step
from designer.plan import UNUSED, Value


class Custom(Layer):
    """A layer of your own, written in Python; it is run by the worker, and only once you allow it.

    Its ports are those of its `forward`. What comes out of it, its weights and its cost are known to the
    worker alone, which runs it: see `designer.compiler.checking.custom`.
    """

    title, category, role = "Custom layer", "Custom code", "custom"
    aliases = ("own layer", "Python", "code", "nn.Module", "lambda", "user-defined")
    first_settings: ClassVar[Mapping[str, object]] = {"code": TEMPLATE}

    code = Setting("", "Python: imports, and one class of nn.Module with a docstring.", python=True)
    arguments = Setting("", "What its constructor is given, such as features=32, bias=False.")

    def __init__(self, /, **values: object) -> None:
        super().__init__(**values)
        self.script = read_script(self.code) if self.code.strip() else Script()
        self.given: dict[str, Value] = read_arguments(self.arguments, self.script) if self.script.name else {}
        # Every text has ports of its own.
        self.inputs: tuple[Port, ...] = self.script.inputs  # type: ignore[misc]
        self.outputs: tuple[Port, ...] = self.script.outputs  # type: ignore[misc]

    def call(self, *x: Any) -> Call:
        return Call(f"custom.{self.script.name}", self.given, (), self.code)

    def forward(self, site: Site, *x: Any) -> tuple[Step, ...]:
        positional: list[Value] = []
        named: dict[str, Value] = {}
        for port in self.inputs:
            if port.name not in site.inputs:
                continue
            # After a port that is left open, a value needs its name.
            if port.name in self.script.named or len(positional) < self.inputs.index(port):
                named[port.name] = site.inputs[port.name][0]
            else:
                positional.append(site.inputs[port.name][0])
        call = Call(f"self.{site.name}", named, tuple(positional))
        if len(self.outputs) == 1:
            return (Step(site.first, call, site.name),)
        return (Step(tuple(site.outputs.get(port.name, UNUSED) for port in self.outputs), call, site.name),)

    def badge(self) -> str:
        return self.script.name[:20]
