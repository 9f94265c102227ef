from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from shell import CNN, COMMAND, IRIS, environment, netwright, one_sentence

from designer.cli import main


@pytest.mark.parametrize("text", ["", "no json", '{"format": "other/1"}', '{"format": "netwright/1"}', "[" * 100_000])
@pytest.mark.parametrize("command", [["check"], ["summary"], ["train"], ["export", "--to", "pytorch", "-o", "-"]])
def test_a_file_that_is_no_design_ends_with_2_and_one_sentence(
    command: list[str], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "foreign.netwright"
    path.write_text(text, "utf-8")
    assert main([*command, str(path)]) == 2
    said = capsys.readouterr()
    assert one_sentence(said.err)
    assert said.out == ""


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "nothing.netwright")]) == 2
    assert "nothing.netwright cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["summary", IRIS, "--yaml"],
        ["train", IRIS, "--epochs", "0"],
        ["train", IRIS, "--epochs", "many"],
        ["export", IRIS, "--to", "gif", "-o", "x"],
        ["export", IRIS, "--to", "pytorch"],
        ["chekc", IRIS],
        ["--unknown"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("netwright")
    assert "--help" in told
    assert told.count("\n") == 1


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(command in told for command in ("check", "summary", "train", "export", "worker"))


def test_a_word_that_is_neither_file_nor_command_opens_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chekc"]) == 2
    assert "chekc is neither a file nor a command" in capsys.readouterr().err


def test_a_bug_is_told_in_one_sentence_and_kept_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("designer.cli.check.read_report", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["check", IRIS]) == 70
    assert one_sentence(capsys.readouterr().err)
    (log,) = tmp_path.glob("netwright-*.log")
    assert "ZeroDivisionError" in log.read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", CNN],
        ["summary", CNN, "--json"],
        ["export", CNN, "--to", "pytorch", "-o", "-"],
        ["export", CNN, "--to", "summary", "-o", "-"],
        ["train", "nothing.netwright"],
    ],
    ids=lambda arguments: " ".join(arguments[:1] + arguments[2:4]),
)
def test_what_needs_neither_torch_nor_qt_loads_neither(arguments: list[str]) -> None:
    program = (
        "import sys; from designer.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'torch', 'PySide6', 'numpy', 'sklearn'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}') if heavy else None"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments], capture_output=True, env=environment(), timeout=120
    )
    assert ended.returncode == 0, ended.stderr.decode()


def test_python_m_designer_is_the_same_program_from_any_folder(tmp_path: Path) -> None:
    ended = netwright("check", IRIS, cwd=tmp_path)
    assert ended.returncode == 0
    assert ended.stdout.startswith(b"iris.netwright is sound")
    assert ended.stderr == b""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_the_window_without_a_display_is_refused_in_a_sentence() -> None:
    lacking = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    without = {name: value for name, value in environment().items() if name not in lacking}
    ended = subprocess.run([*COMMAND, IRIS], capture_output=True, env=without, timeout=120)
    assert ended.returncode == 1
    assert one_sentence(ended.stderr.decode())


def test_a_reader_that_leaves_early_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        ended = subprocess.run(
            [*COMMAND, "summary", CNN], stdout=closed, stderr=subprocess.PIPE, env=environment(), timeout=120
        )
    assert ended.stderr == b""
    assert ended.returncode == 141


def test_the_worker_answers_on_stdout_and_ends_with_stdin() -> None:
    ended = netwright("worker")
    assert ended.returncode == 0
    assert json.loads(ended.stdout.splitlines()[0])["event"] == "ready"
