"""Plain texts: windows of characters or words, what comes next, and a sentence for what is no text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_sources import facts_of, loaded, refusal

from designer.problems import UserError
from designer.protocol import Split

TEXT = "The cat sat.\nThe dog's mat, the cat's hat!\n" * 20


def written(folder: Path, text: str = TEXT, name: str = "rhyme.txt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_each_window_is_followed_by_the_next_character(tmp_path: Path) -> None:
    facts, data = loaded("text", written(tmp_path), Split(0, 0), length=10)
    names = facts.fields["text"].classes
    assert names[0] == "<unknown>"
    assert facts.fields["next"].classes == names
    text = "".join(names[number] for row in data.fields["text"].tolist() for number in row)
    assert TEXT.startswith(text)
    assert "".join(names[number] for number in data.fields["next"][0].tolist()) == TEXT[1:11]
    assert facts.examples == (len(TEXT) - 1) // 10


def test_words_and_marks_are_told_apart_and_rare_ones_are_unknown(tmp_path: Path) -> None:
    facts, data = loaded("text", written(tmp_path), Split(0, 0), unit="words", length=6)
    names = facts.fields["text"].classes
    assert [names[number] for number in data.fields["text"][0].tolist()] == ["the", "cat", "sat", ".", "the", "dog's"]
    few = facts_of("text", written(tmp_path), unit="words", length=6, vocabulary=2)
    assert len(few.fields["text"].classes) == 3
    assert few.content.notes == ("8 rare words of rhyme.txt count as unknown.",)


@given(st.integers(1, 40), st.integers(0, 40), st.sampled_from([Split(0.2, 0.2), Split(0.3, 0), Split(0, 0)]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_character_is_read_in_two_splits(tmp_path: Path, length: int, step: int, split: Split) -> None:
    path = written(tmp_path)
    far = step or length
    try:
        facts, data = loaded("text", path, split, length=length, step=step)
    except UserError:
        assert length > far  # what overlaps too much for its shares is refused
        return
    assert facts.examples == (len(TEXT) - 1 - length) // far + 1
    read = {
        name: {place for row in rows.tolist() for place in range(row * far, row * far + length)}
        for name, rows in data.rows.items()
    }
    assert not read["train"] & read["validation"]
    assert not read["train"] & read["test"]
    assert not read["validation"] & read["test"]
    assert max(read["train"]) < min(read["validation"] | read["test"] | {10**9})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "rhyme.txt is empty"),
        (b"  \n ", "rhyme.txt is empty"),
        ("Jos\xe9 was here. ".encode("latin-1") * 20, "is not UTF-8 text (byte 3). Save it as UTF-8."),
        (b"short", "has 5 characters, too few for windows of 64. Take a smaller length."),
        (b"a" * 1000, "is made of fewer than two different characters"),
    ],
)
def test_what_is_no_text_to_learn_from_is_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "rhyme.txt"
    path.write_bytes(content)
    assert says in refusal("text", path)
    assert "is not a plain text" in refusal("text", tmp_path) or "holds no images" in refusal("images", tmp_path)
