"""How long the window's event loop is kept busy while a network trains at full speed with all plots on.

Run it as it is: `python tests/benchmarks/liveness.py` (without a screen: `QT_QPA_PLATFORM=offscreen`). It opens the
whole window on a sample, trains it with a real worker, and shows the curves, the layers' table with the details of
one, and the gradient norm on the canvas, all at once. A timer of 2 ms tells how late it comes: what it is late beyond
that is what a key or the mouse would have waited. The same is measured in the same window at rest, since other
programs keep the processor busy too. "busy" is the time that the window's own code kept the loop, from event to event.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

HOME = tempfile.mkdtemp()
os.environ.update({"HOME": HOME, **{f"XDG_{name}_HOME": f"{HOME}/{name}" for name in ("CONFIG", "DATA", "CACHE")}})

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer  # noqa: E402  # after the home is nobody's
from PySide6.QtWidgets import QApplication  # noqa: E402

from designer.graph import edits  # noqa: E402
from designer.gui.application import make_application, make_window  # noqa: E402
from designer.gui.canvas.floating.heat import GRADIENT  # noqa: E402
from designer.gui.main_window import MainWindow  # noqa: E402
from designer.resources import samples  # noqa: E402

TICK, SECONDS = 2, 15
SAMPLES = ("digits_mlp", "digits_cnn", "digits_residual")


def wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def delays(seconds: int) -> tuple[list[float], list[float]]:
    """How late each tick came, and how long the process itself computed between two ticks, in milliseconds."""
    late, busy = [], []
    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK)
    last = [time.perf_counter(), time.thread_time()]

    def tick() -> None:
        now, used = time.perf_counter(), time.thread_time()
        late.append(max(0.0, (now - last[0]) * 1e3 - TICK))
        busy.append((used - last[1]) * 1e3)
        last[:] = now, used

    timer.timeout.connect(tick)
    timer.start()
    wait(seconds * 1000)
    timer.stop()
    return late, busy


def spread(values: list[float]) -> str:
    """Median, p99 and the largest."""
    ordered = sorted(values)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"median {middle:5.1f}, p99 {late:5.1f}, most {ordered[-1]:5.1f} ms"


def show_all(window: MainWindow) -> None:
    """Every plot that a run feeds, beside each other."""
    docks = window.docks
    window.resize(1600, 1000)
    docks.splitDockWidget(docks.docks["parameters"], docks.docks["curves"], Qt.Orientation.Horizontal)
    for name in ("parameters", "curves", "training"):
        window.show_panel(name)
    docks.parameters.closer.setChecked(True)
    window.canvas.colouring.choose(GRADIENT)


def measure(window: MainWindow, sample: str) -> None:
    """Trains a sample and prints a line."""
    window.open(next(path for path in samples() if path.stem == sample))
    show_all(window)
    window.workspace.commit_whole(lambda document: edits.change_training(document, {"epochs": 100_000}), "Long")
    wait(1000)
    rest = delays(4)
    window.runs.train()
    while window.runs.current is None or window.runs.current.losses.count < 200:
        wait(100)
    layer = next(iter(window.runs.live.now.layers))
    window.workspace.show_node(layer)
    window.docks.parameters.detail.show_layer(layer)
    wait(2000)
    before = window.runs.current.losses.count
    late, busy = delays(SECONDS)
    steps = (window.runs.current.losses.count - before) / SECONDS
    window.runs.stop()
    while window.runs.busy:
        wait(100)
    sys.stdout.write(f"{sample}, {steps:,.0f} steps a second, all plots on\n")
    for what, values in (("late in training", late), ("late at rest", rest[0]), ("busy in training", busy)):
        sys.stdout.write(f"  {what:17} {spread(values)}\n")
    sys.stdout.flush()


def main() -> None:
    """Prints the delays for some samples, one after the other."""
    application = make_application()
    window = make_window(application, QSettings(str(Path(HOME) / "settings.ini"), QSettings.Format.IniFormat))
    window.show()
    for sample in sys.argv[1:] or SAMPLES:
        measure(window, sample)
    window.workspace.new()
    window.close()
    QApplication.quit()


if __name__ == "__main__":
    main()
