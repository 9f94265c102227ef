"""Turns what can go wrong in a run into problems that a user can read and act on."""

from __future__ import annotations

import torch
from safetensors import SafetensorError

from designer.engine.custom_code import code_line, first_line
from designer.engine.network import StepError
from designer.engine.targets import PlanError
from designer.problems import Problem, UserError

EXPECTED = (StepError, PlanError, UserError, OSError, SafetensorError, MemoryError, torch.OutOfMemoryError)
"""What a run may raise through no fault of the engine; `explain` has a sentence for each of them."""


class Failure(Exception):
    """A request cannot be done, for a reason that is already in words."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def fail(code: str, message: str, hint: str = "", node: str | None = None) -> Failure:
    """A Failure with an error of these words."""
    return Failure(Problem(code, message, hint, node=node))


def explain(error: Exception) -> Problem:
    """The problem behind an exception that is a Failure or one of `EXPECTED`."""
    if isinstance(error, Failure):
        return error.problem
    node = getattr(error, "node", "") or None
    cause = _cause(error)
    if _is_out_of_memory(cause):
        return Problem(
            "out-of-memory",
            "There is not enough memory for this network and this batch_size.",
            "Take a smaller batch_size, or make the network smaller.",
            node=node,
        )
    if isinstance(error, StepError):
        return _step(node, cause)
    if isinstance(cause, ModuleNotFoundError) and cause.name == "torch_geometric":
        return Problem("graph-missing", str(error), 'Run: pip install "netwright[graph]"', node=node)
    if isinstance(error, PlanError):
        return Problem("plan", str(error), node=node)
    if isinstance(error, UserError):
        return Problem("data", str(error))
    return Problem(
        "folder",
        f"The run's folder could not be written: {_first_line(cause)}.",
        "Choose another folder, or free some space.",
    )


def _step(node: str | None, cause: Exception) -> Problem:
    where, line = node or "the network", code_line(cause)
    if line is not None:
        where = f"{where} (line {line} of its code)"
    text = _first_line(cause)
    if node and "more than 1 value per channel" in text:
        hint = "Take a batch_size of 2 or more."
        return Problem("batch-of-one", f"{node} compares examples, but gets a batch of one.", hint, node=node)
    if node and isinstance(cause, IndexError) and "index out of range" in text:
        hint = "Make its table longer than the largest index in the data."
        return Problem("index-range", f"{node} was asked for an index that its table does not have.", hint, node=node)
    hint = "Check its settings and what reaches it."
    return Problem("torch", f"torch could not run {where}: {text}.", hint, node=node)


def _cause(error: Exception) -> Exception:
    if isinstance(error, StepError):
        return error.original
    if isinstance(error, PlanError) and isinstance(error.__cause__, Exception):
        return error.__cause__
    return error


def _is_out_of_memory(error: Exception) -> bool:
    """On the CPU torch raises a plain RuntimeError, which only its words tell apart."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(
        words in str(error) for words in ("can't allocate memory", "not enough memory", "out of memory")
    )


def _first_line(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or first_line(error) or type(error).__name__
    return text.strip().split("\n")[0].rstrip(".")
