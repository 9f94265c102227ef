"""Lets the tests of this folder import `truth`, and states at the end how many cases were held to torch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

TALLY = pytest.StashKey[Counter[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = Counter()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Counts the cases of one test by how they ended; added to what the last line of the run states."""
    counts: Counter[str] = Counter()
    yield counts
    request.config.stash[TALLY].update(counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counts = config.stash[TALLY]
    if counts:
        parts = ", ".join(f"{number} {ending}" for ending, number in counts.most_common())
        terminalreporter.write_line(f"catalogue held to torch: {counts.total()} cases ({parts})")
