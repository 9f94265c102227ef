"""Problems as plain data."""

from __future__ import annotations

from designer.problems import Fix, Problem


def test_a_problem_inside_a_group_names_the_way_and_so_do_its_fixes() -> None:
    problem = Problem("code", "What is wrong.", "What to do.", node="conv1", fixes=(Fix("Mend", "remove"),))
    outer = problem.within("inner").within("block1")
    assert outer.node == "block1.inner.conv1"
    assert outer.fixes[0].inside == ("block1", "inner")
    assert Problem("code", "Nothing leaves.").within("block1").node == "block1"


def test_its_sentence_is_what_is_wrong_and_what_to_do() -> None:
    assert Problem("code", "What is wrong.", "What to do.").sentence == "What is wrong. What to do."
    assert Problem("code", "What is wrong.").sentence == "What is wrong."


def test_its_sentence_holds_nothing_that_would_command_a_terminal() -> None:
    assert Problem("code", "There is no \x1b]0;title\x07\nlayer.").sentence == "There is no ?]0;title??layer."
