"""Colouring nodes by what they have, take or see, with a legend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from designer.graph import edits
from designer.gui.canvas.floating.colouring import (
    CATEGORY,
    FIELD,
    LAST,
    MACS,
    MEMORY,
    PARAMETERS,
    TRAINABLE,
    on_scale,
)
from designer.gui.theme import DARK, dark, light


@pytest.mark.parametrize("measure", [PARAMETERS, MACS])
def test_nodes_are_coloured_from_least_to_most_and_those_without_are_muted(canvas, workspace, measure):
    canvas.colouring.choose(measure)
    steps = canvas.design.look.steps
    values = {name: getattr(node, measure) for name, node in workspace.report.nodes.items()}
    assert set(steps) == {name for name, value in values.items() if value}
    assert canvas.design.nodes["relu1"].hue == "#"
    assert canvas.colouring.legend.isVisible()
    assert canvas.design.nodes["conv1"].hue == f"#{steps['conv1']}"
    canvas.colouring.choose(CATEGORY)
    assert canvas.design.nodes["conv1"].hue == "Convolution"
    assert not canvas.colouring.legend.isVisible()


@pytest.mark.parametrize("measure", [MEMORY, FIELD])
def test_memory_and_receptive_field_come_when_they_are_worked_out(canvas, qtbot, measure):
    with qtbot.waitSignal(canvas.colouring.figures.ready):
        canvas.colouring.choose(measure)
    assert canvas.design.look.steps["conv1"] >= 0
    assert " to " in canvas.colouring.legend.text


def test_the_colours_follow_every_edit_and_the_place(canvas, workspace):
    canvas.colouring.choose(PARAMETERS)
    before = canvas.colouring.legend.text
    workspace.commit(lambda d: edits.change_settings(d, "conv1", {"out_channels": 999}), "Widen")
    assert canvas.colouring.legend.text != before
    workspace.enter(("block1",))
    assert set(canvas.design.look.steps) <= set(workspace.shown.nodes)
    canvas.grab()


def test_what_is_frozen_trained_and_without_weights_is_told_apart(canvas, workspace):
    workspace.commit(lambda d: edits.change_learning(d, "conv1", {"trainable": False}), "Freeze")
    canvas.colouring.choose(TRAINABLE)
    assert canvas.design.look.steps["conv1"] == 0
    assert "relu1" not in canvas.design.look.steps
    assert canvas.colouring.legend.text == "Trainable: frozen, in part, trained"


def test_the_overview_and_both_themes_show_the_same_steps(canvas, appearance):
    canvas.colouring.choose(PARAMETERS)
    canvas.set_zoom(0.1)
    item = canvas.design.nodes["conv1"]
    canvas.centerOn(item.pos())
    for mode in (None, DARK):
        if mode is not None:
            appearance.choose(mode)
        place = canvas.mapFromScene(item.body.translated(item.pos()).center().x(), item.pos().y() + 8)
        shown = canvas.grab().toImage().pixelColor(place + canvas.viewport().pos())
        step = canvas.design.look.steps["conv1"]
        assert shown.name() == canvas.design.look.theme.scale[step].name()


def test_what_is_most_stands_out_most_and_every_step_is_darker_or_lighter_than_the_last():
    for theme in (light(), dark()):
        lightness = [_luminance(colour) for colour in theme.scale]
        assert lightness == sorted(lightness, reverse=not theme.dark)


def _luminance(colour: QColor) -> float:
    return 0.2126 * colour.redF() + 0.7152 * colour.greenF() + 0.0722 * colour.blueF()


@given(st.dictionaries(st.text(max_size=3), st.integers(-3, 10**18)))
def test_more_never_has_a_lower_step(values):
    found = on_scale(values, str)
    known = sorted((value, found.steps[name]) for name, value in values.items() if value > 0)
    assert set(found.steps) == {name for name, value in values.items() if value > 0}
    assert [step for _, step in known] == sorted(step for _, step in known)
    assert all(0 <= step <= LAST for _, step in known)
