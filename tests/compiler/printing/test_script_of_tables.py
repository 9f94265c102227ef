"""Training scripts that read a table of the user's own: they see the same numbers as the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reproduced import assert_reproduced, printed, report_of, small_design

from designer.compiler.lowering.recipe import train_request
from designer.compiler.printing.script.script import script
from designer.graph.document import Document
from designer.problems import UserError

NUMBERS = np.random.default_rng(0)


def table(path: Path, separator: str = ",", gaps: bool = False, decimal: str = ".") -> Path:
    """60 people: age, height, city, number of rooms and whether they answered; some lack an age."""
    lines = [separator.join(("age", " height", "city", "rooms", "answer"))]
    for place in range(60):
        age = "?" if gaps and place % 20 == 3 else str(20 + place)
        height = f"{1.5 + NUMBERS.random() / 2:.3f}".replace(".", decimal)
        city = ("Bern", "Rome", "São Paulo")[place % 3]
        lines.append(separator.join((age, height, f" {city}", str(place % 4), "yes" if place % 2 else "no")))
    path.write_text("\n".join(lines), "utf-8")
    return path


def design(path: Path, width: int, loss: str = "CrossEntropyLoss", scores: int = 2, **data: Any) -> Document:
    return small_design({"source": "file", "path": str(path), **data}, (width,), scores, loss)


def test_numbers_and_categories_are_read_as_the_engine_does(tmp_path: Path) -> None:
    document = design(table(tmp_path / "people.csv"), 6)
    room = assert_reproduced(document, tmp_path)
    rows = [{"age": 31, "height": 1.7, "city": "Rome", "rooms": "2"}]
    assert room["predict"](rows)[0] in ("no", "yes")
    assert len(room["predict"](room["read_rows"](tmp_path / "people.csv"))) == 60
    assert "gaps" not in printed(document)


def test_whole_numbers_can_be_categories(tmp_path: Path) -> None:
    path = table(tmp_path / "people.csv")
    path.write_text(path.read_text("utf-8").replace(",3,", ",03,"), "utf-8")
    assert_reproduced(design(path, 9, kinds={"rooms": "category"}), tmp_path)


def test_rows_with_gaps_are_left_out(tmp_path: Path) -> None:
    assert_reproduced(design(table(tmp_path / "people.csv", gaps=True), 6, missing="drop"), tmp_path)


def test_numbers_to_predict_are_told_in_their_own_units(tmp_path: Path) -> None:
    columns = {"age": "target", "rooms": "target"}
    document = design(table(tmp_path / "people.csv"), 6, "MSELoss", columns=columns)
    room = assert_reproduced(document, tmp_path)
    assert len(room["predict"]([{"height": "1.7", "city": "Rome", "answer": "no"}])[0]) == 2


def test_other_separators_and_decimal_signs_are_read(tmp_path: Path) -> None:
    assert_reproduced(design(table(tmp_path / "people.csv", ";", decimal=","), 6), tmp_path / "a")
    assert_reproduced(design(table(tmp_path / "people.tsv", "\t"), 6), tmp_path / "b")


def test_a_table_without_names_is_read(tmp_path: Path) -> None:
    rows = [f"{place % 7},{place / 8},{place % 2}" for place in range(40)]
    (tmp_path / "plain.csv").write_text("\n".join(rows), "utf-8")
    assert_reproduced(design(tmp_path / "plain.csv", 2), tmp_path)


def test_a_table_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    document = design(table(tmp_path / "people.csv"), 6)
    report = report_of(document)
    (tmp_path / "people.csv").unlink()
    with pytest.raises(UserError, match=r"people\.csv cannot be read"):
        script(report, train_request(report, ""))


def test_gaps_to_fill_are_refused(tmp_path: Path) -> None:
    gaps = table(tmp_path / "gaps.csv", gaps=True)
    with pytest.raises(UserError, match="fill the gaps"):
        printed(design(gaps, 6, missing="fill"))


@pytest.mark.parametrize("validates", ["Validation", "train"])
def test_a_column_that_splits_is_kept(validates: str, tmp_path: Path) -> None:
    text = table(tmp_path / "people.csv", gaps=True).read_text("utf-8")
    for name, split in (("Bern", "train"), ("Rome", validates), ("São Paulo", "test")):
        text = text.replace(name, split)
    (tmp_path / "split.csv").write_text(text, "utf-8")
    assert_reproduced(design(tmp_path / "split.csv", 3, split_column="city", missing="drop"), tmp_path)
