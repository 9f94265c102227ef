"""The training panel: how the network is trained, the buttons that steer a run, and how the run does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFormLayout, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from designer import protocol
from designer.catalogue import LAYERS, LOSSES, OPTIMIZERS, SCHEDULES, with_role
from designer.catalogue.entry import Entry, Setting
from designer.catalogue.losses import SETTINGS
from designer.catalogue.training import SECTIONS, TrainingSettings
from designer.compiler.lowering.choices import DEFAULT_OPTIMIZER
from designer.compiler.project import own_settings, same
from designer.graph import edits
from designer.graph.changes import Changes
from designer.gui.icons import icon
from designer.gui.panels.advice import Advice
from designer.gui.panels.recipe.kind_form import KindForm, differing
from designer.gui.panels.recipe.rate_curve import RateCurve
from designer.gui.panels.recipe.rate_finder import RateFinder
from designer.gui.panels.recipe.section import Section
from designer.gui.panels.run_status import RunStatus
from designer.gui.panels.setting_fields import ChoiceField, Choices, SettingField
from designer.gui.panels.settings_form import SettingRow, SettingsForm, field_for
from designer.gui.panels.widgets import MARGIN, text_label
from designer.gui.runs import Runs
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

RATE = "Learning rate"
OPEN = ("How it is trained", "Loss", "Optimizer")
"""The sections that stand open at first; the others are for those who look for them."""


class TrainingPanel(QScrollArea):
    """Follows the design's training settings and the runs; every change is one undo step."""

    def __init__(self, workspace: Workspace, appearance: Appearance, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._appearance, self._runs = workspace, appearance, runs
        theme = appearance.theme
        self.status = RunStatus(workspace, appearance, runs)
        self.advice = Advice(workspace, appearance, runs)
        parts = {**SECTIONS, RATE: ("warmup",)}
        self.forms = {title: self._form(names, theme) for title, names in parts.items()}
        self.note = text_label(muted=True)
        self.optimizer = KindForm(
            _choice("optimizer", DEFAULT_OPTIMIZER, "The rule by which training changes the weights."), OPTIMIZERS,
            [(name, rule.title) for name, rule in OPTIMIZERS.items()], theme,
        )  # fmt: skip
        self.schedule = KindForm(
            _choice("schedule", "", "How the learning rate goes over the run."), SCHEDULES,
            [("", "stays as it is"), *((name, kind.title) for name, kind in SCHEDULES.items())], theme,
        )  # fmt: skip
        self.curve = RateCurve(theme)
        self.finder = RateFinder(runs, theme)
        self.losses: dict[str, KindForm] = {}
        self.weights: dict[str, SettingField] = {}
        """How much each loss counts, where there are several Outputs."""
        self._loss_place = QWidget()
        self._loss_form = QFormLayout(self._loss_place)
        self.folder = QPushButton("Open the run's folder")
        self.sections: dict[str, Section] = {}
        self._lay_out()
        self._connect()
        self._restyle(theme)
        self._refresh()
        self._follow_runs()

    @property
    def rows(self) -> dict[str, SettingRow]:
        """The settings of the training itself, wherever they stand."""
        return {name: row for form in self.forms.values() for name, row in form.rows.items()}

    def _form(self, names: tuple[str, ...], theme: Theme) -> SettingsForm:
        settings = {name: TrainingSettings.settings[name] for name in names}
        form = SettingsForm(settings, {"device": self._devices()}, theme)
        form.edited.connect(self._change)
        form.settled.connect(self._workspace.settle)
        return form

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(6)
        column.addWidget(self.status)
        column.addWidget(self.advice)
        self._loss_form.setContentsMargins(0, 0, 0, 0)
        self._loss_form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        first, *others = SECTIONS
        inside: dict[str, tuple[QWidget, ...]] = {
            first: (self.forms[first], self.note),
            "Loss": (self._loss_place,),
            "Optimizer": (self.optimizer,),
            RATE: (self.finder, self.schedule, self.forms[RATE], self.curve),
            **{title: (self.forms[title],) for title in others},
        }
        for title, parts in inside.items():
            self.sections[title] = Section(title, *parts, opened=title in OPEN)
            column.addWidget(self.sections[title])
        column.addWidget(self.folder)
        column.addStretch(1)
        self.note.hide()
        self.folder.setToolTip("Show the weights and figures of the last run in the file manager")
        self.setWidget(page)

    def _connect(self) -> None:
        for part, form, kinds in (("optimizer", self.optimizer, OPTIMIZERS), ("schedule", self.schedule, SCHEDULES)):
            form.chosen.connect(lambda kind, part=part: self._choose(part, kind))
            form.edited.connect(lambda name, value, part=part, kinds=kinds: self._change_part(part, kinds, name, value))
            form.settled.connect(self._workspace.settle)
        self.finder.taken.connect(self._take_rate)
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

    def _choose(self, part: str, kind: object) -> None:
        article = "an" if part[0] in "aeiou" else "a"
        self._commit({part: {"kind": kind} if kind else None}, f"Choose {article} {part}")
        self._workspace.settle()

    def _change_part(self, part: str, kinds: Mapping[str, type[Entry]], name: str, value: object) -> None:
        kind = str(self._chosen(part).get("kind", DEFAULT_OPTIMIZER))
        settings = kinds[kind].settings
        chosen = {**self._chosen(part), "kind": kind, name: value}
        kept = {
            key: each for key, each in chosen.items() if key not in settings or not same(each, settings[key].default)
        }
        self._commit({part: kept}, f"Change {name}", (part, name))

    def _take_rate(self, rate: float) -> None:
        """The rate that was found becomes the optimizer's own."""
        self._change_part("optimizer", OPTIMIZERS, "lr", rate)
        self._workspace.settle()

    def _choose_loss(self, node: str, loss: object) -> None:
        values = own_settings(self._workspace.document.nodes[node].layer, {"loss": loss})
        unset = (SETTINGS,) if values else (SETTINGS, "loss")
        self._workspace.commit_whole(
            lambda document: edits.change_settings(document, node, values, unset), f"Set the loss of {node}"
        )
        self._workspace.settle()

    def _change_loss(self, node: str, name: str, value: object) -> None:
        """Give the loss of an Output another setting; what is not its own stays as the file has it."""
        known = LOSSES[self.losses[node].kind].settings
        chosen = {**_table(self._workspace.document.nodes[node].settings.get(SETTINGS)), name: value}
        kept = {key: each for key, each in chosen.items() if key not in known or not same(each, known[key].default)}
        self._change_output(node, SETTINGS, kept)

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
        if changes.training or changes.structure or changes.data:
            self._refresh()

    def _follow_event(self, event: protocol.AnyEvent) -> None:
        if isinstance(event, protocol.Ready):
            field = self.rows["device"].field
            if isinstance(field, ChoiceField):
                field.set_choices(self._devices())
            self.note.setText(event.note)
            self.note.setVisible(bool(event.note))

    def _follow_runs(self) -> None:
        self.folder.setVisible(self._runs.current is not None)

    def _refresh(self) -> None:
        training = self._workspace.document.training
        values = {name: value for name, value in training.items() if name in TrainingSettings.settings}
        for title, form in self.forms.items():
            form.show_values(values)
            self.sections[title].tell(differing(TrainingSettings.settings, form.rows, values))
        for part, shown, usual in (("optimizer", self.optimizer, DEFAULT_OPTIMIZER), ("schedule", self.schedule, "")):
            chosen = self._chosen(part)
            own = {name: value for name, value in chosen.items() if name != "kind"}
            shown.show_choice(str(chosen.get("kind") or usual), own)
            self.sections["Optimizer" if part == "optimizer" else RATE].tell(shown.field.text)
        self.curve.show_design(self._workspace.report)
        self._show_losses()

    def _chosen(self, part: str) -> Mapping[str, Any]:
        chosen = self._workspace.document.training.get(part)
        return chosen if isinstance(chosen, Mapping) else {}

    def _show_losses(self) -> None:
        """A choice for each Output of the design; the Output itself holds it."""
        kind = with_role("output")
        outputs = {name: node for name, node in self._workspace.document.nodes.items() if node.layer == kind}
        if list(outputs) != list(self.losses):
            self._make_losses(list(outputs))
        for name, form in self.losses.items():
            own = outputs[name].settings
            form.show_choice(str(own.get("loss", "")), _table(own.get(SETTINGS)))
        for name, weight in self.weights.items():
            weight.show_value(outputs[name].settings.get("weight", LAYERS[kind].settings["weight"].default))
        self.sections["Loss"].setVisible(bool(self.losses))
        self.sections["Loss"].tell(", ".join(form.field.text for form in self.losses.values()))

    def _make_losses(self, outputs: list[str]) -> None:
        while self._loss_form.rowCount():
            self._loss_form.removeRow(0)
        self.losses, self.weights = {}, {}
        settings = LAYERS[with_role("output")].settings
        choices = [("", "none"), *((name, loss.title) for name, loss in LOSSES.items())]
        for name in outputs:
            form = KindForm(settings["loss"], LOSSES, choices, self._appearance.theme)
            form.chosen.connect(lambda value, name=name: self._choose_loss(name, value))
            form.edited.connect(lambda key, value, name=name: self._change_loss(name, key, value))
            form.settled.connect(self._workspace.settle)
            self._loss_form.addRow(text_label(f"loss of {name}", muted=True))
            self._loss_form.addRow(form)
            self.losses[name] = form
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
        self.folder.setIcon(icon("folder", theme))
        for form in self.forms.values():
            form.restyle(theme)
        for choice in (self.optimizer, self.schedule, *self.losses.values()):
            choice.restyle(theme)
        self.curve.restyle(theme)
        self.finder.restyle(theme)


def _table(value: object) -> Mapping[str, object]:
    """Settings by name as a file has them; none where it has something else."""
    return value if isinstance(value, Mapping) else {}


def _choice(name: str, default: str, doc: str) -> Setting[str]:
    """A setting that is no entry's own, for the field of a choice."""
    setting = Setting(default, doc)
    setting.name = name
    return setting


def _device_text(device: protocol.Device) -> str:
    if device.memory is None:
        return device.name
    return f"{device.name} ({device.key}, {device.memory / 2**30:.0f} GB)"
