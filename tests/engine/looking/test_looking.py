"""A look at examples: what each source shows, which rows a part holds, and a process that answers every request."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from designer.catalogue import DATASETS
from designer.engine.data.load import load
from designer.engine.looking.__main__ import Looker
from designer.engine.looking.spreads import spread
from designer.own_data.look import FILE
from designer.protocol import Look, Looked, Source, Split, Survey, decode_event, encode

PEOPLE = """age,height,colour,label
20,1.5,red,no
,1.6,blue,yes
40,?,red,no
50,1.25,green,yes
60,1.75,green,no
30,1.5,red,yes
"""


def looked(
    source: Source, part: str = "all", only: int | None = None, shuffle: int | None = None, **more: int
) -> Looked:
    answer = Looker().answer(Look("key", source, Split(0.2, 0.2), part, only, shuffle, survey=True, **more))
    back = decode_event(encode(answer))
    assert isinstance(back, Looked)
    return back


def survey(answer: Looked) -> Survey:
    assert answer.survey is not None, answer.problem
    return answer.survey


@pytest.fixture
def people(tmp_path: Path) -> Source:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    return Source(FILE, {"path": str(path)})


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_shows_its_fields_and_the_splits_of_the_training(key: str) -> None:
    facts = DATASETS[key]().facts()
    answer = looked(Source(key), count=5)
    assert not answer.problem
    assert answer.total == facts.examples
    assert len(answer.rows) == 5
    shown = {field.name for field in answer.fields}
    assert facts.target in shown
    assert facts.features[0] in shown
    data = load(Source(key), Split(0.2, 0.2))
    counts = survey(answer).counts
    assert {part: counts[part] for part in data.counts} == data.counts
    for part in ("train", "validation", "test"):
        assert set(looked(Source(key), part, count=200).rows) <= set(data.rows[part].tolist())


def test_pictures_travel_as_they_are() -> None:
    answer = looked(Source("digits"), count=2)
    image, digit = answer.fields
    assert (image.form, image.shape) == ("image", (8, 8, 1))
    pixels = np.frombuffer(base64.b64decode(image.pixels), np.uint8).reshape(2, 8, 8)
    assert np.array_equal(pixels[1], (load(Source("digits"), Split()).fields["image"][1, 0] * 255).round().numpy())
    assert digit.values == ((0,), (1,))


def test_one_class_is_paged_through_and_another_seed_shuffles_otherwise() -> None:
    whole = looked(Source("digits"), only=3, count=200)
    assert whole.total == 183
    assert {value for (value,) in whole.fields[1].values} == {3}
    second = looked(Source("digits"), only=3, offset=100, count=50)
    assert second.rows == whole.rows[100:150]
    one, same, other = (looked(Source("digits"), only=3, shuffle=seed, count=200).rows for seed in (1, 1, 2))
    assert one == same != other
    assert sorted(one) == sorted(other) == sorted(whole.rows)


def test_a_table_is_shown_as_the_file_has_it_with_its_gaps(people: Source) -> None:
    answer = looked(people)
    age, _height, _colour, label = answer.fields
    assert [value for (value,) in age.values] == [20, None, 40, 50, 60, 30]
    assert (label.role, label.values[1]) == ("target", ("yes",))
    found = survey(answer)
    assert found.counts == {"all": 6, "lacking": 2, "train": 2, "validation": 1, "test": 1}
    assert found.balance["all"] == (3, 3)
    assert found.names == ("no", "yes")
    spreads = {each.name: each for each in found.columns}
    assert (spreads["age"].missing, spreads["age"].low, spreads["age"].high) == (1, 20, 60)
    assert spreads["colour"].common == (("red", 3), ("green", 2), ("blue", 1))
    assert looked(people, "lacking").rows == (1, 2)


@pytest.mark.parametrize("missing", ["drop", "fill"])
def test_the_splits_of_a_table_are_those_of_the_training(tmp_path: Path, missing: str) -> None:
    words = [("" if n % 9 == 0 else str(n), ("no", "yes", "maybe")[n % 3]) for n in range(90)]
    path = tmp_path / "people.csv"
    path.write_text("age,label\n" + "".join(f"{age},{label}\n" for age, label in words), "utf-8")
    source = Source(FILE, {"path": str(path), "missing": missing})
    kept = [n for n in range(90) if n % 9 or missing == "fill"]
    data = load(source, Split(0.2, 0.2))
    for part in ("train", "validation", "test"):
        assert set(looked(source, part, count=200).rows) == {kept[row] for row in data.rows[part].tolist()}


def test_two_numbers_of_a_table_are_points_in_a_plane(people: Source) -> None:
    settings = {**people.settings, "columns": {"colour": "ignore"}}
    found = survey(looked(Source(FILE, settings)))
    assert found.axes == ("age", "height")
    assert found.points[0] == (20.0, 1.5, 0)
    assert len(found.points) == 4


def test_arrays_of_pictures_in_colour_and_masks_are_made_small_enough(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (6, 3, 600, 500), dtype=np.uint8)
    masks = generator.integers(0, 4, (6, 600, 500), dtype=np.int64)
    np.savez(tmp_path / "scenes.npz", picture=pictures, label=masks)
    answer = looked(Source(FILE, {"path": str(tmp_path / "scenes.npz")}), count=6)
    picture, mask = answer.fields
    assert (picture.form, picture.shape) == ("image", (200, 166, 3))
    assert mask.form == "mask"
    assert max(np.frombuffer(base64.b64decode(mask.pixels), np.uint8)) == 3


def test_a_file_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    answer = looked(Source(FILE, {"path": str(tmp_path / "gone.csv")}))
    assert "There is no data file" in answer.problem


@given(arrays(np.float64, st.integers(0, 60), elements=st.floats(width=64)))
def test_any_numbers_have_a_spread(values: np.ndarray) -> None:
    found = spread("x", "feature", values)
    assert found.count + found.missing == len(values)
    assert not found.bins or sum(found.bins) == found.count


def test_the_process_answers_each_look_without_torch() -> None:
    requests = b"".join(
        [encode(Look("one", Source("moons"), count=1)), b"nonsense\n", encode(Look("two", Source("martians")))]
    )
    command = [sys.executable, "-X", "importtime", "-m", "designer.engine.looking"]
    ended = subprocess.run(command, input=requests, capture_output=True, timeout=120, check=True)
    first, failed, second = (decode_event(line) for line in ended.stdout.splitlines())
    assert isinstance(first, Looked)
    assert isinstance(second, Looked)
    assert (first.key, first.total) == ("one", 1000)
    assert type(failed).__name__ == "Failed"
    assert "no data set called martians" in second.problem
    assert b"| torch\n" not in ended.stderr.replace(b"  ", b"")
