"""Layers that stand for distributions: they draw from them, or choose what is most likely as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from designer.catalogue import demands
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Port, Sample, Saved, Site, Step, Weights
from designer.catalogue.tensor import Misfit, Specs, TensorSpec, total
from designer.plan import UNUSED, Value


class Reparameterize(Layer):
    """Draws a code at random around a mean in a way that gradients can flow through: the heart of a VAE."""

    title, category = "Reparameterize", "Probability"
    aliases = ("VAE", "variational", "sampling", "reparameterization trick", "KL divergence", "latent")
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("mean", "Where each number lies on average."),
        Port("log_variance", "The logarithm of its variance, of the same shape."),
    )
    outputs = (
        Port("sample", "A draw while training; the mean in use."),
        Port("kl", "One number an example: the Kullback-Leibler divergence to mean 0 and variance 1."),
    )
    samples = (
        Sample({}, {"mean": TensorSpec((8,)), "log_variance": TensorSpec((8,))}),
        Sample({"always_sample": True}, {"mean": TensorSpec((2, "T")), "log_variance": TensorSpec((2, "T"))}),
        Sample({}, {"mean": TensorSpec((), "float64"), "log_variance": TensorSpec((), "float64")}),
        Sample({}, {"mean": TensorSpec((3, 2), batch=None), "log_variance": TensorSpec((3, 2), batch=None)}),
    )

    always_sample = Setting(False, "Whether it draws in use too, instead of giving the mean.")

    def output(self, mean: Specs, log_variance: Specs) -> dict[str, Specs]:
        mean = demands.tensor(self, mean, "mean")
        other = demands.tensor(self, log_variance, "log_variance")
        for port, spec in (("mean", mean), ("log_variance", other)):
            demands.batch_first(self, spec, port)
            demands.dtype(self, spec, demands.FLOATS, port)
        if mean != other:
            raise Misfit(
                f"Reparameterize needs a log_variance like the mean, {mean}, but {other} comes in.",
                "Let both come from layers of the same width.",
                code="shapes",
                port="log_variance",
            )
        demands.rank(self, mean, range(1, 20), "examples along the first axis", "Put a Reshape in front.", "mean")
        examples = mean.shape[:1] if mean.batch is None else ()
        return {"sample": mean, "kl": mean.with_shape(examples)}

    def call(self, mean: TensorSpec, log_variance: TensorSpec) -> Call:
        return Call("modules.Reparameterize", self.changed("always_sample"))

    def forward(self, site: Site, mean: TensorSpec, log_variance: TensorSpec) -> tuple[Step, ...]:
        result = site.outputs.get("sample", UNUSED), site.outputs.get("kl", UNUSED)
        return (Step(result, site.module(), site.name),)

    def saved(self, mean: TensorSpec, log_variance: TensorSpec) -> Saved:
        """The mean; the spread, what was drawn, and the variance."""
        return Saved(("mean",), own=(mean, mean, mean))


class CRF(Layer):
    """Chooses the tags of a whole sequence together, since which tag follows which is learned too."""

    title, category = "Conditional random field", "Probability"
    aliases = ("CRF", "linear chain", "Viterbi", "sequence tagging", "structured prediction", "NER", "named entities")
    inputs: ClassVar[tuple[Port, ...]] = (
        Port("emissions", "A score for each tag at each step: N x steps x tags."),
        Port("tags", "The right tags, int64; wanted for nll alone.", optional=True),
        Port("mask", "True where a sequence has a step; the first step counts always.", optional=True),
    )
    outputs = (
        Port("tags", "The best sequence of tags; 0 where there is no step."),
        Port("nll", "One number an example: the negative log-likelihood of the right tags.", needs="tags"),
    )
    samples = (
        Sample({}, {"emissions": TensorSpec((4, 3)), "tags": TensorSpec((4,), "int64")}),
        Sample({}, {"emissions": TensorSpec(("T", 2))}),
        Sample(
            {},
            {
                "emissions": TensorSpec((3, 4), "float64"),
                "tags": TensorSpec((3,), "int64"),
                "mask": TensorSpec((3,), "bool"),
            },
        ),
        Sample({}, {"emissions": TensorSpec((3, 4)), "mask": TensorSpec((3,), "bool")}),
    )

    def output(self, emissions: Specs, tags: Specs | None = None, mask: Specs | None = None) -> dict[str, Specs]:
        x = demands.tensor(self, emissions, "emissions")
        demands.batch_first(self, x, "emissions")
        hint = "Put a Reshape in front that makes steps and tags."
        demands.rank(self, x, (3,), "a sequence of steps x tags", hint, "emissions")
        demands.dtype(self, x, demands.FLOATS, "emissions")
        if demands.features(self, x, "emissions") < 2:
            raise Misfit(
                "CRF chooses among two tags or more, but a score for one comes in.",
                "Let the layer before it give a score for each tag.", code="width", port="emissions",
            )  # fmt: skip
        steps = TensorSpec(x.shape[:-1], "int64", x.batch)
        for port, other, dtype in (("tags", tags, "int64"), ("mask", mask, "bool")):
            if other is not None:
                self._check_steps(steps, demands.tensor(self, other, port), dtype, port)
        found: dict[str, Specs] = {"tags": steps}
        if tags is not None:
            shape = x.shape[:1] if x.batch is None else ()
            found["nll"] = TensorSpec(shape, "float64" if x.dtype == "float64" else "float32", x.batch)
        return found

    def _check_steps(self, steps: TensorSpec, other: TensorSpec, dtype: str, port: str) -> None:
        demands.dtype(self, other, (dtype,), port)
        if (other.shape, other.batch) != (steps.shape, steps.batch):
            wanted = TensorSpec(steps.shape, dtype, steps.batch)
            raise Misfit(
                f"CRF needs {port} for each step, {wanted}, but {other} comes in.",
                "Link what has one value a step.", code="shapes", port=port,
            )  # fmt: skip

    def weights(self, emissions: TensorSpec, tags: Specs | None = None, mask: Specs | None = None) -> Weights:
        count = demands.features(self, emissions, "emissions")
        return {"start_transitions": (count,), "end_transitions": (count,), "transitions": (count, count)}

    def call(self, emissions: TensorSpec, tags: Specs | None = None, mask: Specs | None = None) -> Call:
        return Call("modules.CRF", {"tags": demands.features(self, emissions, "emissions")})

    def forward(
        self, site: Site, emissions: TensorSpec, tags: Specs | None = None, mask: Specs | None = None
    ) -> tuple[Step, ...]:
        extra: dict[str, Value] = {port: site.inputs[port][0] for port in ("tags", "mask") if port in site.inputs}
        result = site.outputs.get("tags", UNUSED), site.outputs.get("nll", UNUSED)
        return (Step(result, Call(f"self.{site.name}", extra, (site.x,)), site.name),)

    def saved(self, emissions: TensorSpec, tags: Specs | None = None, mask: Specs | None = None) -> Saved:
        """Against known tags, the scores of all pairs of labels at every step but the first, and what is picked."""
        if tags is None:
            return Saved()
        steps, labels = emissions.shape[-2], demands.features(self, emissions, "emissions")
        each = emissions.with_shape((*emissions.shape[:-2], total((steps, -1)), labels * (labels + 1)))
        places = replace(emissions.with_shape(emissions.shape[:-1]), dtype="int64")
        last = emissions.with_shape((*emissions.shape[:-2], labels))
        return Saved(("emissions",), own=(each, last, places, places, *(replace(places, dtype="bool"),) * 3))
