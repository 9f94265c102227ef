"""Layers on graphs, in which nodes hear from those that an edge leads from; torch_geometric makes them.

`x` has a row of features for each node, `edge_index` two rows of node numbers: edges lead from the first to the second.
A whole graph has no batch axis: its nodes are rows of one tensor.
"""

from __future__ import annotations

from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import MOST_AXES, Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Weights
from designer.catalogue.tensor import Length, Misfit, Specs, TensorSpec, count, dims, total

NODES, EDGES = TensorSpec((5, 8), batch=None), TensorSpec((2, 6), "int64", None)

X = Port("x", "The features of all nodes of the graph, a row for each.")
EDGE_INDEX = Port("edge_index", "For each edge, the number of the node it leaves (first row) and reaches (second row).")


class MessagePassing(Layer):
    """What layers have in common whose nodes hear from their neighbours."""

    category, width = "Graph", "out_channels"
    inputs: ClassVar[tuple[Port, ...]] = (X, EDGE_INDEX)

    out_channels = Setting(64, "How many features each node has afterwards.", minimum=1)

    def badge(self) -> str:
        return dims((self.out_channels,))

    def _nodes(self, x: Specs) -> TensorSpec:
        """The nodes, of one graph or of a batch of examples that share its edges; refuses the batch as nodes."""
        x = demands.tensor(self, x, "x")
        demands.batch_first(self, x, "x")
        fewest = 2 if x.batch is None else 3
        hint = "Set the Input's shape to nodes x features; switch batched off for one whole graph."
        demands.rank(self, x, range(fewest, MOST_AXES + 2), "nodes x features", hint, "x")
        demands.features(self, x, "x")
        demands.dtype(self, x, demands.WEIGHT, "x")
        return x

    def _edges(self, edge_index: Specs) -> Length:
        """How many edges there are."""
        edges = demands.tensor(self, edge_index, "edge_index")
        demands.dtype(self, edges, demands.WHOLE, "edge_index")
        if edges.batch is not None or edges.rank != 2 or edges.shape[0] != 2:
            raise Misfit(
                f"{demands.name(self)} takes 2 x edges without a batch as its edge_index, but {edges} comes in.",
                "Set the Input's shape to 2 and the number of edges, and switch its batched off.",
                code="edges",
                port="edge_index",
            )
        return edges.shape[1]

    def _given(self, x: TensorSpec, features: Length) -> TensorSpec:
        return x.with_shape((*x.shape[:-1], features))


def _check_each_edge(layer: Layer, edges: Length, values: TensorSpec, axes: tuple[int, ...], port: str) -> None:
    """Refuses what is not given once for each edge, in the type of all weights."""
    demands.dtype(layer, values, demands.WEIGHT, port)
    if values.batch is not None or values.rank not in axes or values.shape[0] != edges:
        raise Misfit(
            f"There are {edges} edges, but {port} is {values}.",
            f"Link {'one number' if axes == (1,) else 'one number, or one row,'} for each edge, without a batch.",
            code="shapes",
            port=port,
        )


class GCNConv(MessagePassing):
    """Each node mixes its features with those of its neighbours, which count less the more neighbours they have."""

    title = "Graph convolution"
    aliases = ("GCN", "Kipf", "spectral", "message passing", "GNN")
    inputs = (
        X,
        EDGE_INDEX,
        Port("edge_weight", "How much each edge counts; 1 where nothing is linked.", optional=True),
    )
    samples = (
        Sample({"out_channels": 3}, {"x": NODES, "edge_index": EDGES}),
        Sample(
            {"out_channels": 4, "improved": True, "bias": False},
            {"x": TensorSpec(("T", 3), batch=None), "edge_index": TensorSpec((2, "S"), "int64", None),
             "edge_weight": TensorSpec(("S",), batch=None)},
        ),
        Sample({"out_channels": 3, "normalize": False}, {"x": TensorSpec((5, 2)), "edge_index": EDGES}),
    )  # fmt: skip

    improved = Setting(False, "Whether each node counts itself twice as much as a neighbour.")
    add_self_loops = Setting(True, "Whether each node hears itself too; only where normalize is on.")
    normalize = Setting(True, "Whether what is heard is divided by how many neighbours both ends have.")
    bias = Setting(True, "Whether a learned number is added to each feature.")

    def output(self, x: Specs, edge_index: Specs, edge_weight: Specs | None = None) -> TensorSpec:
        x, edges = self._nodes(x), self._edges(edge_index)
        if edge_weight is not None:
            values = demands.tensor(self, edge_weight, "edge_weight")
            _check_each_edge(self, edges, values, (1,), "edge_weight")
        return demands.within_reach(self, self._given(x, self.out_channels), self.weights(x), self.width)

    def weights(self, x: TensorSpec, *others: Specs | None) -> Weights:
        weights: Weights = {"lin.weight": (self.out_channels, demands.features(self, x))}
        if self.bias:
            weights["bias"] = (self.out_channels,)
        return weights

    def macs(self, x: TensorSpec, *others: Specs | None) -> int:
        return count(*x.shape, self.out_channels)

    def call(self, x: TensorSpec, *others: Specs | None) -> Call:
        settings = {"in_channels": demands.features(self, x), "out_channels": self.out_channels}
        chosen = ("improved", "add_self_loops", "normalize", "bias") if self.normalize else ("normalize", "bias")
        return Call("gnn.GCNConv", {**settings, **self.changed(*chosen)})

    def saved(self, x: TensorSpec, edge_index: TensorSpec, edge_weight: TensorSpec | None = None) -> Saved:
        """Its edges, each node's own among them, and how much each counts."""
        if not self.normalize:
            return Saved(("x", "edge_index"))
        edges = total((edge_index.shape[1], x.shape[-2])) if self.add_self_loops else edge_index.shape[1]
        return Saved(("x",), own=(TensorSpec((2, edges), "int64", None), TensorSpec((edges,), batch=None)))


class GATConv(MessagePassing):
    """Each node weighs its neighbours by attention: how much to hear from whom is learned."""

    title = "Graph attention"
    aliases = ("GAT", "Velickovic", "attention", "message passing", "GNN")
    inputs = (
        X, EDGE_INDEX, Port("edge_attr", "Features of the edges, which count in the attention too.", optional=True),
    )  # fmt: skip
    samples = (
        Sample({"out_channels": 3, "heads": 2}, {"x": NODES, "edge_index": EDGES}),
        Sample(
            {"out_channels": 2, "heads": 3, "concat": False, "dropout": 0.5, "residual": True},
            {"x": NODES, "edge_index": EDGES, "edge_attr": TensorSpec((6, 4), batch=None)},
        ),
        Sample(
            {"out_channels": 3, "add_self_loops": False, "bias": False},
            {"x": TensorSpec(("T", 3), batch=None), "edge_index": TensorSpec((2, "S"), "int64", None),
             "edge_attr": TensorSpec(("S",), batch=None)},
        ),
    )  # fmt: skip

    out_channels = Setting(8, "How many features each head gives for a node.", minimum=1)
    heads = Setting(1, "How many attentions look at the neighbours side by side.", minimum=1)
    concat = Setting(True, "Whether the heads' features stand side by side; otherwise their mean is taken.")
    negative_slope = Setting(0.2, "The slope of the leaky ReLU for scores below zero.")
    dropout = Setting(0.0, "The share of edges that each node does not hear while training.", minimum=0.0, maximum=1.0)
    add_self_loops = Setting(True, "Whether each node hears itself too.")
    fill_value = Setting(
        "mean", "What features an added edge to itself has: this of the node's edges.",
        choices=("mean", "add", "max", "min", "mul"),
    )  # fmt: skip
    bias = Setting(True, "Whether a learned number is added to each feature.")
    residual = Setting(False, "Whether the node's own features are added, through a Linear.")

    def output(self, x: Specs, edge_index: Specs, edge_attr: Specs | None = None) -> TensorSpec:
        x = self._one_graph(x)
        edges = self._edges(edge_index)
        if edge_attr is not None:
            values = demands.tensor(self, edge_attr, "edge_attr")
            _check_each_edge(self, edges, values, (1, 2), "edge_attr")
        result = self._given(x, self._features())
        return demands.within_reach(self, result, self.weights(x, edge_index, edge_attr), self.width)

    def weights(self, x: TensorSpec, edge_index: Specs, edge_attr: Specs | None = None) -> Weights:
        features, each, every = demands.features(self, x), (1, self.heads, self.out_channels), self._all_heads()
        weights: Weights = {"att_src": each, "att_dst": each, "lin.weight": (every, features)}
        edge_dim = self._edge_dim(edge_attr)
        if edge_dim is not None:
            weights |= {"att_edge": each, "lin_edge.weight": (every, edge_dim)}
        if self.residual:
            weights["res.weight"] = (self._features(), features)
        if self.bias:
            weights["bias"] = (self._features(),)
        return weights

    def macs(self, x: TensorSpec, edge_index: TensorSpec, edge_attr: Specs | None = None) -> int:
        """As if no edge led from a node to itself: which ones do is known in the data alone."""
        nodes, every = x.shape[0], self._all_heads()
        found = count(*x.shape, every) + (count(*x.shape, self._features()) if self.residual else 0)
        edge_dim, edges = self._edge_dim(edge_attr), edge_index.shape[1]
        if edge_dim is None or not isinstance(nodes, int) or not isinstance(edges, int):
            return found
        return found + (edges + nodes * self.add_self_loops) * edge_dim * every

    def call(self, x: TensorSpec, edge_index: Specs, edge_attr: Specs | None = None) -> Call:
        settings = {"in_channels": demands.features(self, x), "out_channels": self.out_channels}
        chosen = self.changed(
            "heads", "concat", "negative_slope", "dropout", "add_self_loops", "fill_value", "bias", "residual"
        )
        edge_dim = self._edge_dim(edge_attr)
        return Call("gnn.GATConv", {**settings, **chosen, **({"edge_dim": edge_dim} if edge_dim is not None else {})})

    def badge(self) -> str:
        return f"{self.heads} x {self.out_channels}" if self.heads > 1 else dims((self.out_channels,))

    def _one_graph(self, x: Specs) -> TensorSpec:
        x = demands.tensor(self, x, "x")
        if x.batch is not None:
            raise Misfit(
                f"GATConv takes the nodes of one whole graph, but {x} comes in batches.",
                "Set the Input's shape to nodes x features, and switch its batched off.",
                code="batch",
                port="x",
            )
        demands.rank(self, x, (2,), "nodes x features", "Put a Reshape in front, to nodes x features.", "x")
        return self._nodes(x)

    def _edge_dim(self, edge_attr: Specs | None) -> int | None:
        """How many features an edge has, where it has any."""
        if edge_attr is None:
            return None
        values = demands.tensor(self, edge_attr, "edge_attr")
        return (
            1
            if values.rank == 1
            else demands.known(self, values.shape[1], "how many features an edge has", "edge_attr")
        )

    def _all_heads(self) -> int:
        return self.heads * self.out_channels

    def _features(self) -> int:
        return self._all_heads() if self.concat else self.out_channels


class SAGEConv(MessagePassing):
    """Each node takes its neighbours together, by mean or maximum, through one Linear, and itself through another."""

    title = "GraphSAGE"
    aliases = ("SAGE", "Hamilton", "sample and aggregate", "inductive", "message passing", "GNN")
    samples = (
        Sample({"out_channels": 3}, {"x": NODES, "edge_index": EDGES}),
        Sample(
            {"out_channels": 4, "aggr": "max", "project": True, "root_weight": False, "bias": False},
            {"x": TensorSpec(("T", 3), batch=None), "edge_index": TensorSpec((2, "S"), "int64", None)},
        ),
        Sample({"out_channels": 3, "normalize": True}, {"x": TensorSpec((5, 2)), "edge_index": EDGES}),
    )

    aggr = Setting("mean", "How what the neighbours say becomes one.", choices=("mean", "max", "min", "add"))
    normalize = Setting(False, "Whether each node's new features are scaled to a length of 1.")
    root_weight = Setting(True, "Whether the node's own features are added, through a Linear of their own.")
    project = Setting(False, "Whether the neighbours' features go through a Linear and a ReLU first.")
    bias = Setting(True, "Whether a learned number is added to each feature.")

    def output(self, x: Specs, edge_index: Specs) -> TensorSpec:
        x = self._nodes(x)
        self._edges(edge_index)
        return demands.within_reach(self, self._given(x, self.out_channels), self.weights(x), self.width)

    def weights(self, x: TensorSpec, *others: Specs) -> Weights:
        features = demands.features(self, x)
        weights: Weights = {"lin_l.weight": (self.out_channels, features)}
        if self.bias:
            weights["lin_l.bias"] = (self.out_channels,)
        if self.root_weight:
            weights["lin_r.weight"] = (self.out_channels, features)
        if self.project:
            weights |= {"lin.weight": (features, features), "lin.bias": (features,)}
        return weights

    def macs(self, x: TensorSpec, *others: Specs) -> int:
        return sum(count(*x.shape[:-1], *shape) for shape in self.weights(x).values() if len(shape) == 2)

    def call(self, x: TensorSpec, *others: Specs) -> Call:
        settings = {"in_channels": demands.features(self, x), "out_channels": self.out_channels}
        chosen = self.changed("aggr", "normalize", "root_weight", "project", "bias")
        return Call("gnn.SAGEConv", {**settings, **chosen})


class GINConv(MessagePassing):
    """Each node adds up itself and its neighbours, and sends the sum through a small network of two Linear layers."""

    title = "Graph isomorphism"
    aliases = ("GIN", "Xu", "Weisfeiler-Lehman", "message passing", "GNN")
    samples = (
        Sample({"out_channels": 3, "hidden_channels": 4}, {"x": NODES, "edge_index": EDGES}),
        Sample(
            {"out_channels": 4, "hidden_channels": 2, "eps": 0.5, "train_eps": True},
            {"x": TensorSpec(("T", 3), batch=None), "edge_index": TensorSpec((2, "S"), "int64", None)},
        ),
        Sample({"out_channels": 3, "hidden_channels": 3}, {"x": TensorSpec((5, 2)), "edge_index": EDGES}),
    )

    hidden_channels = Setting(64, "How many features the small network has inside.", minimum=1)
    eps = Setting(0.0, "How much more than a neighbour a node counts itself: 1 + eps times.")
    train_eps = Setting(False, "Whether eps is learned.")

    def output(self, x: Specs, edge_index: Specs) -> TensorSpec:
        x = self._nodes(x)
        self._edges(edge_index)
        return demands.within_reach(self, self._given(x, self.out_channels), self.weights(x), self.width)

    def weights(self, x: TensorSpec, *others: Specs) -> Weights:
        weights: Weights = {
            "nn.0.weight": (self.hidden_channels, demands.features(self, x)),
            "nn.0.bias": (self.hidden_channels,),
            "nn.2.weight": (self.out_channels, self.hidden_channels),
            "nn.2.bias": (self.out_channels,),
        }
        return {"eps": (1,), **weights} if self.train_eps else weights

    def buffers(self, x: TensorSpec, *others: Specs) -> Weights:
        return {} if self.train_eps else {"eps": (1,)}

    def macs(self, x: TensorSpec, *others: Specs) -> int:
        return sum(count(*x.shape[:-1], *shape) for shape in self.weights(x).values() if len(shape) == 2)

    def call(self, x: TensorSpec, *others: Specs) -> Call:
        first = {"in_features": demands.features(self, x), "out_features": self.hidden_channels}
        second = {"in_features": self.hidden_channels, "out_features": self.out_channels}
        inner = Call("nn.Sequential", {}, (Call("nn.Linear", first), Call("nn.ReLU"), Call("nn.Linear", second)))
        return Call("gnn.GINConv", {"nn": inner, **self.changed("eps", "train_eps")})
