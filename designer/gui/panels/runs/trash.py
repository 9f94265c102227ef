"""Puts runs into the system's trash, and takes them out again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFile

from designer.problems import UserError


@dataclass(frozen=True, slots=True)
class Thrown:
    """A run that is in the trash: where it was, and where it is now."""

    folder: Path
    place: Path


def throw(folder: Path) -> Thrown:
    """Put a run's folder into the trash; raises UserError."""
    file = QFile(str(folder))
    if not file.moveToTrash():
        raise UserError(f"{folder} cannot be put into the trash: {file.errorString()}.")
    return Thrown(folder, Path(file.fileName()))


def bring_back(thrown: Iterable[Thrown]) -> None:
    """Take runs out of the trash; raises UserError at the first that cannot be."""
    for each in thrown:
        try:
            each.place.rename(each.folder)
            (each.place.parent.parent / "info" / f"{each.place.name}.trashinfo").unlink(missing_ok=True)
        except OSError as error:
            message = f"{each.folder.name} cannot be brought back from {each.place}: {error.strerror}."
            raise UserError(message) from error
