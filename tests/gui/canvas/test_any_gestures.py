"""Somebody who does anything at all, in any order: the canvas shows the design, undo leads back to the start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hand import Hand
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from same_scene import assert_shows_its_design

from designer.compiler.checking.check import check
from designer.graph import edits, files
from designer.graph.document import Document
from designer.graph.writing import dumps

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

LAYERS = st.sampled_from(
    ["Linear", "Conv2d", "ReLU", "Add", "Concat", "LSTM", "Output", "Input", "Group", "squeeze_excitation"]
)
ACTIONS = (
    "undo", "redo", "cut", "copy", "paste", "duplicate", "delete", "select_all", "fit_all", "fit_selection", "zoom_in",
    "zoom_out", "first_fix", "next_problem", "frame", "leave_frame", "remove_frame", "sticky", "color_red",
    "colour_by_macs", "colour_by_category",
)  # fmt: skip
"""The actions without a dialog, by their ids; those that need one are asked nothing of here."""
NUMBERS = st.integers(0, 999)
Modifiers = Qt.KeyboardModifier
MODIFIERS = st.sampled_from(
    [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier]
)


class Anybody(RuleBasedStateMachine):
    """One window, used at random. Numbers choose among what is there at the moment."""

    def __init__(self, window: MainWindow, start: Path) -> None:
        super().__init__()
        self.window, self.workspace, self.canvas = window, window.workspace, window.canvas
        self.hand = Hand(window.canvas)
        self.workspace.open_copy(start)
        QGuiApplication.clipboard().clear()
        self.start = self.workspace.document
        self.canvas.fit_all()
        self.canvas.setFocus()
        self.capturing = capture_exceptions()
        self.raised: list[Any] = self.capturing.__enter__()

    def pick(self, number: int) -> str:
        """One of the nodes that are shown."""
        names = self.workspace.shown.ids
        return names[number % len(names)]

    @property
    def drawn(self) -> bool:
        return bool(self.workspace.shown.nodes)

    @rule(layer=LAYERS, x=NUMBERS, y=NUMBERS)
    def drop_a_layer(self, layer: str, x: int, y: int) -> None:
        room = self.canvas.viewport().rect()
        self.hand.drop(layer.encode(), QPointF(x % room.width(), y % room.height()))

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, keys=MODIFIERS)
    def click_a_node(self, number: int, keys: Modifiers) -> None:
        self.hand.click(self.hand.node(self.pick(number)), keys)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, dx=st.integers(-300, 300), dy=st.integers(-200, 200))
    def drag_a_node(self, number: int, dx: int, dy: int) -> None:
        start = self.hand.node(self.pick(number))
        self.hand.drag(start, start + QPointF(dx, dy))

    @precondition(lambda self: self.drawn)
    @rule(one=NUMBERS, other=NUMBERS, ports=st.tuples(NUMBERS, NUMBERS), keys=MODIFIERS)
    def draw_a_link(self, one: int, other: int, ports: tuple[int, int], keys: Modifiers) -> None:
        report = self.workspace.shown_report
        source, target = self.pick(one), self.pick(other)
        outputs, inputs = report.nodes[source].outputs, report.nodes[target].inputs
        if outputs and inputs:
            start = self.hand.port(source, "outputs", ports[0] % len(outputs))
            end = self.hand.port(target, "inputs", ports[1] % len(inputs))
            self.hand.drag(*((start, end) if ports[0] % 5 else (end, start)), keys=keys)
            self.hand.key(Qt.Key.Key_Escape)

    @precondition(lambda self: bool(self.workspace.shown.links))
    @rule(
        number=NUMBERS, share=st.integers(0, 20), dx=st.integers(-300, 300), dy=st.integers(-200, 200), keys=MODIFIERS,
        kind=st.sampled_from(["drag", "click", "double_click", "cut"]),
    )  # fmt: skip
    def use_a_link(self, number: int, share: int, dx: int, dy: int, keys: Modifiers, kind: str) -> None:
        links = self.workspace.shown.links
        path = self.canvas.design.links[links[number % len(links)]].path
        at = QPointF(self.canvas.mapFromScene(path.pointAtPercent(share / 20)))
        if kind == "drag":
            self.hand.drag(at, at + QPointF(dx, dy), keys=keys)
        elif kind == "cut":
            self.hand.drag(at - QPointF(dx, dy), at + QPointF(dx, dy), keys=Modifiers.AltModifier)
        elif kind == "double_click":
            self.hand.double_click(at)
        else:
            self.hand.click(at, keys)
        self.hand.key(Qt.Key.Key_Escape)

    @rule(x=NUMBERS, y=NUMBERS, dx=st.integers(-900, 900), dy=st.integers(-600, 600), keys=MODIFIERS)
    def drag_on_the_ground(self, x: int, y: int, dx: int, dy: int, keys: Modifiers) -> None:
        start = QPointF(x, y)
        self.hand.drag(start, start + QPointF(dx, dy), keys=keys)
        self.hand.key(Qt.Key.Key_Escape)

    @rule(action=st.sampled_from(ACTIONS))
    def choose_an_action(self, action: str) -> None:
        self.window.all_actions[action].trigger()

    @rule(key=st.sampled_from(["Left", "Right", "Up", "Down", "Backspace", "Return", "Escape"]), keys=MODIFIERS)
    def press_a_key(self, key: str, keys: Modifiers) -> None:
        self.hand.key(getattr(Qt.Key, f"Key_{key}"), keys)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, name=st.sampled_from(["a", "b", "conv1", "fc", "not a name", ""]))
    def rename_a_node(self, number: int, name: str) -> None:
        self.canvas.commands.rename(self.pick(number), name)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, value=st.integers(0, 40))
    def set_a_number(self, number: int, value: int) -> None:
        name = self.pick(number)
        kind = self.workspace.shown_report.nodes[name].layer
        settings = [
            each for each in ("out_features", "out_channels", "padding", "repeat", "dim") if hasattr(kind, each)
        ]
        if settings:
            changed = {settings[0]: value}
            self.workspace.commit(lambda document: edits.change_settings(document, name, changed), "Set", ("set", name))

    @precondition(lambda self: any(node.inside for node in self.workspace.shown.nodes.values()))
    @rule(number=NUMBERS)
    def enter_a_group(self, number: int) -> None:
        groups = [name for name, node in self.workspace.shown.nodes.items() if node.inside]
        self.canvas.enter_group(groups[number % len(groups)])

    @rule()
    def leave_the_group(self) -> None:
        self.canvas.leave_group()

    @rule(name=st.booleans())
    def write_and_read(self, name: bool) -> None:
        again = files.loads(dumps(self.workspace.document))
        assert dumps(again) == dumps(self.workspace.document)
        self.workspace.commit_whole(lambda _: again, "Read again")

    @rule(x=NUMBERS, y=NUMBERS, notches=st.integers(-3, 3))
    def turn_the_wheel(self, x: int, y: int, notches: int) -> None:
        self.hand.wheel(QPointF(x, y), notches)

    @invariant()
    def shows_what_is_there(self) -> None:
        QApplication.processEvents()
        assert not self.raised, self.raised
        assert_shows_its_design(self.canvas)

    def teardown(self) -> None:
        self.capturing.__exit__(None, None, None)
        assert not self.raised, self.raised
        end = self.workspace.document
        assert check(end).problems == check(end, previous=self.workspace.report).problems
        while self.workspace.history.undo_label is not None:
            self.workspace.undo()
        assert self.workspace.document is self.start
        assert_shows_its_design(self.canvas)
        while self.workspace.history.redo_label is not None:
            self.workspace.redo()
        assert_shows_its_design(self.canvas)


@pytest.fixture
def start(design: Document, tmp_path: Path) -> Path:
    """The design in a file, from which everybody starts."""
    path = tmp_path / "start.netwright"
    files.write(design, path)
    return path


def use_at_random(window: MainWindow, start: Path, people: int, steps: int) -> None:
    """So many people, each of whom does so many things."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Anybody(window, start),
        settings=settings(
            max_examples=people, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_whatever_is_done_the_canvas_shows_the_design_and_undo_leads_back(window: MainWindow, start: Path) -> None:
    use_at_random(window, start, people=12, steps=40)


@pytest.mark.slow
def test_whatever_is_done_for_long_the_canvas_shows_the_design(window: MainWindow, start: Path) -> None:
    use_at_random(window, start, people=100, steps=60)
