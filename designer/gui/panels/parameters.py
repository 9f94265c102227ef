"""The parameters panel: where a network's parameters and cost are, and how each layer learns while it trains."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QPainter, QPalette, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSplitter,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QWidget,
)

from designer.compiler.summary import beyond
from designer.graph.changes import Changes
from designer.graph.names import plain_id
from designer.gui.live_figures import LiveFigures
from designer.gui.panels.column_menu import ColumnMenu
from designer.gui.panels.icons import copy_icon
from designer.gui.panels.layer_detail import LayerDetail
from designer.gui.panels.memory_bar import MemoryBar
from designer.gui.panels.parameters_model import COLUMNS, FIRST_OF_RUN, SHARE, SHARE_COLUMN, ParametersModel, rows_of
from designer.gui.panels.texts import count_text, plural, short_count
from designer.gui.panels.widgets import MARGIN, barred_page, empty_state, fill_with_pages, text_label
from designer.gui.runner import Runner
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

TEXTS = (attrgetter("id"), attrgetter("layer"), attrgetter("shape"))
"""What the first columns say of a row."""
BESIDE_TEXT = 42
"""The icon of a row, and air."""
LARGE = 2000
"""Layers from which on the table waits for a pause between edits: to reckon and lay out so many takes a moment."""
RETOLD = 100
"""Milliseconds between two tellings of figures: nobody reads faster."""
PAUSE = 400
"""Milliseconds without an edit that count as a pause."""
WIDEST = 190
"""A column is not made wider than this by itself."""


class ShareDelegate(QStyledItemDelegate):
    """Paints a row's share of all parameters as a bar behind the figure."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The bar first, then the text."""
        share = index.data(SHARE)
        if share:
            area: QRect = option.rect.adjusted(3, 4, -3, -4)
            colour = option.palette.color(QPalette.ColorRole.Highlight)
            colour.setAlpha(70)
            painter.fillRect(area.x(), area.y(), max(1, round(area.width() * share)), area.height(), colour)
        super().paint(painter, option, index)


class LayerTable(QTableView):
    """The table; Enter goes to the layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        # The end of a full id says more than its middle.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Parameters by layer")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # Measuring a thousand rows at every resize would be felt; the ones in view tell the width.
        header.setResizeContentsPrecision(0)
        header.setSortIndicatorClearable(True)
        header.setMinimumSectionSize(60)


class ParametersPanel(QWidget):
    """A line for each layer, sortable, with live figures while a run is under way."""

    def __init__(
        self,
        workspace: Workspace,
        appearance: Appearance,
        runner: Runner,
        live: LiveFigures | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._appearance = appearance
        self._live = live if live is not None else LiveFigures(workspace, runner, self)
        self._retold = QTimer(self, singleShot=True, interval=RETOLD)
        self._retold.timeout.connect(self._retell)
        self._untold = False
        self._in_front, self._stale = True, False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self.model = ParametersModel(appearance.theme)
        self.model.setParent(self)
        self.table = LayerTable(self)
        self.totals = text_label(parent=self)
        self.memory = MemoryBar(self)
        self.note = text_label("The figures on the right are of the design as it was when the run began.", muted=True)
        self.copy, self.columns, self.closer = QToolButton(self), QToolButton(self), QToolButton(self)
        self.detail = LayerDetail(appearance, self._live, runner, self)
        self.choice = ColumnMenu(self.table, COLUMNS, self)
        self.empty = empty_state("Draw a network, and its layers are listed here with what each of them costs.", self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.table)
        self._connect()
        self._restyle(appearance.theme)
        self._refresh()
        self._show_figures()

    def sizeHint(self) -> QSize:
        """Room for the columns that matter most."""
        return QSize(560, 240)

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        # Room that is left makes the bars longer.
        self.table.horizontalHeader().setSectionResizeMode(SHARE_COLUMN, QHeaderView.ResizeMode.Stretch)
        self.table.setItemDelegateForColumn(SHARE_COLUMN, ShareDelegate(self.table))
        self.copy.setText("Copy")
        self.copy.setToolTip("Copy the table as text")
        self.copy.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.note.setContentsMargins(MARGIN, 0, MARGIN, 4)
        self.columns.setText("Columns")
        self.columns.setToolTip("Choose which columns are shown")
        self.columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.columns.setMenu(self.choice)
        self.closer.setText("Details")
        self.closer.setToolTip("Show how the selected layer has fared, and how its weights and gradients are spread")
        self.closer.setCheckable(True)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(self.detail)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        self.detail.hide()
        page = barred_page((self.totals, self.closer, self.columns, self.copy), self.memory, self.note, parts)
        fill_with_pages(self, self._pages, page, self.empty)

    def _connect(self) -> None:
        self.table.clicked.connect(self._go)
        self.table.activated.connect(self._go)
        self.copy.clicked.connect(self._copy)
        self.memory.chosen.connect(self._refresh)
        self._later.timeout.connect(self._catch_up)
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._copy)
        self._workspace.changed.connect(self._follow)
        self._workspace.selection_changed.connect(self._follow_selection)
        self._live.changed.connect(self._hear)
        self.closer.toggled.connect(self.detail.setVisible)
        self.table.selectionModel().currentChanged.connect(self._follow_current)
        self.choice.chosen.connect(self._show_columns)
        self._appearance.changed.connect(self._restyle)

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.structure or changes.training:
            self._stale = True
            if self.model.rowCount() < LARGE:
                self._catch_up()
            else:
                self._later.start()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the panel stands in front of the others in its place; behind them it does nothing."""
        self._in_front = in_front
        self._catch_up()

    def _catch_up(self) -> None:
        if self._in_front and self._stale:
            self._stale = False
            self._refresh()
            self._show_figures()

    def _refresh(self) -> None:
        report = self._workspace.report
        rows = rows_of(report, self.memory.reckon(report))
        self.model.show_rows(rows, report.parameters)
        self._pages.setCurrentIndex(0 if rows else 1)
        self._fit_columns()
        frozen = report.parameters - report.trainable_parameters
        parts = (
            plural(len(rows), "layer"),
            plural(report.parameters, "parameter"),
            f"{count_text(report.trainable_parameters)} trainable, {count_text(frozen)} frozen" if frozen else "",
            f"{short_count(report.macs)} multiply-adds for one example{beyond(report)}",
        )
        self.totals.setText(" \u00b7 ".join(filter(None, parts)))
        self.totals.setToolTip(f"{count_text(report.macs)} multiply-adds{beyond(report)}")
        self._follow_selection(self._workspace.selection)

    def _fit_columns(self) -> None:
        """Make columns wider where what is new needs it; none is made narrower under the reader's eyes."""
        header, metrics, rows = self.table.horizontalHeader(), self.table.fontMetrics(), self.model.rows
        # The view measures the rows in sight alone; what is added often stands below them.
        texts = [max((text(row) for row in rows), key=len, default="") for text in TEXTS]
        for column in range(FIRST_OF_RUN):
            needed = max(self.table.sizeHintForColumn(column), header.sectionSizeHint(column)) + 8
            if column < len(texts):
                needed = max(needed, metrics.horizontalAdvance(texts[column]) + BESIDE_TEXT)
            if needed > self.table.columnWidth(column):
                self.table.setColumnWidth(column, min(needed, WIDEST))

    def _follow_selection(self, selection: Any) -> None:
        """Show the row of the selected node; of a group, the first inside."""
        if not self._in_front:
            self._stale = True
            return
        chosen = [".".join((*self._workspace.place, node)) for node in selection]
        index = QModelIndex()
        if len(chosen) == 1:
            for place, row in enumerate(self.model.rows):
                name = plain_id(row.id)
                if name == chosen[0] or name.startswith(f"{chosen[0]}."):
                    index = self.model.index(place, 0)
                    break
        current = self.table.currentIndex()
        stands = current.isValid() and index.isValid() and self._plain(current) == self._plain(index)
        if not index.isValid():
            self.table.setCurrentIndex(QModelIndex())
            self.table.clearSelection()
        elif not stands:
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    def _plain(self, index: QModelIndex) -> str:
        return plain_id(self.model.rows[index.row()].id)

    def _go(self, index: QModelIndex) -> None:
        place = index.row()
        self._workspace.show_node(self.model.rows[place].id)
        # Entering a group shows the first round's row; the one that was clicked is the one that is meant.
        self.table.setCurrentIndex(self.model.index(place, 0))

    def _follow_current(self, index: QModelIndex) -> None:
        """Tell more of the row that was gone to."""
        self.detail.show_layer(self.model.rows[index.row()].id if index.isValid() else "")

    def _hear(self) -> None:
        if not self._live.now:
            self._stale = True
            self._catch_up()
        elif not self._in_front:
            self._stale = True
        elif self._retold.isActive():
            self._untold = True
        else:
            self._show_figures()
            self._retold.start()

    def _retell(self) -> None:
        if self._untold and self._in_front:
            self._untold = False
            self._show_figures()
            self._retold.start()

    def _show_columns(self) -> None:
        """Show those that were chosen; those of a run, once it told anything."""
        told = bool(self._live.now)
        for place, column in enumerate(COLUMNS):
            hidden = not self.choice.is_chosen(place) or (column.figure is not None and not told)
            if self.table.isColumnHidden(place) != hidden:
                self.table.setColumnHidden(place, hidden)
                if column.figure is not None:
                    self.table.setColumnWidth(place, self.table.fontMetrics().horizontalAdvance("gradient norm") + 24)

    def _show_figures(self) -> None:
        stale = bool(self._live.now) and self._live.stale
        self._show_columns()
        self.note.setVisible(stale)
        self.model.show_figures(self._live.now, stale=stale)

    def _copy(self) -> None:
        text = self.model.as_text(with_run=bool(self._live.now))
        QGuiApplication.clipboard().setText(f"{text}{self.memory.sum.text()}\n{self.totals.text()}\n")

    def _restyle(self, theme: Theme) -> None:
        self.copy.setIcon(copy_icon(theme))
        self.model.restyle(theme)
