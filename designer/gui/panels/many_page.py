"""The inspector's page for several nodes: what they are together, and the settings they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import reduce
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.catalogue import LAYERS, title_of
from designer.catalogue.entry import Setting
from designer.catalogue.learning import Learning
from designer.compiler.project import same
from designer.graph.document import Document
from designer.gui.panels.learning_form import with_learning
from designer.gui.panels.node_facts import table
from designer.gui.panels.node_page import with_setting
from designer.gui.panels.setting_fields import MIXED
from designer.gui.panels.setting_texts import accepted, results
from designer.gui.panels.settings_form import SettingsForm
from designer.gui.panels.texts import count_text, plural
from designer.gui.panels.widgets import MARGIN, heading, text_label
from designer.gui.theme import Theme
from designer.gui.workspace import Workspace

TOGETHER = ("trainable", "l1", "l2")
"""What several layers can be told of learning at once."""


class ManyPage(QWidget):
    """Several selected nodes; a setting that all of them have is set in all of them in one step."""

    def __init__(
        self, workspace: Workspace, nodes: tuple[str, ...], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._theme = theme
        self.nodes = nodes
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(6)
        column.addWidget(heading(f"{plural(len(nodes), 'layer')} selected", self))
        self.totals = QLabel(self)
        self.totals.setWordWrap(True)
        self.totals.setTextFormat(Qt.TextFormat.RichText)
        column.addWidget(self.totals)
        self.form = self._make_form()
        if self.form is not None:
            column.addWidget(text_label("What is set here is set in all of them.", muted=True, parent=self))
            column.addWidget(self.form)
        self.learning = self._make_learning()
        if self.learning is not None:
            column.addWidget(heading("Learning", self))
            column.addWidget(self.learning)
        column.addStretch(1)
        self.refresh()

    def _make_form(self) -> SettingsForm | None:
        settings = _shared(dict.fromkeys(self._workspace.shown.nodes[node].layer for node in self.nodes))
        if not settings:
            return None
        form = SettingsForm(settings, {}, self._theme, self, formulas=True)
        form.edited.connect(self._edit)
        form.settled.connect(self._workspace.settle)
        return form

    def _edit(self, name: str, value: object) -> None:
        nodes, key = self.nodes, ("setting", self._workspace.place, self.nodes, name)
        label = f"Set {name} of {plural(len(nodes), 'layer')}"
        self._workspace.commit(lambda document: with_setting(document, nodes, name, value), label, key)

    def _make_learning(self) -> SettingsForm | None:
        """What can be said of several layers at once: whether they are trained, and how small they are held."""
        if not self._learners():
            return None
        form = SettingsForm({name: Learning.settings[name] for name in TOGETHER}, {}, self._theme, self)
        form.edited.connect(self._edit_learning)
        form.settled.connect(self._workspace.settle)
        return form

    def _learners(self) -> tuple[str, ...]:
        """The nodes that have weights, or were told how to learn."""
        nodes = self._workspace.shown_report.nodes
        return tuple(name for name in self.nodes if nodes[name].parameters or nodes[name].node.learning)

    def _edit_learning(self, name: str, value: object) -> None:
        nodes, key = self._learners(), ("learning", self._workspace.place, self.nodes, name)

        def edit(document: Document) -> Document:
            return reduce(lambda changed, node: with_learning(changed, node, name, value), nodes, document)

        self._workspace.commit(edit, f"Set {name} of {plural(len(nodes), 'layer')}", key)

    def _common_learning(self, name: str) -> object:
        setting = Learning.settings[name]
        nodes = [self._workspace.shown.nodes[node] for node in self._learners()]
        return _agreed(setting, [node.learning.get(name, setting.default) for node in nodes])

    def refresh(self) -> None:
        """Show the nodes as they are now."""
        reports = [self._workspace.shown_report.nodes[node] for node in self.nodes]
        kinds = Counter(report.node.layer for report in reports)
        titles = {name: title_of(name) for name in kinds}
        order = sorted(kinds, key=lambda name: (-kinds[name], titles[name]))
        rows = [(titles[name], count_text(kinds[name])) for name in order]
        rows.append(("parameters", count_text(sum(report.parameters for report in reports))))
        rows.append(("multiply-adds", count_text(sum(report.macs for report in reports))))
        self.totals.setText(table("", rows, self._theme))
        if self.form is not None:
            values = {name: self._common(name) for name in self.form.rows}
            self.form.show_values(values)
            variables = self._workspace.shown_report.variables
            self.form.show_results(results(values, variables), variables)

        if self.learning is not None and self._learners():
            self.learning.show_values({name: self._common_learning(name) for name in TOGETHER})

    def _common(self, name: str) -> object:
        nodes = [self._workspace.shown.nodes[node] for node in self.nodes]
        settings = [LAYERS[node.layer].settings[name] for node in nodes]
        values = (node.settings.get(name, setting.default) for node, setting in zip(nodes, settings, strict=True))
        return _agreed(settings[0], list(values))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        for form in (self.form, self.learning):
            if form is not None:
                form.restyle(theme)
        self.refresh()


def _shared(layers: Iterable[str]) -> dict[str, Setting[Any]]:
    """The settings that all of some layers have and that take the same values, as the first of them has them."""
    kinds = [LAYERS.get(layer) for layer in layers]
    # What an end or a group is set to names other nodes, which is a matter for each alone.
    known = [kind for kind in kinds if kind is not None and kind.role not in ("output", "group")]
    if len(known) < len(kinds):
        return {}
    first, *others = known
    return {
        name: setting
        for name, setting in first.settings.items()
        if all(name in kind.settings and _nature(kind.settings[name]) == _nature(setting) for kind in others)
    }


def _nature(setting: Setting[Any]) -> tuple[object, ...]:
    """What a setting takes, but for its limits: a value beyond one is said at the node that it is too much for."""
    return setting.kind, setting.sizes, setting.choices, setting.words, setting.optional, setting.free, setting.python


def _agreed(setting: Setting[Any], values: list[object]) -> object:
    """The value that all nodes share, or MIXED."""
    first, *others = (accepted(setting, value) for value in values)
    return first if all(same(value, first) for value in others) else MIXED
