"""Training on folders and other sources of one's own, on the command line, by paths that begin at the design."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openml_server import answering
from own_sources import paint

from designer.cli import main


def chain(folder: Path, data: dict[str, Any], *layers: tuple[str, dict[str, Any]]) -> Path:
    """A design of one layer behind the other."""
    nodes = [{"id": f"n{place}", "layer": layer, "settings": each} for place, (layer, each) in enumerate(layers)]
    design = {
        "format": "netwright/1",
        "nodes": nodes,
        "links": [[f"n{place}", f"n{place + 1}"] for place in range(len(nodes) - 1)],
        "data": data,
        "training": {"epochs": 3, "optimizer": {"kind": "Adam", "lr": 0.05}},
    }
    path = folder / "design.netwright"
    path.write_text(json.dumps(design), "utf-8")
    return path


def train(design: Path, capfdbinary: pytest.CaptureFixture[bytes], code: int = 0) -> dict[str, Any]:
    """What the training ends with."""
    run = design.parent / "run"
    assert main(["train", str(design), "--device", "cpu", "--out", str(run), "--json"]) == code
    ended: dict[str, Any] = json.loads(capfdbinary.readouterr().out.splitlines()[-1])
    if not code:
        assert main(["check", str(run / "design.netwright")]) == 0
    return ended


def test_images_are_sorted_by_their_colour(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        colour = (200 + number % 50, 0, 0) if number % 2 else (0, 0, 200 + number % 50)
        paint(tmp_path / "pets" / ("cat" if number % 2 else "dog") / f"{number}.png", colour, (10, 12))
    data = {"source": "images", "path": "pets", "size": 6, "normalize": "standardize"}
    layers = [("Input", {"shape": (3, 6, 6)}), ("Flatten", {}), ("Linear", {"out_features": 2})]
    design = chain(tmp_path, data, *layers, ("Output", {"loss": "CrossEntropyLoss"}))
    monkeypatch.chdir(tmp_path.parent)
    assert train(design, capfdbinary)["metrics"]["test_accuracy"] == 1
    (tmp_path / "pets" / "cat" / "1.png").write_bytes(b"")
    assert main(["train", str(design), "--device", "cpu", "--out", str(tmp_path / "other")]) == 1
    assert "cat/1.png is empty" in capfdbinary.readouterr().err.decode()


@pytest.mark.parametrize(
    ("answers", "channels", "loss"), [("classes", 2, "CrossEntropyLoss"), ("binary", 1, "BCEWithLogitsLoss")]
)
def test_a_mask_is_learned_pixel_by_pixel(
    tmp_path: Path, answers: str, channels: int, loss: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for number in range(40):
        paint(tmp_path / "cells" / "images" / f"{number}.png", 255 * (number % 2), mode="L")
        paint(tmp_path / "cells" / "masks" / f"{number}.png", number % 2, mode="L")
    data = {"source": "masks", "path": "cells", "answers": answers}
    layers = [("Input", {"shape": (1, 8, 8)}), ("Conv2d", {"out_channels": channels, "kernel_size": 1})]
    metrics = train(chain(tmp_path, data, *layers, ("Output", {"loss": loss})), capfdbinary)["metrics"]
    assert metrics["validation_loss"] < 0.7


def test_the_next_character_and_a_sequence_are_learned(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "rhyme.txt").write_text("abcd" * 200, "utf-8")
    data: dict[str, Any] = {"source": "text", "path": "rhyme.txt", "length": 8}
    layers = [("Input", {"shape": (8,), "dtype": "int64"}), ("Embedding", {"num_embeddings": 5, "embedding_dim": 8})]
    end = [("Linear", {"out_features": 5}), ("Output", {"loss": "CrossEntropyLoss"})]
    assert train(chain(tmp_path, data, *layers, *end), capfdbinary)["metrics"]["test_accuracy"] == 1
    rows = [f"{name},{step * (1 if name % 2 else -1)},{'ud'[name % 2]}" for name in range(60) for step in range(5)]
    (tmp_path / "walks.csv").write_text("\n".join(["walk,x,way", *rows]), "utf-8")
    data = {"source": "series", "path": "walks.csv", "sequence": "walk"}
    flat = [("Input", {"shape": (5, 1)}), ("Flatten", {}), ("Linear", {"out_features": 2})]
    ended = train(chain(tmp_path, data, *flat, end[1]), capfdbinary)
    assert ended["metrics"]["test_accuracy"] > 0.8


def test_a_set_of_openml_is_fetched_before_it_is_trained(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    rows = "".join(f"{number % 2 * 10},{'ab'[number % 2]}\n" for number in range(60))
    text = f"@RELATION points\n@ATTRIBUTE x REAL\n@ATTRIBUTE y {{a,b}}\n@DATA\n{rows}"
    layers = [("Input", {"shape": (1,)}), ("Linear", {"out_features": 2}), ("Output", {"loss": "CrossEntropyLoss"})]
    design = chain(tmp_path, {"source": "openml", "name": "points"}, *layers)
    with answering() as server:
        monkeypatch.setenv("NETWRIGHT_OPENML", server.address)
        assert main(["train", str(design), "--out", str(tmp_path / "none")]) == 1
        assert "points of OpenML is not there" in capfdbinary.readouterr().err.decode()
        server.offer(7, "points", text.encode(), default_target_attribute="y")
        assert train(design, capfdbinary)["metrics"]["test_accuracy"] == 1
    assert train(design, capfdbinary)["metrics"]["test_accuracy"] == 1


def test_errors_of_standardized_sequences_and_images_are_told_in_units_of_the_data(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    rows = [f"w{name},{step},{100 * step + name % 3}" for name in range(30) for step in range(6)]
    (tmp_path / "steps.csv").write_text("\n".join(["walk,x,y", *rows]), "utf-8")
    series = {"source": "series", "path": "steps.csv", "kinds": {"y": "number"}}
    each = {**series, "sequence": "walk", "predict": "step"}
    line = [("Input", {"shape": (6, 1)}), ("Linear", {"out_features": 1}), ("Output", {"loss": "MSELoss"})]
    metrics = train(chain(tmp_path, each, *line), capfdbinary)["metrics"]
    assert 1 < metrics["test_mae"] < 400
    ahead = [("Input", {"shape": (4, 2)}), ("Flatten", {}), ("Linear", {"out_features": 1}), line[-1]]
    data = {**series, "columns": {"walk": "ignore"}, "length": 4}
    metrics = train(chain(tmp_path, data, *ahead), capfdbinary)["metrics"]
    assert 1 < metrics["test_mae"] < 500
    for number in range(20):
        paint(tmp_path / "pets" / f"{number % 2}" / f"{number}.png", (number * 10, 50, 90))
    for manner in ("imagenet", "standardize", "-1..1"):
        again = [("Input", {"shape": (3, 8, 8)}), ("Conv2d", {"out_channels": 3, "kernel_size": 1})]
        data = {"source": "images", "path": "pets", "normalize": manner}
        end = ("Output", {"loss": "MSELoss", "target": "n0"})
        metrics = train(chain(tmp_path, data, *again, end), capfdbinary)["metrics"]
        assert 0 < metrics["test_mae"] < 1
