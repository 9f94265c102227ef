"""What can be done to a run under way beside holding and ending it: one step at a time, another learning rate."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from designer.catalogue.entry import Setting
from designer.catalogue.tensor import Misfit
from designer.gui.panels.setting_texts import read
from designer.gui.panels.widgets import text_label
from designer.gui.runner import State
from designer.gui.runs import Runs


class Steering(QWidget):
    """Seen while a run is under way."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._setting: Setting[float] = Setting(0.001, "How large a step is from now on.", minimum=0.0)
        self._setting.name = "learning rate"
        self.step = QPushButton("One step")
        self.step.setToolTip("Train on one batch, and hold again")
        self.rate = QLineEdit()
        self.rate.setAccessibleName("Learning rate of the run")
        self.rate.setToolTip(
            "Type another learning rate and press Enter; the schedule goes on from there in proportion"
        )
        self.refusal = text_label()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setColumnStretch(1, 1)
        label = text_label("Learning rate", muted=True)
        label.setWordWrap(False)
        label.setBuddy(self.rate)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.rate, 0, 1)
        grid.addWidget(self.step, 0, 2)
        grid.addWidget(self.refusal, 1, 0, 1, 3)
        self.refusal.hide()
        self.step.clicked.connect(runs.step_once)
        self.rate.returnPressed.connect(self._change)
        runs.changed.connect(self.refresh)
        runs.progressed.connect(self._follow)
        self.refresh()

    def refresh(self) -> None:
        """Show what can be done now."""
        state = self._runs.runner.state
        self.setVisible(state in (State.TRAINING, State.PAUSED))
        self.step.setVisible(state is State.PAUSED)
        self._follow()

    def _follow(self) -> None:
        """Show the rate of the run, unless somebody is typing another."""
        run = self._runs.current
        if not self.isHidden() and run is not None and run.progress is not None:
            rate = run.progress.learning_rate
            if rate is not None and not (self.rate.hasFocus() and self.rate.isModified()):
                self.rate.setText(f"{rate:.4g}")

    def _change(self) -> None:
        try:
            rate = read(self._setting, self.rate.text())
        except Misfit as misfit:
            self.refusal.setText(misfit.message)
            self.refusal.show()
            return
        self.refusal.hide()
        self.rate.setModified(False)
        self._runs.change_rate(rate)
