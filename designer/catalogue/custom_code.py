"""Reads a layer that the user wrote in Python, as text alone: it is never run here.

The text holds imports and one class with a docstring. The constructor's keywords are what the user may
choose, the tensors that `forward` takes and gives are the ports.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from designer.catalogue.layer import Port
from designer.catalogue.tensor import Misfit
from designer.plan import Value

LONGEST = 100_000
"""Letters of a text; a longer one is no layer that anybody wrote."""

LARGEST = 2**53
"""Whole numbers up to here travel to the worker unharmed."""

MOST_OUTPUTS = 16

TENSORS = frozenset({"Tensor", "torch.Tensor"})
ATOMS = (bool, int, float, str, type(None))

TEMPLATE = '''\
import torch
from torch import Tensor, nn


class Waves(nn.Module):
    """Adds waves to each number, their heights and lengths learned: y = x + a sin(b x) + ..."""

    def __init__(self, features: int = 16) -> None:
        super().__init__()
        self.height = nn.Parameter(torch.zeros(features))
        self.frequency = nn.Parameter(torch.randn(features))

    def forward(self, x: Tensor) -> Tensor:
        waves = torch.sin(x.unsqueeze(-1) * self.frequency)
        return x + waves @ self.height
'''
"""What a new node begins with: a layer that takes numbers of any shape, so that it works where it is put."""

_AT_LINE = re.compile(r"Line (\d+)\b")


@dataclass(frozen=True, slots=True)
class Script:
    """What a text says without being run. `keywords` has each keyword of the constructor and its default as
    text, empty where a value must be given; `named` are the tensors that `forward` takes by name alone.
    """

    name: str = ""
    lesson: str = ""
    keywords: Mapping[str, str] = field(default_factory=dict)
    takes_any: bool = False
    """Whether the constructor takes keywords of any name."""
    inputs: tuple[Port, ...] = (Port("x"),)
    named: frozenset[str] = frozenset()
    outputs: tuple[Port, ...] = (Port("output"),)


def at_line(line: int, message: str) -> str:
    """A message about a line of the user's text."""
    return f"Line {line}: {message}"


def line_of(message: str) -> int | None:
    """The line that a message made by `at_line` is about, counted from 1."""
    found = _AT_LINE.match(message)
    return int(found.group(1)) if found else None


def refuse(message: str, hint: str, line: int | None = None) -> Misfit:
    """What is wrong with the text itself."""
    return Misfit(at_line(line, message) if line is not None else message, hint, "code", code="custom-code")


@lru_cache(maxsize=256)
def read_script(code: str) -> Script:
    """What a text says; raises Misfit with the line where it is not imports and one class."""
    try:
        return _script(layer_class(parsed(code)))
    except RecursionError as error:
        raise refuse("An expression in the code is nested too deeply.", "Compute a part of it before.") from error


def _script(found: ast.ClassDef) -> Script:
    lesson = ast.get_docstring(found) or ""
    if not lesson.strip():
        raise refuse(
            f"{found.name} has no docstring.",
            f"Say below class {found.name} what it does, in triple quotes.",
            found.lineno,
        )
    methods = {part.name: part for part in found.body if isinstance(part, ast.FunctionDef)}
    forward = methods.get("forward")
    if forward is None:
        raise refuse(f"{found.name} has no forward.", "Give it a method forward(self, x).", found.lineno)
    keywords, takes_any = _keywords(methods.get("__init__"))
    inputs, named = _inputs(forward)
    return Script(
        found.name, lesson.strip().split("\n")[0], keywords, takes_any, inputs, named, tuple(_outputs(forward))
    )


def parsed(code: str) -> ast.Module:
    """The text's syntax tree; raises Misfit."""
    if len(code) > LONGEST:
        raise refuse(f"The code has {len(code):,} letters.", f"Take at most {LONGEST:,}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python remarks about style is no concern of the design
            return ast.parse(code)
    except SyntaxError as error:
        reason = f"Python cannot read it: {(error.msg or 'it is no Python').rstrip('.')}."
        raise refuse(reason, "Mend that line.", error.lineno or 1) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise refuse("Python cannot read the code: it holds what no text can.", "Write it anew.") from error


def layer_class(tree: ast.Module) -> ast.ClassDef:
    """The one class of a text; raises Misfit where anything but imports stands beside it."""
    classes = []
    for place, part in enumerate(tree.body):
        if isinstance(part, ast.ClassDef):
            classes.append(part)
        elif isinstance(part, ast.ImportFrom) and (part.level or any(name.name == "*" for name in part.names)):
            raise refuse("This import does not say what it brings.", "Import by full names.", part.lineno)
        elif not isinstance(part, (ast.Import, ast.ImportFrom)) and not (place == 0 and _is_text(part)):
            hint = "Put it inside the class, for example as a method."
            raise refuse("Only imports may stand beside the class.", hint, part.lineno)
    if not classes:
        raise refuse("There is no class in the code.", "Write one: class MyLayer(nn.Module).")
    if len(classes) > 1:
        raise refuse("There is more than one class.", "Leave one, or put the others inside it.", classes[1].lineno)
    if not classes[0].bases:
        name = classes[0].name
        raise refuse(f"{name} is no module of torch.", f"Write class {name}(nn.Module).", classes[0].lineno)
    return classes[0]


def _is_text(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)


def _keywords(init: ast.FunctionDef | None) -> tuple[Mapping[str, str], bool]:
    """The constructor's keywords with their defaults, and whether it takes any other."""
    if init is None:
        return {}, False
    names = [part.arg for part in (*init.args.posonlyargs, *init.args.args)][1:]
    given = [ast.unparse(part) for part in init.args.defaults]
    given = given[max(0, len(given) - len(names)) :]
    found = dict(zip(names, [""] * (len(names) - len(given)) + given, strict=True))
    for part, default in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True):
        found[part.arg] = ast.unparse(default) if default is not None else ""
    return found, init.args.kwarg is not None


def _inputs(forward: ast.FunctionDef) -> tuple[tuple[Port, ...], frozenset[str]]:
    """A port for each tensor that `forward` takes, and the names of those that are given by name alone."""
    taken = forward.args
    if taken.vararg is not None or taken.posonlyargs:
        raise refuse("forward must name each tensor that it takes.", "Write forward(self, x, y).", forward.lineno)
    places = [None] * (len(taken.args) - len(taken.defaults)) + list(taken.defaults)
    every = [*zip(taken.args, places, strict=True)][1:]
    ports = [port for part, default in every if (port := _port(part, default)) is not None]
    named = [port for part, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True)
             if (port := _port(part, default)) is not None]  # fmt: skip
    if not ports and not named:
        raise refuse("forward takes no tensor.", "Write forward(self, x).", forward.lineno)
    return (*ports, *named), frozenset(port.name for port in named)


def _port(part: ast.arg, default: ast.expr | None) -> Port | None:
    """The port of a parameter; None for what is no tensor and keeps its default."""
    is_tensor = part.annotation is None or any(name in TENSORS for name in _alternatives(part.annotation))
    if is_tensor:
        return Port(part.arg, f"What forward calls {part.arg}.", optional=default is not None)
    if default is None:
        hint = f"Let __init__ take {part.arg}, or give it a default."
        raise refuse(f"forward takes {part.arg}, which is no tensor.", hint, part.lineno)
    return None


def _alternatives(annotation: ast.expr) -> Iterator[str]:
    """The names in "Tensor", "Tensor | None" or "Optional[Tensor]"."""
    if isinstance(annotation, ast.BinOp):
        yield from _alternatives(annotation.left)
        yield from _alternatives(annotation.right)
    elif isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value).endswith("Optional"):
        yield from _alternatives(annotation.slice)
    elif isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        yield annotation.value.removesuffix("| None").strip()
    else:
        yield ast.unparse(annotation)


def _outputs(forward: ast.FunctionDef) -> Iterator[Port]:
    """One port, or one for each part of "-> tuple[Tensor, Tensor]"."""
    given = forward.returns
    if given is None or any(name in TENSORS for name in _alternatives(given)):
        yield Port("output")
        return
    parts: list[ast.expr] = []
    if isinstance(given, ast.Subscript) and ast.unparse(given.value).lower().rpartition(".")[2] == "tuple":
        parts = given.slice.elts if isinstance(given.slice, ast.Tuple) else []
    tensors = [part for part in parts if any(name in TENSORS for name in _alternatives(part))]
    if not 1 < len(parts) == len(tensors) <= MOST_OUTPUTS:
        hint = "Annotate it with -> Tensor, or for two tensors with -> tuple[Tensor, Tensor]."
        raise refuse("forward must give a tensor, or so many of them.", hint, given.lineno)
    for place in range(1, len(parts) + 1):
        yield Port(f"output{place}", f"Tensor {place} of those that forward gives.")


def read_arguments(text: str, script: Script) -> dict[str, Value]:
    """The values in "features=32, bias=False" as keywords for the constructor; raises Misfit."""
    given = dict(_pairs(text))
    known = ", ".join(script.keywords) or "none"
    for name in given:
        if name not in script.keywords and not script.takes_any:
            raise _bad_arguments(f"{script.name} takes no {name}.", f"Its arguments are: {known}.")
    for name, default in script.keywords.items():
        if not default and name not in given:
            raise _bad_arguments(f"{script.name} needs a value for {name}.", f"Write {name}= and the value.")
    return given


def _bad_arguments(message: str, hint: str) -> Misfit:
    return Misfit(message, hint, "arguments", code="custom-arguments")


def _pairs(text: str) -> Iterator[tuple[str, Value]]:
    try:
        call = ast.parse(f"f({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _bad_arguments(f"Python cannot read {text[:40]!r}.", "Write name=value, with commas between.") from error
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
        raise _bad_arguments("Each argument needs its name.", "Write name=value, with commas between.")
    for part in call.keywords:
        if part.arg is None:
            raise _bad_arguments("Each argument needs its name.", "Write name=value, with commas between.")
        try:
            yield part.arg, _plain(ast.literal_eval(part.value))
        except (ValueError, TypeError, RecursionError, MemoryError) as error:
            hint = "Take a number, a text, True, False, None, or some of them in brackets."
            raise _bad_arguments(f"The value of {part.arg} is none that can be given.", hint) from error


def _plain(value: object, depth: int = 0) -> Value:
    """A value as a plan holds it; raises ValueError for any other kind."""
    if isinstance(value, (list, tuple)) and depth < 2:
        parts: tuple[object, ...] = tuple(_plain(part, depth + 1) for part in value)
        return parts  # type: ignore[return-value]  # at most two deep, as Value is
    if not isinstance(value, ATOMS):
        raise ValueError(value)
    if isinstance(value, (int, float)) and not (math.isfinite(value) and abs(value) <= LARGEST):
        raise ValueError(value)
    if isinstance(value, str):
        value.encode()  # half of a surrogate pair, which no file takes, is a ValueError too
    return value
