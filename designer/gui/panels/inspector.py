"""The inspector: a page for whatever is selected. It keeps no state of the design, and shows what the check found."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from designer.graph import edits
from designer.graph.changes import Changes
from designer.graph.document import Node
from designer.gui.panels.design_page import DesignPage
from designer.gui.panels.group_variables import network_of
from designer.gui.panels.many_page import ManyPage
from designer.gui.panels.node_page import NodePage
from designer.gui.theme import Appearance, Theme
from designer.gui.workspace import Workspace

Page = DesignPage | ManyPage | NodePage
Subject = tuple[tuple[object, ...], ...]
"""What a page is about: the place, and each selected node with what decides its form; empty for the design."""


class InspectorPanel(QWidget):
    """Shows the selected node, several nodes, or the design. A page is made anew only when it is about other nodes."""

    def __init__(self, workspace: Workspace, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._appearance = appearance
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area)
        self._subject = self._selected()
        self.page: Page = self._make_page()
        self._area.setWidget(self.page)
        workspace.changed.connect(self._follow)
        workspace.selection_changed.connect(self._update)
        appearance.changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """A dock of ordinary width."""
        return QSize(300, 520)

    def focus_settings(self) -> bool:
        """Put the cursor into the first setting; False where there is none."""
        form = None if isinstance(self.page, DesignPage) else self.page.form
        row = next(iter(form.rows.values()), None) if form is not None else None
        if row is None:
            return False
        self._area.ensureWidgetVisible(row.field)
        row.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _selected(self) -> Subject:
        nodes = self._workspace.shown.nodes
        chosen = sorted(name for name in self._workspace.selection if name in nodes)
        about = ((name, nodes[name].layer, nodes[name].inside is None, self._variables(nodes[name])) for name in chosen)
        return (self._workspace.place, *about) if chosen else ()

    def _variables(self, node: Node) -> tuple[tuple[str, str], ...]:
        """The variables inside a group, which are settings of its page."""
        return tuple(
            (name, repr(value)) for name, value in network_of(self._workspace.document, node).variables.items()
        )

    def _make_page(self) -> Page:
        theme = self._appearance.theme
        nodes = tuple(sorted(name for name in self._workspace.selection if name in self._workspace.shown.nodes))
        if not nodes:
            return DesignPage(self._workspace, theme)
        if len(nodes) > 1:
            return ManyPage(self._workspace, nodes, theme)
        page = NodePage(self._workspace, nodes[0], theme)
        page.rename_wanted.connect(self._rename)
        return page

    def _follow(self, changes: Changes, _report: object) -> None:
        if changes.structure or changes.dressed or changes.data or changes.training or changes.text:
            self._update()

    def _update(self) -> None:
        subject = self._selected()
        if subject == self._subject:
            self.page.refresh()
            return
        before, self._subject = self._subject, subject
        if isinstance(self.page, NodePage) and self._has_same_form(before, subject):
            self.page.node = str(subject[1][0])
            self.page.refresh()
            return
        # A half-typed id must not rename its node, and so take the selection back, when its page goes.
        self.page.blockSignals(True)
        old = self._area.takeWidget()
        # A press or key of a widget on the old page may have led here, so it is not deleted at once.
        old.hide()
        old.deleteLater()
        self.page = self._make_page()
        self._area.setWidget(self.page)

    def _has_same_form(self, before: Subject, now: Subject) -> bool:
        """Whether a page can go on for a node whose id alone is another: it was renamed, and the cursor stays."""
        if len(before) != 2 or len(now) != 2 or before[0] != now[0]:
            return False
        (old, *form), (_, *form_now) = before[1], now[1]
        return form == form_now and old not in self._workspace.shown.nodes

    def _rename(self, new: str) -> None:
        page = self.page
        if isinstance(page, NodePage):
            old = page.node
            self._workspace.commit(lambda document: edits.rename(document, old, new), f"Rename {old} to {new}")

    def _restyle(self, theme: Theme) -> None:
        self.page.restyle(theme)
