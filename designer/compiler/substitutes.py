"""What a node becomes when its layer is replaced by another: settings of the same name are kept where they fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from designer.catalogue import LAYERS
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Port
from designer.catalogue.tensor import Misfit
from designer.compiler.checking.scope import takes_formulas
from designer.compiler.project import same
from designer.graph.document import EMPTY, Node
from designer.graph.formulas import formulas_in
from designer.graph.replacing import Substitute

UNMOVED = ("input", "output", "group")
"""Roles that no other layer can take over: a design is wired by them."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A substitute, and which of the settings that were chosen it takes over and which are lost."""

    substitute: Substitute
    kept: tuple[str, ...]
    lost: tuple[str, ...]


def replaceable(layer: str) -> bool:
    """Whether nodes of a layer can become nodes of another one; so can those of layers that are not known."""
    kind = LAYERS.get(layer)
    return kind is None or kind.role not in UNMOVED


def candidates() -> tuple[str, ...]:
    """The layers that can take the place of others."""
    return tuple(name for name in LAYERS if replaceable(name))


def replacement(node: Node, layer: str) -> Replacement:
    """What a node becomes as another layer. Its id, its links, how it learns and how it looks stay.

    A default of the old layer that is another one in the new counts as chosen.
    """
    old, new = LAYERS.get(node.layer), LAYERS[layer]
    said = dict(node.settings)
    if old is not None:
        said = {**{name: setting.default for name, setting in old.settings.items()}, **said}
    kept = {name: value for name, value in said.items() if name in new.settings and _fits(new.settings[name], value)}
    own = {name: value for name, value in kept.items() if not same(value, new.settings[name].default)}
    if not _can_be(new, own):
        own = {}
    settings = {**{name: value for name, value in new.first_settings.items() if name not in kept}, **own}
    lost = tuple(
        name
        for name, value in node.settings.items()
        if name not in new.settings or not same(settings.get(name, new.settings[name].default), value)
    )
    inputs, outputs = (
        _renamed(getattr(old, side) if old is not None else (), getattr(new, side)) for side in ("inputs", "outputs")
    )
    substitute = Substitute(replace(node, layer=layer, settings=settings or EMPTY), inputs, outputs)
    return Replacement(substitute, tuple(name for name in node.settings if name not in lost), lost)


def _fits(setting: Setting[Any], value: Any) -> bool:
    if any(True for _ in formulas_in(value)):
        return takes_formulas(setting)
    try:
        setting.accept(value)
    except Misfit:
        return False
    return True


def _can_be(kind: type[Any], settings: Mapping[str, Any]) -> bool:
    """Whether settings can stand together; what formulas give is not known here."""
    plain = {name: value for name, value in settings.items() if not any(True for _ in formulas_in(value))}
    try:
        kind(**plain)
    except Misfit:
        return False
    return True


def _renamed(old: tuple[Port, ...], new: tuple[Port, ...]) -> Mapping[str, str]:
    """The new name of each port that is not there any more: that of the port in its place, if there is one."""
    names = {port.name for port in new}
    pairs = zip(old, new, strict=False)
    return {port.name: other.name for port, other in pairs if port.name not in names} or EMPTY
