"""An output that needs an optional input: its reader is told, once, what to link."""

from __future__ import annotations

from designs import design, node

from designer.compiler.checking.check import check
from designer.graph import edits

SCORES = node("scores", "Input", shape=(7, 3))
RIGHT = node("right", "Input", shape=(7,), dtype="int64")


def test_a_likelihood_without_tags_is_one_problem_at_the_port() -> None:
    document = design(SCORES, node("crf", "CRF"), node("loss", "Output"), links="scores crf, crf.nll loss")
    (problem,) = check(document).problems
    assert (problem.code, problem.node, problem.port) == ("unfed-output", "crf", "tags")
    linked = edits.add_node(document, RIGHT)
    (fix,) = next(each for each in check(linked).problems if each.code == "unfed-output").fixes
    mended = edits.apply_fix(linked, fix)
    report = check(mended, previous=check(document))
    assert report.problems == ()
    assert str(report.nodes["loss"].shape) == "N"


def test_decoding_needs_no_tags() -> None:
    document = design(SCORES, node("crf", "CRF"), node("path", "Output"), links="scores crf, crf path")
    report = check(document)
    assert report.problems == ()
    assert str(report.nodes["path"].shape) == "N x 7 int64"
