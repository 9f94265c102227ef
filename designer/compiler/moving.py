"""A design that is kept in another folder: the files that it names by relative paths are still the same ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from designer.compiler.checking.facts import as_written, full_paths
from designer.graph import edits
from designer.graph.document import Document, Node

LOAD = "load"
"""The part of a node's learning that names a file of weights."""


def moved(document: Document, before: Path | None, after: Path) -> Document:
    """The same design, whose folder was `before` and is `after`; the same object where no path changes."""
    if before == after:
        return document
    data = {
        name: as_written(Path(full), after)
        for name, full in full_paths(document.data, before).items()
        if not Path(str(document.data[name])).is_absolute()
    }
    document = edits.change_data(document, data)
    document = _with_nodes(document, before, after)
    blocks = {name: _with_nodes(block, before, after) for name, block in document.blocks.items()}
    same = all(block is document.blocks[name] for name, block in blocks.items())
    return document if same else replace(document, blocks=blocks)


def _with_nodes(document: Document, before: Path | None, after: Path) -> Document:
    nodes = {name: _node(node, before, after) for name, node in document.nodes.items()}
    same = all(node is document.nodes[name] for name, node in nodes.items())
    return document if same else replace(document, nodes=nodes)


def _node(node: Node, before: Path | None, after: Path) -> Node:
    path = node.learning.get(LOAD)
    if isinstance(path, str) and path and not Path(path).is_absolute():
        full = (before / path if before is not None else Path(path)).absolute()
        node = replace(node, learning={**node.learning, LOAD: as_written(full, after)})
    if node.inside is not None:
        inside = _with_nodes(node.inside, before, after)
        node = node if inside is node.inside else replace(node, inside=inside)
    return node
