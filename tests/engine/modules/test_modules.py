"""What every file of the room must be, so that its class can be printed into a file that needs torch alone."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from torch import nn

from designer.engine import modules
from designer.engine.targets import construct
from designer.plan import Call, module_file

FILES = sorted(path for path in Path(modules.__file__).parent.glob("*.py") if path.stem != "__init__")
IMPORTS = {
    "from __future__ import annotations",
    "import math",
    "import torch",
    "from torch import Tensor, nn",
    "from torch.nn import functional as F",
}
"""The imports that the source writer knows to print."""


@pytest.fixture(params=FILES, ids=lambda path: path.stem, name="file")
def each_file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_a_file_is_one_class_that_bears_its_name_below_imports_of_torch_alone(file: Path) -> None:
    docstring, *body = ast.parse(file.read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    *imports, made = body
    assert {ast.unparse(part) for part in imports} <= IMPORTS
    assert isinstance(made, ast.ClassDef)
    assert module_file(made.name) == file.stem
    assert ast.get_docstring(made)


def test_the_class_is_a_module_whose_forward_is_typed(file: Path) -> None:
    found = importlib.import_module(f"designer.engine.modules.{file.stem}")
    (made,) = [part for part in vars(found).values() if isinstance(part, type) and part.__module__ == found.__name__]
    assert issubclass(made, nn.Module)
    assert "return" in made.forward.__annotations__


def test_a_plan_makes_one_by_its_name() -> None:
    made = construct(Call("modules.DropPath", {"p": 0.25}))
    assert type(made).__name__ == "DropPath"
    assert repr(made) == "DropPath(p=0.25)"
