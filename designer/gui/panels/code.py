"""The code panel: the design as plain PyTorch, written anew after each edit while somebody looks."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QToolButton, QWidget

from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.graph.changes import Changes
from designer.gui.panels.code_lines import lines_of
from designer.gui.panels.code_view import CodeView
from designer.gui.panels.icons import copy_icon
from designer.gui.panels.problem_row import ProblemRow
from designer.gui.panels.texts import plural
from designer.gui.panels.widgets import barred_page, empty_state, fill_with_pages, text_label
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.problems import Problem, Severity

PAUSE = 30
"""Milliseconds without an edit before the source is written anew: a drag of an arrow writes it once."""


class CodePanel(QWidget):
    """The source of the whole design; the lines of the selected nodes are marked."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._appearance = appearance
        self._stale = self._in_front = True
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._write)
        self.status = text_label(muted=True, parent=self)
        self.copy = QToolButton(self)
        self.copy.setText("Copy")
        self.copy.setToolTip("Copy the whole source")
        self.view = CodeView(appearance.theme, self)
        self.view.setPlaceholderText("The code appears here as soon as the network is sound.")
        self.obstacle = ProblemRow(appearance.theme, parent=self)
        self.empty = empty_state("Draw a network, and its PyTorch code appears here.", self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.view)
        self._connect()
        self._restyle(appearance.theme)

    def sizeHint(self) -> QSize:
        """Room for a line of code."""
        return QSize(520, 360)

    def _lay_out(self) -> None:
        self.copy.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        page = barred_page((self.status, self.copy), self.obstacle, self.view)
        fill_with_pages(self, self._pages, page, self.empty)

    def _connect(self) -> None:
        self.copy.clicked.connect(self._copy)
        self.obstacle.opened.connect(lambda problem: self._workspace.show_node(problem.node))
        self.obstacle.fix_chosen.connect(self._workspace.fix)
        self._workspace.changed.connect(self._follow)
        self._workspace.selection_changed.connect(lambda _: self._mark(go=True))
        self._appearance.changed.connect(self._restyle)

    def showEvent(self, event: QShowEvent) -> None:
        """Write what was not written while nobody looked."""
        super().showEvent(event)
        self._catch_up()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the panel stands in front of the others in its place; Qt counts those behind as visible too."""
        self._in_front = in_front
        self._catch_up()

    @property
    def _seen(self) -> bool:
        return self._in_front and self.isVisible()

    def _catch_up(self) -> None:
        if not self._seen:
            self._timer.stop()
            return
        if self._stale:
            self._write()
        self._mark(go=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.structure or changes.text or changes.data:
            self._stale = True
            if self._seen:
                self._timer.start()

    def _write(self) -> None:
        """Write the source, or say which problem stands in the way."""
        self._stale = False
        report = self._workspace.report
        errors = [problem for problem in report.problems if problem.severity is Severity.ERROR]
        empty = not report.nodes
        if empty:
            self.view.show_source("")
        elif not errors:
            self.view.show_source(source(lower(report)))
        self._pages.setCurrentIndex(1 if empty else 0)
        self._show_state(errors)
        self._mark()

    def _show_state(self, errors: list[Problem]) -> None:
        self.obstacle.setVisible(bool(errors))
        self.copy.setEnabled(bool(self.view.toPlainText()))
        self.view.take(self._appearance.theme, fresh=not errors)
        if errors:
            self.obstacle.show_problem(errors[0])
            earlier = " Below is the code of the design before." if self.view.toPlainText() else ""
            stand = "stands" if len(errors) == 1 else "stand"
            self.status.setText(f"{plural(len(errors), 'problem')} {stand} in the way.{earlier}")
        else:
            self.status.setText(f"PyTorch, {plural(self.view.blockCount() - 1, 'line')}")

    def _mark(self, *, go: bool = False) -> None:
        if not self._seen:
            return
        lines = lines_of(self.view.toPlainText(), self._workspace.place, self._workspace.selection)
        self.view.mark(lines, go=go)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())
        self.status.setText("Copied.")

    def _restyle(self, theme: Theme) -> None:
        self.copy.setIcon(copy_icon(theme))
        self.obstacle.restyle(theme)
        self.view.take(theme, fresh=self.view.highlighter.fresh)
