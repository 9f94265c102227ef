"""Lets a design learn from other data: its settings, and Inputs that take what the data gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from designer.graph import edits
from designer.graph.document import Document, Node, Position
from designer.graph.names import id_for
from designer.graph.places import ROW


def learn_from(
    document: Document,
    data: Mapping[str, Any],
    input_layer: str,
    settings: Iterable[Mapping[str, Any]],
    at: Position,
) -> Document:
    """Learn from `data`, with the split as it was; `settings` are those of an Input for each feature.

    The only Input takes the first of them; where there is none, one for each is added, the first one at `at`.
    Several Inputs stay as they are.
    """
    gone = {key: None for key in document.data if key != "split"}
    document = edits.change_data(document, {**gone, **data})
    inputs = [node for node in document.nodes.values() if node.layer == input_layer]
    if len(inputs) == 1:
        first = next(iter(settings), {})
        kept = {key: value for key, value in inputs[0].settings.items() if key not in ("shape", "dtype", "batched")}
        changed = replace(inputs[0], settings={**kept, **first})
        same = dict(changed.settings) == dict(inputs[0].settings)
        return document if same else replace(document, nodes={**document.nodes, changed.id: changed})
    if not inputs:
        x, y = at
        for row, each in enumerate(settings):
            new = id_for(input_layer, document.nodes)
            document = edits.add_node(document, Node(new, input_layer, each), (x, y + row * ROW))
    return document
