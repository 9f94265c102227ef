"""What every command does first: read a design, check it, and refuse in words and with a number."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path

from designer.cli.inspector import ask_all
from designer.compiler.checking.custom import own_code
from designer.compiler.checking.facts import look_for
from designer.compiler.checking.report import Report
from designer.compiler.lowering.lower import NotSoundError, lower
from designer.compiler.project import examine, open_design
from designer.plan import Plan
from designer.problems import Problem, Severity, UserError


class Exit(IntEnum):
    """What the program's exit code says."""

    OK = 0
    IMPOSSIBLE = 1
    """What was asked cannot be done; `check` found errors."""
    UNREADABLE = 2
    """The file cannot be read, or the command was misspelt."""
    BUG = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class CommandError(Exception):
    """A command cannot do its work; the text is for the user, the code for scripts."""

    def __init__(self, message: str, code: int = Exit.IMPOSSIBLE) -> None:
        super().__init__(message)
        self.code = code


def add_trust(command: argparse.ArgumentParser) -> None:
    """Adds the consent to a command that meets designs with Python code of their own."""
    command.add_argument("--trust", action="store_true", help="run Python code that the design carries")


def read_report(path: Path, trust: bool = False) -> Report:
    """The report of the design in a file; raises CommandError where it cannot be read.

    Layers of the user's own are run, in a process of their own, with `trust` alone.
    """
    try:
        document = open_design(path)
    except UserError as error:
        raise CommandError(str(error), Exit.UNREADABLE) from error
    files = look_for(document, path.absolute().parent)
    report = examine(document, files=files)
    layers = len(dict(own_code(document)))
    if layers and trust:
        return ask_all(report, files)
    if layers:
        number = "1 layer" if layers == 1 else f"{layers} layers"
        sys.stderr.write(f"{path.name} carries Python code of its own ({number}). It is not run without --trust.\n")
    return report


def sound_plan(report: Report, home: Path | None = None) -> Plan:
    """The plan of a design; raises CommandError with its errors where there is none.

    `home` is the folder of the design's file.
    """
    try:
        return lower(report, home)
    except NotSoundError as error:
        found = [problem for problem in error.report.problems if problem.severity is Severity.ERROR]
        raise CommandError(sentences(found) or "There is no network yet. Draw one, or open a sample.") from error


def sentences(problems: Iterable[Problem]) -> str:
    """Problems as text, one a line."""
    return "\n".join(
        f"{problem.node}: {problem.sentence}" if problem.node else problem.sentence for problem in problems
    )
