"""Finding a design in a text that holds more: in a Markdown fence, in a mail that quotes it, between other words."""

from __future__ import annotations

import json
import re
from itertools import islice

MOST_TRIED = 16
"""At how many places of a text a design is looked for."""


def design_in(text: str) -> str:
    """The part of a text that is a design's; where there is none, what comes nearest, for who says what is wrong."""
    whole = text.strip().removeprefix("\ufeff")
    # What mail programs and chats add: a mark before each quoted line, and spaces that are not broken.
    clean = re.sub(r"(?m)^[ \t]*(?:> ?)+", "", whole.replace("\xa0", " "))
    first, last = clean.find("{"), clean.rfind("}")
    nearest = clean[first : last + 1] if 0 <= first < last else whole
    if _ends(whole, 0) == len(whole):
        return whole
    for found in islice(re.finditer(r'\{\s*"format"', clean), MOST_TRIED):
        end = _ends(clean, found.start())
        if end:
            return clean[found.start() : end]
    return nearest


def _ends(text: str, start: int) -> int:
    """Where what begins at a place of a text ends, if it is JSON; 0 where it is none."""
    try:
        return json.JSONDecoder().raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return 0
