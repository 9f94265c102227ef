"""What every choosable thing is made of: a title, a lesson in one line, and settings that check themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar, overload

from designer.catalogue.tensor import Misfit

T = TypeVar("T")

LARGEST = 2**31 - 1
"""No setting takes a larger whole number: torch's sizes and strides overflow soon after."""

MOST_NAMED = 12
"""So many choices are named where none of them was given."""

MOST_AXES = 16
"""No shape has more axes."""


class Setting(Generic[T]):
    """A value the user chooses, declared in the class body; reading it on an instance gives the value.

    `sizes` allows a whole number or that many of them (0: any count, always a tuple); with `free`, a
    name may stand for a length. `words` are texts allowed beside the numbers ("same"). `optional`
    allows None. `choices` are the only values. `kind` is needed where the default does not tell it.
    `python` says that the text is code. A table (kind dict) has a form of its own, where it has any.
    """

    def __init__(
        self,
        default: T,
        doc: str,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        choices: tuple[object, ...] = (),
        words: tuple[str, ...] = (),
        sizes: int | None = None,
        free: bool = False,
        optional: bool = False,
        kind: type | None = None,
        python: bool = False,
    ) -> None:
        self.default = default
        self.doc = doc
        self.minimum = minimum
        self.maximum = maximum
        self.choices = choices
        self.words = words
        self.sizes = sizes
        self.free = free
        self.optional = optional
        self.python = python
        self.kind: type = kind if kind is not None else (tuple if sizes == 0 else type(default))
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, entry: None, owner: type) -> Setting[T]: ...
    @overload
    def __get__(self, entry: object, owner: type) -> T: ...
    def __get__(self, entry: Any, owner: type) -> Any:
        return self if entry is None else entry.values.get(self.name, self.default)

    def accept(self, value: object) -> T:
        """`value` in its canonical form (lists become tuples), or raise Misfit naming this setting."""
        if value is None and self.optional:
            return value  # type: ignore[return-value]  # T includes None where `optional` is set
        if self.kind is dict:
            return self._table(value)
        if self.choices:
            if not any(value == choice and type(value) is type(choice) for choice in self.choices):
                self._refuse(value, f"one of {self._offer()}")
            return value  # type: ignore[return-value]  # one of the choices, which are of type T
        if isinstance(value, str) and value in self.words:
            return value  # type: ignore[return-value]  # words are part of T
        return self._number_or_text(value)

    def _offer(self) -> str:
        """The choices in words, as many as can be read."""
        names = [str(choice) for choice in self.choices if choice != ""]
        left = len(names) - MOST_NAMED
        return f"{', '.join(names[:MOST_NAMED])} and {left} others" if left > 1 else ", ".join(names)

    def _table(self, value: object) -> Any:
        """Values by name, as they are: what they mean is known to what reads them."""
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            self._refuse(value, "a table of settings")
        return dict(value)  # type: ignore[call-overload]  # a mapping by the test above

    def _number_or_text(self, value: object) -> Any:
        if self.sizes is not None:
            return self._lengths(value)
        if self.kind is bool:
            return value if isinstance(value, bool) else self._refuse(value, "true or false")
        if self.kind is int:
            return self._whole(value)
        if self.kind is float:
            return self._real(value)
        return value if isinstance(value, str) else self._refuse(value, "a text")

    def _lengths(self, value: object) -> Any:
        if isinstance(value, (list, tuple)):
            if self.sizes and len(value) != self.sizes:
                self._refuse(value, f"one whole number or {self.sizes} of them")
            if len(value) > MOST_AXES:
                self._refuse(value, f"at most {MOST_AXES} whole numbers")
            return tuple(part if self._is_free(part) else self._whole(part) for part in value)
        if self.sizes == 0:
            self._refuse(value, "a list of whole numbers")
        return self._whole(value)

    def _is_free(self, value: object) -> bool:
        """Whether it names a free length; N is taken, since the window calls the batch so."""
        return self.free and isinstance(value, str) and value.isidentifier() and value != "N" and len(value) <= 20

    def _whole(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            return self._refuse(value, "a whole number, or a name other than N" if self.free else "a whole number")
        if abs(value) > LARGEST:
            self._refuse(value, f"a whole number of at most {LARGEST:,}")
        return int(self._within(value))

    def _real(self, value: object) -> float:
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST
        if not whole and not (isinstance(value, float) and math.isfinite(value)):
            self._refuse(value, "a number")
        return float(self._within(value))  # type: ignore[arg-type]  # narrowed by the test above

    def _within(self, value: float) -> float:
        if self.minimum is not None and value < self.minimum:
            self._refuse(value, f"at least {self.minimum:g}", suggest=self.minimum)
        if self.maximum is not None and value > self.maximum:
            self._refuse(value, f"at most {self.maximum:g}", suggest=self.maximum)
        return value

    def _refuse(self, value: object, wanted: str, suggest: object = None) -> Any:
        raise Misfit(
            f"{self.name} is {_shown(value)}, but it must be {wanted}.",
            f"Set {self.name} to {wanted}.",
            self.name,
            code="setting",
            suggest=suggest,
        )


class Entry:
    """Something in the catalogue that has settings: a layer, a loss, an optimizer, a dataset.

    The class docstring's first line is the lesson shown in tooltips; `title` is what the window calls it.
    An instance holds checked values; what is not given keeps its default.
    """

    title: ClassVar[str] = ""
    settings: ClassVar[Mapping[str, Setting[Any]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {name: part for name, part in vars(cls).items() if isinstance(part, Setting)}
        cls.settings = {**cls.settings, **own}

    def __init__(self, /, **values: object) -> None:
        self.values: dict[str, object] = {}
        self.by_formula: frozenset[str] = frozenset()
        """Settings that formulas gave, for the source writer: they are said even where they are the default."""
        for name, value in values.items():
            setting = self.settings.get(name)
            if setting is None:
                raise Misfit(
                    f"{type(self).__name__} has no setting called {name}.",
                    "Remove it, or correct its spelling.",
                    name,
                    code="unknown-setting",
                )
            self.values[name] = setting.accept(value)

    @classmethod
    def lesson(cls) -> str:
        """The first line of the docstring."""
        return (cls.__doc__ or "").strip().split("\n")[0]

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{type(self).__name__}({inside})"


def _shown(value: object) -> str:
    """A value of any kind in at most 40 characters; whatever a file may hold, this raises nothing."""
    if isinstance(value, int) and abs(value) > 10**20:
        return "a number too large to show"
    if isinstance(value, (list, tuple)):
        inside = ", ".join("..." if isinstance(part, (list, tuple, dict)) else _shown(part) for part in value[:8])
        text = f"[{inside}{', ...' if len(value) > 8 else ''}]"
    elif isinstance(value, dict):
        text = "a table"
    else:
        text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
