"""Sources of the user's own in tests: files are made, and what the check is told is held to what the engine reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from designer.catalogue.own_data import OWN_DATA, OwnFacts
from designer.engine.data.load import Data, load
from designer.own_data.reading import look
from designer.problems import UserError
from designer.protocol import Source, Split


def facts_of(source: str, path: Path | str, **settings: object) -> OwnFacts:
    """What the check knows of a source."""
    dataset = OWN_DATA[source](path=str(path), **settings)
    key = dataset.key()
    assert key is not None
    return dataset.facts(look(key))


def loaded(source: str, path: Path | str, split: Split | None = None, **settings: object) -> tuple[OwnFacts, Data]:
    """The facts of a source and its examples, which agree in every field."""
    facts = facts_of(source, path, **settings)
    data = load(Source(source, {"path": str(path), **settings, "stamp": facts.seen.stamp}), split or Split())
    assert set(data.fields) == set(facts.fields)
    for name, field in facts.fields.items():
        assert tuple(data.fields[name].shape) == (facts.examples, *field.spec.shape), name
        assert str(data.fields[name].dtype) == f"torch.{field.spec.dtype}", name
        if field.classes and not field.spec.is_float:
            assert int(data.fields[name].min()) >= 0, name
            assert int(data.fields[name].max()) < len(field.classes), name
    rows = np.concatenate([part.numpy() for part in data.rows.values()])
    assert len(np.unique(rows)) == len(rows), "no example stands in two splits"
    return facts, data


def refusal(source: str, path: Path | str, **settings: object) -> str:
    """The one sentence with which a source is refused; the engine refuses it too."""
    with pytest.raises(UserError) as told:
        facts_of(source, path, **settings)
    with pytest.raises(UserError):
        load(Source(source, {"path": str(path), **settings}), Split())
    text = str(told.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def paint(path: Path, colour: object = 0, size: tuple[int, int] = (8, 8), mode: str = "RGB", **how: object) -> Path:
    """An image of one colour, in the format that its name says; `size` is its height and width."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size[::-1], colour).save(path, **how)  # type: ignore[arg-type]  # a colour suits its mode
    return path
