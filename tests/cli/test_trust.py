"""Designs with Python code of their own on the command line: nothing of it runs without --trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from designer.catalogue.custom_code import TEMPLATE
from designer.cli import main
from designer.cli.inspector import Inspector
from designer.compiler.checking.check import check
from designer.compiler.checking.custom import questions
from designer.graph import files
from designer.graph.document import Document, Link, Node
from designer.protocol import Inspect


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """The file that the design's code writes when it is run."""
    return tmp_path / "trap"


@pytest.fixture
def path(tmp_path: Path, trap: Path) -> Path:
    code = TEMPLATE.replace("super()", f"open({str(trap)!r}, 'w').close(); print('made'); super()")
    nodes = [
        Node("measures", "Input", {"shape": (4,)}), Node("waves", "Custom", {"code": code, "arguments": "features=3"}),
        Node("scores", "Linear", {"out_features": 3}), Node("species", "Output", {"loss": "CrossEntropyLoss"}),
    ]  # fmt: skip
    links = (Link("measures", "waves"), Link("waves", "scores"), Link("scores", "species"))
    places = {node.id: (220.0 * place, 0.0) for place, node in enumerate(nodes)}
    path = tmp_path / "own.netwright"
    document = Document({node.id: node for node in nodes}, links, places, data={"source": "iris"})
    files.write(document, path)
    return path


def test_without_trust_nothing_runs_and_what_is_unknown_is_said(
    path: Path, trap: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(path)]) == 1
    told = capsys.readouterr()
    assert "own.netwright carries Python code of its own (1 layer). It is not run without --trust." in told.err
    assert "error: waves: The Python code of waves has not been run yet" in told.out
    assert main(["summary", str(path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["nodes"]
    assert [row["output_shape"] for row in rows] == [[4], None, None, None]
    for kind in ("pytorch", "onnx", "weights"):
        assert main(["export", str(path), "--to", kind, "-o", str(tmp_path / kind)]) == 1
    assert main(["train", str(path), "--out", str(tmp_path / "run")]) == 1
    assert not trap.exists()


def test_with_trust_the_code_is_run(path: Path, trap: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(path), "--trust"]) == 0
    assert trap.exists()
    assert "own.netwright is sound: 4 layers, 21 parameters." in capsys.readouterr().out
    assert main(["export", str(path), "--trust", "--to", "pytorch", "-o", "-"]) == 0
    assert "self.waves = Waves(features=3)" in capsys.readouterr().out
    assert main(["export", str(path), "--trust", "--to", "onnx", "-o", str(tmp_path / "own.onnx")]) == 0
    capsys.readouterr()
    run = tmp_path / "run"
    assert main(["train", str(path), "--trust", "--epochs", "1", "--device", "cpu", "--out", str(run), "--json"]) == 0
    said = capsys.readouterr()
    assert "made" in said.err
    assert all(json.loads(line)["event"] for line in said.out.splitlines())
    best = ["export", str(path), "--trust", "--to", "weights", "--run", str(run), "-o", str(tmp_path / "w")]
    assert main(best) == 0


def question(body: str) -> Inspect:
    head = 'import os\nfrom torch import nn\nclass Own(nn.Module):\n    """Own."""'
    code = f"{head}\n    def forward(self, x):\n        {body}\n"
    nodes = [Node("a", "Input", {"shape": (4,)}), Node("own", "Custom", {"code": code}), Node("b", "Output")]
    links = (Link("a", "own"), Link("own", "b"))
    (found,) = questions(check(Document({node.id: node for node in nodes}, links)))
    return found


def test_a_layer_that_hangs_or_crashes_is_a_problem_and_the_next_one_is_asked_afresh() -> None:
    inspector = Inspector(patience=6)
    try:
        answers = [inspector.ask(question(body)) for body in ("while True: pass", "os._exit(3)", "return x")]
        foreign = inspector.ask(replace(question("return x"), outputs=2))
    finally:
        inspector.end()
    assert [each.problem.code if each.problem is not None else "" for each in (*answers, foreign)] == [
        "custom-hung", "custom-crash", "", "custom-code",
    ]  # fmt: skip
