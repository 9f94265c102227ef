"""The user's own layers in the window: asked about, allowed, typed, and never run before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import protocol
from designer.catalogue.custom_code import TEMPLATE
from designer.compiler.checking.check import check
from designer.compiler.checking.custom import questions
from designer.graph import edits, files
from designer.graph.document import Document, Link, Node
from designer.gui.consent import Consent
from designer.gui.inspection import Inspection
from designer.gui.panels.code_field import CodeField
from designer.gui.panels.node_page import NodePage
from designer.gui.runner import State
from designer.plan import fingerprint

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

STARTING = 60_000


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """The file that the design's code writes when it is run."""
    return tmp_path / "trap"


@pytest.fixture
def code(trap: Path) -> str:
    return TEMPLATE.replace("super()", f"open({str(trap)!r}, 'w').close(); super()")


def own_design(code: str) -> Document:
    nodes = [
        Node("measures", "Input", {"shape": (4,)}), Node("waves", "Custom", {"code": code}),
        Node("scores", "Linear", {"out_features": 3}), Node("species", "Output", {"loss": "CrossEntropyLoss"}),
    ]  # fmt: skip
    links = (Link("measures", "waves"), Link("waves", "scores"), Link("scores", "species"))
    places = {node.id: (220.0 * place, 0.0) for place, node in enumerate(nodes)}
    return Document({node.id: node for node in nodes}, links, places, data={"source": "iris"}, training={"epochs": 1})


@pytest.fixture
def path(code: str, tmp_path: Path) -> Path:
    path = tmp_path / "own.netwright"
    files.write(own_design(code), path)
    return path


def page_of(window: MainWindow, node: str) -> NodePage:
    window.go_to(node)
    page = window.docks.panels["inspector"].page
    assert isinstance(page, NodePage)
    return page


def code_field(page: NodePage) -> CodeField:
    assert page.form is not None
    field = page.form.rows["code"].field
    assert isinstance(field, CodeField)
    return field


def press(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]  # any button


def test_a_design_with_code_says_so_runs_nothing_until_it_is_allowed_and_asks_but_once(
    window: MainWindow, path: Path, code: str, trap: Path, settings: QSettings, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open(path)
    question = "This design carries Python code of its own (1 layer). It is not run until you allow it."
    assert window.messages.text == question
    window.workspace.commit(lambda document: edits.change_settings(document, "scores", {"out_features": 5}), "Set")
    window.workspace.select(window.workspace.shown.nodes)
    window.canvas.commands.copy()
    window.canvas.commands.paste()
    assert window.custom.waiting
    assert not window.workspace.report.sound
    for _ in range(2):
        window.workspace.undo()
    press(window.messages.button)
    page = page_of(window, "waves")
    assert page.consent.isVisible()

    # Whoever declines and trains is asked again.
    assert window.messages.text == ""
    assert not window.runs.train()
    assert window.messages.text == question
    assert not trap.exists()

    press(page.allow_button)
    qtbot.waitUntil(lambda: window.workspace.report.sound, timeout=STARTING)
    assert trap.exists()
    assert not page.consent.isVisible()
    assert window.messages.text == ""
    assert window.custom.waiting == ()
    assert window.workspace.report.parameters == 32 + 4 * 3 + 3
    with qtbot.waitSignal(window.runs.ended, timeout=STARTING):
        assert window.runs.train()
    assert window.runner.state is State.IDLE

    # What was allowed is remembered by its text, and not in the file.
    assert Consent(settings).allows(code)
    assert fingerprint(code) not in path.read_text()
    other = tmp_path / "other.netwright"
    files.write(own_design(f"{code}\n"), other)
    window.open(other)
    assert window.messages.text == question
    window.open(path)
    assert window.messages.text == ""


def test_a_new_layer_works_as_it_is_and_what_is_typed_is_looked_at_when_the_typing_pauses(
    window: MainWindow, tmp_path: Path, settings: QSettings, qtbot: QtBot
) -> None:
    window.file.new()
    window.workspace.add("Input")
    name = window.workspace.add("Custom")
    qtbot.waitUntil(lambda: window.workspace.report.nodes[name].known, timeout=STARTING)
    assert window.messages.text == ""
    field = code_field(page_of(window, name))
    changed = TEMPLATE.replace("return x +", "return x.flatten(1) * 2 if True else")
    field.editor.setPlainText(changed)
    qtbot.waitUntil(lambda: str(window.workspace.report.nodes[name].shape) == "N x 784", timeout=STARTING)
    assert window.messages.text == ""
    field.editor.setPlainText(changed.replace("x.unsqueeze(-1)", "missing"))
    qtbot.waitUntil(lambda: bool(field.editor.marked), timeout=STARTING)
    assert field.editor.marked == ["        waves = torch.sin(missing * self.frequency)"]
    field.editor.setPlainText("class A(:")
    qtbot.waitUntil(lambda: field.editor.marked == ["class A(:"], timeout=STARTING)
    window.workspace.undo()
    assert not Consent(settings).allows(changed)
    window.workspace.commit(lambda document: edits.change_settings(document, name, {"code": changed}), "Set")
    window.workspace.save(tmp_path / "mine.netwright")
    assert Consent(settings).allows(changed)


def test_changing_foreign_code_or_loading_a_file_is_no_consent(
    window: MainWindow, path: Path, code: str, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open(path)
    field = code_field(page_of(window, "waves"))
    field.editor.setPlainText(f"{code}# mine\n")
    qtbot.waitUntil(lambda: window.workspace.document.nodes["waves"].settings["code"].endswith("mine\n"))
    assert window.custom.waiting
    window.custom.allow()
    loaded = tmp_path / "layer.py"
    loaded.write_text(f"{code}# loaded\n")
    field.load(loaded)
    assert window.workspace.document.nodes["waves"].settings["code"] == loaded.read_text()
    assert [found for _, found in window.custom.waiting] == [loaded.read_text()]
    field.load(tmp_path / "missing.py")
    assert window.workspace.document.nodes["waves"].settings["code"] == loaded.read_text()


def test_typing_keeps_the_indentation_and_leaving_the_field_loses_nothing(window: MainWindow) -> None:
    window.file.new()
    name = window.workspace.add("Custom")
    field = code_field(page_of(window, name))
    editor = field.editor
    editor.setPlainText("")
    editor.setFocus()
    QTest.keyClicks(editor, "class A(B):")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "x = 1")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert field.load_button.hasFocus()
    assert window.workspace.document.nodes[name].settings["code"] == "class A(B):\n    x = 1\n        "


@pytest.fixture
def inspection(qapp: QApplication) -> Iterator[Callable[[int], Inspection]]:
    made: list[Inspection] = []

    def make(patience: int) -> Inspection:
        made.append(Inspection(qapp, patience))
        return made[-1]

    yield make
    for each in made:
        each.shutdown()


def question(body: str) -> protocol.Inspect:
    head = 'import os\nfrom torch import nn\nclass Own(nn.Module):\n    """Own."""'
    document = own_design(f"{head}\n    def forward(self, x):\n        {body}\n")
    (found,) = questions(check(document))
    return replace(found, allowed=(fingerprint(found.call.code),))


def test_a_layer_that_hangs_or_crashes_is_told_unless_it_was_changed_meanwhile_and_the_next_one_has_a_new_process(
    inspection: Callable[[int], Inspection], qtbot: QtBot
) -> None:
    asking = inspection(3000)
    told: list[protocol.Inspected] = []
    asking.told.connect(told.append)
    first, changed, crashing, hanging = (
        question(body) for body in ("return x", "while True: pass", "os._exit(3)", "while x is x: pass")
    )
    asking.ask((first,))
    qtbot.waitUntil(lambda: len(told) == 1, timeout=STARTING)
    asking.ask((changed,))
    asking.ask((crashing, hanging, last := question("return x + 1")))
    qtbot.waitUntil(lambda: len(told) == 4, timeout=2 * STARTING)
    assert [each.key for each in told] == [first.key, crashing.key, hanging.key, last.key]
    assert [each.problem.code if each.problem is not None else "" for each in told] == [
        "", "custom-crash", "custom-hung", "",
    ]  # fmt: skip
