"""`netwright evaluate`: measures a run's best weights on a split, as tables or as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from designer.cli.design import CommandError, Exit
from designer.cli.progress import figure
from designer.kept_run import read
from designer.plan import codes
from designer.protocol import ClassFigures, Evaluate, Evaluated, Number, Verdict, encode

SPLITS = ("test", "validation", "train")
MOST_CONFUSED = 10


def add_command(commands: Any) -> None:
    """Adds the command to the parser's."""
    command = commands.add_parser("evaluate", help="measure a trained run: figures, each class, what is taken for what")
    command.add_argument("folder", metavar="RUN_FOLDER", type=Path, help="what a training left")
    command.add_argument("--split", choices=SPLITS, default=SPLITS[0], help="the examples to measure it on")
    command.add_argument("--json", action="store_true", help="one JSON object, with the worst 1,000 examples")
    command.add_argument("--trust", action="store_true", help="run Python code that the design carried")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints how the run does."""
    kept = read(arguments.folder)
    from designer.engine.evaluation.answering import Answering  # torch is loaded only where it is needed

    allowed = tuple(codes(kept.plan)) if arguments.trust else ()
    found = Answering().evaluate(Evaluate(str(arguments.folder), arguments.split, allowed), None)
    if found.problem is not None:
        raise CommandError(found.problem.sentence)
    if arguments.json:
        sys.stdout.buffer.write(encode(found))
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(text(found))
    return Exit.OK


def text(evaluated: Evaluated) -> str:
    """The report to be read in a terminal."""
    parts = [f"{evaluated.examples:,} examples of the {evaluated.split} split of {Path(evaluated.folder).name}."]
    for verdict in evaluated.verdicts:
        parts.append("\n".join([f"{verdict.output}:", *_figures(verdict)]))
        if verdict.by_class:
            parts.append("\n".join(_classes(verdict.by_class)))
        parts += _confused(verdict)
    return "\n\n".join(parts) + "\n"


def _figures(verdict: Verdict) -> list[str]:
    width = max(map(len, verdict.metrics), default=0)
    return [
        f"  {name.replace('_', ' ').ljust(width)}  {figure(value, name)}" for name, value in verdict.metrics.items()
    ]


def _classes(rows: tuple[ClassFigures, ...]) -> list[str]:
    width = max(8, *(len(row.name) for row in rows))
    titles = ("examples", "precision", "recall", "F1", "IoU")
    lines = ["  " + "class".ljust(width) + "".join(title.rjust(11) for title in titles)]
    for row in rows:
        figures = (row.precision, row.recall, row.f1, row.iou)
        lines.append("  " + row.name.ljust(width) + f"{row.examples:,}".rjust(11) + "".join(map(_cell, figures)))
    return lines


def _cell(value: Number) -> str:
    return ("-" if value is None else f"{value:.3f}").rjust(11)


def _confused(verdict: Verdict) -> list[str]:
    """What is most often taken for something else."""
    found = [
        (count, verdict.classes[true], verdict.classes[answered])
        for true, row in enumerate(verdict.matrix)
        for answered, count in enumerate(row)
        if count and true != answered
    ]
    if not found:
        return []
    found.sort(key=lambda each: -each[0])
    lines = [f"  {true} for {answered}: {count:,}" for count, true, answered in found[:MOST_CONFUSED]]
    return ["\n".join(["  Most often taken for something else:", *lines])]
