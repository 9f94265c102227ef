"""The figures of an evaluation: what an output reaches as a whole, and each class by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QGridLayout,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from designer.gui.panels.run_status import figure
from designer.gui.panels.widgets import MARGIN, text_label
from designer.protocol import ClassFigures, Number, Verdict

TITLES = ("class", "examples", "precision", "recall", "F1", "IoU")
TIPS = (
    "The class as the data has it",
    "How many examples are of it",
    "How many of those that were taken for it are of it",
    "How many of those that are of it were found",
    "The harmonic mean of precision and recall",
    "Those that are of it and were found, among all that are of it or were taken for it",
)
NAMES = {
    "f1": "F1", "auc": "AUC", "iou": "IoU", "mae": "mean absolute error", "rmse": "root mean squared error",
    "r2": "R\u00b2", "top5_accuracy": "among the first five",
}  # fmt: skip
SHARES = frozenset({"f1", "precision", "recall", "auc", "iou", "r2"})
MEANINGS = {
    "loss": "What training makes small, measured here",
    "accuracy": "The share of right answers",
    "top5_accuracy": "How often the right class is among the five most probable",
    "f1": "The harmonic mean of precision and recall, averaged over the classes",
    "precision": "How many of those taken for a class are of it, averaged over the classes",
    "recall": "How many of a class were found, averaged over the classes",
    "auc": "How often an example of a class gets a higher score for it than one that is of another",
    "iou": "What is common to truth and answer, by what is in either, averaged over the classes",
    "perplexity": "Among how many equally probable answers it hesitates, as it were",
    "mae": "How far off it is on average, in the data's own unit",
    "rmse": "The same with large errors weighing more",
    "r2": "The share of the variation that is explained; 1 is perfect, 0 no better than the mean",
}


class NumberCell(QTableWidgetItem):
    """A cell that is sorted by its number, not by its text; what has none comes last."""

    def __init__(self, text: str, value: Number) -> None:
        super().__init__(text)
        self.value = -1.0 if value is None else value
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return self.value < other.value if isinstance(other, NumberCell) else super().__lt__(other)


class Report(QWidget):
    """The figures at the left (or on top, in a narrow panel), the classes beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = QGridLayout()
        self._figures.setHorizontalSpacing(14)
        self._figures.setVerticalSpacing(3)
        self.values: dict[str, QLabel] = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 6, MARGIN, 6)
        column.addLayout(self._figures)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table = QTableWidget(0, len(TITLES))
        self.table.setHorizontalHeaderLabels(list(TITLES))
        for place, tip in enumerate(TIPS):
            if (item := self.table.horizontalHeaderItem(place)) is not None:
                item.setToolTip(tip)
        self.table.setAccessibleName("Figures of each class")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setFrameShape(QTableWidget.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(scroll, 2)
        self._row.addWidget(self.table, 3)

    def set_narrow(self, narrow: bool) -> None:
        """One below the other in a narrow panel."""
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the figures of an output."""
        while (item := self._figures.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.values = {}
        for row, (name, value) in enumerate(verdict.metrics.items()):
            title, cell = (
                text_label(NAMES.get(name, name.replace("_", " ")), muted=True),
                QLabel(figure_text(name, value)),
            )
            cell.setProperty("rank", "heading")
            for widget in (title, cell):
                widget.setToolTip(MEANINGS.get(name, ""))
            self._figures.addWidget(title, row, 0)
            self._figures.addWidget(cell, row, 1, Qt.AlignmentFlag.AlignRight)
            self.values[name] = cell
        self._figures.setColumnStretch(0, 1)
        self._show_classes(verdict.by_class)

    def _show_classes(self, rows: tuple[ClassFigures, ...]) -> None:
        self.table.setVisible(bool(rows))
        self.table.setSortingEnabled(False)
        self.table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            name = QTableWidgetItem(row.name)
            name.setToolTip(row.name)
            self.table.setItem(place, 0, name)
            self.table.setItem(place, 1, NumberCell(f"{row.examples:,}", row.examples))
            for column, value in enumerate((row.precision, row.recall, row.f1, row.iou), 2):
                self.table.setItem(place, column, NumberCell("\u2013" if value is None else f"{value:.1%}", value))
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        self.table.resizeColumnsToContents()
        self.table.setColumnWidth(0, min(self.table.columnWidth(0), 160))


def figure_text(name: str, value: Number) -> str:
    """A figure as it is read; shares that are no percentages with three places."""
    return f"{value:.3f}" if name in SHARES and value is not None else figure(name, value)
