"""Layers of the user's own: the one place where their text is run, and only where the user allowed that very text."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from typing import Any

from torch import nn

from designer.plan import Call, fingerprint

ROOM = "custom_layer"
"""What the text's own module is called."""
FILE = "<custom layer>"
LONGEST = 300
"""Letters of a message that are shown."""


class PlanError(Exception):
    """A plan cannot be made into a network: it names what does not exist, or contradicts itself.

    `node` is the full id of the node whose module cannot be made, where it is one.
    """

    def __init__(self, message: str, node: str = "") -> None:
        super().__init__(message)
        self.node = node


def make_custom(call: Call, allowed: Collection[str]) -> nn.Module:
    """The module that the user's class makes; raises PlanError where that is not allowed, or fails."""
    name = call.target.removeprefix("custom.")
    if fingerprint(call.code) not in allowed:
        raise PlanError(f"The Python code of {name} has not been allowed to run. Look at it, and allow it.")
    room: dict[str, Any] = {"__name__": ROOM}
    try:
        exec(compile(call.code, FILE, "exec"), room)  # what the user allowed by name of its fingerprint
        made = room[name](**call.keywords)
    except (Exception, SystemExit) as error:  # the user's code may raise anything
        raise PlanError(told(error)) from error
    if not isinstance(made, nn.Module):
        raise PlanError(f"{name} is no nn.Module. Let its class inherit from nn.Module.")
    return made


def told(error: BaseException) -> str:
    """What went wrong in the user's text: the line, the kind of error and what it says."""
    line = code_line(error)
    said = first_line(error)[:LONGEST]
    kind = type(error).__name__
    message = f"{kind}: {said}." if said else f"{kind}."
    return f"Line {line}: {message}" if line is not None else message


def first_line(error: BaseException) -> str:
    """What an error says, in one line without its dot; nothing where not even that can be had."""
    try:
        return str(error).strip().split("\n")[0].rstrip(".")
    except Exception:  # errors of the user's own may fail at this too
        return ""


def code_line(error: BaseException) -> int | None:
    """The line of the user's text in which an error came up; None for an error that is not of the user's text."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == FILE]
    if not lines and isinstance(error, SyntaxError) and error.filename == FILE:
        return error.lineno
    return lines[-1] if lines else None
