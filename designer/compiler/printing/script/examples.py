"""The part of a script that splits the examples, standardizes them and hands them out in batches."""

from __future__ import annotations

from collections.abc import Iterator

from designer.compiler.printing.script.engine_text import engine_function
from designer.compiler.printing.script.job import Job
from designer.compiler.printing.script.part import Part, part

TENSOR = ("import torch", "from torch import Tensor, nn")
ITERATOR = "from collections.abc import Iterator"


def example_parts(job: Job) -> Iterator[Part]:
    """All of it, in the order in which it is read."""
    if not job.source.splits or job.draws:
        yield _split(job.source.has_classes)
    if job.source.splits:
        yield _given_splits(job)
    if job.source.standardized:
        yield _scale(any(job.source.standardized.values()))
    yield _load_splits(job)
    yield engine_function("training/examples.py", "batch_sizes")
    yield part(
        (
            "def shuffled(",
            "    examples: Examples, sizes: list[int], generator: torch.Generator",
            ") -> Iterator[Examples]:",
            '    """Batches of these sizes, in an order drawn afresh."""',
            "    order = torch.randperm(sum(sizes), generator=generator)",
            "    for rows in order.split(sizes):",
            "        yield {name: values[rows] for name, values in examples.items()}",
        ),
        ITERATOR, *TENSOR,
    )  # fmt: skip


def _split(classes: bool) -> Part:
    about = "; each class is spread evenly" if classes else ""
    spread = (
        "    places = np.empty(len(order))",
        "    for each in np.unique(classes):",
        "        rows = order[classes[order] == each]",
        "        places[rows] = (np.arange(len(rows)) + generator.random()) / len(rows)",
        '    order = np.argsort(places, kind="stable")',
    )
    return part(
        (
            f"def split({'classes: np.ndarray' if classes else 'examples: int'}) -> dict[str, Tensor]:",
            f'    """The rows to test, to validate and to train with, drawn by a seed{about}."""',
            "    generator = np.random.default_rng(SPLIT_SEED)",
            f"    order = generator.permutation({'len(classes)' if classes else 'examples'})",
            *(spread if classes else ()),
            "    test, validation = round(TEST * len(order)), round(VALIDATION * len(order))",
            "    rows = np.split(order, [test, test + validation])",
            '    names = ("test", "validation", "train")',
            "    return {name: torch.from_numpy(each) for name, each in zip(names, rows, strict=True)}",
        ),
        "import numpy as np", *TENSOR,
    )  # fmt: skip


def _given_splits(job: Job) -> Part:
    """The function that takes the splits as the data has them."""
    classes = job.source.has_classes
    drawn = "; some of those to train with validate" if job.draws else ""
    lines = [
        f"def given_splits(places: np.ndarray{', classes: np.ndarray' if classes and job.draws else ''}) "
        "-> dict[str, Tensor]:",
        f'    """The rows of each split, as the data has them{drawn}."""',
        '    names = ("train", "validation", "test")',
        "    rows = {name: np.flatnonzero(places == place) for place, name in enumerate(names)}",
    ]
    if job.draws:
        lines += [
            '    learned = rows["train"]',
            f"    drawn = split({'classes[learned]' if classes else 'len(learned)'})",
            '    rows |= {name: learned[drawn[name].numpy()] for name in ("train", "validation")}',
        ]
    lines.append("    return {name: torch.from_numpy(each) for name, each in rows.items()}")
    return part(lines, "import numpy as np", *TENSOR)


def _rows_line(job: Job) -> str:
    """The line that tells the rows of each split."""
    answer = f'data["{job.source.target}"]'
    if job.source.splits:
        more = f", {answer}.numpy()" if job.source.has_classes and job.draws else ""
        return f"    rows = given_splits(places{more})"
    return f"    rows = split({answer}.numpy())" if job.source.has_classes else f"    rows = split(len({answer}))"


def _scale(some: bool) -> Part:
    """The function that measures columns; where `some` of them are no measures, it is told which."""
    lines = [
        f"def scale_of(values: Tensor{', apart: tuple[int, ...]' if some else ''}) -> tuple[Tensor, Tensor]:",
        '    """The mean and the standard deviation of each column; of those `apart` 0 and 1."""'
        if some
        else '    """The mean and the standard deviation of each column."""',
        "    mean, deviation = values.mean(dim=0), values.std(dim=0, correction=0)",
        "    deviation[deviation == 0] = 1",
    ]
    if some:
        lines += ["    mean[list(apart)], deviation[list(apart)] = 0, 1"]
    return part([*lines, "    return mean, deviation"], *TENSOR)


def _load_splits(job: Job) -> Part:
    source = job.source
    fields = source.standardized
    lines = [
        "def load_splits() -> tuple[dict[str, Examples], Scales]:" if fields else
        "def load_splits() -> dict[str, Examples]:",
        '    """The examples of each split, standardized by those to train with, and by what scales."""' if fields else
        '    """The examples of each split."""',
        "    data, places = load_data()" if source.splits else "    data = load_data()",
        _rows_line(job),
    ]  # fmt: skip
    if fields:
        lines += ["    scales = {}"]
        if any(fields.values()):
            lines += ["    for name, apart in STANDARDIZED.items():",
                      '        mean, deviation = scale_of(data[name][rows["train"]], apart)']  # fmt: skip
        else:
            lines += [f"    for name in {_tuple(fields)}:",
                      '        mean, deviation = scale_of(data[name][rows["train"]])']  # fmt: skip
        lines += ["        data[name] = (data[name] - mean) / deviation", "        scales[name] = mean, deviation"]
    lines += [
        "    examples = {",
        "        part: {name: values[places].to(DEVICE) for name, values in data.items()}",
        "        for part, places in rows.items()",
        "    }",
        "    return examples, scales" if fields else "    return examples",
    ]
    return part(lines, *TENSOR)


def _tuple(names: object) -> str:
    texts = [f'"{name}"' for name in names]  # type: ignore[attr-defined]
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"
