"""The window as a person meets it: start page, files, panels, messages, and what it remembers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from designer.graph import edits, files
from designer.gui.theme import DARK, LIGHT
from designer.resources import networks, samples

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow

Press = Callable[[str], None]
Answer = Callable[[QMessageBox.StandardButton], None]
Button = QMessageBox.StandardButton


def choose_file(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    """What the person chooses in the system's own file dialog, which no test can press."""
    name = (str(path) if path is not None else "", "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: name)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: name)


def change(window: MainWindow) -> None:
    """Any edit."""
    window.workspace.commit(lambda document: edits.describe(document, notes="changed"), "Change the notes")


def in_front(window: MainWindow, name: str) -> bool:
    """Whether a panel can be seen; Qt keeps those behind others to the left of the window."""
    return window.docks.docks[name].geometry().right() > 0


def test_it_begins_with_the_samples(window: MainWindow) -> None:
    assert not window.drawing
    assert window.windowTitle() == "Netwright"
    assert len(window.start.cards) == len(samples()) + len(networks())
    assert not window.status.isVisible()


def test_enter_begins_a_design_where_the_button_has_the_focus(window: MainWindow) -> None:
    button = window.focusWidget()
    assert isinstance(button, QPushButton)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert window.drawing
    assert window.workspace.document.nodes == {}


def test_a_sample_is_opened_as_a_copy_by_enter(window: MainWindow) -> None:
    card = window.start.cards[0]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert window.drawing
    assert window.workspace.path is None
    assert window.workspace.document.nodes == files.read(card.path).nodes
    assert not window.workspace.modified
    assert window.file.recent.paths() == ()


def test_a_new_design_is_empty_and_untitled(window: MainWindow, press: Press) -> None:
    press("new")
    assert window.drawing
    assert window.windowTitle() == "Untitled[*] - Netwright"
    assert not window.workspace.document.nodes


def test_open_shows_the_file_and_remembers_it(
    window: MainWindow, press: Press, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(monkeypatch, file)
    press("open")
    assert window.windowTitle() == "iris[*] - Netwright"
    assert not window.isWindowModified()
    assert set(window.canvas.design.nodes) == {"measures", "hidden", "relu", "scores", "species"}
    assert window.file.recent.paths() == (file,)


def test_giving_up_the_file_dialog_changes_nothing(
    window: MainWindow, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(monkeypatch, None)
    press("open")
    assert not window.drawing


def test_an_edit_marks_the_title_until_it_is_saved(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    change(window)
    assert window.isWindowModified()
    press("save")
    assert not window.isWindowModified()
    assert files.read(file).notes == "changed"


def test_save_asks_for_a_place_and_adds_the_suffix(
    window: MainWindow, press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press("new")
    change(window)
    choose_file(monkeypatch, tmp_path / "mine")
    press("save")
    assert window.workspace.path == tmp_path / "mine.netwright"
    assert window.windowTitle() == "mine[*] - Netwright"
    assert window.file.recent.paths() == (tmp_path / "mine.netwright",)


def test_a_bad_file_is_one_sentence_in_the_bar_and_the_design_stays(
    window: MainWindow, file: Path, tmp_path: Path
) -> None:
    window.open(file)
    bad = tmp_path / "bad.netwright"
    bad.write_text("this is no design", encoding="utf-8")
    before = window.workspace.document
    assert not window.open(bad)
    assert "bad.netwright is not a Netwright design" in window.messages.text
    assert window.workspace.document is before
    assert window.workspace.path == file
    assert bad not in window.file.recent.paths()


def test_a_place_that_cannot_be_written_is_one_sentence_in_the_bar(
    window: MainWindow, press: Press, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open(file)
    change(window)
    choose_file(monkeypatch, tmp_path / "nowhere" / "iris.netwright")
    press("save_as")
    assert "cannot be written" in window.messages.text
    assert window.workspace.path == file
    assert window.isWindowModified()


def test_cancel_keeps_what_is_unsaved(window: MainWindow, press: Press, file: Path, answer: Answer) -> None:
    window.open(file)
    change(window)
    answer(Button.Cancel)
    press("new")
    assert window.workspace.document.notes == "changed"
    answer(Button.Cancel)
    assert not window.close()
    assert window.isVisible()


def test_discard_leaves_the_file_as_it_was(window: MainWindow, press: Press, file: Path, answer: Answer) -> None:
    window.open(file)
    change(window)
    answer(Button.Discard)
    press("new")
    assert not window.workspace.document.nodes
    assert files.read(file).notes == ""


def test_save_on_the_way_out_writes_the_file(window: MainWindow, press: Press, file: Path, answer: Answer) -> None:
    window.open(file)
    change(window)
    answer(Button.Save)
    press("close")
    assert files.read(file).notes == "changed"
    assert not window.drawing


def test_the_recent_list_has_existing_files_newest_first(window: MainWindow, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.netwright"
    other.write_bytes(file.read_bytes())
    for path in (file, other, file):
        window.open(path)
    assert window.file.recent.paths() == (file, other)
    file.unlink()
    assert window.file.recent.paths() == (other,)
    window.close_design()
    assert window.drawing  # the other tab
    window.close_design()
    assert [row.path for row in window.start.rows] == [other]
    QTest.mouseClick(window.start.rows[0], Qt.MouseButton.LeftButton)
    assert window.workspace.path == other
    window.file.recent.clear()
    assert window.file.recent.paths() == ()


def test_a_design_dropped_on_the_window_is_opened(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, buttons, keys))
    qtbot.waitUntil(lambda: window.workspace.path == file)


def test_other_files_cannot_be_dropped_beside_an_open_canvas(window: MainWindow, file: Path, tmp_path: Path) -> None:
    window.open(file)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "picture.png"))])
    event = QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()


def test_no_panel_takes_the_room_of_the_canvas(window: MainWindow, file: Path) -> None:
    window.resize(1440, 900)
    window.open(file)
    QApplication.processEvents()
    assert window.canvas.height() > 0.6 * window.docks.height()


def test_a_refused_edit_is_said_in_the_bar(window: MainWindow, file: Path) -> None:
    window.open(file)
    window.workspace.commit(lambda document: edits.rename(document, "relu", "hidden"), "Rename relu")
    assert window.messages.text == "There is a node called hidden already. Choose another name."
    change(window)
    assert window.messages.text == ""


def test_the_window_remembers_its_panels_and_its_appearance(open_window: Callable[[], MainWindow], file: Path) -> None:
    first = open_window()
    first.open(file)
    first.choose_appearance(DARK)
    first.docks.docks["palette"].hide()
    first.close()
    second = open_window()
    second.open(file)
    assert second.docks.docks["palette"].isHidden()
    assert second.appearance.theme.dark
    second.choose_appearance(LIGHT)
    assert not second.appearance.theme.dark


def test_each_panel_has_one_tab_the_first_time_and_every_other_time(
    open_window: Callable[[], MainWindow], file: Path
) -> None:
    for _ in range(2):
        window = open_window()
        window.open(file)
        QApplication.processEvents()
        bars = window.docks.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        tabs = sorted(bar.tabText(place) for bar in bars for place in range(bar.count()))
        assert tabs == sorted(name.capitalize() for name in window.docks.panels)
        window.close()


def test_the_canvas_can_stand_alone(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    press("canvas_alone")
    assert all(dock.isHidden() for dock in window.docks.docks.values())
    press("canvas_alone")
    assert not any(dock.isHidden() for dock in window.docks.docks.values())


@pytest.mark.parametrize(
    "name", ["inspector", "data", "training", "problems", "code", "parameters", "curves", "lesson", "variables"]
)
def test_a_key_brings_each_panel_to_the_front(
    qtbot: QtBot, window: MainWindow, press: Press, file: Path, name: str
) -> None:
    window.open(file)
    window.workspace.select(("hidden",))
    press(f"show_{name}")
    panel = window.docks.panels[name]
    qtbot.waitUntil(lambda: in_front(window, name))
    assert panel.isAncestorOf(QApplication.focusWidget()) or name in ("problems", "curves")


def test_a_layer_is_added_by_the_keyboard_alone(window: MainWindow, press: Press) -> None:
    press("new")
    press("add_layer")
    QTest.keyClicks(window.docks.layers.search, "linear")
    QTest.keyClick(window.docks.layers.search, Qt.Key.Key_Return)
    assert [node.layer for node in window.workspace.document.nodes.values()] == ["Linear"]


def test_undo_works_from_the_canvas(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.workspace.select(("relu",))
    window.canvas.setFocus()
    press("delete")
    assert "relu" not in window.workspace.document.nodes
    press("undo")
    assert "relu" in window.workspace.document.nodes


def test_the_next_problem_is_shown_on_the_canvas(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    window.workspace.commit(lambda document: edits.change_settings(document, "scores", {"out_features": 7}), "Change")
    assert "error" in window.status.problems.text()
    window.workspace.select(())
    press("next_problem")
    assert window.workspace.selection == {"species"}
    assert "gets 7" in window.status.text.text()
    press("first_fix")
    assert window.status.text.text() == ""  # what is mended is not said any more
    assert window.workspace.document.nodes["scores"].settings["out_features"] == 3
    assert window.status.problems.text() == "no problems"


def test_the_status_bar_tells_the_totals_and_the_zoom(window: MainWindow, press: Press, file: Path) -> None:
    window.open(file)
    assert window.status.totals.text() == "67 parameters · 56 multiply-adds"
    press("zoom_reset")
    assert window.status.zoom.text() == "100%"
    window.canvas.hovered.emit("relu gives N x 8")
    assert window.status.text.text() == "relu gives N x 8"


def test_a_click_on_the_count_of_problems_opens_them(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    window.open(file)
    window.show_panel("code")
    qtbot.waitUntil(lambda: not in_front(window, "problems"))
    QTest.mouseClick(window.status.problems, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: in_front(window, "problems"))


def test_exports_write_source_and_summary(
    window: MainWindow, press: Press, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open(file)
    for name, path in (("source", "net.py"), ("script", "train.py"), ("summary", "net.txt")):
        choose_file(monkeypatch, tmp_path / path)
        press(f"export_{name}")
        assert (tmp_path / path).stat().st_size > 0
        assert window.messages.text == f"{path} is written."
    assert "class Iris(nn.Module)" in (tmp_path / "net.py").read_text(encoding="utf-8")
    assert "def train()" in (tmp_path / "train.py").read_text(encoding="utf-8")


def test_an_export_that_cannot_be_written_is_one_sentence(
    window: MainWindow, press: Press, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open(file)
    choose_file(monkeypatch, tmp_path / "nowhere" / "net.py")
    press("export_source")
    assert window.messages.text.startswith("net.py cannot be written")


def test_a_design_with_errors_has_no_source_to_export(window: MainWindow, file: Path) -> None:
    window.open(file)
    window.workspace.commit(lambda document: edits.remove(document, links=document.links[:1]), "Disconnect")
    action = window.all_actions["export_source"]
    assert not action.isEnabled()
    assert "Mend the problems of the design first." in action.toolTip()


def test_the_window_never_loads_torch(home: Path, file: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QTimer\n"
        "from designer.gui import application\n"
        "app = application.make_application()\n"
        "window = application.make_window(app, application.user_settings())\n"
        f"window.show(); window.open(Path({str(file)!r}))\n"
        "assert 'torch' not in sys.modules\n"
        "QTimer.singleShot(0, window.close); app.exec()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (home / ".config" / "Netwright" / "netwright.ini").is_file()


def test_another_appearance_reaches_the_frame_of_the_canvas(window: MainWindow, file: Path) -> None:
    window.open(file)
    for mode in (LIGHT, DARK, LIGHT):
        window.choose_appearance(mode)
        frame = window.canvas.palette().color(QPalette.ColorRole.WindowText)
        assert frame in (window.appearance.theme.accent, window.appearance.theme.border)


def test_the_first_time_the_window_fits_on_its_screen(window: MainWindow) -> None:
    room = window.screen().availableGeometry()
    assert window.width() < room.width()
    assert window.height() < room.height()
