"""The window with a real worker, and a person's hands, for all tests below."""

from __future__ import annotations

from window_fixtures import answer, file, home, iris, open_window, press, runner, settings, window

__all__ = ["answer", "file", "home", "iris", "open_window", "press", "runner", "settings", "window"]
