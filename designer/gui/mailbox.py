"""Hands over to the window what other threads have done, without them touching anything of Qt.

A signal that is emitted in another thread can come to a window that is just going, which ends the program. What is put
into a mailbox is fetched by a timer of the window's own, and by nobody where the window is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

FETCHED = 25
"""Milliseconds between two looks into the box, while anything is awaited."""


class Mailbox(QObject):
    """Starts threads and tells what they put in, each thing by `came`, in the window's thread."""

    came = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._box: SimpleQueue[tuple[Any, bool]] = SimpleQueue()
        self._awaited = 0
        self._timer = QTimer(self, interval=FETCHED)
        self._timer.timeout.connect(self.fetch)

    def start(self, work: Callable[[Callable[[Any], None]], None]) -> Thread:
        """Do `work` in a thread of its own; it is given what puts things into the box."""
        box = self._box

        def run() -> None:
            try:
                work(lambda thing: box.put((thing, False)))
            finally:
                box.put((None, True))

        self._awaited += 1
        self._timer.start()
        # It must not hold up the end of the program, so it is no thread that is waited for.
        thread = Thread(target=run, daemon=True)
        thread.start()
        return thread

    def fetch(self) -> None:
        """Tell what is in the box now."""
        while not self._box.empty():
            thing, over = self._box.get()
            if not over:
                self.came.emit(thing)
                continue
            self._awaited -= 1
            if not self._awaited:
                self._timer.stop()
