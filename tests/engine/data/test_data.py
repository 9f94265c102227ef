from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from designer import catalogue
from designer.engine.data.collect import DATASETS, collect
from designer.engine.data.load import load
from designer.engine.data.splitting import divide
from designer.problems import UserError
from designer.protocol import Source, Split


@pytest.mark.parametrize("key", catalogue.DATASETS)
def test_what_is_loaded_is_what_the_catalogue_says(key: str) -> None:
    facts = catalogue.DATASETS[key]().facts()
    data = load(Source(key), Split())
    assert sum(data.counts.values()) == facts.examples
    assert set(data.fields) == set(facts.fields)
    for name, field in facts.fields.items():
        shape = data.fields[name].shape
        assert tuple(shape if facts.whole else shape[1:]) == field.spec.shape
        assert str(data.fields[name].dtype) == f"torch.{field.spec.dtype}"
        if field.classes:
            assert data.fields[name].unique().tolist() == list(range(len(field.classes)))


@pytest.mark.parametrize("key", catalogue.DATASETS)
def test_the_settings_and_their_defaults_are_those_of_the_catalogue(key: str) -> None:
    known = {name: setting.default for name, setting in catalogue.DATASETS[key].settings.items()}
    assert {name: given.default for name, given in inspect.signature(DATASETS[key]).parameters.items()} == known


def test_the_engine_knows_every_data_set_of_the_catalogue() -> None:
    assert list(DATASETS) == list(catalogue.DATASETS)


def test_settings_change_the_classes_and_the_number_of_points() -> None:
    data = load(Source("blobs", {"samples": 60, "centers": 5, "data_seed": 3}), Split())
    assert sum(data.counts.values()) == 60
    assert data.fields["class"].max() == 4


def test_images_come_between_zero_and_one() -> None:
    image = load(Source("digits"), Split()).fields["image"]
    assert (image.min(), image.max()) == (0, 1)


def test_tables_are_standardized_by_the_training_split_alone() -> None:
    data = load(Source("diabetes"), Split())
    for name in ("measures", "progression"):
        train = data.fields[name][data.rows["train"]]
        torch.testing.assert_close(train.mean(0), torch.zeros(train.shape[1]), atol=1e-5, rtol=0)
        torch.testing.assert_close(train.std(0, correction=0), torch.ones(train.shape[1]), atol=1e-5, rtol=0)
    scale = data.scales["progression"]
    assert 140 < float(scale.mean) < 165
    assert 70 < float(scale.deviation) < 85


def test_the_same_seed_draws_the_same_split_and_another_seed_another() -> None:
    first, second, other = (divide(100, Split(seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first["test"], second["test"])
    assert not np.array_equal(first["test"], other["test"])


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=20, max_size=200), st.floats(0, 0.45), st.floats(0, 0.45), st.integers(0, 99)
)
def test_a_split_holds_every_row_once_and_every_class_evenly(
    classes: list[int], validation: float, test: float, seed: int
) -> None:
    labels = np.array(classes)
    rows = divide(len(labels), Split(validation, test, seed), labels)
    assert sorted(np.concatenate(list(rows.values())).tolist()) == list(range(len(labels)))
    for part in rows.values():
        for each in set(classes):
            expected = len(part) * classes.count(each) / len(classes)
            assert abs(int((labels[part] == each).sum()) - expected) <= 4


@pytest.mark.parametrize(
    ("source", "split", "text"),
    [
        (Source("martians"), Split(), "no data set called martians"),
        (Source("moons", {"colour": 3}), Split(), "cannot be made"),
        (Source("moons", {"samples": 10, "noise": -1.0}), Split(), "cannot be made"),
        (Source("iris"), Split(0.5, 0.5), "nothing to train with"),
        (Source("iris"), Split(-0.1, 0.1), "nothing to train with"),
    ],
)
def test_what_cannot_be_loaded_is_refused_in_words(source: Source, split: Split, text: str) -> None:
    with pytest.raises(UserError, match=text):
        load(source, split)


def test_each_picture_stands_in_one_pair_alone_and_half_of_the_pairs_are_alike() -> None:
    pairs, digits = load(Source("digit_pairs"), Split()).fields, load(Source("digits"), Split()).fields
    kinds = {image.numpy().tobytes(): int(digit) for image, digit in zip(digits["image"], digits["digit"], strict=True)}
    found = [
        (first.numpy().tobytes(), second.numpy().tobytes(), bool(same))
        for first, second, same in zip(pairs["first"], pairs["second"], pairs["same"], strict=True)
    ]
    assert len({image for first, second, _ in found for image in (first, second)}) == 2 * len(found)
    assert all((kinds[first] == kinds[second]) == same for first, second, same in found)
    assert sum(same for _, _, same in found) * 2 == len(found)


def test_counting_goes_on_by_one_step_and_the_next_numbers_are_the_row_a_place_later() -> None:
    fields = load(Source("counting", {"numbers": 7, "length": 5, "samples": 50}), Split()).fields
    steps = (fields["next"] - fields["numbers"]) % 7
    assert torch.equal(steps, steps[:, :1].expand_as(steps))
    assert torch.equal(fields["numbers"][:, 1:], fields["next"][:, :-1])


def test_a_reversed_row_is_given_to_its_writer_a_step_late() -> None:
    fields = load(Source("reversal", {"length": 6, "samples": 20}), Split()).fields
    assert torch.equal(fields["reversed"], fields["source"].flip(1))
    assert torch.equal(fields["given"][:, 1:], fields["reversed"][:, :-1])
    assert set(fields["given"][:, 0].tolist()) == {10}


def test_a_file_that_changed_since_it_was_looked_at_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "1.5,0\n2.5,1\n" * 10)
    found = path.stat()
    settings = {"path": str(path), "stamp": (found.st_mtime_ns, found.st_size)}
    assert load(Source("file", settings), Split()).fields["features"].shape == (20, 1)
    path.write_text("x,y\n" + "1.5,0\n2.5,1\n" * 11)
    with pytest.raises(UserError, match=r"a\.csv has changed since it was looked at"):
        load(Source("file", settings), Split())


def test_measures_of_a_file_are_standardized_and_categories_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,who,y\n" + "".join(f"{1000 + row},{'ab'[row % 2]},{row / 3}\n" for row in range(60)))
    data = load(Source("file", {"path": str(path)}), Split())
    train = data.fields["features"][data.rows["train"]]
    torch.testing.assert_close(train[:, 0].mean(), torch.tensor(0.0), atol=1e-4, rtol=0)
    assert train[:, 1:].unique().tolist() == [0, 1]
    assert float(data.scales["y"].mean) == pytest.approx(float(np.mean(np.arange(60) / 3)), rel=0.2)


@pytest.mark.parametrize("key", ["tagging", "counting", "reversal"])
def test_no_whole_number_is_larger_than_the_catalogue_says(key: str) -> None:
    facts = catalogue.DATASETS[key]().facts()
    data = load(Source(key), Split())
    for name in facts.features:
        assert int(data.fields[name].max()) == facts.fields[name].numbers - 1


@pytest.mark.parametrize("key", ["iris", "wine", "breast_cancer", "diabetes"])
def test_the_columns_of_a_table_have_names(key: str) -> None:
    raw = collect(Source(key))
    assert len(raw.columns["measures"]) == raw.features.shape[1]
