"""A server on this machine that answers as OpenML does, from a folder of its answers."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Answers(ThreadingHTTPServer):
    """What is answered by path; a text stands for a refusal with that code."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.found: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.short = False
        """Whether rows break off in the middle."""
        self.gate: threading.Event | None = None
        """What the second half of all rows waits for."""

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def offer(self, number: int, name: str, rows: bytes, version: int = 1, **about: Any) -> None:
        """Answer for a set: in the list, with its description, and its rows."""
        listed = {"data": {"dataset": [{"did": number, "name": name, "version": version, "status": "active"}]}}
        described = {
            "id": str(number), "name": name, "version": str(version), "format": "ARFF",
            "url": f"https://api.openml.org/data/v1/download/{number}/{name}.arff",
            "md5_checksum": hashlib.md5(rows).hexdigest(), **about,
        }  # fmt: skip
        self.found[f"/api/v1/json/data/list/data_name/{name}/limit/2/data_version/{version}"] = _text(listed)
        self.found[f"/api/v1/json/data/{number}"] = _text({"data_set_description": described})
        self.found[f"/data/v1/download/{number}/{name}.arff"] = rows


def _text(value: object) -> bytes:
    return json.dumps(value).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Answers

    def do_GET(self) -> None:
        """One answer; what nobody knows is refused as OpenML refuses it."""
        self.server.asked.append(self.path)
        found = self.server.found.get(self.path)
        if found is None:
            self.send_response(412)
            self.end_headers()
            self.wfile.write(_text({"error": {"code": "372", "message": "No results"}}))
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        rows = self.path.startswith("/data")
        half = len(found) // 2
        self.wfile.write(found[:half])
        if rows and self.server.short:
            return
        if rows and self.server.gate is not None:
            self.server.gate.wait(60)
        try:
            self.wfile.write(found[half:])
        except OSError:  # whoever asked has given it up
            return

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is written to the terminal."""


@contextmanager
def answering() -> Iterator[Answers]:
    """A server that answers until it is left."""
    with Answers() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            if server.gate is not None:
                server.gate.set()
            server.shutdown()
            thread.join()
