"""The one walk through a design: shapes, weights, costs and problems, whatever the order of drawing.

A node is checked again only if it, its links, or what reaches it is not the same as in the report before.
What lies below a broken node is "not known yet", not a second problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from designer.catalogue import LAYERS, with_role
from designer.catalogue.datasets import DataFacts
from designer.catalogue.layer import Layer, Port
from designer.catalogue.tensor import Misfit, Specs
from designer.compiler.checking import bypass, custom, mends, rules
from designer.compiler.checking.alike import Alike
from designer.compiler.checking.around import Around
from designer.compiler.checking.groups import MOST_NODES, block_of, group_ports, ports_in_use, unrolled
from designer.compiler.checking.order import compute_order
from designer.compiler.checking.report import Incoming, NodeReport, Report
from designer.compiler.checking.scope import (
    NotKnownError,
    SettingError,
    Values,
    changed_names,
    formula_problem,
    given_to,
    resolved,
    values_of,
)
from designer.compiler.checking.sharing import frozen_nodes, sharings, with_frozen
from designer.graph.document import EMPTY, Document, Link, Node, nothing
from designer.graph.variables import used_names
from designer.problems import Problem

DEEPEST = 30
"""Groups inside groups stop here."""

Given = Mapping[str, Specs | None]
"""For a network inside a group: what reaches its Inputs from outside, by id."""


def check(
    document: Document,
    facts: DataFacts | None = None,
    previous: Report | None = None,
    answers: custom.Answers | None = None,
) -> Report:
    """Walk through a design once. `previous` is the report before the last edit, reused where it holds.

    `answers` are what the worker found out about layers of the user's own; another mapping is other answers.
    """
    around = Around(answers=nothing() if answers is None else answers)
    report = replace(_Walk(document, previous, None, around).report(), facts=facts)
    return replace(report, problems=(*report.problems, *rules.design_problems(report)))


class _Walk:
    """The state of one walk: what has been found so far. `given` is None for the whole design.

    `values` are those that the group around gives the variables.
    """

    def __init__(
        self, document: Document, previous: Report | None, given: Given | None, around: Around,
        values: Values = EMPTY,
    ) -> None:  # fmt: skip
        self.document = document
        self.previous = previous
        self.earlier = _reusable(previous)
        self.given = given
        self.around = around
        self.room = MOST_NODES
        self.sizes: dict[str, int] = {}
        self.nodes: dict[str, NodeReport] = {}
        self.variables, self.wrong_variables = values_of(document, values)
        self.changed = changed_names(previous.variables if previous is not None else EMPTY, self.variables)
        self.frozen = frozen_nodes(document)
        self.alike = Alike()
        self.links_to = document.incoming
        self.same_links = previous is not None and previous.document.links is document.links
        self.told_more = previous is not None and previous.answers is not around.answers
        # These depend on more than their settings and links: on what is inside, on the group around, on the worker.
        self.always = {with_role("group")} if given is None else {with_role("group"), with_role("input")}
        if self.told_more:
            self.always.add(with_role("custom"))

    def report(self) -> Report:
        order, cycles = self._order()
        for name in order:
            self.nodes[name] = self._node(self.document.nodes[name])
        caught = frozenset().union(*cycles)
        for name in (name for name in self.document.nodes if name in caught):
            # Nothing in a circle is known, whichever of its nodes comes first.
            self.nodes[name] = replace(self._check_node(self.document.nodes[name]), outgoing=nothing())
        nodes: Mapping[str, NodeReport] = {name: self.nodes[name] for name in self.document.nodes}
        sharing, frozen = sharings(self.document, nodes), self.around.frozen
        nodes = with_frozen(nodes, sharing, self.frozen, frozen)
        # Where something reaches every port none is missing, and no output lacks what it needs.
        found = [
            problem
            for node in nodes.values()
            if node.problems or node.node.bypassed or len(node.incoming) < len(node.inputs)
            for problem in (
                *self._missing_ports(node), *mends.unfed_outputs(self.document, node),
                *bypass.problems(self.document, node), *node.problems,
            )
        ]  # fmt: skip
        circles = [mends.cycle(self.document, cycle) for cycle in cycles]
        problems = (*self.wrong_variables, *found, *self._link_problems(), *circles)
        return Report(
            self.document, nodes, tuple(order), problems, variables=self.variables, sharing=sharing, frozen=frozen,
            answers=self.around.answers,
        )  # fmt: skip

    def _order(self) -> tuple[tuple[str, ...] | list[str], list[set[str]]]:
        """The order of computation, taken from the report before where no link and no node came or went."""
        before = self.previous
        if before is not None and self.same_links and len(before.order) == len(self.document.nodes):
            known = before.document.nodes
            if known is self.document.nodes or list(known) == list(self.document.nodes):
                return before.order, []
        return compute_order(self.document)

    def _node(self, node: Node) -> NodeReport:
        before = self.earlier.get(node.id)
        if before is None or before.node is not node or before.layer is None or node.layer in self.always:
            return self._check_node(node)
        if node.bypassed:  # its ports may be those that its links name
            return self._check_node(node)
        if self.changed and self._touches(node):
            return self._check_node(node)
        links = self.links_to.get(node.id, ())
        if not (self.same_links or self._linked_as_before(node.id, links)):
            return self._check_node(node)
        nodes, earlier = self.nodes, self.earlier
        for link in links:
            if nodes.get(link.source) is not earlier.get(link.source):
                break
        else:
            return before
        incoming = self._incoming(node, before.inputs)
        if self.alike.same(incoming, before.incoming):
            return before
        # The layer is as it was; only what reaches it is not.
        return self._computed(NodeReport(node, before.layer, before.inputs, before.outputs, incoming))

    def _linked_as_before(self, name: str, links: tuple[Link, ...]) -> bool:
        return self.previous is not None and self.previous.document.incoming.get(name, ()) == links

    def _check_node(self, node: Node) -> NodeReport:
        kind = LAYERS.get(node.layer)
        if node.bypassed and (found := bypass.bypassed(self.document, node, self.variables, self.around)) is not None:
            return bypass.with_value(replace(found, incoming=self._incoming(node, found.inputs)))
        if kind is None:
            return NodeReport(node, None, *ports_in_use(self.document, node), problems=(mends.unknown_layer(node),))
        values: Values = EMPTY
        try:
            settings = resolved(node, kind.settings, self.variables)
            if kind.role == "group":
                values, settings = given_to(settings, self._inside_of(node))
            layer = self.around.layer(kind, settings)
        except (Misfit, SettingError, NotKnownError) as wrong:
            return self._wrongly_set(node, kind, wrong)
        if layer.role == "group":
            return self._group(node, layer, values)
        if layer.role == "input" and self.given is not None:
            return self._group_input(node, layer, self.given.get(node.id))
        return self._computed(NodeReport(node, layer, layer.inputs, layer.outputs, self._incoming(node, layer.inputs)))

    def _wrongly_set(self, node: Node, kind: type[Layer], wrong: Exception) -> NodeReport:
        """The report of a node whose settings are wrong, or not known yet."""
        if kind.role in ("group", "custom"):
            # Its ports are guessed from its links: in which order several reach one of them means nothing.
            report = NodeReport(node, None, *ports_in_use(self.document, node))
        else:
            report = NodeReport(node, None, kind.inputs, kind.outputs, self._incoming(node, kind.inputs))
        if isinstance(wrong, Misfit):
            return replace(report, problems=(mends.misfit_problem(self.document, report, wrong),))
        if isinstance(wrong, SettingError):
            return replace(
                report, problems=(formula_problem(self.document, node, wrong, in_group=self.around.depth > 0),)
            )
        return report

    def _inside_of(self, node: Node) -> Document:
        """The network of a group; empty where it has none, which is said elsewhere."""
        try:
            return self.document.inside_of(node)
        except KeyError:
            return Document()

    def _group_input(self, node: Node, layer: Layer, spec: Specs | None) -> NodeReport:
        """The report of an Input inside a group: what comes out is what reaches the group."""
        outgoing = {layer.outputs[0].name: spec} if spec is not None else {}
        before = self.earlier.get(node.id)
        if before is not None and before.node is node and before.layer is not None and before.outgoing == outgoing:
            return before
        return NodeReport(node, layer, layer.inputs, layer.outputs, {}, outgoing)

    def _computed(self, report: NodeReport) -> NodeReport:
        """The report of an ordinary node, with what comes out of it."""
        layer = report.layer
        if layer is not None and layer.role == "custom":
            return custom.computed(report, self.around.answers, self._reached(report))
        if layer is None:
            return report
        twin = self.alike.twin(layer, report.incoming)
        if twin is not None:
            return twin.at(report.node)
        if not self._reached(report):
            return report
        try:
            found = self.around.answer(layer, report)
        except Misfit as misfit:
            return replace(report, problems=(mends.misfit_problem(self.document, report, misfit),))
        done = NodeReport(
            report.node, layer, report.inputs, report.outputs, report.incoming, found.outgoing, found.weights,
            found.buffers, found.parameters, found.macs,
        )  # fmt: skip
        self.alike.add(layer, done)
        return done

    def _reached(self, report: NodeReport) -> bool:
        """Whether every port has what it needs, and all of that is known."""
        for port in report.inputs:
            reached = report.incoming.get(port.name)
            if reached is None:
                if not port.optional:
                    return False
            elif None in reached or (len(reached) > 1 and not port.many):
                return False
        return True

    def _missing_ports(self, report: NodeReport) -> list[Problem]:
        """A problem for each open input; a node without any link at all is another matter."""
        if len(report.incoming) == len(report.inputs):
            return []
        if not self.document.links_of(report.node.id) and len(self.document.nodes) > 1:
            return []
        return [
            mends.unconnected(self.document, report.node, port, first=port is report.inputs[0])
            for port in report.inputs
            if not port.optional and port.name not in report.incoming
        ]

    def _link_problems(self) -> list[Problem]:
        """What is wrong with links themselves: they end at no port, or crowd one that takes a single link."""
        found: list[Problem] = []
        place = self.document.place
        for name in self.document.nodes:
            links = self.links_to.get(name, ())
            report = self.nodes[name]
            if not links or self._are_plain(links, report.inputs):
                continue
            # Not in the order in which they were drawn, which says nothing.
            links = tuple(sorted(links, key=lambda link: (place[link.source], link.ends)))
            ends: dict[str, list[Link]] = {}
            for link in links:
                port, source = report.port(link.target_port, "inputs"), self.nodes[link.source]
                if source.port(link.source_port, "outputs") is None:
                    found.append(mends.unknown_port(link, "output", source.outputs))
                if port is None:
                    found.append(mends.unknown_port(link, "input", report.inputs))
                elif not port.many:
                    ends.setdefault(port.name, []).append(link)
            found += [mends.crowded_port(name, port, several) for port, several in ends.items() if len(several) > 1]
        return found

    def _are_plain(self, links: tuple[Link, ...], ports: tuple[Port, ...]) -> bool:
        """Whether they run from first ports to a first port that can take them, as nearly all do."""
        if not ports or (len(links) > 1 and not ports[0].many):
            return False
        for _, _, source_port, target_port in links:
            if source_port or target_port:
                return False
        return all(self.nodes[link.source].outputs for link in links)

    def _incoming(self, node: Node, ports: tuple[Port, ...]) -> Mapping[str, Incoming]:
        """What reaches each connected port; at a port with many links, in the order of the document's links."""
        links = self.links_to.get(node.id)
        if not links:
            return nothing()
        if ports and (len(links) == 1 or ports[0].many) and not any(link.target_port for link in links):
            return self.alike.incoming(ports[0].name, tuple(map(self._carried, links)))
        reached: dict[str, list[tuple[Link, Specs | None]]] = {}
        for link in links:
            port = next((port for port in ports if port.name == link.target_port or not link.target_port), None)
            if port is not None:
                reached.setdefault(port.name, []).append((link, self._carried(link)))
        for port in ports:
            if not port.many and len(reached.get(port.name, ())) > 1:
                reached[port.name].sort(key=lambda item: (self.document.place[item[0].source], item[0].ends))
        return {port.name: tuple(spec for _, spec in reached[port.name]) for port in ports if port.name in reached}

    def _carried(self, link: Link) -> Specs | None:
        source = self.nodes.get(link.source)
        if source is None:
            return None
        if not link.source_port:
            return source.outgoing.get(source.outputs[0].name) if source.outputs else None
        port = source.port(link.source_port, "outputs")
        return source.outgoing.get(port.name) if port is not None else None

    def _group(self, node: Node, layer: Layer, values: Values) -> NodeReport:
        block = block_of(node)
        try:
            inside = self.document.inside_of(node)
        except KeyError:
            return self._broken_group(node, mends.unknown_block(node))
        if block in self.around.blocks:
            return self._broken_group(node, mends.endless(node, block))
        if self.around.depth >= DEEPEST:
            return self._broken_group(node, mends.too_deep(node, DEEPEST))
        if self.given is None:
            size = unrolled(node, self.document.blocks, self.variables, self.sizes)
            if size > self.room:
                return self._broken_group(node, mends.too_large(node, size, MOST_NODES))
            self.room -= size
        inputs, outputs = group_ports(inside)
        report = NodeReport(node, layer, inputs, outputs, self._incoming(node, inputs))
        before, frozen = self.earlier.get(node.id), self.around.frozen or node.id in self.frozen
        if before is None or self.previous is None or self.previous.document.blocks is not self.document.blocks:
            before_rounds: tuple[Report, ...] = before.rounds if before is not None else ()
        elif self._holds(before, report, frozen=frozen):
            return before
        else:
            before_rounds = before.rounds
        inside = replace(inside, blocks=self.document.blocks)
        return self._rounds(report, inside, before_rounds, self.around.within(block, frozen=frozen), values)

    def _touches(self, node: Node) -> bool:
        """Whether a variable that the node's settings name is not worth what it was."""
        return bool(self.changed) and bool(self.changed & used_names(node))

    def _holds(self, before: NodeReport, now: NodeReport, *, frozen: bool) -> bool:
        """Whether the report of a group can stay as it is: the same group, fed alike, trained or not as before."""
        if before.node is not now.node or not before.rounds or before.incoming != now.incoming:
            return False
        return before.rounds[0].frozen == frozen and not self._touches(now.node) and not self.told_more

    def _broken_group(self, node: Node, problem: Problem) -> NodeReport:
        return NodeReport(node, None, *ports_in_use(self.document, node), problems=(problem,))

    def _rounds(
        self, report: NodeReport, inside: Document, before: tuple[Report, ...], around: Around, values: Values
    ) -> NodeReport:
        """A group's report: each round is walked with what the round before gave."""
        repeat = int(getattr(report.layer, "repeat", 1))
        if repeat > 1 and len(report.inputs) != len(report.outputs):
            return replace(report, problems=(mends.uneven_rounds(report),))
        given: Given = {port.name: _single(report.incoming.get(port.name, ())) for port in report.inputs}
        walked: Given | None = None
        rounds: list[Report] = []
        for number in range(repeat):
            if given != walked:
                old = before[number] if number < len(before) else None
                done = _Walk(inside, old, given, around, values).report()
                done = replace(done, problems=(*done.problems, *rules.inside_problems(done)))
            rounds.append(done)
            walked = given
            leaving = [done.nodes[port.name].shape for port in report.outputs]
            given = dict(zip((port.name for port in report.inputs), leaving, strict=False))
        outgoing = {port.name: spec for port, spec in zip(report.outputs, leaving, strict=True) if spec is not None}
        return replace(
            report,
            outgoing=outgoing,
            rounds=tuple(rounds),
            parameters=sum(done.parameters for done in rounds),
            macs=sum(done.macs for done in rounds),
            problems=tuple(problem.within(report.node.id) for problem in _problems_of(rounds)),
        )


def _reusable(previous: Report | None) -> Mapping[str, NodeReport]:
    """The reports of the walk before that may hold again: all but those of nodes in a circle."""
    if previous is None:
        return nothing()
    if len(previous.order) == len(previous.nodes):
        return previous.nodes
    return {name: previous.nodes[name] for name in previous.order}


def _single(reached: Incoming) -> Specs | None:
    """What reaches a port that takes one link; not known where none or several end there."""
    return reached[0] if len(reached) == 1 else None


def _problems_of(rounds: list[Report]) -> tuple[Problem, ...]:
    """The problems of all rounds, each said once."""
    different = {id(done): done for done in rounds}.values()
    found = [problem for done in different for problem in done.problems]
    return tuple({(problem.code, problem.node, problem.port, problem.sentence): problem for problem in found}.values())
