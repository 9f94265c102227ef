"""The table of a network: each layer's id, kind, output shape, parameters and multiply-adds, and the totals.

A row has its own count; the totals count shared weights once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.catalogue.tensor import Specs, TensorSpec
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.cost import USUAL, NodeCost, batch_size_of, size_text, training_cost
from designer.problems import one_line

HEADER = ("id", "layer", "output shape", "parameters", "trainable", "MACs")
TEXTS = 3
"""The first columns are texts, the others numbers."""
TRAINABLE = 4
"""The column that is left out where everything is trained."""


def shape_text(spec: Specs | None) -> str:
    """What leaves a port, as the window writes it; "?" where it is not known."""
    if spec is None:
        return "?"
    return str(spec) if isinstance(spec, TensorSpec) else ", ".join(str(part) for part in spec)


def count(number: int) -> str:
    """A whole number with its thousands apart: "473,890"."""
    return f"{number:,}"


def text(report: Report) -> str:
    """The table as plain text, with the totals and the problems below."""
    rows = [HEADER, *(_row(name, node) for name, node in report.rows())]
    frozen = report.parameters - report.trainable_parameters
    if not frozen:
        rows = [(*row[:TRAINABLE], *row[TRAINABLE + 1 :]) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "-" * len(lines[0]))
    lines += ["", f"Parameters: {count(report.parameters)}"]
    if frozen:
        lines.append(f"Trainable parameters: {count(report.trainable_parameters)}; {count(frozen)} are frozen")
    lines.append(f"MACs for one example: {count(report.macs)}{beyond(report)}")
    lines += _memory(report)
    if report.problems:
        lines += ["", "Problems:"]
        lines += [f"  {p.severity}: {f'{one_line(p.node)}: ' if p.node else ''}{p.sentence}" for p in report.problems]
    return "\n".join(lines) + "\n"


def _memory(report: Report) -> list[str]:
    """What training takes, and of what that is made up."""
    found, batch_size = training_cost(report), batch_size_of(report)
    parts = (
        ("weights", found.weights),
        ("gradients", found.gradients),
        ("optimizer", found.optimizer),
        ("kept for the gradients", found.activations),
    )
    made_up = ", ".join(f"{what} {size_text(number)}" for what, number in parts)
    return [
        f"Memory in training, {batch_size} examples at a time, {USUAL}: about {size_text(found.training)}",
        f"  {made_up}",
    ]


def beyond(report: Report) -> str:
    """What to say behind the multiply-adds where some depend on a free length; empty where none do."""
    return f", and more with {' and '.join(report.free_lengths)}" if report.free_lengths else ""


def _row(name: str, node: NodeReport) -> tuple[str, ...]:
    numbers = (node.parameters, node.trainable_parameters, node.macs)
    return (one_line(name), one_line(node.node.layer), shape_text(node.shape), *map(count, numbers))


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    """Texts to the left, numbers to the right."""
    texts = [cell.ljust(width) for cell, width in zip(row[:TEXTS], widths[:TEXTS], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(row[TEXTS:], widths[TEXTS:], strict=True)]
    return "  ".join([*texts, *numbers])


def as_json(report: Report) -> dict[str, Any]:
    """The table as one JSON object; `output_shape` is the first port's, without the batch.

    Memory is that of training with the design's own batches, in float32; null where a length is free.
    """
    found = training_cost(report)
    return {
        "nodes": [_json_row(name, node, found.nodes[name]) for name, node in report.rows()],
        "parameters": report.parameters,
        "trainable_parameters": report.trainable_parameters,
        "macs": report.macs,
        "weight_bytes": found.weights,
        "activation_bytes": found.activations,
        "training_bytes": found.training,
        "problems": [
            {"code": p.code, "severity": p.severity.value, "node": p.node, "message": p.message, "hint": p.hint}
            for p in report.problems
        ],
    }


def _json_row(name: str, node: NodeReport, cost: NodeCost) -> Mapping[str, Any]:
    return {
        "id": name,
        "layer": node.node.layer,
        "output_shape": _plain_shape(node.shape),
        "parameters": node.parameters,
        "trainable_parameters": node.trainable_parameters,
        "macs": node.macs,
        "weight_bytes": cost.weight_bytes,
        "activation_bytes": cost.activation_bytes,
        "receptive_field": None if cost.receptive_field is None else list(cost.receptive_field),
    }


def _plain_shape(spec: Specs | None) -> list[Any] | None:
    if isinstance(spec, tuple):
        return [list(part.shape) for part in spec]
    return None if spec is None else list(spec.shape)
