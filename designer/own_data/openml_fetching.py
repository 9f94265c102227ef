"""Fetches a set of OpenML: its description, its rows with their checksum, and both as a file that is read at once.

Nothing here is ever unpickled. `NETWRIGHT_OPENML` names another server that speaks the same protocol, such as a mirror.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
import polars as pl

from designer.own_data import arff
from designer.own_data.asking import OPENML, Asked, title
from designer.own_data.openml import CLASS, IMAGE
from designer.problems import UserError

SERVER = "https://api.openml.org/"
PATIENCE = 30
"""Seconds without a byte until the network counts as gone."""
CHUNK = 2**18

Progress = Iterator[tuple[int, int]]
"""Bytes that are here, and how many there are to be; 0 where that is not known."""


def fetch(asked: Asked) -> Progress:
    """Fetch a set unless it is here; raises UserError. Who stops asking for more gives it up, without a trace."""
    target = Path(asked.path)
    if target.exists():
        return
    called = f"{title(asked)} of OpenML"
    yield 0, 0
    about = _about(asked, called)
    if about.get("format", "ARFF").lower() not in ("arff", "sparse_arff"):
        raise UserError(f"{called} comes as {about.get('format')}, which cannot be read. Choose another set.")
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = target.with_name(f"{target.name}.{os.getpid()}.arff")
    made = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        yield from _download(about, rows, called)
        _convert(rows, made, about, asked, called)
        made.replace(target)
    except OSError as error:
        raise UserError(f"{called} cannot be kept in {target.parent}: {error.strerror or error}.") from error
    finally:
        rows.unlink(missing_ok=True)
        made.unlink(missing_ok=True)


def _about(asked: Asked, called: str) -> dict[str, Any]:
    """The description of a set."""
    number = asked.manner.get("id")
    if number is None:
        name, version = (urllib.parse.quote(asked.manner[each], safe="") for each in (OPENML, "version"))
        listed = _ask(f"api/v1/json/data/list/data_name/{name}/limit/2/data_version/{version}", called)
        try:
            number = str(listed["data"]["dataset"][0]["did"])
        except (KeyError, IndexError, TypeError) as error:
            raise UserError(f"OpenML has no set called {asked.manner[OPENML]}. Correct its name or version.") from error
    found = _ask(f"api/v1/json/data/{urllib.parse.quote(number, safe='')}", called).get("data_set_description")
    if not isinstance(found, dict) or not isinstance(found.get("url"), str):
        raise UserError(f"OpenML does not say where the rows of {called} are. Choose another set.")
    return found


def _open(url: str, called: str) -> http.client.HTTPResponse:
    try:
        # Only OpenML's own addresses, or those of the server that stands for it, are opened.
        return urllib.request.urlopen(url, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        with error:
            if error.code in (404, 412):
                raise UserError(f"{called} is not there. Correct its name, version or number.") from error
            raise UserError(f"OpenML does not give {called} (HTTP {error.code}). Try again later.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UserError(_no_network(called)) from error


def _no_network(called: str) -> str:
    return f"{called} cannot be fetched, since OpenML does not answer. Look at the network, then try again."


def _ask(path: str, called: str) -> dict[str, Any]:
    with _open(server() + path, called) as answer:
        try:
            return msgspec.json.decode(answer.read(), type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise UserError(f"OpenML's answer about {called} cannot be read. Try again later.") from error
        except (OSError, http.client.HTTPException) as error:
            raise UserError(_no_network(called)) from error


def server() -> str:
    """The address of OpenML, with a slash at its end."""
    return os.environ.get("NETWRIGHT_OPENML", SERVER).rstrip("/") + "/"


def _download(about: dict[str, Any], rows: Path, called: str) -> Progress:
    parts = urllib.parse.urlsplit(about["url"])
    if parts.scheme not in ("http", "https"):
        raise UserError(f"The rows of {called} are at no address of the web. Choose another set.")
    mirror = server() != SERVER
    url = server() + parts.path.lstrip("/") if mirror else about["url"].replace("http://", "https://", 1)
    check, done = hashlib.md5(usedforsecurity=False), 0
    with _open(url, called) as answer, rows.open("wb") as file:
        length = int(answer.headers.get("Content-Length") or 0)
        while chunk := _chunk(answer, called):
            file.write(chunk)
            check.update(chunk)
            done += len(chunk)
            yield done, max(length, done) if length else 0
    wanted = about.get("md5_checksum")
    if (length and done < length) or (wanted and check.hexdigest() != wanted):
        raise UserError(f"{called} did not come whole. Try again.")


def _chunk(answer: IO[bytes], called: str) -> bytes:
    try:
        return answer.read(CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise UserError(_no_network(called)) from error


def _convert(rows: Path, made: Path, about: dict[str, Any], asked: Asked, called: str) -> None:
    """Write the rows as they are read: the target last, without what numbers the rows."""
    frame = arff.read(rows, called)
    idle = {*_names(about.get("ignore_attribute")), *_names(about.get("row_id_attribute"))}
    targets = [name for name in _names(about.get("default_target_attribute")) if name in frame.columns][:1]
    features = [name for name in frame.columns if name not in idle and name not in targets]
    frame = frame.select(*features, *targets)
    shape = tuple(int(each) for each in asked.manner.get("shape", "").split(",") if each)
    if not shape:
        frame.write_parquet(made)
        return
    if not targets or len(features) != np.prod(shape):
        raise UserError(f"{called} has {len(features):,} columns, not the pixels of {' x '.join(map(str, shape))}.")
    pixels = frame.select(features).cast(pl.UInt8).to_numpy()
    images = pixels.reshape(len(frame), *shape)
    with made.open("wb") as file:
        arrays = {IMAGE: images, CLASS: frame[targets[0]].cast(pl.String).to_numpy().astype(str)}
        np.savez(file, allow_pickle=False, **arrays)


def _names(value: object) -> list[str]:
    """One name or several, as OpenML gives them."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return [str(name) for name in value] if isinstance(value, list) else []
