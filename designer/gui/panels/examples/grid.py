"""Examples with pictures, in a grid; below each stands what it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QListWidget, QListWidgetItem, QWidget

from designer.gui.panels.examples.pictures import GAP, images, side_by_side
from designer.gui.panels.examples.texts import example_text
from designer.gui.theme import Theme
from designer.protocol import Looked

SIDE = 52
"""The side of a picture, in logical pixels."""
LARGE = 84
"""The same for pictures of many pixels."""
MANY = 40


class PictureGrid(QListWidget):
    """A picture for each example, or several side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Examples as pictures")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_examples(self, looked: Looked, classes: Sequence[str], theme: Theme) -> None:
        """Show a page of examples."""
        drawn = [images(field, theme) for field in looked.fields if field.form in ("image", "mask")]
        longest = max((max(each[0].width(), each[0].height()) for each in drawn if each), default=0)
        side = LARGE if longest > MANY else SIDE
        size = QSize(len(drawn) * (side + GAP) - GAP, side)
        self.clear()
        self.setIconSize(size)
        self.setGridSize(size + QSize(14, self.fontMetrics().height() + 12))
        for place, row in enumerate(looked.rows):
            parts = [each[place] for each in drawn if place < len(each)]
            texts = [(field.name, example_text(field, place, classes)) for field in looked.fields]
            said = [(name, text) for name, text in texts if text]
            item = QListWidgetItem(", ".join(text for _, text in said))
            item.setIcon(side_by_side(parts, side, self.devicePixelRatioF()))
            tip = "\n".join([f"Example {row + 1:,}", *(f"{name}: {text}" for name, text in said)])
            item.setToolTip(tip)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, tip.replace("\n", ", "))
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.addItem(item)
        self.scrollToTop()
