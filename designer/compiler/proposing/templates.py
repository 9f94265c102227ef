"""The networks that are proposed, each a design in `resources/proposals/`.

Its name is the title, its notes say in a sentence when to take it, and `proposes` for which data: the kinds of the
features, those of the target, and the order. Its variables are reckoned from the data (`kinds.sizes`); `branches` names
the nodes that are copied for each feature, `sized` the settings that take an image's height and width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from designer.compiler.proposing.kinds import DataKind
from designer.graph import files
from designer.graph.document import Document
from designer.resources import resources


@dataclass(frozen=True, slots=True)
class Template:
    """One network; `document` is sound as it stands, for data of the size that its variables say."""

    name: str
    document: Document
    features: tuple[str, ...]
    targets: tuple[str, ...]
    order: int
    branches: Mapping[str, tuple[str, ...]]
    sized: Mapping[str, str]
    alike: bool
    """Whether all features must have the same shape."""

    def suits(self, kind: DataKind) -> bool:
        """Whether it is made for this kind of data; one of several features must be so for all of them."""
        if kind.target not in self.targets:
            return False
        if len(kind.features) == 1:
            return kind.features[0] in self.features and not self._counts
        return self._counts and self.features == kind.features

    @property
    def _counts(self) -> bool:
        """Whether its features are those of one design, not alternatives."""
        return len(self.features) > len(set(self.features))


@cache
def templates() -> tuple[Template, ...]:
    """All of them in order; the files are part of the program, so they are read once."""
    found = []
    for path in resources("proposals", "*.netwright"):
        document = files.read(path)
        said: Mapping[str, Any] = document.extra["proposes"]
        branches = {kind: tuple(nodes) for kind, nodes in said.get("branches", {}).items()}
        found.append(
            Template(
                path.stem, document, tuple(said["features"]), tuple(said["targets"]), said["order"], branches,
                said.get("sized", {}), said.get("alike", False),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda template: (template.order, template.name)))
