"""Prints a plan as the PyTorch module a person would write: `__init__`, `forward`, readable names, no dead lines."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Iterator, Mapping, Set

from designer.catalogue.tensor import dims
from designer.compiler.printing.custom_source import import_lines, print_custom
from designer.compiler.printing.expression import broken, listed, value_text
from designer.compiler.printing.learning_lines import has_penalty, init_lines, method_lines, penalty_name
from designer.compiler.printing.module_classes import module_classes
from designer.compiler.printing.value_names import display_names
from designer.compiler.printing.widths import with_widths_given
from designer.graph.names import free_id
from designer.plan import Call, Names, Plan, names

INDENT = "    "
BODY = INDENT * 2
WIDTH = 100
"""Longer lines are broken."""

MOST_SPELT = 5
"""Outputs that are spelt out in the type of the result."""

LONGEST_NAME = 60
"""Letters of a title that go into the name of a class."""

IMPORTED = frozenset({"F", "Self", "Tensor", "gnn", "math", "nn", "torch"})


def source(plan: Plan, taken: Set[str] = frozenset()) -> str:
    """The text of a Python file that needs torch alone, or torch_geometric too; its last class is the whole network.

    No class is called like one of `taken`.

    That class takes no arguments; its `forward` takes the design's Inputs in the file's order and gives
    its Outputs, one bare, several as a tuple. Weights that layers load from files are not in it: export the
    weights beside it, and `load_state_dict` brings them.
    """
    writer = _Writer(plan, taken)
    classes = writer.classes()
    used = {name for name in ("torch", "F", "gnn") if any(re.search(rf"\b{name}\.", line) for line in writer.code)}
    used |= {"Self"} if any(line.endswith("-> Self:") for line in writer.code) else set()
    written_in = "PyTorch and torch_geometric" if "gnn" in used else "plain PyTorch"
    title = "\n".join(plain_docstring(f"{plan.title}, a network in {written_in}; drawn with Netwright."))
    constants = "".join(f"\n{name} = {text}" for name, text in plan.constants)
    imports = _imports(used | writer.used, writer.custom.lines)
    head = f"{title}\n\n{imports}\n" + (f"{constants}\n" if constants else "")
    return f"{head}\n\n" + "\n\n\n".join(classes) + "\n"


def class_name(title: str) -> str:
    """A title as a Python class: "Digit reader" becomes DigitReader."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    name = "".join(word[0].upper() + word[1:] for word in words)[:LONGEST_NAME]
    return name if name and not name[0].isdigit() and not keyword.iskeyword(name) else f"Network{name}"


def plain_docstring(text: str, margin: str = "") -> list[str]:
    """The lines of a docstring that stays one, whatever the user called things."""
    plain = " ".join(text.split()).replace("\\", "/").replace('"', "'")
    plain = "".join(letter for letter in plain if letter.isprintable())
    lines = textwrap.wrap(f'"""{plain}"""', WIDTH, initial_indent=margin, subsequent_indent=margin)
    return lines if len(lines) == 1 else [*lines[:-1], lines[-1].removesuffix('"""'), f'{margin}"""']


def _imports(used: Set[str], others: tuple[str, ...]) -> str:
    """The imports that bring the names that are made use of, and those of the user's own classes."""
    future, python, rest = import_lines(others)
    own = {"math": "import math", "Self": "from typing import Self"}
    python = sorted({*python, *(line for name, line in own.items() if name in used)}, key=_plain_imports_first)
    lines = ["import torch"] if "torch" in used else []
    lines.append("from torch import Tensor, nn")
    if "F" in used:
        lines.append("from torch.nn import functional as F")
    if "gnn" in used:
        lines.append("from torch_geometric import nn as gnn")
    return "\n\n".join("\n".join(group) for group in (future, python, [*lines, *rest]) if group)


def _plain_imports_first(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line


class _Writer:
    """The classes of one file; equal groups share a class."""

    def __init__(self, plan: Plan, taken: Set[str]) -> None:
        self.plan = plan
        self.written: dict[tuple[str, ...], str] = {}
        self.texts: list[str] = []
        self.code: list[str] = []
        self.taken: set[str] = set(IMPORTED) | set(_named(plan)) | taken
        self.used: set[str] = set()
        for module in module_classes(plan):
            self.taken.add(module.name)
            self.used |= module.used
            self.texts.append(module.text)
        self.custom = print_custom(plan, self.taken)
        self.used |= self.custom.used
        self.texts += self.custom.texts

    def classes(self) -> list[str]:
        """The text of every class, each below those it uses."""
        self.plan = with_widths_given(self.plan, self._lines)
        self.taken |= set(_named(self.plan))
        name = free_id(class_name(self.plan.title), self.taken)
        self.taken.add(name)
        takes = plain_docstring(_takes(self.plan), INDENT)
        self._write(name, (*takes, "", *self._body(self.plan)))
        return self.texts

    def _class_of(self, plan: Plan) -> str:
        """The name of the class of a group, written if none with the same lines is."""
        body = self._body(plan)
        if body not in self.written:
            name = free_id(class_name(plan.title), self.taken)
            self.taken.add(name)
            self.written[body] = name
            self._write(name, body)
        return self.written[body]

    def _write(self, name: str, body: tuple[str, ...]) -> None:
        self.texts.append("\n".join((f"class {name}(nn.Module):", *body)))

    def _body(self, plan: Plan) -> tuple[str, ...]:
        """The lines below a class's name; the classes it uses are written on the way."""
        body = self._lines(plan)
        self.code += body
        return body

    def _lines(self, plan: Plan) -> tuple[str, ...]:
        init = list(self._init_lines(plan))
        arguments = ["self", *(f"{name}: {type(value).__name__} = {value}" for name, value in plan.parameters)]
        opening = listed(f"{INDENT}def __init__(", arguments, ") -> None:", WIDTH)
        head = [*opening, f"{BODY}super().__init__()", *init, ""] if init else []
        return (*head, *_forward_lines(plan), *method_lines(plan))

    def _init_lines(self, plan: Plan) -> Iterator[str]:
        for name, made_by in plan.modules.items():
            if isinstance(made_by, Call):
                if made_by.code:
                    made_by = Call(self.custom.names[made_by.code], made_by.keywords)
                yield from broken(f"{BODY}self.{name} = ", made_by, {}, WIDTH)
            else:
                yield from self._group_lines(f"{BODY}self.{name} = ", made_by)
        yield from init_lines(plan, WIDTH)

    def _group_lines(self, start: str, made_by: Plan | tuple[Plan, ...]) -> Iterator[str]:
        if isinstance(made_by, Plan):
            yield from listed(f"{start}{self._class_of(made_by)}(", _arguments(made_by), ")", WIDTH)
            return
        rounds = [f"{self._class_of(plan)}({', '.join(_arguments(plan))})" for plan in made_by]
        single = len(made_by[0].inputs) == 1
        holder = "nn.Sequential" if single else "nn.ModuleList"
        if len(set(rounds)) == 1:
            each = f"{rounds[0]} for _ in range({len(rounds)})"
            yield f"{start}{holder}(*({each}))" if single else f"{start}{holder}({each})"
            return
        opening, closing = ("(", ")") if single else ("([", "])")
        yield from listed(f"{start}{holder}{opening}", rounds, closing, WIDTH)


def _arguments(plan: Plan) -> list[str]:
    """What a group's class is given."""
    return [f"{name}={text}" for name, text in plan.arguments.items()]


def _named(plan: Plan) -> Iterator[str]:
    """The constants, and the arguments of all groups: no class is called like one."""
    yield from (name for name, _ in (*plan.constants, *plan.parameters))
    for made_by in plan.modules.values():
        for inside in (made_by,) if isinstance(made_by, Plan) else made_by if isinstance(made_by, tuple) else ():
            yield from _named(inside)


def _takes(plan: Plan) -> str:
    """The docstring of the whole network: what goes in."""
    inputs = []
    for given in plan.inputs:
        shape = given.shape
        full = shape if given.batch is None else (*shape[: given.batch], "N", *shape[given.batch :])
        inputs.append(f"{given.name} ({dims(full)}{'' if given.dtype == 'float32' else ' ' + given.dtype})")
    penalty = f" Add {penalty_name(plan)}() to the loss in training." if has_penalty(plan) else ""
    return f"{plan.title}. Takes {', '.join(inputs)}.{penalty}"


def _forward_lines(plan: Plan) -> Iterator[str]:
    shown = display_names(plan)
    arguments = ["self", *(f"{given.name}: Tensor" for given in plan.inputs)]
    result = "Tensor" if len(plan.outputs) == 1 else f"tuple[{', '.join('Tensor' for _ in plan.outputs)}]"
    if len(plan.outputs) > MOST_SPELT:
        result = "tuple[Tensor, ...]"
    yield from listed(f"{INDENT}def forward(", arguments, f") -> {result}:", WIDTH)
    for step in plan.steps:
        bound = _result_text(step.result, shown)
        module = plan.modules.get(step.call.target.removeprefix("self."))
        if isinstance(module, tuple) and len(module[0].inputs) > 1:
            yield from _rounds_lines(bound, step.call, shown, _loop_name(plan))
        else:
            yield from broken(f"{BODY}{bound} = ", step.call, shown, WIDTH)
    returned = [value_text(value, shown) for _, value in plan.outputs]
    line = f"{BODY}return {', '.join(returned)}"
    yield from [line] if len(line) <= WIDTH else listed(f"{BODY}return (", returned, ")", WIDTH)


def _rounds_lines(bound: str, call: Call, shown: Mapping[str, str], each: str) -> Iterator[str]:
    """A repeated group with several ports: every round takes what the round before gave."""
    yield f"{BODY}{bound} = {', '.join(value_text(value, shown) for value in call.positional)}"
    yield f"{BODY}for {each} in {call.target}:"
    yield f"{BODY}{INDENT}{bound} = {each}({bound})"


def _loop_name(plan: Plan) -> str:
    """What a round is called in a loop: a name that no value has."""
    return free_id(
        "group", {given.name for given in plan.inputs} | {n for step in plan.steps for n in names(step.result)}
    )


def _result_text(result: Names, shown: Mapping[str, str]) -> str:
    if isinstance(result, str):
        return shown.get(result, result)
    parts = [
        shown.get(part, part) if isinstance(part, str) else f"({', '.join(shown.get(n, n) for n in part)})"
        for part in result
    ]
    return ", ".join(parts)
