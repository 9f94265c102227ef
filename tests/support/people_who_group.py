"""People who put layers into groups and blocks, go in and out, and carry things from one place to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from somebody import NUMBERS, SEVERAL, Somebody

from designer.graph.document import Document

DEEPEST = 3
"""Groups in groups that are entered."""


def places(whole: Document, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all groups that can be entered, the whole design first."""
    yield place
    for name, node in whole.at(place).nodes.items() if len(place) < DEEPEST else ():
        if node.inside is not None or node.settings.get("block") in whole.blocks:
            yield from places(whole, (*place, name))


class Grouper(Somebody):
    """Whoever groups nodes."""

    @precondition(lambda self: self.drawn)
    @rule(numbers=SEVERAL)
    def group_some(self, numbers: Sequence[int]) -> None:
        self.select(numbers)
        self.do("group")

    @precondition(lambda self: self.groups)
    @rule(numbers=SEVERAL, action=st.sampled_from(
        ["ungroup", "expand_group", "make_block", "make_unique", "enter_group", "bypass", "dissolve", "duplicate",
         "store_group"]
    ))  # fmt: skip
    def do_something_to_groups(self, numbers: Sequence[int], action: str) -> None:
        self.workspace.select({self.among(self.groups, number) for number in numbers})
        self.do(action)

    @precondition(lambda self: self.groups)
    @rule(number=NUMBERS, rounds=st.sampled_from(["1", "2", "3", "x4", "0", "n", "many times"]))
    def repeat_a_group(self, number: int, rounds: str) -> None:
        self.workspace.select((self.among(self.groups, number),))
        self.do("repeat_group")
        self.answer(rounds)

    @precondition(lambda self: self.groups)
    @rule(number=NUMBERS)
    def enter_a_group(self, number: int) -> None:
        self.hand.double_click(self.hand.node(self.among(self.groups, number)))

    @rule()
    def leave_the_group(self) -> None:
        self.do("leave_group")

    @rule(number=NUMBERS)
    def go_anywhere(self, number: int) -> None:
        self.workspace.enter(self.among(list(places(self.workspace.document)), number))

    @precondition(lambda self: self.drawn)
    @rule(numbers=SEVERAL, to=NUMBERS, action=st.sampled_from(["copy", "cut"]))
    def carry_some_elsewhere(self, numbers: Sequence[int], to: int, action: str) -> None:
        self.select(numbers)
        self.do(action)
        self.go_anywhere(to)
        self.do("paste")
