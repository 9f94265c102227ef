"""What a design takes in memory, and how far each of its places sees: worked out of a report when it is asked for.

What training keeps between the forward and the backward pass is told by the layers (`Layer.saved`); here it is
followed through the network, since a tensor that several layers keep is held once. As torch does it on a CPU; on a
GPU some kernels keep less. What flows in a training step without being kept is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from designer.catalogue.layer import Layer, Saved
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, dims
from designer.catalogue.windows import Window
from designer.compiler.checking.bypass import links_read, passes
from designer.compiler.checking.report import NodeReport, Report
from designer.compiler.lowering.choices import optimizer, settings
from designer.graph.document import nothing

PRECISIONS = {"float32": 4, "float16": 2, "bfloat16": 2, "float64": 8}
"""The bytes of a number in each type that a network can be run in."""
SIZES = {**PRECISIONS, "int64": 8, "int32": 4, "bool": 1}
USUAL = "float32"
"""The type that is exchanged for another precision; the others are the user's own choice."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a tensor's places see those of an Input along one axis.

    A place sees `size` places in a row; the next one's begin `stride` further on; the first one's begin at `start`.
    """

    size: int = 1
    stride: int = 1
    start: int = 0

    def through(self, window: Window) -> Reach:
        """How places see that look at these through a window."""
        size = self.size + (window.span - 1) * self.stride
        return Reach(size, self.stride * window.stride, self.start - window.padding // 2 * self.stride)

    def joined(self, other: Reach) -> Reach:
        """What a place sees through either of two paths; both have the same stride."""
        start = min(self.start, other.start)
        return Reach(max(self.start + self.size, other.start + other.size) - start, self.stride, start)


UNITS = (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))

Field = tuple[str, tuple[Reach, ...]]
"""The Input that is seen, and how, axis by axis behind its channels."""


@dataclass(frozen=True, slots=True)
class NodeCost:
    """What one node takes. `activation_bytes` is None where a length is free."""

    weight_bytes: int = 0
    activation_bytes: int | None = 0
    reach: tuple[Reach, ...] | None = None

    @property
    def receptive_field(self) -> tuple[int, ...] | None:
        """How many places of an Input one of its places sees, by axis; None where it sees all, or cannot be said."""
        return None if self.reach is None else tuple(each.size for each in self.reach)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a whole design takes, in bytes: `nodes` by full id, shared weights counted once in the totals.

    `activations` is what training keeps for the gradients; None where a length is free.
    """

    nodes: Mapping[str, NodeCost]
    weights: int
    gradients: int
    optimizer: int
    activations: int | None

    @property
    def training(self) -> int | None:
        """An estimate of what training takes."""
        kept = self.weights + self.gradients + self.optimizer
        return None if self.activations is None else kept + self.activations


def training_cost(report: Report, batch_size: int | None = None, precision: str = USUAL) -> Cost:
    """What a design takes in training with its own optimizer; with its own batches too, unless others are asked for.

    Settings that are wrong are told elsewhere; here the default takes their place.
    """
    if batch_size is None:
        batch_size = batch_size_of(report)
    try:
        rule = optimizer(report.document.training)
    except Misfit:
        rule = optimizer({})
    return cost(report, batch_size, precision, rule.remembers + averages_of(report))


def averages_of(report: Report) -> int:
    """Whether the running mean of the weights is kept too, as a number for each weight."""
    try:
        return int(settings(report.document.training).ema > 0)
    except Misfit:
        return 0


def batch_size_of(report: Report) -> int:
    """How many examples a step of the design's training looks at."""
    try:
        return settings(report.document.training).batch_size
    except Misfit:
        return settings({}).batch_size


def size_text(number: int | None) -> str:
    """Bytes in a unit that suits: "1.50 MiB"; "?" where it is not known."""
    if number is None:
        return "?"
    for unit, size in UNITS:
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number} B"


def field_text(field: tuple[int, ...] | None) -> str:
    """A receptive field: "7 x 7"; nothing where all is seen."""
    return "" if field is None else dims(field)


def cost(report: Report, batch_size: int, precision: str = USUAL, remembers: int = 0) -> Cost:
    """What a design takes in training with such batches and numbers.

    `remembers` is how many numbers the optimizer keeps for each weight.
    """
    walk = _Walk(report)
    size = PRECISIONS[precision]
    kept = walk.kept(batch_size, precision)
    nodes = {name: NodeCost(node.parameters * size, kept[name], walk.reach.get(name)) for name, node in report.rows()}
    return Cost(
        nodes,
        weights=report.parameters * size,
        gradients=report.trainable_parameters * size,
        optimizer=report.trainable_parameters * size * remembers,
        activations=_sum(kept.values()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Tensor:
    """A tensor: who makes it, what it is, whether a gradient flows to it, and the one in whose place it lies."""

    owner: str
    spec: TensorSpec
    learns: bool
    field: Field | None = None
    base: _Tensor | None = None

    @property
    def held(self) -> _Tensor:
        """What memory holds of it: itself, or what it is a view of."""
        return self if self.base is None else self.base


Arguments = tuple[Specs | None, ...]
"""What reaches a layer, as its methods take it."""

_Port = tuple[_Tensor, ...]
"""What a port carries."""


@dataclass(slots=True)
class _Walk:
    """One walk through a design, groups unrolled; `saved` are the tensors that training keeps, each once."""

    report: Report
    saved: dict[int, _Tensor] = field(default_factory=dict)
    reach: dict[str, tuple[Reach, ...]] = field(default_factory=dict)
    told: dict[tuple[Layer, Arguments], tuple[Saved, Sequence[Window] | None]] = field(default_factory=dict)
    """What layers say of what reaches them; large designs repeat themselves."""

    def __post_init__(self) -> None:
        self._network(self.report, "", nothing())

    def kept(self, batch_size: int, precision: str) -> dict[str, int | None]:
        """Bytes by full id of the node that makes what is kept."""
        found: dict[str, int | None] = {name: 0 for name, _ in self.report.rows()}
        for tensor in self.saved.values():
            found[tensor.owner] = _sum((found.get(tensor.owner, 0), _bytes(tensor.spec, batch_size, precision)))
        return found

    def _network(self, report: Report, prefix: str, given: Mapping[str, _Port]) -> Mapping[str, _Port]:
        """Follow what flows through a network; what reaches its Outputs, by id."""
        carried: dict[tuple[str, str], _Port] = {}
        leaving: dict[str, _Port] = {}
        for name in report.order:
            node, path = report.nodes[name], f"{prefix}{name}"
            reached = self._reaching(report, node, carried)
            if node.layer is None or not node.known:
                continue
            if node.layer.role == "output":
                leaving[name] = next(iter(reached.values()), ())
                continue
            if node.rounds:
                made = self._group(node, path, reached)
            elif passes(node):
                made = {node.outputs[0].name: next(iter(reached.values()), ())}
            elif node.layer.role == "input":
                made = {node.outputs[0].name: given.get(name) or self._input(node, path)}
            else:
                made = self._layer(node, path, reached)
            self._see(path, made)
            carried.update({(name, port): tensors for port, tensors in made.items()})
        return leaving

    def _see(self, path: str, made: Mapping[str, _Port]) -> None:
        first = next(iter(made.values()), ())
        if len(first) == 1 and first[0].field is not None:
            self.reach[path] = first[0].field[1]

    def _reaching(self, report: Report, node: NodeReport, carried: Mapping[tuple[str, str], _Port]) -> dict[str, _Port]:
        """What reaches each connected port, in the order of the ports."""
        found: dict[str, list[_Tensor]] = {}
        for link in links_read(report.document, node):
            port, source = node.port(link.target_port, "inputs"), report.nodes[link.source]
            leaves = source.port(link.source_port, "outputs")
            if port is not None and leaves is not None:
                found.setdefault(port.name, []).extend(carried.get((link.source, leaves.name), ()))
        return {port.name: tuple(found[port.name]) for port in node.inputs if port.name in found}

    def _group(self, node: NodeReport, path: str, reached: Mapping[str, _Port]) -> dict[str, _Port]:
        values = [reached.get(port.name, ()) for port in node.inputs]
        for number, inside in enumerate(node.rounds):
            place = f"{path}.{number}." if len(node.rounds) > 1 else f"{path}."
            given = {port.name: value for port, value in zip(node.inputs, values, strict=False)}
            leaving = self._network(inside, place, given)
            values = [leaving.get(port.name, ()) for port in node.outputs]
        return {port.name: value for port, value in zip(node.outputs, values, strict=True)}

    def _input(self, node: NodeReport, path: str) -> _Port:
        spec = node.shape
        if not isinstance(spec, TensorSpec):
            return ()
        axes = spec.rank - 1
        return (_Tensor(path, spec, learns=False, field=(path, (Reach(),) * axes) if axes > 0 else None),)

    def _layer(self, node: NodeReport, path: str, reached: Mapping[str, _Port]) -> dict[str, _Port]:
        """What a layer makes; notes what is kept for its gradients, if any flow."""
        assert node.layer is not None
        arguments = node.arguments()
        saved, windows = self._told(node.layer, arguments)
        arriving = [tensor for port in reached.values() for tensor in port]
        learned = any(name not in node.frozen for name in node.weights)
        learns = learned or any(tensor.learns for tensor in arriving)
        seen = _field(windows, arriving)
        made: dict[str, _Port] = {}
        for port, specs in node.outgoing.items():
            made[port] = tuple(
                _Tensor(path, spec, learns and spec.is_float and not node.layer.stops_gradients, seen)
                for spec in _several(specs)
            )
        if any(tensor.learns for port in made.values() for tensor in port):
            self._keep(path, saved, reached, made)
        if saved.view and arriving:
            base = arriving[0].held
            return {port: tuple(replace(each, base=base) for each in tensors) for port, tensors in made.items()}
        return made

    def _told(self, layer: Layer, arguments: Arguments) -> tuple[Saved, Sequence[Window] | None]:
        key = (layer, arguments)
        if key not in self.told:
            self.told[key] = layer.saved(*arguments), layer.looks(*arguments)
        return self.told[key]

    def _keep(self, path: str, saved: Saved, reached: Mapping[str, _Port], made: Mapping[str, _Port]) -> None:
        """Note what a layer keeps; `id` tells tensors apart, and the dict keeps them alive."""
        ports = [reached.get(port, ()) for port in saved.inputs] + [made[port] for port in saved.outputs]
        own = tuple(_Tensor(path, spec, learns=False) for spec in saved.own)
        for tensors in (*ports, own):
            self.saved.update({id(tensor.held): tensor.held for tensor in tensors})


def _field(windows: Sequence[Window] | None, arriving: Sequence[_Tensor]) -> Field | None:
    """How places see that look through windows at what arrives."""
    fields = [tensor.field for tensor in arriving]
    first = fields[0] if fields else None
    if windows is None or first is None:
        return None
    source, reach = first
    for other in fields[1:]:
        if other is None or other[0] != source or [r.stride for r in other[1]] != [r.stride for r in reach]:
            return None
        reach = tuple(one.joined(two) for one, two in zip(reach, other[1], strict=True))
    if windows and len(windows) != len(reach):
        return None
    return source, tuple(r.through(w) for r, w in zip(reach, windows, strict=True)) if windows else reach


def _several(specs: Specs) -> tuple[TensorSpec, ...]:
    return specs if isinstance(specs, tuple) else (specs,)


def _bytes(spec: TensorSpec, batch_size: int, precision: str) -> int | None:
    """None where a length is free."""
    numbers = batch_size if spec.batch is not None else 1
    for length in spec.shape:
        if isinstance(length, str):
            return None
        numbers *= length
    return numbers * SIZES[precision if spec.dtype == USUAL else spec.dtype]


def _sum(parts: Iterable[int | None]) -> int | None:
    """The sum, or None where a part is not known."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total
