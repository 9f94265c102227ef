"""Opening a design as the program means it, looking at it with its data, and where its runs are kept.

Settings that equal the default are not held.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from designer.catalogue import LAYERS
from designer.catalogue.learning import INIT, Learning
from designer.compiler.checking.check import check
from designer.compiler.checking.custom import Answers
from designer.compiler.checking.facts import Files, data_facts
from designer.compiler.checking.report import Report
from designer.graph import files
from designer.graph.document import EMPTY, Document, Node


def open_design(path: Path) -> Document:
    """The design in a file; raises UserError where there is none."""
    return without_defaults(files.read(path))


def examine(
    document: Document, previous: Report | None = None, answers: Answers | None = None, files: Files | None = None
) -> Report:
    """The report of a design together with the data it names; `previous` is reused where it holds.

    `files` says what is known of data files.
    """
    facts, problems = data_facts(document, files)
    report = check(document, facts, previous, answers)
    return replace(report, problems=(*report.problems, *problems)) if problems else report


def free_folder(home: Path, name: str) -> Path:
    """A folder for a run, in `home`, that is not there yet: the design's name and the time."""
    plain = re.sub(r"[^\w-]+", "-", name).strip("-")[:60] or "design"
    stem = f"{plain}-{datetime.now():%Y%m%d-%H%M%S}"
    found, number = home / stem, 2
    while found.exists():
        found, number = home / f"{stem}-{number}", number + 1
    return found


def without_defaults(document: Document) -> Document:
    """The same design without settings, and ways to learn, that only repeat the default; in groups and blocks too."""
    return replace(
        document,
        nodes={name: _trimmed(node) for name, node in document.nodes.items()},
        blocks={name: without_defaults(block) for name, block in document.blocks.items()} or EMPTY,
    )


def _trimmed(node: Node) -> Node:
    settings = own_settings(node.layer, node.settings)
    inside = without_defaults(node.inside) if node.inside is not None else None
    if settings is node.settings and inside is None and not node.learning:
        return node  # as nearly all are: files are written so
    return replace(node, settings=settings, inside=inside, learning=own_learning(node.learning))


def own_learning(learning: Mapping[str, object]) -> Mapping[str, object]:
    """What of a node's learning differs from the default."""
    settings = Learning.settings
    own = {
        name: value
        for name, value in learning.items()
        if not (name in settings and same(value, settings[name].default)) and not (name == INIT and value == {})
    }
    return own or EMPTY


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
    return settings if own and len(own) == len(settings) else own or EMPTY


def same(value: object, default: object) -> bool:
    """Whether two values mean the same setting; True is not 1."""
    return value == default and isinstance(value, bool) == isinstance(default, bool)
