"""Proposals: every kind of data gets networks that are sound, laid out and train as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from PIL import Image

from designer.catalogue import DATASETS
from designer.catalogue.datasets import DataFacts, Field
from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.check import check
from designer.compiler.checking.facts import data_facts, look_for
from designer.compiler.checking.report import Report
from designer.compiler.lowering.recipe import train_request
from designer.compiler.project import examine
from designer.compiler.proposing.propose import Proposal, propose
from designer.compiler.proposing.templates import Template, templates
from designer.engine.control import Control
from designer.engine.training.loop import train
from designer.graph.document import Document
from designer.protocol import Failed, Finished

RANDOM = np.random.default_rng(0)


def table_of_classes(folder: Path) -> dict[str, Any]:
    rows = "".join(f"{n},{n * 7 % 11},{'red' if n % 3 else 'blue'},{'yes' if n % 2 else 'no'}\n" for n in range(60))
    (folder / "people.csv").write_text(f"age,height,colour,label\n{rows}", "utf-8")
    return {"source": "file", "path": str(folder / "people.csv")}


def table_of_numbers(folder: Path) -> dict[str, Any]:
    rows = "".join(f"{n},{n * 7 % 11},{n * 0.5}\n" for n in range(60))
    (folder / "prices.csv").write_text(f"age,size,price\n{rows}", "utf-8")
    return {"source": "file", "path": str(folder / "prices.csv")}


def array(name: str, **arrays: np.ndarray) -> Callable[[Path], dict[str, Any]]:
    def make(folder: Path) -> dict[str, Any]:
        np.savez(folder / f"{name}.npz", **arrays)
        return {"source": "file", "path": str(folder / f"{name}.npz")}

    make.__name__ = name
    return make


def folder_of_images(folder: Path) -> dict[str, Any]:
    for number in range(24):
        place = folder / "pets" / ("cat", "dog")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(RANDOM.integers(0, 256, (20, 27, 3), dtype=np.uint8)).save(place / f"{number}.png")
    return {"source": "images", "path": str(folder / "pets")}


def folder_of_masks(folder: Path) -> dict[str, Any]:
    for name, high in (("images", 256), ("masks", 3)):
        (folder / "scenes" / name).mkdir(parents=True)
        for number in range(12):
            picture = Image.fromarray(RANDOM.integers(0, high, (17, 22), dtype=np.uint8))
            picture.save(folder / "scenes" / name / f"{number}.png")
    return {"source": "masks", "path": str(folder / "scenes")}


def text(folder: Path) -> dict[str, Any]:
    (folder / "book.txt").write_text("the cat sat on the mat and the dog ran off. " * 40, "utf-8")
    return {"source": "text", "path": str(folder / "book.txt")}


def series(folder: Path) -> dict[str, Any]:
    rows = "".join(f"{np.sin(n / 5):.3f},{n % 7}\n" for n in range(300))
    (folder / "sensor.csv").write_text(f"height,tide\n{rows}", "utf-8")
    return {"source": "series", "path": str(folder / "sensor.csv")}


OWN = [
    table_of_classes, table_of_numbers, folder_of_images, folder_of_masks, text, series,
    array("pictures", picture=RANDOM.integers(0, 256, (40, 3, 9, 9), dtype=np.uint8), label=np.arange(40) % 3),
    array("waves", wave=RANDOM.normal(size=(40, 30, 2)).astype(np.float32), label=np.arange(40) % 3),
    array("rates", wave=RANDOM.normal(size=(40, 30, 2)).astype(np.float32), y=RANDOM.normal(size=(40, 1))),
    array("alone", x=RANDOM.normal(size=(40, 6)).astype(np.float32)),
    array("both", x=RANDOM.normal(size=(40, 6)), picture=RANDOM.random((40, 1, 8, 8)), label=np.arange(40) % 3),
]  # fmt: skip


def proposed(data: dict[str, Any]) -> tuple[DataFacts, tuple[Proposal, ...], Callable[[Document], Report]]:
    known = look_for(Document(data=data), None)
    facts, problems = data_facts(Document(data=data), known)
    assert facts is not None, problems

    def look_at(document: Document) -> Report:
        return examine(document, files=known)

    return facts, propose(facts, data, look_at), look_at


def begins(report: Report, folder: Path) -> None:
    """One step with all examples works, and so does the test of what it made."""
    request = train_request(report, str(folder), epochs=1, device="cpu")
    whole = structs.replace(request, recipe=structs.replace(request.recipe, batch_size=4096))
    *_, last = train(whole, Control())
    assert not isinstance(last, Failed), last.problem
    assert isinstance(last, Finished)
    assert last.steps == 1


@pytest.mark.parametrize("template", templates(), ids=lambda each: each.name)
def test_a_template_is_sound_as_it_stands_and_says_why_in_a_sentence(template: Template) -> None:
    report = check(template.document)
    assert report.sound, report.problems
    assert template.document.name
    assert template.document.notes.endswith(".")
    assert "\n" not in template.document.notes


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_gets_networks_that_train_as_they_are(key: str, tmp_path: Path) -> None:
    facts, proposals, look_at = proposed({"source": key})
    assert 2 <= len(proposals) <= 5
    assert len({each.title for each in proposals}) == len(proposals)
    for proposal in proposals:
        report = look_at(proposal.document)
        assert not [problem for problem in report.problems if problem.severity.value != "tip"]
        assert set(facts.features[:1]) & set(proposal.document.nodes)
        assert set(proposal.document.positions) == set(proposal.document.nodes)
        assert proposal.parameters == report.parameters > 0
        begins(report, tmp_path / proposal.name)


@pytest.mark.parametrize("make", OWN, ids=lambda each: each.__name__)
def test_data_of_ones_own_gets_networks_that_train_as_they_are(
    make: Callable[[Path], dict[str, Any]], tmp_path: Path
) -> None:
    _facts, proposals, look_at = proposed(make(tmp_path))
    assert proposals
    for proposal in proposals:
        begins(look_at(proposal.document), tmp_path / proposal.name)


def test_a_proposal_names_its_ends_as_the_data_does_and_holds_plain_numbers() -> None:
    _facts, (first, *_), _look = proposed({"source": "digits"})
    assert next(iter(first.document.nodes)) == "image"
    assert first.document.nodes["digit"].settings["loss"] == "CrossEntropyLoss"
    assert first.document.nodes["scores"].settings["out_features"] == 10
    assert not first.document.variables
    assert first.document.data == {"source": "digits"}
    assert first.document.name == "Small CNN for Handwritten digits"


def test_what_a_network_is_for_decides_which_are_proposed() -> None:
    titles = {key: [each.title for each in proposed({"source": key})[1]] for key in ("tagging", "counting", "diabetes")}
    assert titles["tagging"][0] == "LSTM from both ends"
    # Who must say what comes next may not look ahead.
    assert titles["counting"][0] == "GRU"
    assert "Linear baseline" in titles["diabetes"]


def test_a_table_with_categories_gets_embeddings_of_them(tmp_path: Path) -> None:
    _facts, proposals, look_at = proposed(table_of_classes(tmp_path))
    assert [each.title for each in proposals][:2] == ["Small MLP", "Embeddings of the categories"]
    design = proposals[1].document
    assert design.data["kinds"] == {"colour": "index"}
    (embedding,) = (node for node in design.nodes.values() if node.layer == "Embedding")
    assert embedding.settings == {"num_embeddings": 2, "embedding_dim": 4}
    assert look_at(design).sound


def test_twins_are_not_proposed_for_pictures_of_different_size(tmp_path: Path) -> None:
    make = array("unequal", a=RANDOM.random((40, 1, 8, 8)), b=RANDOM.random((40, 1, 9, 9)), label=np.arange(40) % 2)
    titles = [each.title for each in proposed(make(tmp_path))[1]]
    assert titles == ["All features side by side", "Linear baseline"]


@st.composite
def any_facts(draw: st.DrawFn) -> DataFacts:
    """Facts as no data set of the catalogue has them: any shapes, types, classes and names."""
    names = draw(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=4, unique=True))
    fields = {}
    for name in names:
        shape = tuple(draw(st.lists(st.integers(1, 40), max_size=3)))
        classes = tuple(map(str, range(draw(st.sampled_from([0, 0, 1, 2, 30])))))
        dtype = "int64" if classes or draw(st.booleans()) else "float32"
        fields[name] = Field(TensorSpec(shape, dtype), classes, numbers=draw(st.sampled_from([0, 7])))
    *features, target = names
    return DataFacts("Anything", fields, tuple(features), target, draw(st.integers(1, 10**6)))


@given(any_facts())
def test_whatever_the_data_is_like_what_is_proposed_is_sound(facts: DataFacts) -> None:
    def look_at(document: Document) -> Report:
        return check(document, facts)

    for proposal in propose(facts, {"source": "anything"}, look_at):
        report = look_at(proposal.document)
        assert report.sound, report.problems
        assert proposal.parameters == report.parameters
