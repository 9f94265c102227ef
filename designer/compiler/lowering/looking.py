"""The data of a design as a source to look at, even where it cannot be learned from yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.catalogue.own_data import OWN_DATA
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.facts import WIRING, full_paths
from designer.compiler.lowering.recipe import split
from designer.protocol import Source, Split


def source_to_look_at(data: Mapping[str, Any], home: Path | None) -> Source | None:
    """What the design's data settings name, with full paths; None where they name nothing."""
    key = data.get("source")
    if not isinstance(key, str) or not key:
        return None
    paths = full_paths(data, home)
    if key in OWN_DATA and OWN_DATA[key].paths and "path" not in paths:
        return None
    return Source(key, {**{name: value for name, value in data.items() if name not in WIRING}, **paths})


def split_to_look_at(data: Mapping[str, Any]) -> Split:
    """How the examples are split; as usual where the settings are out of range."""
    try:
        return split(data)
    except Misfit:
        return Split()
