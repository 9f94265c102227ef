"""The palette: all layers and ready groups by category, found by typing, placed by dragging or by Enter."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QStyle,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from designer.gui.icons import CategoryIcons, painted
from designer.gui.library import PREFIX, Library
from designer.gui.offers import OWN, Offer
from designer.gui.panels.editors import outline
from designer.gui.panels.icons import SCALE, swatch
from designer.gui.panels.widgets import MARGIN, empty_state
from designer.gui.search import matches
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import LAYER_MIME, Workspace
from designer.problems import UserError

ROW = QSize(40, 24)
"""A row is easy to hit; it is as wide as the list."""

NAME = Qt.ItemDataRole.UserRole + 1
"""The role that holds the name of an offer."""


class SearchField(QLineEdit):
    """A line for searching; Down and Enter are told to the list below it."""

    down = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes to the list, Enter adds, Escape empties the field."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's box with an edge that is seen."""
        super().paintEvent(event)
        if not self.hasFocus():
            outline(self, self.rect())


class PaletteModel(QStandardItemModel):
    """The list as a drag sees it: the name of an offer."""

    def mimeTypes(self) -> list[str]:
        """A layer, and nothing else."""
        return [LAYER_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The name of the first offer among `indexes`."""
        data = QMimeData()
        for index in indexes:
            name = index.data(NAME)
            if name:
                data.setData(LAYER_MIME, name.encode())
                break
        return data


class PaletteTree(QTreeView):
    """The list of layers; a drag carries a small picture of the node."""

    chosen = Signal(str)
    """A layer was double-clicked, or Enter pressed on it."""
    left_upwards = Signal()
    delete_wanted = Signal(str)
    """A group of the user's own is to go."""

    def __init__(self, theme: Theme, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self._library = theme, library
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHeaderHidden(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setIndentation(12)
        self.setAccessibleName("Layers")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.doubleClicked.connect(self._choose)

    def _choose(self, index: QModelIndex) -> None:
        if index.data(NAME):
            self.chosen.emit(index.data(NAME))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds the layer or opens the category; Up from the first row goes back to the search field."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(index)
            if index.isValid() and not index.data(NAME):
                self.setExpanded(index, not self.isExpanded(index))
        elif event.key() == Qt.Key.Key_Up and not self.indexAbove(index).isValid():
            self.left_upwards.emit()
        elif event.key() == Qt.Key.Key_Delete and is_own(index):
            self.delete_wanted.emit(index.data(NAME))
        else:
            super().keyPressEvent(event)

    def menu_of(self, index: QModelIndex) -> QMenu | None:
        """What can be done with a group of the user's own; None for all else."""
        if not is_own(index):
            return None
        menu = QMenu(self)
        menu.addAction("Rename", lambda: self.edit(index)).setShortcut("F2")
        menu.addAction("Delete…", lambda: self.delete_wanted.emit(index.data(NAME))).setShortcut("Del")
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the row under the pointer."""
        menu = self.menu_of(self.indexAt(event.pos()))
        if menu is not None:
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(event.globalPos())

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803 (Qt's own name)
        """Drag the layer under the pointer as a small node."""
        index = self.currentIndex()
        if not index.data(NAME):
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([index]))
        picture = drag_picture(self._library.offers[index.data(NAME)], self.theme, self)
        drag.setPixmap(picture)
        size = picture.deviceIndependentSize()
        drag.setHotSpot(QPoint(round(size.width() / 2), round(size.height() / 2)))
        drag.exec(Qt.DropAction.CopyAction)


def is_own(index: QModelIndex) -> bool:
    """Whether a row is a group of the user's own."""
    return str(index.data(NAME) or "").startswith(PREFIX)


def drag_picture(offer: Offer, theme: Theme, widget: QWidget) -> QPixmap:
    """A small card with the title and the colour, for the pointer to carry."""
    metrics = widget.fontMetrics()
    size = QSize(metrics.horizontalAdvance(offer.title) + 34, metrics.height() + 14)

    def paint(painter: QPainter) -> None:
        painter.setFont(widget.font())
        painter.setPen(theme.accent)
        painter.setBrush(theme.node)
        painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.category(offer.category))
        painter.drawRoundedRect(QRectF(8, size.height() / 2 - 5, 10, 10), 3, 3)
        painter.setPen(theme.text)
        painter.drawText(QRectF(26, 0, size.width() - 28, size.height()), Qt.AlignmentFlag.AlignVCenter, offer.title)

    return painted(size, SCALE, paint)


class PalettePanel(QWidget):
    """Search field and list of layers."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._appearance = appearance
        self._closed: set[str] = set()
        self._icons = CategoryIcons()
        # A row is its icon, its title, and some air around both.
        titles = (offer.title for offer in workspace.library.offers.values())
        self._widest = 34 + max(map(self.fontMetrics().horizontalAdvance, titles))
        self.search = SearchField(self)
        self.search.setPlaceholderText("Search layers")
        self.search.setAccessibleName("Search layers")
        self.search.setClearButtonEnabled(True)
        self.tree = PaletteTree(appearance.theme, workspace.library, self)
        self.model = PaletteModel(self)
        self.tree.setModel(self.model)
        self.empty = empty_state("", self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.tree)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, 0, 0)
        column.setSpacing(8)
        # The scroll bar stands at the panel's edge: the canvas needs the width more.
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, MARGIN, 0)
        head.addWidget(self.search)
        column.addLayout(head)
        column.addWidget(self._pages)
        self._connect()
        self._fill()

    def sizeHint(self) -> QSize:
        """A dock of ordinary width."""
        return QSize(280, 480)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the longest title, as far as that is reasonable."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return QSize(min(self._widest + MARGIN + 2 * self.tree.indentation() + bar, 300), 200)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._fill)
        self._workspace.opened.connect(self.search.clear)
        self.search.down.connect(self._go_to_list)
        self.search.entered.connect(self._add_current)
        self.tree.chosen.connect(self._workspace.add)
        self.tree.left_upwards.connect(self.search.setFocus)
        self.tree.collapsed.connect(lambda index: self._closed.add(index.data()))
        self.tree.expanded.connect(lambda index: self._closed.discard(index.data()))
        self._appearance.changed.connect(self._restyle)
        self._workspace.library.changed.connect(self._fill)
        self.model.itemChanged.connect(self._rename)
        self.tree.delete_wanted.connect(self._ask_to_delete)

    def _fill(self) -> None:
        """The catalogue by category, or what answers the search, best first."""
        query = self.search.text().strip()
        self.model.clear()
        if query:
            for offer in matches(self._workspace.library.offers.values(), query):
                self.model.appendRow(self._item(offer))
        else:
            self._fill_categories()
        found = self.model.rowCount() > 0
        if query and found:
            self.tree.setCurrentIndex(self.model.index(0, 0))
        self.tree.setRootIsDecorated(not query)
        self.empty.setText(f'No layer is called "{query}". Try another word, such as "conv" or "recurrent".')
        self._pages.setCurrentWidget(self.tree if found else self.empty)

    def _fill_categories(self) -> None:
        categories: dict[str, QStandardItem] = {}
        if self._workspace.library.refused:
            categories[OWN] = self._category_item(OWN)
            self.model.appendRow(categories[OWN])
        for offer in self._workspace.library.offers.values():
            if offer.category not in categories:
                categories[offer.category] = self._category_item(offer.category)
                self.model.appendRow(categories[offer.category])
            categories[offer.category].appendRow(self._item(offer))
        for file, sentence in self._workspace.library.refused.items():
            categories[OWN].appendRow(_refused_item(file, sentence))
        closed = frozenset(self._closed)
        for name, item in categories.items():
            self.tree.setExpanded(item.index(), name not in closed)

    def _category_item(self, category: str) -> QStandardItem:
        theme = self._appearance.theme
        item = QStandardItem(self._icons.of(category, theme), category)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        item.setSizeHint(ROW)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        return item

    def _item(self, offer: Offer) -> QStandardItem:
        theme = self._appearance.theme
        # By category the heading shows what the rows are; found by a word, each row shows it.
        icon = (
            self._icons.of(offer.category, theme)
            if self.search.text().strip()
            else swatch(theme.category(offer.category), 8)
        )
        item = QStandardItem(icon, offer.title)
        item.setData(offer.name, NAME)
        item.setSizeHint(ROW)
        known = "a ready group" if offer.ready is not None else offer.name
        known = "a group of your own" if offer.apart else known
        item.setToolTip(f"<b>{escape(offer.title)}</b> ({known})<br>{escape(offer.lesson)}")
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        if offer.apart:
            flags |= Qt.ItemFlag.ItemIsEditable
        item.setFlags(flags | Qt.ItemFlag.ItemNeverHasChildren)
        return item

    def _rename(self, item: QStandardItem) -> None:
        """A group of the user's own got another title."""
        library, name = self._workspace.library, str(item.data(NAME) or "")
        if name not in library.offers or item.text() == library.offers[name].title:
            return
        try:
            library.rename(name, item.text())
        except UserError as error:
            self._workspace.refused.emit(str(error))
            self._fill()

    def _ask_to_delete(self, name: str) -> None:
        """A file that is gone does not come back by undo."""
        title = self._workspace.library.offers[name].title
        box = QMessageBox(QMessageBox.Icon.Question, "Netwright", f"Delete {title} from your groups?", parent=self)
        box.setInformativeText("Designs that have it keep it.")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = box.addButton("Delete", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        button.clicked.connect(lambda: self._delete(name))
        box.open()

    def _delete(self, name: str) -> None:
        try:
            self._workspace.library.delete(name)
        except UserError as error:
            self._workspace.refused.emit(str(error))

    def _go_to_list(self) -> None:
        if not self.model.rowCount():
            return
        if not self.tree.currentIndex().isValid():
            self.tree.setCurrentIndex(self.model.index(0, 0))
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add_current(self) -> None:
        """Enter in the search field adds the best answer; the text stays selected, to be typed over."""
        name = self.tree.currentIndex().data(NAME)
        if self.search.text().strip() and name:
            self._workspace.add(name)
            self.search.selectAll()

    def _restyle(self, theme: Theme) -> None:
        self.tree.theme = theme
        self._fill()


def _refused_item(file: str, sentence: str) -> QStandardItem:
    """A file of the library that is left out, with the reason."""
    item = QStandardItem(file)
    item.setToolTip(sentence)
    item.setSizeHint(ROW)
    item.setFlags(Qt.ItemFlag.ItemNeverHasChildren)
    return item
