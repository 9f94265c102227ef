"""The part of the data panel that chooses augmentations; it shows where the data has pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from designer.catalogue import AUGMENTATIONS
from designer.catalogue.augmentations import Augmentation
from designer.compiler.lowering.augmentation import augmentation_problems, fitting
from designer.compiler.project import same
from designer.graph import edits
from designer.gui.icons import icon
from designer.gui.panels.augmentation.preview import Preview
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.settings_form import SettingsForm
from designer.gui.panels.widgets import heading, text_label
from designer.gui.runner import Runner
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

LESSON = "Changes training pictures by chance, so that the network sees none twice."
Chosen = Mapping[str, Any]


class AugmentationRow(QWidget):
    """One chosen augmentation: what it is called, a way to be rid of it, and its settings."""

    removed = Signal()
    edited = Signal(str, object)
    settled = Signal()

    def __init__(self, kind: type[Augmentation], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.form = SettingsForm(kind.settings, {}, theme, self)
        self.remove = QToolButton(self)
        self.remove.setAutoRaise(True)
        self.remove.setToolTip(f"Take {kind.title} away")
        self.remove.setAccessibleName(self.remove.toolTip())
        top = QHBoxLayout()
        title = heading(kind.title, self)
        title.setToolTip(kind.lesson())
        top.addWidget(title, 1)
        top.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.form)
        self.remove.clicked.connect(self.removed)
        self.form.edited.connect(self.edited)
        self.form.settled.connect(self.settled)
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.form.restyle(theme)
        self.remove.setIcon(icon("close", theme))


class AugmentationPart(QWidget):
    """Follows the design's `augment`; every change is one undo step."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runner: Runner) -> None:
        super().__init__()
        self._workspace, self._appearance = workspace, appearance
        self.rows: list[AugmentationRow] = []
        self.add = CalmCombo(self)
        self.add.setAccessibleName("Add an augmentation")
        self.problem = text_label(parent=self)
        self.preview = Preview(workspace, appearance, runner)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading("Augmentation"))
        column.addWidget(text_label(LESSON, muted=True))
        column.addLayout(self._rows)
        column.addWidget(self.add)
        column.addWidget(self.problem)
        column.addWidget(self.preview)
        self.add.activated.connect(self._add)

    def show_design(self) -> None:
        """Show what the design has chosen, where there are pictures or anything is chosen."""
        data, facts = self._workspace.document.data, self._workspace.report.facts
        known = fitting(facts) if facts is not None else ()
        chosen = self._chosen()
        self.setVisible(bool(known or data.get("augment")))
        if [row.kind.__name__ for row in self.rows] != [str(each.get("kind")) for each in chosen]:
            self._make_rows(chosen)
        for row, each in zip(self.rows, chosen, strict=True):
            row.form.show_values({name: value for name, value in each.items() if name != "kind"})
        self._offer([kind for kind in known if kind.__name__ not in {each.get("kind") for each in chosen}])
        problems = [problem.sentence for problem in augmentation_problems(data, facts)]
        self.problem.setText("\n".join(problems))
        self.problem.setVisible(bool(problems))
        self.preview.show_design(wanted=bool(self.rows) and not problems)

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        for row in self.rows:
            row.restyle(theme)

    def _chosen(self) -> list[Chosen]:
        """What the design has chosen, without what this version does not know."""
        found = self._workspace.document.data.get("augment", ())
        if not isinstance(found, list | tuple):
            return []
        return [each for each in found if isinstance(each, Mapping) and each.get("kind") in AUGMENTATIONS]

    def _offer(self, kinds: list[type[Augmentation]]) -> None:
        self.add.clear()
        self.add.addItem("Add one…", "")
        for kind in kinds:
            self.add.addItem(kind.title, kind.__name__)
            self.add.setItemData(self.add.count() - 1, kind.lesson(), 3)
        self.add.setEnabled(bool(kinds))

    def _make_rows(self, chosen: list[Chosen]) -> None:
        for row in self.rows:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, each in enumerate(chosen):
            row = AugmentationRow(AUGMENTATIONS[each["kind"]], self._appearance.theme, self)
            row.removed.connect(lambda place=place: self._remove(place))
            row.edited.connect(lambda name, value, place=place: self._change(place, name, value))
            row.settled.connect(self._workspace.settle)
            self._rows.addWidget(row)
            self.rows.append(row)

    def _add(self) -> None:
        name = self.add.currentData()
        if name:
            self._commit([*self._chosen(), {"kind": name}], f"Add {AUGMENTATIONS[name].title} to the augmentations")
            self._workspace.settle()

    def _remove(self, place: int) -> None:
        chosen = self._chosen()
        gone = chosen.pop(place)
        self._commit(chosen, f"Take {AUGMENTATIONS[gone['kind']].title} away")
        self._workspace.settle()

    def _change(self, place: int, name: str, value: object) -> None:
        chosen = self._chosen()
        settings = AUGMENTATIONS[chosen[place]["kind"]].settings
        values = {**chosen[place], name: value}
        chosen[place] = {
            key: each for key, each in values.items() if key not in settings or not same(each, settings[key].default)
        }
        self._commit(chosen, f"Change {name} of {self.rows[place].kind.title}", ("augment", place, name))

    def _commit(self, chosen: list[Chosen], label: str, merge: object = None) -> None:
        values = {"augment": chosen or None}
        self._workspace.commit_whole(lambda document: edits.change_data(document, values), label, merge)
