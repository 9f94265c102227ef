"""How the undo list calls what an edit is about."""

from __future__ import annotations

from collections.abc import Collection


def named(nodes: Collection[str]) -> str:
    """One node by its id, several by their number: "conv1", "3 nodes"."""
    return next(iter(nodes)) if len(nodes) == 1 else f"{len(nodes)} nodes"
