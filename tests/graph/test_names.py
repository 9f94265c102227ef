"""What may name a node, and how a free name is found."""

from __future__ import annotations

import time

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from designer.graph.names import MODULE_ATTRIBUTES, FreeIds, free_id, id_for, is_legal, legal


def test_every_public_part_of_a_torch_module_is_reserved() -> None:
    parts = {name for name in dir(torch.nn.Module) if not name.startswith("_")}
    parts |= {name for name in vars(torch.nn.Module()) if not name.startswith("_")}
    assert parts <= MODULE_ATTRIBUTES
    assert MODULE_ATTRIBUTES - parts <= {"ipu", "mtia", "compile", "set_submodule"}  # of other versions of torch


@pytest.mark.parametrize("name", ["conv1", "x", "Block", "a_b", "sum", "group", "match"])
def test_python_names_are_legal(name: str) -> None:
    assert is_legal(name)


@pytest.mark.parametrize(
    "name", ["", "1a", "a b", "a.b", "für", "_a", "for", "None", "forward", "self", "nn", "T\ud800", "a" * 201]
)
def test_what_would_break_the_code_is_not(name: str) -> None:
    assert not is_legal(name)


@given(st.text())
def test_the_nearest_legal_id_is_legal_and_a_legal_one_stays(name: str) -> None:
    assert is_legal(legal(name))
    if is_legal(name):
        assert legal(name) == name


@pytest.mark.parametrize(
    ("wanted", "taken", "free"),
    [
        ("conv1", (), "conv1"),
        ("conv1", ("conv1",), "conv2"),
        ("conv1", ("conv1", "conv2", "conv3"), "conv4"),
        ("sum", ("sum",), "sum2"),
        ("node_1", ("node_1",), "node_2"),
        ("7", ("7",), "node1"),
    ],
)
def test_a_taken_id_becomes_the_same_word_with_the_next_number(wanted: str, taken: tuple[str, ...], free: str) -> None:
    assert free_id(wanted, taken) == free


@given(
    st.lists(st.sampled_from(["a", "a1", "a2", "b_1", "b_2", "b", "1"])), st.sets(st.sampled_from(["a", "a1", "b_2"]))
)
def test_many_free_ids_are_those_found_one_by_one(wanted: list[str], taken: set[str]) -> None:
    free = FreeIds(taken)
    for name in wanted:
        expected = free_id(name, taken)
        assert free.take(name) == expected
        taken = {*taken, expected}


def test_ten_thousand_free_ids_take_a_moment() -> None:
    started = time.perf_counter()
    free = FreeIds(())
    assert len({free.take("conv1") for _ in range(10_000)}) == 10_000
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(("layer", "name"), [("Conv2d", "conv1"), ("Linear", "linear1"), ("LSTM", "lstm1")])
def test_a_new_node_is_called_after_its_layer(layer: str, name: str) -> None:
    assert id_for(layer, ()) == name
