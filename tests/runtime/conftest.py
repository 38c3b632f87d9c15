"""The names of types in decoded metadata."""

from __future__ import annotations

from functools import cache

import pytest
from pysubtensor.runtime.metadata import registry


class TypeNames:
    """The Rust names of a registry's types, with full paths and with the parameters that are not erased."""

    def __init__(self, types: list[registry.PortableType]) -> None:
        self.types = types
        self.name = cache(self._name)

    def _name(self, number: int) -> str:
        entry = self.types[number]
        shape = entry.definition
        if "uint" in entry.path:
            return self._whole(entry)
        if entry.path:
            shown = [self.name(param.type) for param in entry.params if param.type is not None]
            return "::".join(entry.path) + (f"<{', '.join(shown)}>" if shown else "")
        if isinstance(shape, registry.PrimitiveDef):
            return shape.primitive.name.lower()
        if isinstance(shape, registry.Sequence):
            return f"Vec<{self.name(shape.item)}>"
        if isinstance(shape, registry.CompactDef):
            return f"Compact<{self.name(shape.item)}>"
        if isinstance(shape, registry.Array):
            return f"[{self.name(shape.item)}; {shape.length}]"
        assert isinstance(shape, registry.Tuple)
        return f"({', '.join(map(self.name, shape.items))})"

    def _whole(self, entry: registry.PortableType) -> str:
        """Return a type-level number (`typenum`) by its value: `U32` instead of six binary digits."""
        if entry.path[-1] == "UTerm":
            return "U0"
        higher, last = (self.name(param.type) for param in entry.params if param.type is not None)
        return f"U{int(higher[1:]) * 2 + int(last[-1])}"


@pytest.fixture(scope="session")
def type_names() -> type[TypeNames]:
    return TypeNames
