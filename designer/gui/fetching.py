"""Fetches a set of OpenML in a thread, tells how far it is, and gives it up where the user says so."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from designer.own_data.asking import asked
from designer.problems import UserError


class Fetching(QObject):
    """One set at a time, named by its key."""

    progressed = Signal()
    """`done` or `total` changed, or a set begins to be fetched."""
    ended = Signal(str, str)
    """The key of a set, and the sentence why it is not here; empty where it is, or where the user gave it up."""
    _told = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.key = ""
        """The set that is being fetched; empty where none is."""
        self.done = self.total = 0
        """Bytes that are here, and how many there are to be; 0 where that is not known."""
        self._thread: threading.Thread | None = None
        self._given_up = threading.Event()
        self._told.connect(self._progress)
        self.ended.connect(self._end)

    def fetch(self, key: str) -> None:
        """Fetch a set; nothing happens while another one is being fetched."""
        if self.key:
            return
        self.key, self.done, self.total = key, 0, 0
        self._given_up = given_up = threading.Event()
        self.progressed.emit()
        # It may wait for the network for long: the program ends without it.
        self._thread = threading.Thread(target=self._run, args=(key, given_up), daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Give up the set that is being fetched; what came of it is thrown away."""
        self._given_up.set()

    def wait(self) -> None:
        """Give up, and wait until the thread is done."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    def _run(self, key: str, given_up: threading.Event) -> None:
        """Fetch a set; this runs in the other thread."""
        from designer.own_data.openml_fetching import fetch  # polars and numpy take a while to load

        reason = ""
        try:
            for done, total in fetch(asked(key)):
                if given_up.is_set():
                    break
                self._told.emit(done, total)
        except UserError as error:
            reason = "" if given_up.is_set() else str(error)
        except RuntimeError:  # the window is gone meanwhile, and with it whoever would like to know
            return
        try:
            self.ended.emit(key, reason)
        except RuntimeError:
            return

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self.progressed.emit()

    def _end(self, _key: str, _reason: str) -> None:
        self.key = ""
        self.progressed.emit()
