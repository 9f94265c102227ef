"""One problem as a row: its icon, its sentence, where it stands, and a button for each mend."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from designer.gui.panels.icons import SIDE, severity_icon
from designer.gui.panels.texts import breakable
from designer.gui.panels.widgets import WrapButton, text_label
from designer.gui.theme import Theme
from designer.problems import Problem


class FixButtons(QWidget):
    """A button for each mend of a problem; the first is the one to take."""

    chosen = Signal(object)
    """The Fix whose button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[WrapButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 2)
        self._column.setSpacing(4)

    def show_fixes(self, problem: Problem | None) -> None:
        """Offer the mends of another problem, or none."""
        for button in self.buttons:
            self._column.removeWidget(button)
            # The press of this very button may be under way, so it is not deleted at once.
            button.hide()
            button.deleteLater()
        self.buttons = []
        for place, fix in enumerate(problem.fixes if problem is not None else ()):
            button = WrapButton(fix.label, prominent=place == 0, parent=self)
            button.clicked.connect(lambda _checked=False, fix=fix: self.chosen.emit(fix))
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)
        self.setVisible(bool(self.buttons))


class ProblemRow(QWidget):
    """A row that says what is wrong; a click or Enter goes to the node, a button mends it."""

    opened = Signal(object)
    """The Problem whose node is to be shown."""
    fix_chosen = Signal(object)

    def __init__(
        self, theme: Theme, *, with_place: bool = True, margin: int = 8, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.problem: Problem | None = None
        self._with_place = with_place
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.icon = QLabel(self)
        self.sentence = text_label(parent=self)
        self.place = text_label(muted=True, parent=self)
        self.fixes = FixButtons(self)
        self.fixes.chosen.connect(self.fix_chosen)
        grid = QGridLayout(self)
        grid.setContentsMargins(margin, 6, margin, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.sentence, 0, 1)
        grid.addWidget(self.place, 1, 1)
        grid.addWidget(self.fixes, 2, 1)

    def show_problem(self, problem: Problem, origin: str = "") -> None:
        """Say another problem; `origin` names where it was found, where that is not the design."""
        if problem != self.problem:
            self.problem = problem
            self.sentence.setText(breakable(problem.sentence))
            self.setAccessibleName(f"{problem.severity.value}: {problem.sentence}")
            self.fixes.show_fixes(problem)
        where = " \u00b7 ".join(part for part in (origin, self._where(problem)) if part)
        self.place.setText(breakable(where))
        self.place.setVisible(bool(where))
        goes = self._goes
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if goes else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if goes else Qt.CursorShape.ArrowCursor)
        self.restyle(self.theme)

    def restyle(self, theme: Theme) -> None:
        """Take the icon of another theme."""
        self.theme = theme
        if self.problem is not None:
            self.icon.setPixmap(severity_icon(theme, self.problem.severity).pixmap(SIDE, SIDE))

    @property
    def _goes(self) -> bool:
        return self._with_place and self.problem is not None and self.problem.node is not None

    def _where(self, problem: Problem) -> str:
        return (problem.node or "the design") if self._with_place else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the node."""
        if (
            self._goes
            and event.button() is Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.opened.emit(self.problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space go to the node; Up and Down to the next row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._goes:
            self.opened.emit(self.problem)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The ground changes under the pointer."""
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The ground changes back."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line below, a ground under the pointer, a frame when focused."""
        painter, palette = QPainter(self), self.palette()
        if self._goes and self.underMouse():
            painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.AlternateBase))
        if self._with_place:
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        if self.hasFocus():
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
