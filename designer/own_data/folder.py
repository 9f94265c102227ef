"""Walks through a folder of files: its splits, what is in each, and when any of it was changed last."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from designer.own_data.look import Stamp
from designer.problems import UserError

SPLIT_NAMES: Mapping[str, str] = {
    "train": "train", "training": "train",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip
"""How folders are called that hold a split, and which one it is."""


@dataclass(slots=True)
class Walk:
    """The files below a folder by their path from it on; what is hidden is passed over.

    Links are counted, never followed: they may lead anywhere, and in circles.
    """

    root: Path
    links: int = 0
    others: int = 0
    """Files of another kind."""
    unreadable: list[str] = field(default_factory=list)

    def files(self, suffixes: frozenset[str], below: str = "") -> list[str]:
        """All files with one of the suffixes below a folder, in the order of their names."""
        return sorted(self._files(self.root / below, suffixes))

    def _files(self, folder: Path, suffixes: frozenset[str]) -> Iterator[str]:
        for entry in self._entries(folder):
            if entry.is_dir(follow_symlinks=False):
                yield from self._files(Path(entry.path), suffixes)
            elif os.path.splitext(entry.name)[1].lower() in suffixes:  # noqa: PTH122  a Path for each file takes longest
                yield Path(entry.path).relative_to(self.root).as_posix()
            else:
                self.others += 1

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                entries = [entry for entry in found if not entry.name.startswith(".")]
        except OSError:
            self.unreadable.append(folder.name)
            return []
        self.links += sum(entry.is_symlink() for entry in entries)
        return [entry for entry in entries if not entry.is_symlink()]

    def folders_in(self, below: str = "") -> list[str]:
        """The folders right inside a folder, in the order of their names."""
        entries = self._entries(self.root / below)
        return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))

    def splits(self) -> dict[str, str]:
        """The folder of each split where all folders are so named; else the folder itself, as no split: ""."""
        names = self.folders_in()
        found = {SPLIT_NAMES.get(name.lower(), ""): name for name in names}
        if "train" in found and "" not in found and len(found) == len(names):
            return found
        return {"": ""}

    def notes(self) -> Iterator[str]:
        """A sentence for each thing that was passed over."""
        if self.links:
            yield f"{count(self.links, 'link')} in {self.root.name} {are(self.links)} not followed."
        if self.others:
            yield f"{count(self.others, 'file')} of another kind {are(self.others)} left out."
        if self.unreadable:
            yield f"{self.unreadable[0]} in {self.root.name} may not be read, so it is left out."


def count(number: int, what: str) -> str:
    """ "1 image", "2,000 images"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def are(number: int) -> str:
    """The verb that goes with it."""
    return "is" if number == 1 else "are"


def stamp(path: Path) -> Stamp:
    """When anything in a folder was changed last, and the bytes and number of its files; raises UserError."""
    newest, length, folders = 0, 0, [path]
    try:
        while folders:
            folder = folders.pop()
            newest = max(newest, folder.stat().st_mtime_ns)
            with os.scandir(folder) as found:
                for entry in found:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    else:
                        told = entry.stat(follow_symlinks=False)
                        newest, length = max(newest, told.st_mtime_ns), length + told.st_size + 1
    except OSError as error:
        if folder == path:
            raise UserError(f"The folder {path} cannot be read. Choose another one.") from error
    return newest, length
