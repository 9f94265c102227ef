"""What can be found in a design, inside groups too: nodes by id, layer, shape, note or problems; frames and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from designer.compiler.checking.report import NodeReport, Report
from designer.graph.document import Document, Node
from designer.graph.names import plain_id
from designer.gui.spoken import title_of
from designer.problems import Problem

Path = tuple[str, ...]
"""A node's place in the design: the groups around it, outermost first, and its own id."""
FRAME, STICKY = "frame", "sticky"
Mark = tuple[str, str]
"""A frame or a note: which of both, and its key."""
SHAPE = re.compile(r"[n\d][\dn]*(x[\dn]+)*x?")
"""A shape as somebody types it, without spaces."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A node that can be found, with all that is known of it."""

    path: Path
    node: Node
    report: NodeReport | None
    problems: Sequence[Problem]

    @property
    def full_id(self) -> str:
        """The groups around it and its own id, with dots."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Writing:
    """A frame with a title, or a sticky note, that can be found by what is written there."""

    place: Path
    mark: Mark
    text: str
    color: str

    @property
    def path(self) -> Path:
        """Its place in the design, told from a node's by its first part, which no group has for a name."""
        return ("", *self.mark, *self.place)

    @property
    def full_id(self) -> str:
        """How it is called in a sentence."""
        return f"the {'frame' if self.mark[0] == FRAME else 'note'} “{self.text}”"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that answers a text: how well, 0 best, and the note or problem that does, if it is one of these."""

    entry: Entry | Writing
    rank: int
    reason: str = ""


def entries(document: Document, report: Report) -> Iterator[Entry | Writing]:
    """Every node, frame and note of a design, each group before its inside; of a repeated one the first round."""
    problems: dict[str, list[Problem]] = {}
    for problem in report.problems:
        if problem.node is not None:
            problems.setdefault(plain_id(problem.node), []).append(problem)
    yield from _inside(document, document, report, (), problems)


def _inside(
    whole: Document, document: Document, report: Report | None, place: Path, problems: Mapping[str, list[Problem]]
) -> Iterator[Entry | Writing]:
    for name, node in document.nodes.items():
        found = report.nodes.get(name) if report is not None else None
        path = (*place, name)
        yield Entry(path, node, found, problems.get(".".join(path), ()) if problems else ())
        if node.inside is not None or node.settings.get("block"):
            try:
                inside = whole.inside_of(node)
            except KeyError:
                continue
            yield from _inside(whole, inside, found.rounds[0] if found and found.rounds else None, path, problems)

    for key, frame in document.frames.items():
        if frame.title:
            yield Writing(place, (FRAME, key), frame.title, frame.color)
    for key, sticky in document.stickies.items():
        if words := " ".join(sticky.text.split()):
            yield Writing(place, (STICKY, key), words, sticky.color)


def answer(entry: Entry | Writing, text: str) -> Hit | None:
    """How an entry answers a text; None where it does not."""
    wanted = text.casefold().strip()
    if isinstance(entry, Writing):
        told = entry.text.casefold()
        rank = 1 if entry.mark[0] == FRAME and told.startswith(wanted) else 5
        return Hit(entry, rank) if wanted in told else None
    full, name = entry.full_id.casefold(), entry.node.id.casefold()
    if wanted in (name, full):
        return Hit(entry, 0)
    if name.startswith(wanted) or full.startswith(wanted):
        return Hit(entry, 1)
    title = f"{title_of(entry.node)} {entry.node.layer}".casefold()
    if any(word.startswith(wanted) for word in (title, entry.node.layer.casefold(), *title.split())):
        return Hit(entry, 2)
    if wanted in full or wanted in title:
        return Hit(entry, 3)
    if _in_shape(entry, wanted):
        return Hit(entry, 4)
    if wanted in entry.node.note.casefold():
        return Hit(entry, 5, " ".join(entry.node.note.split()))
    for problem in entry.problems:
        if wanted in f"{problem.severity} {problem.sentence}".casefold():
            return Hit(entry, 6, problem.sentence)
    return None


def _in_shape(entry: Entry, wanted: str) -> bool:
    """Whether the shape has these sizes in a row: "16 x 8" is in "N x 16 x 8 x 8", and not in "N x 116 x 8"."""
    typed = re.sub(r"[\s()]", "", wanted).translate({ord("×"): "x", ord("*"): "x", ord(","): "x"})
    if entry.report is None or entry.report.shape is None or not SHAPE.fullmatch(typed):
        return False
    specs = entry.report.shape
    shapes = specs if isinstance(specs, tuple) else (specs,)
    squeezed = "".join(f"x{str(spec).replace(' ', '').casefold()}x" for spec in shapes)
    return f"x{typed.strip('x')}x" in squeezed
