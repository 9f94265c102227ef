"""`netwright check` and `netwright summary`: what the check finds out, as text or as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from designer.cli.design import Exit, add_trust, read_report
from designer.compiler import summary
from designer.problems import one_line


def add_commands(commands: Any) -> None:
    """Adds both commands to the parser's."""
    check = commands.add_parser(
        "check", help="tell the problems of a design", description="Exit code 0: sound, 1: errors, 2: unreadable."
    )
    check.add_argument("file", metavar="FILE", type=Path)
    add_trust(check)
    check.set_defaults(run=run_check)

    table = commands.add_parser("summary", help="print shapes, parameters and multiply-adds, layer by layer")
    table.add_argument("file", metavar="FILE", type=Path)
    table.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    add_trust(table)
    table.set_defaults(run=run_summary)


def run_check(arguments: argparse.Namespace) -> int:
    """Prints every problem; the code says whether the network can run."""
    report = read_report(arguments.file, arguments.trust)
    for problem in report.problems:
        place = f"{problem.node}: " if problem.node else ""
        sys.stdout.write(one_line(f"{problem.severity}: {place}{problem.sentence}") + "\n")
    if report.sound:
        layers, parameters = sum(1 for _ in report.rows()), summary.count(report.parameters)
        sys.stdout.write(f"{arguments.file.name} is sound: {layers} layers, {parameters} parameters.\n")
    return Exit.OK if report.sound else Exit.IMPOSSIBLE


def run_summary(arguments: argparse.Namespace) -> int:
    """Prints the table; a design with problems has one too, as far as its shapes are known."""
    report = read_report(arguments.file, arguments.trust)
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(summary.as_json(report)).decode() + "\n")
    else:
        sys.stdout.write(summary.text(report))
    return Exit.OK
