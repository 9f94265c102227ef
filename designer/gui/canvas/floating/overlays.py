"""The few widgets that float over the canvas: the path of groups, the hint on an empty canvas, the field for a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from designer.gui.key_names import say_keys

HINT = "Drag a layer here from the palette"
HINT_WITH_KEYS = f"{HINT}, or press {{keys}} and type its name"
NOTE_WIDTH = 320
ELLIPSIS = "…"
ROOM = 24
"""What a field for a name takes beside its text, in screen pixels."""
EDGE = 10
"""How far the path of groups stands from the canvas's corner, in screen pixels."""


class Breadcrumb(QFrame):
    """Where in the design the canvas is: a button for each group around; hidden in the whole design."""

    left = Signal(object)
    """The path of groups to go to."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 2, 8, 2)
        self._row.setSpacing(6)
        self._canvas = parent
        self._steps: tuple[str, ...] = ("Design",)
        self._skipped = 0
        """So many of the outermost steps are left out."""
        self.buttons: list[QToolButton] = []
        self.move(EDGE, EDGE)
        self.hide()

    def show_place(self, place: tuple[str, ...], name: str) -> None:
        """Show a path of groups; `name` is what the whole design is called."""
        self._steps = (name or "Design", *place)
        self._skipped = 0
        self._build()
        self.setVisible(bool(place))
        self.raise_()
        self.take_room()

    def take_room(self) -> None:
        """Leave out the outermost steps where the canvas is too narrow for all, but never the innermost."""
        if self._skipped:
            self._skipped = 0
            self._build()
        while self.width() > self._canvas.width() - 2 * EDGE and self._skipped < len(self._steps) - 1:
            self._skipped += 1
            self._build()

    def _build(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        if self._skipped:
            # The innermost of the steps that are left out.
            place = self._steps[1 : self._skipped]
            self._add_button(ELLIPSIS, self._steps[self._skipped - 1], place)
        for depth, step in enumerate(self._steps[self._skipped :], self._skipped):
            self._add_step(step, self._steps[1 : depth + 1], last=depth == len(self._steps) - 1)
        self._row.activate()
        self.adjustSize()

    def _add_step(self, step: str, target: tuple[str, ...], *, last: bool) -> None:
        if last:
            label = QLabel(step, self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            font = label.font()
            font.setBold(True)
            label.setFont(font)
            self._add(label)
            return
        self._add_button(step, step, target)

    def _add_button(self, text: str, step: str, target: tuple[str, ...]) -> None:
        """A button that goes back to a step."""
        button = QToolButton(self)
        button.setText(text.replace("&", "&&"))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(f"Go back to {step}")
        button.clicked.connect(lambda: self.left.emit(target))
        self.buttons.append(button)
        self._add(button)
        self._add(QLabel("›", self))

    def _add(self, widget: QWidget) -> None:
        self._row.addWidget(widget)
        widget.show()  # at once, so that its size counts


class Hint(QLabel):
    """One quiet sentence in the middle of an empty canvas; the pointer does not notice it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        say_keys(self, "add_here", HINT_WITH_KEYS, HINT)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setWordWrap(True)


class Note(QLabel):
    """A few words beside the pointer while a link is drawn; the pointer does not notice them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.setForegroundRole(QPalette.ColorRole.ToolTipText)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setMargin(5)
        self.setWordWrap(True)
        self.hide()

    def say(self, text: str, at: QPoint) -> None:
        """Show a text near a point of the canvas, inside it; an empty one hides the note."""
        self.setVisible(bool(text))
        if not text:
            return
        self.setText(text)
        self.setFixedWidth(min(NOTE_WIDTH, self.fontMetrics().size(0, text).width() + 18))
        self.adjustSize()
        canvas = self._canvas.rect()
        x = min(at.x() + 16, canvas.right() - self.width() - 4)
        y = at.y() + 18 if at.y() + 22 + self.height() < canvas.bottom() else at.y() - self.height() - 12
        self.move(max(4, x), max(4, y))
        self.raise_()


class NameField(QLineEdit):
    """A field over a node's id. Enter asks `accept`; the field stays while that says no. Escape closes it."""

    def __init__(self, parent: QWidget, text: str, accept: Callable[[str], bool]) -> None:
        super().__init__(text, parent)
        self._canvas = parent
        self._accept = accept
        self._done = False
        self._caption = Note(parent)
        self.setAccessibleName("New name")
        self.returnPressed.connect(self._try)

    def explain(self, caption: str) -> None:
        """Say below the field what is asked, where that is not the name which stands there."""
        self.setAccessibleName(caption)
        self._caption.setText(caption)

    def open_at(self, place: QPoint, width: int) -> None:
        """Show the field, ready to type; it grows with what is typed as far as the canvas reaches."""

        def grow(text: str) -> None:
            needed = self.fontMetrics().horizontalAdvance(text) + ROOM
            self.setFixedWidth(max(width, min(needed, self._canvas.width() - place.x())))

        self.textChanged.connect(grow)
        grow(self.text())
        self.move(place)
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus()
        self._caption.say(self._caption.text(), self.geometry().bottomLeft() - QPoint(16, 14))

    def close_field(self) -> None:
        """Take the field away without asking."""
        if not self._done:
            self._done = True
            self.hide()
            self.deleteLater()
            self._caption.hide()
            self._caption.deleteLater()

    def _try(self) -> None:
        if not self._done and self._accept(self.text().strip()):
            self.close_field()
            self._canvas.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_field()
            self._canvas.setFocus()
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                # Where the name was refused, the key must not reach the canvas, which would enter the group.
                event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self._done:
            self._accept(self.text().strip())
            self.close_field()
