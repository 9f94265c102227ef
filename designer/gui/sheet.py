"""One of several open designs, as it is kept while another one is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from designer.compiler.checking.report import Report
from designer.graph.document import Document
from designer.graph.history import History


@dataclass(eq=False)
class Sheet:
    """A design with its history, its file, and what of it was shown and selected.

    Of the one that is shown, the workspace has the truth; `Workspace.keep` writes it here.
    """

    history: History
    saved: Document
    path: Path | None = None
    place: tuple[str, ...] = ()
    selection: frozenset[str] = frozenset()
    report: Report | None = None

    @classmethod
    def empty(cls) -> Sheet:
        """A design that was never touched."""
        return cls.of(Document())

    @classmethod
    def of(cls, document: Document, path: Path | None = None) -> Sheet:
        """A design as it was read."""
        return cls(History.of(document), document, path)

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        return self.history.document is not self.saved

    @property
    def title(self) -> str:
        """What the design is called: its file's name, or its own."""
        return self.path.stem if self.path is not None else self.history.document.name or "Untitled"
