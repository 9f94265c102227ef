"""The examples behind a cell of the matrix: thumbnails where they are images, else a table."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.gui.panels.evaluation.cases import CaseTable
from designer.gui.panels.evaluation.pictures import Inputs, inputs_of
from designer.gui.panels.widgets import empty_state, text_label
from designer.gui.theme import Theme
from designer.protocol import Case, Seen

THUMBNAIL = 56
"""Height of a picture in pixels."""
MOST_CONFUSED = 100
"""Kinds of mistakes that are listed, the most frequent first."""


class ExamplesView(QWidget):
    """A sentence, and below it thumbnails or rows; while no cell is chosen, what is most often confused."""

    confusion_chosen = Signal(int, int)
    """A class and what it was taken for, chosen from the list."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = text_label()
        self.title.setContentsMargins(6, 2, 6, 2)
        self.grid = QListWidget()
        self.grid.setViewMode(QListWidget.ViewMode.IconMode)
        self.grid.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.grid.setMovement(QListWidget.Movement.Static)
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.grid.setFrameShape(QListWidget.Shape.NoFrame)
        self.grid.setSpacing(4)
        self.grid.setAccessibleName("Examples")
        self.table = CaseTable(theme, "Examples")
        self.pages = QStackedWidget()
        self.confused = QListWidget()
        self.confused.setFrameShape(QListWidget.Shape.NoFrame)
        self.confused.setAlternatingRowColors(True)
        self.confused.setStyleSheet("QListWidget::item { padding: 3px 6px; }")
        self.confused.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.confused.setAccessibleName("What is most often taken for something else")
        for signal in (self.confused.itemClicked, self.confused.itemActivated):
            signal.connect(self._choose_confusion)
        self.back = QToolButton()
        self.back.setText("All mistakes")
        self.back.setToolTip("Back to what is most often taken for something else")
        self.back.clicked.connect(self.clear)
        nothing = empty_state("No mistakes. Click a cell of the matrix to see its examples.")
        for page in (nothing, self.confused, self.grid, self.table):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self.pages, 1)
        self.clear()

    def clear(self) -> None:
        """No cell is chosen."""
        mistakes = self.confused.count() > 0
        self.title.setText("Most often taken for something else; choose one, or a cell, to see examples:")
        self.title.setVisible(mistakes)
        self.back.hide()
        self.confused.clearSelection()
        self.pages.setCurrentIndex(1 if mistakes else 0)

    def say(self, text: str) -> None:
        """Say what is shown, or why nothing is."""
        self.title.setText(text)
        self.title.show()
        self.back.show()

    def show_confusions(self, classes: tuple[str, ...], matrix: tuple[tuple[int, ...], ...]) -> None:
        """List what is most often taken for something else."""
        found = [
            (count, true, answered)
            for true, row in enumerate(matrix)
            for answered, count in enumerate(row)
            if count and true != answered
        ]
        self.confused.clear()
        for count, true, answered in sorted(found, key=lambda each: -each[0])[:MOST_CONFUSED]:
            often = "once" if count == 1 else f"{count:,} times"
            item = QListWidgetItem(f"{often}: {classes[true]} taken for {classes[answered]}")
            item.setToolTip(item.text())
            item.setData(Qt.ItemDataRole.UserRole, (true, answered))
            self.confused.addItem(item)
        self.clear()

    def _choose_confusion(self, item: QListWidgetItem) -> None:
        true, answered = item.data(Qt.ItemDataRole.UserRole)
        self.confusion_chosen.emit(true, answered)

    def show_cases(self, cases: tuple[Case, ...], shown: tuple[Seen, ...]) -> None:
        """Show examples."""
        inputs = inputs_of(shown, THUMBNAIL)
        if inputs.pictured:
            self._fill_grid(cases, inputs)
            self.pages.setCurrentWidget(self.grid)
        else:
            self.table.show_cases(cases, inputs)
            self.pages.setCurrentWidget(self.table)

    def _fill_grid(self, cases: tuple[Case, ...], inputs: Inputs) -> None:
        self.grid.clear()
        widest = THUMBNAIL
        for place, case in enumerate(cases):
            picture = inputs.picture(place)
            if picture is None:
                continue
            widest = max(widest, picture.width())
            label = f"{case.sure:.0%}" if case.sure is not None else f"{case.loss:.2g}" if case.loss is not None else ""
            item = QListWidgetItem(QIcon(picture), label)
            item.setToolTip(f"Row {case.row:,}: {_sentence(case)}")
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.grid.addItem(item)
        self.grid.setIconSize(QSize(widest, THUMBNAIL + THUMBNAIL // 2))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.table.model_.restyle(theme)


def _sentence(case: Case) -> str:
    parts = [f"is {case.true}" if case.true else "", f"answer {case.predicted}" if case.predicted else ""]
    parts.append(f"loss {case.loss:.3g}" if case.loss is not None else "")
    return ", ".join(filter(None, parts))
