"""What can be wrong with a design, a file or a run, as plain data that every floor above can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""Line ends, and all that would command a terminal."""


def one_line(text: str) -> str:
    """A text as it can be shown: what a file's names hold beside letters becomes "?"."""
    return CONTROL.sub("?", text)


class Severity(StrEnum):
    """How bad a problem is; only an error keeps the network from running."""

    ERROR = "error"
    WARNING = "warning"
    TIP = "tip"


@dataclass(frozen=True, slots=True)
class Fix:
    """A one-click mend: `edit` names a function of `designer.graph.edits`, called with `arguments`.

    `inside` is the path of groups, outermost first, in whose design the edit is made.
    """

    label: str
    edit: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `code` is stable; `message` says what is wrong, `hint` the one thing to do.

    `node` is the full id ("block1.conv1" inside a group); `port` and `setting` narrow the place.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    node: str | None = None
    port: str | None = None
    setting: str | None = None
    fixes: tuple[Fix, ...] = ()

    @property
    def sentence(self) -> str:
        """Message and hint as one line."""
        return one_line(f"{self.message} {self.hint}".strip())

    def within(self, group: str) -> Problem:
        """The same problem, seen from the design that holds `group`."""
        fixes = tuple(replace(fix, inside=(group, *fix.inside)) for fix in self.fixes)
        node = group if self.node is None else f"{group}.{self.node}"
        return replace(self, node=node, fixes=fixes)


class UserError(Exception):
    """Something the user asked for cannot be done; the text is one plain sentence to show."""
