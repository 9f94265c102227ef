"""Checks a design that is not open, in another thread, so that the window goes on whatever its size."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from designer.compiler.checking.report import Report
from designer.graph.document import Document
from designer.gui.mailbox import Mailbox
from designer.gui.workspace import Workspace

Making = Callable[[], Document]


class Aside(QObject):
    """Answers the newest question alone, and one at a time; designs are never changed, so that any thread may read."""

    answered = Signal(object)
    """The Report of the design that was asked about."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._running: Making | None = None
        self._asked: Making | None = None
        self._mailbox = Mailbox(self)
        self._mailbox.came.connect(self._finish)

    def ask(self, make: Making) -> None:
        """Ask what would be wrong with the design that `make` makes from the open one."""
        self._asked = make
        if self._running is None:
            self._begin(make)

    def forget(self) -> None:
        """Nobody wants to know any more."""
        self._asked = None

    def _begin(self, make: Making) -> None:
        self._running = make
        self._mailbox.start(lambda tell: self._work(make, tell))

    def _work(self, make: Making, tell: Callable[[Report | None], None]) -> None:
        """This runs in the other thread."""
        report: Report | None = None
        try:
            report = self._workspace.outlook(make())
        finally:
            tell(report)

    def _finish(self, report: Report | None) -> None:
        answered, self._running = self._running, None
        if self._asked is not None and self._asked is not answered:
            self._begin(self._asked)
        elif self._asked is not None and report is not None:
            self._asked = None
            self.answered.emit(report)
