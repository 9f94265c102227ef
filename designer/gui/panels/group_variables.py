"""The variables inside a group as settings of the group, so that the inspector shows them as it shows all others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from designer.catalogue.entry import LARGEST, Setting
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.scope import values_of
from designer.graph.document import Document, Node
from designer.graph.variables import is_variable_name

DOC = "A variable of the group: this group alone gets another value. A formula here names the variables around it."


class GroupVariable(Setting[Any]):
    """A number, whole or not."""

    def __init__(self, name: str, default: object) -> None:
        super().__init__(default, DOC, kind=object)
        self.name = name

    def accept(self, value: object) -> Any:
        """The number as it is: 1 is not 1.0; raises Misfit."""
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST
        if whole or (isinstance(value, float) and math.isfinite(value)):
            return value
        raise Misfit(
            f"{self.name} must be a number, or a formula that begins with =.",
            f"Set {self.name} to a number.", self.name, code="setting",
        )  # fmt: skip


def network_of(document: Document, node: Node) -> Document:
    """The network of a group of a whole design; empty where the node has none."""
    try:
        return document.inside_of(node)
    except KeyError:
        return Document()


def group_variables(inside: Document) -> Mapping[str, Setting[Any]]:
    """A setting for each variable inside a group; its default is what it is worth without the group's word."""
    worth, _ = values_of(inside)
    return {
        name: GroupVariable(name, value if worth[name] is None else worth[name])
        for name, value in inside.variables.items()
        if is_variable_name(name)
    }
