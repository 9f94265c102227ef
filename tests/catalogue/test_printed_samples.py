"""The printed source of every declared sample is plain torch, and computes what the engine computes."""

from __future__ import annotations

import ast
from typing import Any

import pytest
import torch
from truth import ROUNDS, Case, flat, plan_of, run, values

from designer.catalogue import LAYERS
from designer.catalogue.layer import Layer
from designer.compiler.printing.source import source
from designer.engine.network import Network

HELD = {name: layer for name, layer in LAYERS.items() if layer.role not in ("input", "output", "group", "custom")}


def printed(text: str) -> torch.nn.Module:
    """The network that a printed source defines: its last class."""
    room: dict[str, Any] = {}
    exec(compile(text, "printed", "exec"), room)
    name = [part.name for part in ast.parse(text).body if isinstance(part, ast.ClassDef)][-1]
    made = room[name]()
    assert isinstance(made, torch.nn.Module)
    return made.eval()


@pytest.mark.parametrize("layer", HELD.values(), ids=HELD)
def test_the_printed_source_of_a_sample_computes_what_the_engine_computes(layer: type[Layer]) -> None:
    for sample in layer.samples:
        case = Case(layer(**sample.settings), sample.inputs)
        plan = plan_of(case)
        network, other = Network(plan).eval(), printed(source(plan))
        other.load_state_dict(network.state_dict())
        given = values(case, *ROUNDS[0])
        expected = list(flat(run(network, given)))
        found = list(flat(run(other, given)))
        for one, two in zip(expected, found, strict=True):
            assert torch.equal(one.nan_to_num(), two.nan_to_num()), sample
