"""Reading and writing `*.netwright` files: typed, tolerant of what it does not know, and never half-written.

A file that cannot be read gets one sentence with the place in it (UserError) and opens nothing. Nothing
in a file is ever run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, TypeVar
from uuid import uuid4

import msgspec
from msgspec import UNSET, Struct, UnsetType

from designer.graph.document import EMPTY, Document, Frame, Link, Node, Position, Sticky
from designer.graph.names import FreeIds, split_end
from designer.graph.places import STEP
from designer.graph.stickies import USUAL, fitting
from designer.graph.writing import FORMAT, Known, dumps
from designer.problems import UserError

Part = TypeVar("Part", bound=Struct)

LARGEST = 64 * 2**20
"""Bytes; a design of 10,000 nodes takes about two million."""
DEEPEST_VALUE = 100
"""Lists stand inside lists, as values of a setting, at most so deep."""
DEEPEST = 40
"""Groups inside groups in a file; the check stops earlier."""
LONGEST_ID = 1000
"""Letters; more than a legal id has, so that whatever was written can be read."""
FARTHEST = 1e7
"""No node stands farther out than this, whatever a file says: ten thousand nodes in a row take a fifth of it."""

KINDS = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "null": "nothing",
    "array": "a list", "object": "a table",
}  # fmt: skip
"""msgspec's names for what a file can hold, in words."""

MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()
"""From version 1 to 2, from 2 to 3, ...: each takes the decoded file and returns the next version's."""


class _Node(Struct):
    id: str
    layer: str
    settings: dict[str, Any] | UnsetType = UNSET
    position: tuple[float, float] | UnsetType = UNSET
    inside: dict[str, Any] | UnsetType = UNSET
    learning: dict[str, Any] | UnsetType = UNSET
    color: str = ""
    note: str = ""
    bypassed: bool = False
    expanded: bool = False


class _Frame(Struct):
    title: str = ""
    color: str = ""
    members: list[str] = []


class _Sticky(Struct):
    text: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float] = USUAL
    color: str = ""


class _Beside(Struct):
    route: list[tuple[float, float]] = []


class _Network(Struct):
    nodes: list[dict[str, Any]]
    links: list[list[Any]]
    frames: dict[str, dict[str, Any]] = {}
    stickies: dict[str, dict[str, Any]] = {}


class _Inside(_Network):
    variables: dict[str, Any] = {}


class _File(_Network, kw_only=True):
    format: str
    name: str = ""
    notes: str = ""
    data: dict[str, Any] = {}
    training: dict[str, Any] = {}
    variables: dict[str, Any] = {}
    blocks: dict[str, dict[str, Any]] = {}


def read(path: Path) -> Document:
    """The design in a file; raises UserError with one sentence where there is none."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise UserError(f"{path.name} is {size // 2**20} MB large; a design has at most {LARGEST // 2**20} MB.")
        text = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"{path.name} cannot be read: {reason}. Check that it is there and may be read.") from error
    return loads(text, path.name)


def loads(text: bytes | str, name: str = "The text") -> Document:
    """The design in the text of a file, called `name` in what is said about it."""
    try:
        raw = msgspec.json.decode(text)
    except RecursionError as error:
        raise UserError(f"{name} is nested too deeply to be a design.") from error
    except msgspec.DecodeError as error:
        raise UserError(f"{name} is not a Netwright design: {_plain(str(error))}.") from error
    except UnicodeError as error:
        raise UserError(f"{name} is not a Netwright design: it has letters that are none in Unicode.") from error
    if not isinstance(raw, dict) or "format" not in raw:
        raise UserError(f'{name} is not a Netwright design: it has no "format".')
    try:
        return _document(_migrated(raw, name))
    except msgspec.ValidationError as error:
        raise UserError(f"{name} cannot be opened: {_plain(str(error))}.") from error
    except RecursionError as error:
        raise UserError(f"{name} is nested too deeply to be a design.") from error


def _migrated(raw: dict[str, Any], name: str) -> dict[str, Any]:
    newest = len(MIGRATIONS) + 1
    found = re.fullmatch(r"netwright/([1-9]\d{0,3})", str(raw["format"]))
    if found is None:
        raise UserError(f'{name} has the unknown format "{str(raw["format"])[:40]}"; this version reads {FORMAT}.')
    version = int(found[1])
    if version > newest:
        raise UserError(f"{name} was written by a newer Netwright ({raw['format']}). Update Netwright to open it.")
    for migrate in MIGRATIONS[version - 1 :]:
        raw = migrate(raw)
    return raw


def _plain(message: str) -> str:
    """msgspec's message as part of a sentence: "at `$.nodes[3].id`" becomes "in nodes, entry 4, id"."""

    def spell(found: re.Match[str]) -> str:
        steps = re.findall(r"\[(\d+|\.\.\.)\]|\.(\w+)", found[1])
        words = [f"entry {int(number) + 1}" if number.isdigit() else name for number, name in steps if number or name]
        return "in " + ", ".join(words) if words else "at the top"

    message = re.sub(r"- at `\$([^`]*)`", spell, message)
    message = re.sub(r"^Expected `([^`]+)`, got `([^`]+)`", _expected, message)
    message = re.sub(r"^Expected `array` of length (\d+), got (\d+)", r"\2 entries stand where \1 belong", message)
    return message.replace("`", '"').rstrip(".")


def _expected(found: re.Match[str]) -> str:
    """What is wanted and what stands there, in words."""
    wanted, got = ([KINDS.get(kind, kind) for kind in part.split(" | ")] for part in found.groups())
    return f"{' or '.join(got)} stands where {' or '.join(wanted)} belongs"


def _document(raw: dict[str, Any]) -> Document:
    file = msgspec.convert(raw, _File)
    blocks = {name: _inside(block, f' of block "{name}"', 1) for name, block in file.blocks.items()}
    return replace(
        _network(file, "", 0),
        name=file.name,
        notes=file.notes,
        data=_frozen(file.data),
        training=_frozen(file.training),
        variables=_frozen(file.variables),
        blocks=blocks,
        extra=_unknown(raw, _File),
    )


def _inside(raw: dict[str, Any], where: str, depth: int) -> Document:
    if depth > DEEPEST:
        raise UserError(f"The design cannot be opened: groups stand inside groups more than {DEEPEST} deep.")
    try:
        network = msgspec.convert(raw, _Inside)
    except msgspec.ValidationError as error:
        raise UserError(f"The design cannot be opened: {_plain(str(error))}{where}.") from error
    inside = _network(network, where, depth)
    return replace(inside, variables=_frozen(network.variables) or EMPTY, extra=_unknown(raw, _Inside))


def _network(network: _Network, where: str, depth: int) -> Document:
    """Nodes and links; a second node of the same id gets a free one, which `renamed` remembers."""
    nodes: dict[str, Node] = {}
    positions: dict[str, Position] = {}
    renamed: dict[str, str] = {}
    free = FreeIds({str(raw.get("id", "")) for raw in network.nodes})
    for place, raw in enumerate(network.nodes, 1):
        read_node = _read(raw, _Node, f"node {place}{where}")
        node = _node(read_node, raw, depth)
        if node.id in nodes:
            new = free.take(node.id)
            renamed[new] = node.id
            node = replace(node, id=new)
        nodes[node.id] = node
        if read_node.position is not UNSET:
            positions[node.id] = _within_reach(read_node.position)
    links, link_extra, routes = _links(network.links, nodes, where)
    return Document(
        nodes=nodes,
        links=links,
        positions=_placed(nodes, positions),
        renamed=renamed,
        link_extra=link_extra,
        routes=routes,
        frames=_frames(network.frames, nodes, where),
        stickies=_stickies(network.stickies, where),
    )


def _frames(raw_frames: Mapping[str, dict[str, Any]], nodes: Mapping[str, Node], where: str) -> Mapping[str, Frame]:
    """The frames; a member that is no node, or is in a frame already, is left out, and so is a frame without any."""
    free, found = dict.fromkeys(nodes), {}
    for place, (key, raw) in enumerate(raw_frames.items(), 1):
        read_frame = _read(raw, _Frame, f"frame {place}{where}")
        members = tuple(dict.fromkeys(name for name in read_frame.members if name in free))
        for name in members:
            del free[name]
        if members:
            found[key] = Frame(read_frame.title, read_frame.color, members, _unknown(raw, _Frame))
    return found or EMPTY


def _stickies(raw_stickies: Mapping[str, dict[str, Any]], where: str) -> Mapping[str, Sticky]:
    found = {}
    for number, (key, raw) in enumerate(raw_stickies.items(), 1):
        note = _read(raw, _Sticky, f"sticky note {number}{where}")
        place, size = _within_reach(note.position), fitting(note.size)
        found[key] = Sticky(note.text, place, size, note.color, _unknown(raw, _Sticky))
    return found or EMPTY


def _read(raw: Mapping[str, Any], kind: type[Part], what: str) -> Part:
    """A part of a file by its type; UserError, which names it, where it is of another."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise UserError(f"The design cannot be opened: {what}: {_plain(str(error))}.") from error


def _within_reach(place: Position) -> Position:
    x, y = (max(-FARTHEST, min(FARTHEST, axis)) for axis in place)
    return x, y


def _node(node: _Node, raw: dict[str, Any], depth: int) -> Node:
    if not node.id:
        raise UserError("The design cannot be opened: a node has an empty id.")
    if len(node.id) > LONGEST_ID:
        raise UserError(
            f"The design cannot be opened: an id has {len(node.id):,} letters; at most {LONGEST_ID:,} are allowed."
        )
    return Node(
        node.id,
        node.layer,
        EMPTY if node.settings is UNSET else _frozen(node.settings),
        None if node.inside is UNSET else _inside(node.inside, f" inside {node.id}", depth + 1),
        EMPTY if node.learning is UNSET else _frozen(node.learning),
        _unknown(raw, _Node),
        node.color,
        node.note,
        bypassed=node.bypassed,
        expanded=node.expanded,
    )


def _links(
    raw_links: list[list[Any]], nodes: Mapping[str, Node], where: str
) -> tuple[tuple[Link, ...], Mapping[Link, Mapping[str, Any]], Mapping[Link, tuple[Position, ...]]]:
    """The links, what stands beside them that this version does not know, and the dots they run through."""
    links: dict[Link, None] = {}
    extra: dict[Link, Mapping[str, Any]] = {}
    routes: dict[Link, tuple[Position, ...]] = {}
    for place, raw in enumerate(raw_links, 1):
        if len(raw) not in (2, 3) or not all(map(_is_end, raw[:2])):
            raise UserError(f'The design cannot be opened: link {place}{where} must be two texts, ["node", "node"].')
        if len(raw) == 3 and not isinstance(raw[2], dict):
            raise UserError(f"The design cannot be opened: the third part of link {place}{where} must be a table.")
        (source, source_port), (target, target_port) = (split_end(end, nodes) for end in raw[:2])
        for end, name in zip(raw[:2], (source, target), strict=True):
            if name not in nodes:
                shown = end if isinstance(end, str) else ".".join(end)
                raise UserError(f'The design cannot be opened: link {place}{where} names "{shown}", which is no node.')
        link = Link(source, target, source_port, target_port)
        links[link] = None
        if len(raw) == 3:
            dots = _route(raw[2], f"link {place}{where}")
            unknown = _unknown(raw[2], _Beside)
            extra.update({link: unknown} if unknown else {})
            routes.update({link: dots} if dots else {})
    return tuple(links), extra or EMPTY, routes or EMPTY


def _route(beside: Mapping[str, Any], where: str) -> tuple[Position, ...]:
    """The dots of a link, from the third part of what a file says of it."""
    return tuple(map(_within_reach, _read(beside, _Beside, where).route))


def _is_end(end: object) -> bool:
    return isinstance(end, str) or (isinstance(end, list) and len(end) == 2 and all(isinstance(p, str) for p in end))


def _placed(nodes: Mapping[str, Node], positions: dict[str, Position]) -> dict[str, Position]:
    """A place for every node; one the file does not place stands in a row below the others."""
    row = min(max((y for _, y in positions.values()), default=-STEP) + STEP, FARTHEST)
    missing = [name for name in nodes if name not in positions]
    return {**positions, **{name: (number * STEP, row) for number, name in enumerate(missing)}}


def _unknown(raw: Mapping[str, Any], known: type[Struct]) -> Mapping[str, Any]:
    """The keys that this version does not know; they are written back as they are."""
    extra = {key: value for key, value in raw.items() if key not in known.__struct_fields__}
    return _frozen(extra) if extra else EMPTY


def _frozen(value: Any, depth: int = 0) -> Any:
    """Lists as tuples, so that settings compare equal however they came.

    How deep Python itself would go depends on where it stands, and a design must be written from there too.
    """
    if depth > DEEPEST_VALUE:
        raise RecursionError
    if isinstance(value, list):
        return tuple(_frozen(part, depth + 1) for part in value)
    if isinstance(value, dict):
        return {key: _frozen(part, depth + 1) for key, part in value.items()}
    return value


def write(document: Document, path: Path, known: Known | None = None, *, at_once: bool = False) -> None:
    """Write a file whole or not at all: to a temporary name, flushed, then renamed over the old one.

    `known` makes it quicker for who writes the same design after every edit. With `at_once` the file stands in its
    place before the disk has it: a busy disk may take seconds, in which a process that dies would leave nothing.
    """
    target = Path(os.path.realpath(path))  # a link to a file stays one
    temporary = target.with_name(f".{uuid4().hex}.netwright-part")
    try:
        text = dumps(document, known).encode()
        try:
            with temporary.open("xb") as file:
                file.write(text)
                if not at_once:
                    _to_disk(file)
            if target.exists():
                temporary.chmod(target.stat().st_mode & 0o777)
            temporary.replace(target)
            if at_once:
                with target.open("r+b") as file:
                    _to_disk(file)
        finally:
            temporary.unlink(missing_ok=True)
    except UnicodeError as error:
        raise UserError(f"{path.name} cannot be written: a text in it has letters that are none in Unicode.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"{path.name} cannot be written: {reason}. Choose another place.") from error


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
