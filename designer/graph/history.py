"""Undo and redo: the list of earlier designs, each with the name of the edit that followed it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from designer.graph.document import Document

LONGEST = 1000
"""How many steps are kept; designs share all that did not change, so a step costs little."""


@dataclass(frozen=True, slots=True)
class State:
    """A design, and the edit that made it: `label` for the menu, `merge` to join edits of one gesture."""

    document: Document
    label: str = ""
    merge: object = None


@dataclass(frozen=True, slots=True)
class History:
    """All states from the oldest to the last undone; `place` is the current one."""

    states: tuple[State, ...]
    place: int = 0

    @classmethod
    def of(cls, document: Document) -> History:
        """A history that begins with `document`."""
        return cls((State(document),))

    @property
    def document(self) -> Document:
        """The current design."""
        return self.states[self.place].document

    def commit(self, document: Document, label: str, merge: object = None) -> History:
        """Make `document` current. With the same `merge` key as the step before, both become one step."""
        if document is self.document:
            return self
        current = self.states[self.place]
        past = self.states[: self.place + 1]
        if merge is not None and merge == current.merge and self.place > 0:
            past = past[:-1]
        states = (*past, State(document, label, merge))[-LONGEST:]
        return History(states, len(states) - 1)

    def settle(self) -> History:
        """End the gesture: what follows is a step of its own, whatever its merge key."""
        current = self.states[self.place]
        if current.merge is None:
            return self
        states = (*self.states[: self.place], replace(current, merge=None), *self.states[self.place + 1 :])
        return History(states, self.place)

    @property
    def undo_label(self) -> str | None:
        """The edit that undo would take back; None at the beginning."""
        return self.states[self.place].label if self.place > 0 else None

    @property
    def redo_label(self) -> str | None:
        """The edit that redo would make again; None at the end."""
        return self.states[self.place + 1].label if self.place + 1 < len(self.states) else None

    def undo(self) -> History:
        """The state before; the same at the beginning."""
        return self.jump(self.place - 1)

    def redo(self) -> History:
        """The state after; the same at the end."""
        return self.jump(self.place + 1)

    def jump(self, place: int) -> History:
        """The state at a place of the list, by as many steps of undo or redo as it takes; the nearest one there is."""
        return History(self.states, min(max(0, place), len(self.states) - 1)).settle()
