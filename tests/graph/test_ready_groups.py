"""The groups that stand ready: each is one sound group, placed as it is, with its card beside it."""

from __future__ import annotations

import pytest

from designer.graph import files
from designer.graph.document import Document
from designer.graph.ready_groups import READY, ReadyGroup, ready_groups
from designer.graph.writing import dumps

each = pytest.mark.parametrize("ready", ready_groups().values(), ids=ready_groups())


@each
def test_a_ready_group_says_what_it_is_in_one_sentence(ready: ReadyGroup) -> None:
    assert ready.title
    assert ready.lesson.endswith(".")
    assert "\n" not in ready.lesson
    assert ready.aliases


@each
def test_a_placed_one_is_written_and_read_with_all_that_is_inside(ready: ReadyGroup) -> None:
    design = Document(nodes={ready.node.id: ready.node})
    again = files.loads(dumps(design))
    assert again.nodes[ready.node.id] == ready.node
    assert again.nodes[ready.node.id].extra[READY] == ready.name
