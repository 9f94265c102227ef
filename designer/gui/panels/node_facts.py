"""What the check knows of a node, as rich text: what enters, what leaves, what is learned, what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import prod

from designer.catalogue.tensor import Specs, dims
from designer.compiler.checking.report import NodeReport, Report
from designer.gui.panels.texts import breakable, count_text, plural, short_count, specs_text
from designer.gui.theme import Theme


def facts_html(report: NodeReport, theme: Theme) -> str:
    """Shapes, weights with their counts, and multiply-adds."""
    parts = []
    if report.inputs:
        parts.append(table("Input", _inputs(report), theme))
    if report.outputs:
        outputs = ((port.name, specs_text(report.outgoing.get(port.name))) for port in report.outputs)
        parts.append(table("Output", outputs, theme))
    if report.weights:
        parts.append(table("Weights", _counted(report.weights), theme))
    if report.buffers:
        parts.append(table("Kept beside the weights", _counted(report.buffers), theme))
    macs = _macs(report)
    if report.known and (report.parameters or macs != "0"):
        cost = [("parameters", count_text(report.parameters)), *trainable_row(report), ("multiply-adds", macs)]
        parts.append(table("Cost", cost, theme))
    return "".join(parts)


def trainable_row(report: NodeReport | Report) -> list[tuple[str, str]]:
    """How many parameters training changes, where that is not all of them."""
    trainable = report.trainable_parameters
    return [("trainable", count_text(trainable))] if trainable != report.parameters else []


def group_text(report: NodeReport) -> str:
    """What stands inside a group, in one sentence."""
    if not report.rounds:
        return "There is no network inside."
    inside = report.rounds[0]
    text = f"{plural(len(inside.nodes), 'node')} inside with {plural(inside.parameters, 'parameter')}"
    if len(report.rounds) > 1:
        text += f", {len(report.rounds)} times in a row: {short_count(report.parameters)} parameters in all"
    return f"{text}."


def _macs(report: NodeReport) -> str:
    """The multiply-adds; where a length is free they cannot be counted."""
    free = [name for specs in report.arguments() for name in _free_lengths(specs)]
    return f"depends on {', '.join(dict.fromkeys(free))}" if free and not report.macs else count_text(report.macs)


def _free_lengths(specs: Specs | None) -> list[str]:
    tensors = specs if isinstance(specs, tuple) else (specs,)
    return [length for spec in tensors if spec is not None for length in spec.shape if isinstance(length, str)]


def _inputs(report: NodeReport) -> Iterable[tuple[str, str]]:
    for port in report.inputs:
        reached = report.incoming.get(port.name)
        if reached is None:
            yield port.name, "nothing linked (optional)" if port.optional else "nothing linked"
        else:
            yield port.name, "\n".join(specs_text(specs) for specs in reached)


def _counted(tensors: dict[str, tuple[int, ...]]) -> Iterable[tuple[str, str]]:
    for name, shape in tensors.items():
        yield name, f"{dims(shape)} = {count_text(prod(shape))}" if len(shape) > 1 else dims(shape)


def table(title: str, rows: Iterable[tuple[str, str]], theme: Theme) -> str:
    """Texts with their names, below a title where there is one."""
    muted = theme.muted.name()
    lines = "".join(
        f'<tr><td style="color:{muted};padding-right:12px">{_cell(name)}</td><td>{_cell(text)}</td></tr>'
        for name, text in rows
    )
    head = f'<p style="margin:10px 0 2px 0"><b>{escape(title)}</b></p>' if title else ""
    return f'{head}<table cellspacing="0" cellpadding="1">{lines}</table>'


def _cell(text: str) -> str:
    return escape(breakable(text)).replace("\n", "<br>")
