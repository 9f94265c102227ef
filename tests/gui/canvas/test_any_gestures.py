"""Somebody who does anything at all, in any order: the canvas shows the design, undo leads back to the start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from people_who_choose import Chooser
from people_who_draw import Drawer
from people_who_group import Grouper
from people_who_link import Linker
from people_who_mark import Marker

from designer.graph import files
from designer.graph.document import Document

if TYPE_CHECKING:
    from designer.gui.main_window import MainWindow


class Anybody(Drawer, Linker, Grouper, Marker, Chooser):
    """Who does all of it."""


@pytest.fixture
def start(design: Document, tmp_path: Path) -> Path:
    """The design in a file, from which everybody starts."""
    path = tmp_path / "start.netwright"
    files.write(design, path)
    return path


def use_at_random(window: MainWindow, start: Path, people: int, steps: int) -> None:
    """So many people, each of whom does so many things; the same every time, but with the profile `search`.

    What fails is told as it was found: to look for less of it takes minutes at a window, and hides the first message.
    """
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Anybody(window, start),
        settings=settings(
            max_examples=people,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_is_done_the_canvas_shows_the_design_and_undo_leads_back(window: MainWindow, start: Path) -> None:
    use_at_random(window, start, people=8, steps=40)


@pytest.mark.slow
def test_whatever_is_done_for_long_the_canvas_shows_the_design(window: MainWindow, start: Path) -> None:
    use_at_random(window, start, people=40, steps=60)
