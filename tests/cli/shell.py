"""How the tests of the command line start it, and what they start it with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from designer.resources import samples

HOME = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-P", "-m", "designer"]
SAMPLES = {path.stem: path for path in samples()}
IRIS, CNN = str(SAMPLES["iris"]), str(SAMPLES["digits_cnn"])


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that finds this checkout from any folder."""
    return {**os.environ, "PYTHONPATH": str(HOME), **more}


def netwright(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, env=environment(), stdin=subprocess.DEVNULL, timeout=120, **more
    )


def one_sentence(text: str) -> bool:
    return text.startswith("netwright: ") and text.count("\n") == 1 and "Traceback" not in text
