from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.torch import load_file
from shell import CNN, IRIS, SAMPLES, netwright, one_sentence

from designer.cli import main
from designer.compiler.lowering.lower import lower
from designer.compiler.project import examine, open_design
from designer.engine import weights
from designer.engine.network import Network


def test_the_source_on_stdout_is_the_source_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "network.py"
    assert main(["export", CNN, "--to", "pytorch", "-o", str(path)]) == 0
    ended = netwright("export", CNN, "--to", "pytorch", "-o", "-")
    assert ended.stdout == path.read_bytes()
    compile(path.read_text("utf-8"), "network.py", "exec")


def test_a_broken_design_has_no_source(broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "network.py"
    assert main(["export", str(broken), "--to", "pytorch", "-o", str(out)]) == 1
    assert "Nothing reaches dense." in capsys.readouterr().err
    assert not out.exists()


def test_the_training_script_is_written_and_what_it_cannot_hold_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "train.py"
    assert main(["export", IRIS, "--to", "script", "-o", str(path)]) == 0
    assert "def predict(" in path.read_text("utf-8")
    capsys.readouterr()
    assert main(["export", str(SAMPLES["karate_gcn"]), "--to", "script", "-o", "-"]) == 1
    assert one_sentence(capsys.readouterr().err.replace(". Export", "; export"))


def test_a_design_that_cannot_be_trained_has_no_training_script(
    broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(broken), "--to", "script", "-o", str(tmp_path / "train.py")]) == 1
    assert "Nothing reaches dense." in capsys.readouterr().err


def test_the_weights_of_a_run_are_exported(run_of_iris: Path, tmp_path: Path) -> None:
    out = tmp_path / "iris.safetensors"
    assert main(["export", IRIS, "--to", "weights", "--run", str(run_of_iris), "-o", str(out)]) == 0
    ours, theirs = load_file(out), load_file(run_of_iris / "best.safetensors")
    assert ours.keys() == theirs.keys()
    assert all(ours[name].equal(theirs[name]) for name in ours)
    Network(lower(examine(open_design(SAMPLES["iris"])))).load_state_dict(ours)


def test_without_a_run_the_weights_are_fresh_and_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "1.safetensors", tmp_path / "2.safetensors"
    assert main(["export", IRIS, "--to", "weights", "-o", str(first)]) == 0
    assert "with fresh weights, drawn by seed 0" in capsys.readouterr().out
    assert main(["export", IRIS, "--to", "weights", "-o", str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()


def test_weights_of_another_network_are_refused(
    run_of_iris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cnn.safetensors"
    assert main(["export", CNN, "--to", "weights", "--run", str(run_of_iris), "-o", str(out)]) == 1
    assert "those of another network" in capsys.readouterr().err
    assert not out.exists()


def test_a_run_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "iris.safetensors"
    assert main(["export", IRIS, "--to", "weights", "--run", str(tmp_path / "nothing"), "-o", str(out)]) == 1
    assert one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("kind", ["pytorch", "script", "summary", "weights", "svg", "png"])
def test_a_place_that_cannot_be_written_is_refused(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", IRIS, "--to", kind, "-o", str(tmp_path / "nowhere" / "file")]) == 1
    assert one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("kind", ["weights", "onnx", "png"])
def test_what_is_no_text_does_not_go_to_stdout(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", IRIS, "--to", kind, "-o", "-"]) == 2
    assert one_sentence(capsys.readouterr().err)


def test_a_run_is_refused_where_no_weights_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", IRIS, "--to", "svg", "--run", "x", "-o", "-"]) == 2
    assert one_sentence(capsys.readouterr().err)


def test_onnx_holds_the_weights_of_the_run(run_of_iris: Path, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    out = tmp_path / "iris.onnx"
    assert main(["export", IRIS, "--to", "onnx", "--run", str(run_of_iris), "-o", str(out)]) == 0
    held = [onnx.numpy_helper.to_array(weight) for weight in onnx.load(str(out)).graph.initializer]
    for weight in load_file(run_of_iris / "best.safetensors").values():
        assert any(array.shape == weight.shape and (array == weight.numpy()).all() for array in held)


def test_pictures_are_drawn_on_a_machine_without_a_display(tmp_path: Path) -> None:
    ended = netwright("export", CNN, "--to", "svg", "-o", "-")
    assert ended.returncode == 0, ended.stderr.decode()
    texts = {element.text for element in ET.fromstring(ended.stdout).iter("{http://www.w3.org/2000/svg}text")}
    assert "conv1" in texts
    out = tmp_path / "cnn.png"
    assert netwright("export", CNN, "--to", "png", "-o", str(out)).returncode == 0
    assert out.read_bytes().startswith(b"\x89PNG")


def test_exported_weights_begin_where_a_run_begins(tmp_path: Path) -> None:
    plan = lower(examine(open_design(SAMPLES["iris"])))
    weights.export(plan, str(tmp_path / "a"), None, 1)
    weights.export(plan, str(tmp_path / "b"), None, 2)
    with safe_open(tmp_path / "a", "pt") as one, safe_open(tmp_path / "b", "pt") as other:
        assert not one.get_tensor("hidden.weight").equal(other.get_tensor("hidden.weight"))
