"""Sequences in a table: one answer for each, one for each step, or what comes next in a series over time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_sources import facts_of, loaded, refusal

from designer.problems import UserError
from designer.protocol import Split

WALKS = """walk,speed,foot,kind
a,1,left,slow
b,5,right,fast
a,2,right,slow
b,6,left,fast
b,7,right,fast
c,3,left,slow
"""


def written(folder: Path, text: str = WALKS, name: str = "walks.csv") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def in_units(data: object, name: str) -> torch.Tensor:
    """A field before it was standardized."""
    scale = data.scales[name]  # type: ignore[attr-defined]
    found: torch.Tensor = data.fields[name] * scale.deviation + scale.mean  # type: ignore[attr-defined]
    return found


def test_an_answer_that_never_changes_is_that_of_the_whole_sequence(tmp_path: Path) -> None:
    facts, data = loaded("series", written(tmp_path), Split(0, 0), sequence="walk")
    assert facts.examples == 3
    assert facts.fields["steps"].spec.shape == (3, 3)
    assert facts.fields["kind"].classes == ("fast", "slow")
    assert data.fields["kind"].tolist() == [1, 0, 1]
    speeds = in_units(data, "steps")[..., 0]
    torch.testing.assert_close(speeds, torch.tensor([[1.0, 2, 4], [5, 6, 7], [3, 4, 4]]))  # 4, the mean, fills up
    assert data.fields["steps"][2, :, 1:].tolist() == [[1, 0], [0, 0], [0, 0]]
    assert data.fields["steps"][0, 2].tolist() == [0, 0, 0]


def test_long_sequences_are_cut_and_that_is_told(tmp_path: Path) -> None:
    facts, data = loaded("series", written(tmp_path), Split(0, 0), sequence="walk", length=2)
    assert data.fields["steps"].shape == (3, 2, 3)
    assert facts.content.notes == ("1 rows beyond 2 steps are left out.",)


def test_each_step_may_have_an_answer_of_its_own(tmp_path: Path) -> None:
    facts, data = loaded(
        "series", written(tmp_path), Split(0, 0), sequence="walk", columns={"foot": "target", "kind": "ignore"}
    )
    assert facts.fields["foot"].spec.shape == (1,)  # the shortest has one step
    assert facts.examples == 6
    longer, data = loaded(
        "series", written(tmp_path), Split(0, 0), sequence="walk", length=2,
        columns={"foot": "target", "kind": "ignore"},
    )  # fmt: skip
    assert longer.examples == 2
    assert data.fields["foot"].tolist() == [[0, 1], [1, 0]]
    assert longer.content.notes == ("2 rows beyond 2 steps are left out.", "1 sequences are too short and left out.")


def test_numbers_may_be_predicted_at_each_step(tmp_path: Path) -> None:
    chosen = {"columns": {"speed": "target", "kind": "ignore"}, "kinds": {"speed": "number"}}
    _, data = loaded("series", written(tmp_path), Split(0, 0), sequence="walk", length=2, **chosen)
    torch.testing.assert_close(in_units(data, "speed"), torch.tensor([[[1.0], [2]], [[5], [6]]]))


def test_a_series_over_time_predicts_what_comes_ahead(tmp_path: Path) -> None:
    rows = "\n".join(["hour,heat,sun", *(f"{hour % 24},{hour / 2},{hour % 3}" for hour in range(100))])
    path = written(tmp_path, rows)
    roles = {"heat": "target"}
    facts, data = loaded("series", path, Split(0.2, 0.2), length=8, horizon=3, columns=roles)
    assert facts.examples == 100 - 8 - 3 + 1
    assert facts.fields["steps"].spec.shape == (8, 3)
    assert facts.content.ordered
    heat = in_units(data, "heat")
    steps = in_units(data, "steps")
    torch.testing.assert_close(heat[0], torch.tensor([10 / 2]))
    torch.testing.assert_close(steps[5, :, 0], torch.arange(5, 13).float())
    torch.testing.assert_close(steps[5, :, -1], torch.arange(5, 13) / 2)
    assert data.rows["train"].max() + 10 < data.rows["validation"].min()


def test_the_windows_of_a_sequence_stand_in_one_split(tmp_path: Path) -> None:
    rows = [f"{name},{step + number},{step}" for number, name in enumerate("abcdefghij") for step in range(20)]
    path = written(tmp_path, "\n".join(["who,x,y", *rows]))
    facts, data = loaded("series", path, Split(0.2, 0.2), sequence="who", predict="ahead", length=5)
    assert facts.examples == 10 * 15
    found = [{row // 15 for row in rows.tolist()} for rows in data.rows.values()]
    assert sum(map(len, found)) == 10
    assert len(set.union(*found)) == 10


def test_gaps_are_refused_or_filled_with_the_value_before(tmp_path: Path) -> None:
    path = written(tmp_path, "who,x,y\na,1,0\na,,0\na,3,0\nb,,1\nb,5,1\nb,6,1\n")
    assert "walks.csv lacks 2 values of x, in 2 rows. Mend the file, or set missing to fill" in refusal(
        "series", path, sequence="who"
    )
    facts, data = loaded("series", path, Split(0, 0), sequence="who", missing="fill")
    torch.testing.assert_close(in_units(data, "steps")[..., 0], torch.tensor([[1.0, 1, 3], [5, 5, 6]]))
    assert facts.content.notes == ("Gaps in 2 rows are filled with the value before them.",)


@pytest.mark.parametrize(
    ("settings_", "says"),
    [
        ({"sequence": "who"}, 'has no column "who"'),
        ({"predict": "sequence"}, "Say which column of walks.csv names the sequence"),
        ({"sequence": "walk", "predict": "sequence", "columns": {"foot": "target"}}, "foot of walks.csv changes"),
        ({"length": 50}, "No sequence of walks.csv is long enough for 50 steps and a horizon of 1"),
        ({"kinds": {"foot": "index"}, "sequence": "walk"}, "must be a number or a category in a sequence"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_sequence_is_one_sentence(tmp_path: Path, settings_: dict[str, object], says: str) -> None:
    assert says in refusal("series", written(tmp_path), **settings_)


def test_rows_of_no_sequence_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, WALKS.replace("c,3", ",3"))
    assert "lack a value of walk, so they belong to no sequence" in refusal("series", path, sequence="walk")


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(1, 6), st.integers(1, 3))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_windows_hold_the_steps_of_one_sequence_in_their_order(
    tmp_path: Path, lengths: list[int], length: int, horizon: int
) -> None:
    rows = [(f"s{name}", 100 * name + step) for name, many in enumerate(lengths) for step in range(many)]
    mixed = sorted(rows, key=lambda row: (row[1] % 100, row[0]))
    path = written(tmp_path, "\n".join(["who,x,y", *(f"{who},{value},{value}" for who, value in mixed)]))
    chosen = {"sequence": "who", "predict": "ahead", "length": length, "horizon": horizon, "kinds": {"y": "number"}}
    try:
        facts = facts_of("series", path, **chosen)
    except UserError:
        assert max(lengths) < length + horizon
        return
    _, data = loaded("series", path, Split(0, 0), **chosen)
    assert facts.examples == sum(max(0, many - length - horizon + 1) for many in lengths)
    for steps, target in zip(in_units(data, "steps")[..., 0], in_units(data, "y"), strict=True):
        begin = round(float(steps[0]))
        np.testing.assert_allclose(steps, np.arange(begin, begin + length), atol=1e-2)
        assert float(target) == pytest.approx(begin + length - 1 + horizon, abs=1e-2)
