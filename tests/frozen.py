"""Finds the values that can be changed in place."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pysubtensor.runtime.scale import Struct, Sum

ROOT = Path(__file__).resolve().parent.parent


def modules(folder: str) -> Iterator[ModuleType]:
    """Import every module under a top-level folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        if path.name != "__init__.py" and path.name != "__main__.py":
            yield import_module("pysubtensor." + ".".join(path.relative_to(ROOT).with_suffix("").parts))


def unfrozen(folder: str) -> set[str]:
    """Return the names of the dataclasses under a top-level folder that are not frozen.

    SCALE types are left out: they are frozen for type checkers alone, because making them has to be fast.
    """
    return {
        name
        for module in modules(folder)
        for name, found in vars(module).items()
        if inspect.isclass(found) and found.__module__ == module.__name__ and not issubclass(found, Struct | Sum)
        if (params := vars(found).get("__dataclass_params__")) is not None and not params.frozen
    }
