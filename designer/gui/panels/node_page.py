"""The inspector's page for one node: its name, its settings, what is wrong with it, and what the check knows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer.catalogue import LAYERS, with_role
from designer.catalogue.layer import Layer
from designer.compiler.checking.report import NodeReport
from designer.compiler.project import same
from designer.graph import edits
from designer.graph.document import Document, Node
from designer.graph.looks import set_note
from designer.graph.names import plain_id
from designer.gui.offers import offer_of
from designer.gui.panels.code_field import CodeField
from designer.gui.panels.group_variables import GroupVariable, group_variables, network_of
from designer.gui.panels.icons import SIDE, swatch
from designer.gui.panels.id_field import IdField
from designer.gui.panels.learning_form import LearningForm, with_learning
from designer.gui.panels.node_facts import facts_html, group_text, table
from designer.gui.panels.node_note import NodeNote
from designer.gui.panels.problem_row import ProblemRow
from designer.gui.panels.setting_fields import Choices
from designer.gui.panels.setting_texts import results
from designer.gui.panels.settings_form import SettingsForm
from designer.gui.panels.texts import breakable
from designer.gui.panels.widgets import MARGIN, WrapButton, heading, text_label
from designer.gui.theme import Theme
from designer.gui.workspace import Workspace
from designer.problems import Problem


def with_setting(document: Document, nodes: tuple[str, ...], name: str, value: object) -> Document:
    """The design with one setting of some nodes at a value; the default is not held.

    None puts a group's variable back to what it is inside.
    """
    for node in nodes:
        kind = LAYERS.get(document.nodes[node].layer)
        setting = kind.settings.get(name) if kind is not None else None
        is_default = value is None if setting is None else same(value, setting.default)
        if is_default:
            document = edits.change_settings(document, node, unset=(name,))
        else:
            document = edits.change_settings(document, node, {name: value})
    return document


class NodePage(QWidget):
    """All about one node. It stays while the node does, and is refreshed in place."""

    rename_wanted = Signal(str)
    """The id that the node is to have; it can be had."""

    def __init__(self, workspace: Workspace, node: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._theme = theme
        self.node = node
        self.kind: type[Layer] | None = LAYERS.get(self._node.layer)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._column.setSpacing(6)
        self._add_header()
        self.form = self._add_form()
        self._add_group()
        self._add_consent()
        self.learning = self._add_learning()
        self.problems: list[ProblemRow] = []
        self._problem_column = QVBoxLayout()
        self._problem_column.setSpacing(0)
        self._column.addLayout(self._problem_column)
        self.facts = QLabel(self)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(self.facts)
        self._column.addStretch(1)
        self.refresh()

    @property
    def _node(self) -> Node:
        return self._workspace.shown.nodes[self.node]

    @property
    def _is_group(self) -> bool:
        return self.kind is not None and self.kind.role == "group"

    def _add_header(self) -> None:
        offer = offer_of(self._node)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._swatch = QLabel(self)
        title = heading(offer.title if offer is not None else f"{self._node.layer or 'Unknown layer'}", self)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        title.setFont(font)
        title.setWordWrap(True)
        row.addWidget(self._swatch)
        row.addWidget(title, 1)
        self._column.addLayout(row)
        lesson = offer.lesson if offer is not None else "This version of Netwright does not know this layer."
        self._column.addWidget(text_label(lesson, muted=True, parent=self))
        self.id_field = IdField(self._workspace, self)
        self.id_field.renamed.connect(self.rename_wanted)
        self.id_note = text_label(parent=self)
        self.id_note.setForegroundRole(QPalette.ColorRole.BrightText)
        self.id_note.hide()
        self.id_field.refused.connect(self._refuse_id)
        line = QHBoxLayout()
        label = QLabel("id", self)
        label.setBuddy(self.id_field)
        line.addWidget(label)
        line.addWidget(self.id_field, 1)
        self._column.addLayout(line)
        self._column.addWidget(self.id_note)
        self.note = NodeNote(self)
        self.note.edited.connect(self._edit_note)
        self.note.left.connect(self._workspace.settle)
        self._column.addWidget(self.note)
        self.bypassed = text_label("Bypassed: it hands on what reaches it, and takes no part.", parent=self)
        self.on_button = WrapButton("Switch on", parent=self)
        self.on_button.clicked.connect(self._switch_on)
        self._column.addWidget(self.bypassed)
        self._column.addWidget(self.on_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _edit_note(self, text: str) -> None:
        node, key = self.node, ("note", self._workspace.place, self.node)
        self._workspace.commit(lambda document: set_note(document, node, text), f"Note at {node}", key)

    def _switch_on(self) -> None:
        nodes = (self.node,)
        label = f"Switch on {self.node}"
        self._workspace.commit(lambda document: edits.set_bypassed(document, nodes, False), label)

    def _refuse_id(self, sentence: str) -> None:
        self.id_note.setText(breakable(sentence))
        self.id_note.setVisible(bool(sentence))

    def _add_form(self) -> SettingsForm | None:
        settings = dict(self.kind.settings) if self.kind is not None else {}
        if self._is_group:
            settings |= group_variables(network_of(self._workspace.document, self._node))
        if self._is_group and self._node.inside is not None:
            # A group with a network of its own shows no block of the file.
            settings.pop("block", None)
        if not settings:
            return None
        form = SettingsForm(settings, self._choices(), self._theme, self, formulas=True)
        form.edited.connect(self._edit)
        form.settled.connect(self._workspace.settle)
        form.fix_chosen.connect(self._workspace.fix)
        self._column.addWidget(form)
        return form

    def _choices(self) -> Mapping[str, Choices]:
        """The values that only the design knows: the Inputs to compare with, the blocks of the file."""
        if self.kind is not None and self.kind.role == "output":
            nodes = self._workspace.shown.nodes.values()
            inputs = [node.id for node in nodes if node.layer == with_role("input")]
            return {"target": [("", "the data's target"), *((name, name) for name in inputs)]}
        if self._is_group:
            return {"block": [("", "none"), *((name, name) for name in self._workspace.document.blocks)]}
        return {}

    def _edit(self, name: str, value: object) -> None:
        self._trust_own_typing(name, value)
        nodes, key = (self.node,), ("setting", self._workspace.place, self.node, name)
        if self.form is not None and isinstance(setting := self.form.rows[name].setting, GroupVariable):
            value = None if same(value, setting.default) else value
        self._workspace.commit(lambda document: with_setting(document, nodes, name, value), f"Set {name}", key)

    def _add_consent(self) -> None:
        """Below code that is not the user's own: it waits to be allowed."""
        self.consent = text_label(
            "This code came with the design. Read it; it is not run until you allow it.", parent=self
        )
        self.allow_button = WrapButton("Allow this code", prominent=True, parent=self)
        self.allow_button.clicked.connect(self._allow)
        self._column.addWidget(self.consent)
        self._column.addWidget(self.allow_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _code(self) -> str:
        code = self._node.settings.get("code", "")
        return code if self.kind is not None and self.kind.role == "custom" and isinstance(code, str) else ""

    def _allow(self) -> None:
        self._workspace.consent.allow((self._code(),))
        self._workspace.consent.keep((self._code(),))
        self.refresh()

    def _trust_own_typing(self, name: str, value: object) -> None:
        """What the user types may run, unless he only changed what he had not allowed, or loaded it."""
        field = self.form.rows[name].field if self.form is not None else None
        if isinstance(field, CodeField) and not field.is_loaded and isinstance(value, str):
            before = self._code()
            if not before.strip() or self._workspace.consent.allows(before):
                self._workspace.consent.allow((value,))

    def _add_learning(self) -> LearningForm:
        form = LearningForm(self._theme, self)
        form.edited.connect(self._edit_learning)
        form.settled.connect(self._workspace.settle)
        form.fix_chosen.connect(self._workspace.fix)
        form.fold.clicked.connect(self.refresh)
        self._column.addWidget(form)
        return form

    def _edit_learning(self, name: str, value: object) -> None:
        node, key = self.node, ("learning", self._workspace.place, self.node, name)
        self._workspace.commit(lambda document: with_learning(document, node, name, value), f"Set {name}", key)

    def _add_group(self) -> None:
        self.inside = text_label(parent=self)
        self.inside.setVisible(self._is_group)
        self.open_button = WrapButton("Open", parent=self)
        self.open_button.setVisible(self._is_group)
        self.open_button.clicked.connect(self._open)
        self._column.addWidget(self.inside)
        self._column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _open(self) -> None:
        self._workspace.enter((*self._workspace.place, self.node))

    def refresh(self) -> None:
        """Show the node as it is now; fields that are being typed in keep their text."""
        report = self._workspace.shown_report.nodes[self.node]
        self.id_field.show_id(self.node)
        self.note.show_note(self._node.note)
        self.bypassed.setVisible(self._node.bypassed)
        self.on_button.setVisible(self._node.bypassed)
        found = self._problems_here()
        at_fields: dict[str, Problem] = {}
        if self.form is not None:
            for problem in found:
                if problem.setting in self.form.rows and self._is_own(problem):
                    at_fields.setdefault(problem.setting, problem)
            self.form.offer(self._choices())
            self.form.show_values(self._node.settings)
            variables = self._workspace.shown_report.variables
            self.form.show_results(results(self._node.settings, variables), variables)
            self.form.show_problems(at_fields)
        foreign = bool(self._code().strip()) and not self._workspace.consent.allows(self._code())
        self.consent.setVisible(foreign)
        self.allow_button.setVisible(foreign)
        shown = [*at_fields.values(), *self._show_learning(found)]
        self._show_problems([problem for problem in found if problem not in shown])
        self._show_facts(report)

    def _show_learning(self, found: list[Problem]) -> list[Problem]:
        """Show how the node learns; gives the problems that are said there."""
        self.learning.show_node(self._workspace.shown_report, self.node, self._workspace.home)
        return self.learning.show_problems([problem for problem in found if self._is_own(problem)])

    @property
    def _full_id(self) -> str:
        return ".".join((*self._workspace.place, self.node))

    def _problems_here(self) -> list[Problem]:
        """The problems of this node, and those inside it."""
        full = self._full_id
        names = [(plain_id(problem.node or ""), problem) for problem in self._workspace.report.problems]
        return [problem for name, problem in names if name == full or name.startswith(f"{full}.")]

    def _is_own(self, problem: Problem) -> bool:
        return plain_id(problem.node or "") == self._full_id

    def _show_problems(self, problems: list[Problem]) -> None:
        while len(self.problems) < len(problems):
            row = ProblemRow(self._theme, with_place=self._is_group, margin=0, parent=self)
            row.opened.connect(lambda problem: self._workspace.show_node(problem.node))
            row.fix_chosen.connect(self._workspace.fix)
            self._problem_column.addWidget(row)
            self.problems.append(row)
        for row, problem in zip(self.problems, problems, strict=False):
            row.show_problem(problem)
        for place, row in enumerate(self.problems):
            row.setVisible(place < len(problems))

    def _show_facts(self, report: NodeReport) -> None:
        if self._is_group:
            self.inside.setText(group_text(report))
        unknown = self._node.settings if self.kind is None else {}
        kept = [(name, str(value)) for name, value in unknown.items()]
        self.facts.setText(
            (table("Kept as in the file", kept, self._theme) if kept else "") + facts_html(report, self._theme)
        )
        if self.kind is not None:
            self._swatch.setPixmap(swatch(self._theme.category(self.kind.category)).pixmap(SIDE, SIDE))

    def restyle(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        if self.form is not None:
            self.form.restyle(theme)
        self.learning.restyle(theme)
        for row in self.problems:
            row.restyle(theme)
        self.refresh()
