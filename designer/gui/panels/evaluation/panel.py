"""The evaluation panel: how a run does on a split, what it takes for what, and the examples it does worst on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from designer import kept_run, protocol
from designer.gui.icons import icon
from designer.gui.panels.evaluation.cases import CaseTable
from designer.gui.panels.evaluation.examples import ExamplesView
from designer.gui.panels.evaluation.matrix import MatrixView
from designer.gui.panels.evaluation.pictures import inputs_of
from designer.gui.panels.evaluation.report import Report
from designer.gui.panels.evaluation.run_choice import RunChoice
from designer.gui.panels.evaluation.scatter import Scatter
from designer.gui.panels.widgets import MARGIN, empty_state, text_label
from designer.gui.runs import Runs
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.plan import codes
from designer.problems import UserError

SPLITS = ("test", "validation", "train")
NARROW = 560
"""Below this width things stand one below the other."""
PICTURE = 40
WAITS = "Waits for the end of the training under way."
EMPTY = (
    "Measure a trained run on examples that it did not learn from: figures, what it takes for what, and where it is "
    "worst."
)


class EvaluationPanel(QWidget):
    """Asks the worker, and shows what it tells."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._runs, theme = workspace, runs, appearance.theme
        self.run = RunChoice(runs)
        self.split, self.output = QComboBox(), QComboBox()
        self.evaluate = QPushButton("Evaluate")
        self.note = text_label(muted=True)
        self.report, self.matrix, self.scatter = Report(), MatrixView(theme), Scatter(theme)
        self.examples, self.worst = ExamplesView(theme), CaseTable(theme, "The worst examples first")
        self.tabs, self.pages = QTabWidget(), QStackedWidget()
        self._between = QSplitter(Qt.Orientation.Horizontal)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.shown: protocol.Evaluated | None = None
        self._asked: protocol.Evaluate | None = None
        self._asked_allowed: tuple[str, ...] = ()
        self._cell: protocol.Samples | None = None
        self._lay_out()
        self._connect(appearance)
        self._restyle(theme)
        self._refresh()

    def _lay_out(self) -> None:
        for split in SPLITS:
            self.split.addItem(f"{split} split", split)
        self.split.setAccessibleName("Examples to measure it on")
        self.output.setAccessibleName("Output")
        self.output.hide()
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.split, self.output, self.evaluate):
            row.addWidget(widget)
        self._head.setContentsMargins(MARGIN, 6, MARGIN, 2)
        self._head.setSpacing(6)
        self._head.addWidget(self.run, 2)
        self._head.addLayout(row)
        self._head.addWidget(self.note, 3)
        self._between.setChildrenCollapsible(False)
        self._between.addWidget(self.matrix)
        self._between.addWidget(self.examples)
        self._between.setSizes([600, 400])
        self.tabs.setDocumentMode(True)
        self.pages.addWidget(empty_state(EMPTY))
        self.pages.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._head)
        column.addWidget(self.pages, 1)

    def _connect(self, appearance: Appearance) -> None:
        self.evaluate.clicked.connect(self.ask)
        self.run.picked.connect(self._refresh)
        self.split.activated.connect(self._refresh)
        self.output.activated.connect(self._show_verdict)
        self.matrix.chosen.connect(self._ask_samples)
        self.examples.confusion_chosen.connect(self.matrix.choose)
        self._runs.runner.told.connect(self._hear)
        self._runs.changed.connect(self._refresh)
        appearance.changed.connect(self._restyle)

    def showEvent(self, event: QShowEvent) -> None:
        """See which runs there are."""
        super().showEvent(event)
        self.run.look()
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow panel has its parts one below the other."""
        super().resizeEvent(event)
        narrow, direction = self.width() < NARROW, QBoxLayout.Direction
        self._head.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._between.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        self.report.set_narrow(narrow)

    # What the user asks for.

    def ask(self) -> None:
        """Measure the chosen run on the chosen split."""
        folder = self.run.chosen
        if folder is None:
            return
        try:
            kept = kept_run.read(folder)
        except UserError as error:
            self._say(str(error))
            return
        allowed = self._workspace.consent.among(codes(kept.plan))
        self._asked = protocol.Evaluate(str(folder), self.split.currentData(), allowed)
        self._runs.runner.ask(self._asked)
        self._refresh()

    def _ask_samples(self, true: int, predicted: int) -> None:
        shown = self.shown
        if shown is None:
            return
        self.examples.say(f"{self.matrix.sentence(true, predicted)}. {WAITS if self._runs.busy else ''}".strip())
        allowed = self._asked_allowed
        verdict = shown.verdicts[max(0, self.output.currentIndex())]
        self._cell = protocol.Samples(shown.folder, shown.split, verdict.output, true, predicted, allowed=allowed)
        self._runs.runner.ask(self._cell)

    # What the worker tells.

    def _hear(self, event: protocol.AnyEvent) -> None:
        asked, cell = self._asked, self._cell
        match event:
            case protocol.Evaluated() if asked is not None and _same_split(event, asked):
                self._asked, self._asked_allowed = None, asked.allowed
                self._take(event)
            case protocol.Sampled() if cell is not None and _same_cell(event, cell):
                self._cell = None
                self._take_samples(event)

    def _take(self, event: protocol.Evaluated) -> None:
        if event.problem is not None:
            self._refresh()
            self._say(event.problem.sentence)
            return
        self.shown = event
        self.output.clear()
        self.output.addItems([verdict.output for verdict in event.verdicts])
        self.output.setVisible(len(event.verdicts) > 1)
        self._show_verdict()
        self._refresh()

    def _take_samples(self, event: protocol.Sampled) -> None:
        sentence = self.matrix.sentence(event.true, event.predicted)
        if event.problem is not None:
            self.examples.say(event.problem.sentence)
            return
        more = f" The {len(event.cases)} worst:" if event.total > len(event.cases) else ""
        self.examples.say(f"{sentence}.{more}")
        self.examples.show_cases(event.cases, event.shown)

    def _show_verdict(self) -> None:
        if self.shown is None:
            return
        verdict = self.shown.verdicts[max(0, self.output.currentIndex())]
        before = self.tabs.tabText(self.tabs.currentIndex())
        self.report.show_verdict(verdict)
        self.matrix.show_matrix(verdict.classes, verdict.matrix)
        self.examples.show_confusions(verdict.classes, verdict.matrix)
        self.worst.show_cases(verdict.cases, inputs_of(verdict.shown, PICTURE))
        pages: list[tuple[str, QWidget]] = [("Report", self.report)]
        if verdict.matrix:
            pages.append(("Confusion", self._between))
        if verdict.pairs:
            self.scatter.show_pairs(verdict.pairs)
            pages.append(("Predicted and true", self.scatter))
        pages.append(("Worst first", self.worst))
        self.tabs.clear()
        for title, page in pages:
            self.tabs.addTab(page, title)
        titles = [title for title, _ in pages]
        self.tabs.setCurrentIndex(titles.index(before) if before in titles else 0)

    def _refresh(self) -> None:
        chosen = self.run.chosen
        self.evaluate.setEnabled(chosen is not None and self._asked is None)
        if self._asked is not None:
            self._say(WAITS if self._runs.busy else "Measuring…")
        elif self.shown is not None:
            self._say(self._summary(self.shown))
        else:
            self._say("" if chosen is not None else "Train a network first, or choose the folder of a run.")
        self.pages.setCurrentIndex(0 if self.shown is None else 1)

    def _summary(self, shown: protocol.Evaluated) -> str:
        """What the figures are of, and whether they are what is chosen."""
        text = f"{shown.examples:,} examples of the {shown.split} split."
        if self.run.chosen is None or str(self.run.chosen) != shown.folder or self.split.currentData() != shown.split:
            name = shown.folder.replace("\\", "/").rstrip("/").rpartition("/")[2]
            return f"{text} These are the figures of {name}; press Evaluate for what is chosen."
        return text

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _restyle(self, theme: Theme) -> None:
        self.evaluate.setIcon(icon("table", theme))
        for part in (self.matrix, self.scatter, self.examples, self.worst.model_):
            part.restyle(theme)


def _same_split(event: protocol.Evaluated, asked: protocol.Evaluate) -> bool:
    return (event.folder, event.split) == (asked.folder, asked.split)


def _same_cell(event: protocol.Sampled, cell: protocol.Samples) -> bool:
    return (event.folder, event.split, event.output, event.true, event.predicted) == (
        cell.folder, cell.split, cell.output, cell.true, cell.predicted
    )  # fmt: skip
