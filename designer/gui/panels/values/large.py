"""Values in a panel: as wide as the panel is, each with its name, shape and range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from designer.gui.panels.widgets import text_label
from designer.gui.theme import Appearance
from designer.gui.value_painting import ROW, image_of, number_text, paint_value
from designer.protocol import Value

BARS, HEAT, NUMBER = 120, 160, 28
"""How high bars, heat maps and a single number stand."""
MOST = 20
"""Bars with more names than this stand, without them."""
USUAL = 320
"""Pictures are as wide as this where they are large enough."""
LARGEST = 8
"""A pixel is painted at most so many screen pixels wide."""


class LargeValue(QWidget):
    """One value, as large as there is room for."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.value: Value | None = None
        self._names: tuple[str, ...] = ()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Value | None, names: Sequence[str] = ()) -> None:
        """Show another value; `names` are those of its numbers."""
        self.value = value
        self._names = tuple(names) if len(names) <= MOST else ()
        self._image = QImage() if value is None else image_of(value, self._appearance.theme)
        self.setFixedHeight(self._height())
        self.update()

    def _height(self) -> int:
        """How high the value stands. It does not follow the width: a scroll bar that comes and goes would turn it."""
        if self.value is None:
            return 0
        if self._image.isNull():
            named = round(ROW * len(self._names)) if self._names and self.value.form == "bars" else 0
            return NUMBER if self.value.form == "number" else named or BARS
        scale = min(LARGEST, USUAL / self._image.width())
        return HEAT if self.value.form == "heat" else max(NUMBER, round(self._image.height() * scale))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The value, from the left."""
        if self.value is None:
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        area = QRectF(self.rect())
        if not self._image.isNull() and self.value.form != "heat":
            area.setWidth(min(area.width(), area.height() * self._image.width() / self._image.height()))
        paint_value(painter, area, self.value, self._image, self._appearance.theme, self._names)
        painter.end()


class LargeValues(QWidget):
    """Several values below each other, each with its name and what can be said of it."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.parts: dict[str, LargeValue] = {}
        self._labels: dict[str, QLabel] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_values(self, values: Mapping[str, Value], names: Sequence[str] = ()) -> None:
        """Show these values under their names."""
        if list(values) != list(self.parts):
            self._make(list(values))
        for name, value in values.items():
            label = self._labels[name]
            label.setText(f"{name}: {in_words(value)}")
            self.parts[name].show_value(value, names)

    def text(self, name: str) -> str:
        """What is said of a value."""
        return self._labels[name].text()

    def _make(self, names: list[str]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.parts, self._labels = {}, {}
        for name in names:
            self._labels[name] = text_label(parent=self)
            self._labels[name].setForegroundRole(QPalette.ColorRole.PlaceholderText)
            self.parts[name] = LargeValue(self._appearance, self)
            self._column.addWidget(self._labels[name])
            self._column.addWidget(self.parts[name], 0, Qt.AlignmentFlag.AlignTop)


def in_words(value: Value) -> str:
    """The shape, the range and the mean of a value in a line."""
    shape = " x ".join(map(str, value.shape)) or "a single number"
    if value.low is None or value.high is None or value.form == "number":
        return shape
    span = f"{number_text(value.low)} to {number_text(value.high)}, mean {number_text(value.mean)}"
    return f"{shape}, {span}"
