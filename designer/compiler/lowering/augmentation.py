"""The augmentations that a design's data asks for, read and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from designer.catalogue import AUGMENTATIONS
from designer.catalogue.augmentations import Augmentation
from designer.catalogue.datasets import CHANNELS, DataFacts
from designer.catalogue.tensor import Misfit
from designer.problems import Fix, Problem


def augmentations(data: Mapping[str, Any]) -> tuple[Augmentation, ...]:
    """Those that are chosen, in their order; raises Misfit."""
    chosen = data.get("augment", ())
    if not isinstance(chosen, list | tuple):
        raise Misfit("augment must be a list.", "Choose the augmentations anew.", "augment", code="training")
    return tuple(_augmentation(each) for each in chosen)


def _augmentation(chosen: object) -> Augmentation:
    kind = AUGMENTATIONS.get(str(chosen.get("kind"))) if isinstance(chosen, Mapping) else None
    if kind is None or not isinstance(chosen, Mapping):
        name = str(chosen.get("kind") if isinstance(chosen, Mapping) else chosen)[:40]
        raise Misfit(
            f'There is no augmentation called "{name}".', f"Choose among {', '.join(AUGMENTATIONS)}.",
            "augment", code="training",
        )  # fmt: skip
    try:
        return kind(**{key: value for key, value in chosen.items() if key != "kind"})
    except Misfit as misfit:
        message = f"{kind.title}: {misfit.message}"
        raise Misfit(message, misfit.hint, "augment", code="training", suggest=misfit.suggest) from misfit


def augmentation_problems(data: Mapping[str, Any], facts: DataFacts | None) -> Iterator[Problem]:
    """What keeps the chosen augmentations from being made, each with the fix that takes them away."""
    fix = Fix("Take all augmentations away", "change_data", {"values": {"augment": None}})
    try:
        chosen = augmentations(data)
    except Misfit as misfit:
        yield Problem("augment", misfit.message, misfit.hint, setting="augment", fixes=(fix,))
        return
    if facts is None:
        return
    known = fitting(facts)
    for each in chosen:
        if type(each) in known:
            continue
        needs = "colour pictures, of three channels" if known else "pictures"
        message = f"{each.title} needs {needs}, which {facts.title} has not."
        yield Problem("augment", message, "Take it away.", setting="augment", fixes=(fix,))


def picture_shapes(facts: DataFacts) -> tuple[tuple[int, int, int], ...]:
    """The shapes of the features that are pictures: channels, height, width."""
    shapes = [facts.fields[name].spec for name in facts.features]
    return tuple(
        (spec.shape[0], spec.shape[1], spec.shape[2])  # type: ignore[misc]  # data has no free lengths
        for spec in shapes
        if len(spec.shape) == 3 and spec.batch == 0 and spec.shape[0] in CHANNELS and spec.dtype == "float32"
    )


def fitting(facts: DataFacts) -> tuple[type[Augmentation], ...]:
    """The augmentations that the pictures of some data can take; none where there are no pictures."""
    shapes = picture_shapes(facts)
    if not shapes:
        return ()
    return tuple(
        kind for kind in AUGMENTATIONS.values() if all(kind.channels in (0, channels) for channels, _, _ in shapes)
    )
