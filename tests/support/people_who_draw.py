"""People who put layers on the canvas, move them, name and set them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from somebody import MODIFIERS, NUMBERS, SEVERAL, WAYS, Modifiers, Somebody

from designer.graph import edits
from designer.gui.panels.many_page import ManyPage
from designer.gui.panels.node_page import NodePage

LAYERS = st.sampled_from(
    ["Linear", "Conv2d", "ReLU", "Add", "Concat", "LSTM", "Output", "Input", "Group", "squeeze_and_excitation",
     "Flatten", "BatchNorm2d", "MultiheadAttention", "Split", "Where", "Softmax", "transformer_block", "unet_down",
     "Constant"]
)  # fmt: skip
"""Layers of every build: with many ports and with none, with names for their ports, and ready-made groups."""
TEXTS = st.sampled_from(["", "li", "conv", "skip", "add", "out", "no such layer"])
STEPS = st.integers(0, 3)


class Drawer(Somebody):
    """Whoever draws nodes."""

    @rule(layer=LAYERS, x=NUMBERS, y=NUMBERS)
    def drop_a_layer(self, layer: str, x: int, y: int) -> None:
        room = self.canvas.viewport().rect()
        self.hand.drop(layer.encode(), QPointF(x % room.width(), y % room.height()))

    @rule(layer=LAYERS)
    def add_a_layer_behind_the_selected_one(self, layer: str) -> None:
        self.workspace.add(layer)

    @precondition(lambda self: self.linked)
    @rule(layer=LAYERS, number=NUMBERS)
    def drop_a_layer_on_a_link(self, layer: str, number: int) -> None:
        self.hand.drop(layer.encode(), self.point_on(self.pick_link(number), 0.5))

    @rule(x=NUMBERS, y=NUMBERS, by_key=st.booleans(), text=TEXTS, steps=STEPS)
    def search_for_a_layer(self, x: int, y: int, by_key: bool, text: str, steps: int) -> None:
        if by_key:
            self.do("add_here")
        else:
            self.hand.double_click(QPointF(x, y))
        self.choose(self.canvas.quick_add.finder, text, steps)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, keys=MODIFIERS)
    def click_a_node(self, number: int, keys: Modifiers) -> None:
        self.hand.click(self.hand.node(self.pick(number)), keys)

    @rule(numbers=SEVERAL)
    def select_some(self, numbers: Sequence[int]) -> None:
        self.select(numbers)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, keys=MODIFIERS, **WAYS)
    def drag_a_node(self, number: int, keys: Modifiers, dx: int, dy: int) -> None:
        start = self.hand.node(self.pick(number))
        self.hand.drag(start, start + QPointF(dx, dy), keys=keys)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, **WAYS)
    def begin_to_drag_a_node_and_leave_it(self, number: int, dx: int, dy: int) -> None:
        start = self.hand.node(self.pick(number))
        self.hand.pull(start, start + QPointF(dx, dy))
        self.hand.key(Qt.Key.Key_Escape)

    @precondition(lambda self: self.linked)
    @rule(number=NUMBERS, link=NUMBERS)
    def drag_a_node_onto_a_link(self, number: int, link: int) -> None:
        name = self.pick(number)
        if not self.workspace.shown.links_of(name):
            middle = self.canvas.design.nodes[name].body.center() - QPointF(84, 12)
            end = self.point_on(self.pick_link(link), 0.5) - middle * self.canvas.zoom
            self.hand.drag(self.hand.node(name), end)

    @rule(arrow=st.sampled_from(["left", "right", "up", "down"]), kind=st.sampled_from(["walk", "extend", "nudge"]))
    def press_an_arrow(self, arrow: str, kind: str) -> None:
        self.do(f"{kind}_{arrow}")

    @rule(key=st.sampled_from(["Left", "Right", "Up", "Down", "Backspace", "Return", "Escape", "Delete"]),
          keys=MODIFIERS)  # fmt: skip
    def press_a_key(self, key: str, keys: Modifiers) -> None:
        self.hand.key(getattr(Qt.Key, f"Key_{key}"), keys)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, name=st.sampled_from(["a", "b", "conv1", "fc", "input", "not a name", "class", ""]))
    def rename_a_node(self, number: int, name: str) -> None:
        self.workspace.select((self.pick(number),))
        self.do("rename")
        self.answer(name)

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, value=st.sampled_from([0, 1, 2, 3, 8, 40, "=n", "=2*n", "=nobody"]))
    def set_a_number(self, number: int, value: int | str) -> None:
        name = self.pick(number)
        kind = self.workspace.shown_report.nodes[name].layer
        settings = [
            each for each in ("out_features", "out_channels", "padding", "repeat", "dim") if hasattr(kind, each)
        ]
        if settings:
            changed = {settings[0]: value}
            self.workspace.commit(lambda document: edits.change_settings(document, name, changed), "Set", ("set", name))

    @precondition(lambda self: self.drawn)
    @rule(numbers=SEVERAL, which=NUMBERS, value=st.integers(0, 9))
    def set_something_of_all_that_is_selected(self, numbers: Sequence[int], which: int, value: int) -> None:
        self.select(numbers)
        page = self.window.docks.inspector.page
        form = page.form if isinstance(page, ManyPage | NodePage) else None
        if form is not None and form.rows:
            name = self.among(list(form.rows), which)
            form.edited.emit(name, value)
            form.settled.emit()

    @precondition(lambda self: self.drawn)
    @rule(number=NUMBERS, text=st.sampled_from(["", "As in the paper.", "Why **this**?"]))
    def note_something_at_a_node(self, number: int, text: str) -> None:
        self.workspace.select((self.pick(number),))
        page = self.window.docks.inspector.page
        if isinstance(page, NodePage):
            page.note.setPlainText(text)

    @rule(x=NUMBERS, y=NUMBERS, dx=st.integers(-900, 900), dy=st.integers(-600, 600), keys=MODIFIERS)
    def drag_on_the_ground(self, x: int, y: int, dx: int, dy: int, keys: Modifiers) -> None:
        start = QPointF(x, y)
        self.hand.drag(start, start + QPointF(dx, dy), keys=keys)
        self.hand.key(Qt.Key.Key_Escape)

    @rule(x=NUMBERS, y=NUMBERS, notches=st.integers(-3, 3))
    def turn_the_wheel(self, x: int, y: int, notches: int) -> None:
        self.hand.wheel(QPointF(x, y), notches)

    @rule(keys=st.sampled_from(["abc", "fc", "x"]))
    def type_where_the_focus_is(self, keys: str) -> None:
        """Whatever has the focus, be it a field that was left open."""
        focused = self.window.focusWidget()
        if focused is not None and focused is not self.canvas:
            QTest.keyClicks(focused, keys)
