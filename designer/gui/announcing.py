"""Says aloud, to those who listen with a screen reader, what an edit did and what is selected now."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from designer.compiler.checking.report import Report
from designer.graph.changes import Changes
from designer.graph.history import History
from designer.gui.spoken import problems_in_words, selection_in_words
from designer.gui.workspace import Workspace
from designer.problems import Severity


class Announcer(QObject):
    """Follows the workspace on behalf of the canvas, whose drawing no screen reader can read."""

    def __init__(self, workspace: Workspace, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._workspace, self.canvas = workspace, canvas
        self._history = workspace.history
        self._counts = _counts(workspace.report)
        workspace.changed.connect(self._follow)
        workspace.selection_changed.connect(self._follow_selection)

    def _follow(self, _changes: Changes, _report: Report) -> None:
        before, self._history = self._history, self._workspace.history
        counts, self._counts = self._counts, _counts(self._workspace.report)
        done = what_was_done(before, self._history)
        if done and counts != self._counts:
            self.say(f"{done}. {', '.join(problems_in_words(self._workspace.report.problems)) or 'No problems'}.")
        elif done and self.canvas.hasFocus():
            # Whoever types in a field hears the field.
            self.say(f"{done}.")

    def _follow_selection(self, chosen: frozenset[str]) -> None:
        if chosen and self.canvas.hasFocus():
            self.say(selection_in_words(self._workspace.shown_report, chosen))

    def say(self, text: str) -> None:
        """Announce a text, where anything listens."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.canvas, text))


def what_was_done(before: History, now: History) -> str:
    """The edit between two states of a history, in words; empty where there was none."""
    if now.document is before.document:
        return ""
    known = now.place < len(before.states) and before.states[now.place].document is now.document
    if known and now.place < before.place:
        return f"Undone: {before.undo_label}"
    return f"Done again: {now.undo_label}" if known else now.undo_label or ""


def _counts(report: Report) -> Counter[Severity]:
    return Counter(problem.severity for problem in report.problems)
