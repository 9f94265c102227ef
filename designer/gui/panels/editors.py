"""What fields are made of: a line with a hint, a box with arrows, a list and a tick, all calm under the wheel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QStyle, QStyleOptionButton, QWidget

from designer.gui.panels.widgets import leaves_to_window


def outline(widget: QWidget, rect: QRect) -> None:
    """Draw a field's edge in the theme's own colour: the style's is lost on a dark ground."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(widget.palette().color(QPalette.ColorRole.Mid))
    painter.drawRoundedRect(rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    painter.end()


class HintedLine(QLineEdit):
    """A line that says what the default is, at its right end, where there is room beside the text."""

    reverted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = ""
        self.insists = False
        """Whether the hint hides the end of a long text, rather than giving way to it."""

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window: a field has no history beside the design's."""
        return False if leaves_to_window(event) else super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed."""
        if event.key() == Qt.Key.Key_Escape:
            self.reverted.emit()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, and the default in muted letters."""
        super().paintEvent(event)
        if self.hasFrame() and not self.hasFocus():
            outline(self, self.rect())
        metrics = self.fontMetrics()
        needed = metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(self.hint) + 24
        fits = needed <= self.width()
        if self.hint and self.text() and (fits or (self.insists and not self.hasFocus())):
            painter = QPainter(self)
            place = self.rect().adjusted(0, 0, -6, 0)
            if not fits:
                hidden = place.adjusted(place.width() - metrics.horizontalAdvance(self.hint) - 8, 2, 4, -2)
                painter.fillRect(hidden, self.palette().color(QPalette.ColorRole.Base))
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.hint)
            painter.end()


class StepBox(QAbstractSpinBox):
    """A line with arrows; what a step means is the field's matter."""

    stepped = Signal(int)

    def __init__(self, line: HintedLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLineEdit(line)
        self._line = line
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def stepBy(self, steps: int) -> None:
        """An arrow, an arrow key or the wheel."""
        self.stepped.emit(steps)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both ways; the setting's limits hold the value."""
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's box with an edge that is seen."""
        super().paintEvent(event)
        if not self.hasFocus():
            outline(self, self.rect())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus, so that scrolling the form changes nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed."""
        if event.key() == Qt.Key.Key_Escape:
            self._line.reverted.emit()
        super().keyPressEvent(event)


class CalmCombo(QComboBox):
    """A combo box that the wheel does not change on the way past."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def showPopup(self) -> None:
        """Wide enough for its longest entry."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        super().showPopup()


class EdgedCheckBox(QCheckBox):
    """A check box whose empty box is seen on a dark ground."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's box with an edge that is seen."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        outline(self, self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self))
