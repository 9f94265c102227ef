"""The runs whose curves are laid over those of the one that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from designer.gui.panels.plot import Line
from designer.gui.runs import Run


@dataclass(frozen=True, slots=True)
class Laid:
    """A run that is laid over; its place gives its colour, and no two names are the same."""

    run: Run
    place: int
    name: str


class Overlays(QObject):
    """Any number of runs; each keeps its colour while it is laid over."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._laid: dict[Path, Laid] = {}

    @property
    def laid(self) -> list[Laid]:
        """All of them, in the order in which they came."""
        return list(self._laid.values())

    def lay(self, run: Run) -> None:
        """Lay the curves of a run over the others."""
        taken = {each.place for each in self._laid.values()}
        place = next(place for place in range(len(taken) + 1) if place not in taken)
        names = {each.name for folder, each in self._laid.items() if folder != run.folder}
        name = run.title if run.title not in names else f"{run.title} ({run.folder.name})"
        self._laid[run.folder] = Laid(run, place, name)
        self.changed.emit()

    def take_away(self, folder: Path) -> None:
        """Show a run's curves no longer."""
        if self._laid.pop(folder, None) is not None:
            self.changed.emit()


def loss_over(laid: Laid) -> list[Line]:
    """The smoothed loss of the steps of a run, and its validation loss."""
    losses = laid.run.losses
    steps = np.arange(1, losses.count + 1)
    own = [Line(laid.name, steps, losses.smooth, 0, run=laid.place)] if losses.count else []
    return own + metric_over(laid, "loss", ", validation" if own else "")


def metric_over(laid: Laid, metric: str, ending: str = "") -> list[Line]:
    """A metric of a run: of validation, or of training where nothing was validated."""
    series = laid.run.series.get(("validation", metric)) or laid.run.series.get(("train", metric))
    if series is None:
        return []
    return [Line(laid.name + ending, series.steps, series.values, 0, dots=True, run=laid.place)]
