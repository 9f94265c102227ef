"""Asks a process of its own about the user's own layers, so that one that hangs or crashes is only a problem."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

from msgspec.structs import replace

from designer.compiler.checking.custom import crashed, hung, questions
from designer.compiler.checking.facts import Files
from designer.compiler.checking.report import Report
from designer.compiler.project import examine
from designer.plan import fingerprint
from designer.protocol import Inspect, Inspected, Ready, decode_event, encode

PATIENCE = 20.0
"""Seconds that a layer has to answer."""
STARTING = 120.0
"""Seconds that the process has to load torch."""


def ask_all(report: Report, files: Files | None = None) -> Report:
    """The report with all that the layers of the user's own answer; runs their code.

    `files` says what is known of data files.
    """
    inspector = Inspector()
    try:
        while asked := questions(report):
            answers = {each.key: inspector.ask(each) for each in asked}
            report = examine(report.document, report, {**report.answers, **answers}, files)
    finally:
        inspector.end()
    return report


class Inspector:
    """The process; a new one takes the place of one that is gone."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def ask(self, asked: Inspect) -> Inspected:
        """The answer about one layer, whose code is run."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode(replace(asked, allowed=(fingerprint(asked.call.code),))))
            self._process.stdin.flush()
            line = self._lines.get(timeout=self._patience)
        except queue.Empty:
            self.end()
            return hung(asked, self._patience)
        except BrokenPipeError:
            line = b""
        event = decode_event(line) if line else None
        if not isinstance(event, Inspected):
            self.end()
            return crashed(asked)
        return event

    def _start(self) -> None:
        home = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        self._lines = queue.SimpleQueue()
        # -P: a folder called "designer" or "torch" where the program was started must not be taken instead.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "designer.engine.inspect_custom"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        threading.Thread(target=_read, args=(self._process, self._lines), daemon=True).start()
        line = self._lines.get(timeout=STARTING)
        assert line, "the process did not start"
        assert isinstance(decode_event(line), Ready)

    def end(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process = None


def _read(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Hands on each line, and an empty one at the end."""
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.put(line)
    lines.put(b"")
