"""A run asked about new examples gives the very answers that it gives to the same examples in its own data."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_digits, load_iris
from small_plans import ADAM, CLASSES, IMAGE, apply, conv, dense

from designer.engine.control import Control
from designer.engine.data.load import Data, load
from designer.engine.evaluation.answering import Answering
from designer.engine.network import Network
from designer.engine.training.loop import Trainer
from designer.kept_run import read
from designer.plan import Call, Plan, PlanInput, Ref, Step
from designer.protocol import (
    Column,
    Meaning,
    Predict,
    Predicted,
    Recipe,
    Source,
    Split,
    Target,
    Train,
    decode_event,
    encode,
)

NAMES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


def told(folder: Path, **asked: object) -> Predicted:
    """What a run says, as it comes through the pipe."""
    event = decode_event(encode(Answering().predict(Predict(str(folder), **asked))))  # type: ignore[arg-type]
    assert isinstance(event, Predicted)
    return event


def sound(predicted: Predicted) -> Predicted:
    assert predicted.problem is None, predicted.problem
    return predicted


def own_scores(folder: Path) -> tuple[Data, torch.Tensor]:
    """What the best weights give for the run's own data, without any of what is tested here."""
    from safetensors.torch import load_file

    kept = read(folder)
    data = load(kept.recipe.source, kept.recipe.split)
    network = Network(kept.plan)
    network.load_state_dict(load_file(folder / "best.safetensors"))
    network.eval()
    with torch.inference_mode():
        (output,) = network(*(data.fields[name] for name in kept.recipe.inputs))
    return data, output


def test_a_row_typed_in_is_scaled_as_in_training(iris: Path) -> None:
    flower = load_iris().data[100]
    row = {name: str(value) for name, value in zip(NAMES, flower, strict=True)}
    (answer,) = sound(told(iris, row=row)).answers
    _, scores = own_scores(iris)
    wanted = scores[100].softmax(0)
    assert answer.classes == ("setosa", "versicolor", "virginica")
    assert answer.scores == pytest.approx(wanted.tolist(), abs=1e-5)
    assert answer.text == answer.classes[int(wanted.argmax())]


def test_a_drawn_digit_gives_a_chance_for_each_class(digits: Path) -> None:
    image = load_digits().images[7] / 16
    (answer,) = sound(told(digits, pixels=tuple(image.flatten().tolist()))).answers
    _, scores = own_scores(digits)
    assert answer.scores == pytest.approx(scores[7].softmax(0).tolist(), abs=1e-5)
    assert sum(score or 0 for score in answer.scores) == pytest.approx(1)


def test_an_image_file_of_the_same_pixels_gives_the_same_and_a_folder_a_row_for_each(
    digits: Path, tmp_path: Path
) -> None:
    images = load_digits().images
    for place in (3, 5):
        Image.fromarray((images[place] / 16 * 255).round().astype(np.uint8)).save(tmp_path / f"{place}.png")
    one = sound(told(digits, path=str(tmp_path / "3.png")))
    _, scores = own_scores(digits)
    assert one.answers[0].scores == pytest.approx(scores[3].softmax(0).tolist(), abs=0.01)
    both = sound(told(digits, path=str(tmp_path), out=str(tmp_path / "out.csv")))
    assert both.columns == ("file", "digit", "digit probability")
    assert [row[:2] for row in both.rows] == [("3.png", str(int(scores[3].argmax()))),
                                              ("5.png", str(int(scores[5].argmax())))]  # fmt: skip
    with (tmp_path / "out.csv").open() as file:
        assert [tuple(row) for row in csv.reader(file)] == [both.columns, *both.rows]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A table with a number, a category and a number to predict, and a run on it."""
    home = tmp_path_factory.mktemp("people")
    generator = np.random.default_rng(0)
    table = home / "people.csv"
    with table.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("age", "town", "price"))
        for _ in range(60):
            age, town = int(generator.integers(20, 60)), str(generator.choice(["Bern", "Rome", "Oslo"]))
            rows.writerow((age, town, 1000 + 10 * age + 200 * (town == "Rome")))
    columns = (Column("age"), Column("town", ("Bern", "Oslo", "Rome")))
    fields = {"features": Meaning(columns=columns), "price": Meaning(columns=(Column("price"),))}
    target = Target("answer", "price", Call("nn.MSELoss"), "numbers")
    recipe = Recipe(Source("file", {"path": str(table)}), ("features",), (target,), ADAM, epochs=3, device="cpu",
                    fields=fields)  # fmt: skip
    list(Trainer(Train(dense(4, 1), recipe, str(home / "run"))).run(3, Control()))
    return home / "run", table


def test_a_table_is_read_by_its_columns_names_and_answered_in_the_targets_unit(
    people: tuple[Path, Path], tmp_path: Path
) -> None:
    run, table = people
    data, output = own_scores(run)
    scale = data.scales["price"]
    wanted = (output * scale.deviation + scale.mean)[:, 0].tolist()
    found = sound(told(run, path=str(table)))
    assert found.columns == ("age", "town", "price", "answer")
    assert [float(row[3]) for row in found.rows] == pytest.approx(wanted, rel=1e-3)
    turned = tmp_path / "turned.csv"
    turned.write_text("note;town;age\nx;Rome;41\ny;Bern;30.5\n")
    rows = sound(told(run, path=str(turned), out=str(tmp_path / "out.csv"))).rows
    (alone,) = sound(told(run, row={"town": "Rome", "age": "41"})).answers
    assert rows[0] == ("x", "Rome", "41.0", alone.text)
    assert (tmp_path / "out.csv").read_text().splitlines()[0] == "note,town,age,answer"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("age,town\n30,Bern\n31,Paris\n", 'Row 2 of new.csv has "Paris" in town, where one of Bern, Oslo, Rome'),
        ("age,town\n30,Bern\nold,Rome\n", 'Row 2 of new.csv has "old" in age, where a number must stand'),
        ("age,town\n30,Bern\n,Rome\n", "Row 2 of new.csv has nothing in age"),
        ("age,city\n30,Bern\n", "new.csv lacks town, which the network learned from"),
        ("age,town\n", "has no rows"),
        ("", "new.csv is empty"),
    ],
)
def test_a_bad_table_is_refused_with_its_row_and_column_and_writes_nothing(
    people: tuple[Path, Path], tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "new.csv").write_text(text)
    problem = told(people[0], path=str(tmp_path / "new.csv"), out=str(tmp_path / "out.csv")).problem
    assert problem is not None
    assert words in problem.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


BAD: list[tuple[Callable[[Path], dict[str, object]], str]] = [
    (lambda home: {"path": str(home / "none.csv")}, "There is no file"),
    (lambda home: {"path": str(home / "a.xyz")}, "a.xyz cannot be read"),
    (lambda home: {"path": str(home / "a.png")}, "a.png is no image"),
    (lambda home: {"path": str(home / "b.npz")}, "is 3 for each row, but the network takes 1 x 8 x 8"),
    (lambda home: {"path": str(home / "t.csv")}, "takes 1 x 8 x 8, which is no row of a table"),
    (lambda home: {"path": str(home)}, "a.png is no image"),
    (lambda _: {"pixels": (0.0, 1.0)}, "no image of this size"),
    (lambda _: {"row": {"age": "7"}}, "which is no row of a table"),
]


@pytest.mark.parametrize("case", range(len(BAD)))
def test_what_a_network_on_images_cannot_take_is_refused_in_one_sentence(
    digits: Path, tmp_path: Path, case: int
) -> None:
    (tmp_path / "a.xyz").write_text("x")
    (tmp_path / "a.png").write_text("x")
    (tmp_path / "t.csv").write_text("a\n1\n")
    np.savez(tmp_path / "b.npz", image=np.ones((2, 3)))
    asked, words = BAD[case]
    problem = told(digits, **asked(tmp_path)).problem
    assert problem is not None
    assert words in problem.sentence


def test_arrays_are_taken_by_the_names_of_the_fields(digits: Path, tmp_path: Path) -> None:
    images = load_digits().images[:20, None] / 16
    np.save(tmp_path / "new.npy", images)
    found = sound(told(digits, path=str(tmp_path / "new.npy")))
    _, scores = own_scores(digits)
    assert [row[1] for row in found.rows] == [str(each) for each in scores[:20].argmax(1).tolist()]


def test_a_sequence_is_typed_in_as_its_words_and_answered_place_by_place(tmp_path: Path) -> None:
    words = PlanInput("words", (12,), "int64")
    made: dict[str, Call | Plan | tuple[Plan, ...]] = {
        "embed": Call("nn.Embedding", {"num_embeddings": 24, "embedding_dim": 8}),
        "score": Call("nn.Linear", {"in_features": 8, "out_features": 5}),
    }
    plan = Plan("Tagger", (words,), made, (apply("embed", "words"), apply("score")), (("tags", Ref("x")),))
    tags = ("determiner", "adjective", "noun", "verb", "adverb")
    recipe = Recipe(Source("tagging", {"samples": 100}), ("words",), (Target("tags", "tags", CLASSES, "classes"),),
                    ADAM, epochs=1, device="cpu", fields={"tags": Meaning(tags)})  # fmt: skip
    list(Trainer(Train(plan, recipe, str(tmp_path))).run(1, Control()))
    data, scores = own_scores(tmp_path)
    typed = " ".join(map(str, data.fields["words"][0].tolist()))
    (answer,) = sound(told(tmp_path, row={"words": typed})).answers
    assert answer.text == " ".join(tags[tag] for tag in scores[0].argmax(-1).tolist())
    problem = told(tmp_path, row={"words": "1 2 3"}).problem
    assert problem is not None
    assert "The row has 3 parts in words, but the network takes 12" in problem.sentence


def test_yes_or_no_and_pixels_are_answered_with_their_names(tmp_path: Path) -> None:
    plan = Plan(
        "Yes", (PlanInput("row", (2,)),), {"answer": Call("nn.Linear", {"in_features": 2, "out_features": 1})},
        (apply("answer", "row"), Step("x", Call(".squeeze", {}, (Ref("x"), -1)), "one")), (("answer", Ref("x")),),
    )  # fmt: skip
    target = Target("answer", "class", Call("nn.BCEWithLogitsLoss"), "binary")
    recipe = Recipe(Source("moons"), ("point",), (target,), ADAM, epochs=1, device="cpu")
    list(Trainer(Train(plan, recipe, str(tmp_path / "yes"))).run(1, Control()))
    (answer,) = sound(told(tmp_path / "yes", row={"point 1": "0.5", "point 2": "-1"})).answers
    assert answer.classes == ("no", "yes")
    assert sum(score or 0 for score in answer.scores) == pytest.approx(1)

    images = load(Source("digits"), Split()).fields["image"].numpy()
    np.savez(tmp_path / "pixels.npz", image=images[:100], label=(images[:100, 0] > 0.5).astype(np.int64))
    plan = Plan("Pixels", (IMAGE,), {"conv": conv(1, 2)}, (apply("conv", "image"),), (("mask", Ref("x")),))
    source = Source("file", {"path": str(tmp_path / "pixels.npz"), "columns": {"label": "target"}})
    recipe = Recipe(source, ("image",), (Target("mask", "label", CLASSES, "classes"),), ADAM, epochs=1, device="cpu")
    list(Trainer(Train(plan, recipe, str(tmp_path / "mask"))).run(1, Control()))
    (answer,) = sound(told(tmp_path / "mask", pixels=(0.5,) * 64)).answers
    assert answer.text in ("0 100%", "1 100%") or "%, " in answer.text
    assert answer.shown is not None
    assert answer.shown.shape == (8, 8, 1)
    assert not answer.scores


def test_a_table_of_steps_is_answered_from_every_window_of_it(tmp_path: Path) -> None:
    table = tmp_path / "walk.csv"
    course = [(0.1 * step, float(np.sin(step))) for step in range(60)]
    table.write_text("a,b\n" + "\n".join(f"{a:.3f},{b:.3f}" for a, b in course))
    made: dict[str, Call | Plan | tuple[Plan, ...]] = {
        "flat": Call("nn.Flatten"), "fc": Call("nn.Linear", {"in_features": 10, "out_features": 1})
    }  # fmt: skip
    plan = Plan("Next", (PlanInput("steps", (5, 2)),), made, (apply("flat", "steps"), apply("fc")), (("b", Ref("x")),))
    source = Source("series", {"path": str(table), "length": 5})
    target = Target("b", "b", Call("nn.MSELoss"), "numbers")
    fields = {"steps": Meaning(columns=(Column("a"), Column("b")))}
    recipe = Recipe(source, ("steps",), (target,), ADAM, epochs=1, device="cpu", fields=fields)
    list(Trainer(Train(plan, recipe, str(tmp_path / "run"))).run(1, Control()))
    data, output = own_scores(tmp_path / "run")
    scale = data.scales["b"]
    wanted = (output * scale.deviation + scale.mean)[:, 0].tolist()
    found = sound(told(tmp_path / "run", path=str(table)))
    assert found.total == 56
    assert [float(row[-1]) for row in found.rows][: len(wanted)] == pytest.approx(wanted, rel=1e-3, abs=1e-3)
    table.write_text("a,b\n1,2\n3,4\n")
    problem = told(tmp_path / "run", path=str(table)).problem
    assert problem is not None
    assert "has 2 rows, but the network takes 5 in a row" in problem.sentence
