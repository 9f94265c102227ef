"""Every change a design can undergo, as a function from design to design. Undo needs no more than this.

An edit that changes nothing returns the same object. An edit that cannot be made raises UserError.
What an edit does not touch is the same object before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from designer.graph import frames, routes, stickies
from designer.graph.bridges import Ways, bridged
from designer.graph.document import EMPTY, Document, Link, Node, Position
from designer.graph.names import FreeIds, id_for, is_legal
from designer.graph.nesting import within as within
from designer.graph.places import ROW, STEP, make_room
from designer.graph.references import follow_nodes, follow_wiring
from designer.graph.variables import (
    brought,
    needed,
    remove_variable,
    rename_variable,
    set_variable,
)
from designer.problems import Fix, UserError


def add_node(document: Document, node: Node, position: Position = (0.0, 0.0)) -> Document:
    """Place a node; its id must be free."""
    _refuse_taken(document, node.id)
    return replace(
        document,
        nodes={**document.nodes, node.id: node},
        positions={**document.positions, node.id: position},
    )


def _refuse_taken(document: Document, name: str) -> None:
    if name in document.nodes:
        raise UserError(f"There is a node called {name} already. Choose another name.")


def _node(document: Document, name: str) -> Node:
    """The node of that id; UserError where it is gone, as for a fix pressed too late."""
    node = document.nodes.get(name)
    if node is None:
        raise UserError(f"There is no node called {name} any more.")
    return node


def remove(document: Document, nodes: Collection[str] = (), links: Collection[Link] = ()) -> Document:
    """Take away nodes with all their links, and single links."""
    gone, cut = set(nodes) & set(document.nodes), set(links)
    kept = tuple(
        link for link in document.links if link not in cut and link.source not in gone and link.target not in gone
    )
    if not gone:
        return document if len(kept) == len(document.links) else _with_links(document, kept)
    return replace(
        _with_links(document, kept),
        nodes=_without(document.nodes, gone),
        positions=_without(document.positions, gone),
        renamed=_without(document.renamed, gone),
        frames=frames.without_nodes(document.frames, gone),
    )


def _without(mapping: Mapping[str, Any], gone: Collection[str]) -> Mapping[str, Any]:
    """The mapping without some keys; the same object where it has none of them."""
    kept = {key: value for key, value in mapping.items() if key not in gone}
    return kept if len(kept) < len(mapping) else mapping


def _with_links(document: Document, links: tuple[Link, ...]) -> Document:
    """The same design with other links; what was kept beside links that are gone goes with them."""
    if links == document.links:
        return document
    extra = document.link_extra
    if extra:
        there = set(links)
        extra = {link: kept for link, kept in extra.items() if link in there}
    return replace(document, links=links, link_extra=extra, routes=routes.kept(document.routes, links))


def connect(document: Document, link: Link, *, replacing: bool = True) -> Document:
    """Draw a link; with `replacing`, it takes the place of what ended at the same port."""
    for end in (link.source, link.target):
        if end not in document.nodes:
            raise UserError(f"There is no node called {end} to connect.")
    if link in document.links:
        return document
    same_port = {old for old in document.incoming.get(link.target, ()) if old.target_port == link.target_port}
    kept = tuple(old for old in document.links if not (replacing and old in same_port))
    return _with_links(document, (*kept, link))


def disconnect(document: Document, source: str, target: str, source_port: str = "", target_port: str = "") -> Document:
    """Take one link away."""
    return remove(document, links=(Link(source, target, source_port, target_port),))


def move(document: Document, positions: Mapping[str, Position]) -> Document:
    """Put nodes elsewhere, and the dots of links between nodes that go the same way; every Node stays the same."""
    moved = {
        name: place
        for name, place in positions.items()
        if name in document.nodes and document.positions.get(name) != place
    }
    if not moved:
        return document
    along = routes.carried_along(document, moved)
    return replace(
        document,
        positions={**document.positions, **moved},
        routes={**document.routes, **along} if along else document.routes,
    )


def change_settings(
    document: Document, node: str, values: Mapping[str, Any] = EMPTY, unset: Iterable[str] = ()
) -> Document:
    """Set some settings of a node and put others back to their default."""
    old = _node(document, node)
    settings = {**old.settings, **values}
    for name in unset:
        settings.pop(name, None)
    return document if _alike(settings, old.settings) else _with_node(document, replace(old, settings=settings))


def change_learning(
    document: Document, node: str, values: Mapping[str, Any] = EMPTY, unset: Iterable[str] = ()
) -> Document:
    """Set how a node learns, and put some of it back to what is usual."""
    old = _node(document, node)
    learning = {**old.learning, **values}
    for name in unset:
        learning.pop(name, None)
    if _alike(learning, old.learning):
        return document
    return _with_node(document, replace(old, learning=learning or EMPTY))


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two settings are the same to the last: Python takes True for 1 and 3.0 for 3, a layer does not."""
    return one == other and repr(dict(one)) == repr(dict(other))


def change_layer(document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY) -> Document:
    """Make a node another kind of layer; its id and links stay."""
    old = _node(document, node)
    if old.layer == layer and _alike(old.settings, settings):
        return document
    return _with_node(document, replace(old, layer=layer, settings=dict(settings)))


def change_each_layer(document: Document, nodes: Iterable[str], layer: str) -> Document:
    """Make several nodes another kind of layer, with its usual settings."""
    for node in nodes:
        document = change_layer(document, node, layer)
    return document


def begin_as_usual(document: Document, nodes: Iterable[str]) -> Document:
    """Let the weights of nodes begin as torch draws them."""
    for node in nodes:
        document = change_learning(document, node, unset=("init",))
    return document


def _with_node(document: Document, node: Node) -> Document:
    return replace(document, nodes={**document.nodes, node.id: node})


def rename(document: Document, node: str, new: str) -> Document:
    """Give a node another id, everywhere it is named."""
    _node(document, node)
    if new == node:
        return document
    if not is_legal(new):
        raise UserError(f'"{new}" cannot be a name in Python code. Use letters, digits and _, a letter first.')
    _refuse_taken(document, new)
    ids = {node: new}

    def follow_link(link: Link) -> Link:
        if node not in (link.source, link.target):
            return link
        return link._replace(source=ids.get(link.source, link.source), target=ids.get(link.target, link.target))

    links = document.links if not document.links_of(node) else tuple(map(follow_link, document.links))
    return replace(
        document,
        nodes={ids.get(name, name): follow_nodes(old, ids) for name, old in document.nodes.items()},
        links=links,
        positions={ids.get(name, name): place for name, place in document.positions.items()},
        renamed=_without(document.renamed, ids),
        link_extra={follow_link(link): extra for link, extra in document.link_extra.items()} or EMPTY,
        routes=routes.followed(document.routes, follow_link),
        frames=frames.followed(document.frames, ids),
        data=follow_wiring(document.data, ids),
    )


def insert_before(
    document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY, port: str = ""
) -> Document:
    """Put a new node of `layer` on every link that ends at a port of `node`."""
    _node(document, node)
    links = [link for link in document.incoming.get(node, ()) if link.target_port == port]
    for link in links:
        document = insert_on_link(document, link, Node(id_for(layer, document.nodes), layer, settings))
    return document


def insert_on_link(document: Document, link: Link, node: Node, at: Position | None = None) -> Document:
    """Put a new node on a link, in its middle or near `at`, keeping the link's place among its neighbours."""
    left, right = (document.positions.get(end, (0.0, 0.0)) for end in (link.source, link.target))
    place = at if at is not None else ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    return put_on_link(add_node(document, node, place), link, node.id, place)


def put_on_link(document: Document, link: Link, node: str, at: Position) -> Document:
    """Lead a link through a node, which stands near `at` then; what is in its way moves aside."""
    if link not in document.links:
        raise UserError(f"There is no link {' → '.join(link.ends)} any more.")
    _node(document, node)
    wider = move(document, make_room(document, node, link, at))
    first = Link(link.source, node, link.source_port)
    second = Link(node, link.target, "", link.target_port)
    place = document.links.index(link)
    wider = frames.between(wider, link.source, link.target, node)
    between = _with_links(wider, (*document.links[:place], first, second, *document.links[place + 1 :]))
    left, right = (document.positions.get(end, (0.0, 0.0)) for end in (link.source, link.target))
    before, after = routes.split(document.routes.get(link, ()), left, between.positions[node], right)
    return routes.reroute(between, {first: before, second: after})


def insert_row(document: Document, link: Link, layers: Iterable[tuple[str, Mapping[str, Any]]]) -> Document:
    """Put new nodes, each a layer with its settings, one behind the other into a link."""
    for layer, settings in layers:
        node = Node(id_for(layer, document.nodes), layer, dict(settings))
        document = insert_on_link(document, link, node)
        link = Link(node.id, link.target, "", link.target_port)
    return document


def dissolve(document: Document, node: str) -> Document:
    """Take a node away and connect what it read from to all that read it, keeping their places."""
    _node(document, node)
    sources = (link for link in document.incoming.get(node, ()) if link.source != node)
    return dissolve_all(document, {node: next(sources, None)})


def dissolve_all(document: Document, ways: Ways) -> Document:
    """Take nodes away and connect what each of them hands on, the link in `ways`, to all that read it.

    The dots of links that become one are those of the new link.
    """
    made_of: dict[Link, tuple[Link, ...]] = {}
    for link, parts in bridged(document.links, ways):
        made_of.setdefault(link, parts)
    dissolved = remove(_with_links(document, tuple(made_of)), nodes=ways)
    there = set(document.links)
    new = {link: parts for link, parts in made_of.items() if len(parts) > 1 and link not in there}
    dots = {link: tuple(dot for part in parts for dot in document.routes.get(part, ())) for link, parts in new.items()}
    return routes.reroute(dissolved, dots) if dots else dissolved


def set_bypassed(document: Document, nodes: Collection[str], bypassed: bool) -> Document:
    """Let nodes hand on what reaches them as it is, or work again."""
    changed = {name: replace(_node(document, name), bypassed=bypassed) for name in nodes}
    changed = {name: node for name, node in changed.items() if node.bypassed != document.nodes[name].bypassed}
    return replace(document, nodes={**document.nodes, **changed}) if changed else document


def append_after(document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY) -> Document:
    """Add a node of `layer` to the right of `node`, connected to its first port."""
    _node(document, node)
    x, y = document.positions.get(node, (0.0, 0.0))
    new = Node(id_for(layer, document.nodes), layer, dict(settings))
    return connect(add_node(document, new, (x + STEP, y)), Link(node, new.id))


def prepend_before(
    document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY, port: str = ""
) -> Document:
    """Add a node of `layer` to the left of `node`, below what stands there, connected to a port of it."""
    _node(document, node)
    x, y = document.positions.get(node, (0.0, 0.0))
    while (x - STEP, y) in document.positions.values():
        y += ROW
    new = Node(id_for(layer, document.nodes), layer, dict(settings))
    return connect(add_node(document, new, (x - STEP, y)), Link(new.id, node, "", port))


def paste(document: Document, fragment: Document, offset: Position = (0.0, 0.0)) -> tuple[Document, Mapping[str, str]]:
    """Add the nodes and links of `fragment`; returns the design and each pasted node's new id by its old one.

    Variables that its formulas name and that the design lacks come along; those that it has keep their values.
    A link from a node that is not in the fragment comes from the design's node of that id.
    """
    if not fragment.nodes and not fragment.stickies:
        return document, {}
    free = FreeIds(document.nodes)
    ids = {old: free.take(old) for old in fragment.nodes}
    new_links = {
        link: link._replace(source=ids.get(link.source, link.source), target=ids[link.target])
        for link in fragment.links
        if link.target in ids and (link.source in ids or link.source in document.nodes)
    }
    extra = {new_links[link]: kept for link, kept in fragment.link_extra.items() if link in new_links}
    dots = {new_links[link]: routes.shifted(way, *offset) for link, way in fragment.routes.items() if link in new_links}
    places = {ids[old]: (x + offset[0], y + offset[1]) for old, (x, y) in fragment.positions.items() if old in ids}
    pasted = replace(
        document,
        nodes={**document.nodes, **{ids[old]: follow_nodes(node, ids) for old, node in fragment.nodes.items()}},
        links=(*document.links, *new_links.values()),
        positions={**document.positions, **places},
        link_extra={**document.link_extra, **extra} or EMPTY,
        routes={**document.routes, **dots} if dots else document.routes,
        frames=frames.brought(document.frames, fragment.frames, ids),
        stickies=stickies.brought(document.stickies, fragment.stickies, offset),
        variables=brought(document, fragment),
    )
    return pasted, ids


def copy(document: Document, nodes: Collection[str], notes: Collection[str] = ()) -> Document:
    """The chosen nodes, the links among them and the variables they need, as a design of their own.

    Frames come along with all their members; sticky notes where `notes` names them.
    """
    wanted = set(nodes)
    chosen = {name: node for name, node in document.nodes.items() if name in wanted}
    links = dict.fromkeys(link for link in document.links if link.source in chosen and link.target in chosen)
    return Document(
        nodes=chosen,
        links=tuple(links),
        positions={name: place for name, place in document.positions.items() if name in chosen},
        link_extra={link: extra for link, extra in document.link_extra.items() if link in links} or EMPTY,
        routes=routes.kept(document.routes, links),
        frames=frames.whole(document.frames, chosen),
        stickies={key: sticky for key, sticky in document.stickies.items() if key in notes} or EMPTY,
        variables=needed(document, chosen.values()),
    )


def change_data(document: Document, values: Mapping[str, Any]) -> Document:
    """Set parts of the data settings; a value of None takes the part away."""
    data = _updated(document.data, values)
    return document if _alike(data, document.data) else replace(document, data=data)


def change_training(document: Document, values: Mapping[str, Any]) -> Document:
    """Set parts of the training settings; a value of None takes the part away."""
    training = _updated(document.training, values)
    return document if _alike(training, document.training) else replace(document, training=training)


def _updated(part: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in {**part, **values}.items() if value is not None}


def describe(document: Document, *, name: str | None = None, notes: str | None = None) -> Document:
    """Change the design's name or notes."""
    new = replace(
        document,
        name=document.name if name is None else name,
        notes=document.notes if notes is None else notes,
    )
    return document if (new.name, new.notes) == (document.name, document.notes) else new


def accept_id(document: Document, node: str) -> Document:
    """Keep the id that a node got when its own stood twice in the file."""
    renamed = _without(document.renamed, (node,))
    return document if renamed is document.renamed else replace(document, renamed=renamed)


FIXES: Mapping[str, Callable[..., Document]] = {
    edit.__name__: edit
    for edit in (
        accept_id, append_after, begin_as_usual, change_data, change_each_layer, change_layer, change_learning,
        change_settings, change_training, connect, disconnect, dissolve, insert_before, insert_row, prepend_before,
        remove, remove_variable, rename, rename_variable, set_bypassed, set_variable,
    )
}  # fmt: skip
"""The edits that a problem's fix may name."""


def apply_fix(document: Document, fix: Fix) -> Document:
    """Make the mend that a problem offers."""
    return within(document, fix.inside, lambda inside: FIXES[fix.edit](inside, **fix.arguments))
