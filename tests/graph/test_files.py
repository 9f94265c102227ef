"""Files come back as they went, and whatever else a file holds is refused in one sentence."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from designs import design, link, node
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer.graph import files
from designer.graph.document import Document, Frame, Link, Node, Sticky
from designer.graph.writing import Known, dumps
from designer.problems import UserError

WRITABLE = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(WRITABLE, max_size=8)
IDS = st.one_of(
    st.sampled_from(["a", "a.b", "a.b.c", "b", "b c", "b.c", ".", "é", '"']),
    st.text(WRITABLE, min_size=1, max_size=300),
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), FLOATS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple), st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=5,
)  # fmt: skip
TABLES = st.dictionaries(TEXTS, VALUES, max_size=3)
PLACES = st.integers(-(10**8), 10**8).map(lambda hundredths: hundredths / 100)
NODE_KEYS = {"id", "layer", "settings", "position", "inside", "learning", "color", "note", "bypassed"}
FILE_KEYS = {"format", "name", "notes", "nodes", "links", "data", "training", "variables", "blocks",
             "frames", "stickies"}  # fmt: skip


def unknown(keys: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    return TABLES.map(lambda table: {key: value for key, value in table.items() if key not in keys})


SIZES = st.tuples(st.integers(80, 4000).map(float), st.integers(50, 4000).map(float))
STICKIES = st.dictionaries(
    TEXTS,
    st.builds(
        Sticky, TEXTS, st.tuples(PLACES, PLACES), SIZES, TEXTS, unknown({"text", "position", "size", "color"})
    ),
    max_size=2,
)  # fmt: skip


@st.composite
def frames_of(draw: st.DrawFn, ids: list[str]) -> dict[str, Frame]:
    """Frames that share no member; the first has some of the ids, the second others."""
    parts = (ids[:2], ids[2:4])
    beside = unknown({"title", "color", "members"})
    found = {
        key: Frame(draw(TEXTS), draw(TEXTS), tuple(part), draw(beside))
        for key, part in zip(draw(st.lists(TEXTS, max_size=2, unique=True)), parts, strict=False)
    }
    return {key: frame for key, frame in found.items() if frame.members}


@st.composite
def networks(draw: st.DrawFn, depth: int = 2, extra: bool = True) -> Document:
    ids = draw(st.lists(IDS, max_size=5, unique=True))
    insides = st.none() if not depth else st.one_of(st.none(), st.none(), networks(depth - 1))
    nodes = {
        name: Node(
            name,
            draw(TEXTS),
            draw(TABLES),
            draw(insides),
            draw(TABLES),
            draw(unknown(NODE_KEYS)),
            draw(TEXTS),
            draw(TEXTS),
            bypassed=draw(st.booleans()),
        )
        for name in ids
    }  # fmt: skip
    ends = st.sampled_from(ids) if ids else st.nothing()
    ports = st.one_of(st.just(""), st.sampled_from(["x", "b", "b.c", "c"]), TEXTS)
    links = tuple(draw(st.lists(st.builds(Link, ends, ends, ports, ports), max_size=5, unique=True))) if ids else ()
    beside = {each: table for each in links if (table := draw(unknown({"route"})))}
    dots = st.lists(st.tuples(PLACES, PLACES), max_size=3).map(tuple)
    routes = {each: route for each in links if (route := draw(dots))}
    return Document(
        nodes, links, {name: (draw(PLACES), draw(PLACES)) for name in ids}, link_extra=beside,
        extra=draw(unknown({"nodes", "links", "variables", "frames", "stickies"})) if extra else {},
        variables=draw(TABLES) if extra else {}, routes=routes, frames=draw(frames_of(ids)), stickies=draw(STICKIES),
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> Document:
    network = draw(networks(extra=False))
    return Document(
        network.nodes, network.links, network.positions, draw(TEXTS), draw(TEXTS), draw(TABLES), draw(TABLES),
        draw(TABLES), draw(st.dictionaries(TEXTS, networks(1), max_size=2)), {}, network.link_extra,
        draw(unknown(FILE_KEYS)), network.routes, network.frames, network.stickies,
    )  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_any_design_comes_back_the_same_and_is_written_as_the_same_bytes(document: Document) -> None:
    text = dumps(document)
    again = files.loads(text)
    assert again == document
    assert list(again.nodes) == list(document.nodes)
    assert dumps(again) == text


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(documents(), max_size=3))
def test_a_design_is_written_the_same_whatever_was_written_before(designs: list[Document]) -> None:
    known = Known()
    for each in designs:
        assert dumps(each, known) == dumps(each)
        other = replace(each, nodes=dict(list(each.nodes.items())[1:]), links=())
        assert dumps(other, known) == dumps(other)


def test_a_file_reads_as_the_page_says() -> None:
    text = """{"format": "netwright/1", "name": "n", "nodes": [
        {"id": "image", "layer": "Input", "settings": {"shape": [1, 8, 8]}, "position": [0, 0],
            "note": "mine", "mood": 1},
        {"id": "lstm1", "layer": "LSTM"}], "links": [["image", "lstm1.x", {"hue": 1, "route": [[3, 4.5]]}],
        ["lstm1.state", "lstm1"]], "pages": [1],
        "frames": {"f": {"title": "T", "members": ["image", "gone", "image"], "mood": 2}, "g": {"members": ["image"]}},
        "stickies": {"s": {"text": "*t*", "size": [300, 1e9], "mood": 3}}}"""
    document = files.loads(text)
    assert document.nodes["image"].settings == {"shape": (1, 8, 8)}
    assert document.nodes["image"].note == "mine"
    assert document.nodes["image"].extra == {"mood": 1}
    assert document.frames == {"f": Frame("T", "", ("image",), {"mood": 2})}
    assert document.stickies == {"s": Sticky("*t*", (0.0, 0.0), (300.0, 4000.0), "", {"mood": 3})}
    assert document.links == (link("image", "lstm1.x"), link("lstm1.state", "lstm1"))
    assert document.link_extra == {link("image", "lstm1.x"): {"hue": 1}}
    assert document.routes == {link("image", "lstm1.x"): ((3.0, 4.5),)}
    assert document.extra == {"pages": (1,)}
    assert document.positions == {"image": (0.0, 0.0), "lstm1": (0.0, 220.0)}
    assert dumps(document).splitlines()[1:4] == [
        '  "format": "netwright/1",', '  "name": "n",', '  "nodes": [',
    ]  # fmt: skip


NODE = '{"id": "a", "layer": "ReLU"}'


def of(nodes: str = NODE, links: str = "", more: str = "") -> str:
    return f'{{"format": "netwright/1", "nodes": [{nodes}], "links": [{links}]{more}}}'


def deep(levels: int) -> str:
    text = "[]"
    for _ in range(levels):
        text = f'[{{"id": "g", "layer": "Group", "inside": {{"nodes": {text}, "links": []}}}}]'
    return f'{{"format": "netwright/1", "nodes": {text}, "links": []}}'


BAD: dict[str, str | bytes] = {
    "empty": b"",
    "cut off": of()[:-9],
    "binary": bytes(range(256)),
    "a picture": b"\x89PNG\r\n\x1a\n\0\0",
    "utf-16": of().encode("utf-16"),
    "another kind of file": '{"cells": [], "nbformat": 4}',
    "a list": "[]",
    "a number": "3",
    "a text": '"netwright/1"',
    "nothing": "null",
    "two designs": of() + of(),
    "not a number": of(more=', "data": {"noise": NaN}'),
    "infinity": of(more=', "data": {"noise": Infinity}'),
    "a number out of range": of(more=', "data": {"noise": 1e999}'),
    "a number of many digits": of(more=f', "data": {{"noise": {"9" * 5000}}}'),
    "half a letter": of(more=', "name": "\\ud800"'),
    "half a letter in a text": of(more=', "name": "\ud800"'),
    "half a letter in utf-8": of(more=', "name": "X"').encode().replace(b"X", b"\xed\xa0\x80"),
    "no format": '{"nodes": [], "links": []}',
    "a format of another program": '{"format": "other/1", "nodes": [], "links": []}',
    "a format that is a list": '{"format": [1], "nodes": [], "links": []}',
    "a format of nothing": '{"format": null, "nodes": [], "links": []}',
    "a newer format": '{"format": "netwright/99", "nodes": [], "links": []}',
    "version nought": '{"format": "netwright/0", "nodes": [], "links": []}',
    "a version with many digits": f'{{"format": "netwright/{"9" * 5000}", "nodes": [], "links": []}}',
    "no nodes": '{"format": "netwright/1", "links": []}',
    "no links": '{"format": "netwright/1", "nodes": []}',
    "nodes by name": '{"format": "netwright/1", "nodes": {}, "links": []}',
    "a node that is a text": of('"a"'),
    "a node without id": of('{"layer": "ReLU"}'),
    "a node without layer": of('{"id": "a"}'),
    "an empty id": of('{"id": "", "layer": "ReLU"}'),
    "an endless id": of(f'{{"id": "{"a" * 5000}", "layer": "ReLU"}}'),
    "an id that is a number": of('{"id": 5, "layer": "ReLU"}'),
    "a layer of nothing": of('{"id": "a", "layer": null}'),
    "settings in a list": of('{"id": "a", "layer": "ReLU", "settings": []}'),
    "a position of one number": of('{"id": "a", "layer": "ReLU", "position": [1]}'),
    "a position of texts": of('{"id": "a", "layer": "ReLU", "position": ["1", "2"]}'),
    "learning by number": of('{"id": "a", "layer": "ReLU", "learning": 1}'),
    "an inside that is a list": of('{"id": "a", "layer": "Group", "inside": []}'),
    "an inside without links": of('{"id": "a", "layer": "Group", "inside": {"nodes": []}}'),
    "a bad node inside": of('{"id": "a", "layer": "Group", "inside": {"nodes": [{"id": 1}], "links": []}}'),
    "a bad link inside": of('{"id": "a", "layer": "Group", "inside": {"nodes": [], "links": [["x", "y"]]}}'),
    "a bad block": of(more=', "blocks": {"res": {"nodes": 1, "links": []}}'),
    "blocks in a list": of(more=', "blocks": []'),
    "a link of one end": of(links='["a"]'),
    "a link of four parts": of(links='["a", "a", {}, {}]'),
    "a link of numbers": of(links="[1, 2]"),
    "a link of lists": of(links='[["a"], ["a", "b", "c"]]'),
    "a link with a text beside it": of(links='["a", "a", "note"]'),
    "a link that is a text": of(links='"a"'),
    "a link to nowhere": of(links='["a", "nobody"]'),
    "a link from nowhere": of(links='["nobody.x", "a"]'),
    "a link from nobody's port in full": of(links='[["nobody", "x"], "a"]'),
    "an empty end": of(links='["", "a"]'),
    "a name that is a number": of(more=', "name": 1'),
    "notes that are a list": of(more=', "notes": []'),
    "data that is a text": of(more=', "data": "digits"'),
    "training that is a list": of(more=', "training": []'),
    "variables of nothing": of(more=', "variables": null'),
    "a colour that is a number": of('{"id": "a", "layer": "ReLU", "color": 3}'),
    "a note that is a list": of('{"id": "a", "layer": "ReLU", "note": []}'),
    "frames in a list": of(more=', "frames": []'),
    "a frame that is a text": of(more=', "frames": {"f": "a"}'),
    "a frame of numbers": of(more=', "frames": {"f": {"members": [1]}}'),
    "a sticky note of one side": of(more=', "stickies": {"s": {"size": [1]}}'),
    "groups too deep": deep(60),
    "nested beyond all": "[" * 100_000,
    "tables beyond all": '{"format":' * 50_000,
    "settings beyond all": of('{"id": "a", "layer": "b", "settings": {"a": ' + "[" * 200 + "]" * 200 + "}}"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_is_refused_in_one_sentence(bad: str) -> None:
    with pytest.raises(UserError) as refusal:
        files.loads(BAD[bad], "my.netwright")
    sentence = str(refusal.value)
    assert re.fullmatch(r"[^\n]{10,250}\.", sentence)
    assert "`" not in sentence
    assert "$" not in sentence
    assert "Expected" not in sentence
    assert sentence.startswith(("my.netwright ", "The design cannot be opened: "))


def test_a_refusal_names_the_place_and_what_belongs_there() -> None:
    with pytest.raises(UserError, match=r"a whole number stands where a text belongs in id\.$"):
        files.loads(BAD["an id that is a number"])
    with pytest.raises(UserError, match=r"node 1 inside a: "):
        files.loads(BAD["a bad node inside"])
    with pytest.raises(UserError, match=r"link 1: a text stands where a number belongs in route, entry 2, entry 1\.$"):
        files.loads(of(links='["a", "a", {"route": [[0, 0], ["b", 1]]}]'))
    with pytest.raises(UserError, match=r'link 1 names "nobody.x", which is no node\.'):
        files.loads(BAD["a link from nowhere"])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_design_with_any_part_replaced_by_anything_opens_or_is_refused(data: st.DataObject) -> None:
    raw = json.loads(of(f'{NODE}, {{"id": "g", "layer": "Group", "position": [1, 2], "settings": {{"repeat": 2}}, '
                        f'"inside": {{"nodes": [{NODE}], "links": []}}}}', '["a", "g", {"route": [[1, 2]]}]',
                        ', "blocks": {"b": {"nodes": [], "links": []}}, "data": {"source": "iris"}'))  # fmt: skip
    spot: Any = raw
    while True:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(spot[key], (dict, list)) or not spot[key] or data.draw(st.booleans()):
            break
        spot = spot[key]
    odd = st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, st.lists(TEXTS, max_size=3), TABLES)
    spot[key] = data.draw(odd)
    document = opened(json.dumps(raw))
    if isinstance(document, Document):
        assert files.loads(dumps(document)) == document
    else:
        assert document.endswith(".")


def opened(text: str) -> Document | str:
    """The design, or why there is none."""
    try:
        return files.loads(text)
    except UserError as error:
        return str(error)


def test_ids_that_stand_twice_get_free_ones_and_links_mean_the_first() -> None:
    document = files.loads(of(f"{NODE}, {NODE}, {NODE}", '["a", "a"]'))
    assert list(document.nodes) == ["a", "a2", "a3"]
    assert document.renamed == {"a2": "a", "a3": "a"}
    assert document.links == (link("a", "a"),)
    assert [each.id for each in document.nodes.values()] == ["a", "a2", "a3"]


def test_ten_thousand_nodes_of_the_same_id_open() -> None:
    assert len(files.loads(of(", ".join([NODE] * 10_000))).nodes) == 10_000


def test_the_same_link_twice_is_one() -> None:
    assert files.loads(of(links='["a", "a"], ["a", "a"]')).links == (link("a", "a"),)


def test_a_node_without_a_place_beside_one_at_the_edge_is_written_as_it_is_read() -> None:
    nodes = f'[{{"id": "a", "layer": "ReLU", "position": [0, {files.FARTHEST}]}}, {{"id": "b", "layer": "ReLU"}}]'
    text = dumps(files.loads(f'{{"format": "netwright/1", "nodes": {nodes}, "links": []}}'))
    assert dumps(files.loads(text)) == text


@pytest.mark.parametrize("far", ["1e308", "-1e308", "1" + "0" * 30])
def test_absurd_places_are_brought_within_reach(far: str) -> None:
    placed = f'{{"id": "a", "layer": "ReLU", "position": [{far}, 3]}}'
    document = files.loads(of(f'{placed}, {{"id": "b", "layer": "ReLU"}}', f'["a", "b", {{"route": [[1, {far}]]}}]'))
    assert all(abs(axis) <= files.FARTHEST + 220 for place in document.positions.values() for axis in place)
    assert abs(document.routes[link("a", "b")][0][1]) == files.FARTHEST
    assert files.loads(dumps(document)) == document


def test_an_end_that_would_be_read_otherwise_is_written_in_full() -> None:
    document = design(node("a", "ReLU"), node("a.b", "ReLU"), links="")
    links = (Link("a", "a.b", "b", "c"), Link("a.b", "a"))
    document = Document(document.nodes, links, document.positions)
    assert '[["a","b"],"a.b.c"]' in dumps(document).replace(" ", "").replace("\n", "")
    assert files.loads(dumps(document)) == document


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.netwright"
    with path.open("wb") as file:
        file.truncate(files.LARGEST + 1)
    with pytest.raises(UserError, match=r"large\.netwright is 64 MB large; a design has at most 64 MB\."):
        files.read(path)


@pytest.mark.parametrize("name", ["gone.netwright", "", "folder"])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=r"cannot be read: .+\. Check"):
        files.read(tmp_path / name)


DOCUMENT = design(node("a", "ReLU"), node("b", "ReLU"), links="a b", name="Größe")


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "my.netwright"
    files.write(DOCUMENT, path)
    files.write(DOCUMENT, path)
    assert files.read(path) == DOCUMENT
    assert [each.name for each in tmp_path.iterdir()] == ["my.netwright"]


def test_a_file_keeps_its_permissions_and_a_new_one_has_the_usual(tmp_path: Path) -> None:
    path, usual = tmp_path / "my.netwright", tmp_path / "usual"
    usual.touch()
    files.write(DOCUMENT, path)
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o640)
    files.write(DOCUMENT, path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    path = tmp_path / "my.netwright"
    path.symlink_to(tmp_path / "real" / "there.netwright")
    files.write(DOCUMENT, path)
    assert path.is_symlink()
    assert files.read(tmp_path / "real" / "there.netwright") == DOCUMENT


@pytest.mark.parametrize("place", ["no/such/folder.netwright", "file/my.netwright", "folder", "x" * 300])
def test_a_place_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    before = set(tmp_path.iterdir())
    with pytest.raises(UserError, match=r"cannot be written: .+\. Choose another place\."):
        files.write(DOCUMENT, tmp_path / place)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="cannot be written"):
        files.write(DOCUMENT, tmp_path / "my.netwright")


def test_a_text_that_no_file_can_hold_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "my.netwright"
    files.write(DOCUMENT, path)
    with pytest.raises(UserError, match="letters that are none in Unicode"):
        files.write(design(node("a", "ReLU", text="\ud800")), path)
    assert files.read(path) == DOCUMENT
    assert [each.name for each in tmp_path.iterdir()] == ["my.netwright"]


def test_an_older_format_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MIGRATIONS", (lambda raw: {**raw, "nodes": raw["boxes"], "links": []},))
    document = files.loads(f'{{"format": "netwright/1", "boxes": [{NODE}]}}')
    assert list(document.nodes) == ["a"]
