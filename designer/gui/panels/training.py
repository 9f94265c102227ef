"""The training panel: how the network is trained, the buttons that steer a run, and how the run does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFormLayout, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from designer import protocol
from designer.catalogue import LAYERS, LOSSES, OPTIMIZERS, with_role
from designer.catalogue.entry import Setting
from designer.catalogue.training import TrainingSettings
from designer.compiler.lowering.choices import DEFAULT_OPTIMIZER
from designer.compiler.project import own_settings, same
from designer.graph import edits
from designer.graph.changes import Changes
from designer.gui.icons import icon
from designer.gui.panels.run_status import RunStatus
from designer.gui.panels.setting_fields import ChoiceField, Choices, SettingField
from designer.gui.panels.settings_form import SettingsForm, field_for
from designer.gui.panels.widgets import MARGIN, heading, text_label
from designer.gui.runs import Runs
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace


class TrainingPanel(QScrollArea):
    """Follows the design's training settings and the runs; every change is one undo step."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._appearance, self._runs = workspace, appearance, runs
        self.status = RunStatus(workspace, appearance, runs)
        self.form = SettingsForm(TrainingSettings.settings, {"device": self._devices()}, appearance.theme)
        self.note = text_label(muted=True)
        kind: Setting[str] = Setting(DEFAULT_OPTIMIZER, "The rule by which training changes the weights.")
        kind.name = "optimizer"
        self.optimizer = ChoiceField(kind, [(name, rule.title) for name, rule in OPTIMIZERS.items()])
        self.lesson = text_label(muted=True)
        self.rule_form: SettingsForm | None = None
        self._rule = ""
        self.losses: dict[str, ChoiceField] = {}
        self.weights: dict[str, SettingField] = {}
        """How much each loss counts, where there are several Outputs."""
        self._rule_place, self._loss_form = QVBoxLayout(), QFormLayout()
        self.folder = QPushButton("Open the run's folder")
        self._lay_out()
        self._connect()
        self._restyle(appearance.theme)
        self._refresh()
        self._follow_runs()

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(8)
        column.addWidget(self.status)
        column.addWidget(heading("How it is trained"))
        column.addWidget(self.form)
        column.addWidget(self.note)
        self._loss_heading = heading("Loss")
        column.addWidget(self._loss_heading)
        self._loss_form.setContentsMargins(0, 0, 0, 0)
        self._loss_form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(self._loss_form)
        column.addWidget(heading("Optimizer"))
        column.addWidget(self.optimizer)
        column.addWidget(self.lesson)
        column.addLayout(self._rule_place)
        column.addWidget(self.folder)
        column.addStretch(1)
        self.note.hide()
        self.folder.setToolTip("Show the weights and figures of the last run in the file manager")
        self.setWidget(page)

    def _connect(self) -> None:
        self.form.edited.connect(self._change)
        self.form.settled.connect(self._workspace.settle)
        self.optimizer.edited.connect(self._choose_rule)
        self.folder.clicked.connect(self._open_folder)
        self._workspace.changed.connect(self._follow)
        self._runs.changed.connect(self._follow_runs)
        self._runs.runner.told.connect(self._follow_event)
        self._appearance.changed.connect(self._restyle)

    def _devices(self) -> Choices:
        """ "auto", and what the worker found on this machine."""
        ready = self._runs.runner.ready
        found = ready.devices if ready is not None else (protocol.Device("cpu", "CPU"),)
        return [("auto", "automatic"), *((device.key, _device_text(device)) for device in found)]

    # What the user does.

    def _change(self, name: str, value: object) -> None:
        kept = None if same(value, TrainingSettings.settings[name].default) else value
        self._commit({name: kept}, f"Change {name}", ("training", name))

    def _choose_rule(self, kind: object) -> None:
        self._commit({"optimizer": {"kind": kind}}, "Choose the optimizer")
        self._workspace.settle()

    def _change_rule(self, name: str, value: object) -> None:
        settings = OPTIMIZERS[self._rule].settings
        chosen = {**self._chosen_rule(), "kind": self._rule, name: value}
        kept = {
            key: each for key, each in chosen.items() if key not in settings or not same(each, settings[key].default)
        }
        self._commit({"optimizer": kept}, f"Change {name}", ("optimizer", name))

    def _choose_loss(self, node: str, loss: object) -> None:
        self._change_output(node, "loss", loss)
        self._workspace.settle()

    def _change_output(self, node: str, name: str, value: object) -> None:
        """Give a setting of an Output another value; the same one again is part of the same step."""
        values = own_settings(self._workspace.document.nodes[node].layer, {name: value})
        unset = () if values else (name,)
        self._workspace.commit_whole(
            lambda document: edits.change_settings(document, node, values, unset),
            f"Set the {name} of {node}", ("output", node, name),
        )  # fmt: skip

    def _commit(self, values: Mapping[str, object], label: str, merge: object = None) -> None:
        self._workspace.commit_whole(lambda document: edits.change_training(document, values), label, merge)

    def _open_folder(self) -> None:
        if self._runs.current is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._runs.current.folder)))

    # What the design and the worker say.

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.training or changes.structure:
            self._refresh()

    def _follow_event(self, event: protocol.AnyEvent) -> None:
        if isinstance(event, protocol.Ready):
            field = self.form.rows["device"].field
            if isinstance(field, ChoiceField):
                field.set_choices(self._devices())
            self.note.setText(event.note)
            self.note.setVisible(bool(event.note))

    def _follow_runs(self) -> None:
        self.folder.setVisible(self._runs.current is not None)

    def _refresh(self) -> None:
        training = self._workspace.document.training
        self.form.show_values({name: value for name, value in training.items() if name in TrainingSettings.settings})
        chosen = self._chosen_rule()
        self.optimizer.show_value(chosen.get("kind", DEFAULT_OPTIMIZER))
        self._show_rule(str(chosen.get("kind", DEFAULT_OPTIMIZER)))
        if self.rule_form is not None:
            self.rule_form.show_values({name: value for name, value in chosen.items() if name != "kind"})
        self._show_losses()

    def _chosen_rule(self) -> Mapping[str, Any]:
        chosen = self._workspace.document.training.get("optimizer")
        return chosen if isinstance(chosen, Mapping) else {}

    def _show_rule(self, name: str) -> None:
        if name == self._rule:
            return
        self._rule = name
        if self.rule_form is not None:
            self._rule_place.removeWidget(self.rule_form)
            self.rule_form.hide()
            self.rule_form.deleteLater()
            self.rule_form = None
        rule = OPTIMIZERS.get(name)
        self.lesson.setText(rule.lesson() if rule is not None else "")
        if rule is not None:
            self.rule_form = SettingsForm(rule.settings, {}, self._appearance.theme)
            self.rule_form.edited.connect(self._change_rule)
            self.rule_form.settled.connect(self._workspace.settle)
            self._rule_place.addWidget(self.rule_form)

    def _show_losses(self) -> None:
        """A choice for each Output of the design; the Output itself holds it."""
        kind = with_role("output")
        outputs = {name: node for name, node in self._workspace.document.nodes.items() if node.layer == kind}
        if list(outputs) != list(self.losses):
            self._make_losses(list(outputs))
        for name, field in self.losses.items():
            field.show_value(outputs[name].settings.get("loss", ""))
        for name, weight in self.weights.items():
            weight.show_value(outputs[name].settings.get("weight", LAYERS[kind].settings["weight"].default))
        self._loss_heading.setVisible(bool(self.losses))

    def _make_losses(self, outputs: list[str]) -> None:
        while self._loss_form.rowCount():
            self._loss_form.removeRow(0)
        self.losses, self.weights = {}, {}
        settings = LAYERS[with_role("output")].settings
        choices = [("", "none"), *((name, loss.title) for name, loss in LOSSES.items())]
        for name in outputs:
            field = ChoiceField(settings["loss"], choices)
            field.edited.connect(lambda value, name=name: self._choose_loss(name, value))
            self._loss_form.addRow(f"loss of {name}", field)
            self.losses[name] = field
            if len(outputs) > 1:
                self.weights[name] = self._make_weight(name)
                self._loss_form.addRow("its weight", self.weights[name])

    def _make_weight(self, output: str) -> SettingField:
        field = field_for(LAYERS[with_role("output")].settings["weight"])
        field.edited.connect(lambda value: self._change_output(output, "weight", value))
        field.settled.connect(self._workspace.settle)
        field.refused.connect(lambda why: field.mark(self._appearance.theme.error if why else None))
        return field

    def _restyle(self, theme: Theme) -> None:
        self.form.restyle(theme)
        self.folder.setIcon(icon("folder", theme))
        if self.rule_form is not None:
            self.rule_form.restyle(theme)


def _device_text(device: protocol.Device) -> str:
    if device.memory is None:
        return device.name
    return f"{device.name} ({device.key}, {device.memory / 2**30:.0f} GB)"
