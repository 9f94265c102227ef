"""Which Python code of designs the user has allowed to run, remembered by its fingerprint, never in a design's file."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QSettings, Signal

from designer.catalogue.custom_code import TEMPLATE
from designer.plan import fingerprint

KEY = "allowed_code"
MOST = 1000
"""Texts that are remembered; the oldest is forgotten first, and asked about again."""


class Consent(QObject):
    """What may run: what the user allowed, what he typed in this window, and the example that the program brings.

    Without settings nothing outlives the window.
    """

    changed = Signal()

    def __init__(self, settings: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._allowed = {fingerprint(TEMPLATE), *self._kept()}

    def allows(self, code: str) -> bool:
        """Whether this very text may run."""
        return fingerprint(code) in self._allowed

    def among(self, fingerprints: Iterable[str]) -> tuple[str, ...]:
        """Those that may run."""
        return tuple(each for each in fingerprints if each in self._allowed)

    def allow(self, codes: Iterable[str]) -> None:
        """Let texts run in this window."""
        new = {fingerprint(code) for code in codes} - self._allowed
        if new:
            self._allowed |= new
            self.changed.emit()

    def keep(self, codes: Iterable[str]) -> None:
        """Remember texts that may run, for the next time."""
        if self._settings is None:
            return
        kept = self._kept()
        new = [each for each in dict.fromkeys(map(fingerprint, codes)) if each in self._allowed and each not in kept]
        if new:
            self._settings.setValue(KEY, [*kept, *new][-MOST:])

    def _kept(self) -> list[str]:
        stored = self._settings.value(KEY, []) if self._settings is not None else []
        # A list of one text comes back from the file as the text alone.
        texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [text for text in texts if isinstance(text, str) and text]
