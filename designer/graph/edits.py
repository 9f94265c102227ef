"""Every change a design can undergo, as a function from design to design. Undo needs no more than this.

An edit that changes nothing returns the same object. An edit that cannot be made raises UserError.
What an edit does not touch is the same object before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from designer.graph.document import EMPTY, Document, Link, Node, Position
from designer.graph.names import free_id, id_for, is_legal
from designer.problems import Fix, UserError

STEP = 220.0
"""How far to the right of its neighbour a node is put that nobody placed."""


def add_node(document: Document, node: Node, position: Position = (0.0, 0.0)) -> Document:
    """Place a node; its id must be free."""
    if node.id in document.nodes:
        raise UserError(f"There is a node called {node.id} already. Choose another name.")
    return replace(
        document,
        nodes={**document.nodes, node.id: node},
        positions={**document.positions, node.id: position},
    )


def remove(document: Document, nodes: Collection[str] = (), links: Collection[Link] = ()) -> Document:
    """Take away nodes with all their links, and single links."""
    gone, cut = set(nodes) & set(document.nodes), set(links)
    if not gone and not cut & set(document.links):
        return document
    kept = tuple(
        link for link in document.links if link not in cut and link.source not in gone and link.target not in gone
    )
    return replace(
        document,
        nodes={name: node for name, node in document.nodes.items() if name not in gone},
        links=kept,
        positions={name: place for name, place in document.positions.items() if name not in gone},
        renamed={new: old for new, old in document.renamed.items() if new not in gone},
        link_extra={link: extra for link, extra in document.link_extra.items() if link in set(kept)},
    )


def connect(document: Document, link: Link, *, replacing: bool = True) -> Document:
    """Draw a link; with `replacing`, it takes the place of what ended at the same port."""
    for end in (link.source, link.target):
        if end not in document.nodes:
            raise UserError(f"There is no node called {end} to connect.")
    if link in document.links:
        return document
    same_port = {old for old in document.incoming.get(link.target, ()) if old.target_port == link.target_port}
    kept = tuple(old for old in document.links if not (replacing and old in same_port))
    return replace(document, links=(*kept, link))


def disconnect(document: Document, source: str, target: str, source_port: str = "", target_port: str = "") -> Document:
    """Take one link away."""
    return remove(document, links=(Link(source, target, source_port, target_port),))


def move(document: Document, positions: Mapping[str, Position]) -> Document:
    """Put nodes elsewhere; every Node stays the same object."""
    known = {name: place for name, place in positions.items() if document.positions.get(name) != place}
    known = {name: place for name, place in known.items() if name in document.nodes}
    return replace(document, positions={**document.positions, **known}) if known else document


def change_settings(
    document: Document, node: str, values: Mapping[str, Any] = EMPTY, unset: Iterable[str] = ()
) -> Document:
    """Set some settings of a node and put others back to their default."""
    old = document.nodes[node]
    settings = {**old.settings, **values}
    for name in unset:
        settings.pop(name, None)
    return document if settings == old.settings else _with_node(document, replace(old, settings=settings))


def change_layer(document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY) -> Document:
    """Make a node another kind of layer; its id and links stay."""
    return _with_node(document, replace(document.nodes[node], layer=layer, settings=dict(settings)))


def _with_node(document: Document, node: Node) -> Document:
    return replace(document, nodes={**document.nodes, node.id: node})


def rename(document: Document, node: str, new: str) -> Document:
    """Give a node another id, everywhere it is named."""
    if new == node:
        return document
    if not is_legal(new):
        raise UserError(f'"{new}" cannot be a name in Python code. Use letters, digits and _, a letter first.')
    if new in document.nodes:
        raise UserError(f"There is a node called {new} already. Choose another name.")

    def follow(name: str) -> str:
        return new if name == node else name

    def follow_link(link: Link) -> Link:
        if node not in (link.source, link.target):
            return link
        return replace(link, source=follow(link.source), target=follow(link.target))

    return replace(
        document,
        nodes={follow(name): _renamed(old, node, new) for name, old in document.nodes.items()},
        links=tuple(follow_link(link) for link in document.links),
        positions={follow(name): place for name, place in document.positions.items()},
        renamed={name: old for name, old in document.renamed.items() if name != node},
        link_extra={follow_link(link): extra for link, extra in document.link_extra.items()},
        data=_renamed_data(document.data, follow),
    )


def _renamed(node: Node, old: str, new: str) -> Node:
    """A node after `old` became `new`: its own id, and where it names the other."""
    changes: dict[str, Any] = {}
    if node.id == old:
        changes["id"] = new
    if node.settings.get("target") == old:
        changes["settings"] = {**node.settings, "target": new}
    if node.learning.get("shared_with") == old:
        changes["learning"] = {**node.learning, "shared_with": new}
    return replace(node, **changes) if changes else node


def _renamed_data(data: Mapping[str, Any], follow: Callable[[str], str]) -> Mapping[str, Any]:
    changed = dict(data)
    for part in ("inputs", "targets"):
        if isinstance(data.get(part), Mapping):
            changed[part] = {follow(name): column for name, column in data[part].items()}
    return data if changed == data else changed


def insert_before(
    document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY, port: str = ""
) -> Document:
    """Put a new node of `layer` on every link that ends at a port of `node`."""
    links = [link for link in document.incoming.get(node, ()) if link.target_port == port]
    for link in links:
        document = insert_on_link(document, link, Node(id_for(layer, document.nodes), layer, settings))
    return document


def insert_on_link(document: Document, link: Link, node: Node) -> Document:
    """Put a new node in the middle of a link, keeping the link's place among its neighbours."""
    left, right = (document.positions.get(end, (0.0, 0.0)) for end in (link.source, link.target))
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    document = _make_room(add_node(document, node, middle), node.id, link)
    first = Link(link.source, node.id, link.source_port)
    second = Link(node.id, link.target, "", link.target_port)
    place = document.links.index(link)
    return replace(document, links=(*document.links[:place], first, second, *document.links[place + 1 :]))


def _make_room(document: Document, node: str, link: Link) -> Document:
    """Shift all that stands to the right of a node put on `link`, if it is too close to its target."""
    left = document.positions.get(link.source, (0.0, 0.0))[0]
    right = document.positions.get(link.target, (0.0, 0.0))[0]
    missing = 2 * STEP - (right - left)
    if missing <= 0:
        return document
    shifted = {name: (x + missing, y) for name, (x, y) in document.positions.items() if x >= right and name != node}
    return move(document, {**shifted, node: (left + STEP, document.positions[node][1])})


def dissolve(document: Document, node: str) -> Document:
    """Take a node away and connect what it read from to all that read it, keeping their places."""
    sources = document.incoming.get(node, ())
    if not sources:
        return remove(document, nodes=(node,))
    first = sources[0]
    links = [
        replace(link, source=first.source, source_port=first.source_port) if link.source == node else link
        for link in document.links
        if link.target != node
    ]
    return remove(replace(document, links=tuple(dict.fromkeys(links))), nodes=(node,))


def append_after(document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY) -> Document:
    """Add a node of `layer` to the right of `node`, connected to its first port."""
    x, y = document.positions.get(node, (0.0, 0.0))
    new = Node(id_for(layer, document.nodes), layer, dict(settings))
    return connect(add_node(document, new, (x + STEP, y)), Link(node, new.id))


def prepend_before(document: Document, node: str, layer: str, settings: Mapping[str, Any] = EMPTY) -> Document:
    """Add a node of `layer` to the left of `node`, connected to its first port."""
    x, y = document.positions.get(node, (0.0, 0.0))
    new = Node(id_for(layer, document.nodes), layer, dict(settings))
    return connect(add_node(document, new, (x - STEP, y)), Link(new.id, node))


def paste(document: Document, fragment: Document, offset: Position = (0.0, 0.0)) -> tuple[Document, Mapping[str, str]]:
    """Add the nodes and links of `fragment`; returns the design and each pasted node's new id by its old one."""
    taken, ids = set(document.nodes), {}
    for old in fragment.nodes:
        ids[old] = free_id(old, taken)
        taken.add(ids[old])
    nodes = {ids[old]: replace(node, id=ids[old]) for old, node in fragment.nodes.items()}
    links = tuple(
        replace(link, source=ids[link.source], target=ids[link.target])
        for link in fragment.links
        if link.source in ids and link.target in ids
    )
    places = {ids[old]: (x + offset[0], y + offset[1]) for old, (x, y) in fragment.positions.items() if old in ids}
    pasted = replace(
        document,
        nodes={**document.nodes, **nodes},
        links=(*document.links, *links),
        positions={**document.positions, **places},
    )
    return pasted, ids


def copy(document: Document, nodes: Collection[str]) -> Document:
    """The chosen nodes and the links among them, as a design of their own."""
    chosen = {name: node for name, node in document.nodes.items() if name in set(nodes)}
    return Document(
        nodes=chosen,
        links=tuple(link for link in document.links if link.source in chosen and link.target in chosen),
        positions={name: place for name, place in document.positions.items() if name in chosen},
    )


def change_data(document: Document, values: Mapping[str, Any]) -> Document:
    """Set parts of the data settings; a value of None takes the part away."""
    data = _updated(document.data, values)
    return document if data == document.data else replace(document, data=data)


def change_training(document: Document, values: Mapping[str, Any]) -> Document:
    """Set parts of the training settings; a value of None takes the part away."""
    training = _updated(document.training, values)
    return document if training == document.training else replace(document, training=training)


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
    return replace(document, renamed={new: old for new, old in document.renamed.items() if new != node})


def within(document: Document, path: tuple[str, ...], edit: Callable[[Document], Document]) -> Document:
    """Make an edit in the design inside the groups of `path`, outermost first."""
    if not path:
        return edit(document)
    group = document.nodes[path[0]]
    inside = document.inside_of(group)
    new = within(inside, path[1:], edit)
    if new is inside:
        return document
    if group.inside is None:
        return replace(document, blocks={**document.blocks, str(group.settings["block"]): new})
    return _with_node(document, replace(group, inside=new))


FIXES: Mapping[str, Callable[..., Document]] = {
    edit.__name__: edit
    for edit in (
        accept_id, append_after, change_data, change_layer, change_settings, change_training, disconnect, dissolve,
        insert_before, prepend_before, remove, rename,
    )
}  # fmt: skip
"""The edits that a problem's fix may name."""


def apply_fix(document: Document, fix: Fix) -> Document:
    """Make the mend that a problem offers."""
    return within(document, fix.inside, lambda inside: FIXES[fix.edit](inside, **fix.arguments))
