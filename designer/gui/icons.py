"""The window's icons: one-colour drawings from `resources/icons`, tinted by the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from designer.gui.theme import Theme
from designer.resources import resource

SIDES = (16, 20, 24, 32, 48)
FADED = 0.4
"""How opaque the icon of a disabled action is."""


def app_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(resource("icons", "netwright.svg")))


def icon(name: str, theme: Theme, colour: QColor | None = None) -> QIcon:
    """A drawing in the theme's text colour (or another one), paler where what it stands for is disabled."""
    colour = theme.text if colour is None else colour
    drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    found = QIcon()
    for side in SIDES:
        found.addPixmap(_pixmap(renderer, side, 1.0), QIcon.Mode.Normal)
        found.addPixmap(_pixmap(renderer, side, FADED), QIcon.Mode.Disabled)
    return found


def icon_on_accent(name: str, theme: Theme) -> QIcon:
    """A drawing for a button that stands out; in the colour of all others where it is disabled and has no ground."""
    found, plain = icon(name, theme, theme.on_accent), icon(name, theme)
    for side in SIDES:
        found.addPixmap(plain.pixmap(side, side, QIcon.Mode.Disabled), QIcon.Mode.Disabled)
    return found


def category_icon(category: str, theme: Theme) -> QIcon:
    """The drawing of a category of layers in its colour; a plain square for one without a drawing."""
    name = f"category_{category.casefold().replace(' ', '_')}"
    known = resource("icons", f"{name}.svg").is_file()
    return icon(name if known else "category", theme, theme.category(category))


class CategoryIcons:
    """The drawings of categories in one theme after another, each made once: a list has a hundred rows and more."""

    def __init__(self) -> None:
        self._theme: Theme | None = None
        self._made: dict[str, QIcon] = {}

    def of(self, category: str, theme: Theme) -> QIcon:
        """What `category_icon` gives."""
        if self._theme is not theme:
            self._theme = theme
            self._made.clear()
        if category not in self._made:
            self._made[category] = category_icon(category, theme)
        return self._made[category]


def _pixmap(renderer: QSvgRenderer, side: int, opacity: float) -> QPixmap:
    def paint(painter: QPainter) -> None:
        painter.setOpacity(opacity)
        renderer.render(painter, QRectF(0, 0, side, side))

    return painted(QSize(side, side), 1.0, paint)


def painted(size: QSize, scale: float, paint: Callable[[QPainter], None]) -> QPixmap:
    """What `paint` paints on a clear ground of `size`; `scale` is how many pixels of the screen each of its own has."""
    pixmap = QPixmap(size * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return pixmap
