"""What each column is like: its type, its range, what is missing, and its histogram on a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from designer.gui.panels.examples.bars import Bar, Histogram, ScrolledBars
from designer.gui.panels.examples.texts import range_text, spread_text
from designer.gui.panels.texts import count_text
from designer.gui.panels.widgets import text_label
from designer.gui.theme import Theme
from designer.protocol import Spread

SHORT = {"number": "numbers", "whole": "whole", "text": "texts", "other": "other"}
BAR = 16
"""Room for a scroll bar below the columns."""
TITLES = ("Column", "Type", "Range", "Missing")


class ColumnsView(QWidget):
    """A list of columns, and how the values of the chosen one lie."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spreads: tuple[Spread, ...] = ()
        self.list = QTreeWidget(self)
        self.list.setAccessibleName("Columns")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels(list(TITLES))
        self.list.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.header().setStretchLastSection(False)
        self.list.header().setMinimumSectionSize(50)
        self.about = text_label(parent=self)
        self.histogram, self.common = Histogram(theme), ScrolledBars("Commonest values", theme)
        self.shape = QStackedWidget(self)
        self.shape.addWidget(self.histogram)
        self.shape.addWidget(self.common)
        self.shape.addWidget(QWidget())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list, 3)
        column.addWidget(self.about)
        column.addWidget(self.shape, 2)
        self.list.currentItemChanged.connect(lambda *_: self._show_chosen())

    def show_columns(self, spreads: Sequence[Spread]) -> None:
        """Show these columns; the same one stays chosen, else the first."""
        chosen = max(0, self._chosen())
        self._spreads = tuple(spreads)
        self.list.clear()
        for spread in self._spreads:
            missing = count_text(spread.missing) if spread.missing else ""
            item = QTreeWidgetItem([spread.name, SHORT.get(spread.kind, spread.kind), range_text(spread), missing])
            item.setToolTip(0, spread_text(spread))
            item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight)
            self._dress(item, spread)
            self.list.addTopLevelItem(item)
        for place in range(len(TITLES)):
            self.list.header().setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            self.list.resizeColumnToContents(place)
        self.list.setColumnWidth(0, min(self.list.columnWidth(0), 150))
        self.list.setColumnHidden(3, not any(spread.missing for spread in self._spreads))
        height = max(self.list.sizeHintForRow(0), 1) * max(len(self._spreads), 1)
        self.list.setMaximumHeight(height + self.list.header().sizeHint().height() + BAR)
        first = self.list.topLevelItem(min(chosen, max(0, len(self._spreads) - 1)))
        if first is not None:
            self.list.setCurrentItem(first)
        self._show_chosen()

    def _dress(self, item: QTreeWidgetItem, spread: Spread) -> None:
        font = self.list.font()
        font.setBold(spread.role == "target")
        item.setFont(0, font)
        for place in range(len(TITLES)):
            item.setForeground(place, self._theme.muted if spread.role == "ignore" else self._theme.text)
        item.setForeground(3, self._theme.error)

    def _chosen(self) -> int:
        item = self.list.currentItem()
        return self.list.indexOfTopLevelItem(item) if item is not None else -1

    def _show_chosen(self) -> None:
        place = self._chosen()
        if not 0 <= place < len(self._spreads):
            self.about.setText("")
            self.shape.setCurrentIndex(2)
            return
        spread = self._spreads[place]
        self.about.setText(spread_text(spread))
        if spread.common:
            self.common.show_bars([Bar(name, (count,)) for name, count in spread.common])
            self.shape.setCurrentWidget(self.common)
        elif spread.bins:
            self.histogram.show_spread(spread)
            self.shape.setCurrentWidget(self.histogram)
        else:
            self.shape.setCurrentIndex(2)

    def take_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = self.histogram.theme = theme
        self.common.take_theme(theme)
        for place, spread in enumerate(self._spreads):
            item = self.list.topLevelItem(place)
            if item is not None:
                self._dress(item, spread)
        self.histogram.update()
