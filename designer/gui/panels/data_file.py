"""The part of the data panel for a file of one's own: which file, and what each of its columns is for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFormLayout, QVBoxLayout, QWidget

from designer.catalogue.entry import Setting
from designer.catalogue.own_data import OWN_DATA, DataFile, OwnData
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.facts import WIRING, as_written, data_file, data_key, dataset_of
from designer.gui.panels.setting_fields import ChoiceField
from designer.gui.panels.texts import breakable, count_text
from designer.gui.panels.widgets import WrapButton, heading, text_label
from designer.gui.workspace import Workspace
from designer.own_data.layout import ROLES, Layout, Part, Role, Taken
from designer.own_data.look import SUFFIXES, Column, Look

_AS: Mapping[tuple[Role, Taken], str] = {
    ("feature", "number"): "as numbers", ("feature", "category"): "as a category",
    ("feature", "index"): "as an index", ("feature", "text"): "word by word",
    ("target", "number"): "as numbers", ("target", "category"): "as classes",
}  # fmt: skip
"""What a column is taken for, in words."""
MOST_SHOWN = 60
"""So many columns have a field in the panel."""
LABEL = 130
"""Pixels that the name of a column takes at most; a longer one breaks."""
FILTER = f"Data files ({' '.join('*' + suffix for suffix in SUFFIXES)})"


class DataFilePart(QWidget):
    """Follows the design's data settings where they name a file."""

    edited = Signal(object, str)
    """New values for the data settings, and what the change is called."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.choose = WrapButton("Choose a file…", parent=self)
        self.choose.clicked.connect(self._choose)
        self.path = text_label(parent=self)
        self._heading = heading("Columns", self)
        self.more = text_label(muted=True, parent=self)
        self.roles: dict[str, ChoiceField] = {}
        self._offered: list[tuple[str, list[tuple[object, str]]]] = []
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.path, self.choose, self._heading):
            column.addWidget(widget)
        column.addLayout(self._form)
        column.addWidget(self.more)

    def show_data(self, data: Mapping[str, object]) -> None:
        """Show the file that the data settings name, and its columns as far as they are known."""
        path = data_file(data, self._workspace.home)
        self.path.setText(breakable(Path(path).name) if path is not None else "")
        self.path.setToolTip(path or "")
        self.path.setVisible(path is not None)
        self.choose.setText("Choose a folder…" if _kind(data).folder else "Choose a file…")
        layout = self._layout_of(data, data_key(data, self._workspace.home))
        parts = layout.parts[:MOST_SHOWN] if layout is not None else ()
        offered = [(part.column.name, _choices(part.column, layout.look)) for part in parts] if layout else []
        if offered != self._offered:
            self._offered = offered
            self._make_fields(parts)
        for part in parts:
            self.roles[part.column.name].show_value(_value(part))
        hidden = len(layout.parts) - len(parts) if layout is not None else 0
        self.more.setText(f"and {count_text(hidden)} more columns" if hidden else "")
        self.more.setVisible(bool(hidden))
        self._heading.setVisible(bool(parts))

    def _layout_of(self, data: Mapping[str, object], key: str | None) -> Layout | None:
        found = self._workspace.looks.known.get(key) if key is not None else None
        try:
            dataset = dataset_of(data)
        except Misfit:
            return None
        return dataset.layout(found) if isinstance(dataset, OwnData) and isinstance(found, Look) else None

    def _make_fields(self, parts: tuple[Part, ...]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self.roles = {}
        for part, (name, choices) in zip(parts, self._offered, strict=True):
            setting: Setting[str] = Setting("", _about(part.column))
            setting.name = name
            field = ChoiceField(setting, choices)
            field.setToolTip(_about(part.column))
            field.edited.connect(lambda value, name=name: self._change(name, value))
            label = text_label(name)
            label.setMaximumWidth(LABEL)
            self._form.addRow(label, field)
            self.roles[name] = field

    def _change(self, name: str, value: object) -> None:
        role, _, taken = str(value).partition(" ")
        data = self._workspace.document.data
        columns = {**_mapping(data.get("columns")), name: role}
        kinds = {key: kind for key, kind in _mapping(data.get("kinds")).items() if key != name}
        if taken:
            kinds[name] = taken
        self.edited.emit({"columns": columns, "kinds": kinds or None}, f"Use {name} as {role}")

    def _choose(self) -> None:
        home = self._workspace.home
        path = data_file(self._workspace.document.data, home)
        begin = str(Path(path).parent) if path is not None else str(home or Path.home())
        kind = _kind(self._workspace.document.data)
        if kind.folder:
            name = QFileDialog.getExistingDirectory(self.window(), f"Choose {kind.title.lower()}", begin)
        else:
            name, _ = QFileDialog.getOpenFileName(self.window(), f"Choose {kind.title.lower()}", begin, FILTER)
        if name:
            gone = {key: None for key in self._workspace.document.data if key not in WIRING}
            self.edited.emit({**gone, "path": as_written(Path(name), home)}, f"Learn from {Path(name).name}")


def _kind(data: Mapping[str, object]) -> type[OwnData]:
    """The kind of source that is chosen; a file where it is none of the user's own."""
    return OWN_DATA.get(str(data.get("source")), DataFile)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _value(part: Part) -> str:
    """The choice that says what a part is: a role, with what it is taken for where that could be otherwise."""
    if part.role == "ignore" or len(_takings(part.column, part.role)) < 2:
        return part.role
    return f"{part.role} {part.taken}"


def _takings(column: Column, role: Role) -> list[Taken]:
    """What a column may be taken for in a role."""
    found: list[Taken] = ["number"] if column.kind in ("number", "whole") else []
    if column.values and column.kind != "number":
        found += ["category", "index"] if role == "feature" and not column.shape else ["category"]
    if column.kind == "text" and role == "feature" and not column.shape:
        found.append("text")
    return found


def _choices(column: Column, look: Look) -> list[tuple[object, str]]:
    if column.kind == "other" or column.rows != look.rows:
        return [("ignore", "ignore")]
    choices: list[tuple[object, str]] = []
    for role in ROLES[:2]:
        takings = _takings(column, role)
        several = len(takings) > 1
        choices += [(f"{role} {each}", f"{role}, {_AS[role, each]}") for each in takings] if several else [(role, role)]
    return [*choices, ("ignore", "ignore")]


def _about(column: Column) -> str:
    """A column in brief: "3 different texts: red, green, blue"."""
    what = {"number": "numbers", "whole": "whole numbers", "text": "texts", "other": "no numbers or texts"}[column.kind]
    if column.shape:
        return f"{' x '.join(map(str, column.shape))}, {what}"
    if not column.distinct:
        return what.capitalize()
    some = f": {', '.join(column.values[:4])}{', …' if len(column.values) > 4 else ''}" if column.values else ""
    return f"{count_text(column.distinct)} different {what}{some}"
