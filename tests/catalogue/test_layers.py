"""What every layer says of itself, and what its refusals sound like."""

from __future__ import annotations

from typing import Any

import pytest

from designer.catalogue import CATEGORIES, LAYERS, with_role
from designer.catalogue.layer import Layer
from designer.catalogue.tensor import Misfit, TensorSpec

HELD = {name: layer for name, layer in LAYERS.items() if layer.role not in ("input", "output", "group", "custom")}
IMAGE = TensorSpec((3, 8, 8))
WORDS = TensorSpec(("T",), "int64")
SEQUENCE = TensorSpec(("T", 8))


@pytest.fixture(params=LAYERS, name="layer")
def each_layer(request: pytest.FixtureRequest) -> type[Layer]:
    return LAYERS[request.param]


def refusal(layer: type[Layer], *given: Any, **settings: object) -> Misfit:
    with pytest.raises(Misfit) as caught:
        layer(**settings).output(*given)
    return caught.value


def test_a_layer_has_a_title_a_category_and_a_lesson(layer: type[Layer]) -> None:
    assert layer.title
    assert layer.category
    assert layer.lesson().endswith(".")
    assert 20 < len(layer.lesson()) < 120


def test_no_two_layers_have_the_same_title() -> None:
    titles = [layer.title.lower() for layer in LAYERS.values()]
    assert len(set(titles)) == len(titles)


def test_aliases_are_words_of_their_own(layer: type[Layer]) -> None:
    names = [alias.lower() for alias in layer.aliases]
    assert names
    assert len(set(names)) == len(names)
    assert layer.title.lower() not in names
    others = {name.lower() for name in LAYERS if LAYERS[name] is not layer}
    assert not others & set(names)


def test_each_setting_is_explained_in_a_sentence(layer: type[Layer]) -> None:
    for setting in layer.settings.values():
        assert setting.doc.endswith(".")
        assert setting.doc[0].isupper() or setting.doc[0] == '"'


def test_the_width_is_a_setting(layer: type[Layer]) -> None:
    assert not layer.width or layer.width in layer.settings


def test_the_badge_is_short(layer: type[Layer]) -> None:
    for sample in layer.samples:
        assert len(layer(**sample.settings).badge()) <= 20
    assert len(layer().badge()) <= 20


def test_ports_are_named_apart_and_each_of_several_is_explained(layer: type[Layer]) -> None:
    for ports in (layer.inputs, layer.outputs):
        assert len({port.name for port in ports}) == len(ports)
        assert len(ports) == 1 or all(port.doc.endswith(".") for port in ports)


@pytest.mark.parametrize(
    "role",
    ["input", "output", "group", "custom", "flatten", "reshape", "linear", "convolution1", "convolution2",
     "convolution3", "resize", "pad", "slice"],
)  # fmt: skip
def test_one_layer_plays_each_role(role: str) -> None:
    assert [name for name, layer in LAYERS.items() if layer.role == role] == [with_role(role)]


@pytest.mark.parametrize("name", ["Softmax", "Sigmoid"])
def test_what_gives_probabilities_says_so(name: str) -> None:
    assert LAYERS[name].gives == "probabilities"


@pytest.mark.parametrize(
    ("name", "given", "settings"),
    [
        ("Linear", SEQUENCE, {}),
        ("Embedding", WORDS, {}),
        ("LayerNorm", SEQUENCE, {}),
        ("Dropout", SEQUENCE, {}),
        ("ReLU", SEQUENCE, {}),
        ("Softmax", SEQUENCE, {}),
        ("LSTM", SEQUENCE, {}),
        ("GRU", SEQUENCE, {}),
        ("MultiheadAttention", SEQUENCE, {}),
        ("RMSNorm", SEQUENCE, {}),
        ("Select", TensorSpec(("T", 8, 2)), {"dim": -1, "index": -1}),
        ("Split", SEQUENCE, {"dim": 2, "split_sizes": [3, 5]}),
        ("Mean", SEQUENCE, {}),
        ("Pad", SEQUENCE, {}),
        ("Unflatten", SEQUENCE, {"dim": -1, "unflattened_size": [2, -1]}),
    ],
)
def test_a_free_length_stays_free(name: str, given: TensorSpec, settings: dict[str, object]) -> None:
    layer = LAYERS[name](**settings)
    outputs = layer.output(given)
    first = outputs[layer.outputs[0].name] if isinstance(outputs, dict) else outputs
    assert isinstance(first, TensorSpec)
    assert first.shape[0] == "T"


def test_permuting_carries_a_free_length_along() -> None:
    assert LAYERS["Permute"](dims=[0, 2, 1]).output(SEQUENCE) == TensorSpec((8, "T"))


def test_an_image_enlarged_beyond_any_number_is_refused() -> None:
    with pytest.raises(Misfit, match="scale_factor is 1e\\+308"):
        LAYERS["Upsample"](scale_factor=1e308)


def test_flattening_multiplies_a_free_length() -> None:
    assert LAYERS["Flatten"]().output(SEQUENCE) == TensorSpec(("T*8",))


@pytest.mark.parametrize(
    ("name", "settings", "length"),
    [
        ("ConvTranspose1d", {"kernel_size": 4, "stride": 2, "padding": 1}, "T*2"),
        ("Upsample", {"scale_factor": 3}, "T*3"),
        ("Repeat", {"repeats": [1, 2]}, "T*2"),
        ("Pad", {"pad": [1, 2]}, "(T+3)"),
    ],
)
def test_a_free_length_that_grows_is_told_as_text(name: str, settings: dict[str, object], length: str) -> None:
    grown = LAYERS[name](**settings).output(TensorSpec((8, "T")))
    assert isinstance(grown, TensorSpec)
    assert grown.shape[-1] == length


def test_joining_adds_a_free_length() -> None:
    joined = LAYERS["Concat"]().output(SEQUENCE, TensorSpec((1, 8)))
    assert joined == TensorSpec(("(T+1)", 8))


def test_a_window_larger_than_its_image_is_refused() -> None:
    misfit = refusal(LAYERS["Conv2d"], TensorSpec((1, 4, 4)), kernel_size=7)
    assert misfit.message == "A 7x7 window does not fit a 4x4 image."
    assert misfit.hint == "Take a smaller kernel_size or more padding."
    assert (misfit.code, misfit.setting, misfit.suggest) == ("window", "kernel_size", 4)


@pytest.mark.parametrize(
    ("name", "given", "settings", "message"),
    [
        ("Conv1d", TensorSpec((1, 4)), {"kernel_size": 7}, "A window of 7 does not fit a sequence of 4."),
        ("Conv3d", TensorSpec((1, 2, 4, 4)), {}, "A 3x3x3 window does not fit a 2x4x4 volume."),
        ("GLU", TensorSpec((7,)), {}, "GLU halves axis 1, but N x 7 has 7 there, which is odd."),
        ("GroupNorm", IMAGE, {"num_groups": 2}, "The 3 channels that come in cannot be split into 2 equal groups."),
        ("Unflatten", TensorSpec((7,)), {"unflattened_size": [2, -1]}, "An axis of 7 cannot be laid out as 2 x -1."),
        ("Select", TensorSpec((7,)), {"index": 7}, "Axis 1 of N x 7 has places 0 to 6, hence no place 7."),
        (
            "Split",
            TensorSpec((7,)),
            {"split_sizes": [3, 3]},
            "The axis that Split cuts is 7 long in N x 7, but its parts are 3 + 3.",
        ),
    ],
)
def test_a_refusal_names_the_numbers_at_hand(
    name: str, given: TensorSpec, settings: dict[str, object], message: str
) -> None:
    assert refusal(LAYERS[name], given, **settings).message == message


@pytest.mark.parametrize(("name", "settings", "count"), [("Split", {"split_sizes": [1, 2, 3]}, 3), ("Chunk", {}, 2)])
def test_a_layer_that_cuts_has_a_port_for_each_part(name: str, settings: dict[str, object], count: int) -> None:
    layer = LAYERS[name](**settings)
    parts = layer.output(TensorSpec((6,)))
    assert isinstance(parts, dict)
    assert list(parts) == [port.name for port in layer.outputs]
    assert len(parts) == count


def test_a_row_of_features_is_no_image_and_the_wanted_rank_is_named() -> None:
    misfit = refusal(LAYERS["Conv2d"], TensorSpec((64,)))
    assert misfit.message == "Conv2d takes an image of channels x height x width, but 64 comes in."
    assert (misfit.code, misfit.rank) == ("rank", 3)


def test_an_image_without_its_channel_axis_is_not_taken_for_one_without_a_batch() -> None:
    misfit = refusal(LAYERS["MaxPool2d"], TensorSpec((28, 28)))
    assert (misfit.code, misfit.rank) == ("rank", 3)
    assert misfit.hint == "Put a Reshape in front, to 1 x 28 x 28."


@pytest.mark.parametrize("name", ["Add", "Multiply", "Concat"])
def test_shapes_that_do_not_add_up_are_refused_at_the_port(name: str) -> None:
    misfit = refusal(LAYERS[name], IMAGE, TensorSpec((5, 7, 7)))
    assert (misfit.code, misfit.port) == ("shapes", "x")
    assert "N x 3 x 8 x 8 and N x 5 x 7 x 7" in misfit.message


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("Softmax", {"dim": 0}),
        ("Concat", {"dim": 0}),
        ("Permute", {"dims": [1, 0, 2, 3]}),
        ("Flatten", {"start_dim": 0}),
        ("Select", {"dim": 0}),
        ("Squeeze", {"dim": 0}),
        ("Unsqueeze", {"dim": 0}),
        ("Transpose", {"dim0": 0, "dim1": 1}),
        ("Sum", {"dim": [0, -1]}),
        ("Pad", {"pad": [0, 0, 0, 0, 0, 0, 0, 1]}),
    ],
)
def test_the_batch_is_no_axis_of_the_data(name: str, settings: dict[str, object]) -> None:
    assert refusal(LAYERS[name], IMAGE, **settings).code == "batch"


@pytest.mark.parametrize("name", ["Linear", "Conv2d", "LSTM", "GRU", "MultiheadAttention"])
def test_whole_numbers_do_not_meet_weights(name: str) -> None:
    shape = (3, 8, 8) if name == "Conv2d" else (4, 8)
    misfit = refusal(LAYERS[name], TensorSpec(shape, "int64"))
    assert misfit.code == "dtype"
    assert "int64" in misfit.message


@pytest.mark.parametrize(
    "name", [name for name, layer in HELD.items() if not all(port.optional for port in layer.inputs)]
)
def test_a_state_of_two_tensors_is_no_input_of_a_port_for_one(name: str) -> None:
    state = (TensorSpec((1, 8), batch=1), TensorSpec((1, 8), batch=1))
    misfit = refusal(LAYERS[name], *(state for port in LAYERS[name].inputs if not port.optional))
    assert misfit.code == "port"
    assert "2 come in together" in misfit.message


def test_a_state_goes_from_one_layer_to_the_next_of_its_kind_alone() -> None:
    lstm, gru = LAYERS["LSTM"](hidden_size=8), LAYERS["GRU"](hidden_size=8)
    state = lstm.output(SEQUENCE)["state"]
    assert lstm.output(SEQUENCE, state)["state"] == state
    misfit = refusal(LAYERS["GRU"], SEQUENCE, state, hidden_size=8)
    assert (misfit.code, misfit.port) == ("shapes", "state")
    assert gru.output(SEQUENCE, gru.output(SEQUENCE)["state"])


def test_a_value_without_a_key_is_refused() -> None:
    misfit = refusal(LAYERS["MultiheadAttention"], SEQUENCE, None, SEQUENCE)
    assert misfit.port == "key"


LARGEST = 2**31 - 1


@pytest.mark.parametrize(
    ("name", "given", "settings"),
    [
        ("Linear", TensorSpec((LARGEST,)), {"out_features": LARGEST}),
        ("Embedding", TensorSpec((4,), "int64"), {"num_embeddings": LARGEST, "embedding_dim": LARGEST}),
        ("Conv2d", TensorSpec((1, 4, 4)), {"padding": LARGEST}),
        ("AdaptiveAvgPool2d", TensorSpec((1, 4, 4)), {"output_size": LARGEST}),
        ("LSTM", TensorSpec((4, 3)), {"hidden_size": LARGEST, "num_layers": 100}),
        ("MultiheadAttention", TensorSpec((4, LARGEST)), {"num_heads": 1}),
    ],
)
def test_what_no_computer_can_hold_is_refused(name: str, given: TensorSpec, settings: dict[str, object]) -> None:
    assert refusal(LAYERS[name], given, **settings).code == "size"


def test_broadcasting_beyond_any_memory_is_refused() -> None:
    misfit = refusal(LAYERS["Add"], TensorSpec((LARGEST, 1)), TensorSpec((1, LARGEST)))
    assert misfit.code == "size"


def test_a_pool_of_means_in_a_volume_suggests_a_window_that_fits_without_its_padding() -> None:
    with pytest.raises(Misfit) as refused:
        LAYERS["AvgPool3d"](kernel_size=4, padding=1).output(TensorSpec((2, 1, 5, 4)))
    assert refused.value.suggest == 1


def test_every_category_has_its_place_and_a_layer() -> None:
    assert {layer.category for layer in LAYERS.values()} == set(CATEGORIES)


def test_a_group_says_how_often_it_is_repeated_and_which_block_it_shows() -> None:
    group = LAYERS["Group"]
    assert [group(**chosen).badge() for chosen in ({}, {"repeat": 3}, {"block": "first"})] == ["", "x3", "first"]
    assert group(repeat=3, block="first").badge() == "x3 first"
