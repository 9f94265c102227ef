"""What screen readers are told of a node: all in one line, as the canvas shows it to the eye."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from designer.catalogue.tensor import Specs, TensorSpec
from designer.compiler.checking.report import NodeReport, Report
from designer.graph.document import Node
from designer.gui.offers import offer_of
from designer.problems import Problem

MOST = 6
"""Of more selected nodes than that, the number is told and not the names."""


def title_of(node: Node) -> str:
    """What kind of layer a node is, in words."""
    offer = offer_of(node)
    return offer.title if offer is not None else node.layer or "unknown layer"


def node_in_words(node: Node, report: NodeReport | None, problems: Collection[Problem] = ()) -> str:
    """One line: "conv1, Convolution 2D, 16 x 8 x 8, 160 parameters, 1 error"."""
    parts = [node.id, title_of(node)]
    if report is not None:
        parts.append(_shape(report.shape) if report.shape is not None else "shape not known yet")
        if report.parameters:
            parts.append(_plural(report.parameters, "parameter"))
    parts += problems_in_words(problems)
    return ", ".join(parts)


def problems_in_words(problems: Collection[Problem]) -> list[str]:
    """How many there are of each kind: "1 error", "2 tips"."""
    counts = Counter(problem.severity.value for problem in problems)
    return [_plural(count, kind) for kind, count in counts.items()]


def selection_in_words(report: Report, chosen: Collection[str]) -> str:
    """What is selected: a node with all that is known of it, or the names of several."""
    names = sorted(name for name in chosen if name in report.nodes)
    if len(names) == 1:
        found = report.nodes[names[0]]
        return node_in_words(found.node, found, report.problems_by_node.get(names[0], ()))
    if len(names) > MOST:
        return f"{len(names):,} layers"
    return f"{len(names)} layers: {', '.join(names)}" if names else "nothing"


def _shape(specs: Specs) -> str:
    if isinstance(specs, TensorSpec):
        return " x ".join(map(str, specs.shape)) or "one number"
    return " and ".join(map(_shape, specs))


def _plural(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
