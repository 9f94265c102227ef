"""`netwright predict`: what a trained run says of the rows of a table, of arrays, of an image or a folder of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from designer.cli.design import CommandError, Exit
from designer.kept_run import read
from designer.plan import codes
from designer.protocol import Answer, Predict, Predicted

LONGEST = 40
"""Characters of a cell that are printed."""
BEST = 5
"""Classes of an image that are printed."""


def add_command(commands: Any) -> None:
    """Adds the command to the parser's."""
    command = commands.add_parser(
        "predict",
        help="ask a trained run about a table, arrays or images",
        description="A table has the columns that the network learned from; a folder of images gets a row for each.",
    )
    command.add_argument("folder", metavar="RUN_FOLDER", type=Path, help="what a training left")
    command.add_argument("file", metavar="FILE", type=Path, help="CSV, TSV, Parquet, NPY, NPZ, an image or a folder")
    command.add_argument("-o", "--out", metavar="OUT.csv", default="", help="write all answers as CSV")
    command.add_argument("--trust", action="store_true", help="run Python code that the design carried")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints or writes the answers."""
    kept = read(arguments.folder)
    from designer.engine.evaluation.answering import Answering  # torch is loaded only where it is needed

    allowed = tuple(codes(kept.plan)) if arguments.trust else ()
    request = Predict(str(arguments.folder), str(arguments.file), out=arguments.out, allowed=allowed)
    found = Answering().predict(request)
    if found.problem is not None:
        raise CommandError(found.problem.sentence)
    if arguments.out:
        rows = "1 answer" if found.total == 1 else f"{found.total:,} answers"
        sys.stdout.write(f"{arguments.out} is written with {rows}.\n")
    else:
        sys.stdout.write(_image(found.answers) if found.answers else _table(found))
    return Exit.OK


def _image(answers: tuple[Answer, ...]) -> str:
    """What is said of one image: the answer, and the most probable classes."""
    lines = []
    for answer in answers:
        lines.append(f"{answer.output}: {answer.text}")
        scored = sorted(zip(answer.scores, answer.classes, strict=True), key=lambda each: -(each[0] or 0.0))
        lines += [f"  {name}: {score:.1%}" for score, name in scored[:BEST] if score is not None]
    return "\n".join(lines) + "\n"


def _table(found: Predicted) -> str:
    """The first rows, as wide as they need."""
    rows = [found.columns, *found.rows]
    cut = [[cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}…" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cut]
    if found.total > len(found.rows):
        lines.append(f"… and {found.total - len(found.rows):,} more rows. Write all of them with -o OUT.csv.")
    return "\n".join(lines) + "\n"
