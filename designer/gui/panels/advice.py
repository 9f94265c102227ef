"""What is wrong with the run under way or the last one, in plain words, each with one thing to do."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.diagnosis import findings
from designer.gui.panels.problem_row import ProblemRow
from designer.gui.panels.widgets import heading
from designer.gui.runs import Run, Runs
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.problems import Problem

LOOK_AGAIN = 1000
"""Milliseconds between two looks at a run under way."""


class Advice(QWidget):
    """Looks at the run once a second, and at its end; hidden while there is nothing to say."""

    changed = Signal()
    """Something else is found now."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._appearance, self._runs = workspace, appearance, runs
        self.found: tuple[Problem, ...] = ()
        self.rows: list[ProblemRow] = []
        self._again = QTimer(self, singleShot=True, interval=LOOK_AGAIN)
        self._again.timeout.connect(self._look)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(heading("What stands out"))
        runs.progressed.connect(self._follow)
        runs.changed.connect(self._look)
        appearance.changed.connect(self._restyle)
        self._look()

    def _follow(self) -> None:
        if not self._again.isActive():
            self._again.start()

    def _look(self) -> None:
        found = found_in(self._runs.current)
        if found != self.found:
            self.found = found
            self._show()
            self.changed.emit()
        self.setVisible(bool(self.found))

    def _show(self) -> None:
        while len(self.rows) < len(self.found):
            row = ProblemRow(self._appearance.theme, margin=0)
            row.opened.connect(lambda problem: self._workspace.show_node(problem.node))
            row.fix_chosen.connect(self._workspace.fix)
            self._column.addWidget(row)
            self.rows.append(row)
        for row, problem in zip(self.rows, self.found, strict=False):
            row.show_problem(problem)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(self.found))

    def _restyle(self, theme: Theme) -> None:
        for row in self.rows:
            row.restyle(theme)


def found_in(run: Run | None) -> tuple[Problem, ...]:
    """What is found in a run; without mends where another design is shown than the one it trains."""
    if run is None or run.course is None:
        return ()
    found = findings(run.course)
    return tuple(replace(problem, fixes=(), node=None) for problem in found) if run.left else found
