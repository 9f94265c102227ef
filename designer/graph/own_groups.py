"""The user's own library: groups kept as files in a folder, to be placed in any design.

Each is a design with one node, a group that shows a block; its name is the title. What stands in a file is read and
never run; a file that is no such design is left out, with one sentence why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from designer.graph import files
from designer.graph.blocks import BLOCK, Adopted, Blocks, adopted, block_named, needed
from designer.graph.document import EMPTY, Document, Node
from designer.graph.grouping import GROUP
from designer.graph.names import legal
from designer.graph.ready_groups import ReadyGroup
from designer.problems import UserError

SUFFIX = ".netwright"
MOST = 500
"""Files that are read."""
LONGEST = 60
"""Letters of a title."""
FOREIGN = frozenset({"shared_with", "load"})
"""Ways to learn that name something which another design does not have."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a folder holds: the groups by name, and a sentence for each file that is none."""

    groups: Mapping[str, ReadyGroup]
    refused: Mapping[str, str]


def read_own(folder: Path) -> Own:
    """All groups in a folder, by title; none where there is no such folder."""
    found: list[ReadyGroup] = []
    refused: dict[str, str] = {}
    for path in sorted(islice(folder.glob(f"*{SUFFIX}"), MOST)):
        try:
            found.append(_read(path))
        except UserError as error:
            refused[path.name] = str(error)
    return Own({own.name: own for own in sorted(found, key=lambda own: own.title.casefold())}, refused)


def _read(path: Path) -> ReadyGroup:
    design = files.read(path)
    nodes = list(design.nodes.values())
    shown = len(nodes) == 1 and nodes[0].layer == GROUP
    if not shown or (nodes[0].inside is None and block_named(nodes[0]) not in design.blocks):
        raise UserError(f"{path.name} holds no group for the library: it must have one node, a group.")
    node, blocks = _as_block(nodes[0], design.blocks)
    return ReadyGroup(path.stem, design.name or path.stem, design.notes, (), node, EMPTY, blocks)


def _as_block(node: Node, blocks: Blocks) -> tuple[Node, Blocks]:
    """A group that shows a block, and all blocks that it takes."""
    if node.inside is not None:
        name = legal(node.id)
        taken = adopted({name: node.inside}, needed(node.inside, blocks))  # no inner one may have this name
        inside = replace(node.inside, nodes={id_: taken.node(inner) for id_, inner in node.inside.nodes.items()})
        shown = replace(node, inside=None, settings={**node.settings, BLOCK: name})
        return shown, {**taken.new, name: inside}
    return node, needed(Document({node.id: node}), blocks)


def store(folder: Path, node: Node, blocks: Blocks, title: str, lesson: str = "") -> Path:
    """Keep a group of a design in a folder, under a title that is free there; raises UserError.

    Its settings must be numbers: formulas would name variables of the design.
    """
    shown, taken = _as_block(node, blocks)
    learning = {name: value for name, value in node.learning.items() if name not in FOREIGN}
    shown = replace(shown, learning=learning or EMPTY, bypassed=False, color="", note="")
    path = _free_path(folder, title)
    design = Document(
        {shown.id: shown}, positions={shown.id: (0.0, 0.0)}, name=_title(path, title), notes=lesson, blocks=taken
    )
    _made(folder)
    files.write(design, path)
    return path


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The library's folder {folder} cannot be made: {error.strerror}.") from error


def _stem(title: str) -> str:
    return re.sub(r"[^\w-]+", "_", title.casefold(), flags=re.ASCII).strip("_")[:LONGEST] or "group"


def _free_path(folder: Path, title: str) -> Path:
    """A file for a title that none has yet: with a number where there are several."""
    return next(path for path in _paths(folder, _stem(title)) if not path.exists())


def _paths(folder: Path, stem: str) -> Iterator[Path]:
    yield folder / f"{stem}{SUFFIX}"
    yield from (folder / f"{stem}_{number}{SUFFIX}" for number in range(2, 10**6))


def _title(path: Path, title: str) -> str:
    number = path.stem.removeprefix(_stem(title)).removeprefix("_")
    return f"{title} {number}".strip()


def rename(folder: Path, name: str, title: str) -> None:
    """Give a group of the library another title; raises UserError."""
    plain = " ".join(title.split())
    if not plain or len(plain) > LONGEST:
        raise UserError(f"A title has 1 to {LONGEST} letters.")
    path = folder / f"{name}{SUFFIX}"
    files.write(replace(files.read(path), name=plain), path)


def delete(folder: Path, name: str) -> None:
    """Take a group out of the library; raises UserError."""
    try:
        (folder / f"{name}{SUFFIX}").unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{name}{SUFFIX} cannot be deleted: {error.strerror}.") from error


def taken_into(document: Document, ready: ReadyGroup) -> Adopted:
    """What the blocks of a ready group are called in a design, and those that the design lacks."""
    return adopted(document.blocks, ready.blocks) if ready.blocks else Adopted(EMPTY, EMPTY)
