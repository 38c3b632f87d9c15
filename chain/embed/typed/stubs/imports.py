"""The imports of a stub, collected while its annotations are written."""

from __future__ import annotations

from collections.abc import Iterable

#: The package, and what leads to it from a stub in `chain/embed/typed/declared`.
PACKAGE, UP = "pysubtensor.", "....."


class Imports:
    """What one stub imports. Names in `taken` are attributes of its classes: imports get an underscore behind them."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        #: Module and name of each import, by the name that the stub gives it.
        self._homes: dict[str, tuple[str, str]] = {}
        self._modules: dict[str, str] = {}

    def add(self, module: str, name: str, alias: str = "") -> str:
        """Import a name and return what the stub calls it; TypeError when another import has the same name."""
        local = alias or (f"{name}_" if name in self._taken else name)
        if self._homes.setdefault(local, (module, name)) != (module, name):
            raise TypeError(f"{local} is imported from both {self._homes[local][0]} and {module}")
        return local

    def of(self, cls: type, alias: str = "") -> str:
        """Import a class and return what the stub calls it."""
        return self.add(cls.__module__, cls.__name__, alias)

    def module(self, module: str, alias: str) -> str:
        """Import a module under another name and return that."""
        self._modules[alias] = module
        return alias

    def lines(self) -> list[str]:
        """Return the import statements, in no particular order."""
        named = [
            f"from {_path(module)} import {name}" + (f" as {local}" if local != name else "")
            for local, (module, name) in self._homes.items()
        ]
        return [*(f"import {module} as {alias}" for alias, module in self._modules.items()), *named]


def _path(module: str) -> str:
    """Return how a stub names a module: relatively inside the package."""
    return UP + module.removeprefix(PACKAGE) if module.startswith(PACKAGE) else module
