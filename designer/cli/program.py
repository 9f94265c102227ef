"""What `netwright` understands, and the outermost boundary: whatever goes wrong ends as one sentence and a number."""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from designer import __version__
from designer.cli import check, evaluate, export, predict, train
from designer.cli.design import CommandError, Exit
from designer.problems import UserError, one_line

COMMANDS = ("open", "check", "summary", "train", "evaluate", "predict", "export", "worker")

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""What tells Qt on Linux where to show a window; without any it would end the program with a message of its own."""

EPILOG = """\
Without a command the file is opened in the window: netwright digits.netwright.
A file that is called like a command is opened with its folder: netwright ./check
"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the whole usage in front of it."""

    def error(self, message: str) -> NoReturn:
        self.exit(Exit.UNREADABLE, f"{self.prog}: {message}. See {self.prog} --help.\n")


def make_parser() -> Parser:
    """The parser; every command sets `run`, a function from the arguments to the exit code."""
    parser = Parser(
        prog="netwright",
        usage="%(prog)s [FILE]\n       %(prog)s COMMAND ...",
        description="Draw a neural network, see it checked, train it, and leave with plain PyTorch code.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"netwright {__version__}")
    commands = parser.add_subparsers(prog=parser.prog, metavar="COMMAND", required=True, parser_class=Parser)

    window = commands.add_parser("open", help="open the window, with a design if one is named")
    window.add_argument("file", metavar="FILE", type=Path, nargs="?", help="the design to open")
    window.set_defaults(run=open_window)

    check.add_commands(commands)
    train.add_command(commands)
    evaluate.add_command(commands)
    predict.add_command(commands)
    export.add_command(commands)

    worker = commands.add_parser("worker", help="the engine on stdin and stdout, for the window and for ssh")
    worker.set_defaults(run=run_worker)
    return parser


def open_window(arguments: argparse.Namespace) -> int:
    """Shows the window until it is closed."""
    path: Path | None = arguments.file
    if path is not None and not path.is_file():
        raise CommandError(
            f"{path} is neither a file nor a command. Commands are {', '.join(COMMANDS)}.", Exit.UNREADABLE
        )
    if sys.platform == "linux" and not any(os.environ.get(name) for name in DISPLAYS):
        raise CommandError("There is no display here to show a window on. See netwright --help for what needs none.")
    from designer import app  # Qt is loaded only for those who want a window

    return app.open_window(path)


def run_worker(_arguments: argparse.Namespace) -> int:
    """Works for whoever writes requests to stdin, until it ends."""
    from designer.engine import worker  # torch is loaded only here

    worker.main()
    return Exit.OK


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program with the arguments of the command line and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0] not in COMMANDS and not given[0].startswith("-")):
        given.insert(0, "open")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a letter still shows the rest
    parsed = make_parser().parse_args(given)
    try:
        code = int(parsed.run(parsed))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not try to flush it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.BROKEN_PIPE
    except CommandError as error:
        return _refuse(str(error), error.code)
    except UserError as error:
        return _refuse(str(error), Exit.IMPOSSIBLE)
    except (
        Exception
    ) as error:  # the outermost boundary: a bug of ours is told in one sentence, its trace kept in a file
        return _refuse(_bug(error), Exit.BUG)
    return code


def _refuse(sentence: str, code: int) -> int:
    lines = map(one_line, sentence.split("\n"))
    sys.stderr.write("netwright: " + "\n".join(lines) + "\n")
    return code


def _bug(error: Exception) -> str:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="netwright-", suffix=".log", delete=False) as file:
        traceback.print_exception(error, file=file)
    return f"The program met an error of its own ({type(error).__name__}). The details to report are in {file.name}."
