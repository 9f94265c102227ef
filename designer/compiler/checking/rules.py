"""What can be wrong with a design as a whole, beyond what each layer says for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from designer.catalogue import LAYERS, LOSSES, with_role
from designer.compiler.checking.data_rules import data_problems
from designer.compiler.checking.learning_rules import learning_problems
from designer.compiler.checking.loss_rules import loss_problems
from designer.compiler.checking.report import NodeReport, Report
from designer.graph.names import free_id, is_legal, legal
from designer.graph.reach import nodes_before
from designer.problems import Fix, Problem, Severity

MOST_NAMED = 2
"""A branch of so few nodes is told by their names."""

Rule = Callable[[Report], Iterator[Problem]]


def design_problems(report: Report) -> tuple[Problem, ...]:
    """The findings about a whole design, in a stable order."""
    return tuple(problem for rule in DESIGN_RULES for problem in rule(report))


def inside_problems(report: Report) -> tuple[Problem, ...]:
    """The findings about the network inside a group."""
    return tuple(problem for rule in INSIDE_RULES for problem in rule(report))


def nodes_with(report: Report, role: str) -> list[NodeReport]:
    """The nodes that play a role, in the document's order."""
    name = with_role(role)
    return [report.nodes[node.id] for node in report.document.nodes.values() if node.layer == name]


def has_ends(report: Report) -> Iterator[Problem]:
    """A network begins with an Input and ends with an Output."""
    document = report.document
    incoming, outgoing = document.incoming, document.outgoing
    if not document.nodes:
        return
    if not nodes_with(report, "input"):
        starts = [name for name, node in report.nodes.items() if node.inputs and not incoming.get(name)]
        place = {"node": starts[0], "layer": with_role("input")} if starts else {}
        fixes = (Fix(f"Add an Input before {starts[0]}", "prepend_before", place),) if starts else ()
        yield Problem("no-input", "The network has no Input, so no data can enter.", "Add an Input.", fixes=fixes)
    if not nodes_with(report, "output"):
        ends = [name for name, node in report.nodes.items() if node.outputs and not outgoing.get(name)]
        place = {"node": ends[-1], "layer": with_role("output")} if ends else {}
        fixes = (Fix(f"Add an Output after {ends[-1]}", "append_after", place),) if ends else ()
        yield Problem("no-output", "The network has no Output, so no result can leave.", "Add an Output.", fixes=fixes)


def group_has_output(report: Report) -> Iterator[Problem]:
    """A group without an Output gives nothing."""
    if not nodes_with(report, "output"):
        yield Problem("no-output", "Nothing leaves this group.", "Put an Output inside it.")


def is_connected(report: Report) -> Iterator[Problem]:
    """A node without any link takes no part; an Output cannot stay so, since something must leave there."""
    document = report.document
    if len(report.nodes) < 2:
        return
    incoming, outgoing = document.incoming, document.outgoing
    for name, node in document.nodes.items():
        if name not in incoming and name not in outgoing:
            severity = Severity.ERROR if node.layer == with_role("output") else Severity.WARNING
            fix = Fix(f"Remove {name}", "remove", {"nodes": (name,)})
            yield Problem(
                "isolated", f"{name} is not connected to anything.", "Connect it, or remove it.",
                severity, node=name, fixes=(fix,),
            )  # fmt: skip


def leads_somewhere(report: Report) -> Iterator[Problem]:
    """What no Output reads is computed for nothing; one finding for each end at which such a branch stops.

    As long as anything else is wrong, a branch may well not be drawn to its end yet.
    """
    document = report.document
    outputs = [each.node.id for each in nodes_with(report, "output")]
    incoming, outgoing = document.incoming, document.outgoing
    ends = [name for name in incoming if name not in outgoing and report.nodes[name].outputs]
    ends.sort(key=document.place.__getitem__)
    if not outputs or not ends or not report.sound:
        return
    read = nodes_before(document, outputs)
    for name in ends:
        # Whatever stands before a node that is read is read too: many dead ends of one large network cost little.
        branch = tuple(sorted(nodes_before(document, (name,), short_of=read), key=document.place.__getitem__))
        few = len(branch) <= MOST_NAMED
        names = " and ".join(branch) if few else f"the branch of {len(branch)} nodes that ends at {name}"
        wasted = "it is" if len(branch) == 1 else f"{names} are" if few else f"the branch of {len(branch)} nodes is"
        yield Problem(
            "dead-branch", f"{name} reaches no Output, so {wasted} computed for nothing.",
            f"Link {name} to something, or remove the branch.", Severity.TIP, node=name,
            fixes=(Fix(f"Remove {names}", "remove", {"nodes": branch}),),
        )  # fmt: skip


def has_legal_ids(report: Report) -> Iterator[Problem]:
    """An id becomes a name in Python code."""
    for name in report.nodes:
        if not is_legal(name):
            better = free_id(legal(name), report.document.nodes)
            yield Problem(
                "illegal-id", f'"{name}" cannot be a name in Python code.',
                "Use letters, digits and _, a letter first, and no word that Python or PyTorch needs for itself.",
                node=name, fixes=(Fix(f"Rename it to {better}", "rename", {"node": name, "new": better}),),
            )  # fmt: skip


def has_unique_ids(report: Report) -> Iterator[Problem]:
    """Two nodes of a file had the same id; the second got another one when it was read."""
    for new, old in report.document.renamed.items():
        yield Problem(
            "duplicate-id", f"Two nodes of the file are called {old}; the second is now {new}.",
            f"All links named {old} lead to the first one. Look whether that is meant.",
            node=new, fixes=(Fix(f"Keep the name {new}", "accept_id", {"node": new}),),
        )  # fmt: skip


def takes_raw_scores(report: Report) -> Iterator[Problem]:
    """Losses that apply the softmax or sigmoid themselves must not get probabilities."""
    for output in nodes_with(report, "output"):
        loss = LOSSES.get(getattr(output.layer, "loss", ""))
        if loss is None or not loss.raw_scores:
            continue
        name = probabilities_before(report, output.node.id)
        if name is None:
            continue
        kind = report.document.nodes[name].layer
        gives = LAYERS[kind].gives
        unharmed = gives == loss.unharmed
        effect = "which then changes nothing" if unharmed else "so the network learns badly with both"
        yield Problem(
            "softmax-before-loss",
            f"{loss.__name__} applies {loss.raw_scores} itself, but {name} ({kind}) has turned the scores into "
            f"{gives} before, {effect}.",
            f"Remove {name}.",
            Severity.TIP if unharmed else Severity.WARNING,
            node=name,
            fixes=(Fix(f"Remove {name}", "dissolve", {"node": name}),),
        )


def losses_suit(report: Report) -> Iterator[Problem]:
    """Losses have settings of their own, and some need a layer before them."""
    return loss_problems(report, probabilities_before)


def probabilities_before(report: Report, name: str) -> str | None:
    """The node that turns scores into probabilities before `name`, past layers that leave them as they are."""
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        links = report.document.incoming.get(name, ())
        if len(links) != 1:
            return None
        name = links[0].source
        node = report.document.nodes[name]
        if node.bypassed:
            continue
        kind = LAYERS.get(node.layer)
        if kind is None or not (kind.passes_on or kind.gives):
            return None
        if kind.gives:
            return name
    return None


DESIGN_RULES: tuple[Rule, ...] = (
    has_ends, is_connected, leads_somewhere, has_legal_ids, has_unique_ids, takes_raw_scores, losses_suit,
    learning_problems, data_problems,
)  # fmt: skip
INSIDE_RULES: tuple[Rule, ...] = (
    group_has_output, is_connected, leads_somewhere, has_legal_ids, has_unique_ids, learning_problems,
)  # fmt: skip
