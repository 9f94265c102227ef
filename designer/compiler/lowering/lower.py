"""From a sound report to the plan: which torch calls the design stands for, in which order, under which names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from designer.catalogue.layer import Site
from designer.catalogue.tensor import TensorSpec
from designer.compiler.checking.bypass import left_out
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.lowering.learning import Strength, learned, module_of
from designer.compiler.lowering.spelling import has_variables, of_design, spelt, with_formulas
from designer.graph.document import Link
from designer.graph.names import free_id
from designer.plan import UNUSED, Call, Names, Plan, PlanInput, Ref, Step, Value, names, retargeted, substitute


class NotSoundError(Exception):
    """The design has errors, so there is no plan; `report` says which."""

    def __init__(self, report: Report) -> None:
        super().__init__("The design has errors.")
        self.report = report


def lower(report: Report, home: Path | None = None) -> Plan:
    """The plan of a whole design; raises NotSoundError where the check found an error. Nothing bypassed is in it.

    `home` is the folder of the design's file, from which the files that it names are looked for.
    """
    if not report.sound or not report.nodes:
        raise NotSoundError(report)
    report = left_out(report)
    title, around = report.document.name or "Network", Strength(home=home)
    if not has_variables(report):
        return _Lowering(report, title, around).plan()
    spelling = of_design(report)
    plan = _Lowering(with_formulas(report, spelling), title, around).plan()
    return spelt(plan, report, spelling)


def live_nodes(report: Report) -> set[str]:
    """The nodes that something leaves an Output through: what the others compute, nobody sees."""
    live = {name for name, node in report.nodes.items() if _role(node) == "output"}
    for name in reversed(report.order):
        if name in live:
            live.update(link.source for link in report.document.incoming.get(name, ()))
    return live


def _role(node: NodeReport) -> str:
    return node.layer.role if node.layer is not None else ""


class _Lowering:
    """One design on its way to a plan."""

    def __init__(self, report: Report, title: str, around: Strength) -> None:
        self.report = report
        self.title = title
        self.around = around
        self.live = live_nodes(report)
        self.taken = set(report.nodes)
        self.values = self._name_values()

    def plan(self) -> Plan:
        modules: dict[str, Call | Plan | tuple[Plan, ...]] = {}
        steps: list[Step] = []
        outputs: list[tuple[str, Value]] = []
        for name in self.report.order:
            node = self.report.nodes[name]
            if name not in self.live or node.layer is None or _role(node) == "input":
                continue
            if _role(node) == "output":
                outputs.append((name, self._reaching(node)[node.inputs[0].name][0]))
            else:
                self._add_modules(modules, name)
                steps.extend([self._group_step(node)] if _role(node) == "group" else self._layer_steps(node))
        place = self.report.document.place
        outputs.sort(key=lambda output: place[output[0]])
        parts = learned(self.report, modules, self.around)
        return Plan(self.title, self._inputs(), modules, tuple(steps), tuple(outputs), **parts)

    def _add_modules(self, modules: dict[str, Call | Plan | tuple[Plan, ...]], name: str) -> None:
        """The module that a node calls, its own or another's, and the one it has a weight in common with."""
        shared = self.report.sharing.get(name)
        for each in (module_of(self.report, name), shared.owner if shared is not None else name):
            node = self.report.nodes[each]
            if each in modules or node.layer is None:
                continue
            made_by = self._group(node) if node.rounds else node.layer.call(*node.arguments())
            if made_by is not None:
                modules[each] = made_by

    def _inputs(self) -> tuple[PlanInput, ...]:
        found = []
        for name, node in self.report.nodes.items():
            if _role(node) == "input":
                spec = node.shape if isinstance(node.shape, TensorSpec) else TensorSpec(())
                found.append(PlanInput(name, spec.shape, spec.dtype, spec.batch))
        return tuple(found)

    def _name_values(self) -> Mapping[tuple[str, str], str]:
        """A name for each (node, output port) that a live node reads: the node's id for its first port."""
        read = {
            (link.source, self._source_port(link)) for link in self.report.document.links if link.target in self.live
        }
        named = {}
        for name, node in self.report.nodes.items():
            for place, port in enumerate(node.outputs):
                if (name, port.name) in read or (name in self.live and self._gives_all(node)):
                    value = name if place == 0 else free_id(f"{name}_{port.name}", self.taken)
                    self.taken.add(value)
                    named[name, port.name] = value
        return named

    def _gives_all(self, node: NodeReport) -> bool:
        """A repeated group's rounds hand on every value, read in the end or not."""
        return len(node.rounds) > 1

    def _source_port(self, link: Link) -> str:
        port = self.report.nodes[link.source].port(link.source_port, "outputs")
        return port.name if port is not None else ""

    def _reaching(self, node: NodeReport) -> dict[str, tuple[Value, ...]]:
        """The values at each connected input port, as references."""
        found: dict[str, list[Value]] = {}
        for link in self.report.document.incoming.get(node.node.id, ()):
            port = node.port(link.target_port, "inputs")
            if port is not None:
                found.setdefault(port.name, []).append(Ref(self.values[link.source, self._source_port(link)]))
        return {port.name: tuple(found[port.name]) for port in node.inputs if port.name in found}

    def _layer_steps(self, node: NodeReport) -> Iterable[Step]:
        name, layer = node.node.id, node.layer
        assert layer is not None
        read = {port.name: self.values[name, port.name] for port in node.outputs if (name, port.name) in self.values}
        site = Site(name, self._reaching(node), read)
        steps = layer.forward(site, *node.arguments())
        owner = module_of(self.report, name)
        if owner != name:
            steps = tuple(
                Step(step.result, retargeted(step.call, f"self.{name}", f"self.{owner}"), step.node) for step in steps
            )
        return self._with_own_names(steps, set(read.values()))

    def _with_own_names(self, steps: tuple[Step, ...], given: set[str]) -> Iterable[Step]:
        """The steps with names of their own for what a layer computes on the way, apart from all other ids."""
        new: dict[str, str] = {}
        for step in steps:
            for name in names(step.result):
                if name not in given and name not in new:
                    new[name] = free_id(name, self.taken)
                    self.taken.add(new[name])
        for step in steps:
            call = substitute(step.call, lambda name: Ref(new.get(name, name)))
            assert isinstance(call, Call)
            yield Step(_renamed(step.result, new), call, step.node)

    def _group(self, node: NodeReport) -> Plan | tuple[Plan, ...]:
        block = str(node.node.settings.get("block", ""))
        around = self.around.with_those_of(node)
        rounds = [_Lowering(inside, block or node.node.id, around).plan() for inside in node.rounds]
        return tuple(rounds) if len(rounds) > 1 else rounds[0]

    def _group_step(self, node: NodeReport) -> Step:
        name = node.node.id
        reached = self._reaching(node)
        inputs = tuple(value for port in node.inputs for value in reached[port.name])
        results = tuple(self.values.get((name, port.name), UNUSED) for port in node.outputs)
        call = Call(f"self.{module_of(self.report, name)}", {}, inputs)
        return Step(results[0] if len(results) == 1 else results, call, name)


def _renamed(result: Names, new: Mapping[str, str]) -> Names:
    if isinstance(result, str):
        return new.get(result, result)
    return tuple(
        new.get(part, part) if isinstance(part, str) else tuple(new.get(name, name) for name in part) for part in result
    )
