"""What a person gets who installs the program: the wheel holds everything, and works where no source tree is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("studyapp", "content", "engine")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend that pyproject.toml names."""
    target = tmp_path_factory.mktemp("wheel")
    code = f"import hatchling.build, sys; print(hatchling.build.build_wheel({str(target)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `studyapp` script of a fresh environment, which finds its dependencies (and only them) in ours."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True)
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    # A path file adds the folder itself, not the path files in it: an editable install of ours stays invisible.
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("\n".join(ours))
    return scripts / "studyapp"


def run(script: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program in a folder of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"STUDYAPP_HOME": str(folder / "home"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [script, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_every_file_of_the_packages_is_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    """hatchling leaves out what .gitignore names: a deck could vanish without a word."""
    tree = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == tree
    assert {f"{package}/py.typed" for package in PACKAGES} <= packed
    for needed in ("studyapp/ui/app.tcss", "studyapp/storage/migrations/env.py", "content/decks/backprop.md"):
        assert needed in packed
    assert any(name.startswith("content/exercises/") and name.endswith(".toml") for name in packed)


def test_the_wheel_carries_its_licences_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        assert archive.read(about["LICENSE"]).startswith(b"MIT License")
        assert b"License-Expression: MIT AND CC-BY-SA-4.0\n" in archive.read(about["METADATA"])
        assert b"studyapp = studyapp.cli.main:main" in archive.read(about["entry_points.txt"])


def test_the_installed_program_runs_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "--version")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("studyapp 0.")
    assert list(tmp_path.iterdir()) == []


def test_the_installed_decks_are_sound_even_beside_a_folder_named_content(installed: Path, tmp_path: Path) -> None:
    """Both names are common: a folder of the person's own must not take the place of ours."""
    for package in ("content", "engine"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemExit('the wrong package')")

    done = run(installed, tmp_path, "deck", "check")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("no faults\n")


def test_the_installed_program_makes_its_database_and_asks(installed: Path, tmp_path: Path) -> None:
    """The first start needs the decks, the migrations and every dependency that pyproject.toml names."""
    done = run(installed, tmp_path, "review", "neurons", "--plain")

    assert done.returncode == 0, done.stderr
    assert "to review" in done.stdout
    assert (tmp_path / "home" / "studyapp.db").exists()
