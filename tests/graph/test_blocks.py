"""Blocks: one network that several groups show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from designs import assert_whole, design, group, node, whole_documents
from hypothesis import HealthCheck, given, settings

from designer.compiler.checking.check import check
from designer.graph import edits
from designer.graph.blocks import adopted, make_block, make_unique, needed, paste_within, rename_block, standalone, uses
from designer.graph.document import Document
from designer.problems import UserError


def inside(width: int = 4) -> Document:
    return design(node("i", "Input"), node("l", "Linear", out_features=width), node("o", "Output"), links="i l o")


def twice(width: int = 4) -> Document:
    """x -> a -> b -> y, where a and b show one block."""
    return design(node("x", "Input", shape=(6,)), group("a", block="net"), group("b", block="net"), node("y", "Output"),
                  links="x a b y", blocks={"net": inside(width)})  # fmt: skip


def test_a_group_becomes_a_block_that_copies_share() -> None:
    whole = design(node("x", "Input", shape=(6,)), group("a", inside()), node("y", "Output"), links="x a y")
    shared = make_block(whole, (), "a")
    assert shared.blocks == {"a": inside()}
    assert shared.nodes["a"].inside is None
    assert check(shared).parameters == check(whole).parameters
    both = paste_within(shared, (), edits.copy(shared, ("a",)))
    wider = edits.within(both, ("a2",), lambda net: edits.change_settings(net, "l", {"out_features": 9}))
    assert wider.blocks["a"].nodes["l"].settings == {"out_features": 9}
    assert uses(wider) == {"a": 2}


def test_a_group_made_unique_no_longer_follows_and_the_last_takes_the_block_along() -> None:
    apart = make_unique(twice(), (), ("a",))
    assert apart.nodes["a"].inside == inside()
    assert apart.nodes["a"].settings == {}
    assert uses(apart) == {"net": 1}
    assert check(apart).parameters == check(twice()).parameters
    assert make_unique(apart, (), ("b",)).blocks == {}
    with pytest.raises(UserError):
        make_unique(apart, (), ("a",))
    with pytest.raises(UserError):
        make_block(twice(), (), "a")


def test_a_block_that_is_renamed_is_followed_by_all_that_show_it() -> None:
    outer = design(node("i", "Input"), group("g", block="net"), node("o", "Output"), links="i g o")
    deep = design(node("i", "Input"), group("inner", outer), node("o", "Output"), links="i inner o")
    whole = replace(twice(), nodes={**twice().nodes, "deep": group("deep", deep)},
                    blocks={"net": inside(), "outer": outer})  # fmt: skip
    new = rename_block(whole, "net", "tower")
    assert list(new.blocks) == ["tower", "outer"]
    assert uses(new) == {"tower": 4, "outer": 0}
    assert new.nodes["x"] is whole.nodes["x"]
    assert rename_block(new, "tower", "net") == whole
    assert rename_block(whole, "net", "net") is whole
    for bad in ("outer", "2 towers", ""):
        with pytest.raises(UserError):
            rename_block(whole, "net", bad)
    with pytest.raises(UserError):
        rename_block(whole, "gone", "tower")


def test_what_is_copied_to_another_design_brings_its_blocks() -> None:
    fragment = replace(edits.copy(twice(), ("a",)), blocks=needed(edits.copy(twice(), ("a",)), twice().blocks))
    empty = paste_within(Document(), (), fragment)
    assert empty.blocks == twice().blocks
    assert paste_within(twice(), (), fragment).blocks == twice().blocks  # the same network is the same block
    other = paste_within(twice(9), (), fragment)
    assert other.blocks == {"net": inside(9), "net2": inside(4)}
    assert other.nodes["a2"].settings == {"block": "net2"}
    again = paste_within(other, (), fragment)
    assert set(again.blocks) == {"net", "net2"}
    assert again.nodes["a3"].settings == {"block": "net2"}


def test_blocks_that_show_others_bring_them_too() -> None:
    outer = design(node("i", "Input"), group("g", block="net"), node("o", "Output"), links="i g o")
    blocks = {"outer": outer, "net": inside(), "unused": inside(7)}
    fragment = design(group("a", block="outer"), blocks=blocks)
    assert set(needed(fragment, blocks)) == {"outer", "net"}
    other = paste_within(design(group("b", block="net"), blocks={"net": inside(9)}), (), fragment)
    assert other.blocks["outer"].nodes["g"].settings == {"block": "net2"}
    assert other.blocks["net2"] == inside()


def test_where_nodes_stand_makes_no_other_block() -> None:
    moved = edits.move(inside(), {"l": (5.0, 700.0)})
    assert adopted({"net": inside()}, {"net": moved}).new == {}
    assert adopted({"net": inside()}, {"net": replace(moved, variables={"n": 1})}).names == {"net": "net2"}


def test_a_group_holds_all_of_its_network_once_its_blocks_are_put_in() -> None:
    outer = design(node("i", "Input"), group("g", block="net", repeat=2), node("o", "Output"), links="i g o")
    alone = standalone(group("a", block="outer", n=3), {"outer": outer, "net": inside()})
    assert alone.settings == {"n": 3}
    assert alone.inside is not None
    assert alone.inside.nodes["g"].settings == {"repeat": 2}
    assert alone.inside.nodes["g"].inside == inside()
    loop = design(node("i", "Input"), group("g", block="loop"), links="i g")
    assert standalone(group("a", block="loop"), {"loop": loop}).inside == loop
    long = {f"b{n}": design(group("g", block=f"b{n + 1}"), group("h", block=f"b{n + 1}")) for n in range(2000)}
    assert standalone(group("a", block="b0"), long).inside is not None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole_documents(), whole_documents())
def test_pasting_between_any_designs_leaves_no_loose_ends_and_changes_no_block(
    document: Document, other: Document
) -> None:
    taken = replace(other, blocks=needed(other, other.blocks))
    after = paste_within(document, (), taken)
    assert_whole(after)
    assert all(after.blocks[name] is block for name, block in document.blocks.items())
    pasted = list(after.nodes.values())[len(document.nodes) :]
    for old, new in zip(other.nodes.values(), pasted, strict=True):
        name = old.settings.get("block")
        assert name not in other.blocks or new.settings["block"] in after.blocks
    assert paste_within(after, (), taken).blocks == after.blocks
