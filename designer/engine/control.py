"""Where requests wait for the engine: what steers the run under way, and what is to be done after it."""

from __future__ import annotations

import threading
from collections import deque

from designer.protocol import (
    ChangeRate,
    Evaluate,
    FindRate,
    Histograms,
    More,
    Onnx,
    Pause,
    Predict,
    Probe,
    Request,
    Resume,
    Samples,
    StepOnce,
    Stop,
    Train,
    Vary,
)

STEERING = (Pause, Resume, Stop, StepOnce, ChangeRate, Histograms, Probe)
WORK = (Train, More, FindRate, Onnx, Histograms, Evaluate, Samples, Predict, Probe, Vary)


class Control:
    """A queue that one thread fills and the engine empties between steps.

    While a run is under way, `poll` and `wait` give what steers it and set other work aside for `take`.
    """

    def __init__(self) -> None:
        self._pending: deque[Request] = deque()
        self._later: deque[Request] = deque()
        self._changed = threading.Condition()

    def put(self, request: Request) -> None:
        """Adds a request; any thread may."""
        with self._changed:
            self._pending.append(request)
            self._changed.notify()

    @property
    def waiting(self) -> bool:
        """Whether anything came in that `poll` has not looked at; cheap enough for every step."""
        return bool(self._pending)

    @property
    def stop_waits(self) -> bool:
        """Whether a Stop is among what came in, so that long work can be cut short."""
        return bool(self._pending) and any(isinstance(request, Stop) for request in tuple(self._pending))

    def poll(self) -> Request | None:
        """The next request that steers the run, or None when there is none."""
        while self._pending:
            request = self._pending.popleft()
            if isinstance(request, STEERING):
                return request
            self._later.append(request)
        return None

    def wait(self) -> Request:
        """The next request that steers the run, however long it takes to come."""
        while (request := self.poll()) is None:
            self._until_filled()
        return request

    def take(self) -> Request:
        """The next piece of work, for when no run is under way; what would steer a run is dropped."""
        while not self._later:
            self._until_filled()
            request = self._pending.popleft()
            if isinstance(request, WORK):
                self._later.append(request)
        return self._later.popleft()

    def _until_filled(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._pending))
