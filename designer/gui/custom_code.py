"""The user's own layers in the open design: asks about those that may run, and says which ones wait to be allowed."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from designer.compiler.checking.custom import WAITING, own_code, questions
from designer.graph.changes import Changes
from designer.gui.inspection import Inspection
from designer.gui.workspace import Workspace
from designer.plan import fingerprint
from designer.protocol import Inspected


class CustomCode(QObject):
    """Follows the design and the consent; brings answers into the workspace."""

    waiting_changed = Signal()
    """Other code than before waits to be allowed, or none."""

    def __init__(self, workspace: Workspace, inspection: Inspection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._inspection = workspace, inspection
        self.waiting: tuple[tuple[str, str], ...] = ()
        """The nodes, by full id, whose code the user has not allowed, with that code."""
        workspace.changed.connect(self._follow)
        workspace.title_changed.connect(self._keep)
        workspace.consent.changed.connect(self._ask)
        inspection.told.connect(self._learn)

    def allow(self) -> None:
        """Let all code of the design run, now and whenever it is opened."""
        codes = [code for _, code in self.waiting]
        self._workspace.consent.allow(codes)
        self._workspace.consent.keep(codes)

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.structure:
            self._ask()

    def _ask(self) -> None:
        report, consent = self._workspace.report, self._workspace.consent
        waits = any(problem.code == WAITING for problem in report.problems)
        asked = [each for each in (questions(report) if waits else ()) if consent.allows(each.call.code)]
        self._inspection.ask(tuple(replace(each, allowed=(fingerprint(each.call.code),)) for each in asked))
        waiting = tuple(each for each in own_code(self._workspace.document) if not consent.allows(each[1]))
        if waiting != self.waiting:
            self.waiting = waiting
            self.waiting_changed.emit()

    def _learn(self, answer: Inspected) -> None:
        self._workspace.learn(answer)

    def _keep(self) -> None:
        """What the user wrote himself is not asked about when he opens his file again."""
        if self._workspace.path is not None and not self._workspace.modified:
            self._workspace.consent.keep(code for _, code in own_code(self._workspace.document))
