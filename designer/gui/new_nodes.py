"""A node as it is placed: under a free id, with the settings that suit the data and what it stands behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from designer.catalogue import with_role
from designer.catalogue.tensor import Specs, TensorSpec
from designer.compiler.checking.report import Report
from designer.compiler.project import own_settings, without_defaults
from designer.graph import edits
from designer.graph.document import Document, Link, Node
from designer.graph.names import free_id, id_for
from designer.graph.own_groups import taken_into
from designer.gui.offers import Offer


def new_node(report: Report, shown: Document, offer: Offer, behind: Specs | None = None) -> Node:
    """A node of an offer for the shown part of a design; `behind` is the tensor that it is placed behind."""
    name = offer.layer.__name__
    if offer.ready is not None:
        return _ready(report.document, shown.nodes, offer, behind)
    node = Node(id_for(offer.name, shown.nodes), name)
    if offer.layer.role == "group":
        first, last = Node("input", with_role("input")), Node("output", with_role("output"))
        inside = Document({"input": first, "output": last}, (Link("input", "output"),),
                          {"input": (0.0, 0.0), "output": (edits.STEP, 0.0)})  # fmt: skip
        return replace(node, inside=inside)
    if offer.layer.first_settings:
        return replace(node, settings=dict(offer.layer.first_settings))
    facts = report.facts
    if offer.layer.role != "input" or facts is None or shown is not report.document:
        return node
    inputs = sum(each.layer == name for each in shown.nodes.values())
    spec = facts.fields[facts.features[min(inputs, len(facts.features) - 1)]].spec
    settings = {"shape": spec.shape, "dtype": spec.dtype, "batched": spec.batch is not None}
    return replace(node, settings=own_settings(name, settings))


def _ready(whole: Document, taken: Collection[str], offer: Offer, behind: Specs | None) -> Node:
    """A node that comes with its settings and its network."""
    assert offer.ready is not None
    ready = taken_into(whole, offer.ready).node(offer.ready.node)
    new = free_id(ready.id, taken) if offer.ready.blocks else id_for(offer.name, taken)
    inside = without_defaults(ready.inside) if ready.inside is not None else None
    shape = behind.shape if isinstance(behind, TensorSpec) else ()
    return replace(ready, id=new, inside=inside, settings={**ready.settings, **offer.ready.settings_behind(shape)})
