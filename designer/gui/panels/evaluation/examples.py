"""The examples behind a cell of the matrix: thumbnails where they are images, else a table."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from designer.gui.panels.evaluation.cases import CaseTable
from designer.gui.panels.evaluation.pictures import Inputs, inputs_of
from designer.gui.panels.widgets import empty_state, text_label
from designer.gui.theme import Theme
from designer.protocol import Case, Seen

THUMBNAIL = 56
"""Height of a picture in pixels."""


class ExamplesView(QWidget):
    """A sentence, and below it thumbnails or rows."""

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
        for page in (empty_state("Click a cell of the matrix to see its examples."), self.grid, self.table):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.pages, 1)
        self.title.hide()

    def clear(self) -> None:
        """Nothing is chosen."""
        self.title.hide()
        self.pages.setCurrentIndex(0)

    def say(self, text: str) -> None:
        """Say what is shown, or why nothing is."""
        self.title.setText(text)
        self.title.show()

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
