"""Opening a design as the program means it."""

from __future__ import annotations

from pathlib import Path

import pytest
from designs import design, group, node

from designer.compiler.project import examine, open_design, own_settings, without_defaults
from designer.graph import files
from designer.problems import UserError


def test_settings_that_repeat_the_default_are_not_held_anywhere() -> None:
    inside = design(node("relu", "Linear", bias=True, out_features=5))
    document = design(node("lin", "Linear", bias=True, out_features=5), group("g", inside, repeat=1),
                      node("odd", "Mystery", bias=True), blocks={"b": inside})  # fmt: skip
    held = without_defaults(document)
    assert held.nodes["lin"].settings == {"out_features": 5}
    assert held.at(("g",)).nodes["relu"].settings == {"out_features": 5}
    assert held.blocks["b"].nodes["relu"].settings == {"out_features": 5}
    assert held.nodes["g"].settings == {}
    assert held.nodes["odd"].settings == {"bias": True}


@pytest.mark.parametrize("value", [1, 1.0, "true", None])
def test_what_only_looks_like_the_default_is_held(value: object) -> None:
    assert own_settings("Linear", {"bias": value}) == {"bias": value}


def test_a_file_is_opened_without_defaults_and_a_bad_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.netwright"
    files.write(design(node("lin", "Linear", bias=True)), path)
    assert open_design(path).nodes["lin"].settings == {}
    path.write_text("{")
    with pytest.raises(UserError):
        open_design(path)


def test_a_design_is_examined_together_with_its_data() -> None:
    report = examine(design(node("x", "Input"), node("out", "Output"), links="x out", data={"source": "nonsense"}))
    assert [problem.code for problem in report.problems] == ["data"]
    shaped = examine(design(node("x", "Input"), node("out", "Output"), links="x out", data={"source": "digits"}))
    assert [problem.code for problem in shaped.problems] == ["data-shape"]
