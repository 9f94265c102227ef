"""Tables: what one look tells, which roles are guessed, and one sentence for each file that cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_sources import facts_of, loaded, refusal

from designer.engine.data.load import load
from designer.own_data.layout import Layout, lay_out, refuse
from designer.own_data.reading import look, read
from designer.problems import UserError
from designer.protocol import Source, Split

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
    found = read(layout)
    fields, measures = found.fields, found.measures
    assert fields["features"].tolist()[:2] == [[20, 0, 0, 1, 1.5], [30, 1, 0, 0, 1.75]]
    assert measures["features"].tolist() == [True, False, False, False, True]
    assert layout.targets[0].classes == ("no", "yes")
    assert fields["label"].tolist() == [0, 1, 0, 1]


def test_what_is_guessed_wrong_can_be_said(tmp_path: Path) -> None:
    layout = laid_out(written(tmp_path, PEOPLE), kinds={"age": "category"}, height="target", id="feature")
    found = read(layout)
    fields, measures = found.fields, found.measures
    assert fields["features"].shape == (4, 1 + 4 + 3 + 2)
    assert fields["height"].tolist() == [[1.5], [1.75], [2], [1.25]]
    assert measures["height"].tolist() == [True]


def test_several_columns_of_numbers_are_one_target(tmp_path: Path) -> None:
    fields = read(laid_out(written(tmp_path, PEOPLE), height="target", age="target")).fields
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
    ours, texts = (read(laid_out(str(tmp_path / name), "drop")).fields for name in ("p.parquet", "p.csv"))
    assert ours.keys() == texts.keys()
    for name, values in ours.items():
        np.testing.assert_array_equal(values, texts[name])


def test_missing_values_are_refused_with_their_count_or_left_out_by_choice(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,c,y\n1,2,,0\n?,3,,1\nNA,,,0\n4,5,,1\n7,8,,0\n")
    sentence = refused(path, c="ignore")
    assert sentence.startswith("people.csv lacks 2 values of a and 1 value of b, in 2 rows. Mend the file, or")
    layout = laid_out(path, "drop", c="ignore")
    assert layout.examples == 3
    assert read(layout).fields["features"].tolist() == [[1, 2], [4, 5], [7, 8]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("a,b\n", "has no rows"),
        ("a,b\n1,2\n1,2,3\n", "line 3 has 3 cells, but the first one has 2"),
        ("b\n1\n2\n", "No column of people.csv is left to learn from"),
        ("a,b\n" + "".join(f"{row},w{row}\n" for row in range(1001)), "b of people.csv cannot be a category"),
        ("a,b\n1,x\n2,x\n", "All rows of people.csv have the one b x"),
        ("a,b\n1,2\n,\n3,4\n", "people.csv lacks 1 value of a and 1 value of b, in 1 row."),
        ("a,b\n1,2\n1,nan\ninf,4\n", "people.csv lacks 1 value of a and 1 value of b, in 2 rows."),
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


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("a;b;y\n1,5;2;x\n0,25;3;z\n-1;4;x\n", "auto"), ("a;b;y\n1.001,5;2;x\n0,25;3;z\n-1;4;x\n", ","),
        ('a,b,y\n"1,5",2,x\n"0,25",3,z\n-1,4,x\n', ","),
    ],
)  # fmt: skip
def test_a_comma_may_be_the_decimal_sign(tmp_path: Path, text: str, decimal: str) -> None:
    _, data = loaded("file", written(tmp_path, text), Split(0, 0), decimal=decimal)
    scale = data.scales["features"]
    values = data.fields["features"] * scale.deviation + scale.mean
    first = 1001.5 if "1.001" in text else 1.5
    np.testing.assert_allclose(values, [[first, 2], [0.25, 3], [-1, 4]], rtol=1e-4)


def test_a_comma_is_no_decimal_sign_where_that_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "a;y\n1,5;x\n0,25;z\n")
    assert facts_of("file", path).layout.parts[0].taken == "number"
    assert facts_of("file", path, decimal=".").layout.parts[0].taken == "category"


def test_the_first_line_may_be_said_to_be_a_header_or_none(tmp_path: Path) -> None:
    path = written(tmp_path, "2020,2021,y\n1,2,a\n3,4,b\n")
    assert facts_of("file", path).examples == 3
    facts = facts_of("file", path, header="yes")
    assert [part.column.name for part in facts.layout.parts] == ["2020", "2021", "y"]
    assert facts_of("file", written(tmp_path, "x,y\na,b\nc,d\n"), header="no").examples == 3


def test_a_category_may_be_an_index_of_its_own(tmp_path: Path) -> None:
    facts, data = loaded("file", written(tmp_path, PEOPLE), Split(0, 0), kinds={"colour": "index"})
    assert facts.features == ("features", "colour")
    assert facts.fields["colour"].classes == ("blue", "green", "red")
    assert data.fields["colour"].tolist() == [2, 0, 2, 1]
    assert data.fields["features"].shape == (4, 2)
    alone, _ = loaded("file", written(tmp_path, "c,y\nr,0\nb,1\n"), Split(0, 0), kinds={"c": "index"})
    assert alone.features == ("c",)


def test_gaps_are_filled_by_what_the_training_rows_have(tmp_path: Path) -> None:
    rows = [f"{number},{'red' if number % 3 else 'blue'},{number % 2}" for number in range(40)]
    rows[3], rows[5], rows[7] = ",red,1", "5,,1", "7,red,"
    path = written(tmp_path, "\n".join(["a,c,y", *rows]))
    facts, data = loaded("file", path, missing="fill")
    assert facts.examples == 39
    assert facts.content.notes == (
        "1 row that lacks a value is left out.",
        "Gaps in 2 rows are filled with the mean or the commonest value.",
    )
    assert data.fields["features"][3, 0] == 0  # the mean, standardized
    assert data.fields["features"][5, 1:].tolist() == [0, 1]
    assert bool(data.fields["features"].isfinite().all())


def test_a_column_may_say_which_rows_are_for_the_test(tmp_path: Path) -> None:
    rows = [f"{number},{number % 2},{'Test' if number >= 16 else 'train'}" for number in range(20)]
    path = written(tmp_path, "\n".join(["a,y,part", *rows, "?,1,test"]))
    facts, data = loaded("file", path, Split(0.25, 0.4), split_column="part", missing="drop")
    assert facts.content.given == {"train": 16, "validation": 0, "test": 4}
    assert data.counts == {"train": 12, "validation": 4, "test": 4}
    assert sorted(data.rows["test"].tolist()) == [16, 17, 18, 19]
    assert 'says "x" of a row, which is no split' in refusal(
        "file", written(tmp_path, "a,y,part\n1,0,train\n2,1,x\n"), split_column="part"
    )
    assert 'has no column "parts"' in refusal("file", path, split_column="parts", missing="drop")


def test_tables_of_their_own_may_validate_and_test(tmp_path: Path) -> None:
    train = written(tmp_path, "a, c, y\n" + "1, red, 0\n2, blue, 1\n" * 5, "train.csv")
    test = written(tmp_path, "y,a,c\n1,2.5,green\n0,1,red\n", "test.csv")
    facts, data = loaded("file", train, Split(0.2, 0), test_file=test)
    assert facts.content.given == {"train": 10, "validation": 0, "test": 2}
    assert facts.fields["features"].spec.shape == (4,)  # green is known though it is only tested
    assert data.counts == {"train": 8, "validation": 2, "test": 2}
    lacking = written(tmp_path, "a,y\n1,0\n", "lacking.csv")
    assert "lacking.csv lacks the column c of train.csv" in refusal("file", train, test_file=lacking)
    assert "There is no data file" in refusal("file", train, test_file=str(tmp_path / "gone.csv"))
    assert "Clear one of them" in refusal("file", train, test_file=test, split_column="c", columns={})


def test_texts_in_sentences_are_read_word_by_word(tmp_path: Path) -> None:
    rows = [
        f'"The film no {number} was {"good" if number % 2 else "not good, bad"}!",{number % 2}' for number in range(60)
    ]
    path = written(tmp_path, "\n".join(["review,label", *rows]))
    facts, data = loaded("file", path)
    field = facts.fields["review"]
    assert (field.spec.shape, field.spec.dtype) == ((8,), "int64")
    assert field.classes[:2] == ("<padding>", "<unknown>")
    words = [field.classes[number] for number in data.fields["review"][0].tolist()]
    assert words == ["the", "film", "no", "0", "was", "not", "good", "bad"]
    assert [field.classes[number] for number in data.fields["review"][1].tolist()][-2:] == ["<padding>"] * 2
    short, cut = loaded("file", path, vocabulary=5, length=4)
    assert len(short.fields["review"].classes) == 7
    assert cut.fields["review"].shape == (60, 4)
    assert int(cut.fields["review"][0, 3]) == 1


def test_short_texts_are_read_word_by_word_where_that_is_asked(tmp_path: Path) -> None:
    facts, _ = loaded("file", written(tmp_path, PEOPLE), Split(0, 0), kinds={"colour": "text"})
    assert facts.fields["colour"].classes == ("<padding>", "<unknown>", "red", "blue", "green")
    assert "holds no texts" in refusal("file", written(tmp_path, PEOPLE), kinds={"age": "text"})


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(-9, 9)), st.sampled_from(["a", "b", ""]), st.sampled_from("01")),
        min_size=6, max_size=30,
    ),
    st.sampled_from(["drop", "fill"]),
)  # fmt: skip
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_is_lost_or_made_up_whatever_is_missing(
    tmp_path: Path, rows: list[tuple[int | None, str, str]], missing: str
) -> None:
    text = "\n".join(["n,c,y", *(f"{'' if n is None else n},{c},{y}" for n, c, y in rows)])
    path = written(tmp_path, text)
    whole = [row for row in rows if missing == "fill" or (row[0] is not None and row[1])]
    try:
        facts = facts_of("file", path, missing=missing, columns={"y": "target"}, kinds={"y": "category"})
    except UserError:
        return  # nothing but gaps, or columns without a value
    assert facts.examples == len(whole)
    data = load(Source("file", {"path": path, "missing": missing, "columns": {"y": "target"}}), Split(0, 0))
    assert len(data.fields["features"]) == len(whole)
    assert bool(data.fields["features"].isfinite().all())


@pytest.mark.parametrize("name", ["table.parquet", "table.csv", "table.tsv", "rows.npz", "rows.npy"])
def test_bytes_that_are_no_data_are_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)) * 20)
    assert name in refusal("file", tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    assert name in refusal("file", tmp_path / name)
    (tmp_path / name).unlink()
    assert "There is no data file" in refusal("file", tmp_path / name)
    (tmp_path / name).mkdir()
    assert f"{name} is not a table" in refusal("file", tmp_path / name)
