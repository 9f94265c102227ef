"""The table as text and as JSON."""

from __future__ import annotations

import json

from designs import design, group, node

from designer.compiler import summary
from designer.compiler.checking.check import check

INSIDE = design(node("x", "Input"), node("lin", "Linear", out_features=6), node("y", "Output"), links="x lin y")
DOCUMENT = design(
    node("row", "Input", shape=(6,)), group("block1", INSIDE, repeat=2), node("lone", "ReLU"), node("out", "Output"),
    links="row block1 out",
)  # fmt: skip


def test_the_table_has_a_row_for_each_layer_and_the_totals() -> None:
    assert summary.text(check(DOCUMENT)) == (
        "id            layer   output shape  parameters  MACs\n"
        "----------------------------------------------------\n"
        "row           Input   N x 6                  0     0\n"
        "block1.0.x    Input   N x 6                  0     0\n"
        "block1.0.lin  Linear  N x 6                 42    36\n"
        "block1.0.y    Output  N x 6                  0     0\n"
        "block1.1.x    Input   N x 6                  0     0\n"
        "block1.1.lin  Linear  N x 6                 42    36\n"
        "block1.1.y    Output  N x 6                  0     0\n"
        "lone          ReLU    ?                      0     0\n"
        "out           Output  N x 6                  0     0\n"
        "\n"
        "Parameters: 84\n"
        "MACs for one example: 72\n"
        "Memory in training, 32 examples at a time, float32: about 2.81 KiB\n"
        "  weights 336 B, gradients 336 B, optimizer 672 B, kept for the gradients 1.5 KiB\n"
        "\n"
        "Problems:\n"
        "  warning: lone: lone is not connected to anything. Connect it, or remove it.\n"
    )


def test_the_json_has_the_keys_that_the_page_names() -> None:
    told = json.loads(json.dumps(summary.as_json(check(DOCUMENT))))
    assert list(told) == [
        "nodes", "parameters", "trainable_parameters", "macs", "weight_bytes", "activation_bytes", "training_bytes",
        "problems",
    ]  # fmt: skip
    assert (told["parameters"], told["trainable_parameters"], told["macs"]) == (84, 84, 72)
    assert told["nodes"][2] == {
        "id": "block1.0.lin", "layer": "Linear", "output_shape": [6], "parameters": 42, "trainable_parameters": 42,
        "macs": 36, "weight_bytes": 168, "activation_bytes": 768, "receptive_field": None,
    }  # fmt: skip
    assert [row["id"] for row in told["nodes"]][-2:] == ["lone", "out"]
    assert told["nodes"][-2]["output_shape"] is None
    assert told["problems"] == [
        {"code": "isolated", "severity": "warning", "node": "lone", "message": "lone is not connected to anything.",
         "hint": "Connect it, or remove it."}
    ]  # fmt: skip


def test_values_that_travel_together_and_free_lengths_are_told_too() -> None:
    report = check(
        design(node("rows", "Input", shape=("T", 4)), node("enc", "LSTM", hidden_size=3), node("out", "Output"),
               links="rows enc, enc.state out")
    )  # fmt: skip
    rows = {row["id"]: row["output_shape"] for row in summary.as_json(report)["nodes"]}
    assert rows == {"rows": ["T", 4], "enc": ["T", 3], "out": [[1, 3], [1, 3]]}
    assert "1 x N x 3, 1 x N x 3" in summary.text(report)
    assert "MACs for one example: 0, and more with T\n" in summary.text(report)


def test_where_all_lengths_are_known_the_cost_is_the_whole_cost() -> None:
    assert check(DOCUMENT).free_lengths == ()
    assert "MACs for one example: 72\n" in summary.text(check(DOCUMENT))
