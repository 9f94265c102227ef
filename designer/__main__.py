"""`python -m designer` is the same program as `netwright`."""

from __future__ import annotations

import sys

from designer.cli import main

if __name__ == "__main__":
    sys.exit(main())
