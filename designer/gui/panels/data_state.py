"""What stands between the data and a training: rows with gaps, and a design that does not suit the data."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.catalogue.own_data import DataFile, FileFacts
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.facts import data_key, dataset_of
from designer.compiler.suiting import misfits, suit
from designer.gui.panels.remedies import Remedies
from designer.gui.panels.texts import breakable, plural
from designer.gui.panels.widgets import WrapButton, text_label
from designer.gui.workspace import Workspace
from designer.own_data.layout import Layout
from designer.own_data.look import Look

FIT = "Fit the design to the data"


class DataState(QWidget):
    """Shows itself only where there is something to do."""

    rows_wanted = Signal()
    """The rows with gaps are to be shown."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.show_rows = WrapButton("Show the rows with gaps", parent=self)
        self.remedies = Remedies(workspace, self)
        self.misfit = text_label(parent=self)
        self.fit = WrapButton(FIT, prominent=True, parent=self)
        self.fit.setToolTip("Make all mends that the problems with the data offer, as one step")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.show_rows, self.remedies, self.misfit, self.fit):
            column.addWidget(widget)
        self.show_rows.clicked.connect(self.rows_wanted)
        self.fit.clicked.connect(self._fit)

    def refresh(self) -> None:
        """Look at the open design anew."""
        layout = self._layout()
        gaps = layout is not None and layout.lacking_used > 0
        self.show_rows.setVisible(gaps)
        remedies = self.remedies.refresh()
        found = list(misfits(self._workspace.report))
        more = f" And {plural(len(found) - 1, 'more thing')} to mend." if len(found) > 1 else ""
        self.misfit.setText(breakable(f"{found[0].message}{more}") if found else "")
        for widget in (self.misfit, self.fit):
            widget.setVisible(bool(found))
        self.setVisible(gaps or remedies or bool(found))

    def _layout(self) -> Layout | None:
        """What the columns of the file are; None for other data, and while the file is not known."""
        facts, data = self._workspace.report.facts, self._workspace.document.data
        if isinstance(facts, FileFacts):
            return facts.layout
        key = data_key(data, self._workspace.home)
        found = self._workspace.looks.known.get(key) if key is not None else None
        try:
            dataset = dataset_of(data)
        except Misfit:
            return None
        return dataset.layout(found) if isinstance(dataset, DataFile) and isinstance(found, Look) else None

    def _fit(self) -> None:
        workspace = self._workspace
        suited = suit(workspace.document, workspace.outlook)
        if suited.mends:
            label = suited.mends[0] if len(suited.mends) == 1 else FIT
            workspace.commit_whole(lambda _: suited.document, label)
            workspace.settle()
