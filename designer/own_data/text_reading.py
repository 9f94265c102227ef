"""Opens plain texts: a look at what one is made of, and its windows as numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from designer.own_data.content import Collected
from designer.own_data.look import Stamp
from designer.own_data.texts import Text, TextChoice, overlap, step_of, vocabulary, windows
from designer.problems import UserError

LONGEST = 2**30
"""Bytes that a text may have."""
MOST_WORDS = 50_000
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]|_")
"""A word, with apostrophes inside, or one mark."""


def look(path: str, stamp: Stamp) -> Text:
    """What a text is made of; raises UserError where it cannot be read."""
    text = _read(path, stamp[1])
    if not text.strip():
        raise UserError(f"{Path(path).name} is empty. Choose another text.")
    lexicon = Counter(words_of(text))
    return Text(path, stamp, len(text), _common(Counter(text)), lexicon.total(), _common(lexicon))


def _common(counts: Counter[str]) -> tuple[str, ...]:
    """The commonest first; those that are as common in the order of their letters."""
    return tuple(sorted(counts, key=lambda each: (-counts[each], each))[:MOST_WORDS])


def words_of(text: str) -> list[str]:
    """The words and marks of a text, in small letters."""
    return WORD.findall(text.lower())


def _read(path: str, length: int) -> str:
    name = Path(path).name
    if length > LONGEST:
        raise UserError(f"{name} is larger than 1 GB. Choose a part of it.")
    try:
        return Path(path).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UserError(f"{name} is not UTF-8 text (byte {error.start:,}). Save it as UTF-8.") from error
    except OSError as error:
        raise UserError(f"{name} cannot be read. Choose another text.") from error


def collect(seen: Text, choice: TextChoice) -> Collected:
    """All windows, and the same moved on by one."""
    text = _read(seen.path, seen.stamp[1])
    numbers = {each: place for place, each in enumerate(vocabulary(seen, choice)) if place}
    units: Iterable[str] = text if choice.unit == "characters" else words_of(text)
    codes = np.fromiter((numbers.get(each, 0) for each in units), np.int64)
    count = windows(len(codes), choice)
    views = np.lib.stride_tricks.sliding_window_view(codes, choice.length)[:: step_of(choice)][:count]
    answers = np.lib.stride_tricks.sliding_window_view(codes[1:], choice.length)[:: step_of(choice)][:count]
    return Collected({"text": views.copy(), "next": answers.copy()}, {}, overlap=overlap(choice))
