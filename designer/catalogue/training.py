"""How a network is trained beside its loss, its optimizer and its schedule: a few settings, each with a default."""

from __future__ import annotations

from collections.abc import Mapping

from designer.catalogue.entry import Entry, Setting


class TrainingSettings(Entry):
    """How long and in which portions it is trained, and what is done on the way."""

    epochs = Setting(10, "How many times all training examples are seen.", minimum=1, maximum=1_000_000)
    batch_size = Setting(32, "How many examples each step looks at.", minimum=1)
    patience = Setting(
        0, "Ends the run after so many epochs without a better validation loss; 0 lets it go on.", minimum=0
    )
    device = Setting("auto", 'Where it is trained: "auto" takes a GPU where there is one; "cpu", "cuda:0".')
    seed = Setting(0, "The number from which all chance is drawn; the same number, the same run.", minimum=0)
    warmup = Setting(0, "Updates over which the learning rate rises to its full size.", minimum=0)
    l1 = Setting(
        0.0, "Adds l1 / m times the sum of |w| to the loss, m training examples: many weights become 0.", minimum=0.0
    )
    l2 = Setting(
        0.0, "Adds l2 / 2m times the sum of w\u00b2 to the loss, m training examples: weights stay small.", minimum=0.0
    )
    ema = Setting(
        0.0, "Measures and keeps the running mean of the weights; 0.999 keeps so much at each update; 0 is off.",
        minimum=0.0, maximum=0.999999,
    )  # fmt: skip
    clip_norm = Setting(
        0.0, "Shortens gradients whose length, all together, is larger; 1 is usual; 0 is off.", minimum=0.0
    )
    clip_value = Setting(0.0, "Cuts every number of a gradient to at most this; 0 is off.", minimum=0.0)
    accumulate = Setting(
        1, "Adds up the gradients of so many batches for one update: a large batch in little memory.", minimum=1
    )
    precision = Setting(
        "float32", "Fewer bits are faster and smaller on a GPU: bfloat16 where it has it, float16 on older ones.",
        choices=("float32", "bfloat16", "float16"),
    )  # fmt: skip
    compile = Setting(
        False, "Lets torch write faster code for the network: the first step takes up to a minute, the others less."
    )
    deterministic = Setting(False, "Only takes operations that give the same numbers each time; some are slower.")


SECTIONS: Mapping[str, tuple[str, ...]] = {
    "How it is trained": ("epochs", "batch_size", "patience", "device"),
    "Against overfitting": ("l1", "l2", "ema"),
    "Gradients": ("clip_norm", "clip_value", "accumulate"),
    "Speed and repeatability": ("precision", "compile", "deterministic", "seed"),
}
"""How the window groups them; `warmup` stands with the schedule."""
