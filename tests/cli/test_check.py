from __future__ import annotations

import json
from pathlib import Path

import pytest
from shell import CNN, SAMPLES

from designer.cli import main


def test_check_says_that_a_sound_design_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", CNN]) == 0
    assert "digits_cnn.netwright is sound: 10 layers, 9,930 parameters." in capsys.readouterr().out


def test_check_tells_each_problem_with_its_place(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(broken)]) == 1
    told = capsys.readouterr().out
    assert "error: dense: Nothing reaches dense." in told
    assert "warning: image:" in told
    assert "sound" not in told


def test_the_summary_is_a_table_with_totals(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", CNN]) == 0
    told = capsys.readouterr().out
    assert "Parameters: 9,930" in told
    assert "residual.1.conv1" not in told
    assert main(["summary", str(SAMPLES["digits_residual"])]) == 0
    assert "residual.1.conv1" in capsys.readouterr().out


def test_the_summary_as_json_is_one_object_with_all_that_scripts_need(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", CNN, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["parameters"] == told["trainable_parameters"] == 9930
    assert told["problems"] == []
    conv = next(node for node in told["nodes"] if node["id"] == "conv1")
    assert conv == {
        "id": "conv1", "layer": "Conv2d", "output_shape": [16, 8, 8], "parameters": 160, "trainable_parameters": 160,
        "macs": 9216, "weight_bytes": 640, "activation_bytes": 0, "receptive_field": [3, 3],
    }  # fmt: skip


def test_a_broken_design_has_a_summary_with_its_problems(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", str(broken), "--json"]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {"unconnected", "isolated"} <= {problem["code"] for problem in problems}
    assert set(problems[0]) == {"code", "severity", "node", "message", "hint"}


def test_names_in_a_file_do_not_command_the_terminal(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken.write_text(broken.read_text("utf-8").replace("dense", r"\u001b[2J\n").replace("Linear", r"\u0007"), "utf-8")
    for command in (["check"], ["summary"], ["export", "--to", "pytorch", "-o", "-"]):
        main([command[0], str(broken), *command[1:]])
        told = capsys.readouterr()
        assert "?[2J?" in told.out + told.err
        assert not {"\x1b", "\x07"} & set(told.out + told.err)
