"""A table of the user's own as a script reads it, with Python's csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from designer.catalogue.own_data import FileFacts
from designer.compiler.printing.expression import listed, value_text
from designer.compiler.printing.script.part import WIDTH, Part, part
from designer.compiler.printing.script.sources import TENSOR, SourcePart
from designer.own_data.content import SPLITS
from designer.own_data.folder import SPLIT_NAMES
from designer.own_data.layout import Layout
from designer.own_data.layout import Part as ColumnPart
from designer.own_data.manner import GAPS, manner
from designer.problems import UserError
from designer.protocol import Source

WRITTEN = (".csv", ".tsv")
TRUTHS = frozenset({"false", "true"})
MAPPING = "from collections.abc import Iterable, Mapping"


def table_part(source: Source, facts: FileFacts) -> SourcePart:
    """The part of a table in a text file; raises UserError where a script cannot read it yet."""
    layout, path = facts.layout, Path(str(source.settings["path"]))
    _refuse(layout, path)
    together = [each for each in layout.features if not each.apart]
    apart = [each for each in layout.features if each.apart]
    labels = layout.targets[0].taken == "category"
    constants = [
        Part(f"DATA = Path({value_text(str(path), {})})", frozenset({"from pathlib import Path"})),
        *([_splits()] if layout.given is not None else []),
        *([_columns(together)] if together else []),
        *(_values(f"VALUES_{place}", each) for place, each in enumerate(apart, 1)),
        *([_values("LABELS", layout.targets[0])] if labels else []),
    ]
    made = {layout.feature: "features_of(given)"} if together else {}
    for place, each in enumerate(apart, 1):
        made[each.column.name] = _places(f"VALUES_{place}", each, "given")
    standardized: dict[str, tuple[int, ...]] = {} if labels else {layout.target: ()}
    if together:
        standardized |= {layout.feature: tuple(_one_hot(together))}
    parts = [_read_rows(source, path, layout)]
    if together or not labels or layout.lacking:
        parts.append(_encoded(_number(source, path), together))
    if together:
        parts.append(_features_of())
    parts.append(_load(layout, made, labels))
    return SourcePart(
        tuple(parts), (), layout.target, labels, standardized, "rows: Iterable[Mapping[str, object]]",
        "rows of a table, by column, as read_rows gives them of a file", made, _example(layout), frozenset({MAPPING}),
        tuple(constants),
        splits=layout.given is not None,
        validates=bool(layout.given and layout.given["validation"]),
        ready=("given = [{name: str(value) for name, value in row.items()} for row in rows]",),
    )  # fmt: skip


def _refuse(layout: Layout, path: Path) -> None:
    name = layout.look.name
    if path.suffix.lower() not in WRITTEN:
        raise UserError(f"A training script reads tables in text files (CSV, TSV) only, which {name} is not.")
    if layout.given is not None and not layout.split_column:
        raise UserError(f"A training script reads one file, but {name} has others beside it. Put them in one table.")
    if layout.lacking_used > layout.lacking:
        raise UserError(f"A training script cannot fill the gaps of {name} yet. Set missing to drop.")
    for each in layout.features:
        if each.taken == "text":
            raise UserError(f"A training script cannot read the sentences of {each.column.name} yet. Ignore it.")
    names = [each.column.name for each in layout.parts]
    if any("_duplicated_" in each for each in names):
        raise UserError(f"Several columns of {name} have the same name. Give each one of its own.")


def _columns(parts: list[ColumnPart]) -> Part:
    """The features that stand side by side: of each category its values, of a number nothing."""
    lines = [f"    {value_text(each.column.name, {})}: {_tuple(each.classes)}," for each in parts]
    return Part("\n".join(("COLUMNS = {  # of each category its values", *lines, "}")))


def _splits() -> Part:
    """How a split may be called in a table, and its number."""
    items = [f'"{word}": {SPLITS.index(name)}' for word, name in SPLIT_NAMES.items()]
    return Part("\n".join(listed("SPLITS_BY_NAME = {", items, "}", WIDTH)))


def _tuple(words: tuple[str, ...]) -> str:
    return value_text(words, {}) if words else "()"


def _values(name: str, each: ColumnPart) -> Part:
    texts = [value_text(word, {}) for word in each.classes]
    return Part("\n".join(listed(f"{name} = (", texts if len(texts) != 1 else [f"{texts[0]},"], ")", WIDTH)))


def _one_hot(parts: list[ColumnPart]) -> Iterator[int]:
    """The places of what is no measure."""
    place = 0
    for each in parts:
        width = len(each.classes) or 1
        if each.taken != "number":
            yield from range(place, place + width)
        place += width


def _word(each: ColumnPart, row: str) -> str:
    """The text of a category in a row, in the form that its values have."""
    text = f"{row}[{value_text(each.column.name, {})}]"
    if each.column.kind == "whole":
        return f"str(int({text}))"
    return f"{text}.lower()" if set(each.classes) <= TRUTHS else text


def _places(values: str, each: ColumnPart, rows: str) -> str:
    return f"torch.tensor([{values}.index({_word(each, 'row')}) for row in {rows}])"


def _number(source: Source, path: Path) -> str:
    """How a number is written: the text that reads `text`."""
    decimal = source.settings.get("decimal", "auto")
    if decimal == ",":
        return 'float(text.replace(".", "").replace(",", ".", 1))'
    separator, _ = _manner(path)
    return "float(text)" if decimal == "." or separator == "," else 'float(text.replace(",", ".", 1))'


def _encoded(number: str, together: list[ColumnPart]) -> Part:
    """The function that encodes a cell; a whole number that is a category may be written in several ways."""
    chosen = [each for each in together if each.taken != "number"]
    word = "text"
    if any(each.column.kind == "whole" for each in chosen):
        word = "text if text in values else str(int(text))"
    elif any(set(each.classes) <= TRUTHS for each in chosen):
        word = "text if text in values else text.lower()"
    place = "values.index(text)" if word == "text" else f"values.index({word})"
    return part(
        (
            "def encoded(text: str, values: tuple[str, ...]) -> list[float]:",
            '    """A number as it is, and a category as a 1 among zeros."""',
            "    if not values:",
            f"        return [{number}]",
            f"    chosen = {place}",
            "    return [float(place == chosen) for place in range(len(values))]",
        )
    )


def _features_of() -> Part:
    return part(
        (
            "def features_of(rows: list[dict[str, str]]) -> Tensor:",
            '    """The features of some rows, side by side."""',
            "    return torch.tensor([",
            "        [number for name, values in COLUMNS.items() for number in encoded(row[name], values)]",
            "        for row in rows",
            "    ])",
        ),
        *TENSOR,
    )


def _manner(path: Path) -> tuple[str, bool]:
    """The separator of a table, and whether its first line names the columns; raises UserError where it is gone."""
    try:
        return manner(str(path))
    except OSError as error:
        raise UserError(f"{path.name} cannot be read: {error.strerror}. Choose the file anew.") from error


def _read_rows(source: Source, path: Path, layout: Layout) -> Part:
    separator, named = _manner(path)
    wish = source.settings.get("header", "auto")
    fields = []
    if not (named if wish == "auto" else wish == "yes"):
        fields = [f"fieldnames={value_text(tuple(each.column.name for each in layout.parts), {})}"]
    reader = ", ".join(["file", *fields, *([f"delimiter={value_text(separator, {})}"] if separator != "," else [])])
    return part(
        (
            "def read_rows(path: Path) -> list[dict[str, str]]:",
            '    """The rows of a table, as texts by column."""',
            '    with path.open(encoding="utf-8-sig", newline="") as file:',
            "        return [",
            '            {name.strip(): (text or "").strip() for name, text in row.items()}',
            f"            for row in csv.DictReader({reader})",
            "        ]",
        ),
        "import csv", "from pathlib import Path",
    )  # fmt: skip


def _load(layout: Layout, made: Mapping[str, str], labels: bool) -> Part:
    target = layout.targets[0]
    if labels:
        answer = _places("LABELS", target, "rows")
    else:
        numbers = ", ".join(f"*encoded(row[{value_text(each.column.name, {})}], ())" for each in layout.targets)
        answer = f"torch.tensor([[{numbers}] for row in rows])"
    lines = ["    rows = read_rows(DATA)"]
    split = value_text(layout.split_column, {})
    places = f"np.array([SPLITS_BY_NAME[row[{split}].lower()] for row in rows])"
    if layout.lacking:
        lines += [
            f"    gaps = {_tuple(GAPS)}",
            f"    used = {_tuple(layout.used)}",
            "    rows = [row for row in rows if not any(row[name] in gaps for name in used)]",
        ]
        measured = tuple(each.column.name for each in layout.parts if each.role != "ignore" and each.taken == "number")
        if measured:
            finite = "math.isfinite(encoded(row[name], ())[0])"
            lines += [
                f"    numbers = {_tuple(measured)}",
                f"    rows = [row for row in rows if all({finite} for name in numbers)]",
            ]
    lacking = " that lack nothing" if layout.lacking else ""
    return part(
        (
            f"def load_data() -> {'tuple[Examples, np.ndarray]' if layout.given else 'Examples'}:",
            f'    """The rows of the table{lacking}, in the data\'s own units."""',
            *lines,
            f"    {'data =' if layout.given is not None else 'return'} {{",
            *(
                f'        "{name}": {text.replace("(given)", "(rows)").replace("in given", "in rows")},'
                for name, text in made.items()
            ),
            f'        "{layout.target}": {answer},',
            "    }",
            *([f"    return data, {places}"] if layout.given else []),
        ),
        *(["import math"] if layout.lacking else []),
        *(["import numpy as np"] if layout.given else []),
        *TENSOR,
    )


def _example(layout: Layout) -> str:
    shown = [f"{value_text(each.column.name, {})}: {value_text((each.classes or ('1.5',))[0], {})}" for each in
             layout.features[:3]]  # fmt: skip
    more = ", ..." if len(layout.features) > 3 else ""
    return f"[{{{', '.join(shown)}{more}}}]"
