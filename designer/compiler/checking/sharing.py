"""Whose weights a node uses, whether it can, and which weights are not trained.

A node that shares all its weights is the same module called again (a siamese network): the layer must be the same
in its settings and for what reaches it. Layers of two kinds can share one matrix alone (an Embedding and a Linear).
Freezing follows the tensor, as in PyTorch: shared weights stay as they are where any of the nodes that use them is
frozen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from designer.catalogue import LAYERS
from designer.catalogue.tensor import dims
from designer.compiler.checking.report import NodeReport, Sharing
from designer.graph.document import Document, Node
from designer.problems import Fix, Problem

SETTING = "learning.shared_with"


def owner_of(node: Node) -> str:
    """The node that another names as the owner of its weights; empty where it names none."""
    owner = node.learning.get("shared_with")
    return owner if isinstance(owner, str) else ""


def sharings(document: Document, nodes: Mapping[str, NodeReport]) -> Mapping[str, Sharing]:
    """The nodes that use the weights of others, and can."""
    found = ((node.id, share(nodes, node.id)) for node in _learners(document))
    return {name: shared for name, shared in found if isinstance(shared, Sharing)}


def _learners(document: Document) -> Iterator[Node]:
    """The nodes that say how they learn, and are not bypassed."""
    return (node for node in document.nodes.values() if node.learning and not node.bypassed)


def share(nodes: Mapping[str, NodeReport], name: str) -> Sharing | Problem | None:
    """Whose weights a node uses, or why it cannot; None where it shares none, or where that is not known yet."""
    owner = owner_of(nodes[name].node)
    return pair(nodes, name, owner) if owner else None


def pair(nodes: Mapping[str, NodeReport], name: str, owner: str) -> Sharing | Problem | None:
    """How one node can use the weights of another, or why it cannot; None where that is not known yet."""
    if owner == name:
        return _refusal(name, f"{name} is to share its weights with itself.", "Choose another node.")
    if owner not in nodes:
        hint = "Choose another node, or give it weights of its own."
        return _refusal(name, f"{name} shares the weights of {owner}, which is not there.", hint)
    if nodes[owner].node.bypassed:
        message = f"{name} shares the weights of {owner}, which is bypassed and so has none."
        on = Fix(f"Switch {owner} on", "set_bypassed", {"nodes": (owner,), "bypassed": False})
        return _refusal(name, message, f"Switch {owner} on, or give {name} weights of its own.", on)
    if owner_of(nodes[owner].node):
        return _chain(nodes, name, owner)
    here, there = nodes[name], nodes[owner]
    if here.layer is None or there.layer is None:
        return None
    if not there.measured or not here.measured:
        if there.incoming or not here.measured:
            return None  # another problem says why
        message = f"{name} shares the weights of {owner}, but nothing reaches {owner}, so their shape is not known."
        return _refusal(name, message, f"Link something to {owner}.")
    for each in (here, there):
        if not each.parameters:
            return _refusal(name, f"{each.node.id} has no weights to share.", "Share those of another node, or none.")
    if here.rounds or there.rounds:
        return _groups(here, there)
    return _same_layer(here, there) if here.node.layer == there.node.layer else _tied(here, there)


def _refusal(name: str, message: str, hint: str, *fixes: Fix) -> Problem:
    alone = Fix(f"Give {name} weights of its own", "change_learning", {"node": name, "unset": ("shared_with",)})
    return Problem("sharing", message, hint, node=name, setting=SETTING, fixes=(*fixes, alone))


def _chain(nodes: Mapping[str, NodeReport], name: str, owner: str) -> Problem:
    """The owner uses the weights of yet another node."""
    way = [name]
    last = owner
    while last in nodes and last not in way:
        way.append(last)
        last = owner_of(nodes[last].node)
        if not last:
            root = way[-1]
            fix = Fix(f"Share with {root}", "change_learning", {"node": name, "values": {"shared_with": root}})
            message = f"{name} shares the weights of {owner}, which has none of its own: they are those of {root}."
            return _refusal(name, message, f"Share with {root}.", fix)
    if last in way:
        circle = " → ".join((*way[way.index(last) :], last))
        message = f"{circle} share their weights in a circle, so none of them has any."
        return _refusal(name, message, "Give one of them weights of its own.")
    message = f"{name} shares the weights of {owner}, which has none of its own."
    return _refusal(name, message, "Choose another node.")


def _groups(here: NodeReport, there: NodeReport) -> Sharing | Problem:
    """Two groups share where they are the same network, fed with the same shapes."""
    name, owner = here.node.id, there.node.id
    if not (here.rounds and there.rounds):
        group = name if here.rounds else owner
        return _refusal(name, f"{name} and {owner} cannot share weights: only {group} is a group.", "Choose a group.")
    if _network(here) != _network(there):
        message = f"{name} shares the weights of {owner}, but the networks inside differ."
        return _refusal(name, message, "Let both show the same block, or make them equal inside.")
    if dict(here.incoming) != dict(there.incoming):
        message = f"{name} shares the weights of {owner}, but other shapes reach it: {_reached(here)}, not "
        return _refusal(name, f"{message}{_reached(there)}.", "Link what has the same shape.")
    return Sharing(owner)


def _network(group: NodeReport) -> object:
    first = group.rounds[0]
    return list(first.document.nodes.items()), first.document.links, dict(first.variables), len(group.rounds)


def _reached(report: NodeReport) -> str:
    return ", ".join(str(spec) for specs in report.incoming.values() for spec in specs) or "nothing"


def _same_layer(here: NodeReport, there: NodeReport) -> Sharing | Problem:
    """The same module can be called again where its call is the same."""
    assert here.layer is not None
    assert there.layer is not None
    name, owner = here.node.id, there.node.id
    differing = [
        setting for setting in here.layer.settings if getattr(here.layer, setting) != getattr(there.layer, setting)
    ]
    if here.weights == there.weights and (
        not differing or here.layer.call(*here.arguments()) == there.layer.call(*there.arguments())
    ):
        return Sharing(owner)
    fixes = (_alike(here, there),) if differing else ()
    hint = "Shared weights need the same layer: make the settings equal, and link what has the same shape."
    for weight in {**here.weights, **there.weights}:
        one, other = here.weights.get(weight), there.weights.get(weight)
        if one is None or other is None:
            has, lacks = (owner, name) if one is None else (name, owner)
            return _refusal(name, f"{has} has a {weight}, but {lacks} has none.", hint, *fixes)
        if one != other:
            message = f"The {weight} of {name} is {dims(one)}, but that of {owner} is {dims(other)}."
            return _refusal(name, message, hint, *fixes)
    shown = differing[0]
    one, other = getattr(here.layer, shown), getattr(there.layer, shown)
    message = f"{name} shares the weights of {owner}, but is set in another way: {shown} is {one} here and "
    return _refusal(name, f"{message}{other} there.", hint, *fixes)


def _alike(here: NodeReport, there: NodeReport) -> Fix:
    """Set a node as the owner is."""
    unset = tuple(setting for setting in here.node.settings if setting not in there.node.settings)
    arguments = {"node": here.node.id, "values": dict(there.node.settings), "unset": unset}
    return Fix(f"Set {here.node.id} as {there.node.id} is", "change_settings", arguments)


def _tied(here: NodeReport, there: NodeReport) -> Sharing | Problem:
    """Layers of two kinds share a matrix alone."""
    assert here.layer is not None
    assert there.layer is not None
    name, owner = here.node.id, there.node.id
    if not (here.layer.matrix and there.layer.matrix):
        kinds = f"{name} is a {here.layer.title} layer and {owner} is a {there.layer.title} layer"
        return _refusal(name, f"{kinds}: they have no weights in common.", "Choose a node of the same kind.")
    one, other = here.weights[here.layer.matrix], there.weights[there.layer.matrix]
    if one != other:
        message = f"The {here.layer.matrix} of {name} is {dims(one)}, but that of {owner} is {dims(other)}."
        return _refusal(name, message, "A matrix can be shared where it has as many rows and as many columns.")
    return Sharing(owner, here.layer.matrix, there.layer.matrix)


def fitting_owners(nodes: Mapping[str, NodeReport], name: str) -> Iterator[str]:
    """The nodes whose weights a node could use; none for a node whose own weights others use."""
    here = nodes[name]
    if any(owner_of(node.node) == name for node in nodes.values()):
        return
    for other, there in nodes.items():
        alike = there.node.layer == here.node.layer or (
            there.layer is not None and here.layer is not None and there.layer.matrix and here.layer.matrix
        )
        if alike and other != name and isinstance(pair(nodes, name, other), Sharing):
            yield other


def frozen_nodes(document: Document) -> frozenset[str]:
    """The nodes whose modules are not trained: frozen themselves, or the same module as one that is."""
    learned = list(_learners(document))
    frozen = {node.id for node in learned if node.learning.get("trainable") is False}
    if not frozen:
        return frozenset()
    again = [(node.id, owner) for node in learned if (owner := _module_owner(document, node))]
    frozen.update(owner for name, owner in again if name in frozen)
    frozen.update(name for name, owner in again if owner in frozen)
    return frozenset(frozen)


def _module_owner(document: Document, node: Node) -> str:
    """The node whose module a node calls again, by kind alone."""
    owner = document.nodes.get(owner_of(node))
    return owner.id if owner is not None and owner.layer == node.layer and owner.layer in LAYERS else ""


def with_frozen(
    nodes: Mapping[str, NodeReport], shared: Mapping[str, Sharing], frozen: frozenset[str], everything: bool
) -> Mapping[str, NodeReport]:
    """The reports with the names of the weights that are not trained; the same objects where nothing changed."""
    if not everything and not frozen and not any(node.frozen for node in nodes.values()):
        return nodes
    tensors = _frozen_matrices(shared, frozen)
    found: dict[str, NodeReport] = {}
    for name, node in nodes.items():
        whole = everything or name in frozen
        wanted = frozenset(weight for weight in node.weights if whole or (name, weight) in tensors)
        found[name] = node if node.frozen == wanted else replace(node, frozen=wanted)
    return found


def _frozen_matrices(shared: Mapping[str, Sharing], frozen: frozenset[str]) -> set[tuple[str, str]]:
    """The tied weights that are frozen through one of their nodes, by node and name, at each that uses them."""
    found = {
        (each.owner, each.other)
        for name, each in shared.items()
        if not each.whole and (name in frozen or each.owner in frozen)
    }
    for name, each in shared.items():
        if each.whole:
            found.update((name, weight) for owner, weight in tuple(found) if owner == each.owner)
        elif (each.owner, each.other) in found:
            found.add((name, each.own))
    return found
