"""How a design is trained: its data and training settings, read and checked, as a request to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from designer.catalogue import LOSSES
from designer.catalogue.datasets import DataFacts
from designer.catalogue.entry import Entry, Setting
from designer.catalogue.losses import BALANCED, SETTINGS, Loss, loss_of
from designer.catalogue.own_data import OwnFacts
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.data_rules import fitting_losses, set_loss, wiring_of
from designer.compiler.checking.facts import ABSENT, WIRING, data_facts, full_paths
from designer.compiler.checking.report import Report
from designer.compiler.lowering.augmentation import augmentation_problems, augmentations
from designer.compiler.lowering.choices import clashes, optimizer, schedule, settings
from designer.compiler.lowering.lower import lower
from designer.graph.document import Document
from designer.problems import Fix, Problem, Severity
from designer.protocol import Meaning, Precision, Recipe, Schedule, Source, Split, Target, Train

MOST_HELD_BACK = 0.95


class SplitSettings(Entry):
    """Which share of the examples is not learned from."""

    validation = Setting(0.15, "The share that measures each epoch.", minimum=0, maximum=0.9)
    test = Setting(0.15, "The share kept for one measurement at the end.", minimum=0, maximum=0.9)
    seed = Setting(0, "The number from which the shares are drawn.", minimum=0)


class NotReadyError(Exception):
    """The design cannot be trained as it is; `problems` says why, each with its fixes."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


def train_request(
    report: Report, folder: str, *, epochs: int | None = None, device: str | None = None, home: Path | None = None
) -> Train:
    """All that the engine needs to train a design; raises NotReadyError.

    `epochs` and `device` take the place of what the design says, for this run alone. `home` is the folder of the
    design's file.
    """
    for_once = {"epochs": epochs, "device": device}
    data = report.document.data
    training = {**report.document.training, **{key: value for key, value in for_once.items() if value is not None}}
    problems = training_problems(replace(report, document=replace(report.document, training=training)))
    if problems or report.facts is None:
        raise NotReadyError(problems)
    chosen, course = settings(training), schedule(training)
    wired = wiring_of(report, report.facts)
    targets = tuple(_targets(report, wired.targets))
    recipe = Recipe(
        source=_source(data, report.facts, home),
        inputs=tuple(wired.inputs.values()),
        targets=targets,
        optimizer=optimizer(training).call(),
        epochs=chosen.epochs,
        batch_size=chosen.batch_size,
        split=split(data),
        seed=chosen.seed,
        device=chosen.device,
        schedule=Schedule(course.call(), course.every) if course is not None else None,
        warmup=chosen.warmup,
        clip_norm=chosen.clip_norm,
        clip_value=chosen.clip_value,
        accumulate=chosen.accumulate,
        ema=chosen.ema,
        precision=cast(Precision, chosen.precision),
        compile=chosen.compile,
        deterministic=chosen.deterministic,
        l1=chosen.l1,
        l2=chosen.l2,
        patience=chosen.patience,
        augment=tuple(each.call() for each in augmentations(data)),
        fields=_meanings(report.facts, (*wired.inputs.values(), *(target.field for target in targets))),
    )
    return Train(lower(report, home), recipe, folder)


def _meanings(facts: DataFacts, names: Iterable[str]) -> dict[str, Meaning]:
    """What the fields that are used stand for, as far as anything is known of them."""
    fields = {name: facts.fields[name] for name in names if name in facts.fields}
    return {
        name: Meaning(field.classes, field.columns) for name, field in fields.items() if field.classes or field.columns
    }


def _source(data: Mapping[str, Any], facts: DataFacts, home: Path | None) -> Source:
    """The data as the engine is asked for it: a file by its full path and as it was when it was looked at."""
    chosen = {key: value for key, value in data.items() if key not in WIRING}
    if isinstance(facts, OwnFacts):
        chosen |= {**full_paths(data, home), "stamp": facts.seen.stamp}
    return Source(str(data["source"]), chosen)


def _targets(report: Report, fields: Mapping[str, str]) -> Iterator[Target]:
    """What each Output with a loss is compared with; `fields` are those of all Outputs."""
    for name, field in fields.items():
        layer = report.nodes[name].layer
        loss = loss_of(getattr(layer, "loss", ""), getattr(layer, SETTINGS, {}))
        if loss is not None:
            weight = float(getattr(report.nodes[name].layer, "weight", 1.0))
            field = "" if loss.compares == "nothing" else field
            yield Target(name, field, loss.call(), loss.compares, weight, bool(getattr(loss, BALANCED, False)))


def _loss(report: Report, output: str) -> type[Loss] | None:
    return LOSSES.get(getattr(report.nodes[output].layer, "loss", ""))


def training_problems(report: Report) -> tuple[Problem, ...]:
    """What keeps a design from being trained: its errors, no data, no loss, settings out of range."""
    found = [problem for problem in report.problems if problem.severity is Severity.ERROR]
    if not report.nodes:
        found.append(Problem("empty", "There is no network yet.", "Draw one, or open a sample."))
    if not report.document.data.get("source"):
        found.append(Problem("no-data", "No data is chosen.", "Choose a data set in the Data panel."))
    elif report.facts is None:
        known = [problem for problem in report.problems if problem.code == "data"]
        found.extend(problem for problem in known or data_facts(report.document)[1] if problem not in found)
    elif absent := [problem for problem in report.problems if problem.code == ABSENT]:
        found.extend(absent)
    elif report.sound:
        found.extend(_missing_losses(report, report.facts))
    return (*found, *_settings_problems(report.document), *augmentation_problems(report.document.data, report.facts))


def _settings_problems(document: Document) -> Iterator[Problem]:
    """What is out of range in the training settings and the split."""
    parts: tuple[tuple[Callable[[Mapping[str, Any]], object], Mapping[str, Any]], ...] = (
        (settings, document.training), (optimizer, document.training), (schedule, document.training),
        (split, document.data),
    )  # fmt: skip
    for read, part in parts:
        try:
            read(part)
        except Misfit as misfit:
            fixes = (_reset(misfit.setting, part),) if misfit.setting else ()
            yield Problem("training", misfit.message, misfit.hint, setting=misfit.setting, fixes=fixes)
    yield from clashes(document.training)


def _reset(setting: str, settings: Mapping[str, Any]) -> Fix:
    """Put one setting, such as "epochs" or "optimizer.lr", back to its default."""
    part, _, name = setting.partition(".")
    rest = {key: value for key, value in settings[part].items() if key != name} if name else None
    edit = "change_data" if part == "split" else "change_training"
    return Fix(f"Put {name or part} back to its default", edit, {"values": {part: rest or None}})


def _missing_losses(report: Report, facts: DataFacts) -> Iterator[Problem]:
    """A problem for each Output that might be learned from, where none is."""
    targets = wiring_of(report, facts).targets
    if any(loss is not None and loss.trains for loss in (_loss(report, name) for name in targets)):
        return
    for name, field in targets.items():
        if field not in facts.fields:
            continue
        lacks = "has no loss" if _loss(report, name) is None else "is only measured"
        best = next(
            (loss for loss in fitting_losses(facts.fields[field], report.nodes[name].shape) if loss.trains), None
        )
        fixes = (set_loss(name, best),) if best is not None else ()
        hint = f"{fixes[0].label}." if fixes else "Train another Output, of floating-point numbers."
        yield Problem("no-loss", f"{name} {lacks}, so there is nothing to learn from.", hint,
                      node=name, setting="loss", fixes=fixes)  # fmt: skip


def split(data: Mapping[str, Any]) -> Split:
    """The chosen split; raises Misfit."""
    chosen = data.get("split", {})
    if not isinstance(chosen, Mapping):
        raise Misfit("split must give validation, test and seed.", "Choose them anew.", "split", code="training")
    try:
        checked = SplitSettings(**chosen)
    except Misfit as misfit:
        raise Misfit(misfit.message, misfit.hint, f"split.{misfit.setting}", code="training") from misfit
    if checked.validation + checked.test > MOST_HELD_BACK:
        raise Misfit(
            "validation and test take nearly all examples, so hardly any are left to learn from.",
            f"Let them take at most {MOST_HELD_BACK:.0%} together.", "split", code="training",
        )  # fmt: skip
    return Split(checked.validation, checked.test, checked.seed)
