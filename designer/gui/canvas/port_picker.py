"""Connecting without a pointer: a list at the node of the ports that fit, narrowed by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QLineEdit, QListWidget, QVBoxLayout

from designer.gui.canvas.picking import Choice, choices, edit_of, own_ports

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

MOST = 100
"""So many choices are listed; typing brings up the others."""
ROWS = 9
WIDTH = 330
Key = Qt.Key


class FilterLine(QLineEdit):
    """The line to type in. It keeps the focus; Up and Down go through the list below it."""

    def __init__(self, picker: Picker) -> None:
        super().__init__(picker)
        self._picker = picker
        self.setPlaceholderText("Type to narrow the list")

    def event(self, event: QEvent) -> bool:
        """The keys of the list must not go to the canvas around it."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Enter and Escape are the list's; all else is typed."""
        steps = {Key.Key_Up: -1, Key.Key_Down: 1, Key.Key_PageUp: 1 - ROWS, Key.Key_PageDown: ROWS - 1}
        if event.key() in steps:
            self._picker.step(steps[Key(event.key())])
        elif event.key() in (Key.Key_Return, Key.Key_Enter):
            self._picker.choose()
        elif event.key() == Key.Key_Escape:
            self._picker.close_list()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere has changed his mind."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._picker.close_list()


class Picker(QFrame):
    """Floats over the canvas: first the node's own port, if it has several, then the port elsewhere."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._workspace = canvas.workspace
        self._end: Choice | None = None
        self._all: tuple[Choice, ...] = ()
        self._found: list[Choice] = []
        self.setAutoFillBackground(True)
        self.setFixedWidth(WIDTH)
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.line = FilterLine(self)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(1)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.more = QLabel(self)
        self.more.setProperty("rank", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(5)
        for widget in (self.title, self.line, self.list, self.more):
            column.addWidget(widget)
        self.line.textChanged.connect(self._narrow)
        self.list.currentRowChanged.connect(self._light)
        self.list.itemClicked.connect(lambda _item: self.choose())
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The list, with an edge that parts it from the drawing."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self._canvas.design.look.theme.muted)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def begin(self, side: str) -> None:
        """Connect the one selected node, from its outputs or from its inputs."""
        if len(self._workspace.selection) != 1:
            return
        (node,) = self._workspace.selection
        own = own_ports(self._canvas.design.report, node, side)
        self._canvas.show_selection()
        if len(own) == 1:
            self._go_on(own[0])
        elif own:
            self._offer(f"Which {own[0].end[1][:-1]} of {node}?", own)
        else:
            self._workspace.refused.emit(f"{node} has no port to connect.")

    def _go_on(self, own: Choice) -> None:
        found = choices(self._canvas.design.report, own.end)
        node, side, name = own.end
        if not found:
            takes = "can take what it gives" if side == "outputs" else "gives what it can take"
            self._workspace.refused.emit(f"No other layer {takes} at {node}.{name}. Add one first.")
            self.close_list()
            return
        self._end = own
        self._offer(f"Connect {node}.{name} {'to' if side == 'outputs' else 'from'}", found)

    def _offer(self, title: str, offered: tuple[Choice, ...]) -> None:
        self._all = offered
        self.title.setText(title)
        self.line.setAccessibleName(title)
        self.list.setAccessibleName(title)
        self.line.blockSignals(True)
        self.line.clear()
        self.line.blockSignals(False)
        self._narrow("")
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus()

    def _narrow(self, query: str) -> None:
        found = [choice for choice in self._all if choice.answers(query)]
        self._found = found[:MOST]
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([choice.text for choice in self._found])
        self.list.blockSignals(False)
        hidden = len(found) - len(self._found)
        self.more.setText(f"and {hidden} more" if hidden else "Nothing fits that word." if not found else "")
        self.more.setVisible(bool(self.more.text()))
        row = self.list.sizeHintForRow(0) + 2 if found else self.fontMetrics().height()
        self.list.setFixedHeight(row * max(1, min(ROWS, len(self._found))) + 2)
        self.adjustSize()
        if found:
            self.list.setCurrentRow(0)

    def _place(self) -> None:
        """Beside the node, or before it where there is no room, and within the canvas."""
        node = (self._end or self._all[0]).end[0]
        body = self._canvas.mapFromScene(self._canvas.design.bounds((node,))).boundingRect()
        canvas = self._canvas.rect()
        x = body.right() + 14 if body.right() + 18 + self.width() < canvas.right() else body.left() - 14 - self.width()
        at = QPoint(x, body.top())
        self.move(
            max(4, min(at.x(), canvas.right() - self.width() - 4)),
            max(4, min(at.y(), canvas.bottom() - self.height() - 4)),
        )

    def step(self, rows: int) -> None:
        """Go down in the list, or up."""
        if self._found:
            self.list.setCurrentRow(max(0, min(len(self._found) - 1, self.list.currentRow() + rows)))

    def _light(self, row: int) -> None:
        """Show on the canvas which port is meant, and say it to a screen reader by the line that has the focus."""
        if 0 <= row < len(self._found):
            choice = self._found[row]
            held = self._end.end[0] if self._end is not None else choice.end[0]
            self._canvas.design.light((choice.end,), held)
            self.line.setAccessibleDescription(choice.text)

    def choose(self) -> None:
        """Take the current row: the port to begin at, or the other end."""
        row = self.list.currentRow()
        if not 0 <= row < len(self._found):
            return
        chosen, end = self._found[row], self._end
        if end is None:
            self._go_on(chosen)
            return
        self.close_list()
        link, edit = edit_of(self._canvas.design.report, end.end, chosen.end)
        self._workspace.commit(edit, f"Connect {link.source} to {link.target}")

    def close_list(self) -> None:
        """Put the list away; the focus goes back to the canvas if it was here."""
        if self.isHidden():
            self._end = None
            return
        self._end, had = None, self.line.hasFocus()
        self._canvas.design.light(None)
        self.hide()
        if had:
            self._canvas.setFocus()
