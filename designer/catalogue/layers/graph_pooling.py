"""Poolings over the nodes of graphs: one row for each graph; torch_geometric makes them."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import MOST_AXES
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step
from designer.catalogue.layers.graph import NODES, X
from designer.catalogue.tensor import Misfit, Specs, TensorSpec


class GraphPooling(Layer):
    """What the poolings over all nodes of a graph have in common; `function` is torch_geometric's."""

    category = "Graph"
    inputs = (
        X,
        Port(
            "batch",
            "The number of the graph that each node belongs to; one graph where nothing is linked.",
            optional=True,
        ),
    )
    samples = (
        Sample({}, {"x": NODES}),
        Sample({}, {"x": NODES, "batch": TensorSpec((5,), "int64", None)}),
        Sample({}, {"x": TensorSpec((5, 2))}),
        Sample({}, {"x": TensorSpec(("T", 3), batch=None), "batch": TensorSpec(("T",), "int64", None)}),
    )
    function: ClassVar[str] = ""

    def output(self, x: Specs, batch: Specs | None = None) -> TensorSpec:
        x = demands.tensor(self, x, "x")
        demands.batch_first(self, x, "x")
        fewest = 2 if x.batch is None else 3
        axes = range(fewest, MOST_AXES + 2) if batch is None else (2,)
        if batch is not None and x.batch is not None:
            raise Misfit(
                f"A batch says which graph each node is of, but {x} holds many examples already.",
                "Set the Input's shape to nodes x features and switch its batched off, or take the link to batch away.",
                code="batch",
                port="batch",
            )
        hint = "Set the Input's shape to nodes x features; switch batched off for one whole graph."
        demands.rank(self, x, axes, "nodes x features", hint, "x")
        demands.dtype(self, x, demands.FLOATS, "x")
        if batch is not None:
            self._check_batch(x, demands.tensor(self, batch, "batch"))
            return TensorSpec(x.shape[1:], x.dtype)
        alone = x.batch is None and x.rank == 2
        return x.with_shape((1, x.shape[1]) if alone else (*x.shape[:-2], x.shape[-1]))

    def forward(self, site: Site, x: TensorSpec, batch: Specs | None = None) -> tuple[Step, ...]:
        of_which = site.inputs["batch"][0] if "batch" in site.inputs else None
        return (Step(site.first, Call(f"gnn.{self.function}", {}, (site.inputs["x"][0], of_which)), site.name),)

    def _check_batch(self, x: TensorSpec, batch: TensorSpec) -> None:
        demands.dtype(self, batch, demands.WHOLE, "batch")
        if batch.batch is not None or batch.shape != x.shape[:1]:
            raise Misfit(
                f"There are {x.shape[0]} nodes, but batch is {batch}.",
                "Link one whole number for each node, without a batch axis.",
                code="shapes",
                port="batch",
            )

    def saved(self, x: TensorSpec, batch: TensorSpec | None = None) -> Saved:
        return Saved(("batch",))


class GraphMeanPool(GraphPooling):
    """Takes the mean of all nodes of a graph: one row for each graph, whatever its size."""

    title, function = "Graph mean pooling", "global_mean_pool"
    aliases = ("global_mean_pool", "readout", "MeanAggregation", "GNN")


class GraphMaxPool(GraphPooling):
    """Takes the largest value of each feature among all nodes of a graph."""

    title, function = "Graph max pooling", "global_max_pool"
    aliases = ("global_max_pool", "readout", "MaxAggregation", "GNN")

    def saved(self, x: TensorSpec, batch: TensorSpec | None = None) -> Saved:
        """The places of the largest; where nodes are of several graphs, what went in and came out."""
        result = self.output(x, batch)
        if batch is None:
            return Saved(own=(replace(result, dtype="int64"),))
        return Saved(("x", "batch"), ("output",), (result,))


class GraphAddPool(GraphPooling):
    """Adds up all nodes of a graph, so that its size stays known."""

    title, function = "Graph sum pooling", "global_add_pool"
    aliases = ("global_add_pool", "readout", "SumAggregation", "GNN")
