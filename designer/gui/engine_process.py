"""A process of the engine: the worker that trains, and the one that looks at the user's own code."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment


def engine_process(parent: QObject) -> QProcess:
    """A process that finds this very program, wherever it was started."""
    process = QProcess(parent)
    environment = QProcessEnvironment.systemEnvironment()
    home = str(Path(__file__).resolve().parents[2])
    known = environment.value("PYTHONPATH", "")
    environment.insert("PYTHONPATH", os.pathsep.join([home, known] if known else [home]))
    process.setProcessEnvironment(environment)
    return process


def start(process: QProcess, module: str) -> None:
    """Runs a module of the engine in the process."""
    # -P: a folder called "designer" or "torch" where the program was started must not be taken instead.
    process.start(sys.executable, ["-P", "-m", module])
