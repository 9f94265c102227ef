"""The files beside the code are found in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer import resources


def test_a_checkout_has_its_files_at_the_top() -> None:
    assert resources.resource("icons").is_dir()
    assert resources.resource("icons").parent == Path(resources.__file__).parents[1] / "resources"


def test_samples_come_by_name() -> None:
    found = resources.samples()
    assert found == tuple(sorted(found))
    assert all(path.suffix == ".netwright" and path.is_file() for path in found)


def test_an_installed_wheel_has_them_below_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "_files"
    (installed / "samples").mkdir(parents=True)
    for name in ("b.netwright", "a.netwright", "notes.txt"):
        (installed / "samples" / name).touch()
    monkeypatch.setattr(resources, "_INSTALLED", installed)
    assert resources.resource("notes", "Linear.md") == installed / "resources" / "notes" / "Linear.md"
    assert [path.name for path in resources.samples()] == ["a.netwright", "b.netwright"]
