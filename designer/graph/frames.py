"""Frames around nodes, which they hold by a list.

A node is in at most one frame, and a frame goes with its last member: there is nothing left to frame.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from designer.graph.document import EMPTY, Document, Frame
from designer.graph.looks import free_key
from designer.problems import UserError

Frames = Mapping[str, Frame]
FIRST_COLOR = "blue"


def frame_of(document: Document, node: str) -> str | None:
    """The key of the frame that a node is in."""
    return next((key for key, frame in document.frames.items() if node in frame.members), None)


def add_frame(document: Document, nodes: Collection[str], title: str = "", color: str = FIRST_COLOR) -> Document:
    """Put a frame around nodes, taking them out of others; it gets the first free key."""
    members = tuple(name for name in document.nodes if name in nodes)
    if not members:
        raise UserError("There is nothing to frame. Select some layers first.")
    key = free_key("frame", document.frames)
    frames = {**_released(document.frames, members), key: Frame(title, color, members)}
    return replace(document, frames=frames)


def join(document: Document, key: str, nodes: Collection[str]) -> Document:
    """Take nodes into a frame, out of any other."""
    frame = _frame(document, key)
    new = tuple(name for name in document.nodes if name in nodes and name not in frame.members)
    if not new:
        return document
    frames = dict(_released(document.frames, new))
    return replace(document, frames={**frames, key: replace(frame, members=(*frame.members, *new))})


def release(document: Document, nodes: Collection[str]) -> Document:
    """Take nodes out of their frames."""
    return _with_frames(document, _released(document.frames, nodes))


def change_frame(document: Document, key: str, *, title: str | None = None, color: str | None = None) -> Document:
    """Give a frame another title or colour."""
    old = _frame(document, key)
    new = replace(old, title=old.title if title is None else title, color=old.color if color is None else color)
    return document if new == old else replace(document, frames={**document.frames, key: new})


def remove_frames(document: Document, keys: Collection[str]) -> Document:
    """Take frames away; their nodes stay."""
    return _with_frames(document, {key: frame for key, frame in document.frames.items() if key not in keys})


def _frame(document: Document, key: str) -> Frame:
    frame = document.frames.get(key)
    if frame is None:
        raise UserError("That frame is not there any more.")
    return frame


def _with_frames(document: Document, frames: Frames) -> Document:
    return document if frames == document.frames else replace(document, frames=frames or EMPTY)


def _released(frames: Frames, nodes: Collection[str]) -> Frames:
    """The frames without some members, and without those that have none left; the same object if nothing changes."""
    gone = frozenset(nodes)
    if not any(gone.intersection(frame.members) for frame in frames.values()):
        return frames
    left = {
        key: replace(frame, members=tuple(name for name in frame.members if name not in gone))
        if gone.intersection(frame.members)
        else frame
        for key, frame in frames.items()
    }
    return {key: frame for key, frame in left.items() if frame.members} or EMPTY


def without_nodes(frames: Frames, gone: Collection[str]) -> Frames:
    """The frames after nodes were taken away; the same object where none of them was in a frame."""
    return _released(frames, gone)


def followed(frames: Frames, ids: Mapping[str, str]) -> Frames:
    """The frames after nodes got other ids; the same object where they name none of them."""
    if not any(name in ids for frame in frames.values() for name in frame.members):
        return frames
    return {
        key: replace(frame, members=tuple(ids.get(name, name) for name in frame.members))
        for key, frame in frames.items()
    }


def whole(frames: Frames, nodes: Collection[str]) -> Frames:
    """The frames that have all their members among `nodes`: these go along when the nodes are copied."""
    chosen = frozenset(nodes)
    found = {key: frame for key, frame in frames.items() if chosen.issuperset(frame.members)}
    return frames if len(found) == len(frames) else found or EMPTY


def brought(frames: Frames, fragment: Frames, ids: Mapping[str, str]) -> Frames:
    """The frames of a design after a fragment was pasted into it, whose nodes have new ids."""
    found = dict(frames)
    for frame in fragment.values():
        members = tuple(ids[name] for name in frame.members if name in ids)
        if members:
            found[free_key("frame", found)] = replace(frame, members=members)
    return found if len(found) > len(frames) else frames


def between(document: Document, source: str, target: str, node: str) -> Document:
    """A node that was put between two of the same frame is in it too."""
    key = frame_of(document, source)
    return join(document, key, (node,)) if key is not None and key == frame_of(document, target) else document
