"""Two designs compared on the canvas: what is marked, listed and gone through, and that nothing is altered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from designer.graph import edits, files
from designer.graph.document import Document, Link, Node
from designer.gui.canvas.differences import Mark
from designer.gui.canvas.view import Canvas
from designer.gui.comparison import Compared
from designer.gui.comparison_list import MOST_ROWS
from designer.gui.open_file import OpenFile
from designer.gui.runner import Runner
from designer.gui.runs import Runs, make_folder
from designer.gui.split_view import SplitView
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import Workspace

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow


@pytest.fixture
def workspace(iris: Document) -> Workspace:
    """The iris network, one layer wider, with a Dropout more, a ReLU less, and its species moved."""
    inside = Document({"input": Node("input", "Input"), "fc": Node("fc", "Linear")}, (Link("input", "fc"),))
    document = edits.add_node(iris, Node("block", "Group", {}, inside), (0.0, 200.0))
    document = edits.change_settings(document, "hidden", {"out_features": 16})
    document = edits.dissolve(document, "relu")
    document = edits.insert_on_link(document, Link("scores", "species"), Node("drop", "Dropout"))
    document = edits.move(document, {"species": (1200.0, 300.0)})
    workspace = Workspace()
    workspace.commit_whole(lambda _: document, "Open")
    return workspace


@pytest.fixture
def other(iris: Document) -> Document:
    inside = Document({"input": Node("input", "Input"), "fc": Node("fc", "Linear", {"out_features": 3})},
                      (Link("input", "fc"),))  # fmt: skip
    return edits.add_node(iris, Node("block", "Group", {}, inside), (0.0, 200.0))


@pytest.fixture
def compared(
    qtbot: QtBot, qapp: QApplication, workspace: Workspace, settings: QSettings, runner: Runner, tmp_path: Path
) -> Compared:
    appearance = Appearance(qapp, LIGHT)
    canvases = SplitView(workspace, appearance)
    qtbot.addWidget(canvases)
    canvases.resize(1100, 600)
    canvases.show()
    window = QWidget(canvases)
    runs = Runs(workspace, runner, tmp_path / "runs", window)
    return Compared(OpenFile(workspace, settings, window), canvases, runs, appearance)


def rows(compared: Compared) -> list[str]:
    listed = compared.list.rows
    return [listed.item(row).text() for row in range(listed.count())]


def test_what_differs_is_marked_and_listed(compared: Compared, workspace: Workspace, other: Document) -> None:
    before = workspace.document
    compared.begin(other, "iris.netwright")
    assert compared.marks.marks == {"hidden": Mark.CHANGED, "drop": Mark.ADDED, "species": Mark.MOVED,
                                    "block": Mark.CHANGED}  # fmt: skip
    assert set(compared.marks.ghosts) == {"relu"}
    assert rows(compared) == [
        "hidden   out_features 8 → 16", "block   inside", "block.fc   out_features 3 → 64", "drop   Dropout",
        "relu   ReLU", "hidden → scores   link", "scores → species   link", "species   stands elsewhere"]  # fmt: skip
    assert compared.list.title.text() == "Compared with iris.netwright"
    assert "2 added" in compared.list.legend.text().replace("</b></span>", "")
    assert workspace.document is before
    assert not workspace.history.redo_label


def test_one_goes_through_the_differences_into_groups_and_to_ghosts(
    compared: Compared, workspace: Workspace, other: Document
) -> None:
    compared.begin(other, "iris")
    compared.step(1)
    assert workspace.selection == {"hidden"}
    compared.list.rows.setFocus()
    for _ in range(2):
        QTest.keyClick(compared.list.rows, Qt.Key.Key_Down)
    assert workspace.place == ("block",)
    assert workspace.selection == {"fc"}
    assert compared.marks.marks == {"fc": Mark.CHANGED}
    compared.step(1)
    assert workspace.place == ()
    assert workspace.selection == {"drop"}
    compared.step(1)
    assert workspace.selection == frozenset()  # of the ReLU only a ghost is left
    for _ in range(len(rows(compared)) - 4):
        compared.step(1)
    assert workspace.selection == {"hidden"}  # round and round


@pytest.mark.parametrize("end", ["canvas", "list", "button", "another design"])
def test_it_ends_by_escape_a_button_or_another_design(
    compared: Compared, workspace: Workspace, other: Document, end: str
) -> None:
    compared.begin(other, "iris")
    canvas = compared.list.parentWidget()
    ways: dict[str, Callable[[], object]] = {
        "canvas": lambda: QTest.keyClick(canvas, Qt.Key.Key_Escape),
        "list": lambda: QTest.keyClick(compared.list.rows, Qt.Key.Key_Escape),
        "button": lambda: QTest.mouseClick(compared.list.end, Qt.MouseButton.LeftButton),
        "another design": workspace.new,
    }
    ways[end]()
    assert not compared.active
    assert compared.list.isHidden()
    assert isinstance(canvas, Canvas)
    assert canvas.veil is None


def test_edits_meanwhile_are_compared_too(
    qtbot: QtBot, compared: Compared, workspace: Workspace, other: Document
) -> None:
    compared.begin(other, "iris")
    workspace.commit(lambda document: edits.remove(document, ("drop",)), "Remove")
    workspace.undo()
    workspace.commit(lambda document: edits.change_settings(document, "hidden", {"out_features": 8}), "Back")
    qtbot.waitUntil(lambda: not any("hidden   out_features" in row for row in rows(compared)))
    assert "hidden" not in compared.marks.marks


def test_the_marks_are_painted_from_near_and_from_afar(compared: Compared, other: Document) -> None:
    canvas = compared.list.parentWidget()
    assert isinstance(canvas, Canvas)
    theme = canvas.design.look.theme
    for zoom in (1.0, 0.1):
        canvas.set_zoom(zoom)
        compared.end()
        canvas.centerOn(canvas.design.bounds().center())
        plain = canvas.viewport().grab().toImage()
        compared.begin(other, "iris")
        canvas.set_zoom(zoom)
        canvas.centerOn(canvas.design.bounds().center())
        assert canvas.viewport().grab().toImage() != plain
    canvas.set_zoom(1.0)
    canvas.centerOn(compared.marks.ghosts["relu"].area.center())
    corner = canvas.mapFromScene(compared.marks.ghosts["relu"].area.topLeft())
    image = canvas.viewport().grab().toImage()
    assert image.pixelColor(corner.x() - 6, corner.y()) == theme.error


def test_designs_with_thousands_of_differences_are_counted(compared: Compared) -> None:
    many = {f"n{place}": Node(f"n{place}", "ReLU") for place in range(3 * MOST_ROWS)}
    compared.begin(Document(many, (), dict.fromkeys(many, (0.0, 0.0))), "many")
    assert compared.list.rows.count() == MOST_ROWS
    assert compared.list.more.text().endswith(" more")


def test_a_file_and_a_run_are_compared_by_their_actions(
    window: MainWindow, press: Callable[[str], None], iris: Document, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open(file)
    changed = edits.change_settings(iris, "hidden", {"out_features": 5})
    window.workspace.commit_whole(lambda _: changed, "Change")
    assert not window.all_actions["next_difference"].isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    press("compare_file")
    assert rows(window.compared) == ["hidden   out_features 8 → 5"]
    press("next_difference")
    assert window.workspace.selection == {"hidden"}
    press("end_comparison")
    assert not window.compared.active
    folder = window.runs.folder / "iris-1"
    make_folder(folder, iris)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    press("compare_run")
    assert window.compared.list.title.text() == "Compared with the run iris-1"
    press("end_comparison")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(window.runs.folder))
    press("compare_run")
    assert "cannot be read" in window.messages.text
    assert not window.compared.active


def test_a_file_changed_on_disk_is_compared_and_asked_about_again(
    qtbot: QtBot, window: MainWindow, iris: Document, file: Path
) -> None:
    window.open(file)
    with qtbot.waitSignal(window.file.watch.changed):
        files.write(edits.change_settings(iris, "hidden", {"out_features": 5}), file)
    QTest.mouseClick(window.messages.buttons[1], Qt.MouseButton.LeftButton)
    assert rows(window.compared) == ["hidden   out_features 5 → 8"]
    assert window.compared.list.title.text() == "Compared with iris.netwright on disk"
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    QTest.mouseClick(window.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert window.workspace.document.nodes["hidden"].settings == {"out_features": 5}
