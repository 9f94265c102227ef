"""Does what takes long in another thread, and hands the result, or the sentence why there is none, to the window's."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, Signal

from designer.problems import UserError


class Errands(QObject):
    """Runs errands side by side; each answer goes to whoever sent it."""

    failed = Signal(str)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done.connect(self._answer)

    def send(self, errand: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Do `errand` in another thread, and `then` with its result in this one; `failed` tells a UserError."""

        def work() -> None:
            try:
                found: Any = errand()
            except UserError as error:
                found = error
            try:
                self._done.emit(then, found)
            except RuntimeError:
                return  # the window is gone

        # It must not hold up the end of the program, so it is no thread that is waited for.
        Thread(target=work, daemon=True).start()

    def _answer(self, then: Callable[[Any], object], found: Any) -> None:
        if isinstance(found, UserError):
            self.failed.emit(str(found))
        else:
            then(found)
