"""Measures, fonts and colours of the canvas, ready made, and the state in which its items are painted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QGuiApplication, QPen

from designer.catalogue.tensor import Specs
from designer.gui.canvas.stamps import Stamps
from designer.gui.theme import Theme

WIDTH = 168.0
"""Width of every node, in scene pixels."""
HEAD = 40.0
"""Height of the rows with the title and the id."""
FOOT = 20.0
"""Height of the row with the shape and the parameter count."""
PORT_ROW = 15.0
PORT_RADIUS = 4.5
CORNER = 8.0
GRID = 10.0
"""Moved nodes snap to multiples of this."""

OVERVIEW_BELOW = 0.35
"""Below this zoom nodes are painted in batches, as coloured blocks."""
FEW_NODES = 60
"""Up to so many nodes cost little to paint, so that their titles stay longer."""
FEW_OVERVIEW_BELOW = 0.22
"""The same zoom for a design of few nodes."""
FLAT_BELOW = 0.45
"""Below this zoom a node is a rectangle with a bar and its title in large letters."""
MANY_LINKS = 300
"""From here on links are drawn one device pixel wide: long wide lines are what painting costs most."""

GIVEN, STEP = ":", "#"
"""How the name of a hue begins that is not a category: a colour that a node was given, a step of the scale."""
TINT, DARK_TINT = 0.13, 0.08
"""How much of such a hue is in the body of a node, light and dark; text on it can be read."""

PortEnd = tuple[str, str, str]
"""A port on the canvas: node id, "inputs" or "outputs", the port's own name."""


class Look:
    """What all items of one scene share: the theme's pens and brushes, fonts, and what is being done.

    `cosmetic` lines keep their width on the screen at every zoom; `fine` asks for hairlines; `lit` is,
    while a link is drawn, the ports that it could end at, and `fits` whether what flows suits such a port;
    `steps` is, while nodes are coloured by a figure, each node's step on the theme's scale, or
    behind it on that of heat.
    """

    def __init__(self, theme: Theme, *, cosmetic: bool = True) -> None:
        self.cosmetic = cosmetic
        self.title_font = _font(12, QFont.Weight.DemiBold)
        self.small_font = _font(10, QFont.Weight.Normal)
        self.sticky_font = _font(12, QFont.Weight.Normal)
        self.frame_font = _font(13, QFont.Weight.DemiBold)
        self.frame_metrics = QFontMetricsF(self.frame_font)
        self.flat_font = _font(22, QFont.Weight.Normal)
        self.flat_metrics = QFontMetricsF(self.flat_font)
        self.title_metrics = QFontMetricsF(self.title_font)
        self.small_metrics = QFontMetricsF(self.small_font)
        self.fine = False
        self.lit: Collection[PortEnd] | None = None
        self.fits: Callable[[PortEnd], bool] | None = None
        self.lit_nodes: Collection[str] = ()
        self.stamps = Stamps()
        self.steps: Mapping[str, int] | None = None
        self._hues: dict[str, QColor] = {}
        self._shades: dict[tuple[str, float], QColor] = {}
        self.take(theme)

    def take(self, theme: Theme) -> None:
        """Use another theme from the next painting on."""
        self.theme = theme
        self._hues.clear()
        self._shades.clear()
        self.stamps.clear()
        self.border = self._pen(theme.border, 1.0)
        self.hover_border = self._pen(theme.muted, 1.2)
        self.outline = self._pen(theme.accent, 2.0)
        self.wrong_border = self._pen(theme.error, 2.0)
        self.rule = self._pen(mixed(theme.node, theme.border, 0.6), 1.0)
        self.body = QBrush(theme.node)
        self.behind = QBrush(mixed(theme.node, theme.canvas, 0.45))
        self.shadow = QBrush(QColor(0, 0, 0, 70 if theme.dark else 16))
        self.hollow = QBrush(theme.canvas)
        self.chip = QBrush(mixed(theme.node, theme.text, 0.08))
        self.faint_link = QColor(theme.link)
        self.faint_link.setAlphaF(0.45)

    def hue(self, name: str) -> QColor:
        """The colour of a category of layers, of a colour that a node was given, or of a step of the scale.

        Muted for nothing, which is a layer that is not known; faint for a layer that is not on the scale.
        """
        if name not in self._hues:
            self._hues[name] = self._found(name)
        return self._hues[name]

    def _found(self, name: str) -> QColor:
        if name.startswith(GIVEN):
            return self.theme.named(name[1:])
        if name == STEP:
            return self.theme.border
        if name.startswith(STEP):
            return (*self.theme.scale, *self.theme.heat)[int(name[1:])]
        return self.theme.category(name) if name else self.theme.muted

    def ground(self, name: str) -> QBrush:
        """The body of a node of that hue: tinted where the hue is not that of its category."""
        if name[:1] not in (GIVEN, STEP) or name == STEP:
            return self.body
        return QBrush(mixed(self.theme.node, self.hue(name), DARK_TINT if self.theme.dark else TINT))

    def dashed(self, pen: QPen) -> QPen:
        """The same line in dashes: around what is bypassed."""
        dashed = QPen(pen)
        dashed.setDashPattern([4.0, 3.0])
        return dashed

    def shade(self, name: str, share: float) -> QColor:
        """A node's ground with a share of a named colour."""
        key = (name, share)
        if key not in self._shades:
            self._shades[key] = mixed(self.theme.node, self.theme.named(name), share)
        return self._shades[key]

    def sheet(self, name: str) -> QColor:
        """The ground of a note of a named colour; text on it can be read."""
        return self.shade(name, 0.22 if self.theme.dark else 0.2)

    def _pen(self, colour: QColor, width: float) -> QPen:
        pen = QPen(colour, width)
        pen.setCosmetic(self.cosmetic)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen


def _font(pixels: int, weight: QFont.Weight) -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """`first` with a share of `second`."""
    red = first.redF() + (second.redF() - first.redF()) * share
    green = first.greenF() + (second.greenF() - first.greenF()) * share
    blue = first.blueF() + (second.blueF() - first.blueF()) * share
    return QColor.fromRgbF(red, green, blue)


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return round(value / GRID) * GRID


def count_text(number: int) -> str:
    """A parameter count in few characters: 1,234, 12.3 k, 4.5 M."""
    if number < 10_000:
        return f"{number:,}"
    for limit, unit in ((999_950, "k"), (999_950_000, "M"), (999_950_000_000, "G")):
        if number < limit:
            return f"{number / (limit / 999.95):.1f} {unit}"
    return f"{number / 1e12:,.1f} T"


def shape_text(specs: Specs | None) -> str:
    """What a port carries, as the window writes it; "?" where it is not known yet."""
    if specs is None:
        return "?"
    return ", ".join(map(str, specs)) if isinstance(specs, tuple) else str(specs)
