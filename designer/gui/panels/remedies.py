"""Ways to learn from data that is refused as it is, a button each."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.gui.panels.widgets import WrapButton
from designer.gui.workspace import Workspace
from designer.problems import Fix


class Remedies(QWidget):
    """The mends of what keeps the open design from its data; nothing where there are none."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._fixes: tuple[Fix, ...] = ()
        self.buttons: list[WrapButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def refresh(self) -> bool:
        """Look at the open design anew; whether there is something to press."""
        problems = [problem for problem in self._workspace.report.problems if problem.code == "data"]
        fixes = tuple(fix for problem in problems for fix in problem.fixes)
        if fixes != self._fixes:
            self._fixes = fixes
            self._make_buttons()
        self.setVisible(bool(fixes))
        return bool(fixes)

    def _make_buttons(self) -> None:
        for button in self.buttons:
            self._column.removeWidget(button)
            # The click on this very button may be under way.
            button.hide()
            button.deleteLater()
        self.buttons = [WrapButton(fix.label) for fix in self._fixes]
        for button, fix in zip(self.buttons, self._fixes, strict=True):
            button.clicked.connect(lambda _checked=False, fix=fix: self._mend(fix))
            self._column.addWidget(button)

    def _mend(self, fix: Fix) -> None:
        self._workspace.fix(fix)
        self._workspace.settle()
