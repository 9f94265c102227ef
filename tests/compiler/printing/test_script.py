"""The training script: it reproduces the engine's losses, needs no Netwright, and prints nothing it cannot hold."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from reproduced import SAMPLES, assert_reproduced, printed, run_of_engine, sample, small_design

from designer.catalogue import AUGMENTATIONS
from designer.catalogue.losses import LOSSES
from designer.catalogue.optimizers import OPTIMIZERS
from designer.catalogue.schedules import SCHEDULES
from designer.graph.document import Document, Link, Node
from designer.problems import UserError

HERE = {"capture_output": True, "text": True, "timeout": 120}
RICH: dict[str, Any] = {
    "optimizer": {"kind": "SGD", "lr": 0.1, "momentum": 0.9}, "schedule": {"kind": "OneCycleLR"}, "warmup": 5,
    "clip_norm": 0.5, "clip_value": 0.2, "accumulate": 3, "ema": 0.9, "l1": 0.01, "l2": 0.1, "seed": 7, "epochs": 3,
}  # fmt: skip


def ruff(text: str, *how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length=120", *how, "-"]
    return subprocess.run(command, input=text, **HERE)  # type: ignore[call-overload,no-any-return]


def test_a_script_alone_trains_as_the_engine_does_and_predicts(tmp_path: Path) -> None:
    document = sample("iris")
    theirs, finished = run_of_engine(document, tmp_path / "run")
    path = tmp_path / "train.py"
    path.write_text(printed(document), "utf-8")
    assert "designer" not in path.read_text("utf-8")
    asked = "import train; history = train.train(); print(repr((history, train.predict([[5.1, 3.5, 1.4, 0.2]]))))"
    ran = subprocess.run([sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'); {asked}"],
                         cwd=tmp_path, env={"OMP_NUM_THREADS": "1"}, **HERE)  # type: ignore[call-overload]  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    *lines, result = ran.stdout.splitlines()
    ours, answers = eval(result)
    for one, other in zip(ours, theirs, strict=True):
        assert one["train_loss"] == pytest.approx(other["train_loss"], rel=1e-5)
        assert one["validation_loss"] == pytest.approx(other["validation_loss"], rel=1e-5)
    assert lines[0].startswith("epoch 1: train_loss ")
    assert lines[-1].startswith(f"test: loss {finished.metrics['test_loss']:.4f}")
    assert answers[0] in ("setosa", "versicolor", "virginica")


@pytest.mark.parametrize("name", ["diabetes", "digits_cnn", "two_heads", "vae_digits", "siamese"])
def test_the_losses_of_samples_are_reproduced(name: str, tmp_path: Path) -> None:
    assert_reproduced(sample(name), tmp_path)


def test_a_recipe_with_all_there_is_is_reproduced(tmp_path: Path) -> None:
    assert_reproduced(sample("digits_mlp", **RICH), tmp_path)


def test_what_a_design_does_not_use_is_not_printed() -> None:
    plain, rich = printed(sample("iris")), printed(sample("iris", **RICH))
    for word in ("Averages", "ACCUMULATE", "WARMUP", "clip_grad", "penalty", "lr_scheduler", "weights = ["):
        assert word not in plain
        assert word in rich


@pytest.mark.parametrize("training", [{}, RICH], ids=["plain", "rich"])
@pytest.mark.parametrize("name", ["iris", "two_heads"])
def test_a_script_is_clean(name: str, training: dict[str, Any]) -> None:
    found = ruff(printed(sample(name, **training)), "--select=E,F,I,B,UP,SIM,C4")
    assert found.returncode == 0, found.stdout


def test_patience_and_deterministic_runs_end_where_the_engine_ends(tmp_path: Path) -> None:
    optimizer = {"kind": "SGD", "lr": 3.0}
    document = sample("iris", optimizer=optimizer, patience=2, epochs=30, deterministic=True)
    assert_reproduced(document, tmp_path)


def test_without_validation_the_training_loss_decides(tmp_path: Path) -> None:
    document = sample("iris", data={"split": {"validation": 0.0, "test": 0.0}})
    assert_reproduced(document, tmp_path)
    assert "def measure(" not in printed(document)


def test_what_layers_learn_with_is_kept(tmp_path: Path) -> None:
    document = sample("digits_mlp")
    first, *_, last = (node for node in document.nodes.values() if node.layer == "Linear")
    frozen = replace(first, learning={"trainable": False, "init": {"weight": "kaiming_normal_"}})
    held = replace(last, learning={"l1": 0.001, "l2": 0.01})
    document = replace(document, nodes={**document.nodes, first.id: frozen, last.id: held})
    assert "network.penalty()" in printed(document)
    assert_reproduced(document, tmp_path)


def test_bfloat16_is_reproduced(tmp_path: Path) -> None:
    assert_reproduced(sample("iris", precision="bfloat16"), tmp_path, 1e-3)


def test_float16_is_scaled() -> None:
    text = printed(sample("iris", precision="float16", device="cuda:0", clip_norm=1.0))
    assert "scaler.unscale_(optimizer)" in text
    compile(text, "train.py", "exec")


def test_a_prediction_of_numbers_is_in_their_own_units(tmp_path: Path) -> None:
    room = assert_reproduced(sample("diabetes", epochs=5), tmp_path)
    from sklearn.datasets import load_diabetes

    answers = room["predict"](load_diabetes(scaled=False).data[:20])
    assert len(answers) == 20
    assert 50 < sum(answer[0] for answer in answers) / 20 < 300


def test_a_prediction_of_several_outputs_names_them(tmp_path: Path) -> None:
    room = assert_reproduced(sample("two_heads"), tmp_path)
    from sklearn.datasets import load_digits

    answers = room["predict"](load_digits().images[:3])
    assert set(answers) == {"digit", "copy"}
    assert set(answers["digit"]) <= set("0123456789")


def test_a_whole_graph_and_weights_of_files_are_refused() -> None:
    with pytest.raises(UserError, match="one whole graph"):
        printed(sample("karate_gcn"))
    document = sample("iris")
    hidden = replace(document.nodes["hidden"], learning={"load": "weights.safetensors"})
    with pytest.raises(UserError, match="hidden begins with the weights of a file"):
        printed(replace(document, nodes={**document.nodes, "hidden": hidden}))


def test_what_cannot_be_augmented_as_the_run_does_is_refused() -> None:
    flip = {"augment": [{"kind": "RandomHorizontalFlip"}]}
    with pytest.raises(UserError, match="along with its picture"):
        printed(sample("digits_autoencoder", data=flip))
    with pytest.raises(UserError, match="cannot mix"):
        printed(sample("digits_cnn", data={"augment": [{"kind": "RandomMixUpV2"}]}))
    with pytest.raises(UserError, match="single Input"):
        printed(sample("siamese", data=flip))


@pytest.mark.slow
def test_every_augmentation_of_grey_pictures_is_reproduced(tmp_path: Path) -> None:
    for name, kind in AUGMENTATIONS.items():
        if not kind.mixes and kind.channels in (0, 1):
            chosen = [{"kind": name, "p": 0.7}, {"kind": "RandomGaussianNoise"}]
            document = sample("digits_mlp", data={"augment": chosen}, epochs=1)
            assert_reproduced(document, tmp_path / name, 1e-4)


@pytest.mark.slow
def test_every_optimizer_is_reproduced(tmp_path: Path) -> None:
    for name, kind in OPTIMIZERS.items():
        chosen = {"kind": name, **({"lr": 0.05} if kind().lr != 1.0 else {})}
        assert_reproduced(sample("iris", optimizer=chosen), tmp_path / name, 1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("warmup", [0, 7])
def test_every_schedule_is_reproduced(warmup: int, tmp_path: Path) -> None:
    for name in SCHEDULES:
        for optimizer in ("SGD", "Muon"):
            training = {"schedule": {"kind": name}, "optimizer": {"kind": optimizer, "lr": 0.05}, "warmup": warmup}
            chosen = {"step_size": 2} if name == "StepLR" else {"milestones": (1, 3)} if name == "MultiStepLR" else {}
            training["schedule"] = {"kind": name, **chosen, **({"patience": 0} if "Plateau" in name else {})}
            assert_reproduced(sample("iris", epochs=5, **training), tmp_path / f"{name}{optimizer}")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_sample_that_is_no_graph_is_reproduced(name: str, tmp_path: Path) -> None:
    if "karate" not in name:
        assert_reproduced(sample(name), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["wine", "breast_cancer", "moons", "circles", "blobs", "spiral"])
def test_every_table_and_every_cloud_of_points_is_reproduced(key: str, tmp_path: Path) -> None:
    width, classes = {"wine": (13, 3), "breast_cancer": (30, 2), "blobs": (2, 3)}.get(key, (2, 2))
    settings = {} if width > 2 else {"samples": 90, "noise": 0.3, "data_seed": 4}
    room = assert_reproduced(small_design({"source": key, **settings}, (width,), classes, "CrossEntropyLoss"), tmp_path)
    assert len(room["predict"]([[0.5] * width] * 3)) == 3


DIGITS, DIABETES, CANCER = ({"source": key} for key in ("digits", "diabetes", "breast_cancer"))
KINDS: dict[str, tuple[dict[str, str], tuple[int, ...], int, tuple[int, ...]]] = {
    "classes": (DIGITS, (1, 8, 8), 10, ()), "binary": (CANCER, (30,), 1, ()), "numbers": (DIABETES, (10,), 1, ()),
    "nothing": (DIGITS, (1, 8, 8), 4, ()), "GaussianNLLLoss": (DIABETES, (10,), 2, ()),
    "CosineEmbeddingLoss": (CANCER, (30,), 8, (2, 4)), "TripletMarginLoss": (DIGITS, (1, 8, 8), 12, (3, 4)),
}  # fmt: skip
"""For what a loss compares, or for one by name: the data, its shape, the width of the last layer and its shape."""
CHOSEN: dict[str, dict[str, Any]] = {
    "CrossEntropyLoss": {"label_smoothing": 0.1, "balanced": True}, "NLLLoss": {"balanced": True},
    "FocalLoss": {"gamma": 1.0, "balanced": True}, "BCEWithLogitsLoss": {"balanced": True},
    "MultiMarginLoss": {"p": 2, "margin": 0.5}, "HuberLoss": {"delta": 0.5}, "TripletMarginLoss": {"swap": True},
}  # fmt: skip
IMAGES_ALONE = ("PoissonNLLLoss", "KLDivLoss", "CosineSimilarityLoss")
"""Those that take no standardized numbers, or several of them: here the pixels of the image itself."""
SEQUENCES = ("DiceLoss", "CTCLoss")


def design_for(name: str, settings: dict[str, Any]) -> Document:
    """A design with this loss, on data that suits it."""
    kind = LOSSES[name]
    if name in SEQUENCES:
        tagger = sample("lstm_tagger_crf")
        data = {"source": "tagging", "samples": 200}
        nodes = {
            "words": tagger.nodes["words"], "table": Node("table", "Embedding", {"num_embeddings": 24}),
            "scores": Node("scores", "Linear", {"out_features": 5}),
            "tags": Node("tags", "Output", {"loss": name, "loss_settings": settings}),
        }  # fmt: skip
        links = tuple(Link(source, target) for source, target in pairwise(nodes))
        return replace(tagger, nodes=nodes, links=links, data=data, training={"epochs": 2, "device": "cpu"})
    data, shape, width, last = KINDS.get(name) or KINDS[kind.compares]
    if name in IMAGES_ALONE:
        data, shape, width, last = DIGITS, (1, 8, 8), 64, (1, 8, 8)
    document = small_design(data, shape, width, name, **settings)
    before = [Node("fold", "Reshape", {"shape": last})] if last else []
    before += [Node("soft", "LogSoftmax")] if kind.needs else []
    return inserted(document, before, "rows" if name in IMAGES_ALONE else "")


def inserted(document: Document, before: list[Node], target: str) -> Document:
    """Some nodes more before the Output, and the field that it is compared with."""
    nodes = {name: node for name, node in document.nodes.items() if name != "answer"}
    nodes |= {node.id: node for node in before}
    answer = document.nodes["answer"]
    nodes["answer"] = replace(answer, settings={**answer.settings, **({"target": target} if target else {})})
    links = tuple(Link(source, end) for source, end in pairwise(nodes))
    return replace(document, nodes=nodes, links=links)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, kind in LOSSES.items() if kind.trains and name != "BinaryDiceLoss"])
def test_every_loss_is_reproduced(name: str, tmp_path: Path) -> None:
    assert_reproduced(design_for(name, {}), tmp_path / "plain")
    if name in CHOSEN:
        assert_reproduced(design_for(name, CHOSEN[name]), tmp_path / "chosen")
