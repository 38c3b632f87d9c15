"""The wheel: it has every file of the package under one name, and both it and the checkout can be imported anywhere."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path
from shutil import rmtree
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("chain", "cli", "consensus", "explorer", "genesis", "lab", "runtime")
IMPORTS = "from pysubtensor import Chain; import pysubtensor.cli; print(pysubtensor.__file__, pysubtensor.cli.__file__)"


def built(kind: str, source: Path, folder: Path) -> Path:
    """Build the package from a source folder into another folder."""
    code = f"import hatchling.build as b; print(b.build_{kind}({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True)
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    return ZipFile(built("wheel", ROOT, tmp_path_factory.mktemp("wheel")))


def sources() -> set[str]:
    """The files of the package, by the names that they have in it."""
    files = {f"pysubtensor/{path.name}" for path in (ROOT / "pysubtensor").iterdir() if path.is_file()}
    for folder in FOLDERS:
        found = [path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()]
        files |= {f"pysubtensor/{path.as_posix()}" for path in found if "__pycache__" not in path.parts}
    return files


def imported(folder: Path, path: str = "") -> list[Path]:
    """Where an interpreter that is started in `folder` finds the package, and one of its parts."""
    command = [sys.executable, "-c", IMPORTS]
    ran = subprocess.run(command, cwd=folder, env={"PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [Path(each) for each in ran.stdout.split()]


def test_the_wheel_has_every_file_of_the_package_and_nothing_beside_it(wheel: ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == sources()
    assert {"pysubtensor/py.typed", "pysubtensor/consensus/yuma/scenarios/honest.json"} <= names
    assert {
        "pysubtensor/chain/embed/typed/declared/calls.pyi",
        "pysubtensor/genesis/scenarios/one-subnet.toml",
    } <= names
    entries = wheel.read("pysubtensor-0.1.0.dist-info/entry_points.txt").decode().split("\n\n")
    assert "[console_scripts]\npysubtensor = pysubtensor.cli:main" in [entry.strip() for entry in entries]
    assert "[pytest11]\npysubtensor = pysubtensor.chain.embed.pytest_plugin" in [entry.strip() for entry in entries]


def test_the_source_distribution_is_the_repository(tmp_path: Path) -> None:
    """With changelog, pages, examples and the whole suite, and nothing that a build or a test left behind."""
    with tarfile.open(built("sdist", ROOT, tmp_path)) as archive:
        names = {Path(*Path(member.name).parts[1:]) for member in archive.getmembers()}
    ignored = {line.strip("/\n") for line in (ROOT / ".gitignore").read_text().splitlines()}
    ours = {
        path.relative_to(ROOT)
        for path in ROOT.rglob("*")
        if path.is_file() and path.name != ".git" and not ignored & set(path.relative_to(ROOT).parts)
    }
    assert names - {Path("PKG-INFO")} == {path for path in ours if ".git" not in path.parts}
    assert {Path("CHANGELOG.md"), Path("examples/subnet.py"), Path("docs/testing.md")} <= names


def test_a_wheel_from_the_source_distribution_is_the_same(wheel: ZipFile, tmp_path: Path) -> None:
    """Links to the folders, such as type checks make in `build`, must not hide the folders themselves."""
    links = ROOT / "build" / tmp_path.name
    links.mkdir(parents=True)
    try:
        for folder in FOLDERS:
            (links / folder).symlink_to(ROOT / folder)
        with tarfile.open(built("sdist", ROOT, tmp_path)) as archive:
            archive.extractall(tmp_path, filter="data")
    finally:
        rmtree(links)
    again = ZipFile(built("wheel", tmp_path / "pysubtensor-0.1.0", tmp_path))
    assert sorted(again.namelist()) == sorted(wheel.namelist())


def test_the_wheel_can_be_imported(wheel: ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    inside = tmp_path / "pysubtensor"
    assert imported(tmp_path.parent, str(tmp_path)) == [inside / "__init__.py", inside / "cli" / "__init__.py"]


def test_the_checkout_can_be_imported_in_its_own_folder_beside_an_installed_wheel(
    wheel: ZipFile, tmp_path: Path
) -> None:
    """Python looks into the working directory first, where the folder of this name has no subpackages."""
    wheel.extractall(tmp_path)
    expected = [ROOT / "pysubtensor" / "__init__.py", ROOT / "cli" / "__init__.py"]
    assert imported(ROOT, str(tmp_path)) == expected


def test_an_editable_install_can_be_imported_anywhere(tmp_path: Path) -> None:
    expected = [ROOT / "pysubtensor" / "__init__.py", ROOT / "cli" / "__init__.py"]
    assert imported(tmp_path) == expected
    assert imported(ROOT) == expected
