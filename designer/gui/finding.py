"""Find: a field over the canvas that lists what answers a text, and the way from one of that to the next."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon

from designer.catalogue import LAYERS
from designer.graph.frames import FIRST_COLOR as FIRST_FRAME
from designer.graph.stickies import FIRST_COLOR as FIRST_NOTE
from designer.gui.canvas.look import shape_text
from designer.gui.finder.popup import Finder
from designer.gui.finder.rows import Choice
from designer.gui.found import FRAME, Entry, Hit, Mark, Path, Writing, answer, entries
from designer.gui.panels.icons import severity_icon, swatch
from designer.gui.split_view import SplitView
from designer.gui.spoken import title_of
from designer.gui.theme import Appearance
from designer.gui.workspace import Workspace

PROMPT = "Find by name, layer, shape, note, frame or problem"
RANKS = 7
SPLIT = "\0"
"""Between the parts of a path in the key of a choice; no id has it."""
MOST_TEXTS = 40
"""Of a note or a problem so many letters stand before what was found."""


class Finding(QObject):
    """Knows what was looked for last, and at which of the nodes that answer it the user is."""

    moved_on = Signal(str)
    """One line about what was gone to by "find next"; or that nothing was found."""

    def __init__(self, workspace: Workspace, canvases: SplitView, appearance: Appearance) -> None:
        super().__init__(canvases)
        self._workspace, self._canvases, self._appearance = workspace, canvases, appearance
        self.text = ""
        """What was looked for last."""
        self._found: list[Entry | Writing] | None = None
        self._at: Path = ()
        workspace.changed.connect(lambda *_: self._forget())

    def _forget(self) -> None:
        self._found = None

    def open(self) -> None:
        """Show the field over the canvas, with the text of the last time."""
        for shown in self._canvases.findChildren(Finder):
            shown.close_finder()
        finder = Finder(self._canvases.active, self._appearance.theme, self._choices, PROMPT)
        finder.empty.setText("Nothing answers that. Try a part of a name, a layer, or a shape as 16 x 8.")
        finder.chosen.connect(lambda key: self._choose(finder.field.text().strip(), key))
        finder.left.connect(lambda by_key: self._canvases.active.setFocus() if by_key else None)
        finder.open_centred()
        finder.field.setText(self.text)
        finder.field.selectAll()

    def _choose(self, text: str, key: str) -> None:
        self.text, self._found = text, None
        self._go(tuple(key.split(SPLIT)))

    def _go(self, path: Path) -> None:
        self._at = path
        if path[0]:
            self._workspace.go_to(path)
        else:
            self._go_to_mark((path[1], path[2]), path[3:])
        self._canvases.active.setFocus()

    def _go_to_mark(self, mark: Mark, place: Path) -> None:
        """Show a frame or a note and select it."""
        if self._workspace.stands(place):
            self._workspace.going.emit()
            self._workspace.enter(place)
            self._canvases.active.marks.come_to(mark)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) node that answers the last text, round and round."""
        if self._found is None:
            self._found = [hit.entry for hit in self.hits(self.text) if hit is not None]
        found = self._found
        if not found:
            self.moved_on.emit(f"Nothing answers “{self.text}” any more.")
            return
        before = next((place for place, entry in enumerate(found) if entry.path == self._at), None)
        here = before + by if before is not None else 0 if by > 0 else -1
        place = here % len(found)
        self._go(found[place].path)
        self._found = found
        self.moved_on.emit(f"{place + 1} of {len(found):,} that answer “{self.text}”: {found[place].full_id}.")

    def hits(self, text: str) -> Iterator[Hit | None]:
        """What answers a text, best first; None for a node that does not, or whose turn comes later."""
        later: list[list[Hit]] = [[] for _ in range(RANKS)]
        for entry in entries(self._workspace.document, self._workspace.report):
            hit = answer(entry, text) if text else Hit(entry, 0)
            if hit is not None and hit.rank == 0:
                yield hit
                continue
            if hit is not None:
                later[hit.rank].append(hit)
            yield None
        for rank in later:
            yield from rank

    def _choices(self, text: str) -> Iterator[Choice | None]:
        for hit in self.hits(text):
            yield self._choice(hit, text) if hit is not None else None

    def _choice(self, hit: Hit, text: str) -> Choice:
        entry, theme = hit.entry, self._appearance.theme
        if isinstance(entry, Writing):
            return self._choice_of_writing(entry, text)
        kind = LAYERS.get(entry.node.layer)
        colour = theme.category(kind.category) if kind is not None else theme.muted

        def drawn() -> QIcon:
            return severity_icon(theme, entry.problems[0].severity) if entry.problems else swatch(colour)

        line = title_of(entry.node)
        if hit.reason:
            line = f"{line}: {excerpt(hit.reason, text)}"
        elif entry.problems:
            line = f"{line}: {entry.problems[0].sentence}"
        shape = entry.report.shape if entry.report is not None else None
        return Choice(
            SPLIT.join(entry.path), entry.full_id, line, drawn, shape_text(shape) if shape is not None else ""
        )

    def _choice_of_writing(self, entry: Writing, text: str) -> Choice:
        """The row of a frame or a note."""
        colour = self._appearance.theme.named(entry.color or (FIRST_FRAME if entry.mark[0] == FRAME else FIRST_NOTE))
        line = "Frame" if entry.mark[0] == FRAME else "Note"
        if entry.place:
            line = f"{line} in {'.'.join(entry.place)}"
        return Choice(SPLIT.join(entry.path), excerpt(entry.text, text), line, lambda: swatch(colour))


def excerpt(told: str, text: str) -> str:
    """A sentence from a little before what was found in it."""
    at = told.casefold().find(text.casefold())
    return told if at <= MOST_TEXTS else f"… {told[told.index(' ', at - MOST_TEXTS) + 1 :]}"
