"""Formulas reckon as Python does, and whatever a text says, they end at once in a number or in one sentence."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.graph.formulas import (
    LARGEST,
    FormulaError,
    Number,
    evaluate,
    formulas_in,
    is_formula,
    names,
    parse,
    renamed,
    replaced,
    text_of,
)

VALUES: dict[str, Number] = {"width": 64, "n": 3, "zero": 0, "rate": 0.25, "_e5": -7}

numbers = st.one_of(
    st.integers(0, 50), st.integers(0, 2**40), st.floats(0, 1e6, allow_nan=False), st.sampled_from([0, 1, 2])
)
atoms = st.one_of(numbers.map(repr), st.sampled_from(list(VALUES)))


def grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from([" + ", "-", "*", "//", " % ", "**"])
    return st.one_of(
        st.tuples(parts, signs, parts).map("".join),
        parts.map(lambda part: f"( {part})"),
        st.tuples(st.sampled_from("+-"), parts).map("".join),
    )


texts = st.recursive(atoms, grown, max_leaves=8).filter(lambda text: len(text) < 150)


def value(text: str) -> Number:
    return evaluate(parse(f"={text}"), VALUES)


def refused(text: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        value(text)
    return caught.value


def small(text: str) -> bool:
    """Whether Python can reckon it in no time: no power of a power, and a short number or a name as its exponent."""
    bases = text.split("**")
    return len(bases) == 1 or (len(bases) == 2 and re.match(r"[\s+-]*(\d{1,3}(?!\d)|[a-z_])", bases[1]) is not None)


@given(texts.filter(small))
def test_a_formula_gives_the_number_that_python_gives(text: str) -> None:
    try:
        wanted = eval(text, {}, dict(VALUES))
    except (ZeroDivisionError, OverflowError):
        wanted = None
    found = outcome(text)
    if isinstance(found, str):
        # Refused is what Python refuses too, what is not real, and what is too large somewhere on the way.
        assert wanted is None or "too large" in found or isinstance(wanted, complex)
    else:
        assert type(found) is type(wanted)
        assert found == wanted


@given(texts)
def test_a_formula_written_anew_means_the_same(text: str) -> None:
    formula = parse(f"={text}")
    assert parse(text_of(formula)) == formula or outcome(text) == outcome(text_of(formula))


def outcome(text: str) -> Number | str:
    try:
        return value(text)
    except FormulaError as error:
        return error.message


@given(st.text(alphabet="0123456789.eE+-*/%() nwidth_$é=", max_size=250))
def test_any_text_at_all_is_a_number_or_one_sentence(text: str) -> None:
    found = outcome(text)
    if isinstance(found, str):
        assert found.endswith(".")
        assert len(found) < 200
    else:
        assert math.isfinite(found)
        assert abs(found) <= LARGEST or isinstance(found, float)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2*width", 128), (" 2 * ( width + 1 ) ", 130), ("-2**2", -4), ("2**-1", 0.5), ("2**3**2", 512),
        ("7//2*2", 6), ("-7//2", -4), ("-7%3", 2), ("1.5e1", 15.0), (".5+1.", 1.5), ("--3", 3), ("007", 7),
        ("10-3-2", 5), ("(2**3)**2", 64), ("width//n%5", 1),
    ],
)  # fmt: skip
def test_operators_bind_as_in_python(text: str, wanted: Number) -> None:
    assert value(text) == wanted
    assert type(value(text)) is type(wanted)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2/3", "Use //"), ("", "empty"), ("2*", "ends too early"), ("(2", "ends too early"), ("2)", "too many"),
        ("2 3", "too many"), ("*2", "where a value belongs"), ("2 $ 3", '"$"'), ("width.real", '"."'),
        ("f(2)", "too many"), ("1//zero", "divides by zero"), ("1%0", "divides by zero"), ("0**-1", "divides by zero"),
        ("2**10**10", "too large"), ("9**9**9**9", "too large"), ("10.0**400", "too large"), ("1e999", "too large"),
        ("9" * 40, "too large"), ("(0-8)**0.5", "no real number"), ("(" * 60 + "1" + ")" * 60, "nested too deeply"),
        ("-" * 60 + "1", "nested too deeply"), ("1+" * 150 + "1", "at most 200"), ("2**" * 50 + "2", "nested"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(text: str, said: str) -> None:
    error = refused(text)
    assert said in f"{error.message} {error.hint}"


def test_a_name_that_is_not_there_is_told() -> None:
    assert refused("2*widht").name == "widht"


def test_a_long_chain_is_no_deep_one() -> None:
    assert value("1+" * 99 + "1") == 100


def test_formulas_are_found_in_lists_and_their_names_without_the_letters_of_numbers() -> None:
    setting = (1, "=size", ("=2*n+1e5", "T"))
    assert list(formulas_in(setting)) == ["=size", "=2*n+1e5"]
    assert names(setting) == {"size", "n"}
    assert names("no formula") == frozenset()
    assert not is_formula(3)
    assert replaced(setting, len) == (1, 5, (8, "T"))


def test_a_renamed_variable_leaves_the_rest_of_the_text_as_it_was_typed() -> None:
    assert renamed("= e+1e5 * (e2 - e)//2", "e", "wide") == "= wide+1e5 * (e2 - wide)//2"
    assert renamed("=2*(", "x", "y") == "=2*("


def test_a_formula_is_written_with_the_parentheses_it_needs() -> None:
    for text in ("2 * (width + 1)", "width - (n - 1)", "(2 ** n) ** 2", "2 ** n ** 2", "-(n + 1) * 2", "2 ** -n"):
        assert text_of(parse(f"={text.replace(' ', '')}")) == text
    assert text_of(parse("=2*width"), {"width": "WIDTH"}) == "2 * WIDTH"
