"""How long the check takes; run on demand: `python tests/benchmarks/check.py`.

A chain of 1,000 convolutions is checked from nothing, once with all of them alike and once with all different, and
put through torch's meta device: made there and run, which is what it takes to learn the shapes from torch, and run
alone, with the modules made beforehand. All in turn, so that whatever else the machine does slows all of them.
Wanted: the check of the chain of like ones takes at most 1/20 of making and running it.
Then 10,000 nodes: a full check, and the check after an edit at the last, and at the first node.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise

import torch

from designer.compiler.checking.check import check
from designer.compiler.lowering.lower import lower
from designer.engine.network import Network
from designer.graph import edits
from designer.graph.document import Document, Link, Node

WANTED = 1 / 20
ROUNDS = 15
CHANNELS = 8


def chain(length: int, *, different: bool = False) -> Document:
    """An Input, so many convolutions that keep the height and width, an Output."""
    nodes = [Node("image", "Input", {"shape": (CHANNELS, 32, 32)})]
    for number in range(length):
        channels = 1 + 37 * number % 1009 if different else CHANNELS
        nodes.append(Node(f"conv{number}", "Conv2d", {"out_channels": channels, "padding": 1}))
    nodes.append(Node("out", "Output"))
    links = tuple(Link(one.id, other.id) for one, other in pairwise(nodes))
    return Document({node.id: node for node in nodes}, links)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def on_meta(document: Document) -> tuple[Network, torch.Tensor]:
    """The network of a design on the meta device, and an example for it."""
    plan = lower(check(document))
    with torch.device("meta"):
        return Network(plan), torch.empty(2, CHANNELS, 32, 32)


def against_meta() -> float:
    """The check's time as a share of the meta device's, by medians of interleaved rounds."""
    plan = lower(check(chain(1000)))
    network, example = on_meta(chain(1000))

    def make_and_run() -> None:
        with torch.device("meta"):
            Network(plan)(example)

    alike = iter([chain(1000) for _ in range(ROUNDS)])  # a design of its own each time: nothing is remembered
    different = iter([chain(1000, different=True) for _ in range(ROUNDS)])
    works = {
        "check, all alike": lambda: check(next(alike)),
        "check, all different": lambda: check(next(different)),
        "meta device, made and run": make_and_run,
        "meta device, run alone": lambda: network(example),
    }
    spent: dict[str, list[float]] = {what: [] for what in works}
    with torch.no_grad():
        for _ in range(ROUNDS):
            for what, work in works.items():
                spent[what].append(seconds(work))
    middle = {what: statistics.median(each) for what, each in spent.items()}
    tell("1,000 convolutions from nothing:")
    for what, each in middle.items():
        tell(f"  {what}: {each * 1e3:.1f} ms, 1/{middle['meta device, made and run'] / each:.1f}")
    return middle["check, all alike"] / middle["meta device, made and run"]


def after_edits() -> None:
    """Ten thousand nodes, whole and after edits."""
    document = chain(10_000)
    report = check(document)
    tell(f"10,000 nodes from nothing: {median(lambda: check(chain(10_000))) * 1e3:.0f} ms, with the making of them")
    for what, node, values in (
        ("at the last node", "conv9999", {"out_channels": 9}),
        ("at the first node, same shape", "conv0", {"bias": False}),
        ("at the first node, new shapes everywhere", "conv0", {"padding": 2}),
    ):
        edited = edits.change_settings(document, node, values)
        tell(f"  after an edit {what}: {median(lambda edited=edited: check(edited, None, report)) * 1e3:.0f} ms")
    linked = edits.disconnect(document, "conv9998", "conv9999")
    tell(f"  after cutting the last link: {median(lambda: check(linked, None, report)) * 1e3:.0f} ms")


def median(work: Callable[[], object]) -> float:
    return statistics.median(seconds(work) for _ in range(5))


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    gc.freeze()  # torch's own objects are not in the window's process, whose time is meant
    share = against_meta()
    after_edits()
    sys.exit(0 if share <= WANTED else f"The check takes {share:.3f} of the meta device's time; {WANTED} is wanted.")
