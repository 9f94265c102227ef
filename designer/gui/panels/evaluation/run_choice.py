"""The field in which a run is chosen: the one that was trained last, any that was kept, or a folder elsewhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QSizePolicy, QWidget

from designer.gui.runs import Runs
from designer.run_folder import BEST, FACTS

ELSEWHERE = "Another folder…"
MOST = 200
"""Runs that are offered, the newest first; older ones are found by their folder."""


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run that can be asked."""
    return (folder / FACTS).is_file() and (folder / BEST).is_file()


def kept_runs(home: Path) -> list[Path]:
    """The runs in a folder that can be asked, the newest first."""
    try:
        found = [folder for folder in home.iterdir() if is_run(folder)]
        return sorted(found, key=lambda folder: (folder / BEST).stat().st_mtime_ns, reverse=True)[:MOST]
    except OSError:
        return []


class RunChoice(QComboBox):
    """Offers the runs that there are; `chosen` follows the training, until the user chooses another one."""

    picked = Signal()
    """Another run is chosen, or the one that was chosen has other weights."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.chosen: Path | None = None
        self._elsewhere: Path | None = None
        self.setAccessibleName("Run")
        self.setToolTip("The run whose best weights are asked")
        self.setPlaceholderText("No run yet")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(90)
        self.activated.connect(self._take)
        self._last = runs.current
        runs.changed.connect(self._follow_shown)
        runs.ended.connect(self._follow)
        runs.failed.connect(self._follow)

    def showPopup(self) -> None:
        """Look for runs that have come since."""
        self.look()
        super().showPopup()

    def choose(self, folder: Path) -> None:
        """Choose a run by its folder."""
        self._elsewhere = folder
        self._set(folder)
        self.look()

    def look(self) -> None:
        """Bring the list up to date; the first time, choose the run that was trained last."""
        found = kept_runs(self._runs.folder)
        current = self._runs.current
        if current is not None and is_run(current.folder) and current.folder not in found:
            found.insert(0, current.folder)
        if self._elsewhere is not None and self._elsewhere not in found:
            found.insert(0, self._elsewhere)
        if self.chosen is None and found:
            trained = current is not None and current.folder in found
            self._set(current.folder if current is not None and trained else found[0])
        self.clear()
        for folder in found:
            self.addItem(folder.name, folder)
            self.setItemData(self.count() - 1, str(folder), 3)  # the tooltip
        self.addItem(ELSEWHERE)
        self._show_chosen()

    def _show_chosen(self) -> None:
        places = [self.itemData(place) for place in range(self.count())]
        known = self.chosen is not None and self.chosen in places
        self.setCurrentIndex(places.index(self.chosen) if known else -1)

    def _set(self, folder: Path) -> None:
        self.chosen = folder
        self._show_chosen()
        self.picked.emit()

    def _take(self, place: int) -> None:
        folder = self.itemData(place)
        if folder is None:
            text = QFileDialog.getExistingDirectory(self, "The folder of a run", str(self._runs.folder))
            folder = Path(text) if text else None
        if folder is not None and folder != self.chosen:
            self.choose(folder)
        self._show_chosen()

    def _follow_shown(self) -> None:
        """A kept run that is shown again is what people want to ask; one that begins has nothing to say yet."""
        if self._runs.current is not self._last:
            self._last = self._runs.current
            self._follow()

    def _follow(self) -> None:
        """What was trained now is what people want to ask."""
        run = self._runs.current
        if run is not None and is_run(run.folder):
            self._set(run.folder)
            self.look()
