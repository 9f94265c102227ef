"""Selecting with a rectangle."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from designer.graph.routes import Dot
from designer.gui.canvas.gestures.gesture import CONTROL, SHIFT, Gesture, Modifiers
from designer.gui.canvas.items.marks import Mark
from designer.gui.canvas.look import Look
from designer.gui.canvas.scene import DesignScene
from designer.gui.workspace import Workspace


class RubberBand(Gesture):
    """Select what a rectangle touches. Shift adds to the selection, Ctrl toggles."""

    def __init__(self, scene: DesignScene, workspace: Workspace, start: QPointF) -> None:
        self._scene, self._workspace, self._start = scene, workspace, start
        self._rect = QRectF(start, start)
        self._dots = scene.chosen_dots
        self._marks = scene.marks.chosen

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._rect = QRectF(self._start, at).normalized()
        self._scene.mark_chosen(self._chosen(modifiers))
        self._scene.choose_dots(self._chosen_dots(modifiers))
        self._scene.marks.choose(self._chosen_marks(modifiers))

    def finish(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        chosen = self._chosen(modifiers)
        self._workspace.select(chosen)
        self._scene.mark_chosen(self._workspace.selection)
        self._scene.choose_dots(self._chosen_dots(modifiers))
        self._scene.marks.choose(self._chosen_marks(modifiers))

    def cancel(self) -> None:
        self._scene.mark_chosen(self._workspace.selection)
        self._scene.choose_dots(self._dots)
        self._scene.marks.choose(self._marks)

    def _chosen(self, modifiers: Modifiers) -> frozenset[str]:
        touched, before = self._scene.nodes_in(self._rect), self._workspace.selection
        if modifiers & CONTROL:
            return before ^ touched
        return before | touched if modifiers & SHIFT else touched

    def _chosen_dots(self, modifiers: Modifiers) -> frozenset[Dot]:
        touched = self._scene.dots_in(self._rect)
        if modifiers & CONTROL:
            return self._dots ^ touched
        return self._dots | touched if modifiers & SHIFT else touched

    def _chosen_marks(self, modifiers: Modifiers) -> frozenset[Mark]:
        touched = self._scene.marks.stickies_in(self._rect)
        if modifiers & CONTROL:
            return self._marks ^ touched
        return self._marks | touched if modifiers & SHIFT else touched

    def area(self) -> QRectF:
        return self._rect

    def draw(self, painter: QPainter, look: Look) -> None:
        fill = QColor(look.theme.accent)
        fill.setAlpha(28)
        pen = QPen(look.theme.accent, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRect(self._rect)
