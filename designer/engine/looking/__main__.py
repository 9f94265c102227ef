"""The process: one look after the other until stdin ends."""

from __future__ import annotations

import logging
import signal
import sys

import msgspec

from designer.engine.looking.examples import Examples, examples_of, show
from designer.engine.voice import Voice, own_stdin
from designer.problems import Problem, UserError
from designer.protocol import Failed, Look, Looked, Source, Split, decode_request

log = logging.getLogger(__name__)


class Looker:
    """Answers looks; the source that was looked at last is held, so that its next page comes at once."""

    def __init__(self) -> None:
        self._held: tuple[Source, Split] | None = None
        self._examples: Examples | None = None

    def answer(self, request: Look) -> Looked:
        """What was asked for, or one sentence why it cannot be shown."""
        try:
            if self._examples is None or self._held != (request.source, request.split):
                self._examples = None
                self._examples = examples_of(request.source, request.split)
                self._held = request.source, request.split
            return show(self._examples, request)
        except UserError as error:
            return Looked(request.key, problem=str(error))
        except MemoryError:
            return Looked(request.key, problem="There is not enough memory to look at this data. Take a part of it.")


def main() -> None:
    """Runs until stdin ends; who asks ends it, on Ctrl+C too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    voice, looker = Voice(), Looker()
    for line in iter(own_stdin().readline, b""):
        try:
            request = decode_request(line)
        except msgspec.DecodeError as error:
            voice.say(Failed(Problem("protocol", f"The process was sent a line that is no request: {error}.")))
            continue
        if not isinstance(request, Look):
            continue
        try:
            voice.say(looker.answer(request))
        except Exception:  # the outermost boundary: whoever waits for an answer must get one
            log.exception("A look failed")
            voice.say(Looked(request.key, problem="This data cannot be shown. The log has the details to report."))


if __name__ == "__main__":
    main()
