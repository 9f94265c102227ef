"""Colours and type of the window, light and dark; every widget and item takes them from here."""

from __future__ import annotations

import colorsys
import zlib
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

SYSTEM, LIGHT, DARK = "system", "light", "dark"

HUES: dict[str, float] = {
    "Input and output": 150, "Structure": 265, "Dense": 215, "Convolution": 195, "Pooling": 175, "Shape": 40,
    "Arithmetic": 25, "Normalization": 285, "Regularization": 320, "Activation": 350, "Recurrent": 100,
    "Attention": 240, "Custom code": 55, "Graph": 70, "Probability": 125, "Own": 300,
}  # fmt: skip
"""A hue in degrees for each category of layers; another category gets one from its name."""

SWATCHES: dict[str, tuple[float, float]] = {
    "red": (4, 0.6), "orange": (26, 0.7), "yellow": (46, 0.75), "green": (135, 0.4), "teal": (182, 0.5),
    "blue": (214, 0.6), "purple": (270, 0.5), "gray": (220, 0.06),
}  # fmt: skip
"""Hue in degrees and saturation of the colours that nodes, frames and notes can be given (`graph.looks.COLORS`)."""

SCALE = ("#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725")
"""Eight steps of viridis: they differ in lightness, so that they tell more from less to every eye, and on paper."""

COLD_TO_HOT = ("#1f5fd0", "#4a86d8", "#7ea6d2", "#8d99a6", "#8d99a6", "#d29a6a", "#dd6b3d", "#d6301f")
"""Eight steps from too little to too much, with what is well in the middle: both ends stand out on either ground."""


RUN_HUES = (300, 48, 345, 185, 90)
"""Hues in degrees of the first runs that are laid over another."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens of one appearance; all contrasts of text on its ground are at least 4.5 to 1."""

    dark: bool
    window: QColor
    """Behind docks and bars."""
    panel: QColor
    """Inside lists, fields and tables."""
    canvas: QColor
    grid: QColor
    node: QColor
    """A node's body."""
    text: QColor
    muted: QColor
    """Second-rank text: ids, shapes, hints."""
    border: QColor
    accent: QColor
    """Selection, focus, the main button."""
    on_accent: QColor
    link: QColor
    error: QColor
    warning: QColor
    tip: QColor
    good: QColor
    curves: tuple[QColor, ...]
    """Lines of plots, in order: training, validation, then more."""

    def run(self, place: int) -> QColor:
        """The colour of one of several runs whose curves are laid over others: hues far apart, however many."""
        # The first are none of the curves' own blue, orange and green.
        hue = RUN_HUES[place] / 360 if place < len(RUN_HUES) else place * 0.618034 % 1.0
        red, green, blue = colorsys.hls_to_rgb(hue, 0.68 if self.dark else 0.40, 0.65)
        return QColor.fromRgbF(red, green, blue)

    def category(self, name: str) -> QColor:
        """The colour of a category of layers."""
        hue = HUES.get(name, zlib.crc32(name.encode()) % 360) / 360
        red, green, blue = colorsys.hls_to_rgb(hue, 0.62 if self.dark else 0.42, 0.55)
        return QColor.fromRgbF(red, green, blue)

    def named(self, name: str) -> QColor:
        """One of the colours that can be given; an unknown name is gray."""
        hue, saturation = SWATCHES.get(name, SWATCHES["gray"])
        red, green, blue = colorsys.hls_to_rgb(hue / 360, 0.64 if self.dark else 0.44, saturation)
        return QColor.fromRgbF(red, green, blue)

    @property
    def scale(self) -> tuple[QColor, ...]:
        """Colours from least to most; what is most stands out from the ground most."""
        steps = [QColor(step) for step in SCALE]
        return tuple(steps if self.dark else reversed(steps))

    @property
    def heat(self) -> tuple[QColor, ...]:
        """Colours from too little to too much."""
        return tuple(QColor(step) for step in COLD_TO_HOT)

    def severity(self, severity: str) -> QColor:
        """The colour of a problem: "error", "warning", "tip"."""
        return {"error": self.error, "warning": self.warning}.get(severity, self.tip)

    def palette(self) -> QPalette:
        """The Qt palette, for the Fusion style."""
        palette = QPalette()
        for role, colour in (
            (QPalette.ColorRole.Window, self.window),
            (QPalette.ColorRole.WindowText, self.text),
            (QPalette.ColorRole.Base, self.panel),
            (QPalette.ColorRole.AlternateBase, self.window),
            (QPalette.ColorRole.Text, self.text),
            (QPalette.ColorRole.PlaceholderText, self.muted),
            (QPalette.ColorRole.Button, self.window),
            (QPalette.ColorRole.ButtonText, self.text),
            (QPalette.ColorRole.BrightText, self.error),
            (QPalette.ColorRole.ToolTipBase, self.panel),
            (QPalette.ColorRole.ToolTipText, self.text),
            (QPalette.ColorRole.Highlight, self.accent),
            (QPalette.ColorRole.HighlightedText, self.on_accent),
            (QPalette.ColorRole.Link, self.accent),
            (QPalette.ColorRole.LinkVisited, self.accent),
            (QPalette.ColorRole.Accent, self.accent),
            (QPalette.ColorRole.Mid, self.border),
            (QPalette.ColorRole.Midlight, self.border),
            (QPalette.ColorRole.Light, self.panel),
            (QPalette.ColorRole.Dark, self.border),
            (QPalette.ColorRole.Shadow, self.border),
        ):
            palette.setColor(role, colour)
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.muted)
        return palette


def light() -> Theme:
    """The light appearance."""
    return Theme(
        dark=False,
        window=QColor("#f3f4f6"), panel=QColor("#ffffff"), canvas=QColor("#fafafb"), grid=QColor("#e3e5ea"),
        node=QColor("#ffffff"), text=QColor("#1b1f27"), muted=QColor("#5c6470"), border=QColor("#cdd1d9"),
        accent=QColor("#2f62d9"), on_accent=QColor("#ffffff"), link=QColor("#7c8594"), error=QColor("#c62f2f"),
        warning=QColor("#9a6200"), tip=QColor("#2f62d9"), good=QColor("#1d7f4c"),
        curves=(QColor("#2f62d9"), QColor("#d0651a"), QColor("#1d7f4c"), QColor("#8a3fc0"), QColor("#b3261e")),
    )  # fmt: skip


def dark() -> Theme:
    """The dark appearance."""
    return Theme(
        dark=True,
        window=QColor("#1f2228"), panel=QColor("#272b33"), canvas=QColor("#191b20"), grid=QColor("#262930"),
        node=QColor("#2b3039"), text=QColor("#e7eaf0"), muted=QColor("#a2abb9"), border=QColor("#3d434f"),
        accent=QColor("#78a2ff"), on_accent=QColor("#0f1420"), link=QColor("#8892a3"), error=QColor("#ff7b72"),
        warning=QColor("#e3b341"), tip=QColor("#78a2ff"), good=QColor("#56c98b"),
        curves=(QColor("#78a2ff"), QColor("#ffa057"), QColor("#56c98b"), QColor("#c792ff"), QColor("#ff7b72")),
    )  # fmt: skip


def code_font() -> QFont:
    """The system's font for code."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


class Appearance(QObject):
    """The theme in force. Follows the system unless the user chose one; `changed` carries the new Theme."""

    changed = Signal(object)

    def __init__(self, application: QGuiApplication, mode: str = SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self.mode = mode
        self.theme = light()
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(mode)

    def choose(self, mode: str) -> None:
        """Take "light", "dark", or what the "system" says."""
        self.mode = mode
        system_is_dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.theme = dark() if mode == DARK or (mode == SYSTEM and system_is_dark) else light()
        self._application.setPalette(self.theme.palette())
        self.changed.emit(self.theme)

    def _follow(self) -> None:
        if self.mode == SYSTEM:
            self.choose(SYSTEM)
