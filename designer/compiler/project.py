"""Opening and saving a design as the program means it: settings that equal the default are not held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from designer.catalogue import LAYERS
from designer.graph import files
from designer.graph.document import EMPTY, Document, Node


def open_design(path: Path) -> Document:
    """The design in a file; raises UserError where there is none."""
    return without_defaults(files.read(path))


def without_defaults(document: Document) -> Document:
    """The same design without settings that only repeat the default, in groups and blocks too."""
    return replace(
        document,
        nodes={name: _trimmed(node) for name, node in document.nodes.items()},
        blocks={name: without_defaults(block) for name, block in document.blocks.items()} or EMPTY,
    )


def _trimmed(node: Node) -> Node:
    settings = own_settings(node.layer, node.settings)
    inside = without_defaults(node.inside) if node.inside is not None else None
    return replace(node, settings=settings, inside=inside)


def own_settings(layer: str, settings: Mapping[str, object]) -> Mapping[str, object]:
    """The settings that differ from the layer's defaults; all of them for an unknown layer."""
    kind = LAYERS.get(layer)
    if kind is None:
        return settings
    own = {
        name: value
        for name, value in settings.items()
        if name not in kind.settings or not same(value, kind.settings[name].default)
    }
    return own or EMPTY


def same(value: object, default: object) -> bool:
    """Whether two values mean the same setting; True is not 1."""
    return value == default and isinstance(value, bool) == isinstance(default, bool)
