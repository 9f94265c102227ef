"""The wheel holds the whole program: installed elsewhere, it finds its resources and samples and runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"]


def run(command: list[str], **environment: str) -> str:
    """What a command that must succeed prints."""
    ended = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, cwd=Path.home(), timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    run([*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(HOME)])
    (built,) = folder.glob("netwright-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed, far from this checkout."""
    folder = tmp_path_factory.mktemp("installed")
    run([*PIP, "install", "--no-deps", "--no-index", "--target", str(folder), str(wheel)])
    return folder


def test_the_wheel_holds_the_package_with_its_files_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"designer"}
    code = {path.relative_to(HOME).as_posix() for path in (HOME / "designer").rglob("*.py")}
    assert code <= names
    for room in ("resources", "samples"):
        files = {path.relative_to(HOME).as_posix() for path in (HOME / room).rglob("*") if path.is_file()}
        shipped = {name for name in files if not name.startswith("resources/screenshots/")}
        assert {name for name in names if name.startswith(f"designer/_files/{room}/")} == {
            f"designer/_files/{name}" for name in shipped
        }


def test_an_installed_wheel_finds_its_resources_and_samples(installed: Path) -> None:
    program = (
        "import json; from designer import resources;"
        "print(json.dumps([str(resources.resource('icons')), [str(path) for path in resources.samples()]]))"
    )
    icons, samples = json.loads(run([sys.executable, "-P", "-c", program], PYTHONPATH=str(installed)))
    assert Path(icons).is_relative_to(installed)
    assert {path.name for path in Path(icons).iterdir()} == {path.name for path in (HOME / "resources/icons").iterdir()}
    assert len(samples) == len(list((HOME / "samples").glob("*.netwright")))
    assert all(Path(sample).is_relative_to(installed) for sample in samples)


def test_an_installed_wheel_runs(installed: Path) -> None:
    sample = installed / "designer/_files/samples/digits_cnn.netwright"
    told = run([sys.executable, "-P", "-m", "designer", "check", str(sample)], PYTHONPATH=str(installed))
    assert "is sound" in told


def test_the_command_is_called_netwright(installed: Path) -> None:
    (entry_points,) = installed.glob("netwright-*.dist-info/entry_points.txt")
    assert "netwright = designer.cli:main" in entry_points.read_text("utf-8")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = [line for line in (HOME / "README.md").read_text("utf-8").splitlines() if line.startswith("python3 -m")]
    assert len(commands) == 2
    assert commands[1] in (HOME / ".ci/run").read_text("utf-8").splitlines()
