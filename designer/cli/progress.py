"""What a person sees of a run in a terminal: a bar that moves, or a line an epoch, and the figures at the end."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from typing import TextIO

from designer.protocol import Epoch, Event, Finished, Number, Progress, Started

BAR = 24
SPLITS = ("train", "validation", "test")


class Display:
    """Follows a run on a stream: a bar where it is a terminal, a line for each epoch where it is not."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.terminal = stream.isatty()
        self._epochs = self._steps = 1
        self._measured = ""
        self._shown = False

    def show(self, event: Event) -> None:
        """Shows what an event says, where it says something new."""
        match event:
            case Started():
                self._epochs, self._steps = event.epochs, event.epochs * event.steps_per_epoch
                self._write_line(_beginning(event))
            case Progress() if self.terminal:
                self._write_bar(event)
            case Epoch():
                self._measured = _headline(event.metrics)
                if not self.terminal:
                    self._write_line(f"epoch {event.epoch}/{self._epochs}: {_all(event.metrics)}")

    def fetched(self, done: int, total: int) -> None:
        """Shows how much of a data set has come over the network, where it is a terminal."""
        if self.terminal:
            text = f"fetching {done / 1e6:.1f} MB{f' of {total / 1e6:.1f}' if total else ''}"
            self._stream.write("\r" + text[: self._width].ljust(self._width))
            self._stream.flush()
            self._shown = True

    def say(self, text: str) -> None:
        """A line of its own."""
        self._write_line(text)

    def clear(self) -> None:
        """Takes the bar away."""
        if self._shown:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._shown = False

    @property
    def _width(self) -> int:
        return shutil.get_terminal_size().columns - 1

    def _write_line(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()

    def _write_bar(self, event: Progress) -> None:
        share = min(1.0, event.step / max(1, self._steps))
        full = round(share * BAR)
        parts = [f"epoch {event.epoch}/{self._epochs} [{'#' * full}{'.' * (BAR - full)}] {share:4.0%}"]
        if event.losses:
            parts.append(f"loss {figure(event.losses[-1])}")
        parts.append(self._measured)
        if event.seconds_left is not None:
            parts.append(f"{duration(event.seconds_left)} left")
        text = "  ".join(part for part in parts if part)
        self._stream.write("\r" + text[: self._width].ljust(self._width))
        self._stream.flush()
        self._shown = True


def _beginning(event: Started) -> str:
    counts = ", ".join(f"{event.examples.get(split, 0):,} {split}" for split in SPLITS)
    steps = f"{event.steps_per_epoch} step{'s' * (event.steps_per_epoch != 1)}"
    return f"Training on {event.device}: {event.epochs} epochs of {steps}; examples: {counts}."


def _headline(metrics: Mapping[str, Number]) -> str:
    """The one figure that says most about how a run is going."""
    for name in ("validation_accuracy", "validation_r2", "validation_loss", "train_loss"):
        found = next((full for full in metrics if full.rpartition(".")[2] == name), None)
        if found is not None:
            return f"{found.replace('_', ' ')} {figure(metrics[found], found)}"
    return ""


def _all(metrics: Mapping[str, Number]) -> str:
    return ", ".join(f"{name} {figure(value, name)}" for name, value in metrics.items())


def figure(value: Number, name: str = "") -> str:
    """A figure of a run: an accuracy in percent, anything else with four digits."""
    if value is None or not math.isfinite(value):
        return "not finite"
    return f"{value:.2%}" if name.endswith("accuracy") else f"{value:.4g}"


def duration(seconds: float) -> str:
    """A time as people say it: "8 s", "3:05", "1:02:09"."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"


def closing(event: Finished) -> str:
    """The table of a run's figures, a row for each metric and a column for each split, and where its files are."""
    rows: dict[str, dict[str, str]] = {}
    for full, value in event.metrics.items():
        output, dot, name = full.rpartition(".")
        split, _, metric = name.partition("_")
        if split in SPLITS:
            rows.setdefault(output + dot + metric, {})[split] = figure(value, metric)
    columns = [split for split in SPLITS if any(split in row for row in rows.values())]
    width = max((len(name) for name in rows), default=0)
    lines = [" " * width + "".join(f"{split:>13}" for split in columns)]
    lines += [
        name.ljust(width) + "".join(f"{row.get(split, ''):>13}" for split in columns) for name, row in rows.items()
    ]
    return "\n".join(["", *lines, "", _ending(event), f"The run is in {event.run}.", ""])


def _ending(event: Finished) -> str:
    best = event.metrics.get("best_epoch")
    which = f"Figures of epoch {best:.0f}, the best of {event.epochs}" if best else "No epoch was finished"
    stopped = f", stopped: {event.reason}" if event.reason else ", stopped early" if event.stopped else ""
    return f"{which}{stopped}; {event.steps:,} steps in {event.seconds:.1f} s."
