"""`python -m designer.engine`: the worker on stdin and stdout."""

from __future__ import annotations

from designer.engine.worker import main

if __name__ == "__main__":
    main()
