"""`netwright predict`: answers to a table in the terminal or in a file, and one sentence for what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import one_sentence

from designer.cli import main

HEAD = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"


def test_a_table_is_answered_row_by_row(run_of_iris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new.csv").write_text(f"{HEAD}\n5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n")
    assert main(["predict", str(run_of_iris), str(tmp_path / "new.csv")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].split()[-2:] == ["species", "probability"]
    out = tmp_path / "out.csv"
    assert main(["predict", str(run_of_iris), str(tmp_path / "new.csv"), "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"{out} is written with 2 answers.\n"
    assert out.read_text().splitlines()[0] == f"{HEAD},species,species probability"


def test_a_bad_row_is_named(run_of_iris: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new.csv").write_text(f"{HEAD}\n5.1,3.5,1.4,0.2\n6.3,3.3,long,2.5\n")
    assert main(["predict", str(run_of_iris), str(tmp_path / "new.csv")]) == 1
    told = capsys.readouterr().err
    assert one_sentence(told)
    assert 'Row 2 of new.csv has "long" in petal length (cm)' in told
