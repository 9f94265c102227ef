"""Whether a table of vectors is long enough for what the data looks up in it."""

from __future__ import annotations

from collections.abc import Iterator

from designer.catalogue.datasets import Field
from designer.compiler.checking.report import NodeReport, Report
from designer.problems import Fix, Problem


def table_problems(report: Report, source: NodeReport, field: Field) -> Iterator[Problem]:
    """A problem for each layer that reads an Input and has fewer vectors than the field has classes."""
    if field.spec.is_float or not field.classes:
        return
    for link in report.document.outgoing.get(source.node.id, ()):
        node = report.nodes[link.target]
        if node.layer is None or not node.layer.table:
            continue
        has, needs = getattr(node.layer, node.layer.table), len(field.classes)
        if isinstance(has, int) and has < needs:
            yield _short(node.node.id, node.layer.table, has, needs, source.node.id)


def _short(node: str, setting: str, has: int, needs: int, source: str) -> Problem:
    label = f"Set {setting} of {node} to {needs}"
    return Problem(
        "table-short",
        f"{node} has {has:,} vectors, but the data gives {source} {needs:,} different numbers.",
        f"{label}.",
        node=node,
        setting=setting,
        fixes=(Fix(label, "change_settings", {"node": node, "values": {setting: needs}}),),
    )
