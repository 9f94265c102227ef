from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from safetensors.torch import load_file
from shell import CNN, COMMAND, IRIS, SAMPLES, environment, netwright, one_sentence

from designer.cli import main
from designer.cli.progress import duration, figure
from designer.compiler.project import open_design
from designer.graph.writing import dumps
from designer.protocol import Epoch, Finished, Progress, Started, decode_event


def test_train_as_json_tells_the_protocol_and_ends_with_finished(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    ended = netwright("train", IRIS, "--epochs", "3", "--device", "cpu", "--out", str(folder), "--json")
    assert ended.returncode == 0, ended.stderr.decode()
    assert ended.stderr == b""
    lines = ended.stdout.splitlines()
    events = [decode_event(line) for line in lines]
    assert isinstance(events[0], Started)
    assert sum(isinstance(event, Epoch) for event in events) == 3
    last = json.loads(lines[-1])
    assert last["event"] == "finished"
    assert last["run"] == str(folder)
    assert last["epochs"] == 3
    assert {"train_loss", "validation_loss", "validation_accuracy", "test_accuracy"} <= set(last["metrics"])
    assert last["steps"] > 0
    assert last["seconds"] > 0


def test_a_run_leaves_weights_figures_and_the_design(run_of_iris: Path) -> None:
    names = {path.name for path in run_of_iris.iterdir()}
    assert names == {
        "best.checkpoint", "best.safetensors", "design.netwright", "last.checkpoint", "last.safetensors", "losses.f32",
        "metrics.jsonl", "run.json",
    }  # fmt: skip
    assert dumps(open_design(run_of_iris / "design.netwright")) == SAMPLES["iris"].read_text("utf-8")


def test_train_prints_a_line_an_epoch_and_a_table(tmp_path: Path) -> None:
    ended = netwright("train", IRIS, "--epochs", "2", "--device", "cpu", cwd=tmp_path)
    assert ended.returncode == 0
    told, shown = ended.stdout.decode(), ended.stderr.decode()
    assert "epoch 1/2: train_loss" in shown
    assert "epoch 2/2: train_loss" in shown
    assert "\r" not in shown
    assert sorted(line.split()[0] for line in told.splitlines() if "accu" in line or "loss" in line) == [
        "accuracy",
        "loss",
    ]
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("Three-kinds-of-iris-")
    assert f"The run is in {Path('runs') / folder.name}." in told


def test_train_shows_a_bar_in_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    master, terminal = pty.openpty()
    ended = subprocess.run(
        [*COMMAND, "train", IRIS, "--epochs", "2", "--device", "cpu", "--out", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=terminal, env=environment(COLUMNS="120"), timeout=120,
    )  # fmt: skip
    os.close(terminal)
    shown = os.read(master, 100_000).decode()
    os.close(master)
    assert ended.returncode == 0
    assert "Training on cpu: 2 epochs of 7 steps; examples: 106 train, 22 validation, 22 test." in shown
    assert "\repoch 1/2 [" in shown
    assert "epoch 1/2: " not in shown
    assert shown.endswith("\r")


def test_the_same_design_and_seed_give_the_same_run(run_of_iris: Path, tmp_path: Path) -> None:
    assert main(["train", IRIS, "--epochs", "2", "--device", "cpu", "--out", str(tmp_path / "again"), "--json"]) == 0
    assert (tmp_path / "again" / "metrics.jsonl").read_bytes() == (run_of_iris / "metrics.jsonl").read_bytes()


def test_ctrl_c_ends_the_run_and_keeps_the_weights(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    process = subprocess.Popen(
        [*COMMAND, "train", CNN, "--epochs", "10000", "--device", "cpu", "--out", str(folder), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    while not isinstance(decode_event(process.stdout.readline()), Progress):
        pass
    process.send_signal(signal.SIGINT)
    rest, told = process.communicate(timeout=120)
    last = decode_event(rest.splitlines()[-1])
    assert isinstance(last, Finished)
    assert last.stopped
    assert process.returncode == 130
    assert told == b""
    assert load_file(folder / "last.safetensors")


def test_a_design_that_cannot_be_trained_is_refused_before_torch_is_loaded(
    broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(broken), "--out", str(tmp_path / "run")]) == 1
    told = capsys.readouterr().err
    assert "Nothing reaches dense." in told
    assert "No data is chosen." in told
    assert not (tmp_path / "run").exists()


def test_a_device_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "run"
    assert main(["train", IRIS, "--device", "toaster", "--out", str(folder), "--json"]) == 1
    said = capsys.readouterr()
    assert one_sentence(said.err)
    assert "There is no device called toaster here." in said.err
    assert json.loads(said.out.splitlines()[-1])["event"] == "failed"
    assert not folder.exists()


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "0 s"), (59, "59 s"), (61, "1:01"), (3725, "1:02:05")])
def test_a_time_is_written_as_people_say_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_figure_that_is_not_finite_is_said_to_be() -> None:
    assert figure(None) == "not finite"
    assert figure(0.98148, "test_accuracy") == "98.15%"
    assert figure(0.036861, "loss") == "0.03686"


def test_a_run_goes_on_for_more_epochs_as_if_it_had_been_longer(
    run_of_iris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(run_of_iris, tmp_path / "run")
    folder = str(tmp_path / "run")
    assert main(["train", IRIS, "--device", "cpu", "--resume", folder]) == 1
    assert "There are no epochs to train after 2. Choose at least 3." in capsys.readouterr().err
    assert main(["train", IRIS, "--device", "cpu", "--resume", folder, "--epochs", "4"]) == 0
    assert main(["train", IRIS, "--device", "cpu", "--out", str(tmp_path / "whole"), "--epochs", "4"]) == 0
    for name in ("metrics.jsonl", "losses.f32", "best.safetensors", "last.safetensors"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_only_a_run_of_this_design_goes_on(
    run_of_iris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", CNN, "--resume", str(run_of_iris), "--epochs", "9"]) == 1
    assert "The network of the design is no longer the one of the run in" in capsys.readouterr().err
    assert main(["train", IRIS, "--resume", str(tmp_path)]) == 1
    assert "Name the folder of a run." in capsys.readouterr().err
    assert main(["train", IRIS, "--resume", str(run_of_iris), "--out", str(tmp_path)]) == 2
    assert main(["train", IRIS, "--from-best"]) == 2


def test_a_run_that_gets_no_better_ends_by_itself_and_says_why(tmp_path: Path) -> None:
    document = json.loads(SAMPLES["iris"].read_text("utf-8"))
    document["training"] = {"optimizer": {"kind": "SGD", "lr": 0.0}, "epochs": 50, "patience": 2, "device": "cpu"}
    (tmp_path / "still.netwright").write_text(json.dumps(document), "utf-8")
    ended = netwright("train", "still.netwright", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr.decode()
    assert "the best of 3, stopped: no better validation loss for 2 epochs" in ended.stdout.decode()
