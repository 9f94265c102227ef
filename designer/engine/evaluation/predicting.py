"""What a trained network says of new examples: one typed in or drawn, those of a table, of arrays or of images."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import torch
from torch import Tensor

from designer.engine.evaluation.encoding import encode, lacking, pixels_of, scale_of, windows
from designer.engine.evaluation.fitted import best_weights, state_of
from designer.engine.evaluation.showing import answer_shown
from designer.engine.evaluation.verdict import YES_AND_NO, joined, numbers_text
from designer.engine.failures import fail
from designer.engine.network import Network
from designer.engine.training.figures import finite
from designer.kept_run import KeptRun, read
from designer.own_data.files import FileChoice
from designer.own_data.images import SUFFIXES as PICTURES
from designer.own_data.images import ImageChoice
from designer.own_data.look import ARRAYS, TABLES
from designer.plan import PlanInput
from designer.problems import UserError
from designer.protocol import Answer, Predict, Predicted, Seen, Target

MOST_ROWS = 1000
"""Rows of a file that are told; all of them are written."""
MOST_CLASSES = 200
MODES = {1: "grey", 3: "RGB", 4: "RGBA"}
THREADS = 1
"""Enough for a few examples, and the window stays quick beside it."""


@dataclass(frozen=True, slots=True)
class New:
    """Examples to be asked about: the inputs of the network, and what is known of each, under `columns`."""

    inputs: tuple[Tensor, ...]
    columns: tuple[str, ...] = ()
    rows: Sequence[Sequence[str]] = ()


class Predictor:
    """The network of a run with its best weights, on the CPU."""

    def __init__(self, folder: str, allowed: Collection[str] = ()) -> None:
        self.kept: KeptRun = read(Path(folder))
        self.folder, self.state = folder, state_of(folder)
        if not self.kept.in_batches:
            message = "This network takes one whole graph, so there are no further examples to ask it about."
            raise fail("predict", message, "Evaluate it instead.")
        plan = msgspec.structs.replace(self.kept.plan, loads=())
        with torch.random.fork_rng([]):  # a run that goes on draws its own numbers
            self.network = Network(plan, allowed)
        try:
            self.network.load_state_dict(best_weights(folder))
        except RuntimeError as error:
            message = f"The weights in {folder} are those of another network."
            raise fail("weights", message, "Choose another run.") from error
        self.network.eval()
        outputs = [name for name, _ in plan.outputs]
        self._targets = [(target, outputs.index(target.output)) for target in self.kept.recipe.targets]

    def answer(self, request: Predict) -> Predicted:
        """The answers to a request; raises UserError, Failure or one of `failures.EXPECTED`."""
        if request.path:
            return self._file(request)
        if request.pixels:
            new = self._drawn(request.pixels)
        else:
            missing = lacking(self.kept, {name: [text] for name, text in request.row.items()})
            if missing or not self.kept.row():
                raise UserError(f"The row lacks {missing[0]}." if missing else _no_rows(self.kept))
            new = New(encode(self.kept, {name: [text] for name, text in request.row.items()}, lambda _: "The row"))
        (outputs,) = self._run(new.inputs)
        return Predicted(request.folder, tuple(self._answers(outputs, 0)))

    def _drawn(self, pixels: Sequence[float]) -> New:
        shape = self.kept.picture()
        if shape is None or len(pixels) != shape[0] * shape[1] * shape[2]:
            raise UserError("This network takes no image of this size.")
        return New(pixels_of(self.kept, torch.tensor(pixels).reshape(1, *shape)))

    # Files.

    def _file(self, request: Predict) -> Predicted:
        path = Path(request.path)
        new = self._read(path)
        image = path.suffix.lower() in PICTURES and not path.is_dir()
        answers: tuple[Answer, ...] = ()
        told: list[tuple[str, ...]] = []
        columns = (*new.columns, *self._titles())
        with _Written(request.out, columns) as out:
            row = 0
            for outputs in self._run(new.inputs):
                if image:
                    answers = tuple(self._answers(outputs, 0))
                for place in range(len(outputs[0])):
                    cells = (*new.rows[row], *self._cells(outputs, place))
                    out.write(cells)
                    if row < MOST_ROWS:
                        told.append(cells)
                    row += 1
        return Predicted(request.folder, answers, request.path, columns, tuple(told), row, request.out)

    def _read(self, path: Path) -> New:
        suffix = path.suffix.lower()
        if path.is_dir():
            found = sorted(each for each in path.iterdir() if each.suffix.lower() in PICTURES)
            if not found:
                raise UserError(f"{path} holds no images. Choose another folder.")
            return self._images(found)
        if not path.is_file():
            raise UserError(f"There is no file {path}. Choose another one.")
        if suffix in PICTURES:
            return self._images([path])
        if suffix in TABLES:
            return self._table(path)
        if suffix in ARRAYS:
            return self._arrays(path)
        known = ", ".join((*TABLES, *ARRAYS, *sorted(PICTURES)))
        raise UserError(f"{path.name} cannot be read. Choose one of {known}.")

    def _images(self, paths: Sequence[Path]) -> New:
        """Image files, brought to the network's size as those of the training were."""
        from designer.own_data.pictures import BadImageError, pixels

        shape = self.kept.picture()
        if shape is None:
            raise UserError(f"{paths[0].name} is an image, but this network takes none. Choose a table or arrays.")
        settings = self.kept.recipe.source.settings
        fit = settings.get("fit", "stretch") if self.kept.recipe.source.key in ("images", "masks") else "stretch"
        choice = msgspec.convert({"fit": fit}, ImageChoice)
        images = []
        for path in paths:
            try:
                images.append(pixels(path, shape[1:], MODES[shape[0]], choice))
            except BadImageError as error:
                raise UserError(f"{path} {error}. Leave it out, or mend it.") from error
        inputs = pixels_of(self.kept, np.stack(images).astype(np.float32) / 255)
        return New(inputs, ("file",), [(path.name,) for path in paths])

    def _table(self, path: Path) -> New:
        from designer.own_data.rows import texts_of  # polars takes a moment to import

        if not self.kept.row() and not self.kept.series():
            raise UserError(f"{path.name} is a table. {_no_rows(self.kept)}")
        settings = {key: self.kept.recipe.source.settings.get(key, "auto") for key in ("decimal", "header")}
        cells = texts_of(str(path), msgspec.convert(settings, FileChoice))
        missing = lacking(self.kept, cells)
        if missing:
            names = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
            raise UserError(f"{path.name} lacks {names}, which the network learned from. Choose another table.")
        rows = list(zip(*([text or "" for text in column] for column in cells.values()), strict=True))
        if not rows:
            raise UserError(f"{path.name} has no rows. Choose another table.")

        def where(row: int) -> str:
            return f"Row {row + 1:,} of {path.name}"

        if self.kept.row():
            return New(encode(self.kept, cells, where), tuple(cells), rows)
        steps = windows(self.kept, cells, where)
        # The answer stands behind the last row of what it was given.
        return New((steps,), tuple(cells), rows[len(rows) - len(steps) :])

    def _arrays(self, path: Path) -> New:
        from designer.own_data.arrays import load

        arrays = load(str(path))
        pairs = list(zip(self.kept.plan.inputs, self.kept.recipe.inputs, strict=True))
        inputs = []
        for given, field in pairs:
            only = next(iter(arrays.values())) if len(arrays) == len(pairs) == 1 else None
            array = arrays.get(field, only)
            if array is None:
                raise UserError(f"{path.name} has no array {field}, which the network takes.")
            inputs.append(self._array(path, given, field, array))
        if len({len(values) for values in inputs}) != 1 or not len(inputs[0]):
            raise UserError(f"The arrays of {path.name} must have as many rows each, at least one.")
        return New(tuple(inputs), ("row",), [(str(row),) for row in range(1, len(inputs[0]) + 1)])

    def _array(self, path: Path, given: PlanInput, field: str, array: np.ndarray) -> Tensor:
        if array.dtype.kind not in "iufb" or not np.isfinite(array.astype(np.float64)).all():
            raise UserError(f"{field} of {path.name} must hold finite numbers alone.")
        if array.ndim == 1 and given.shape == (1,):
            array = array[:, None]
        fits = array.ndim == len(given.shape) + 1 and all(
            isinstance(wanted, str) or wanted == length
            for wanted, length in zip(given.shape, array.shape[1:], strict=True)
        )
        if not fits:
            here, there = (" x ".join(map(str, shape)) or "a number" for shape in (array.shape[1:], given.shape))
            raise UserError(f"{field} of {path.name} is {here} for each row, but the network takes {there}.")
        if given.dtype == "int64":
            return torch.from_numpy(array.astype(np.int64))
        values = torch.from_numpy(array.astype(np.float32))
        if array.dtype == np.uint8 and array.ndim > 2:
            values /= 255
        mean, deviation = scale_of(self.kept, field)
        return (values - mean) / deviation

    # The answers.

    def _run(self, inputs: tuple[Tensor, ...]) -> Iterator[list[Tensor]]:
        """The outputs that were compared with something, batch after batch; scores of classes stand on the last axis
        and add up to one, numbers are in the data's own units.
        """
        size = 4 * self.kept.recipe.batch_size
        threads = torch.get_num_threads()
        torch.set_num_threads(THREADS if len(inputs[0]) <= size else threads)
        try:
            for start in range(0, len(inputs[0]), size):
                with torch.inference_mode():
                    outputs = self.network(*(values[start : start + size] for values in inputs))
                    ready = [self._made_ready(target, outputs[place]) for target, place in self._targets]
                yield ready
        finally:
            torch.set_num_threads(threads)

    def _made_ready(self, target: Target, output: Tensor) -> Tensor:
        if target.compares == "classes":
            axis = _class_axis(output, len(self.kept.meaning(target.field).classes))
            return output.float().movedim(axis, -1).softmax(-1)
        if target.compares == "binary":
            return output.float().sigmoid()
        if target.compares == "numbers":
            mean, deviation = scale_of(self.kept, target.field)
            if mean.numel() == output[0].numel():
                mean, deviation = mean.reshape(output.shape[1:]), deviation.reshape(output.shape[1:])
            return output.float() * deviation + mean
        return output

    def _names(self, target: Target, count: int) -> tuple[str, ...]:
        known = self.kept.meaning(target.field).classes
        if target.compares == "binary":
            return known if len(known) == 2 else YES_AND_NO
        return (*known[:count], *(str(number) for number in range(len(known), count)))

    def _answers(self, outputs: Sequence[Tensor], place: int) -> Iterator[Answer]:
        for (target, _), output in zip(self._targets, outputs, strict=True):
            values = output[place]
            shown = self._shown(target, values)
            # An image of numbers is looked at, not read.
            text = "" if shown is not None and target.compares == "numbers" else self._said(target, values)[0]
            names: tuple[str, ...] = ()
            scores: list[float] = []
            if target.compares == "classes" and values.dim() == 1 and len(values) <= MOST_CLASSES:
                names, scores = self._names(target, len(values)), values.tolist()
            elif target.compares == "binary" and values.numel() == 1:
                names, scores = self._names(target, 2), [1 - float(values), float(values)]
            yield Answer(target.output, text, names, tuple(map(finite, scores)), shown)

    def _shown(self, target: Target, values: Tensor) -> Seen | None:
        if target.compares == "classes" and values.dim() == 3:
            return answer_shown(target.output, values.argmax(-1), values.shape[-1])
        if target.compares == "binary" and values.numel() > 1:
            return answer_shown(target.output, (values > 0.5).float())
        return answer_shown(target.output, values) if target.compares == "numbers" else None

    def _titles(self) -> Iterator[str]:
        for target, _ in self._targets:
            yield target.output
            if target.compares in ("classes", "binary"):
                yield f"{target.output} probability"

    def _cells(self, outputs: Sequence[Tensor], place: int) -> Iterator[str]:
        for (target, _), output in zip(self._targets, outputs, strict=True):
            text, sure = self._said(target, output[place])
            yield text
            if target.compares in ("classes", "binary"):
                yield f"{sure:.4f}" if sure is not None else ""

    def _said(self, target: Target, values: Tensor) -> tuple[str, float | None]:
        """What an output says of one example as text, and how sure it is."""
        if target.compares == "classes":
            names = self._names(target, values.shape[-1])
            if values.dim() == 1:
                best = int(values.argmax())
                return names[best], float(values[best])
            answers = values.argmax(-1)
            if answers.dim() > 1:
                return _shares(answers, names), None
            return joined([names[answer] for answer in answers.tolist()], names), None
        if target.compares == "binary":
            no, yes = self._names(target, 2)
            if values.numel() == 1:
                chance = float(values)
                return (yes, chance) if chance > 0.5 else (no, 1 - chance)
            return _shares((values > 0.5).long(), (no, yes)), None
        if target.compares == "labels":
            names = self.kept.meaning(target.field).classes
            labels = values.flatten().tolist()
            return " ".join(names[label] if 0 <= label < len(names) else str(label) for label in labels), None
        return numbers_text(values), None


def _shares(answers: Tensor, names: Sequence[str]) -> str:
    """How much of an image each class takes, the largest first."""
    counts = answers.flatten().bincount(minlength=len(names)).tolist()
    found = sorted(((count, name) for count, name in zip(counts, names, strict=True) if count), reverse=True)
    return ", ".join(f"{name} {count / answers.numel():.0%}" for count, name in found)


def _class_axis(output: Tensor, classes: int) -> int:
    """Where the scores of the classes stand: behind the steps of a sequence, before the pixels of an image."""
    if output.dim() == 3 and (not classes or output.shape[-1] == classes):
        return -1
    return 1


def _no_rows(kept: KeptRun) -> str:
    takes = ", ".join(" x ".join(map(str, given.shape)) for given in kept.plan.inputs)
    return f"This network takes {takes}, which is no row of a table. Give it images or arrays."


class _Written:
    """The file that answers are written to, where one is asked for; whole or not at all."""

    def __init__(self, out: str, columns: Sequence[str]) -> None:
        self._target = Path(out) if out else None
        self._columns = columns

    def __enter__(self) -> _Written:
        if self._target is not None:
            self._part = self._target.with_name(f"{self._target.name}.part")
            try:
                self._file = self._part.open("w", encoding="utf-8", newline="")
            except OSError as error:
                text = f"{self._target} cannot be written: {error.strerror}. Choose another place."
                raise UserError(text) from error
            self._rows = csv.writer(self._file)
            self._rows.writerow(self._columns)
        return self

    def write(self, cells: Sequence[str]) -> None:
        """Writes one row."""
        if self._target is not None:
            self._rows.writerow(cells)

    def __exit__(self, kind: object, *_rest: object) -> None:
        if self._target is not None:
            self._file.close()
            if kind is None:
                self._part.replace(self._target)
            else:
                self._part.unlink(missing_ok=True)
