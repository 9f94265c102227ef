"""A real worker process, for tests."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

from designer.protocol import Event, Failed, Request, decode_event, encode

SECONDS = 60


class Child:
    """A worker process on real pipes; every line it says is decoded, so that a broken one fails the test."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "designer.engine"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        self._events: queue.Queue[Event] = queue.Queue()
        self._errors: list[bytes] = []
        self._threads = [threading.Thread(target=self._read), threading.Thread(target=self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._events.put(decode_event(line))

    def _read_errors(self) -> None:
        self._errors.extend(self.process.stderr)

    def say(self, request: Request) -> None:
        self.say_line(encode(request))

    def say_line(self, line: bytes) -> None:
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def until(self, *kinds: type) -> Event:
        """The next event of one of these kinds."""
        while not isinstance(event := self._events.get(timeout=SECONDS), kinds):
            assert not isinstance(event, Failed), event
        return event

    @property
    def errors(self) -> str:
        """All that stderr said, once the process has ended."""
        self._threads[1].join(SECONDS)
        return b"".join(self._errors).decode()

    def end(self) -> int:
        """Closes stdin and waits for the process to end."""
        self.process.stdin.close()
        code = self.process.wait(SECONDS)
        for thread in self._threads:
            thread.join(SECONDS)
        self.process.stdout.close()
        self.process.stderr.close()
        return code
