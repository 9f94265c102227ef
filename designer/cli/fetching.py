"""Fetches the set of OpenML that a design names, before it is trained."""

from __future__ import annotations

from pathlib import Path

from designer.cli.design import CommandError, Exit
from designer.cli.progress import Display
from designer.compiler.checking.facts import data_key
from designer.compiler.project import open_design
from designer.own_data.asking import absent, asked, title
from designer.problems import UserError


def fetch_set(path: Path, display: Display) -> None:
    """Fetch what is not on this machine yet; raises CommandError where that cannot be."""
    try:
        key = data_key(open_design(path).data, path.absolute().parent)
    except UserError as error:
        raise CommandError(str(error), Exit.UNREADABLE) from error
    if key is None or not absent(key):
        return
    from designer.own_data.openml_fetching import fetch  # polars takes a while to load

    display.say(f"{title(asked(key))} is fetched from OpenML.")
    try:
        for done, total in fetch(asked(key)):
            display.fetched(done, total)
    except UserError as error:
        raise CommandError(str(error)) from error
    finally:
        display.clear()
