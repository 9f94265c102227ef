"""What the check must know of the data a design is trained on: which set, which field feeds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from designer.catalogue import DATASETS
from designer.catalogue.datasets import DataFacts, Dataset
from designer.catalogue.tensor import Misfit
from designer.graph.document import Document
from designer.problems import Fix, Problem

WIRING = frozenset({"source", "inputs", "targets", "split"})
"""The keys of a design's `data` that are no settings of the data set."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The field of the data behind each Input, and what each Output is compared with."""

    inputs: Mapping[str, str]
    targets: Mapping[str, str]


def dataset_of(data: Mapping[str, Any]) -> Dataset | None:
    """The chosen data set with its settings; None where none is chosen. Raises Misfit."""
    source = data.get("source")
    if not source:
        return None
    kind = DATASETS.get(source) if isinstance(source, str) else None
    if kind is None:
        raise Misfit(
            f'There is no data set called "{str(source)[:40]}".',
            f"Choose one of {', '.join(DATASETS)}.",
            "source",
            code="data",
        )
    return kind(**{key: value for key, value in data.items() if key not in WIRING})


def data_facts(document: Document) -> tuple[DataFacts | None, tuple[Problem, ...]]:
    """The facts of the chosen data, or the problem why there are none; (None, ()) where none is chosen."""
    try:
        dataset = dataset_of(document.data)
    except Misfit as misfit:
        key = misfit.setting or "source"
        fixes = (Fix(f"Clear {key} of the data", "change_data", {"values": {key: None}}),)
        problem = Problem("data", f"The data cannot be used: {misfit.message}", misfit.hint, setting=key, fixes=fixes)
        return None, (problem,)
    return (dataset.facts() if dataset is not None else None), ()


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
