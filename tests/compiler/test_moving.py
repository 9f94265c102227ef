"""A design that is saved elsewhere still names the same files."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from designer.compiler.checking.facts import full_paths
from designer.compiler.moving import moved
from designer.graph.document import Document, Node

FOLDERS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3).map(lambda parts: Path("/designs", *parts))
PATHS = st.lists(st.sampled_from(["a", "b", "c", "x.csv"]), min_size=1, max_size=4).map("/".join)


@given(FOLDERS, FOLDERS, PATHS, PATHS)
def test_every_file_is_the_same_one_wherever_the_design_goes(
    before: Path, after: Path, path: str, further: str
) -> None:
    data = {"source": "file", "path": path, "test_file": further, "missing": "drop"}
    inner = Document(nodes={"layer": Node("layer", "Linear", learning={"load": path})})
    document = Document(nodes={"group": Node("group", "Group", inside=inner)}, data=data, blocks={"own": inner})
    new = moved(document, before, after)
    assert full_paths(new.data, after) == full_paths(data, before)
    for found in (new.nodes["group"].inside, new.blocks["own"]):
        assert found is not None
        assert after / found.nodes["layer"].learning["load"] == before / path
    assert new.data["missing"] == "drop"
    assert moved(document, before, before) is document


def test_a_full_path_stays_as_it_is() -> None:
    document = Document(data={"source": "images", "path": "/pictures/pets"})
    assert moved(document, Path("/designs"), Path("/pictures")) is document


def test_data_that_is_no_file_stays_as_it_is() -> None:
    document = Document(data={"source": "iris", "path": 3})
    assert moved(document, Path("/designs"), Path("/other")) is document
