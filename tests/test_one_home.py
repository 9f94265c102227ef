"""A layer lives in one place: no code outside its family file names its class."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import designer
from designer.catalogue import LAYERS

PACKAGE = Path(designer.__file__).parent
NAMED_EVERYWHERE = ("Input", "Output", "Group")
ORDINARY = ("Compare", "Constant", "Dot", "Expand", "Maximum", "Minimum", "Repeat", "Scale", "Select", "Split")
"""Words that mean other things elsewhere too: entries of menus, a start of weights, a dot on a link, a spread, and what
is Qt's own."""
MADE_OF = {"graph.py": ("Linear", "ReLU"), "activations.py": ("ReLU", "ReLU6", "Threshold")}
"""Torch's modules that a layer of a family file is made of, the small network inside GINConv; or that the engine, which
sees no catalogue, looks at while they run."""
OF_TORCH = PACKAGE / "engine" / "modules"
"""Here a name is torch's own: a layer that torch lacks is made of those that it has."""
HOME = {name: Path(str(sys.modules[layer.__module__].__file__)) for name, layer in LAYERS.items()}


def docstrings(tree: ast.AST) -> set[int]:
    """The constants that are docstrings, or notes under a field, by identity."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def named(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that code uses, and every text that is a name or a dotted name, with its line."""
    prose = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2], node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value.rpartition(".")[2], node.lineno


def strangers(path: Path) -> list[str]:
    """Where a file names a layer that has its home in another file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        f"{path.relative_to(PACKAGE)}:{line} names {name}"
        for name, line in named(tree)
        if name in HOME
        and name not in (*NAMED_EVERYWHERE, *ORDINARY, *MADE_OF.get(path.name, ()))
        and HOME[name] != path
    ]


def test_no_code_names_a_layer_outside_its_family_file() -> None:
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if OF_TORCH not in path.parents]
    found = [line for path in paths for line in strangers(path)]
    assert not found, "\n".join(found)


def test_the_search_sees_names_calls_and_texts_but_no_prose() -> None:
    code = (
        '"""Conv2d in prose."""\nfrom torch.nn import Conv2d\nnn.Conv2d(1)\nx = "nn.Conv2d"\ny = "Put a Conv2d here."\n'
    )
    lines = sorted(line for name, line in named(ast.parse(code)) if name == "Conv2d")
    assert lines == [2, 3, 4]
