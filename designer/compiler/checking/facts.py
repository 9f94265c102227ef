"""What the check must know of the data a design is trained on: which set, which field feeds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from designer.catalogue import DATASETS
from designer.catalogue.datasets import DataFacts, Dataset
from designer.catalogue.own_data import DataFile
from designer.catalogue.tensor import Misfit
from designer.graph import edits
from designer.graph.document import Document
from designer.own_data.look import FILE, Look
from designer.own_data.reading import look
from designer.problems import Fix, Problem, Severity, UserError

WIRING = frozenset({"source", "inputs", "targets", "split"})
"""The keys of a design's `data` that are no settings of the data set."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The field of the data behind each Input, and what each Output is compared with."""

    inputs: Mapping[str, str]
    targets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Files:
    """What is known of data files: a look at each by its path, or the sentence why there is none.

    `home` is the folder of the design's file, from which relative paths begin.
    """

    looks: Mapping[str, Look | str] = field(default_factory=dict)
    home: Path | None = None


def data_file(data: Mapping[str, Any], home: Path | None) -> str | None:
    """The path of the file that a design learns from; None where it names none."""
    path = data.get("path")
    if data.get("source") != FILE or not isinstance(path, str) or not path:
        return None
    return str(home / path) if home is not None else path


def as_written(path: Path, home: Path | None) -> str:
    """The path as a design holds it: from its own folder on where the file stands there or below."""
    full = path.absolute()
    return str(full.relative_to(home)) if home is not None and full.is_relative_to(home) else str(full)


def look_for(document: Document, home: Path | None) -> Files:
    """A look at the file that a design learns from, at once, which may take seconds."""
    path = data_file(document.data, home)
    return Files({path: look_or_reason(path)} if path is not None else {}, home)


def findable(document: Document, home: Path | None) -> Document:
    """The same design with the full path of its data file, to be kept in another folder."""
    path = data_file(document.data, home)
    return edits.change_data(document, {"path": str(Path(path).absolute())}) if path is not None else document


def look_or_reason(path: str) -> Look | str:
    """A look at a file, or the sentence why there is none."""
    try:
        return look(path)
    except UserError as error:
        return str(error)


def dataset_of(data: Mapping[str, Any]) -> Dataset | DataFile | None:
    """The chosen data set with its settings; None where none is chosen. Raises Misfit."""
    source = data.get("source")
    if not source:
        return None
    kinds: dict[str, type[Dataset | DataFile]] = {**DATASETS, FILE: DataFile}
    kind = kinds.get(source) if isinstance(source, str) else None
    if kind is None:
        raise Misfit(
            f'There is no data set called "{str(source)[:40]}".',
            f"Choose one of {', '.join(kinds)}.",
            "source",
            code="data",
        )
    return kind(**{key: value for key, value in data.items() if key not in WIRING})


def data_facts(document: Document, files: Files | None = None) -> tuple[DataFacts | None, tuple[Problem, ...]]:
    """The facts of the chosen data, or the problem why there are none; (None, ()) where none is chosen."""
    try:
        dataset = dataset_of(document.data)
    except Misfit as misfit:
        key = misfit.setting or "source"
        fixes = (Fix(f"Clear {key} of the data", "change_data", {"values": {key: None}}),)
        problem = Problem("data", f"The data cannot be used: {misfit.message}", misfit.hint, setting=key, fixes=fixes)
        return None, (problem,)
    if isinstance(dataset, DataFile):
        return _file_facts(dataset, document, files or Files())
    return (dataset.facts() if dataset is not None else None), ()


def _file_facts(dataset: DataFile, document: Document, files: Files) -> tuple[DataFacts | None, tuple[Problem, ...]]:
    path = data_file(document.data, files.home)
    if path is None:
        return None, (Problem("data", "No data file is chosen.", "Choose one in the Data panel.", setting="path"),)
    seen = files.looks.get(path)
    if seen is None:
        return None, (Problem("data", f"{Path(path).name} is being looked at.", "Wait a moment.", Severity.TIP),)
    if isinstance(seen, str):
        return None, (Problem("data", seen, setting="path"),)
    try:
        return dataset.facts(seen), ()
    except UserError as error:
        gaps = dataset.layout(seen).lacking and dataset.missing == "refuse"
        fixes = (Fix("Leave out the rows that lack a value", "change_data", {"values": {"missing": "drop"}}),)
        return None, (Problem("data", str(error), setting="path", fixes=fixes if gaps else ()),)


def wiring(document: Document, facts: DataFacts, inputs: Iterable[str], outputs: Mapping[str, str]) -> Wiring:
    """Which field feeds each Input and which is each Output's target.

    `outputs` gives each Output's `target` setting: empty for the data's target, or an Input's id, whose
    field is then the target too. Inputs that the design does not wire take the features in turn.
    """
    chosen_inputs = names(document.data.get("inputs"))
    chosen_targets = names(document.data.get("targets"))
    fed = {
        name: chosen_inputs.get(name, facts.features[min(place, len(facts.features) - 1)])
        for place, name in enumerate(inputs)
    }
    aims = {
        name: chosen_targets.get(name) or (fed.get(target, target) if target else facts.target)
        for name, target in outputs.items()
    }
    return Wiring(fed, aims)


def names(value: object) -> Mapping[str, str]:
    """A mapping of texts as a file may hold it; anything else counts as not given."""
    if not isinstance(value, Mapping):
        return {}
    return {key: text for key, text in value.items() if isinstance(text, str)}
