"""The status bar: what is under the pointer, the totals, the problems, the zoom, the worker."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QToolButton, QWidget

from designer import protocol
from designer.compiler.summary import beyond
from designer.gui.key_names import name_keys
from designer.gui.panels.problems import ProblemsPanel
from designer.gui.panels.texts import plural, short_count
from designer.gui.runner import Runner, State
from designer.gui.split_view import SplitView
from designer.gui.workspace import Workspace

HINT = 6000
"""Milliseconds that a hint stays."""

WORKER = {
    State.OFF: "cannot train now",
    State.STARTING: "getting ready to train",
    State.IDLE: "ready to train",
    State.TRAINING: "training",
    State.PAUSED: "paused",
    State.STOPPING: "stopping",
}


class StatusBar(QStatusBar):
    """Follows the workspace, the canvas and the runner."""

    problems_wanted = Signal()

    def __init__(
        self, workspace: Workspace, runner: Runner, canvases: SplitView, problems: ProblemsPanel, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._workspace, self._runner = workspace, runner
        self._device = ""
        self.setSizeGripEnabled(False)
        self.text = QLabel()
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.totals, self.zoom, self.worker = QLabel(), QLabel(), QLabel()
        self.problems = QToolButton(autoRaise=True)
        name_keys(self.problems, "show_problems", "Go to the problems")
        self.totals.setToolTip("What is learned, and the multiply-adds for one example")
        self.problems.clicked.connect(self.problems_wanted)
        self.addWidget(self.text, 1)
        for widget in (self.totals, self.problems, self.zoom, self.worker):
            self.addPermanentWidget(widget)
        self._hint = QTimer(self, singleShot=True, interval=HINT)
        self._hint.timeout.connect(lambda: self.text.setText(""))
        canvases.hovered.connect(self._show_hovered)
        canvases.told.connect(self.hint)
        canvases.zoom_changed.connect(self._show_zoom)
        problems.counts_changed.connect(self._show_problems)
        workspace.changed.connect(self._show_totals)
        # What was said in passing was about the design before the edit: a problem that is mended now, for example.
        workspace.changed.connect(lambda: self.hint(""))
        # What was under the pointer is gone with its place.
        workspace.place_changed.connect(lambda: self.hint(""))
        workspace.opened.connect(lambda: self.hint(""))
        runner.state_changed.connect(self._show_worker)
        runner.told.connect(self._follow)
        self._show_zoom(canvases.active.zoom)
        self._show_problems(*problems.counts())
        self._show_totals()
        self._show_worker()

    def hint(self, sentence: str) -> None:
        """Say something in passing."""
        self.text.setText(sentence)
        self._hint.start()

    def _show_hovered(self, text: str) -> None:
        if text or not self._hint.isActive():
            self._hint.stop()
            self.text.setText(text)

    def _show_zoom(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom:.0%}")

    def _show_totals(self) -> None:
        report = self._workspace.report
        macs = f"{short_count(report.macs)} multiply-adds{beyond(report)}"
        self.totals.setText(f"{short_count(report.parameters)} parameters · {macs}")

    def _show_problems(self, errors: int, warnings: int, tips: int) -> None:
        parts = [
            plural(number, word) for number, word in ((errors, "error"), (warnings, "warning"), (tips, "tip")) if number
        ]
        self.problems.setText(", ".join(parts) or "no problems")

    def _show_worker(self) -> None:
        device = f" on {self._device}" if self._runner.state in (State.TRAINING, State.PAUSED) and self._device else ""
        self.worker.setText(WORKER[self._runner.state] + device)

    def _follow(self, event: protocol.AnyEvent) -> None:
        if isinstance(event, protocol.Started):
            self._device = event.device
            self._show_worker()
        elif isinstance(event, protocol.Ready):
            self.worker.setToolTip(f"torch {event.torch}. {event.note}".strip())
