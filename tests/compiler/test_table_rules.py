"""A table of vectors is as long as what the data looks up in it, and one press makes it so."""

from __future__ import annotations

from pathlib import Path

from designs import design, node

from designer.compiler.checking.facts import look_for
from designer.compiler.project import examine
from designer.compiler.suiting import suit
from designer.graph.document import Document


def reader(tmp_path: Path, embeddings: int) -> Document:
    """A design that reads a text of 26 letters."""
    (tmp_path / "letters.txt").write_text("abcdefghijklmnopqrstuvwxyz" * 40, "utf-8")
    return design(
        node("text", "Input", shape=(16,), dtype="int64"),
        node("embed", "Embedding", num_embeddings=embeddings, embedding_dim=8),
        node("scores", "Linear", out_features=27),
        node("next", "Output", loss="CrossEntropyLoss"),
        links="text embed scores next",
        data={"source": "text", "path": "letters.txt", "length": 16},
    )


def test_a_table_that_is_too_short_is_told_with_its_mend(tmp_path: Path) -> None:
    short = reader(tmp_path, 26)
    (problem,) = examine(short, files=look_for(short, tmp_path)).problems
    assert (problem.code, problem.node, problem.setting) == ("table-short", "embed", "num_embeddings")
    assert problem.message == "embed has 26 vectors, but the data gives text 27 different numbers."
    mended = suit(short, lambda document: examine(document, files=look_for(document, tmp_path)))
    assert mended.mends == ("Set num_embeddings of embed to 27",)
    assert mended.document.nodes["embed"].settings["num_embeddings"] == 27


def test_a_table_that_is_long_enough_is_fine(tmp_path: Path) -> None:
    assert not examine(reader(tmp_path, 27), files=look_for(reader(tmp_path, 27), tmp_path)).problems
