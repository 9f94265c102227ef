"""The user's own classes in the printed file: as they stand, once each, under names of their own."""

from __future__ import annotations

from typing import Any

import torch

from designer.catalogue.custom_code import TEMPLATE
from designer.compiler.printing.source import source
from designer.engine.network import Network
from designer.plan import Call, Plan, PlanInput, Ref, Step, codes

OTHER = '''\
from __future__ import annotations

import math
import statistics as F
import torch.nn as nn
import collections.abc
from torch import Tensor
from typing import Optional, Any


class Waves(nn.Module):
    """Another class of that name: «Waves»."""

    def __init__(self) -> None:
        super(Waves, self).__init__()
        é = F.mean([1.0, 3.0]); self.y = é * F.mean([1.0])

    def forward(self, x: Tensor, y: Optional[Tensor] = None) -> Tensor:
        assert isinstance([], collections.abc.Sequence)
        return x * self.y * math.pi
'''


def plan(*texts: str, title: str = "Net") -> Plan:
    modules, steps, before = {}, [], "x"
    for number, text in enumerate(texts):
        name = f"own{number}"
        modules[name] = Call("custom.Waves", {}, (), text)
        steps.append(Step(name, Call(f"self.{name}", {}, (Ref(before),)), name))
        before = name
    return Plan(title, (PlanInput("x", (4,)),), modules, tuple(steps), (("y", Ref(before)),))


def same(made: Plan) -> str:
    """The printed text, after it has computed what the engine computes."""
    text = source(made)
    room: dict[str, Any] = {}
    exec(compile(text, "printed", "exec"), room)
    *_, last = [part for part in room.values() if isinstance(part, type) and issubclass(part, torch.nn.Module)]
    network, printed = Network(made, codes(made)), last()
    printed.load_state_dict(network.state_dict())
    x = torch.randn(2, 4)
    assert torch.equal(network(x)[0], printed(x))
    return text


def test_the_users_class_is_printed_as_it_stands() -> None:
    text = same(plan(TEMPLATE))
    assert TEMPLATE[TEMPLATE.index("class ") :] in text
    assert "self.own0 = Waves()" in text


def test_a_class_that_two_layers_share_is_printed_once() -> None:
    assert same(plan(TEMPLATE, TEMPLATE)).count("class Waves(") == 1


def test_classes_of_one_name_and_imports_that_mean_two_things_are_told_apart() -> None:
    text = same(plan(TEMPLATE, OTHER, title="Waves"))
    assert "class Waves2(nn.Module):" in text
    assert "super(Waves2, self)" in text
    assert "class Waves3(nn.Module):" in text
    assert "import statistics as F2\n" in text
    assert "é = F2.mean([1.0, 3.0]); self.y = é * F2.mean([1.0])" in text
    head = text[: text.index("class ")].split("\n\n")
    assert head[1] == "from __future__ import annotations"
    assert head[2] == "\n".join(
        ["import collections.abc", "import math", "import statistics as F2", "from typing import Optional"]
    )
    assert head[3].splitlines() == ["import torch", "from torch import Tensor, nn"]


def test_a_class_called_like_an_import_of_the_file_gets_another_name() -> None:
    text = source(Plan("N", (), {"a": Call("custom.F", {}, (), TEMPLATE.replace("Waves", "F"))}, (), ()))
    assert "class F2(nn.Module):" in text
    assert "self.a = F2()" in text
