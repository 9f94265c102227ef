"""The list of shortcuts: every action with its keys, found by typing, changed by pressing others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from designer.gui.actions import Row
from designer.gui.canvas.mouse_words import FIXED_KEYS, GESTURES
from designer.gui.shortcuts import Conflict, Shortcuts, plain_title
from designer.gui.theme import Theme

ACTION, KEYS, MENU, TIP = range(4)
ID = Qt.ItemDataRole.UserRole
WIDTHS = {ACTION: 190, KEYS: 120, MENU: 150}
Index = QModelIndex | QPersistentModelIndex


class ActionTable(QTableWidget):
    """A row for each action; Enter goes to the field for its keys."""

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(titles), parent)
        self.cells: list[list[QTableWidgetItem]] = []
        self.setHorizontalHeaderLabels(list(titles))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is as a double-click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.itemDoubleClicked.emit(self.currentItem())
        else:
            super().keyPressEvent(event)

    def add_row(self, texts: Sequence[str], name: str = "") -> None:
        """A row at the end; `name` is what it stands for."""
        self.cells.append([QTableWidgetItem(text) for text in texts])
        self.insertRow(len(self.cells) - 1)
        for column, item in enumerate(self.cells[-1]):
            item.setData(ID, name)
            item.setToolTip(item.text())
            self.setItem(len(self.cells) - 1, column, item)


class KeyField(QKeySequenceEdit):
    """Takes the next keys that are pressed; Tab goes on, as in any other field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(1)
        self.setAccessibleName("Keys")

    def event(self, event: QEvent) -> bool:
        """What is pressed here is meant for here, whatever it does elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


class ShortcutsDialog(QDialog):
    """May stay open beside the work; what is changed counts at once."""

    def __init__(self, shortcuts: Shortcuts, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._shortcuts = shortcuts
        self._wanted = QKeySequence()
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(880, 640)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search by name or by keys, such as “delete” or “Ctrl+D”")
        self.search.setAccessibleName("Search shortcuts")
        self.search.setClearButtonEnabled(True)
        self.table = ActionTable(("action", "keys", "menu", "what it does"), self)
        self.table.setAccessibleName("Actions and their keys")
        self.label = QLabel("Keys", self)
        self.field = KeyField(self)
        self.clear = QPushButton("No keys", self)
        self.reset = QPushButton("Reset", self)
        self.reset_all = QPushButton("Reset all", self)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        palette = self.note.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.error)
        self.note.setPalette(palette)
        self.take = QPushButton(self)
        self._lay_out()
        self._fill()
        self._connect()
        self.table.selectRow(0)
        self.search.setFocus()

    def _lay_out(self) -> None:
        self.label.setBuddy(self.field)
        for button in (self.clear, self.reset, self.reset_all, self.take):
            button.setAutoDefault(False)
        keys = QWidget(self)
        column = QVBoxLayout(keys)
        column.setContentsMargins(0, 10, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        line = QHBoxLayout()
        line.addWidget(self.label, 1)
        line.addWidget(self.field)
        line.addWidget(self.clear)
        line.addWidget(self.reset)
        line.addWidget(self.reset_all)
        column.addLayout(line)
        below = QHBoxLayout()
        below.addWidget(self.note, 1)
        below.addWidget(self.take)
        column.addLayout(below)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(keys, "Keys")
        self.tabs.addTab(self._mouse_page(), "Mouse")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        whole = QVBoxLayout(self)
        whole.addWidget(self.tabs)
        whole.addWidget(buttons)

    def _mouse_page(self) -> QWidget:
        self.gestures = ActionTable(("gesture", "what it does"), self)
        self.gestures.setAccessibleName("What the mouse does on the canvas")
        for gesture, does in (*GESTURES, *FIXED_KEYS):
            self.gestures.add_row((gesture, does))
        self.gestures.setColumnWidth(0, 230)
        self.gestures.selectRow(0)
        return self.gestures

    def _fill(self) -> None:
        for row in self._shortcuts.rows.values():
            menu = row.menu.replace("&", "").replace("/", " › ")
            self.table.add_row((plain_title(row), self._shortcuts.text(row.id), menu, row.tip), row.id)
        for column, width in WIDTHS.items():
            self.table.setColumnWidth(column, width)
        self._refresh_keys()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.table.itemDoubleClicked.connect(lambda _item: self.field.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.field.keySequenceChanged.connect(self._press)
        self.clear.clicked.connect(lambda: self._give(QKeySequence()))
        self.reset.clicked.connect(lambda: self._answer(self._shortcuts.reset(self.chosen.id)))
        self.reset_all.clicked.connect(self._reset_all)
        self.take.clicked.connect(self._take)

    @property
    def chosen(self) -> Row:
        """The action whose keys are shown below the table."""
        item = self.table.cells[max(0, self.table.currentRow())][ACTION]
        return self._shortcuts.rows[item.data(ID)]

    def _narrow(self, query: str) -> None:
        """Show the actions whose title, keys, menu or sentence have every word."""
        words = query.casefold().split()
        found = -1
        for row, cells in enumerate(self.table.cells):
            text = " ".join(cell.text() for cell in cells).casefold()
            hidden = not all(word in text for word in words)
            self.table.setRowHidden(row, hidden)
            found = row if found < 0 and not hidden else found
        if found >= 0 and self.table.isRowHidden(self.table.currentRow()):
            self.table.selectRow(found)

    def _show_chosen(self) -> None:
        row = self.chosen
        self.label.setText(f"Keys of “{plain_title(row)}”")
        self.field.setAccessibleName(f"Keys of {plain_title(row)}")
        self._show_keys()
        self._say(None)

    def _show_keys(self) -> None:
        self.field.blockSignals(True)
        self.field.setKeySequence(self._shortcuts.keys(self.chosen.id))
        self.field.blockSignals(False)
        self.clear.setEnabled(not self._shortcuts.keys(self.chosen.id).isEmpty())
        self.reset.setEnabled(not self._shortcuts.is_default(self.chosen.id))

    def _press(self, keys: QKeySequence) -> None:
        # The field empties itself when it begins to listen.
        if not keys.isEmpty():
            self._give(keys)

    def _give(self, keys: QKeySequence) -> None:
        self._wanted = keys
        conflict = self._shortcuts.give(self.chosen.id, keys)
        self._say(conflict)
        if conflict is None:
            self._refresh_keys()
            self._show_keys()

    def _answer(self, conflict: Conflict | None) -> None:
        """What came of giving an action back its own keys."""
        self._wanted = QKeySequence(self.chosen.shortcut)
        self._refresh_keys()
        self._show_keys()
        self._say(conflict)

    def _take(self) -> None:
        self._shortcuts.take(self.chosen.id, self._wanted)
        self._say(None)
        self._refresh_keys()
        self._show_keys()
        self.field.setFocus()

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._say(None)
        self._refresh_keys()
        self._show_keys()

    def _say(self, conflict: Conflict | None) -> None:
        """Why the keys are not taken, and from whom they could be."""
        owner = conflict.owner if conflict is not None else None
        self.note.setText(conflict.sentence if conflict is not None else "")
        self.take.setVisible(owner is not None)
        if owner is not None:
            self.take.setText(f"Take from “{plain_title(owner)}”")

    def _refresh_keys(self) -> None:
        """Write the keys of all actions; those that the user chose in bold."""
        for cells in self.table.cells:
            item, name = cells[KEYS], cells[KEYS].data(ID)
            item.setText(self._shortcuts.text(name))
            font = item.font()
            font.setBold(not self._shortcuts.is_default(name))
            item.setFont(font)
