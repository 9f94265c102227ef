"""Designs for the tests: a short way to write one down, and hypothesis's way to invent them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from whole_design import assert_whole as assert_whole
from whole_design import plain as plain

from designer.catalogue.custom_code import TEMPLATE
from designer.compiler.checking.report import Report
from designer.graph import edits
from designer.graph.document import Document, Frame, Link, Node, Sticky
from designer.graph.frames import add_frame, change_frame, join, release, remove_frames
from designer.graph.grouping import group as grouped
from designer.graph.looks import set_color, set_note
from designer.graph.rewiring import rewire
from designer.graph.routes import add_dot, move_dots, remove_dots
from designer.graph.stickies import add_sticky, change_sticky, move_stickies, remove_stickies
from designer.graph.ungrouping import ungroup
from designer.graph.variables import remove_variable, rename_variable, set_variable
from designer.problems import UserError


def node(name: str, layer: str, /, **settings: Any) -> Node:
    return Node(name, layer, settings)


def end(text: str) -> tuple[str, str]:
    name, _, port = text.partition(".")
    return name, port


def link(source: str, target: str) -> Link:
    """A link between ends written as in a file: "lstm1.state"."""
    (source, source_port), (target, target_port) = end(source), end(target)
    return Link(source, target, source_port, target_port)


def design(*nodes: Node, links: str = "", **parts: Any) -> Document:
    """A design from nodes and a text of chains: "image conv1 digit, image sum"."""
    found: list[Link] = []
    for chain in links.split(","):
        names = chain.split()
        found += [link(one, other) for one, other in itertools.pairwise(names)]
    places = {each.id: (220.0 * number, 0.0) for number, each in enumerate(nodes)}
    return Document({each.id: each for each in nodes}, tuple(found), places, **parts)


def group(name: str, inside: Document | None = None, /, **settings: Any) -> Node:
    return Node(name, "Group", settings, inside)


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


NAMES = tuple("abcdefgh")
PORTS = st.sampled_from(["", "", "", "", "", "x", "last", "state", "a", "b", "nonsense"])
SETTINGS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "Input": ({"shape": (1, 8, 8)}, {"shape": (6,)}, {"shape": (4, 6)}, {"shape": (3,), "dtype": "int64"},
              {"shape": ("=n", 6)},
              {"shape": 5}),
    "Output": ({}, {"loss": "CrossEntropyLoss"}, {"loss": "MSELoss", "target": "a"}, {"loss": "nonsense"}),
    "Linear": ({"out_features": 6}, {"out_features": 10}, {"out_features": 0}, {"out_features": "=n"},
               {"out_features": "=2*m"}, {"out_features": "=k"}),
    "Conv2d": ({"out_channels": 2}, {"kernel_size": 9}, {"kernel_size": 3, "padding": 1}),
    "Flatten": ({},),
    "ReLU": ({}, {"nonsense": 1}),
    "Softmax": ({},),
    "Add": ({},),
    "Concat": ({}, {"dim": 0}, {"dim": -1}),
    "LSTM": ({"hidden_size": 6},),
    "Custom": ({}, {"code": TEMPLATE}, {"code": "class A(:"}),
    "Mystery": ({}, {"anything": (1, 2)}),
}  # fmt: skip
BLOCKS = ("first", "second")
VALUES = (1, 2, 2.0, 6, "=m", "=n", "=2*m", "=n+1", "=1//0", "wrong")
VARIABLES = st.dictionaries(st.sampled_from(["m", "n"]), st.sampled_from(VALUES))


def _nodes(depth: int) -> st.SearchStrategy[tuple[str, Mapping[str, Any], Document | None]]:
    plain_nodes = st.sampled_from([(kind, settings, None) for kind, every in SETTINGS.items() for settings in every])
    if not depth:
        return plain_nodes
    repeats = st.sampled_from(
        [{}, {}, {"repeat": 2}, {"repeat": 3}, {"repeat": 0}, {"m": 3}, {"n": "=m", "repeat": "=n"}, {"m": "=2*n"}]
    )
    groups = st.builds(lambda settings, inside: ("Group", settings, inside), repeats, documents(depth - 1))
    shown = st.builds(
        lambda settings, block: ("Group", {**settings, "block": block}, None),
        repeats,
        st.sampled_from([*BLOCKS, "none"]),
    )
    return st.one_of(plain_nodes, plain_nodes, plain_nodes, groups, shown)


@st.composite
def documents(draw: st.DrawFn, depth: int = 2, most: int = 7) -> Document:
    """Any design at all: most are broken in several ways at once."""
    kinds = draw(st.lists(_nodes(depth), max_size=most))
    # One in ten is bypassed.
    off = draw(st.lists(st.integers(0, 9), min_size=len(kinds), max_size=len(kinds)))
    nodes = {
        name: Node(name, *kind, bypassed=number == 9) for name, kind, number in zip(NAMES, kinds, off, strict=False)
    }
    ends = st.sampled_from(list(nodes)) if nodes else st.nothing()
    links = draw(st.lists(st.builds(Link, ends, ends, PORTS, PORTS), max_size=2 * most, unique=True)) if nodes else []
    # Most links run forwards, so that enough of the design is known.
    forwards = [
        each._replace(source=each.target, target=each.source) if each.source > each.target and place % 4 else each
        for place, each in enumerate(links)
    ]
    places = dict.fromkeys(nodes, (0.0, 0.0))
    routes = dict.fromkeys(forwards[::2], ((50.0, 30.0), (90.0, -30.0))) if draw(st.booleans()) else {}
    frames = {"frame1": Frame("Half", "red", tuple(nodes)[::2])} if nodes and draw(st.booleans()) else {}
    stickies = {"note1": Sticky("*Look*", (10.0, -90.0))} if draw(st.booleans()) else {}
    return Document(
        nodes, tuple(dict.fromkeys(forwards)), places, variables=draw(VARIABLES), routes=routes, frames=frames,
        stickies=stickies,
    )  # fmt: skip


@st.composite
def whole_documents(draw: st.DrawFn) -> Document:
    """A design with blocks, which may hold each other or themselves."""
    document = draw(documents())
    blocks = {name: draw(documents(1, 4)) for name in BLOCKS if draw(st.booleans())}
    return replace(document, blocks=blocks, data=draw(st.sampled_from([{}, {"source": "digits"}, {"source": "iris"}])))


Edit = Callable[[Document], Document]


@st.composite
def random_edits(draw: st.DrawFn, document: Document) -> Edit:
    """One edit of any kind, somewhere in the design or in one of its groups."""
    path: tuple[str, ...] = ()
    here = document
    while draw(st.booleans()):
        groups = [name for name, each in here.nodes.items() if each.layer == "Group" and _has_inside(document, each)]
        if not groups or len(path) > 4:
            break
        path = (*path, draw(st.sampled_from(groups)))
        here = document.at(path)
    edit = draw(_edits_of(here))
    return lambda whole: edits.within(whole, path, edit)


def _has_inside(document: Document, each: Node) -> bool:
    try:
        document.inside_of(each)
    except KeyError:
        return False
    return True


def _edits_of(here: Document) -> st.SearchStrategy[Edit]:
    names = st.sampled_from([*here.nodes, "nobody"])
    kinds = st.sampled_from([(kind, settings) for kind, every in SETTINGS.items() for settings in every])
    links = st.sampled_from(here.links) if here.links else st.nothing()
    new = st.builds(Link, names, names, PORTS, PORTS)
    there = st.sampled_from(here.ids) if here.nodes else st.nothing()
    known = st.builds(Link, there, there, PORTS, PORTS)
    variables = st.sampled_from(["m", "n", "k"])
    values = st.sampled_from(
        [
            {"out_features": 5},
            {"out_features": 3.5},
            {"out_features": "=n"},
            {"m": "=n"},
            {"n": 4},
            {"repeat": 2},
            {"block": "second"},
            {"shape": (6,)},
            {"dim": 0},
        ]
    )
    return st.one_of(
        st.builds(lambda name, some: lambda d: edits.change_settings(d, name, some), names, values),
        st.builds(lambda name, kind: lambda d: edits.change_layer(d, name, *kind), names, kinds),
        st.builds(lambda name: lambda d: edits.remove(d, nodes=(name,)), names),
        st.builds(lambda old: lambda d: edits.remove(d, links=(old,)), links),
        st.builds(lambda each, over: lambda d: edits.connect(d, each, replacing=over), new, st.booleans()),
        st.builds(lambda name, other: lambda d: edits.rename(d, name, other), names, st.sampled_from("abcxyz")),
        st.builds(lambda name, kind: lambda d: edits.insert_before(d, name, *kind), names, kinds),
        st.builds(lambda name: lambda d: edits.dissolve(d, name), names),
        st.builds(lambda some, off: lambda d: edits.set_bypassed(d, some, off), st.sets(names), st.booleans()),
        st.builds(lambda name, kind: lambda d: edits.append_after(d, name, *kind), names, kinds),
        st.builds(lambda some: lambda d: edits.paste(d, edits.copy(d, some))[0], st.sets(names)),
        st.builds(lambda order: lambda d: replace(d, links=tuple(order)), st.permutations(here.links)),
        st.builds(lambda name, some: lambda d: set_variable(d, name, some), variables, st.sampled_from(VALUES)),
        st.builds(lambda name, some: lambda d: set_variable(d, name, some), variables, st.sampled_from(VALUES)),
        st.builds(lambda name: lambda d: remove_variable(d, name), variables),
        st.builds(lambda name, other: lambda d: rename_variable(d, name, other), variables, variables),
        st.builds(lambda each, index: lambda d: add_dot(d, each, index, (1.0, 2.0)), links, st.integers(0, 3)),
        st.builds(lambda each, index: lambda d: move_dots(d, {(each, index): (7.0, 8.0)}), links, st.integers(0, 3)),
        st.builds(lambda each, index: lambda d: remove_dots(d, {(each, index)}), links, st.integers(0, 3)),
        st.builds(lambda each, other: lambda d: rewire(d, {each: other}), links, known),
        st.builds(lambda some: lambda d: grouped(d, some, "grp"), st.sets(names, max_size=3)),
        st.builds(lambda name: lambda d: ungroup(d, name)[0], names),
        st.just(lambda d: edits.move(d, dict.fromkeys(d.nodes, (5.0, 5.0)))),
        looks_edits(names),
    )


def looks_edits(names: st.SearchStrategy[str]) -> st.SearchStrategy[Edit]:
    """An edit of what stands beside the network: colours, notes, frames, stickies."""
    some, words = st.sets(names, max_size=4), st.sampled_from(["", "red", "Encoder"])
    frame, note = st.sampled_from(["frame1", "frame2"]), st.sampled_from(["note1", "note2"])
    return st.one_of(
        st.builds(lambda nodes, color: lambda d: set_color(d, nodes, color), some, words),
        st.builds(lambda name, text: lambda d: set_note(d, name, text), names, words),
        st.builds(lambda nodes, title: lambda d: add_frame(d, nodes, title), some, words),
        st.builds(lambda key, nodes: lambda d: join(d, key, nodes), frame, some),
        st.builds(lambda nodes: lambda d: release(d, nodes), some),
        st.builds(lambda key, title: lambda d: change_frame(d, key, title=title), frame, words),
        st.builds(lambda key: lambda d: remove_frames(d, (key,)), frame),
        st.builds(lambda text: lambda d: add_sticky(d, Sticky(text)), words),
        st.builds(lambda key, text: lambda d: change_sticky(d, key, text=text), note, words),
        st.builds(lambda key: lambda d: move_stickies(d, {key: (3.0, 4.0)}), note),
        st.builds(lambda key: lambda d: remove_stickies(d, (key,)), note),
    )


def made(edit: Edit, document: Document) -> Document:
    """The design after an edit; the same where the edit cannot be made."""
    try:
        return edit(document)
    except UserError:
        return document
