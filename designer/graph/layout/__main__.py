"""The process that lays out a large design: a question on stdin, the answer on stdout."""

from __future__ import annotations

import sys

from designer.graph.layout.remote import answer

if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
