"""What differs between two runs, as text: their designs and settings, and how they were trained."""

from __future__ import annotations

from pathlib import Path

import msgspec

from designer.compiler.project import open_design
from designer.graph.comparing import compare
from designer.gui.comparison_entries import entries
from designer.problems import UserError
from designer.run_folder import DESIGN, read_facts

ASIDE = ("source", "inputs", "targets", "fields", "optimizer", "split")
"""Parts of a recipe that the designs say in clearer words."""


def differences(one: Path, other: Path) -> list[str]:
    """A line for each difference on the way from one run to the other; raises UserError."""
    old, new = open_design(one / DESIGN), open_design(other / DESIGN)
    lines = [f"{entry.mark.value} {entry.title}: {entry.detail}" for entry in entries(compare(old, new), old, new)]
    return lines + _asked(one, other, lines)


def _asked(one: Path, other: Path, said: list[str]) -> list[str]:
    """What was asked for one run alone, such as its epochs on the command line."""
    try:
        before, after = (msgspec.to_builtins(read_facts(folder).recipe) for folder in (one, other))
    except UserError:
        return []
    found = [name for name in before if name not in ASIDE and before[name] != after.get(name)]
    return [
        f"~ {name}: {before[name]} \u2192 {after[name]}"
        for name in found
        if not any(f"training: {name}:" in line for line in said)
    ]
