"""The code panel: the source follows every edit while it is seen, and says what stands in its way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from pytestqt.qtbot import QtBot

from designer.compiler.lowering.lower import lower
from designer.compiler.printing.source import source
from designer.graph import edits
from designer.gui.panels.code import CodePanel
from designer.gui.panels.code_lines import lines_of
from designer.gui.panels.highlighter import PythonHighlighter
from designer.gui.theme import Appearance, light
from designer.gui.workspace import Workspace


@pytest.fixture
def panel(qtbot: QtBot, workspace: Workspace, appearance: Appearance) -> CodePanel:
    panel = CodePanel(workspace, appearance)
    qtbot.addWidget(panel)
    panel.resize(520, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def text(panel: CodePanel) -> str:
    return panel.view.toPlainText()


def test_the_source_of_the_design_is_shown(panel: CodePanel, workspace: Workspace) -> None:
    assert text(panel) == source(lower(workspace.report))
    assert "class DigitReader(nn.Module):" in text(panel)


def test_an_edit_rewrites_the_source(qtbot: QtBot, panel: CodePanel, workspace: Workspace) -> None:
    workspace.commit(lambda document: edits.change_settings(document, "conv1", {"out_channels": 33}), "Widen it")
    qtbot.waitUntil(lambda: "out_channels=33" in text(panel))
    workspace.undo()
    qtbot.waitUntil(lambda: "out_channels=33" not in text(panel))


def test_nothing_is_written_while_nobody_looks(panel: CodePanel, workspace: Workspace) -> None:
    panel.hide()
    workspace.commit(lambda document: edits.change_settings(document, "conv1", {"out_channels": 33}), "Widen it")
    assert "out_channels=33" not in text(panel)
    panel.show()
    assert "out_channels=33" in text(panel)


def test_a_problem_in_the_way_is_named_and_the_last_source_greyed(
    qtbot: QtBot, panel: CodePanel, workspace: Workspace
) -> None:
    before = text(panel)
    workspace.commit(lambda document: edits.change_settings(document, "conv1", {"kernel_size": 21}), "Break it")
    qtbot.waitUntil(panel.obstacle.isVisible)
    assert "window does not fit" in panel.obstacle.sentence.text()
    assert text(panel) == before
    assert not panel.view.highlighter.fresh
    qtbot.mouseClick(panel.obstacle.fixes.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.obstacle.isVisible())
    assert panel.view.highlighter.fresh


def test_an_empty_design_has_no_code_yet(qtbot: QtBot, panel: CodePanel, workspace: Workspace) -> None:
    workspace.new()
    qtbot.waitUntil(panel.empty.isVisible)


def test_copy_takes_the_whole_source(qtbot: QtBot, panel: CodePanel) -> None:
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text(panel)


def test_the_selected_node_s_lines_are_marked(panel: CodePanel, workspace: Workspace) -> None:
    workspace.select(("conv1",))
    assert len(panel.view.marked) == 2
    assert all("self.conv1" in line for line in panel.view.marked)
    workspace.select(())
    assert panel.view.marked == []


def test_a_node_inside_a_group_is_marked_in_the_group_s_class(panel: CodePanel, workspace: Workspace) -> None:
    workspace.enter(("block1",))
    workspace.select(("conv",))
    assert len(panel.view.marked) == 2
    assert all("self.conv" in line and "conv1" not in line for line in panel.view.marked)


def test_a_call_of_many_lines_is_marked_to_its_end() -> None:
    call = ["        self.a = nn.Conv2d(", "            3,", "        )", "        x = 1"]
    code = "\n".join(["class Net(nn.Module):", "    def __init__(self):", *call])
    assert lines_of(code, (), ["a"]) == [2, 3, 4]
    assert lines_of(code, ("none",), ["a"]) == []


def test_another_theme_recolours_the_source(panel: CodePanel, appearance: Appearance) -> None:
    before = panel.view.grab().toImage()
    appearance.choose("dark")
    assert panel.view.grab().toImage() != before


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("line", "word", "kind"),
    [
        ("class Net(nn.Module):", "Net", "class"),
        ("    def forward(self):", "forward", "function"),
        ("    return x", "return", "keyword"),
        ("    x = True", "True", "constant"),
        ("    x = 1e-3", "1e-3", "number"),
        ('    x = "a # b"', '"a # b"', "text"),
        ("    x = 1  # why", "# why", "comment"),
        ('"""A docstring."""', '"""A docstring."""', "text"),
    ],
)
def test_words_have_the_colour_of_their_kind(line: str, word: str, kind: str) -> None:
    document = QTextDocument(line)
    highlighter = PythonHighlighter(document, light())
    highlighter.rehighlight()
    start = line.index(word)
    ranges = document.firstBlock().layout().formats()
    (found,) = [each for each in ranges if each.start <= start < each.start + each.length]
    assert (found.start, found.length) == (start, len(word))
    assert found.format.foreground() == highlighter._formats[kind].foreground()


@pytest.mark.usefixtures("qapp")
def test_a_docstring_of_several_lines_is_text_throughout() -> None:
    document = QTextDocument('x = """one\ndef two\nthree""" + 4')
    highlighter = PythonHighlighter(document, light())
    highlighter.rehighlight()
    second = document.findBlockByNumber(1).layout().formats()
    assert [(each.start, each.length) for each in second] == [(0, len("def two"))]
    third = document.findBlockByNumber(2).layout().formats()
    assert third[0].length == len('three"""')
    assert third[-1].format.foreground() == highlighter._formats["number"].foreground()


def test_behind_another_panel_nothing_is_written(panel: CodePanel, workspace: Workspace) -> None:
    panel.set_in_front(False)
    before = text(panel)
    workspace.commit(lambda document: edits.rename(document, "conv1", "first"), "Rename conv1")
    assert not panel._timer.isActive()
    assert text(panel) == before
    panel.set_in_front(True)
    assert "self.first" in text(panel)
