"""Counts the cases that the contract test held to torch, and states them in the last lines of a run.

The processes that share the tests hand their counts over to the one that states them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class Held:
    """What was held to torch in this run: which layers, and how their cases ended."""

    layers: set[str] = field(default_factory=set)
    endings: Counter[str] = field(default_factory=Counter)


HELD = pytest.StashKey[Held]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[HELD] = Held()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Counts the cases of one test by how they ended; added to what the last lines of the run state."""
    counts: Counter[str] = Counter()
    yield counts
    held = request.config.stash[HELD]
    chosen = getattr(request.node, "callspec", None)  # a test that is about one layer alone has none
    if chosen is not None:
        held.layers.add(chosen.params["layer"])
    held.endings.update(counts)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process that runs a share of the tests hands over what it held."""
    share = getattr(session.config, "workeroutput", None)
    if share is not None:
        held = session.config.stash[HELD]
        share["held"] = {"layers": sorted(held.layers), "endings": dict(held.endings)}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The process that states the counts adds up what the others held."""
    held, share = node.config.stash[HELD], getattr(node, "workeroutput", {}).get("held")
    if share is not None:
        held.layers.update(share["layers"])
        held.endings.update(share["endings"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    held = config.stash[HELD]
    if not held.layers:
        return
    failed = [report for report in terminalreporter.stats.get("failed", []) if "test_contract.py" in report.nodeid]
    parts = ", ".join(f"{number} {ending}" for ending, number in held.endings.most_common())
    counts = f"{len(held.layers)} layers, {held.endings.total()} cases, {len(failed)} failures"
    terminalreporter.write_line(f"catalogue held to torch: {counts} ({parts})")
