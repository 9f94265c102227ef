"""Looks at examples in a process of its own, which needs no torch and is there while the worker trains."""
