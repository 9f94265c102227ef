"""A plain text: what it is made of, and windows of it to predict the next character or word from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from designer.own_data.content import Choice, Content, Item
from designer.own_data.look import Seen
from designer.problems import UserError

TEXT = "text"
"""The `source` of a design that learns from a plain text."""

Unit = Literal["characters", "words"]
UNITS: tuple[Unit, ...] = ("characters", "words")
UNKNOWN = "<unknown>"
"""What the number 0 stands for: all that is too rare for a number of its own."""
FEWEST = 4
"""A text must give so many windows."""


@dataclass(frozen=True, slots=True)
class Text(Seen):
    """How long a text is, and what it is made of, the commonest first."""

    characters: int
    alphabet: tuple[str, ...]
    words: int
    lexicon: tuple[str, ...]

    def length(self, unit: Unit) -> int:
        """How many characters or words it has."""
        return self.characters if unit == "characters" else self.words


class TextChoice(Choice, frozen=True, kw_only=True):
    """How a text is cut into windows."""

    unit: Unit = "characters"
    length: int = 64
    step: int = 0
    vocabulary: int = 10_000


def vocabulary(seen: Text, choice: TextChoice) -> tuple[str, ...]:
    """What each number stands for."""
    known = seen.alphabet if choice.unit == "characters" else seen.lexicon
    return (UNKNOWN, *known[: choice.vocabulary])


def windows(length: int, choice: TextChoice) -> int:
    """How many windows there are; each needs one more character behind it."""
    return max(0, (length - 1 - choice.length) // step_of(choice) + 1)


def step_of(choice: TextChoice) -> int:
    """How far a window begins behind the one before it."""
    return choice.step or choice.length


def overlap(choice: TextChoice) -> int:
    """How many of the windows before it a window shares something with."""
    return -(-choice.length // step_of(choice)) - 1


def content(seen: Text, choice: TextChoice) -> Content:
    """What will be read; raises UserError where the text cannot be learned from like this."""
    known, long = vocabulary(seen, choice), seen.length(choice.unit)
    if len(known) < 3:
        raise UserError(f"{seen.name} is made of fewer than two different {choice.unit}. Choose another text.")
    examples = windows(long, choice)
    if examples < FEWEST:
        raise UserError(
            f"{seen.name} has {long:,} {choice.unit}, too few for windows of {choice.length:,}. Take a smaller length."
        )
    item = Item((choice.length,), "int64", known)
    notes: tuple[str, ...] = ()
    rare = len(seen.alphabet if choice.unit == "characters" else seen.lexicon) - choice.vocabulary
    if rare > 0:
        notes = (f"{rare:,} rare {choice.unit} of {seen.name} count as unknown.",)
    fields = {"text": item, "next": item}
    return Content(seen.name, fields, ("text",), "next", examples, ordered=True, notes=notes)
