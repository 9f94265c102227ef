"""The teaching cards: one form for all, formulas that fit their panel, and code that runs and says the truth."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import nn

from designer.catalogue import LAYERS
from designer.graph.ready_groups import ready_groups
from designer.resources import resources

CARDS = [*resources("notes", "*.md"), *resources("groups", "*.md")]
TITLES = {
    **{name: layer.title for name, layer in LAYERS.items()},
    **{name: ready.title for name, ready in ready_groups().items()},
}
"""The title of everything that has a card, by the name of the file."""
SECTIONS = (
    "## Formula",
    "## When to use it",
    "## For and against",
    "## What goes wrong",
    "## An example with numbers",
    "## In PyTorch",
    "## Where it comes from",
)
FEWEST, MOST = 150, 450
"""Words of a card, formulas and code left out."""
WIDEST = 44
"""Characters of a line of formula or code that the panel shows without scrolling."""
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

every_card = pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Sums come out the same on every machine, and the random numbers of other tests stay theirs."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        yield
    torch.set_num_threads(threads)


@every_card
def test_a_card_teaches_one_layer_in_the_form_of_all_cards(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem in TITLES, "no layer and no ready group has this name"
    prose = FENCE.sub("", text)
    headings = [line for line in prose.splitlines() if line.startswith("#")]
    assert headings == [f"# {TITLES[path.stem]}", *SECTIONS]
    assert FEWEST <= len(prose.split()) <= MOST
    assert re.findall(r"^\*\*(?:For|Against)\b", text, re.MULTILINE) == ["**For", "**Against"]


@every_card
def test_formulas_and_code_are_no_wider_than_the_panel(path: Path) -> None:
    for block in FENCE.finditer(path.read_text(encoding="utf-8")):
        assert [line for line in block["text"].splitlines() if len(line) > WIDEST] == []


def test_every_layer_has_a_card() -> None:
    assert {path.stem for path in CARDS} == set(TITLES)


@every_card
def test_what_a_card_says_of_its_code_is_true(path: Path) -> None:
    codes = [block["text"] for block in FENCE.finditer(path.read_text(encoding="utf-8")) if block["language"]]
    assert len(codes) == 1, "a card has one block of code"
    assert run(codes[0]) > 0, "no line of the code says what comes of it"


def run(code: str) -> int:
    """Run a card's code, hold every promised value to what comes out, and count the promises."""
    promises = promised(code)
    names: dict[str, object] = {"torch": torch, "nn": nn, "F": F}
    for statement in ast.parse(code).body:
        promise = promises.pop(statement.end_lineno or 0, None)
        if promise is None:
            exec(compile(ast.Module([statement], []), "card", "exec"), names)
            continue
        assert isinstance(statement, ast.Expr), f"only an expression has a value: {ast.unparse(statement)}"
        found = eval(compile(ast.Expression(statement.value), "card", "eval"), names)
        assert one_line(repr(found)) == promise, ast.unparse(statement)
    assert promises == {}, "a promised value stands inside a statement, or after none"
    return len(promised(code))


def promised(code: str) -> dict[int, str]:
    """The comments that promise a value, by the line that they end or stand right below; other comments are free."""
    comments: dict[int, str] = {}
    above = 0
    for number, line in enumerate(code.splitlines(), 1):
        statement, mark, comment = line.partition("#")
        if statement.strip() or not mark:
            above = 0 if mark else number
            comments[number] = comment
        else:
            comments[above] = f"{comments.get(above, '')} {comment}"
    return {line: one_line(comment) for line, comment in comments.items() if is_value(comment.strip())}


def is_value(comment: str) -> bool:
    """Whether a comment is the text of a tensor, a size, or one of Python's own values."""
    if comment.startswith(("torch.Size(", "tensor(")):
        return True
    try:
        ast.literal_eval(comment)
    except (SyntaxError, ValueError):
        return False
    return True


def one_line(text: str) -> str:
    """Text without its line breaks, which stand between the rows of a printed tensor."""
    return " ".join(text.split())


def test_a_wrong_promise_is_found() -> None:
    assert run("x = torch.ones(2)  # two ones\nx.sum().item()  # 2.0\nx.view(2, 1)  # tensor([[1.], [1.]])") == 2
    assert run("torch.eye(2)\n# tensor([[1., 0.],\n#         [0., 1.]])") == 1
    with pytest.raises(AssertionError, match="sum"):
        run("torch.ones(2).sum()  # tensor(3.)")
    with pytest.raises(AssertionError, match="only an expression"):
        run("x = torch.ones(2)  # tensor([1., 1.])")
