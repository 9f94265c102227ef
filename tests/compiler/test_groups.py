"""Groups: their ports, their rounds, the blocks they share, and how they can go wrong."""

from __future__ import annotations

from dataclasses import replace

from designs import codes, design, group, node

from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.groups import MOST_NODES, group_ports
from designer.graph import edits
from designer.graph.document import Document

ROW = node("row", "Input", shape=(6,))
OUT = node("out", "Output")


def one_layer(layer: str = "Linear", **settings: object) -> Document:
    return design(node("x", "Input"), node("lin", layer, **settings), node("y", "Output"), links="x lin y")


def test_a_groups_inputs_and_outputs_are_its_ports_in_the_order_of_its_nodes() -> None:
    inside = design(node("b", "Input"), node("z", "Output"), node("a", "Input"), node("y", "Output"), links="b z, a y")
    inputs, outputs = group_ports(inside)
    assert [port.name for port in inputs] == ["b", "a"]
    assert [port.name for port in outputs] == ["z", "y"]


def test_what_reaches_a_group_reaches_its_inputs() -> None:
    report = check(design(ROW, group("g", one_layer(out_features=3)), OUT, links="row g out"))
    assert report.problems == ()
    assert report.nodes["out"].shape == TensorSpec((3,))
    assert report.parameters == 6 * 3 + 3
    assert [name for name, _ in report.rows()] == ["row", "g.x", "g.lin", "g.y", "out"]


def test_rounds_may_change_the_shape_and_each_has_weights_of_its_own() -> None:
    report = check(design(ROW, group("g", one_layer(out_features=3), repeat=3), OUT, links="row g out"))
    assert [done.parameters for done in report.nodes["g"].rounds] == [6 * 3 + 3, 3 * 3 + 3, 3 * 3 + 3]
    assert [name for name, each in report.rows() if each.node.layer == "Linear"] == ["g.0.lin", "g.1.lin", "g.2.lin"]


def test_a_problem_inside_is_said_once_for_all_rounds_and_names_the_way() -> None:
    nested = group("inner", one_layer(out_features=0))
    outer = design(node("x", "Input"), nested, node("y", "Output"), links="x inner y")
    report = check(design(ROW, group("g", outer, repeat=4), OUT, links="row g out"))
    assert [(p.code, p.node) for p in report.problems] == [("setting", "g.inner.lin")]
    assert report.problems[0].fixes[0].inside == ("g", "inner")


def test_a_round_that_breaks_only_later_is_found() -> None:
    shrink = one_layer("Conv2d", out_channels=1, kernel_size=3)
    report = check(
        design(node("image", "Input", shape=(1, 8, 8)), group("g", shrink, repeat=4), OUT, links="image g out")
    )
    assert [(p.code, p.node) for p in report.problems] == [("window", "g.lin")]


def test_an_open_port_of_a_group_is_a_problem_and_what_is_inside_is_still_looked_at() -> None:
    report = check(design(ROW, group("g", one_layer(out_features=0)), OUT, links="g out, row out"))
    assert [(p.code, p.node, p.port) for p in report.problems] == [
        ("unconnected", "g", "x"), ("setting", "g.lin", None), ("crowded-port", "out", "x"),
    ]  # fmt: skip


def test_groups_that_name_a_block_share_it() -> None:
    document = design(ROW, group("a", block="res"), group("b", block="res"), OUT, links="row a b out",
                      blocks={"res": one_layer(out_features=6)})  # fmt: skip
    assert check(document).problems == ()
    wider = edits.within(document, ("a",), lambda inside: edits.change_settings(inside, "lin", {"out_features": 9}))
    assert check(wider).nodes["b"].outgoing == {"y": TensorSpec((9,))}


def test_a_block_is_found_and_edited_from_within_a_group() -> None:
    inside = design(node("x", "Input"), group("deep", block="res"), node("y", "Output"), links="x deep y")
    document = design(ROW, group("g", inside), OUT, links="row g out", blocks={"res": one_layer(out_features=0)})
    problem = check(document).problems[0]
    assert problem.node == "g.deep.lin"
    assert document.at(("g", "deep")) is document.blocks["res"]
    mended = edits.apply_fix(document, problem.fixes[0])
    assert check(mended).sound
    assert mended.nodes["g"] is document.nodes["g"]


def test_a_block_inside_itself_is_said_once_and_ends() -> None:
    loop = design(node("x", "Input"), group("again", block="a"), group("more", block="a"), node("y", "Output"),
                  links="x again more y")  # fmt: skip
    report = check(design(ROW, group("g", block="a"), OUT, links="row g out", blocks={"a": loop}))
    assert [(p.code, p.node) for p in report.problems] == [("endless-block", "g.again"), ("endless-block", "g.more")]


def test_blocks_that_hold_each_other_end() -> None:
    def holding(other: str) -> Document:
        return design(node("x", "Input"), group("g", block=other), node("y", "Output"), links="x g y")

    blocks = {"a": holding("b"), "b": holding("a")}
    report = check(design(ROW, group("top", block="a"), OUT, links="row top out", blocks=blocks))
    assert [(p.code, p.node) for p in report.problems] == [("endless-block", "top.g.g")]


def test_blocks_that_double_thirty_times_are_too_large_and_not_walked() -> None:
    blocks = {"b0": one_layer("ReLU")}
    for number in range(1, 30):
        below = f"b{number - 1}"
        blocks[f"b{number}"] = design(
            node("x", "Input"), group("l", block=below), group("r", block=below), node("y", "Output"), links="x l r y"
        )
    report = check(design(ROW, group("top", block="b29"), OUT, links="row top out", blocks=blocks))
    assert codes(report) == ["too-large"]


def test_repeats_inside_repeats_are_counted_before_they_are_walked() -> None:
    inner = design(node("x", "Input"), group("g", one_layer("ReLU"), repeat=1000), node("y", "Output"), links="x g y")
    report = check(design(ROW, group("top", inner, repeat=1000), OUT, links="row top out"))
    assert codes(report) == ["too-large"]
    assert f"at most {MOST_NODES:,}" in report.problems[0].message


def test_groups_that_are_too_many_together_are_too_large_too() -> None:
    large = [group(f"g{number}", one_layer("ReLU"), repeat=1000) for number in range(40)]
    chain = " ".join(["row", *(each.id for each in large), "out"])
    report = check(design(ROW, *large, OUT, links=chain))
    assert codes(report)[0] == "too-large"
    assert report.problems[0].node == "g33"


def test_groups_in_groups_end_at_a_depth() -> None:
    inside = one_layer("ReLU")
    for _ in range(35):
        inside = design(node("x", "Input"), group("g", inside), node("y", "Output"), links="x g y")
    report = check(design(ROW, group("top", inside), OUT, links="row top out"))
    assert codes(report) == ["too-deep"]


def test_a_group_with_nothing_inside_or_an_unknown_block_says_so() -> None:
    report = check(
        design(ROW, group("a"), group("b", block="none"), OUT, links="row a b out", blocks={"": one_layer()})
    )
    assert codes(report) == ["empty-group", "empty-group"]
    assert report.problems[1].message == 'b names the block "none", which this file does not have.'


def test_a_group_needs_an_output_but_no_input() -> None:
    silent = design(node("x", "Input"), node("r", "ReLU"), links="x r")
    report = check(design(ROW, group("g", silent), links="row g"))
    assert ("no-output", "g") in [(p.code, p.node) for p in report.problems]
    constant = design(node("x", "Input"), node("y", "Output"), links="x y")
    assert check(design(ROW, group("g", constant), OUT, links="row g out")).problems == ()


def test_a_repeated_group_must_give_as_many_values_as_it_takes() -> None:
    two = design(node("x", "Input"), node("y", "Output"), node("z", "Output"), links="x y, x z")
    report = check(design(ROW, group("g", two, repeat=2), OUT, links="row g out"))
    assert codes(report) == ["repeat"]


def test_renaming_a_port_inside_a_group_is_followed_outside() -> None:
    two = design(node("x", "Input"), node("side", "Input"), node("y", "Output"), node("sum", "Add"),
                 links="x sum y, side sum")  # fmt: skip
    document = design(ROW, group("g", two), OUT, links="row g, row g.side, g out")
    renamed = edits.within(document, ("g",), lambda inside: edits.rename(inside, "side", "other"))
    assert check(renamed).problems == ()
    assert renamed.links[1].target_port == "other"


def test_renaming_a_port_of_a_block_is_followed_at_every_group_that_shows_it() -> None:
    holder = design(node("x", "Input"), group("b", block="res"), node("y", "Output"), links="x b.x, b.y y")
    document = design(ROW, group("a", block="res"), group("g", holder), OUT, links="row a.x, a.y g, g out",
                      blocks={"res": one_layer(), "other": holder})  # fmt: skip
    renamed = edits.within(document, ("a",), lambda inside: edits.rename(inside, "y", "z"))
    assert check(document).problems == check(renamed).problems == ()
    assert renamed.at(("g",)).links[1].source_port == "z"
    assert renamed.blocks["other"].links[1].source_port == "z"
    renamed = edits.within(document, ("a",), lambda inside: edits.rename(inside, "lin", "z"))
    assert renamed.links is document.links


def test_a_group_reports_again_when_its_block_changes() -> None:
    document = design(ROW, group("g", block="res"), OUT, links="row g out", blocks={"res": one_layer(out_features=3)})
    report = check(document)
    changed = replace(document, blocks={"res": one_layer(out_features=4)})
    assert check(changed, None, report).nodes["out"].shape == TensorSpec((4,))
