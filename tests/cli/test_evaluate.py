"""`netwright evaluate`: figures of a run that was kept, and one sentence where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shell import one_sentence

from designer.cli import main


def test_a_run_is_measured_with_the_names_of_its_classes(run_of_iris: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(run_of_iris)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("22 examples of the test split of iris.")
    result = json.loads((run_of_iris / "run.json").read_text())["result"]["metrics"]
    assert f"accuracy   {result['test_accuracy']:.2%}" in told
    for name in ("setosa", "versicolor", "virginica", "precision", "recall"):
        assert name in told


def test_as_json_it_is_one_object(run_of_iris: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["evaluate", str(run_of_iris), "--split", "validation", "--json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert found["event"] == "evaluated"
    (verdict,) = found["verdicts"]
    assert verdict["classes"] == ["setosa", "versicolor", "virginica"]
    assert sum(map(sum, verdict["matrix"])) == found["examples"]


def test_what_is_no_run_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert one_sentence(told)
    assert str(tmp_path) in told
