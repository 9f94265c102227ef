"""What all tests share: a screen where there is none, and a home that is nobody's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from held_to_torch import (
    pytest_configure,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
    tally,
)
from hypothesis import HealthCheck, settings

__all__ = ["pytest_configure", "pytest_sessionfinish", "pytest_terminal_summary", "pytest_testnodedown", "tally"]

# A busy machine makes an example slow, not wrong. The same examples each time: a change fails for what it breaks, not
# by chance. Run with `--hypothesis-profile=search` to look for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeat", settings.get_profile("search"), derandomize=True)
settings.load_profile("repeat")

# Before torch is imported: small tensors are quicker on one thread, and come out the same on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    # Before Qt is imported: without a display only the offscreen platform starts.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for settings, run folders and recent files, for the worker too."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name, folder in (("CONFIG", ".config"), ("DATA", ".local/share"), ("CACHE", ".cache")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    return home
