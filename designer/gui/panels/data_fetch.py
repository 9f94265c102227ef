"""The part of the data panel for a set of OpenML that is not on this machine yet: fetch it, see how far, cancel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from designer.compiler.checking.facts import data_key
from designer.gui.fetching import Fetching
from designer.gui.panels.texts import breakable
from designer.gui.panels.widgets import WrapButton, text_label
from designer.gui.workspace import Workspace
from designer.own_data.asking import absent

WHOLE = 1000
"""Steps of the bar."""
MEGABYTE = 1_000_000


class DataFetch(QWidget):
    """Shows itself only where there is a set to fetch; nothing is fetched unless its button is pressed."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.fetching = Fetching(self)
        self.fetch = WrapButton("Fetch from OpenML", prominent=True, parent=self)
        self.cancel = WrapButton("Cancel", parent=self)
        self.bar = QProgressBar(self, textVisible=False, maximum=WHOLE)
        self.bar.setAccessibleName("How much of the set is here")
        self.said = text_label(parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.fetch, self.bar, self.said, self.cancel):
            column.addWidget(widget)
        self._key = ""
        self._reason = ""
        self.fetch.clicked.connect(self._fetch)
        self.cancel.clicked.connect(self.fetching.cancel)
        self.fetching.progressed.connect(self._show)
        self.fetching.ended.connect(self._end)

    def show_data(self, data: Mapping[str, object]) -> None:
        """Follow the set that the data settings name."""
        key = data_key(data, self._workspace.home)
        key = key if key is not None and absent(key) else ""
        if key != self._key:
            self._key, self._reason = key, ""
        self._show()

    def _fetch(self) -> None:
        self._reason = ""
        self.fetching.fetch(self._key)

    def _end(self, key: str, reason: str) -> None:
        if key == self._key:
            self._reason = reason
        self._workspace.looks.ask(key)
        self._show()

    def _show(self) -> None:
        busy = bool(self.fetching.key)
        done, total = self.fetching.done, self.fetching.total
        self.fetch.setVisible(not busy)
        self.cancel.setVisible(busy)
        self.bar.setVisible(busy)
        self.bar.setMaximum(WHOLE if total else 0)
        self.bar.setValue(round(WHOLE * done / total) if total else 0)
        here = f"{done / MEGABYTE:.1f} MB{f' of {total / MEGABYTE:.1f}' if total else ''}"
        self.said.setText(breakable(here if busy else self._reason))
        self.said.setVisible(busy or bool(self._reason))
        self.setVisible(bool(self._key) or busy)
