"""What is added to the scores of attention by where two positions stand: learned numbers, or a mask."""

from __future__ import annotations

from designer.catalogue import demands
from designer.catalogue.attention_masks import HIDDEN
from designer.catalogue.entry import Setting
from designer.catalogue.layer import Call, Layer, Sample, Saved, Site, Step, Weights, sample
from designer.catalogue.layers.positional import OnPositions
from designer.catalogue.tensor import Misfit, Specs, TensorSpec


class CausalMask(OnPositions):
    """Gives what hides all later positions from each position of a sequence once it is added to the scores."""

    keeps, stops_gradients = "nothing", True
    title, category = "Causal mask", "Attention"
    aliases = ("look-ahead mask", "subsequent mask", "triangular", "autoregressive", "decoder", "GPT")
    samples = (
        sample((5, 8)),
        sample(("T", 3)),
        sample(TensorSpec((4, 2), "int64", None)),
        sample((2, 6, 1)),
    )

    def output(self, x: Specs) -> TensorSpec:
        x = self._sequence(x)
        return demands.within_reach(self, TensorSpec((x.shape[-2], x.shape[-2]), batch=None), {})

    def forward(self, site: Site, x: TensorSpec) -> tuple[Step, ...]:
        length = Call("[]", positional=(Call(".shape", positional=(site.x,)), -2))
        device = Call(".device", positional=(site.x,))
        pairs = Call("torch.full", {"device": device}, ((length, length), HIDDEN))
        return (Step(site.first, Call(".triu", {"diagonal": 1}, (pairs,)), site.name),)


class RelativePositionBias(OnPositions):
    """Gives each pair of positions of a sequence a learned number by how far apart they are, for every head."""

    title, category = "Relative position bias", "Attention"
    aliases = ("T5", "relative attention bias", "buckets", "position", "distance")
    samples = (
        sample((5, 8)),
        sample(("T", 3), num_heads=2, num_buckets=5, max_distance=6, bidirectional=False),
        sample(TensorSpec((300, 2), "int64", None), num_heads=1),
        sample((2, 6, 1), num_heads=3, num_buckets=4, max_distance=2),
    )

    num_heads = Setting(8, "How many heads the attention has, each with numbers of its own.", minimum=1)
    num_buckets = Setting(
        32, "Into how many classes distances are sorted: near ones alone, far ones together.", minimum=4
    )
    max_distance = Setting(128, "From this distance on, all are in one class.", minimum=1)
    bidirectional = Setting(True, "Off for text that is read forwards alone: all later positions are in one class.")

    def output(self, x: Specs) -> TensorSpec:
        x = self._sequence(x)
        alone = (self.num_buckets // 2 if self.bidirectional else self.num_buckets) // 2
        if self.max_distance <= alone:
            raise Misfit(
                f"Distances up to {alone} have classes of their own, so a max_distance of {self.max_distance} is "
                "too near.",
                f"Take a max_distance above {alone}, or fewer num_buckets.",
                "max_distance",
                suggest=4 * alone,
            )
        result = TensorSpec((self.num_heads, x.shape[-2], x.shape[-2]), batch=None)
        return demands.within_reach(self, result, self.weights(x), "num_heads")

    def weights(self, x: TensorSpec) -> Weights:
        return {"weight": (self.num_buckets, self.num_heads)}

    def call(self, x: TensorSpec) -> Call:
        changed = self.changed("num_buckets", "max_distance", "bidirectional")
        return Call("modules.RelativePositionBias", {"num_heads": self.num_heads, **changed})

    def saved(self, x: TensorSpec) -> Saved:
        """The class of each pair."""
        return Saved(own=(TensorSpec((x.shape[-2], x.shape[-2]), "int64", None),))

    def badge(self) -> str:
        return f"{self.num_heads} heads" if self.num_heads > 1 else "1 head"


class WindowPositionBias(Layer):
    """Gives each pair of places in a window of an image a learned number by how they lie, for every head."""

    title, category = "Window position bias", "Attention"
    aliases = ("Swin", "relative position bias table", "shifted windows", "position")
    inputs = ()
    samples = (
        Sample(),
        Sample({"window_size": (2, 3), "num_heads": 2}),
        Sample({"window_size": 1, "num_heads": 1}),
    )

    window_size: Setting[int | tuple[int, int]] = Setting(
        7, "Side of the window; one number or (height, width).", minimum=1, maximum=256, sizes=2
    )
    num_heads = Setting(3, "How many heads the attention has, each with numbers of its own.", minimum=1)

    def output(self) -> TensorSpec:
        height, width = self._sides()
        result = TensorSpec((self.num_heads, height * width, height * width), batch=None)
        return demands.within_reach(self, result, self.weights(), "window_size")

    def weights(self) -> Weights:
        height, width = self._sides()
        return {"weight": ((2 * height - 1) * (2 * width - 1), self.num_heads)}

    def call(self) -> Call:
        return Call("modules.WindowPositionBias", {"window_size": self.window_size, "num_heads": self.num_heads})

    def saved(self) -> Saved:
        """Nothing of its own: which number belongs to which pair is held anyway."""
        return Saved()

    def badge(self) -> str:
        return "x".join(map(str, self._sides()))

    def _sides(self) -> tuple[int, int]:
        return self.window_size if isinstance(self.window_size, tuple) else (self.window_size, self.window_size)
