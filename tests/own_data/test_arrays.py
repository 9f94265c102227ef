"""NumPy files: which array is what, and that nothing in them is ever unpickled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from designer.own_data.layout import Layout, lay_out, refuse
from designer.own_data.reading import look, read
from designer.problems import UserError


def laid_out(path: Path, missing: str = "refuse", **columns: str) -> Layout:
    layout = lay_out(look(str(path)), columns, {}, missing)
    refuse(layout, columns)
    return layout


def refused(path: Path, **columns: str) -> str:
    with pytest.raises(UserError) as caught:
        laid_out(path, **columns)
    return str(caught.value)


def test_pictures_and_their_labels_are_fields_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "digits.npz"
    pixels = np.full((6, 1, 4, 4), 255, np.uint8)
    np.savez(path, x_test=np.zeros((2, 1, 4, 4)), pixels=pixels, label=np.array([0, 1, 2, 0, 1, 2]))
    layout = laid_out(path)
    assert [(part.column.name, part.role) for part in layout.parts] == [
        ("x_test", "ignore"), ("pixels", "feature"), ("label", "target"),
    ]  # fmt: skip
    found = read(layout)
    fields, measures = found.fields, found.measures
    assert (fields["pixels"].dtype, fields["pixels"].max()) == (np.uint8, 255)
    assert layout.targets[0].classes == ("0", "1", "2")
    assert not measures


def test_a_file_of_one_array_is_its_own_target(tmp_path: Path) -> None:
    np.save(tmp_path / "signals.npy", np.arange(12.0).reshape(4, 3))
    layout = laid_out(tmp_path / "signals.npy")
    found = read(layout)
    fields, measures = found.fields, found.measures
    assert layout.target == "values"
    assert fields["values"].shape == (4, 3)
    assert measures["values"].tolist() == [True] * 3


def test_words_may_be_the_classes(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.eye(3), y=np.array(["cat", "dog", "cat"]))
    layout = laid_out(tmp_path / "a.npz")
    assert read(layout).fields["y"].tolist() == [0, 1, 0]
    assert layout.targets[0].classes == ("cat", "dog")


def test_numbers_that_are_not_finite_are_refused_or_left_out_by_choice(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([[1, 2], [np.nan, 4], [5, np.inf], [7, 8]]), y=np.array([0, 1, 0, 1]))
    assert "lacks 2 values of x, in 2 rows" in refused(tmp_path / "a.npz")
    fields = read(laid_out(tmp_path / "a.npz", "drop")).fields
    assert fields["x"].tolist() == [[1, 2], [7, 8]]
    assert fields["y"].tolist() == [0, 1]


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "bad.npy", np.array([{}], dtype=object), allow_pickle=True)
    assert refused(tmp_path / "bad.npy") == (
        "bad.npy holds Python objects, which are never unpickled. Save it as numbers."
    )
    np.savez(tmp_path / "bad.npz", x=np.eye(2), y=np.array([{}, {}], dtype=object))
    assert "never unpickled" in refused(tmp_path / "bad.npz")


def test_arrays_that_do_not_go_together_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.eye(3), y=np.arange(3), z=np.eye(2))
    assert "z of a.npz has 2 rows, but others have 3" in refused(tmp_path / "a.npz", z="feature")
    (tmp_path / "b.npz").write_bytes(b"PK\x03\x04 and no more")
    assert "b.npz cannot be read as arrays" in refused(tmp_path / "b.npz")
