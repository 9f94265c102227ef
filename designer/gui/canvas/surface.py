"""A view of the scene that zooms, pans and paints fast; it knows nothing of the workspace."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QPaintEvent, QPalette, QRegion, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from designer.gui.canvas.afar import Afar
from designer.gui.canvas.items.backdrop import paint_backdrop
from designer.gui.canvas.look import FEW_NODES, FEW_OVERVIEW_BELOW, OVERVIEW_BELOW, mixed
from designer.gui.canvas.scene import DesignScene
from designer.gui.theme import Theme

SMALLEST, LARGEST = 0.04, 4.0
"""Limits of the zoom."""
READABLE = 0.7
"""A zoom at which all that a node says can be read."""
FIT_MARGIN = 40.0
"""Free space around what is fitted into the view, in scene pixels."""
CALM_AFTER = 120
"""Milliseconds after the last motion until everything is painted finely again."""
SLOW = 0.008
"""Seconds for one painting from which on lines are painted roughly while in motion."""
WHEEL_STEP = 1.0015
"""Zoom factor for one unit of the wheel; a notch has 120."""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """What of a scene is in view: its middle, and the zoom."""

    middle: tuple[float, float]
    zoom: float


class Veil(Protocol):
    """Something that is painted below and above the whole design for a while, and changes nothing of it."""

    def under(self, painter: QPainter, area: QRectF, zoom: float) -> None:
        """Paint on the ground, below all items; in scene coordinates."""

    def over(self, painter: QPainter, area: QRectF, zoom: float) -> None:
        """Paint above all items; in scene coordinates."""


class Surface(QGraphicsView):
    """Shows a `DesignScene`: items from near, the overview from afar."""

    zoom_changed = Signal(float)
    veil_lifted = Signal()
    """The veil was put away by hand."""

    def __init__(self, design: DesignScene, parent: QWidget | None = None) -> None:
        super().__init__(design, parent)
        self.design = design
        self.veil: Veil | None = None
        self.one_of_several = False
        """Whether another view stands beside it, and this is the one that is worked in."""
        self._afar = Afar(design.overview, design.look)
        self._painting_time = 0.0
        self._moving = QTimer(self)
        self._moving.setSingleShot(True)
        self._moving.setInterval(CALM_AFTER)
        self._moving.timeout.connect(self._calm_down)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
        self.setForegroundRole(QPalette.ColorRole.WindowText)

    @property
    def zoom(self) -> float:
        """Screen pixels for one scene pixel."""
        return self.transform().m11()

    @property
    def from_afar(self) -> bool:
        """Whether the overview is shown instead of the items."""
        return self.zoom < (OVERVIEW_BELOW if len(self.design.nodes) > FEW_NODES else FEW_OVERVIEW_BELOW)

    def fit(self, area: QRectF) -> None:
        """Show an area, at most at its natural size; the middle of the scene for a null one."""
        size = self.viewport().size()
        wide, high = area.width() + 2 * FIT_MARGIN, area.height() + 2 * FIT_MARGIN
        self.set_zoom(1.0 if area.isNull() else min(1.0, size.width() / wide, size.height() / high))
        self.centerOn(area.center())

    @property
    def viewpoint(self) -> Viewpoint:
        """What is in view now."""
        middle = self.to_scene(QRectF(self.viewport().rect()).center())
        return Viewpoint((middle.x(), middle.y()), self.zoom)

    def look_from(self, viewpoint: Viewpoint) -> None:
        """Bring into view what was there."""
        self.set_zoom(viewpoint.zoom)
        self.centerOn(QPointF(*viewpoint.middle))

    def come_near(self, area: QRectF) -> None:
        """From afar, come so near to an area that what stands there can be read."""
        if self.from_afar and not area.isNull():
            self.in_motion()
            self.set_zoom(READABLE)
            self.centerOn(area.center())

    def set_zoom(self, zoom: float) -> None:
        """Take another zoom, within its limits, about the scene's origin."""
        zoom = min(max(zoom, SMALLEST), LARGEST)
        if zoom != self.zoom:
            self.resetTransform()
            self.scale(zoom, zoom)
            self.zoom_changed.emit(zoom)

    def zoom_at(self, at: QPointF, factor: float) -> None:
        """Zoom so that what stands at a point of the viewport stays there."""
        before = self.mapToScene(at.toPoint())
        self.in_motion()
        self.set_zoom(self.zoom * factor)
        shift = self.mapFromScene(before) - at.toPoint()
        self._scroll(shift.x(), shift.y())

    def pan(self, dx: float, dy: float) -> None:
        """Move the view by scene pixels."""
        self._scroll(round(dx * self.zoom), round(dy * self.zoom))

    def _scroll(self, dx: int, dy: int) -> None:
        self.in_motion()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + dx)
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + dy)

    def in_motion(self) -> None:
        """Paint roughly for a moment, if fine painting is too slow to follow the hand."""
        if self._painting_time > SLOW and self.renderHints() & QPainter.RenderHint.Antialiasing:
            self.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._moving.start()

    def _calm_down(self) -> None:
        if not self.renderHints() & QPainter.RenderHint.Antialiasing:
            self.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A touchpad says how many pixels, and in which phase its movement is; a wheel only how far it turned.
        by_touch = not event.pixelDelta().isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_at(event.position(), WHEEL_STEP ** turned.y())
        elif by_touch:
            self._scroll(-event.pixelDelta().x(), -event.pixelDelta().y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or turned.y() == 0:
            self._scroll(-(turned.y() or turned.x()), 0)
        else:
            self.zoom_at(event.position(), WHEEL_STEP ** turned.y())
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> None:
        """Zoom with two fingers."""
        if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_at(event.position(), 1.0 + event.value())

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter()
        if self.from_afar:
            self._paint_overview(event.region())
        else:
            super().paintEvent(event)
        if self.renderHints() & QPainter.RenderHint.Antialiasing:
            self._painting_time = time.perf_counter() - began

    def _paint_overview(self, exposed: QRegion) -> None:
        viewport, design, seen = self.viewport(), self.design, self.viewportTransform()
        painter = QPainter(viewport)
        painter.setClipRegion(exposed)
        painter.setTransform(seen)
        area = self.mapToScene(exposed.boundingRect()).boundingRect()
        if self.veil is None and not design.marks:
            self._afar.paint(painter, viewport.size(), viewport.devicePixelRatio(), seen)
        else:  # there is more below it than its ground
            self.drawBackground(painter, area)
            design.marks.paint_afar(painter, design.look, self.zoom)
            design.overview.paint(painter, design.look, self.zoom)
        self.drawForeground(painter, area)
        painter.end()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_backdrop(painter, QRectF(rect), self.zoom, self.design.look.theme)
        if self.veil is not None:
            self.veil.under(painter, QRectF(rect), self.zoom)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.veil is not None:
            self.veil.over(painter, QRectF(rect), self.zoom)

    def lay(self, veil: Veil | None) -> None:
        """Lay a veil over the design, or none."""
        self.veil = veil
        self.viewport().update()

    def lift_veil(self) -> bool:
        """Put the veil away; False where there is none."""
        if self.veil is None:
            return False
        self.lay(None)
        self.veil_lifted.emit()
        return True

    def take_theme(self, theme: Theme) -> None:
        """Paint with another theme."""
        self.design.take_theme(theme)
        self.colour_frame()
        self.viewport().update()

    def colour_frame(self) -> None:
        """The frame says whether the keyboard's focus is here, and of several views, which one is worked in."""
        theme, palette = self.design.look.theme, self.palette()
        resting = mixed(theme.border, theme.accent, 0.5) if self.one_of_several else theme.border
        palette.setColor(QPalette.ColorRole.WindowText, theme.accent if self.hasFocus() else resting)
        self.setPalette(palette)

    def to_scene(self, at: QPoint | QPointF) -> QPointF:
        """A point of the viewport in scene coordinates, exact to a fraction of a pixel."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(QPointF(at))
