"""Links whose best way around nodes is looked for when there is time: of thousands, the window would wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

from designer.graph.document import Link

MANY = 600
"""So many links are led at once."""
SLICE = 0.003
"""Seconds that are spent on it before the window may do something else."""


class Leading(QObject):
    """Leads links one after the other, a slice at a time; `lead` finds the way of one."""

    def __init__(self, lead: Callable[[Link], None], parent: QObject) -> None:
        super().__init__(parent)
        self._lead = lead
        self._waiting: dict[Link, None] = {}
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._some)

    def add(self, links: Iterable[Link]) -> None:
        """Lead these links soon."""
        self._waiting.update(dict.fromkeys(links))
        self._timer.start()

    def drop(self, link: Link) -> None:
        """Forget a link that is gone, or was led by somebody else."""
        self._waiting.pop(link, None)

    def finish(self) -> None:
        """Lead all that wait, for a picture that nobody will look at again."""
        while self._waiting:
            self._lead(self._waiting.popitem()[0])

    def _some(self) -> None:
        end = time.perf_counter() + SLICE
        while self._waiting and time.perf_counter() < end:
            self._lead(next(iter(self._waiting)))
        if not self._waiting:
            self._timer.stop()
