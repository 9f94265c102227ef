"""How fast the curves of a long run are drawn, beside the plain way of pyqtgraph, in one window and one process.

Run it as it is: `python tests/benchmarks/curves.py` (without a screen: `QT_QPA_PLATFORM=offscreen`). Each frame adds
100 steps to 1,000,000, gives the lines to the plot and paints it whole; times are those of the processor, which other
programs do not lengthen. "plain" gives pyqtgraph the same arrays and
lets it downsample and clip; both draw the loss of every step and its smoothed course.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from designer.gui.loss_curve import Losses
from designer.gui.panels.plot import Line, Plot
from designer.gui.theme import light

SIZE, FRAMES, NEW = (900, 400), 40, 100


def course(count: int) -> np.ndarray:
    """A loss that falls and swings."""
    steps = np.arange(1, count + 1)
    return 3 / (1 + steps / 1000) + np.random.default_rng(0).random(count) * 0.3


def own(count: int) -> list[float]:
    """Milliseconds a frame of the panel's own plot."""
    plot, losses = Plot("loss", light()), Losses()
    losses.add(tuple(course(count).tolist()))
    plot.resize(*SIZE)
    plot.show()
    times = []
    for _ in range(FRAMES):
        losses.add((0.5,) * NEW)
        begun = time.process_time()
        each = Line("each step", losses.steps, losses.values, 0, faint=True)
        plot.show_lines([each, Line("smoothed", losses.steps, losses.smooth, 0)])
        plot.grab()
        times.append((time.process_time() - begun) * 1e3)
    plot.close()
    return times[2:]


def plain(count: int) -> list[float]:
    """Milliseconds a frame of pyqtgraph by itself, with all it offers for long lines."""
    plot, losses = pg.PlotWidget(), Losses()
    losses.add(tuple(course(count).tolist()))
    plot.setClipToView(True)
    plot.setDownsampling(auto=True, mode="peak")
    plot.resize(*SIZE)
    plot.show()
    lines = [plot.plot(pen=pg.mkPen("b", width=1)), plot.plot(pen=pg.mkPen("r", width=2))]
    times = []
    for _ in range(FRAMES):
        losses.add((0.5,) * NEW)
        begun = time.process_time()
        for line, values in zip(lines, (losses.values, losses.smooth), strict=True):
            line.setData(losses.steps, values, connect="finite")
        plot.grab()
        times.append((time.process_time() - begun) * 1e3)
    plot.close()
    return times[2:]


def main() -> None:
    """Prints milliseconds a frame, frames a second and the ratio to the plain way."""
    application = QApplication.instance() or QApplication([])
    for count in (1_000, 10_000, 100_000, 1_000_000):
        ours, theirs = own(count), plain(count)
        application.processEvents()
        median, slow = statistics.median(ours), sorted(ours)[int(len(ours) * 0.95)]
        ratio = statistics.median(theirs) / median
        sys.stdout.write(
            f"{count:9,} points: {median:5.1f} ms a frame ({1000 / median:3.0f} a second), one in 20 {slow:5.1f} ms;"
            f" plain pyqtgraph takes {ratio:.2f} times as long\n"
        )


if __name__ == "__main__":
    main()
