"""Lets the design learn from a data file that fell on the canvas: an Input of its shape, and the data settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject

from designer.catalogue import with_role
from designer.catalogue.own_data import OWN_DATA, source_of
from designer.compiler.checking.facts import as_written
from designer.compiler.project import own_settings
from designer.graph.document import Position
from designer.graph.learning_from import learn_from
from designer.own_data.look import Seen
from designer.problems import UserError

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

DESIGN = ".netwright"


class DataDrop(QObject):
    """Looks at the file that fell last, and makes one undo step of it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._workspace = canvas.workspace
        self._waiting: tuple[str, Position] | None = None
        """The file that fell last and is being looked at, and where it fell."""
        self._workspace.looks.told.connect(self._take)

    def learn_from(self, path: Path, at: Position) -> None:
        """Let the design learn from a file, with an Input at a place of the scene; as soon as it was looked at."""
        if self._workspace.place:
            self._workspace.refused.emit("Data feeds the Inputs of the whole design. Leave the group, then drop it.")
            return
        full = str(path.absolute())
        self._waiting = (full, at)
        if self._workspace.looks.has(full):
            self._take(full)
        else:
            self._workspace.looks.ask(full)

    def _take(self, path: str) -> None:
        if self._waiting is None or self._waiting[0] != path:
            return
        (_, at), self._waiting = self._waiting, None
        found = self._workspace.looks.known[path]
        try:
            if isinstance(found, str):
                raise UserError(found)
            self._commit(found, at)
        except UserError as error:
            self._workspace.refused.emit(str(error))

    def _commit(self, found: Seen, at: Position) -> None:
        # Gaps are no reason to refuse a file here: the check tells them, with a fix.
        source = source_of(found)
        own = OWN_DATA[source]
        facts = own(**(own.remedies[0][1] if own.remedies else {})).facts(found)
        kind = with_role("input")
        specs = [facts.fields[name].spec for name in facts.features]
        settings = [own_settings(kind, {"shape": spec.shape, "dtype": spec.dtype}) for spec in specs]
        data = {"source": source, "path": as_written(Path(found.path), self._workspace.home)}
        before = self._workspace.document.nodes
        self._workspace.commit_whole(
            lambda document: learn_from(document, data, kind, settings, at), f"Learn from {found.name}"
        )
        self._workspace.select([name for name in self._workspace.document.nodes if name not in before])


def dragged_file(data: QMimeData) -> Path | None:
    """The first file that is dragged, unless it is a design."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths[0] if paths and all(path.suffix != DESIGN for path in paths) else None
