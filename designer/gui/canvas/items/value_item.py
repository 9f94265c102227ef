"""What comes out of a node for one example, painted below the node, with which it goes along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.look import OVERVIEW_BELOW, Look
from designer.gui.value_painting import image_of, paint_value
from designer.protocol import Value

HEIGHT, GAP, INSIDE = 56.0, 4.0, 4.0
"""How high the picture is, how far below the node it stands, and the ground around what is painted."""


class ValueItem(QGraphicsItem):
    """A small picture at a node; it takes no mouse, so that what lies under it can be reached."""

    def __init__(self, node: NodeItem, look: Look) -> None:
        super().__init__()
        self._node, self._look = node, look
        self.value: Value | None = None
        self._image, self._names = QImage(), tuple[str, ...]()
        self._bottom = node.height
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(2)
        self.follow_node()

    @property
    def node(self) -> str:
        """The id of the node whose value it is."""
        return self._node.id

    def follow_node(self) -> None:
        """Stand where the node stands now."""
        self.setPos(self._node.pos())
        if self._bottom != self._node.height:
            self.prepareGeometryChange()
            self._bottom = self._node.height

    def show_value(self, value: Value, names: Sequence[str]) -> None:
        """Show another value; `names` are those of its numbers, where they have any."""
        self.value, self._names = value, tuple(names)
        self._image = image_of(value, self._look.theme)
        self.follow_node()
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0, self._bottom + GAP, self._node.width, HEIGHT)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """A ground like that of a list, and the value on it."""
        if self.value is None or painter.worldTransform().m11() < OVERVIEW_BELOW:
            return
        theme, area = self._look.theme, self.boundingRect()
        painter.setPen(self._look.border)
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(area, 4, 4)
        painter.setFont(self._look.small_font)
        inside = area.adjusted(INSIDE, INSIDE, -INSIDE, -INSIDE)
        paint_value(painter, inside, self.value, self._image, theme, self._names)


class ValueItems:
    """The pictures of one scene by node. They are no children of the nodes' items, which Qt would delete with them."""

    def __init__(self, scene: QGraphicsScene, look: Look) -> None:
        self._scene, self._look = scene, look
        self.by_node: dict[str, ValueItem] = {}

    def show(self, node: NodeItem, value: Value, names: Sequence[str]) -> None:
        """Show what a node gives; `names` are those of its numbers."""
        item = self.by_node.get(node.id)
        if item is None:
            item = self.by_node[node.id] = ValueItem(node, self._look)
            self._scene.addItem(item)
        item.show_value(value, names)

    def drop(self, node: str) -> None:
        """Take a node's picture away, where there is one."""
        item = self.by_node.pop(node, None)
        if item is not None:
            self._scene.removeItem(item)

    def settle(self, nodes: Iterable[str]) -> None:
        """Nodes' items moved: their pictures go along."""
        if self.by_node:
            for name in nodes:
                if name in self.by_node:
                    self.by_node[name].follow_node()
