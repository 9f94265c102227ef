from __future__ import annotations

import torch

from designer.engine.modules.constant import Constant


def test_every_place_holds_the_number() -> None:
    assert torch.equal(Constant((2, 3), 0.5)(), torch.full((2, 3), 0.5))


def test_it_is_neither_learned_nor_saved() -> None:
    made = Constant((2,), 1.0)
    assert not list(made.parameters())
    assert not made.state_dict()


def test_it_follows_the_network_to_another_type_of_numbers() -> None:
    assert Constant((2,), 1.0).double()().dtype == torch.float64
