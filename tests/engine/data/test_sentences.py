from __future__ import annotations

import numpy as np

from designer.catalogue.datasets import Tagging
from designer.engine.data.load import load
from designer.engine.data.sentences import GRAMMAR, SPOKEN, VOCABULARY, sentences
from designer.protocol import Source, Split


def made(noise: float) -> tuple[np.ndarray, np.ndarray]:
    return sentences(4000, 10, noise, np.random.default_rng(0))


def test_without_noise_each_word_is_one_of_its_part_of_speech() -> None:
    words, tags = made(0.0)
    for tag, own in enumerate(SPOKEN):
        assert {VOCABULARY[word] for word in words[tags == tag]} == set(own)


def test_parts_of_speech_follow_each_other_as_the_grammar_says() -> None:
    _, tags = made(0.0)
    pairs = np.zeros((5, 5))
    np.add.at(pairs, (tags[:, :-1].ravel(), tags[:, 1:].ravel()), 1)
    np.testing.assert_allclose(pairs / pairs.sum(axis=1, keepdims=True), GRAMMAR, atol=0.02)


def test_noise_replaces_words_and_leaves_the_tags() -> None:
    (plain, tags), (noisy, same) = made(0.0), made(1.0)
    assert np.array_equal(tags, same)
    counts = np.bincount(noisy.ravel(), minlength=len(VOCABULARY))
    assert counts.min() > 0.9 * counts.mean()
    assert not np.array_equal(plain, noisy)


def test_words_and_tags_come_as_indices_of_the_chosen_length() -> None:
    data = load(Source("tagging", {"samples": 50, "length": 7}), Split())
    assert data.scales == {}
    assert data.fields["words"].shape == data.fields["tags"].shape == (50, 7)
    facts = Tagging(samples=50, length=7).facts()
    assert facts.fields["tags"].spec.shape == (7,)
    assert len(facts.fields["tags"].classes) == len(SPOKEN)
    assert len(VOCABULARY) == 24
