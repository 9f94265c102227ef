"""The menu View."""

from __future__ import annotations

from PySide6.QtCore import Qt

from designer.gui.action_rows.reasons import (
    been_elsewhere,
    drawing,
    filled,
    one_selected,
    selected,
    split,
    went_back,
)
from designer.gui.actions import Desk, Row
from designer.gui.canvas.floating.colouring import CATEGORY, FIELD, MACS, MEMORY, PARAMETERS, TRAINABLE
from designer.gui.canvas.floating.heat import DEAD, GRADIENT, SPREAD, UPDATE
from designer.gui.theme import DARK, LIGHT, SYSTEM

PANELS = (
    ("palette", "palette"), ("inspector", "inspector"), ("data", "data"), ("training", "train"),
    ("problems", "problem"), ("code", "code"), ("parameters", "table"), ("curves", "curves"),
    ("lesson", "lesson"), ("variables", "variable"), ("history", "history"), ("outline", "outline"),
    ("evaluation", "table"), ("prediction", "help"), ("runs", "repeat"), ("values", "values"),
)  # fmt: skip
"""Every panel with its icon; the place is the key that goes there."""
BESIDE, BELOW = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
LATER_KEYS = {
    "history": "Ctrl+Alt+H", "outline": "Ctrl+Alt+O", "evaluation": "Ctrl+Alt+J", "prediction": "Ctrl+Alt+K",
    "runs": "Ctrl+Alt+Q", "values": "Ctrl+Alt+E",
}  # fmt: skip
"""The keys of the panels after the tenth, for which there are no figures left."""


def panel_row(place: int, name: str, drawn: str) -> Row:
    """The action that goes to a panel."""

    def go(desk: Desk) -> None:
        desk.show_panel(name)

    title = name.capitalize()
    key = LATER_KEYS.get(name, f"Alt+{place % 10}")  # the tenth key of the row is 0
    return Row(f"show_{name}", "&View/&Panels", title, key, f"Go to the panel {title}.", go, drawing, drawn)


COLOUR_BY = (
    (CATEGORY, "&Category", "Ctrl+Alt+Shift+1", "what they do"),
    (PARAMETERS, "&Parameters", "Ctrl+Alt+Shift+2", "how many parameters they have"),
    (MACS, "&Multiply-adds", "Ctrl+Alt+Shift+3", "how much there is to compute for one example"),
    (MEMORY, "M&emory", "Ctrl+Alt+Shift+4", "what they take in training"),
    (TRAINABLE, "&Trainable", "Ctrl+Alt+Shift+5", "whether their weights are trained"),
    (FIELD, "&Receptive field", "Ctrl+Alt+Shift+6", "how much of the input they see"),
    (GRADIENT, "&Gradient norm", "Ctrl+Alt+Shift+7", "how large their gradient is while they are trained"),
    (UPDATE, "&Update ratio", "Ctrl+Alt+Shift+8", "how far a step of the training moves their weights"),
    (DEAD, "&Dead units", "Ctrl+Alt+Shift+9", "the share of their units that are always zero"),
    (SPREAD, "&Spread of the output", "Ctrl+Alt+Shift+0", "how much what comes out of them differs"),
)
"""By what nodes can be coloured, with title, key, and what it tells."""


def colour_row(measure: str, title: str, key: str, tells: str) -> Row:
    """The action that colours nodes by a measure."""
    return Row(
        f"colour_by_{measure}", "&View/Colour &by", title, key, f"Colour layers by {tells}.",
        lambda d: d.canvas.colouring.choose(measure), drawing, chosen=lambda d: d.canvas.colouring.measure == measure,
    )  # fmt: skip


def switch_minimap(desk: Desk) -> None:
    """Show the map, or put it away."""
    desk.canvases.show_minimap(not desk.canvas.minimap.wanted)
    desk.all_actions.refresh()


def switch_values(desk: Desk) -> None:
    """Show what comes out of each layer, or put it away."""
    desk.canvases.show_values(not desk.canvas.node_values.shown)
    desk.all_actions.refresh()


VIEW = (
    Row("fit_all", "&View", "&Fit all", "Ctrl+1", "Show the whole design.",
        lambda d: d.canvas.fit_all(), filled, "fit"),
    Row("fit_selection", "&View", "Fit &selection", "Ctrl+2", "Show the selected layers as large as they fit.",
        lambda d: d.canvas.fit_selection(), selected, "fit_selection"),
    Row("zoom_in", "&View", "Zoom &in", "Ctrl++", "Make everything larger.",
        lambda d: d.canvas.zoom_by(1.25), drawing, "zoom_in"),
    Row("zoom_out", "&View", "Zoom &out", "Ctrl+-", "Make everything smaller.",
        lambda d: d.canvas.zoom_by(0.8), drawing, "zoom_out"),
    Row("zoom_reset", "&View", "&100 %", "Ctrl+0", "Show layers in their natural size.",
        lambda d: d.canvas.zoom_reset(), drawing, "zoom_reset"),
    Row("back", "&View/&Go to", "&Back", "Alt+Left", "Go back to the place in the design where you were before.",
        lambda d: d.places.back(), been_elsewhere, "back"),
    Row("forward", "&View/&Go to", "&Forward", "Alt+Right", "Go again to the place from which you went back.",
        lambda d: d.places.forward(), went_back, "forward"),
    *(panel_row(place, name, drawn) for place, (name, drawn) in enumerate(PANELS, 1)),
    Row("split_right", "&View/Split &view", "&Side by side", "Ctrl+Alt+V",
        "Show the design on two canvases side by side, each with its own zoom, place and level; again, on one.",
        lambda d: d.canvases.toggle(BESIDE), drawing, "split_right", True, switch=True,
        chosen=lambda d: d.canvases.is_split(BESIDE)),
    Row("split_down", "&View/Split &view", "&One above the other", "Ctrl+Alt+Shift+V",
        "Show the design on two canvases, one above the other; again, on one.",
        lambda d: d.canvases.toggle(BELOW), drawing, "split_down", switch=True,
        chosen=lambda d: d.canvases.is_split(BELOW)),
    Row("other_canvas", "&View/Split &view", "The other &canvas", "Ctrl+Alt+W",
        "Work in the other of two canvases.", lambda d: d.canvases.step(), split, "next", True),
    Row("canvas_alone", "&View", "Canvas &alone", "F11", "Put all panels away, or bring them back.",
        lambda d: d.show_canvas_alone(), drawing, "system"),
    Row("card", "&View", "Card of the &layer", "I",
        "Show beside the selected layer what it is and what it costs; again, hide it.",
        lambda d: d.canvas.card.show_selected(), one_selected, "info", on_canvas=True),
    Row("minimap", "&View", "&Minimap", "M", "Show a map of the design in a corner while not all is in view.",
        switch_minimap, drawing, "minimap", on_canvas=True, chosen=lambda d: d.canvas.minimap.wanted, switch=True),
    Row("values", "&View", "Values of an e&xample", "V",
        "Show at each layer what comes out of it for one example of the data; the panel Values chooses which.",
        switch_values, drawing, "values", on_canvas=True, chosen=lambda d: d.canvas.node_values.shown, switch=True),
    *(colour_row(*entry) for entry in COLOUR_BY),
    Row("light", "&View/Appea&rance", "&Light", "Ctrl+Alt+L", "Dark on light.",
        lambda d: d.choose_appearance(LIGHT), icon="light", chosen=lambda d: d.appearance.mode == LIGHT),
    Row("dark", "&View/Appea&rance", "&Dark", "Ctrl+Alt+D", "Light on dark.",
        lambda d: d.choose_appearance(DARK), icon="dark", chosen=lambda d: d.appearance.mode == DARK),
    Row("system", "&View/Appea&rance", "As the &system", "Ctrl+Alt+S", "Light or dark as the system is.",
        lambda d: d.choose_appearance(SYSTEM), icon="system", chosen=lambda d: d.appearance.mode == SYSTEM),
)  # fmt: skip
