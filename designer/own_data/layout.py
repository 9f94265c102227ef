"""Which columns of a data file are learned from, which is the answer, and what each of them is taken for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from designer.own_data.look import MOST_VALUES, Column, Look
from designer.problems import UserError

Role = Literal["feature", "target", "ignore"]
Taken = Literal["number", "category", "index", "text"]
ROLES: tuple[Role, ...] = ("feature", "target", "ignore")
TAKEN: tuple[Taken, ...] = ("number", "category", "index", "text")
MISSING = ("refuse", "drop", "fill")

ANSWERS = frozenset({"label", "labels", "target", "targets", "class", "classes", "y"})
"""Names by which a column is guessed to be the answer."""
CLASSES = frozenset({"label", "labels", "class", "classes"})
NUMBERS = frozenset({"", "id", "index", "unnamed: 0"})
"""Names by which a column that has another value in each row is guessed to number the rows."""
FEW = 20
"""Whole numbers to predict with so many different values are guessed to be classes."""
WIDE = 50
"""A text with more different values is guessed to be no category."""
FILLING = ("<padding>", "<unknown>")
"""What the numbers 0 and 1 of a text stand for."""
MOST_LENGTH = 256
"""So many words of a text are read where nobody says more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A column, its role and what it is taken for."""

    column: Column
    role: Role
    taken: Taken

    @property
    def classes(self) -> tuple[str, ...]:
        """The values of a category in the order of their numbers."""
        return self.column.values if self.taken in ("category", "index") else ()

    @property
    def apart(self) -> bool:
        """Whether it is a field of its own, beside the numbers: whole numbers for an Embedding."""
        return self.taken in ("index", "text")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns in the file's order, each with its role; `missing` says what becomes of rows with gaps."""

    look: Look
    parts: tuple[Part, ...]
    missing: str = "refuse"
    vocabulary: int = 10_000
    """So many words of a text have a number of their own."""
    length: int = 0
    """So many words of a text are read; 0: as many as the longest has."""
    split_column: str = ""

    @property
    def features(self) -> tuple[Part, ...]:
        """What is learned from."""
        return tuple(part for part in self.parts if part.role == "feature")

    @property
    def targets(self) -> tuple[Part, ...]:
        """What is to be predicted."""
        return tuple(part for part in self.parts if part.role == "target")

    @property
    def target(self) -> str:
        """The name of the field to predict; that of what is learned from, where a file has nothing else."""
        targets = self.targets or self.features
        return targets[0].column.name if len(targets) == 1 else "targets"

    @property
    def feature(self) -> str:
        """The name of the field that holds all features of a table."""
        return "features" if self.target != "features" else "columns"

    @property
    def used(self) -> tuple[str, ...]:
        """The names of all columns that are not ignored."""
        return tuple(part.column.name for part in self.parts if part.role != "ignore")

    @property
    def lacking(self) -> int:
        """How many rows lack a value that is needed, and so are left out."""
        return self._lacking(self.look.gaps)

    @property
    def lacking_used(self) -> int:
        """How many rows lack a value in any column that is used."""
        return sum(count for names, count in self.look.gaps.items() if names & frozenset(self.used))

    def _lacking(self, gaps: Mapping[frozenset[str], int]) -> int:
        return sum(count for names, count in gaps.items() if names & self.needed)

    @property
    def needed(self) -> frozenset[str]:
        """The columns without which a row is of no use."""
        if self.missing != "fill":
            return frozenset(self.used)
        return frozenset(part.column.name for part in self.targets)

    @property
    def examples(self) -> int:
        """How many rows are left."""
        return self.look.rows - self.lacking

    @property
    def given(self) -> Mapping[str, int] | None:
        """How many rows of each split are left, where the source is split already."""
        parts = self.look.parts
        return {name: part.rows - self._lacking(part.gaps) for name, part in parts.items()} if parts else None

    def words(self, part: Part) -> tuple[str, ...]:
        """What the numbers of a text stand for: what fills it up, an unknown word, then the commonest words."""
        return (*FILLING, *part.column.words[: self.vocabulary])

    def length_of(self, part: Part) -> int:
        """How many words are read of a text."""
        return self.length or max(1, min(part.column.longest, MOST_LENGTH))


def lay_out(look: Look, columns: Mapping[str, str], kinds: Mapping[str, str], missing: str) -> Layout:
    """The roles that the user gave, and guesses for the rest; whether they can be met, `refuse` says."""
    targets = _targets(look, columns)
    parts = []
    for column in look.columns:
        given = columns.get(column.name)
        role: Role = "target" if column in targets else "feature"
        if given == "ignore" or (role == "feature" and given is None and _idle(look, column)):
            role = "ignore"
        parts.append(Part(column, role, _chosen(kinds.get(column.name), column, role, len(targets))))
    return Layout(look, tuple(parts), missing)


def _chosen(kind: str | None, column: Column, role: Role, targets: int) -> Taken:
    """What a column is taken for: as the user says, or as is guessed."""
    if role == "target" and kind in ("index", "text"):
        return "category"
    for taken in TAKEN:
        if kind == taken:
            return taken
    return _taken(column, role == "target" and targets == 1)


def _targets(look: Look, columns: Mapping[str, str]) -> list[Column]:
    """The columns that the user made the target; else one called so; else the last one."""
    chosen = [column for column in look.columns if columns.get(column.name) == "target"]
    if chosen or (not look.is_table and len(look.columns) == 1):
        return chosen
    free = [column for column in look.columns if column.name not in columns and column.rows == look.rows]
    called = [column for column in free if column.name.strip().lower() in ANSWERS]
    return called[:1] or [column for column in free if column.kind != "other"][-1:]


def _idle(look: Look, column: Column) -> bool:
    """Whether a column is guessed to be of no use: the rows' numbers, a text of many values, another length."""
    if column.kind == "other" or column.rows != look.rows or not column.rows:
        return True
    if not look.is_table:
        return False
    numbered = column.name.strip().lower() in NUMBERS and column.distinct == look.rows
    return numbered or (column.kind == "text" and not column.words and not 0 < column.distinct <= WIDE)


def _taken(column: Column, answer: bool) -> Taken:
    """What a column is guessed to be taken for; `answer` says that it is the only target."""
    if column.kind == "text":
        return "text" if column.words and column.distinct > WIDE and not answer else "category"
    few = MOST_VALUES if column.name.strip().lower() in CLASSES else FEW
    classes = answer and column.kind == "whole" and len(column.values) > 1
    return "category" if classes and 0 < column.distinct <= few else "number"


def refuse(layout: Layout, named: Iterable[str] = ()) -> None:
    """Raise UserError where the columns cannot be learned from, or where `named` are none of them."""
    names = [column.name for column in layout.look.columns]
    for name in named:
        if name not in names:
            raise UserError(f'{layout.look.name} has no column "{name}". Choose one of {", ".join(names[:20])}.')
    look, features, targets = layout.look, layout.features, layout.targets
    if not look.rows:
        raise UserError(f"{look.name} has no rows. Choose another file.")
    if not features:
        raise UserError(f"No column of {look.name} is left to learn from. Make one of them a feature.")
    if not targets and (look.is_table or len(look.columns) > 1):
        raise UserError(f"No column of {look.name} is the target. Make one of them the target.")
    if len(targets) > 1 and (not look.is_table or any(part.taken == "category" for part in targets)):
        together = " and ".join(part.column.name for part in targets)
        raise UserError(f"{together} cannot be targets together, since only numbers of a table can. Choose one.")
    for part in (*features, *targets):
        _refuse_part(look, part)
    for part in targets:
        if part.taken == "category" and look.is_table and len(part.classes) < 2 and look.rows:
            raise UserError(
                f"All rows of {look.name} have the one {part.column.name} {', '.join(part.classes) or 'of none'}. "
                "Choose another target."
            )
    if layout.lacking and layout.missing == "refuse":
        raise UserError(
            f"{gaps_text(layout)} Mend the file, or set missing to drop to leave these rows out, or to fill."
        )
    if not layout.examples:
        raise UserError(f"Every row of {look.name} lacks a value. Ignore the columns that are empty.")


def _refuse_part(look: Look, part: Part) -> None:
    column = part.column
    if column.kind == "other":
        raise UserError(f"The column {column.name} of {look.name} holds neither numbers nor texts. Ignore it.")
    if column.rows != look.rows:
        raise UserError(
            f"{column.name} of {look.name} has {column.rows:,} rows, but others have {look.rows:,}. Ignore one of them."
        )
    if part.taken == "number" and column.kind == "text":
        raise UserError(f"The column {column.name} of {look.name} holds texts. Take it for a category, or ignore it.")
    if part.taken == "text" and column.kind != "text":
        raise UserError(f"The column {column.name} of {look.name} holds no texts. Take it for numbers or a category.")
    if part.taken in ("category", "index") and not column.values:
        many = f"it has more than {MOST_VALUES:,} different values" if column.distinct else "its values are no classes"
        raise UserError(
            f"{column.name} of {look.name} cannot be a category, since {many}. Ignore it, or choose another target."
        )


def gaps_text(layout: Layout) -> str:
    """The gaps in sentences: "people.csv lacks 3 values of age and 1 of height, in 4 rows."."""
    counts = {name: sum(count for names, count in layout.look.gaps.items() if name in names) for name in layout.used}
    lacking = [(name, count) for name, count in counts.items() if count]
    told = [f"{count:,} values of {name}" if count > 1 else f"1 value of {name}" for name, count in lacking[:3]]
    if len(lacking) > 3:
        told.append(f"some of {len(lacking) - 3} more columns")
    text = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    rows = f"{layout.lacking:,} rows" if layout.lacking > 1 else "1 row"
    return f"{layout.look.name} lacks {text}, in {rows}."
