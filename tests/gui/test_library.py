"""Groups of the user's own: kept from one design, placed in others."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from designer.graph import files
from designer.graph.document import Document, Link, Node
from designer.graph.own_groups import read_own
from designer.gui.canvas.editing.grouping import Grouping
from designer.gui.library import Library
from designer.gui.offers import OWN
from designer.gui.panels.palette import PalettePanel
from designer.gui.theme import LIGHT, Appearance
from designer.gui.workspace import Workspace


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "groups")


def a_design() -> Document:
    """x -> first -> second -> y, where both groups show one block, whose width the variable of the design gives."""
    net = Document(
        {"i": Node("i", "Input"), "l": Node("l", "Linear", {"out_features": "=width"}), "o": Node("o", "Output")},
        (Link("i", "l"), Link("l", "o")), variables={"width": 4},
    )  # fmt: skip
    shows = {"block": "net", "width": "=2*n"}
    nodes = [Node("x", "Input", {"shape": (6,)}), Node("first_one", "Group", shows), Node("second", "Group", shows),
             Node("y", "Output")]  # fmt: skip
    links = (Link("x", "first_one"), Link("first_one", "second"), Link("second", "y"))
    places = {node.id: (220.0 * number, 0.0) for number, node in enumerate(nodes)}
    return Document({node.id: node for node in nodes}, links, places, variables={"n": 5}, blocks={"net": net})


def workspace_with(library: Library, design: Document) -> Workspace:
    workspace = Workspace(library=library)
    workspace.commit_whole(lambda _: design, "Open")
    return workspace


def stored(library: Library) -> Workspace:
    workspace = workspace_with(library, a_design())
    workspace.select(("first_one",))
    Grouping(workspace, lambda *_: None).store()
    return workspace


def test_a_group_that_is_kept_is_offered_first_and_placed_in_another_design(library: Library) -> None:
    told: list[str] = []
    library.changed.connect(lambda: told.append("changed"))
    stored(library)
    assert told == ["changed"]
    offer = next(iter(library.offers.values()))
    assert (offer.name, offer.title, offer.category) == ("own:first_one", "First one", OWN)
    other = workspace_with(library, Document({"x": Node("x", "Input", {"shape": (6,)})}, (), {"x": (0.0, 0.0)}))
    other.select(("x",))
    name = other.add(offer.name)
    assert other.document.nodes[name].settings == {"block": "net", "width": 10}  # the number, not the formula
    assert other.report.nodes[name].parameters == 6 * 10 + 10
    other.add(offer.name)
    assert set(other.document.blocks) == {"net"}  # both show the one block
    other.undo()
    other.undo()
    assert other.document.blocks == {}


def test_the_library_is_read_again_by_the_next_window(library: Library, tmp_path: Path) -> None:
    stored(library)
    stored(library)
    again = Library(tmp_path / "groups")
    assert [offer.title for offer in again.offers.values()][:2] == ["First one", "First one 2"]


def test_groups_of_the_library_are_renamed_and_deleted(library: Library) -> None:
    stored(library)
    library.rename("own:first_one", "Wide layer")
    assert library.offers["own:first_one"].title == "Wide layer"
    library.delete("own:first_one")
    assert "own:first_one" not in library.offers


def test_bad_files_are_left_out_with_a_sentence_each(library: Library, tmp_path: Path) -> None:
    stored(library)
    folder = tmp_path / "groups"
    (folder / "broken.netwright").write_text("{", encoding="utf-8")
    (folder / "other.txt").write_text("no design", encoding="utf-8")
    files.write(a_design(), folder / "whole.netwright")
    own = read_own(folder)
    assert set(own.groups) == {"first_one"}
    assert set(own.refused) == {"broken.netwright", "whole.netwright"}
    assert all(sentence.endswith(".") for sentence in own.refused.values())
    assert read_own(tmp_path / "nowhere").groups == {}


def test_the_palette_follows_the_library_at_once_and_renames_and_deletes(
    library: Library, tmp_path: Path, qapp: QApplication
) -> None:
    appearance = Appearance(qapp, LIGHT)
    workspace = workspace_with(library, a_design())
    palette = PalettePanel(workspace, appearance)
    (tmp_path / "groups").mkdir()
    (tmp_path / "groups" / "bad.netwright").write_text("{", encoding="utf-8")
    workspace.select(("first_one",))
    Grouping(workspace, lambda *_: None).store()
    own = palette.model.item(0)
    assert [own.text(), own.child(0).text(), own.child(1).text()] == [OWN, "First one", "bad.netwright"]
    assert "bad.netwright" in own.child(1).toolTip()
    menu = palette.tree.menu_of(own.child(0).index())
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Rename", "Delete…"]
    assert palette.tree.menu_of(palette.model.item(1).child(0).index()) is None
    own.child(0).setText("Wide layer")
    assert library.offers["own:first_one"].title == "Wide layer"
    palette.tree.delete_wanted.emit("own:first_one")
    box = palette.findChild(QMessageBox)
    next(button for button in box.buttons() if button.text() == "Delete").click()
    assert "own:first_one" not in library.offers
    palette.deleteLater()
    appearance.deleteLater()
