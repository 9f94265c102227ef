"""Tables: what one look tells, which roles are guessed, and one sentence for each file that cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from designer.own_data.layout import Layout, lay_out, refuse
from designer.own_data.reading import look, read
from designer.problems import UserError

PEOPLE = """id, age, colour, height, label
1, 20, red, 1.5, no
2, 30, blue, 1.75, yes
3, 40, red, 2, no
4, 50, green, 1.25, yes
"""


def written(folder: Path, text: str, name: str = "people.csv") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def laid_out(path: str, missing: str = "refuse", kinds: dict[str, str] | None = None, **columns: str) -> Layout:
    layout = lay_out(look(path), columns, kinds or {}, missing)
    refuse(layout, columns)
    return layout


def refused(path: str, **columns: str) -> str:
    with pytest.raises(UserError) as caught:
        laid_out(path, **columns)
    return str(caught.value)


def test_roles_and_types_are_guessed_from_names_and_values(tmp_path: Path) -> None:
    layout = laid_out(written(tmp_path, PEOPLE))
    assert [(part.column.name, part.role, part.taken) for part in layout.parts] == [
        ("id", "ignore", "number"),
        ("age", "feature", "number"),
        ("colour", "feature", "category"),
        ("height", "feature", "number"),
        ("label", "target", "category"),
    ]
    fields, measures = read(layout)
    assert fields["features"].tolist()[:2] == [[20, 0, 0, 1, 1.5], [30, 1, 0, 0, 1.75]]
    assert measures["features"].tolist() == [True, False, False, False, True]
    assert layout.targets[0].classes == ("no", "yes")
    assert fields["label"].tolist() == [0, 1, 0, 1]


def test_what_is_guessed_wrong_can_be_said(tmp_path: Path) -> None:
    layout = laid_out(written(tmp_path, PEOPLE), kinds={"age": "category"}, height="target", id="feature")
    fields, measures = read(layout)
    assert fields["features"].shape == (4, 1 + 4 + 3 + 2)
    assert fields["height"].tolist() == [[1.5], [1.75], [2], [1.25]]
    assert measures["height"].tolist() == [True]


def test_several_columns_of_numbers_are_one_target(tmp_path: Path) -> None:
    fields, _ = read(laid_out(written(tmp_path, PEOPLE), height="target", age="target"))
    assert fields["targets"].shape == (4, 2)


@pytest.mark.parametrize(("separator", "name"), [(";", "people.csv"), ("\t", "people.tsv"), ("|", "people.csv")])
def test_the_separator_is_found(tmp_path: Path, separator: str, name: str) -> None:
    assert len(look(written(tmp_path, PEOPLE.replace(",", separator), name)).columns) == 5


def test_a_file_without_a_header_numbers_its_columns(tmp_path: Path) -> None:
    found = look(written(tmp_path, "5.1,3.5,setosa\n4.9,3.0,setosa\n6.1,2.9,virginica\n"))
    assert (found.rows, [column.kind for column in found.columns]) == (3, ["number", "number", "text"])


def test_a_parquet_file_is_read_like_its_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": [1.5, 2.5, None], "who": ["a", "b", "a"], "y": [0, 1, 1]})
    frame.write_parquet(tmp_path / "p.parquet")
    frame.write_csv(tmp_path / "p.csv")
    ours, texts = (read(laid_out(str(tmp_path / name), "drop"))[0] for name in ("p.parquet", "p.csv"))
    assert ours.keys() == texts.keys()
    for name, values in ours.items():
        np.testing.assert_array_equal(values, texts[name])


def test_missing_values_are_refused_with_their_count_or_left_out_by_choice(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,c,y\n1,2,,0\n?,3,,1\nNA,,,0\n4,5,,1\n7,8,,0\n")
    sentence = refused(path, c="ignore")
    assert sentence.startswith("people.csv lacks 2 values of a and 1 value of b, in 2 rows. Mend the file, or")
    layout = laid_out(path, "drop", c="ignore")
    assert layout.examples == 3
    assert read(layout)[0]["features"].tolist() == [[1, 2], [4, 5], [7, 8]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("a,b\n", "has no rows"),
        ("a,b\n1,2\n1,2,3\n", "line 3 has 3 cells, but the first one has 2"),
        ("b\n1\n2\n", "No column of people.csv is left to learn from"),
        ("a,b\n" + "".join(f"{row},w{row}\n" for row in range(1001)), "b of people.csv cannot be a category"),
    ],
)
def test_a_table_that_cannot_be_used_is_answered_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    sentence = refused(written(tmp_path, text))
    assert says in sentence
    assert "\n" not in sentence


def test_bytes_that_are_no_text_and_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("name,y\nJosé,1\n".encode("latin-1"))
    assert "it is not UTF-8 text" in refused(str(path))
    assert 'has no column "agee"' in refused(written(tmp_path, PEOPLE), agee="target")
    assert "There is no data file" in refused(str(tmp_path / "gone.csv"))
    assert "holds texts" in _refused_kind(written(tmp_path, PEOPLE))


def _refused_kind(path: str) -> str:
    with pytest.raises(UserError) as caught:
        laid_out(path, kinds={"colour": "number"})
    return str(caught.value)
