"""The problems panel: all that is wrong with the design or happened in a run, worst first, each with its mends."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from designer.graph.changes import Changes
from designer.gui.panels.icons import SIDE, sound_icon
from designer.gui.panels.problem_row import ProblemRow
from designer.gui.panels.texts import plural
from designer.gui.panels.widgets import MARGIN, text_label
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.problems import Problem, Severity

MOST_ROWS = 100
"""More problems than anybody reads are counted, not shown; mending the first ones brings them up."""

ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.TIP: 2}


class ProblemsPanel(QWidget):
    """All problems, errors first; a click goes to the node, a button mends it."""

    counts_changed = Signal(int, int, int)
    """How many errors, warnings and tips there are."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._appearance = appearance
        self._of_runs: list[Problem] = []
        self._shown: list[Problem] | None = None
        self.rows: list[ProblemRow] = []
        self._tick = QLabel(self)
        self.empty = text_label(muted=True)
        self.more = text_label(muted=True)
        self.more.setMargin(MARGIN)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._rows_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        workspace.changed.connect(self._follow)
        appearance.changed.connect(self._restyle)
        self._restyle(appearance.theme)
        self._refresh()

    def counts(self) -> tuple[int, int, int]:
        """How many errors, warnings and tips there are."""
        found = Counter(problem.severity for problem in self._shown or ())
        return found[Severity.ERROR], found[Severity.WARNING], found[Severity.TIP]

    def add_run_problem(self, problem: Problem) -> None:
        """Show what happened in a run, until the next run begins."""
        if problem not in self._of_runs:
            self._of_runs.append(problem)
            self._refresh()

    def clear_run_problems(self) -> None:
        """Forget what happened in runs."""
        if self._of_runs:
            self._of_runs.clear()
            self._refresh()

    def _empty_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * MARGIN, 2 * MARGIN, 2 * MARGIN, 2 * MARGIN)
        column.addStretch(1)
        self._tick.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._tick)
        column.addWidget(self.empty)
        column.addStretch(1)
        return page

    def _rows_page(self) -> QWidget:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget(area)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        page.setAutoFillBackground(True)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.more)
        self._column.addStretch(1)
        area.setWidget(page)
        self._area = area
        return area

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.structure or changes.data or changes.text or changes.training:
            self._refresh()

    def _refresh(self) -> None:
        problems = [*self._of_runs, *self._workspace.report.problems]
        problems.sort(key=lambda problem: ORDER[problem.severity])
        empty = not self._workspace.document.nodes
        self.empty.setText(
            "The design is empty. Drag a layer from the palette to begin."
            if empty
            else "No problems. The network is sound."
        )
        self._tick.setVisible(not empty)
        self._pages.setCurrentIndex(1 if problems else 0)
        if problems != self._shown:
            self._show(problems)
            self.counts_changed.emit(*self.counts())

    def _show(self, problems: list[Problem]) -> None:
        self._shown = problems
        visible = problems[:MOST_ROWS]
        while len(self.rows) < len(visible):
            self._add_row()
        for row, problem in zip(self.rows, visible, strict=False):
            row.show_problem(problem, "in the run" if problem in self._of_runs else "")
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(visible))
        hidden = len(problems) - len(visible)
        self.more.setText(f"{plural(hidden, 'more problem')} not shown. Mend some of these first.")
        self.more.setVisible(hidden > 0)

    def _add_row(self) -> None:
        row = ProblemRow(self._appearance.theme, parent=self._area.widget())
        row.opened.connect(lambda problem: self._workspace.show_node(problem.node))
        row.fix_chosen.connect(self._workspace.fix)
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)

    def _restyle(self, theme: Theme) -> None:
        self._tick.setPixmap(sound_icon(theme).pixmap(2 * SIDE, 2 * SIDE))
        for row in self.rows:
            row.restyle(theme)
