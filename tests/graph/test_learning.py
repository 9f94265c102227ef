"""Edits of how a node learns: one change each, and what names another node follows it."""

from __future__ import annotations

import pytest

from designer.graph import edits, files
from designer.graph.document import EMPTY, Document, Node
from designer.graph.writing import dumps
from designer.problems import Fix, UserError


@pytest.fixture
def pair() -> Document:
    document = edits.add_node(Document(), Node("fc1", "Linear"))
    return edits.add_node(document, Node("fc2", "Linear", learning={"shared_with": "fc1", "l2": 0.1}))


def test_learning_is_set_and_put_back_and_nothing_else_changes(pair: Document) -> None:
    frozen = edits.change_learning(pair, "fc1", {"trainable": False})
    assert frozen.nodes["fc1"].learning == {"trainable": False}
    assert frozen.nodes["fc2"] is pair.nodes["fc2"]
    assert edits.change_learning(frozen, "fc1", {"trainable": False}) is frozen
    thawed = edits.change_learning(frozen, "fc1", unset=("trainable",))
    assert thawed.nodes["fc1"].learning is EMPTY
    assert edits.change_learning(thawed, "fc1", unset=("l1",)) is thawed
    with pytest.raises(UserError, match="no node called nobody"):
        edits.change_learning(pair, "nobody", {"l1": 0.1})


def test_the_name_of_an_owner_is_followed(pair: Document) -> None:
    assert edits.rename(pair, "fc1", "encoder").nodes["fc2"].learning["shared_with"] == "encoder"


def test_copies_of_both_share_among_themselves_and_a_copy_of_one_with_the_original(pair: Document) -> None:
    both, ids = edits.paste(pair, edits.copy(pair, ["fc1", "fc2"]))
    assert both.nodes[ids["fc2"]].learning["shared_with"] == ids["fc1"] != "fc1"
    one, ids = edits.paste(pair, edits.copy(pair, ["fc2"]))
    assert one.nodes[ids["fc2"]].learning == {"shared_with": "fc1", "l2": 0.1}


def test_a_fix_may_change_how_a_node_learns(pair: Document) -> None:
    fix = Fix("Own weights", "change_learning", {"node": "fc2", "unset": ("shared_with",)})
    assert edits.apply_fix(pair, fix).nodes["fc2"].learning == {"l2": 0.1}


def test_learning_is_written_and_read(pair: Document) -> None:
    document = edits.change_learning(pair, "fc1", {"init": {"weight": {"kind": "constant_", "val": 0.5}}})
    text = dumps(document)
    assert '"learning": {"init": {"weight": {"kind": "constant_", "val": 0.5}}}' in text
    assert files.loads(text).nodes == document.nodes
