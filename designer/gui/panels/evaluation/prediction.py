"""The prediction panel: what a run says of a drawing, of a row typed in, of an image or a whole table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from designer import kept_run, protocol
from designer.gui.icons import icon
from designer.gui.panels.evaluation.bars import ClassBars
from designer.gui.panels.evaluation.pad import MOST as MOST_PIXELS
from designer.gui.panels.evaluation.pad import DrawingPad
from designer.gui.panels.evaluation.pictures import inputs_of
from designer.gui.panels.evaluation.row_form import MOST as MOST_COLUMNS
from designer.gui.panels.evaluation.row_form import RowForm
from designer.gui.panels.evaluation.run_choice import RunChoice
from designer.gui.panels.widgets import MARGIN, empty_state, heading, text_label
from designer.gui.runs import Runs
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.plan import codes
from designer.problems import UserError

NARROW = 520
PICTURE = 128
"""Pixels of an answer's longer side."""
WAITS = "Waits for the end of the training under way."
EMPTY = "Ask a trained run about new examples: draw one, type a row, or choose a file. Train a network first."
FILES = "Tables, arrays and images (*.csv *.tsv *.parquet *.npy *.npz *.png *.jpg *.jpeg *.bmp *.gif *.webp)"


LOWEST = 120
"""How low the panel may be made, in pixels."""


class PredictionPanel(QWidget):
    """Asks the worker one thing at a time; while it answers, only the newest question waits."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._runs, self._theme = workspace, runs, appearance.theme
        self.run = RunChoice(runs)
        self.from_file, self.save = QPushButton("From a file…"), QPushButton("Save as CSV…")
        self.clear = QPushButton("Clear")
        self.note = text_label(muted=True)
        self.pad, self.form = DrawingPad(appearance.theme), RowForm()
        self.table = QTableWidget()
        self.bars: list[ClassBars] = []
        self.texts: list[QLabel] = []
        self.pictures: list[QLabel] = []
        self.inputs, self.outputs, self.pages = QStackedWidget(), QStackedWidget(), QStackedWidget()
        self._between = QSplitter(Qt.Orientation.Horizontal)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._answers = QVBoxLayout()
        self.kept: kept_run.KeptRun | None = None
        self._allowed: tuple[str, ...] = ()
        self._path = ""
        """The file whose answers are shown."""
        self._under_way: protocol.Predict | None = None
        self._next: protocol.Predict | None = None
        self._lay_out()
        self._connect(appearance)
        self._restyle(appearance.theme)

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.from_file, self.save):
            row.addWidget(button)
        self._head.setContentsMargins(MARGIN, 6, MARGIN, 2)
        self._head.setSpacing(6)
        self._head.addWidget(self.run, 2)
        self._head.addLayout(row)
        self._head.addWidget(self.note, 3)
        self.inputs.addWidget(self._pad_page())
        self.inputs.addWidget(self.form)
        self.outputs.addWidget(self._answers_page())
        self.outputs.addWidget(self.table)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName("Answers")
        self.table.setFrameShape(QTableWidget.Shape.NoFrame)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self._between.setChildrenCollapsible(False)
        self._between.addWidget(self.inputs)
        self._between.addWidget(self.outputs)
        self._between.setSizes([400, 500])
        # Before the window is laid out the panel is narrow, so that its parts stand one above the other: as high as
        # they need then, it would take the room of the canvas for good.
        self.setMinimumHeight(LOWEST)
        self.pages.addWidget(empty_state(EMPTY))
        self.pages.addWidget(self._between)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._head)
        column.addWidget(self.pages, 1)

    def _pad_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, 4, MARGIN, 6)
        column.addWidget(self.pad, 1)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        return page

    def _answers_page(self) -> QWidget:
        page, scroll = QWidget(), QScrollArea()
        self._answers.setContentsMargins(MARGIN, 4, MARGIN, 6)
        self._answers.setSpacing(4)
        page.setLayout(self._answers)
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    def _connect(self, appearance: Appearance) -> None:
        self.run.picked.connect(self._take_run)
        self.from_file.clicked.connect(self._choose_file)
        self.save.clicked.connect(self._save)
        self.clear.clicked.connect(self.pad.clear)
        self.pad.changed.connect(self._ask_drawn)
        self.form.changed.connect(self._ask_row)
        self._runs.runner.told.connect(self._hear)
        self._runs.changed.connect(self._refresh)
        appearance.changed.connect(self._restyle)

    def showEvent(self, event: QShowEvent) -> None:
        """See which runs there are."""
        super().showEvent(event)
        self.run.look()
        if self.kept is None:
            self._take_run()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow panel has its parts one below the other."""
        super().resizeEvent(event)
        narrow, direction = self.width() < NARROW, QBoxLayout.Direction
        self._head.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._between.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)

    def _take_run(self) -> None:
        """Offer what the chosen run takes."""
        self.kept, self._next, self._path = None, None, ""
        self._show_answers(())
        self.save.hide()
        if self.run.chosen is None or not self.isVisible():
            self._refresh()
            return
        try:
            self.kept = kept_run.read(self.run.chosen)
        except UserError as error:
            self._refresh()
            self._say(str(error))
            return
        self._allowed = self._workspace.consent.among(codes(self.kept.plan))
        self._offer(self.kept)
        self._refresh()

    def _offer(self, kept: kept_run.KeptRun) -> None:
        picture, row = kept.picture(), kept.row()
        drawn = picture is not None and picture[0] == 1 and max(picture[1:]) <= MOST_PIXELS
        typed = 0 < len(row) <= MOST_COLUMNS
        self.inputs.setVisible(drawn or typed)
        if drawn and picture is not None:
            self.pad.take_size(picture[1], picture[2])
            self.inputs.setCurrentIndex(0)
        elif typed:
            self.form.show_columns(row, _usual(kept))
            self.inputs.setCurrentIndex(1)
            self._ask_row()

    # What the user asks.

    def _ask_drawn(self) -> None:
        if self.pad.blank:
            self._next = None
            self._show_answers(())
        else:
            self._ask(pixels=self.pad.pixels())

    def _ask_row(self) -> None:
        if self.form.complete:
            self._ask(row=self.form.row())

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "New examples", "", FILES)
        if path:
            self.ask_file(Path(path))

    def ask_file(self, path: Path) -> None:
        """Ask about all that is in a file, or about all images of a folder."""
        self._ask(path=str(path))

    def _save(self) -> None:
        out, _ = QFileDialog.getSaveFileName(self, "Save the answers", "", "CSV (*.csv)")
        if out:
            self._ask(path=self._path, out=out if Path(out).suffix else f"{out}.csv")

    def _ask(self, **what: object) -> None:
        if self.run.chosen is None or self.kept is None:
            return
        request = protocol.Predict(str(self.run.chosen), allowed=self._allowed, **what)  # type: ignore[arg-type]
        if self._under_way is None:
            self._under_way = request
            self._runs.runner.ask(request)
        else:
            self._next = request
        self._refresh()

    # What the worker tells.

    def _hear(self, event: protocol.AnyEvent) -> None:
        asked = self._under_way
        if not isinstance(event, protocol.Predicted) or asked is None:
            return
        self._under_way, waiting, self._next = None, self._next, None
        self._refresh()
        if event.folder == str(self.run.chosen):
            self._take(event, asked)
        if waiting is not None:
            self._under_way = waiting
            self._runs.runner.ask(waiting)

    def _take(self, event: protocol.Predicted, asked: protocol.Predict) -> None:
        if event.problem is not None:
            self._say(event.problem.sentence)
            return
        if event.out:
            self._say(f"{Path(event.out).name} is written with {_answers_text(event.total)}.")
            return
        if asked.pixels and self.pad.blank:
            return  # it was rubbed out meanwhile
        self._path = event.path
        self.save.setVisible(bool(event.path))
        if event.rows and not event.answers:
            self._show_table(event)
        else:
            self._show_answers(event.answers)
        name = Path(event.path).name
        self._say(f"{_answers_text(event.total)} to {name}{_cut(event)}." if event.path else "")

    def _show_table(self, event: protocol.Predicted) -> None:
        self.table.clear()
        self.table.setRowCount(len(event.rows))
        self.table.setColumnCount(len(event.columns))
        self.table.setHorizontalHeaderLabels(list(event.columns))
        for row, cells in enumerate(event.rows):
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeColumnsToContents()
        self.outputs.setCurrentWidget(self.table)
        # What was answered stands in the last columns.
        self.table.scrollTo(self.table.model().index(0, len(event.columns) - 1))

    def _show_answers(self, answers: tuple[protocol.Answer, ...]) -> None:
        self.outputs.setCurrentIndex(0)
        if len(answers) != len(self.texts):
            self._make_answers(answers)
        for answer, text, bars in zip(answers, self.texts, self.bars, strict=True):
            text.setText(answer.text)
            text.setVisible(bool(answer.text))
            bars.setVisible(bool(answer.scores))
            bars.show_answer(answer)
        for answer, picture in zip(answers, self.pictures, strict=True):
            found = inputs_of((answer.shown,), PICTURE).picture(0) if answer.shown is not None else None
            picture.setVisible(found is not None)
            picture.setPixmap(found or QPixmap())

    def _make_answers(self, answers: tuple[protocol.Answer, ...]) -> None:
        while (item := self._answers.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.texts, self.bars, self.pictures = [], [], []
        for answer in answers:
            text, bars = text_label(), ClassBars(self._theme)
            text.setProperty("rank", "number")
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setAccessibleName(f"Answer of {answer.output}")
            picture = QLabel()
            for widget in (heading(answer.output), text, bars, picture):
                self._answers.addWidget(widget)
            self.pictures.append(picture)
            self.texts.append(text)
            self.bars.append(bars)
        self._answers.addStretch(1)

    def _refresh(self) -> None:
        self.pages.setCurrentIndex(0 if self.kept is None else 1)
        self.from_file.setEnabled(self.kept is not None)
        if self._under_way is not None and self._runs.busy:
            self._say(WAITS)
        elif self.note.text() == WAITS or self.kept is None:
            self._say("")

    def _say(self, text: str) -> None:
        self.note.setText(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file can be dropped here, to be asked about."""
        if self.kept is not None and event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask about the file."""
        event.acceptProposedAction()
        self.ask_file(Path(event.mimeData().urls()[0].toLocalFile()))

    def _restyle(self, theme: Theme) -> None:
        self._theme = theme
        self.from_file.setIcon(icon("open", theme))
        self.save.setIcon(icon("save", theme))
        self.pad.restyle(theme)
        for bars in self.bars:
            bars.restyle(theme)


def _usual(kept: kept_run.KeptRun) -> dict[str, str]:
    """The mean of each column of numbers, to begin with."""
    found: dict[str, str] = {}
    for given, field in zip(kept.plan.inputs, kept.recipe.inputs, strict=True):
        scale = kept.scales.get(field)
        means = scale.mean if scale is not None else 0.0
        place = 0
        for column in kept.columns_of(given, field):
            if not column.values and given.dtype != "int64":
                mean = means[place] if isinstance(means, list) and place < len(means) else means
                found[column.name] = f"{mean:.4g}" if isinstance(mean, (int, float)) else "0"
            place += len(column.values) or 1
    return found


def _answers_text(count: int) -> str:
    return "1 answer" if count == 1 else f"{count:,} answers"


def _cut(event: protocol.Predicted) -> str:
    return f", of which the first {len(event.rows):,} are shown" if event.total > len(event.rows) else ""
