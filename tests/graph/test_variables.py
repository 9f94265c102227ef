"""Variables are set, renamed and removed everywhere at once, and come along when nodes are copied."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from designer.catalogue import LAYERS, with_role
from designer.graph import edits, files
from designer.graph.document import Document, Node
from designer.graph.variables import (
    GROUP_SETTINGS,
    as_value,
    remove_variable,
    rename_variable,
    set_variable,
    users,
)
from designer.graph.writing import dumps
from designer.problems import Fix, UserError

INSIDE = Document(
    {"lin": Node("lin", "Linear", {"out_features": "=2*width"})}, variables={"width": 8, "half": "=width//2"}
)


def document(**settings: Any) -> Document:
    nodes = {
        "conv": Node("conv", "Conv2d", {"out_channels": "=2*width", "kernel_size": (3, "=k")}),
        "plain": Node("plain", "Linear", {"out_features": 4}),
        "g": Node("g", "Group", {"width": "=width", **settings}, INSIDE),
    }
    return Document(nodes, variables={"width": 64, "k": 3, "wide": "=4*width"})


def test_a_variable_is_added_and_changed() -> None:
    added = set_variable(Document(), "width", 64)
    assert added.variables == {"width": 64}
    assert set_variable(added, "width", 64) is added
    assert set_variable(added, "width", 64.0).variables == {"width": 64.0}
    assert repr(set_variable(added, "width", 64.0).variables["width"]) == "64.0"


@pytest.mark.parametrize("name", ["repeat", "block", "2x", "for", "self", "", "a b", "torch"])
def test_a_name_that_the_code_cannot_have_is_refused(name: str) -> None:
    with pytest.raises(UserError):
        set_variable(Document(), name, 1)
    with pytest.raises(UserError):
        rename_variable(document(), "width", name)


def test_no_setting_of_a_group_is_left_for_a_variable() -> None:
    assert set(LAYERS[with_role("group")].settings) == GROUP_SETTINGS


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(UserError, match="already"):
        rename_variable(document(), "width", "k")


def test_a_renamed_variable_is_followed_by_settings_and_by_other_variables_but_not_inside_groups() -> None:
    before = document()
    after = rename_variable(before, "width", "channels")
    assert list(after.variables.items()) == [("channels", 64), ("k", 3), ("wide", "=4*channels")]
    assert after.nodes["conv"].settings["out_channels"] == "=2*channels"
    assert after.nodes["g"].settings == {"width": "=channels"}
    assert after.nodes["g"].inside is INSIDE
    assert after.nodes["plain"] is before.nodes["plain"]


def test_a_variable_renamed_inside_a_group_is_renamed_in_the_groups_settings() -> None:
    after = edits.within(document(), ("g",), lambda inside: rename_variable(inside, "width", "size"))
    assert after.nodes["g"].settings == {"size": "=width"}
    inside = after.at(("g",))
    assert inside.variables == {"size": 8, "half": "=size//2"}
    assert inside.nodes["lin"].settings == {"out_features": "=2*size"}


def test_a_variable_removed_inside_a_group_goes_from_the_groups_settings() -> None:
    after = edits.within(document(repeat=2), ("g",), lambda inside: remove_variable(inside, "width"))
    assert after.nodes["g"].settings == {"repeat": 2}
    assert after.at(("g",)).variables == {"half": "=width//2"}


def test_a_variable_of_a_block_is_renamed_in_all_groups_that_show_it_however_deep() -> None:
    shown = Node("s", "Group", {"block": "res", "width": 3})
    other = Node("o", "Group", {"block": "other", "width": 5})
    holder = Node("h", "Group", {}, Document({"s": shown}))
    whole = Document(
        {"s": shown, "o": other, "h": holder},
        blocks={"res": INSIDE, "other": replace(INSIDE, nodes={"s": shown})},
    )
    after = edits.within(whole, ("s",), lambda inside: rename_variable(inside, "width", "size"))
    wanted = {"block": "res", "size": 3}
    assert after.nodes["s"].settings == wanted
    assert after.nodes["o"] is other
    assert after.at(("h",)).nodes["s"].settings == wanted
    assert after.blocks["other"].nodes["s"].settings == wanted
    assert after.blocks["res"].variables == {"size": 8, "half": "=size//2"}


def test_what_uses_a_variable_is_told_by_name() -> None:
    assert users(document()) == {"width": ("conv", "g"), "k": ("conv",)}


def test_copied_nodes_bring_the_variables_they_need() -> None:
    source = replace(document(), nodes={"c": Node("c", "Linear", {"out_features": "=wide"})})
    fragment = edits.copy(source, {"c"})
    assert fragment.variables == {"width": 64, "wide": "=4*width"}
    pasted, _ = edits.paste(Document(variables={"width": 16}), files.loads(dumps(fragment)))
    assert pasted.variables == {"width": 16, "wide": "=4*width"}
    assert edits.copy(document(), {"plain"}).variables == {}


def test_pasting_what_needs_nothing_leaves_the_variables_the_same_object() -> None:
    whole = document()
    assert edits.paste(whole, edits.copy(whole, {"conv"}))[0].variables is whole.variables


def test_a_fix_may_set_a_variable_inside_a_group() -> None:
    fix = Fix("", "set_variable", {"name": "depth", "value": 2}, ("g",))
    assert edits.apply_fix(document(), fix).at(("g",)).variables["depth"] == 2


def test_variables_inside_groups_and_blocks_are_written_and_read() -> None:
    whole = replace(document(), blocks={"res": INSIDE})
    whole = replace(whole, positions=dict.fromkeys(whole.nodes, (0.0, 0.0)))
    again = files.loads(dumps(whole))
    assert again.at(("g",)).variables == INSIDE.variables
    assert again.blocks["res"].variables == INSIDE.variables
    assert dumps(files.loads(dumps(again))) == dumps(again)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("64", 64), (" -3 ", -3), ("0.5", 0.5), ("1e-3", 0.001), ("2*width", "=2*width"), ("=k", "=k"), ("", "=")],
)
def test_a_typed_value_is_a_number_or_a_formula(text: str, wanted: object) -> None:
    assert as_value(text) == wanted
    assert type(as_value(text)) is type(wanted)
