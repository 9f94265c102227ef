"""Edits inside groups: the change is made in the network there, and all around it that names its ports follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from designer.graph.document import Document, Node
from designer.graph.references import follow_port
from designer.graph.variables import change_of_name, follow_in_groups
from designer.problems import UserError


def within(document: Document, path: tuple[str, ...], edit: Callable[[Document], Document]) -> Document:
    """Make an edit in the design inside the groups of `path`, outermost first.

    A block is changed for all groups that show it. Where an Input or Output gets another id, the links
    that end at that port of the group follow; where a variable gets another name or goes, the group's settings do.
    """
    if not path:
        return edit(document)
    try:
        inside = document.at(path)
    except KeyError as error:
        raise UserError(f"There is no group called {'.'.join(path)} any more.") from error
    new = edit(inside)
    return document if new is inside else _put_inside(document, path, new)


def _put_inside(document: Document, path: tuple[str, ...], new: Document) -> Document:
    """The whole design with `new` inside the group of `path`."""
    around, name = document.at(path[:-1]), path[-1]
    group = around.nodes[name]
    old = document.inside_of(group)
    port, variable = renaming(old, new), change_of_name(old, new)
    if group.inside is None:
        block = str(group.settings["block"])
        whole = replace(document, blocks={**document.blocks, block: new})

        def shows(node: Node) -> bool:
            return node.inside is None and node.settings.get("block") == block

        return follow_in_groups(follow_port(whole, shows, port), shows, variable)
    around = follow_port(
        replace(around, nodes={**around.nodes, name: replace(group, inside=new)}),
        lambda node: node.id == name,
        port,
        deep=False,
    )
    around = follow_in_groups(around, lambda node: node.id == name, variable, deep=False)
    return around if len(path) == 1 else _put_inside(document, path[:-1], around)


def renaming(old: Document, new: Document) -> tuple[str, str] | None:
    """The one id that became another between two designs; None where something else happened."""
    if len(old.nodes) != len(new.nodes):
        return None
    differing = [pair for pair in zip(old.nodes, new.nodes, strict=True) if pair[0] != pair[1]]
    if len(differing) != 1 or old.nodes[differing[0][0]].layer != new.nodes[differing[0][1]].layer:
        return None
    return differing[0]
