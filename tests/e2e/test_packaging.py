"""The wheel, installed where nothing else is, beside a project with folders of the same names."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.xdist_group("wheel")
"""One worker makes wheel and environment, once."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return next(folder.glob("nanodeck-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; what it depends on is lent by this one, so no network is needed."""
    folder = tmp_path_factory.mktemp("fresh place")
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    command = [*pip, "install", "-q", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    (site,) = (folder / "lib").glob("python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_the_wheel_owns_no_name_but_its_own(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"nanodeck", "nanodeck_widgets"}
    assert any(name.startswith("nanodeck/styles/") and name.endswith(".tcss") for name in names)
    assert any("demo_project" in name for name in names)


def test_an_installed_nanodeck_runs_beside_a_project_with_an_app_of_its_own(
    installed: Path, tmp_path: Path
) -> None:
    for name in ("app", "widgets", "styles", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('not nanodeck')\n")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path),
        "NANODECK_HOME": str(tmp_path / "home"),
        "NANODECK_DEMO_PACE": "0",
    }
    command = [str(installed / "bin" / "nanodeck"), "-m", "demo", "--mode", "yolo", "-p", "go"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_command_a_link_to_it_and_the_module_say_the_same_version(
    installed: Path, tmp_path: Path
) -> None:
    nanodeck, python = str(installed / "bin" / "nanodeck"), str(installed / "bin" / "python")
    link = tmp_path / "nanodeck"
    link.symlink_to(nanodeck)
    commands = [nanodeck, "--version"], [str(link), "--version"], [python, "-m", "nanodeck", "--version"]
    said = {
        subprocess.run(command, capture_output=True, text=True, check=True).stdout for command in commands
    }
    assert len(said) == 1
    assert said.pop().startswith("nanodeck 0.1.0")
