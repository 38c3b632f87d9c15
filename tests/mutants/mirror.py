"""Which tests mirror a source file: those of its name, then its folder under tests/, or the nearest one above it."""

from __future__ import annotations

from pathlib import Path


def mirror(root: Path, path: str) -> list[str]:
    """Return the arguments of pytest for a source file: files named after it first, so that most mutants end soon."""
    source = Path(path)
    folder = Path("tests") / source.parent
    while not (root / folder).is_dir():
        folder = folder.parent
    named = sorted((root / folder).rglob(f"test_{source.stem}*.py"))
    return [*(str(found.relative_to(root)) for found in named), str(folder)]
