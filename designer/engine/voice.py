"""The worker's end of the pipe, kept from all that a library or a layer of the user's own may print or read."""

from __future__ import annotations

import os
import sys
import threading
from typing import BinaryIO

from designer.protocol import Event, encode


class Voice:
    """Writes whole lines, from any thread, to the file that stdout was when the process began."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._file = os.fdopen(os.dup(1), "wb", buffering=0)
        self._lock = threading.Lock()
        os.dup2(2, 1)

    def say(self, event: Event) -> None:
        """Sends one event; exits where nobody listens any more."""
        line = memoryview(encode(event))
        with self._lock:
            try:
                while line:
                    line = line[self._file.write(line) or 0 :]
            except BrokenPipeError:
                os._exit(0)


def own_stdin() -> BinaryIO:
    """The lines sent to this process; whatever else reads from stdin from now on finds it empty."""
    lines = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return lines
