"""The table of variables: names and values are typed in place, and a value counts at every key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from designer.gui.panels.widgets import MARGIN, leaves_to_window

NAME, VALUE, RESULT, USERS = range(4)
TITLES = ("  Name", "Value", "Result", "Used by")
TIPS = (
    "What the variable is called, in formulas and in the exported code.",
    "A number, or a formula of other variables: =2*width.",
    "What the formula gives.",
    "The layers whose settings name it; a double click selects them.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One variable as the table shows it; `wrong` is the sentence that says what is not right with it."""

    name: str
    value: str
    result: str
    users: tuple[str, ...]
    """The layers that name it."""
    used: str
    """How many layers and variables do."""
    wrong: str = ""


class _Field(QLineEdit):
    """The editor in a cell; it leaves undo to the window."""

    def event(self, event: QEvent) -> bool:
        """A field has no history beside the design's."""
        return False if leaves_to_window(event) else super().event(event)


class _Delegate(QStyledItemDelegate):
    """Tells of every key in a value's editor, and when it is left without taking what was typed."""

    typed = Signal(int, str)
    given_up = Signal(int)
    named = Signal(int)
    """A name was ended by Enter; its row."""
    done = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.editing: tuple[int, int] | None = None
        self._opened = (0, 0)
        self.closeEditor.connect(self._close)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Some air at the left edge, as in the other panels."""
        super().initStyleOption(option, index)
        if index.column() == NAME:
            option.rect.adjust(MARGIN - 2, 0, 0, 0)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """A line; its row is remembered, so that the table does not write into it."""
        field = _Field(parent)
        field.setFrame(False)
        row, column = index.row(), index.column()
        self.editing = self._opened = (row, column)
        if column == VALUE:
            field.textEdited.connect(lambda text: self.typed.emit(row, text))
        return field

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """What was typed; the cell is the table's again."""
        self.editing = None
        super().setModelData(editor, model, index)

    def _close(self, _editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        place, self.editing = self.editing, None
        if place is not None and hint == QAbstractItemDelegate.EndEditHint.RevertModelCache and place[1] == VALUE:
            self.given_up.emit(place[0])
        row, column = self._opened
        if column == NAME and hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.named.emit(row)
        self.done.emit()


class VariablesTable(QTableWidget):
    """Name, value, result and users of each variable."""

    named = Signal(int, str)
    """A row, and the name it is to have."""
    valued = Signal(int, str)
    """A row, and the text of its value; at every key."""
    settled = Signal()
    """The user is done with a cell."""
    entered = Signal(int)
    """Enter ended a name; its row."""
    removal_wanted = Signal()
    users_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(TITLES), parent)
        self._filling = False
        self._error = QColor()
        self._icon = QIcon()
        self.lines: tuple[Line, ...] = ()
        self._delegate = _Delegate(self)
        self.setItemDelegate(self._delegate)
        for column, (title, tip) in enumerate(zip(TITLES, TIPS, strict=True)):
            head = QTableWidgetItem(title)
            head.setToolTip(tip)
            self.setHorizontalHeaderItem(column, head)
        self._set_looks()
        self.itemChanged.connect(self._take)
        self._delegate.typed.connect(self.valued)
        self._delegate.given_up.connect(lambda row: self.valued.emit(row, self._text(row, VALUE)))
        self._delegate.named.connect(self.entered)
        self._delegate.done.connect(self.settled)
        self.cellDoubleClicked.connect(lambda row, column: self.users_wanted.emit(row) if column == USERS else None)

    def _set_looks(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAccessibleName("Variables")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(RESULT, QHeaderView.ResizeMode.Stretch)
        for column, width in ((NAME, 150), (VALUE, 190), (USERS, 150)):
            self.setColumnWidth(column, width)

    def set_marks(self, error: QColor, icon: QIcon) -> None:
        """The colour and the icon of what is wrong."""
        self._error, self._icon = error, icon
        self.show_lines(self.lines)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these variables; a cell that is typed in keeps its text."""
        self._filling = True
        self.lines = lines
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate((line.name, line.value, line.wrong or line.result, line.used)):
                self._write(row, column, text, line)
        self._filling = False

    def _write(self, row: int, column: int, text: str, line: Line) -> None:
        if self._delegate.editing == (row, column):
            return  # any change of the cell would put the old text into its editor
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            if column in (RESULT, USERS):
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            self.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)
        tips: Mapping[int, str] = {USERS: ", ".join(line.users), RESULT: line.wrong, VALUE: line.wrong}
        item.setToolTip(tips.get(column, ""))
        item.setIcon(self._icon if line.wrong and column == RESULT else QIcon())
        marked = bool(line.wrong) and column in (VALUE, RESULT)
        item.setData(Qt.ItemDataRole.ForegroundRole, self._error if marked else None)

    @property
    def is_typing(self) -> bool:
        """Whether a cell is being typed in."""
        return self._delegate.editing is not None

    def _take(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        (self.named if item.column() == NAME else self.valued).emit(item.row(), item.text().strip())

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text() if item is not None else ""

    def edit_cell(self, row: int, column: int) -> None:
        """Put the cursor into a cell."""
        self.setCurrentCell(row, column)
        self.edit(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the row away, Enter opens its cell."""
        if self.is_typing:
            super().keyPressEvent(event)  # an editor leaves Enter to its view, when it is done with it
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            if self.currentColumn() == USERS:
                self.users_wanted.emit(self.currentRow())
            else:
                self.edit_cell(self.currentRow(), min(self.currentColumn(), VALUE))
        else:
            super().keyPressEvent(event)
