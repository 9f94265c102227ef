"""The data panel: which data set is learned from, how it is split, and which field feeds what."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from designer.catalogue import DATASETS
from designer.catalogue.datasets import DataFacts, Dataset, Field
from designer.catalogue.entry import Setting
from designer.catalogue.own_data import OWN_DATA, OwnData, OwnFacts
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.data_rules import has_target, wiring_of
from designer.compiler.checking.facts import WIRING, Wiring, data_key
from designer.compiler.lowering.looking import source_to_look_at, split_to_look_at
from designer.compiler.lowering.recipe import SplitSettings
from designer.compiler.lowering.recipe import split as recipe_split
from designer.compiler.project import same
from designer.graph import edits
from designer.graph.changes import Changes
from designer.gui.data_looks import DataLooks
from designer.gui.panels.augmentation.part import AugmentationPart
from designer.gui.panels.data_fetch import DataFetch
from designer.gui.panels.data_file import DataFilePart
from designer.gui.panels.data_state import DataState
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.examples.view import ExamplesView
from designer.gui.panels.setting_fields import ChoiceField
from designer.gui.panels.settings_form import SettingsForm
from designer.gui.panels.texts import count_text
from designer.gui.panels.widgets import MARGIN, heading, text_label
from designer.gui.runner import Runner
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace
from designer.own_data.look import Look, Seen
from designer.protocol import Source

NO_DATA = "No data"
KINDS: Mapping[str, type[Dataset | OwnData]] = {**DATASETS, **OWN_DATA}


class DataPanel(QScrollArea):
    """Follows the design's data settings; every change is one undo step."""

    def __init__(
        self,
        workspace: Workspace,
        appearance: Appearance,
        looks: DataLooks,
        runner: Runner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._appearance = workspace, appearance
        self.source = CalmCombo(self)
        self.source.setAccessibleName("Data set")
        self.source.addItem(NO_DATA, "")
        for key, kind in KINDS.items():
            self.source.addItem(kind.title, key)
        self.lesson = text_label(muted=True)
        self.facts = text_label()
        self.file = DataFilePart(workspace)
        self.fetch = DataFetch(workspace)
        self.state = DataState(workspace)
        self.examples = ExamplesView(looks, appearance)
        self.augmentation = AugmentationPart(workspace, appearance, runner)
        self.form: SettingsForm | None = None
        self._kind: type[Dataset | OwnData] | None = None
        self.split = SettingsForm(SplitSettings.settings, {}, appearance.theme)
        self.shares = text_label(muted=True)
        self.wires: dict[tuple[str, str], ChoiceField] = {}
        self._chosen = QWidget()
        """All that stands below the data set, where one is chosen."""
        self._form_place, self._read_place, self._wire_form = QVBoxLayout(), QVBoxLayout(), QFormLayout()
        self._lay_out()
        self.source.activated.connect(self._choose_source)
        self.state.rows_wanted.connect(lambda: self.examples.show_part("lacking"))
        self.file.edited.connect(self._change_file)
        self.split.edited.connect(self._change_split)
        self.split.settled.connect(workspace.settle)
        workspace.changed.connect(self._follow)
        appearance.changed.connect(self._restyle)
        self._refresh()

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(8)
        column.addWidget(self.source)
        column.addWidget(self.lesson)
        column.addWidget(self._chosen)
        column.addStretch(1)
        below = QVBoxLayout(self._chosen)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.file)
        below.addLayout(self._form_place)
        below.addWidget(self.fetch)
        below.addWidget(heading("What is in it"))
        below.addWidget(self.facts)
        below.addWidget(self.state)
        below.addWidget(self.examples)
        self._read_heading = heading("How it is read")
        below.addWidget(self._read_heading)
        below.addLayout(self._read_place)
        below.addWidget(heading("Split"))
        below.addWidget(self.split)
        below.addWidget(self.shares)
        below.addWidget(self.augmentation)
        self._wire_heading = heading("What feeds what")
        below.addWidget(self._wire_heading)
        self._wire_form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._wire_form.setContentsMargins(0, 0, 0, 0)
        below.addLayout(self._wire_form)
        self.setWidget(page)

    # What the user does.

    def _choose_source(self) -> None:
        """Another data set: the settings and the wiring of the old one are gone with it."""
        key = self.source.currentData()
        old = self._workspace.document.data
        if key == old.get("source", ""):
            return
        values: dict[str, object] = {name: None for name in old if name != "split"}
        values["source"] = key or None
        self._commit(values, "Choose the data")
        self._workspace.settle()

    def _change_setting(self, name: str, value: object) -> None:
        setting = self._kind.settings[name] if self._kind is not None else None
        if setting is not None:
            kept = None if same(value, setting.default) else value
            self._commit({name: kept}, f"Change {name} of the data", ("data", name))

    def _change_file(self, values: Mapping[str, object], label: str) -> None:
        self._commit(values, label)
        self._workspace.settle()

    def _change_split(self, name: str, value: object) -> None:
        values = {**_mapping(self._workspace.document.data.get("split")), name: value}
        kept = {key: each for key, each in values.items() if not _is_default(SplitSettings.settings, key, each)}
        self._commit({"split": kept or None}, f"Change {name} of the split", ("split", name))

    def _wire(self, part: str, node: str, field: object) -> None:
        """Feed an Input, or compare an Output, with a field; what goes without saying is not written."""
        wires = {key: value for key, value in _mapping(self._workspace.document.data.get(part)).items() if key != node}
        if field:
            wires[node] = field
        self._commit({part: wires or None}, f"Wire {node}")
        self._workspace.settle()

    def _commit(self, values: Mapping[str, object], label: str, merge: object = None) -> None:
        self._workspace.commit_whole(lambda document: edits.change_data(document, values), label, merge)

    # What the design says.

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.data or changes.structure:
            self._refresh()

    def _refresh(self) -> None:
        data, facts = self._workspace.document.data, self._workspace.report.facts
        key = data.get("source", "")
        self._show_source(key)
        kind = KINDS.get(key) if isinstance(key, str) else None
        self.lesson.setText(kind.lesson() if kind is not None else "Choose what the network learns from.")
        self._chosen.setVisible(kind is not None)
        if kind is not None:
            self._show_settings(kind, data)
        self.file.setVisible(key in OWN_DATA and bool(OWN_DATA[key].paths))
        self.file.show_data(data)
        self.fetch.show_data(data)
        self.split.show_values(_mapping(data.get("split")))
        self._show_facts(facts)
        self.state.refresh()
        self._show_examples(data, facts)
        self._show_wiring(facts)
        self.augmentation.show_design()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the panel can be seen; the data is looked at only then."""
        self.examples.set_in_front(in_front)
        self.augmentation.preview.set_in_front(in_front)

    def _show_examples(self, data: Mapping[str, object], facts: DataFacts | None) -> None:
        source = source_to_look_at(data, self._workspace.home)
        if source is not None and source.key in OWN_DATA:
            key = data_key(data, self._workspace.home)
            found = self._workspace.looks.known.get(key) if key is not None else None
            # What is not there, or is being looked at still, is not asked for.
            state = {**source.settings, "stamp": found.stamp} if isinstance(found, Seen) else None
            source = Source(source.key, state) if state is not None else None
        classes = facts.fields[facts.target].classes if facts is not None else ()
        self.examples.show_source(source, split_to_look_at(data), classes)
        self.examples.setVisible(source is not None)

    def _show_source(self, key: object) -> None:
        place = self.source.findData(key or "")
        if place < 0:
            # A file may name a data set that this version does not have.
            self.source.addItem(str(key), key)
            place = self.source.count() - 1
        self.source.setCurrentIndex(place)

    def _show_settings(self, kind: type[Dataset | OwnData], data: Mapping[str, object]) -> None:
        if kind is not self._kind:
            self._kind = kind
            if self.form is not None:
                self.form.hide()
                self.form.deleteLater()
            shown = kind.in_form if issubclass(kind, OwnData) else kind.settings
            columns = {name: [("", "none")] for name in getattr(kind, "of_columns", ())}
            self.form = SettingsForm({name: kind.settings[name] for name in shown}, columns, self._appearance.theme)
            self.form.edited.connect(self._change_setting)
            self.form.settled.connect(self._workspace.settle)
            # What is made up follows from its settings; of what is read, one wants to see first what is there.
            own = issubclass(kind, OwnData)
            (self._read_place if own else self._form_place).addWidget(self.form)
            self._read_heading.setVisible(own and bool(shown))
        if self.form is not None:
            self._offer_columns(kind, data)
            self.form.show_values({name: value for name, value in data.items() if name not in WIRING})

    def _offer_columns(self, kind: type[Dataset | OwnData], data: Mapping[str, object]) -> None:
        """The columns of the file, for the settings that name one; those chosen too while the file is not known."""
        names = kind.of_columns if issubclass(kind, OwnData) else ()
        key = data_key(data, self._workspace.home) if names else None
        found = self._workspace.looks.known.get(key) if key is not None else None
        columns = [column.name for column in found.columns] if isinstance(found, Look) else []
        if self.form is not None:
            for name in names:
                chosen = [str(data[name])] if data.get(name) and data[name] not in columns else []
                self.form.offer({name: [("", "none"), *((each, each) for each in (*columns, *chosen))]})

    def _show_facts(self, facts: DataFacts | None) -> None:
        if facts is None:
            reasons = [problem for problem in self._workspace.report.problems if problem.code == "data"]
            file = bool(reasons) and self._workspace.document.data.get("source") in OWN_DATA
            self.facts.setText(reasons[0].sentence if file else "The settings above must be mended first.")
            self.shares.setText("")
            return
        lines = [f"{count_text(facts.examples)} examples{', the nodes of one graph' if facts.whole else ''}"]
        for name, field in facts.fields.items():
            role = "target" if name == facts.target else "feature" if name in facts.features else "field"
            lines.append(f"{name}: {_field_text(field)} ({role})")
        if isinstance(facts, OwnFacts):
            lines.extend(facts.content.notes)
        self.facts.setText("\n".join(lines))
        self.shares.setText(self._shares_text(facts))

    def _shares_text(self, facts: DataFacts) -> str:
        try:
            split = recipe_split(self._workspace.document.data)
        except Misfit as misfit:
            return misfit.message
        train, validation, test = facts.shares(split.validation, split.test)
        return (
            f"About {count_text(train)} to learn from, "
            f"{count_text(validation)} to validate, {count_text(test)} to test."
        )

    def _show_wiring(self, facts: DataFacts | None) -> None:
        """A choice for each Input and Output, where the data leaves one."""
        report = self._workspace.report
        wanted: dict[tuple[str, str], list[tuple[object, str]]] = {}
        current: Wiring | None = None
        if facts is not None:
            current = wiring_of(report, facts)
            names = [(name, f"{name} ({_field_text(field)})") for name, field in facts.fields.items()]
            if len(facts.features) > 1 or len(current.inputs) > 1:
                wanted.update({("inputs", node): list(names) for node in current.inputs})
            wanted.update({("targets", node): list(names) for node in current.targets if has_target(report, node)})
        if list(wanted) != list(self.wires):
            self._make_wires(list(wanted))
        for (part, node), field in self.wires.items():
            field.set_choices(wanted[part, node])
            field.show_value(getattr(current, part)[node])
        self._wire_heading.setVisible(bool(self.wires))

    def _make_wires(self, keys: list[tuple[str, str]]) -> None:
        while self._wire_form.rowCount():
            self._wire_form.removeRow(0)
        self.wires = {}
        for part, node in keys:
            doc = f"What {node} reads." if part == "inputs" else f"What {node} is compared with."
            setting: Setting[str] = Setting("", doc)
            setting.name = node
            field = ChoiceField(setting, [])
            field.edited.connect(lambda value, part=part, node=node: self._wire(part, node, value))
            self._wire_form.addRow(f"{node} reads" if part == "inputs" else f"{node} should give", field)
            self.wires[part, node] = field

    def _restyle(self, theme: Theme) -> None:
        self.augmentation.restyle(theme)
        self.split.restyle(theme)
        if self.form is not None:
            self.form.restyle(theme)


def _mapping(value: object) -> Mapping[str, object]:
    """A part of the data as a file may hold it; anything but a mapping counts as empty."""
    return value if isinstance(value, Mapping) else {}


def _is_default(settings: Mapping[str, Setting[object]], name: str, value: object) -> bool:
    return name in settings and same(value, settings[name].default)


def _field_text(field: Field) -> str:
    """A field in brief: "1 x 8 x 8 float32", or its classes."""
    if not field.classes:
        return f"{' x '.join(map(str, field.spec.shape)) or 'one number'}, {field.spec.dtype}"
    names = ", ".join(name if name.strip() else repr(name) for name in field.classes[:4])
    return f"{len(field.classes)} classes: {names}{', …' if len(field.classes) > 4 else ''}"
