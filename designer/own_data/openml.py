"""Sets of OpenML, by name or number: which they are, and where they stand on this machine once they were fetched.

A set is kept as a Parquet table with the target as its last column, or, where its columns are the pixels of pictures,
as NumPy arrays of bytes. Nothing is fetched unless the user asks for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from designer.own_data import files
from designer.own_data.asking import OPENML, Asked
from designer.own_data.content import Choice, Content, Item
from designer.own_data.files import FileChoice
from designer.own_data.look import Look
from designer.problems import UserError

IMAGE, CLASS = "image", "class"
"""What the fields of a set of pictures are called."""


class OpenMLChoice(Choice, frozen=True, kw_only=True):
    """Which set is asked for, by its number or by name and version; `shape` makes pictures of its columns."""

    name: str = ""
    version: int = 1
    id: int = 0
    shape: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}
    missing: str = "refuse"


@dataclass(frozen=True, slots=True)
class Ready:
    """A well-known set of pictures: all of it is known before it is fetched."""

    name: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    examples: int
    megabytes: int


_CLOTHES = "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot"
_THINGS = "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck"
READY: Mapping[str, Ready] = {
    "mnist": Ready("mnist_784", (1, 28, 28), tuple("0123456789"), 70_000, 122),
    "fashion_mnist": Ready("Fashion-MNIST", (1, 28, 28), tuple(_CLOTHES.split(",")), 70_000, 147),
    "cifar10": Ready("CIFAR_10", (3, 32, 32), tuple(_THINGS.split(",")), 60_000, 650),
}
"""By the `source` of a design."""


def ready_choice(key: str) -> OpenMLChoice:
    """What is asked of OpenML for a well-known set."""
    ready = READY[key]
    return OpenMLChoice(name=ready.name, shape=ready.shape, classes=ready.classes)


def home() -> Path:
    """The folder of all sets that were fetched."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "netwright" / "openml"


def asked_for(choice: OpenMLChoice) -> Asked:
    """The set on this machine, and all that is needed to fetch it."""
    manner = {OPENML: choice.name, "version": str(choice.version)}
    if choice.id:
        manner = {OPENML: choice.name, "id": str(choice.id)}
    if choice.shape:
        manner["shape"] = ",".join(map(str, choice.shape))
    bare = re.sub(r"[^\w.-]", "_", choice.name)[:80]
    known = f"id{choice.id}" if choice.id else f"{bare}-{choice.version}"
    shape = "-" + "x".join(map(str, choice.shape)) if choice.shape else ""
    return Asked(str(home() / f"{known}{shape}{'.npz' if choice.shape else '.parquet'}"), manner)


def content(look: Look, choice: OpenMLChoice) -> Content:
    """What will be read; raises UserError where it cannot be learned from like this."""
    found = files.content(look, file_choice(look, choice))
    fields = dict(found.fields)
    if choice.shape:
        if len(fields[CLASS].classes) < 2:
            raise UserError(f"{choice.name} of OpenML has no classes to tell apart. Choose another set.")
        if len(choice.classes) == len(fields[CLASS].classes):
            fields[CLASS] = Item((), "int64", choice.classes)
    called = choice.name or f"OpenML {choice.id}"
    return Content(called, fields, found.features, found.target, found.examples, notes=found.notes)


def file_choice(look: Look, choice: OpenMLChoice) -> FileChoice:
    """What is asked of the file in which a set is kept: its last column is the target, unless the user says more."""
    columns = dict(choice.columns)
    if "target" not in columns.values() and look.columns:
        columns[look.columns[-1].name] = "target"
    return FileChoice(path=look.path, columns=columns, kinds=choice.kinds, missing=choice.missing)
