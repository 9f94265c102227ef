"""Sentences made up from a small grammar, with the part of speech of every word."""

from __future__ import annotations

import numpy as np

FIRST = (0.6, 0.1, 0.3, 0.0, 0.0)
"""How often a sentence begins with a determiner, adjective, noun, verb, adverb."""
GRAMMAR = (
    (0.0, 0.35, 0.65, 0.0, 0.0),
    (0.0, 0.1, 0.9, 0.0, 0.0),
    (0.15, 0.0, 0.0, 0.7, 0.15),
    (0.5, 0.1, 0.1, 0.0, 0.3),
    (0.4, 0.3, 0.0, 0.3, 0.0),
)
"""How often each part of speech follows the one of its row."""
VOCABULARY = tuple(
    "the a that old red light fast long house dog play walk rest watch sees finds has likes often there slowly then "
    "hard well".split()
)
"""A word's number is its place."""
SPOKEN = tuple(
    tuple(words.split())
    for words in (
        "the a that",
        "old red light fast long hard",
        "house dog play walk rest watch light well",
        "sees finds has likes play walk rest watch",
        "often there slowly then fast long hard well that",
    )
)
"""The words of each part of speech; half of them belong to several."""


def sentences(count: int, length: int, noise: float, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Words and their parts of speech, both of shape (count, length).

    A Markov chain over the parts of speech, each of which speaks one of its words; a share of `noise` of the words is
    replaced by any word at all.
    """
    tags = np.empty((count, length), dtype=np.int64)
    chances = np.tile(FIRST, (count, 1))
    for place in range(length):
        passed = generator.random((count, 1)) >= chances.cumsum(axis=1)
        tags[:, place] = passed.sum(axis=1).clip(max=len(SPOKEN) - 1)
        chances = np.asarray(GRAMMAR)[tags[:, place]]
    words = generator.integers(len(VOCABULARY), size=tags.shape)
    spoken = generator.random(tags.shape) >= noise
    for tag, own in enumerate(SPOKEN):
        places = spoken & (tags == tag)
        words[places] = generator.choice([VOCABULARY.index(word) for word in own], size=int(places.sum()))
    return words, tags
