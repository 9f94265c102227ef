"""What is looked at: a path, and how it is read where that is not as usual; both together are one text, the key.

So two designs that read the same table with another decimal sign do not take each other's look for their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from designer.own_data import folder
from designer.own_data.look import SUFFIXES, Stamp
from designer.problems import UserError

OPENML = "openml"
"""The `source` of a design that learns from a set of OpenML; in a manner of reading, what the set is called."""
SIGN = "\0"
"""What stands in a key between the path and the rest; no path has it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A path, and by name what its reading depends on; `further` are the paths of what is read together with it."""

    path: str
    manner: Mapping[str, str] = field(default_factory=dict)
    further: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The text that names all of it: the path alone where nothing is said beside it."""
        if not self.manner and not self.further:
            return self.path
        return f"{self.path}{SIGN}{json.dumps([dict(self.manner), dict(self.further)], sort_keys=True)}"

    @property
    def paths(self) -> tuple[str, ...]:
        """All that is read."""
        return self.path, *self.further.values()


def asked(key: str) -> Asked:
    """What a key stands for."""
    path, _, rest = key.partition(SIGN)
    return Asked(path, *json.loads(rest)) if rest else Asked(path)


def title(asked: Asked) -> str:
    """What a set of OpenML is called in sentences."""
    return asked.manner.get(OPENML) or f"Set {asked.manner.get('id')}"


def absent(key: str) -> str:
    """Why a set of OpenML cannot be read, where it was not fetched yet; empty where it is here, or none is meant."""
    wanted = asked(key)
    if OPENML not in wanted.manner or Path(wanted.path).exists():
        return ""
    return f"{title(wanted)} of OpenML is not on this machine yet. Fetch it in the Data panel, or by netwright train."


def stamp(key: str) -> Stamp:
    """The stamp of all that is read, as it is now; raises UserError where there is none, or one of another kind."""
    if reason := absent(key):
        raise UserError(reason)
    found = [_stamp(path) for path in asked(key).paths]
    return max(newest for newest, _ in found), sum(length for _, length in found)


def _stamp(path: str) -> Stamp:
    try:
        is_folder = Path(path).is_dir()
        if not is_folder and Path(path).exists() and Path(path).suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise UserError(f"{Path(path).name} is no data file that can be read. Choose one of {known}, or a folder.")
        if is_folder:
            return folder.stamp(Path(path))
        found = Path(path).stat()
        if not Path(path).is_file():
            raise UserError(f"{path} is no file. Choose another one.")
    except (OSError, ValueError) as error:
        raise UserError(f"There is no data file {path}. Choose another one, or put it back.") from error
    return found.st_mtime_ns, found.st_size
