"""What the check must know of the data a design is trained on: which set, which field feeds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from designer.catalogue import DATASETS
from designer.catalogue.datasets import DataFacts, Dataset
from designer.catalogue.own_data import OWN_DATA, OwnData
from designer.catalogue.tensor import Misfit
from designer.graph import edits
from designer.graph.document import Document
from designer.own_data.look import Seen
from designer.own_data.reading import look
from designer.problems import Fix, Problem, Severity, UserError

WIRING = frozenset({"source", "inputs", "targets", "split", "augment"})
"""The keys of a design's `data` that are no settings of the data set."""


ABSENT = "data-absent"
"""The code of the problem that a set of which all is known is not on this machine yet."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The field of the data behind each Input, and what each Output is compared with."""

    inputs: Mapping[str, str]
    targets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Files:
    """What is known of data files: a look at each by its key, or the sentence why there is none.

    `home` is the folder of the design's file, from which relative paths begin.
    """

    looks: Mapping[str, Seen | str] = field(default_factory=dict)
    home: Path | None = None


def data_file(data: Mapping[str, Any], home: Path | None) -> str | None:
    """The path of the file that a design learns from; None where it names none."""
    path = data.get("path")
    if data.get("source") not in OWN_DATA or not isinstance(path, str) or not path:
        return None
    return str(home / path) if home is not None else path


def data_key(data: Mapping[str, Any], home: Path | None) -> str | None:
    """What must be looked at for a design's data, by its key; None where it names nothing that can be."""
    try:
        dataset = dataset_of(data)
    except Misfit:
        return None
    return dataset.key(home) if isinstance(dataset, OwnData) else None


def as_written(path: Path, home: Path | None) -> str:
    """The path as a design holds it: from its own folder on where the file stands there or below."""
    full = path.absolute()
    return str(full.relative_to(home)) if home is not None and full.is_relative_to(home) else str(full)


def look_for(document: Document, home: Path | None) -> Files:
    """A look at the file that a design learns from, at once, which may take seconds."""
    key = data_key(document.data, home)
    return Files({key: look_or_reason(key)} if key is not None else {}, home)


def findable(document: Document, home: Path | None) -> Document:
    """The same design with the full paths of its data, to be kept anywhere."""
    return edits.change_data(document, full_paths(document.data, home))


def full_paths(data: Mapping[str, Any], home: Path | None) -> dict[str, str]:
    """The settings of a design's data that name files, each by its full path."""
    kind = OWN_DATA.get(data["source"]) if isinstance(data.get("source"), str) else None
    named = {name: data.get(name) for name in kind.paths} if kind is not None else {}
    return {
        name: str((home / path if home is not None else Path(path)).absolute())
        for name, path in named.items()
        if isinstance(path, str) and path
    }


def look_or_reason(key: str) -> Seen | str:
    """A look at a file or folder, or the sentence why there is none."""
    try:
        return look(key)
    except UserError as error:
        return str(error)


def dataset_of(data: Mapping[str, Any]) -> Dataset | OwnData | None:
    """The chosen data set with its settings; None where none is chosen. Raises Misfit."""
    source = data.get("source")
    if not source:
        return None
    kinds: dict[str, type[Dataset | OwnData]] = {**DATASETS, **OWN_DATA}
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
    if isinstance(dataset, OwnData):
        return _own_facts(dataset, files or Files())
    return (dataset.facts() if dataset is not None else None), ()


def _own_facts(dataset: OwnData, files: Files) -> tuple[DataFacts | None, tuple[Problem, ...]]:
    key = dataset.key(files.home)
    if key is None:
        what = "folder" if dataset.folder else "file" if dataset.paths else "set"
        return None, (Problem("data", f"No data {what} is chosen.", "Choose one in the Data panel.", setting="path"),)
    seen, promise = files.looks.get(key), dataset.promise()
    if promise is not None and not isinstance(seen, Seen):
        return promise, (Problem(ABSENT, seen, severity=Severity.WARNING),) if seen else ()
    if seen is None:
        return None, (Problem("data", f"{dataset.label} is being looked at.", "Wait a moment.", Severity.TIP),)
    if isinstance(seen, str):
        return None, (Problem("data", seen, setting="path"),)
    try:
        facts = dataset.facts(seen)
    except UserError as error:
        return None, (Problem("data", str(error), setting="path", fixes=_leaving_out(dataset, seen)),)
    notes = " ".join(facts.content.notes)
    return facts, (Problem("data-left-out", notes, severity=Severity.TIP),) if notes else ()


def _leaving_out(dataset: OwnData, seen: Seen) -> tuple[Fix, ...]:
    """What is wrong with some rows or images is mended by leaving them out, where that is then all."""
    fixes = []
    for label, values in dataset.remedies:
        try:
            type(dataset)(**{**dataset.values, **values}).facts(seen)
        except UserError:
            continue
        fixes.append(Fix(label, "change_data", {"values": values}))
    return tuple(fixes)


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
