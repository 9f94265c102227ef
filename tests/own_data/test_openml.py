"""Sets of OpenML: fetched from a server that answers as OpenML does, kept, and read without a network."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets
from openml_server import Answers, answering

from designer.catalogue.own_data import OWN_DATA, OwnFacts
from designer.engine.data.load import load
from designer.own_data.asking import absent, asked
from designer.own_data.openml import READY
from designer.own_data.openml_fetching import fetch
from designer.own_data.reading import look
from designer.problems import UserError
from designer.protocol import Source, Split

KEPT = Path(sklearn.datasets.__file__).parent / "tests" / "data" / "openml"
"""Answers that OpenML really gave, as scikit-learn's own tests keep them."""
IRIS = b"""% a comment
@RELATION iris
@ATTRIBUTE sepallength REAL
@ATTRIBUTE 'sepal width' numeric
@ATTRIBUTE row INTEGER
@ATTRIBUTE class {setosa, 'versi color'}
@DATA
5.1,3.5,1,setosa
% another one
4.9,?,2,'versi color'

6.1,2.9,3,setosa
5.5,2.5,4,'versi color'
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """OpenML, and an empty place for what is fetched."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with answering() as found:
        monkeypatch.setenv("NETWRIGHT_OPENML", found.address)
        yield found


def key_of(source: str = "openml", **settings: object) -> str:
    key = OWN_DATA[source](**settings).key()
    assert key is not None
    return key


def fetched(source: str = "openml", **settings: object) -> OwnFacts:
    """The facts of a set after it was fetched."""
    key = key_of(source, **settings)
    list(fetch(asked(key)))
    return OWN_DATA[source](**settings).facts(look(key))


def refused(**settings: object) -> str:
    key = key_of(**settings)
    with pytest.raises(UserError) as told:
        list(fetch(asked(key)))
    assert not Path(asked(key).path).parent.exists() or not list(Path(asked(key).path).parent.iterdir())
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_set_is_fetched_once_and_read_without_a_network(server: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    server.offer(61, "iris", IRIS, default_target_attribute="class", row_id_attribute="row")
    assert (
        absent(key_of(name="iris"))
        == "iris of OpenML is not on this machine yet. Fetch it in the Data panel, or by netwright train."
    )
    facts = fetched(name="iris", missing="drop")
    assert facts.title == "iris"
    assert facts.fields["class"].classes == ("setosa", "versi color")
    assert facts.fields["features"].spec.shape == (2,)
    assert facts.examples == 3
    assert len(server.asked) == 3
    monkeypatch.setenv("NETWRIGHT_OPENML", "http://127.0.0.1:1")
    list(fetch(asked(key_of(name="iris"))))
    source = Source("openml", {"name": "iris", "missing": "drop", "stamp": facts.seen.stamp})
    assert load(source, Split(0, 0)).fields["class"].tolist() == [0, 0, 1]
    assert absent(key_of(name="iris")) == ""


def test_a_set_may_be_named_by_its_number(server: Answers) -> None:
    server.offer(61, "iris", IRIS, default_target_attribute="class")
    assert fetched(id=61, missing="fill").examples == 4
    assert len(server.asked) == 2


@pytest.mark.parametrize(("number", "rows", "classes"), [(61, 150, 3), (2, 11, 1), (561, 209, 0), (1590, 10, 2)])
def test_what_openml_really_answers_is_understood(server: Answers, number: int, rows: int, classes: int) -> None:
    folder = KEPT / f"id_{number}"
    if not folder.is_dir():
        pytest.skip("this scikit-learn comes without its tests")
    about = json.loads(gzip.decompress((folder / f"api-v1-jd-{number}.json.gz").read_bytes()))
    described = about["data_set_description"]
    described.pop("md5_checksum", None)  # scikit-learn keeps some sets cut short
    (data,) = folder.glob("data-v1-dl-*.arff.gz")
    server.found[f"/api/v1/json/data/{number}"] = json.dumps(about).encode()
    server.found["/" + described["url"].split("/", 3)[3]] = gzip.decompress(data.read_bytes())
    key = key_of(id=number)
    list(fetch(asked(key)))
    seen = look(key)
    last = seen.columns[-1]
    assert (seen.rows, last.name) == (rows, described["default_target_attribute"])
    assert last.distinct == classes or classes == 0


@pytest.mark.parametrize("key", READY)
def test_a_well_known_set_is_what_was_said_of_it_beforehand(server: Answers, key: str) -> None:
    ready = READY[key]
    size = int(np.prod(ready.shape))
    pixels = np.arange(20 * size).reshape(20, size) % 256
    names = [f"@ATTRIBUTE pixel{place + 1} {'real' if place % 2 else 'INTEGER'}" for place in range(size)]
    rows = [",".join(map(str, [*row, place % 10])) for place, row in enumerate(pixels.tolist())]
    classes = "@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}"
    text = "\n".join(["@RELATION x", *names, classes, "@DATA", *rows, ""])
    server.offer(554, ready.name, text.encode(), default_target_attribute="class")
    promise = OWN_DATA[key]().promise()
    assert promise is not None
    facts = fetched(key)
    assert dict(facts.fields) == dict(promise.fields)
    assert (facts.title, facts.features, facts.target) == (promise.title, promise.features, promise.target)
    data = load(Source(key, {"stamp": facts.seen.stamp}), Split(0, 0))
    assert data.fields["image"].mul(255).round().reshape(20, -1).long().tolist() == pixels.tolist()
    assert data.fields["class"].tolist() == [place % 10 for place in range(20)]


def test_what_goes_wrong_on_the_way_is_one_sentence_and_leaves_nothing(server: Answers) -> None:
    assert "nothing of OpenML is not there. Correct its name" in refused(name="nothing")
    server.offer(1, "cut", IRIS, default_target_attribute="class")
    server.short = True
    assert "cut of OpenML did not come whole. Try again." in refused(name="cut")
    server.short = False
    server.offer(2, "bad", IRIS, md5_checksum="0" * 32)
    assert "bad of OpenML did not come whole" in refused(name="bad")
    server.offer(3, "sparse", IRIS.split(b"@DATA")[0] + b"@DATA\n{0 5.1}\n")
    assert "sparse of OpenML is a sparse set" in refused(name="sparse")
    server.offer(4, "short", IRIS + b"1,2,'x y'\n")
    assert "Line 14 of short of OpenML has 3 cells, but 4 are declared." in refused(name="short")
    server.offer(5, "plain", b"hello")
    assert "plain of OpenML is no ARFF file" in refused(name="plain")
    server.offer(6, "pixels", IRIS, default_target_attribute="class")
    assert "has 3 columns, not the pixels of 1 x 8 x 8" in refused(name="pixels", shape=(1, 8, 8))
    server.offer(7, "parquet", IRIS, format="Parquet")
    assert "comes as Parquet" in refused(name="parquet")
    server.found["/api/v1/json/data/list/data_name/odd/limit/2/data_version/1"] = b"<html>"
    assert "OpenML's answer about odd of OpenML cannot be read" in refused(name="odd")


@pytest.mark.usefixtures("server")
def test_without_a_network_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("NETWRIGHT_OPENML", f"http://127.0.0.1:{free.getsockname()[1]}")
        assert refused(name="iris") == (
            "iris of OpenML cannot be fetched, since OpenML does not answer. Look at the network, then try again."
        )


def test_progress_is_told_and_a_set_that_is_given_up_leaves_nothing(server: Answers) -> None:
    server.offer(61, "iris", IRIS * 20_000, default_target_attribute="class")
    key = key_of(name="iris")
    told = fetch(asked(key))
    steps = [next(told) for _ in range(4)]
    assert steps[0] == (0, 0)
    assert steps[-1][1] == len(IRIS) * 20_000
    assert 0 < steps[1][0] < steps[-1][0]
    told.close()
    assert not list(Path(asked(key).path).parent.iterdir())
