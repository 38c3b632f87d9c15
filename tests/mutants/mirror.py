"""Which tests mirror a source file, the most specific first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def stages(root: Path, path: str) -> list[list[str]]:
    """Return the arguments of pytest, run by run, for a source file.

    First the test files named after it; then its folder under tests/ with all below it, or the nearest folder above
    it that exists; then the files that stand directly in the folders above, nearest first: they hold what several
    folders share, as `tests/runtime/test_interface.py` does.
    """
    source = Path(path)
    folder = Path("tests") / source.parent
    while not (root / folder).is_dir():
        folder = folder.parent
    above = [parent for parent in folder.parents if len(parent.parts) > 1]
    named = _relative(root, (root / folder).rglob(f"test_{source.stem}*.py"))
    return [
        *([named] if named else []),
        [str(folder)],
        *(direct for parent in above if (direct := _relative(root, (root / parent).glob("test_*.py")))),
    ]


def _relative(root: Path, found: Iterable[Path]) -> list[str]:
    return sorted(str(each.relative_to(root)) for each in found)
