"""The generated sequences and the pairs of digits of the catalogue, as a script makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from designer.compiler.printing.script.engine_text import engine_function, engine_module
from designer.compiler.printing.script.part import Part, part
from designer.compiler.printing.script.sources import TENSOR, SourcePart
from designer.protocol import Source

NUMPY = "import numpy as np"
SEQUENCE = "from collections.abc import Sequence"
MAPPING = "from collections.abc import Mapping, Sequence"
WHOLE = "torch.tensor(np.asarray({}), dtype=torch.int64)"
ROWS = "given: Sequence[Sequence[int]]"
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "tagging": {"samples": 2000, "noise": 0.1, "data_seed": 0, "length": 12},
    "counting": {"samples": 2000, "data_seed": 0, "length": 12, "numbers": 20},
    "reversal": {"samples": 2000, "data_seed": 0, "length": 8},
    "digit_pairs": {"data_seed": 0},
}


def sequence_part(source: Source) -> SourcePart:
    """The part of a set whose key is one of SETTINGS."""
    return MAKERS[source.key]({**SETTINGS[source.key], **source.settings})


def _load(about: str, lines: tuple[str, ...], fields: Mapping[str, str], *imports: str) -> Part:
    return part(
        (
            "def load_data() -> Examples:",
            f'    """{about}"""',
            *(f"    {line}" for line in lines),
            "    return {",
            *(f'        "{name}": {text},' for name, text in fields.items()),
            "    }",
        ),
        *imports, NUMPY, *TENSOR,
    )  # fmt: skip


def _tagging(chosen: Mapping[str, Any]) -> SourcePart:
    call = "sentences({samples}, {length}, {noise!r}, np.random.default_rng({data_seed}))".format(**chosen)
    fields = {"words": "torch.from_numpy(words)", "tags": "torch.from_numpy(tags)"}
    load = _load("Sentences as the numbers of their words, and the part of speech of each.",
                 (f"words, tags = {call}",), fields)  # fmt: skip
    made = {"words": WHOLE.format("given")}
    parts = (engine_module("data/sentences.py", NUMPY), load)
    about = "sentences, each word as its place in VOCABULARY"
    return SourcePart(parts, (), "tags", False, {}, ROWS, about, made, f"[{[0] * 3}]", frozenset({SEQUENCE, NUMPY}))


def _counting(chosen: Mapping[str, Any]) -> SourcePart:
    length = chosen["length"] + 1
    call = "counting({samples}, {long}, {numbers}, np.random.default_rng({data_seed}))".format(**chosen, long=length)
    fields = {"numbers": "torch.from_numpy(rows[:, :-1].copy())", "next": "torch.from_numpy(rows[:, 1:].copy())"}
    load = _load("Rows of numbers that go on by a fixed step, and after each the next.", (f"rows = {call}",), fields)
    made = {"numbers": WHOLE.format("given")}
    parts = (engine_function("data/sequences.py", "counting", NUMPY), load)
    imports = frozenset({SEQUENCE, NUMPY})
    return SourcePart(parts, (), "next", False, {}, ROWS, "rows of numbers", made, "[[1, 3, 5, 7]]", imports)


def _reversal(chosen: Mapping[str, Any]) -> SourcePart:
    call = "reversal({samples}, {length}, np.random.default_rng({data_seed}))".format(**chosen)
    fields = {
        "source": "torch.from_numpy(source)",
        "given": "torch.from_numpy(given)",
        "reversed": "torch.from_numpy(turned.copy())",
    }
    load = _load("Rows of symbols, what a writer of them backwards is given at each step, and the reversed rows.",
                 (f"source, given, turned = {call}",), fields)  # fmt: skip
    made = {name: WHOLE.format(f'given["{name}"]') for name in ("source", "given")}
    parts = (Part("SYMBOLS = 10"), engine_function("data/sequences.py", "reversal", NUMPY), load)
    return SourcePart(
        parts, (), "reversed", False, {}, "given: Mapping[str, Sequence[Sequence[int]]]", "rows of symbols, by input",
        made, '{"source": [[1, 2, 3]], "given": [[10, 3, 2]]}', frozenset({MAPPING, NUMPY}),
    )  # fmt: skip


def _digit_pairs(chosen: Mapping[str, Any]) -> SourcePart:
    lines = (
        "images, digits = load_digits(return_X_y=True)",
        "pictures = torch.tensor(images.reshape(-1, 1, 8, 8) / 16, dtype=torch.float32)",
        f"order = np.random.default_rng({chosen['data_seed']}).permutation(len(digits))",
        "by_digit = [order[digits[order] == digit] for digit in range(10)]",
        "alike = np.concatenate([rows[: len(rows) // 2 * 2].reshape(-1, 2) for rows in by_digit])",
        "same, mixed = alike[::2], alike[1::2]",
        "# Sorted by digit, half of them away stands another digit.",
        "different = np.stack([mixed[:, 0], np.roll(mixed[:, 1], len(mixed) // 2)], axis=1)",
        "first, second = np.concatenate([same, different]).T",
        "labels = np.repeat([1, 0], [len(same), len(different)])",
    )
    fields = {"first": "pictures[first]", "second": "pictures[second]", "same": "torch.from_numpy(labels)"}
    load = _load("Two digits at a time, each picture in one pair alone, and whether they are the same.", lines, fields,
                 "from sklearn.datasets import load_digits")  # fmt: skip
    image = 'torch.tensor(np.asarray(given["{}"]) / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)'
    made = {name: image.format(name) for name in ("first", "second")}
    return SourcePart(
        (load,), ("scikit-learn",), "same", True, {}, "given: Mapping[str, Sequence[np.ndarray]]",
        "images of 8 x 8 pixels, each from 0 to 16, by input", made,
        '{"first": load_digits().images[:5], "second": load_digits().images[5:10]}', frozenset({MAPPING, NUMPY}),
    )  # fmt: skip


MAKERS: Mapping[str, Callable[[Mapping[str, Any]], SourcePart]] = {
    "tagging": _tagging, "counting": _counting, "reversal": _reversal, "digit_pairs": _digit_pairs,
}  # fmt: skip
