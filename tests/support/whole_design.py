"""What holds of every design and of every report, whatever was done to it."""

from __future__ import annotations

from typing import Any

from designer.compiler.checking.report import Report
from designer.graph.document import Document


def assert_whole(document: Document) -> None:
    """Every link, place, dot, frame and remembered id belongs to something that is there."""
    assert all(each.source in document.nodes and each.target in document.nodes for each in document.links)
    assert len(set(document.links)) == len(document.links)
    assert set(document.positions) <= set(document.nodes)
    assert set(document.link_extra) <= set(document.links)
    assert set(document.routes) <= set(document.links)
    assert all(document.routes.values())
    assert all(name == each.id for name, each in document.nodes.items())
    held = [name for frame in document.frames.values() for name in frame.members]
    assert len(held) == len(set(held)), "A node is in two frames."
    assert set(held) <= set(document.nodes)
    assert all(frame.members for frame in document.frames.values())
    for each in document.nodes.values():
        if each.inside is not None:
            assert_whole(each.inside)
    for block in document.blocks.values():
        assert_whole(block)


def plain(report: Report) -> Any:
    """All that a report says, as data that can be compared: two layers are equal where their settings are."""
    nodes = {
        name: (
            each.node, type(each.layer), getattr(each.layer, "values", None), each.inputs, each.outputs,
            dict(each.incoming), dict(each.outgoing), each.weights, each.buffers, each.parameters, each.macs,
            each.problems, [plain(done) for done in each.rounds],
        )
        for name, each in report.nodes.items()
    }  # fmt: skip
    return list(nodes), nodes, report.order, report.problems, report.facts, repr(report.variables)
