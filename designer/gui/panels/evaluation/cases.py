"""A table of examples and what was made of them: the picture or the row, the truth, the answer, and the loss."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from designer.gui.panels.evaluation.pictures import Inputs
from designer.gui.theme import Theme
from designer.protocol import Case

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROOT = QModelIndex()
FIXED = ("is", "answer", "sure", "loss", "row")
TIPS = {
    "is": "What the data says",
    "answer": "What the network says",
    "sure": "How probable the network holds its answer",
    "loss": "The loss of this example alone",
    "row": "Its number in the data, from 0 on",
}
NUMBERS = frozenset({"sure", "loss", "row"})
PICTURE = 40
"""Height of a thumbnail in the table, in pixels."""
WIDEST = 220


class CaseModel(QAbstractTableModel):
    """The examples as rows; the first column has the picture, where there are pictures."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.cases: tuple[Case, ...] = ()
        self.inputs = Inputs((), (), ())
        self.columns: tuple[str, ...] = FIXED

    def show(self, cases: tuple[Case, ...], inputs: Inputs) -> None:
        """List these examples."""
        self.beginResetModel()
        self.cases, self.inputs = cases, inputs
        named = any(case.true or case.predicted for case in cases)
        sure = any(case.sure is not None for case in cases)
        fixed = tuple(name for name in FIXED if (named or name not in ("is", "answer")) and (sure or name != "sure"))
        self.columns = (("input",) if inputs.pictured else ()) + fixed + inputs.columns
        self.endResetModel()

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        if self.cases:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.cases) - 1, len(self.columns) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        """One for each example."""
        return 0 if parent.isValid() else len(self.cases)

    def columnCount(self, parent: Index = ROOT) -> int:
        """What is known of them."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """The columns' names and what they mean."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        name = self.columns[section]
        if role == Role.DisplayRole:
            return name
        return TIPS.get(name, name) if role == Role.ToolTipRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell's text, picture, colour and place."""
        name, row = self.columns[index.column()], index.row()
        if name == "input":
            return self._picture(row) if role == Role.DecorationRole else None
        if role == Role.DisplayRole:
            return self.text(row, index.column())
        if role == Role.ToolTipRole:
            return self.text(row, index.column())
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if name in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Role.ForegroundRole:
            return self._colour(name, self.cases[row])
        return None

    def _picture(self, row: int) -> QPixmap | None:
        return self.inputs.picture(row)

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        case, name = self.cases[row], self.columns[column]
        first = len(self.columns) - len(self.inputs.columns)
        if column >= first:
            return self.inputs.row(row)[column - first]
        match name:
            case "is":
                return case.true
            case "answer":
                return case.predicted
            case "sure":
                return f"{case.sure:.1%}" if case.sure is not None else ""
            case "loss":
                return f"{case.loss:.3g}" if case.loss is not None else "not finite"
            case "row":
                return f"{case.row:,}"
        return ""

    def _colour(self, name: str, case: Case) -> QColor | None:
        if name == "answer" and case.true and case.sure is not None and case.true != case.predicted:
            return self._theme.error
        return self._theme.muted if name == "row" else None


class CaseTable(QTableView):
    """The table; a row is as high as its picture needs."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = CaseModel(theme, self)
        self.setModel(self.model_)
        self.setAccessibleName(name)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setHighlightSections(False)
        self.setIconSize(QSize(4 * PICTURE, PICTURE))

    def show_cases(self, cases: tuple[Case, ...], inputs: Inputs) -> None:
        """List these examples."""
        self.model_.show(cases, inputs)
        pictures = [picture.height() for picture in inputs.pictures if picture is not None]
        usual = self.fontMetrics().height() + 8
        self.verticalHeader().setDefaultSectionSize(max(usual, max(pictures, default=0) + 6))
        header = self.horizontalHeader()
        for column in range(self.model_.columnCount()):
            needed = max(self.sizeHintForColumn(column), header.sectionSizeHint(column)) + 8
            self.setColumnWidth(column, min(needed, WIDEST))
        self.scrollToTop()
