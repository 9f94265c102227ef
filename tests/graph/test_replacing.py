"""Layers found wherever they stand and replaced in one step: nothing else of the design is another object then."""

from __future__ import annotations

from dataclasses import replace

from designs import design, group, link, node, whole_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.compiler.checking.check import check
from designer.compiler.substitutes import candidates, replaceable, replacement
from designer.graph.document import Document, Node
from designer.graph.replacing import Address, address_of, at_place, everywhere, substituted


def nested() -> Document:
    block = design(node("i", "Input"), node("act", "ReLU"), node("o", "Output"), links="i act o")
    inside = design(
        node("i", "Input"), node("act", "ReLU"), group("deep", None, block="b"), node("o", "Output"),
        links="i act deep.i, deep.o o",
    )  # fmt: skip
    return design(
        node("x", "Input", shape=(6,)), node("act", "ReLU"), group("g", inside), node("y", "Output"),
        links="x act g.i, g.o y", blocks={"b": block},
    )  # fmt: skip


def swap(document: Document, layer: str, new: str) -> Document:
    found = {address: each for address, each in everywhere(document) if each.layer == layer}
    return substituted(document, {address: replacement(each, new).substitute for address, each in found.items()})


def test_layers_are_found_in_groups_and_blocks_too() -> None:
    found = [address.text for address, each in everywhere(nested()) if each.layer == "ReLU"]
    assert found == ["act", "g.act", "b.act"]
    assert [address.text for address, _ in at_place(nested(), ("g",))] == ["g.i", "g.act", "g.deep", "g.o"]
    assert [address.text for address, _ in at_place(nested(), (), ("g", "x"))][:3] == ["x", "g", "g.i"]
    assert address_of(nested(), ("g", "deep")) == Address((), "b")


def test_all_layers_of_a_kind_become_others_in_groups_and_blocks() -> None:
    after = swap(nested(), "ReLU", "GELU")
    assert {each.layer for _, each in everywhere(after)} == {"Input", "GELU", "Group", "Output"}
    assert check(after).sound
    assert swap(after, "GELU", "ReLU") == nested()


def test_settings_of_the_same_name_are_kept_where_they_fit() -> None:
    conv = node("c", "Conv2d", out_channels="=2*n", kernel_size=(3, 5), padding=1, padding_mode="reflect")
    found = replacement(conv, "ConvTranspose2d")
    assert found.substitute.node.settings == {"out_channels": "=2*n", "kernel_size": (3, 5), "padding": 1}
    assert (found.kept, found.lost) == (("out_channels", "kernel_size", "padding"), ("padding_mode",))
    assert replacement(conv, "Conv1d").lost == ("kernel_size",)
    assert replacement(node("d", "Dropout", p=0.2), "AlphaDropout").substitute.node.settings == {"p": 0.2}


def test_a_default_that_differs_in_the_new_layer_stays_as_it_was() -> None:
    assert replacement(node("a", "LeakyReLU"), "ELU").lost == ()
    before, after = node("a", "MaxPool2d"), replacement(node("a", "MaxPool2d"), "Conv2d").substitute.node
    assert before.settings == {}
    assert after.settings["kernel_size"] == 2


def test_links_that_name_a_port_go_to_the_one_in_its_place() -> None:
    document = design(
        node("x", "Input", shape=(5, 6)), node("lstm", "LSTM", hidden_size=6), node("y", "Output"),
        links="x lstm.x, lstm.output y",
    )  # fmt: skip
    after = swap(document, "LSTM", "Linear")
    assert after.links == (link("x", "lstm.x"), link("lstm.output", "y"))
    attention = swap(after, "Linear", "MultiheadAttention")
    assert attention.links[0] == link("x", "lstm.query")


def test_what_learns_and_looks_in_its_own_way_goes_on_to() -> None:
    old = Node("a", "Linear", {"out_features": 3}, learning={"l2": 0.1}, note="why", bypassed=True)
    new = replacement(old, "Bilinear").substitute.node
    assert replace(new, layer="Linear", settings=old.settings) == old


def test_where_data_enter_and_leave_nothing_is_replaced() -> None:
    assert not any(map(replaceable, ("Input", "Output", "Group")))
    assert replaceable("Mystery")
    assert "Input" not in candidates()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents(), st.sampled_from(candidates()), st.data())
def test_only_what_is_replaced_changes(document: Document, layer: str, data: st.DataObject) -> None:
    found = [(address, each) for address, each in everywhere(document) if replaceable(each.layer)]
    chosen = data.draw(st.lists(st.sampled_from(found), unique_by=lambda each: each[0])) if found else []
    after = substituted(document, {a: replacement(each, layer).substitute for a, each in chosen})
    addresses = {address for address, _ in chosen}
    now = dict(everywhere(after))
    assert list(now) == [address for address, _ in everywhere(document)]
    for address, each in everywhere(document):
        if address in addresses:
            assert now[address].layer == layer
        elif each.inside is None:
            assert now[address] is each
    if not chosen:
        assert after is document
    check(after)
