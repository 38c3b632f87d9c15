"""What clients see of each pallet, of the extensions and of the runtime APIs, as text under version control.

A change of names, numbers, types, storage prefixes or defaults shows up as a difference of these files. `make golden`
rewrites them; read the diff before committing it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.runtime.composition import PALLETS, spec_425
from pysubtensor.runtime.crypto import twox_128
from pysubtensor.runtime.metadata import encoded_metadata, registry, v16
from pysubtensor.runtime.metadata.parts import Map, Modifier, Plain

GOLDEN = Path(__file__).parents[2] / "golden" / "metadata"
REWRITE = os.environ.get("GOLDEN") == "rewrite"


class Printer:
    """Decoded metadata as lines of text, types without the paths before their names."""

    def __init__(self, metadata: v16.MetadataV16, name: Callable[[int], str]) -> None:
        self.metadata, self.full_name = metadata, name

    def name(self, type_: int) -> str:
        return re.sub(r"(\w+::)+", "", self.full_name(type_))

    def fields(self, fields: list[Any]) -> str:
        return ", ".join(f"{f.name}: {self.name(f.type)}" if f.name else self.name(f.type) for f in fields)

    def variants(self, enum: v16.PalletEnum | None) -> Iterator[str]:
        shape = self.metadata.types[enum.type].definition if enum else registry.Variants([])
        assert isinstance(shape, registry.Variants)
        for variant in shape.variants:
            yield f"{variant.index:4} {variant.name}({self.fields(variant.fields)})"

    def storage(self, pallet: v16.Pallet) -> Iterator[str]:
        for item in pallet.storage.entries if pallet.storage else []:
            prefix, default = twox_128(item.name.encode()).hex(), f"0x{item.default.hex()}"
            shown = "optional" if item.modifier is Modifier.Optional else default
            assert isinstance(item.type, Plain | Map)
            key = ""
            if isinstance(item.type, Map):
                key = f"{', '.join(hasher.name for hasher in item.type.hashers)}: {self.name(item.type.key)}"
            yield f"     {prefix} {item.name}[{key}] -> {self.name(item.type.value)} = {shown}"

    def pallet(self, pallet: v16.Pallet) -> Iterator[str]:
        yield f"{pallet.name}, index {pallet.index}, storage prefix {twox_128(pallet.name.encode()).hex()}"
        sections = {
            "calls": self.variants(pallet.calls),
            "events": self.variants(pallet.event),
            "errors": self.variants(pallet.error),
            "storage": self.storage(pallet),
            "constants": [f"     {c.name}: {self.name(c.type)} = 0x{c.value.hex()}" for c in pallet.constants],
            "types": [f"     {type_.name} = {self.name(type_.type)}" for type_ in pallet.associated_types],
            "views": [
                f"     {v.name}({self.fields(v.inputs)}) -> {self.name(v.output)}" for v in pallet.view_functions
            ],
        }
        for title, lines in sections.items():
            if shown := list(lines):
                yield from ("", title, *shown)

    def method(self, method: v16.Method | v16.ViewFunction) -> str:
        return f"     {method.name}({self.fields(method.inputs)}) -> {self.name(method.output)}"

    def runtime(self) -> Iterator[str]:
        yield "extensions"
        for extension in self.metadata.extrinsic.extensions:
            shape = self.metadata.types[extension.type].definition
            assert isinstance(shape, registry.Composite)
            yield f"     {extension.identifier}({self.fields(shape.fields)}), signed: {self.name(extension.implicit)}"
        for api in self.metadata.apis:
            yield from ("", f"{api.name}, version {api.version}")
            for method in api.methods:
                yield re.sub(r"UncheckedExtrinsic<.*?MetadataHash\)>", "UncheckedExtrinsic", self.method(method))


@pytest.fixture(scope="module")
def texts(type_names: Any) -> dict[str, list[str]]:
    metadata: v16.MetadataV16 = v16.MetadataV16.scale.decode(encoded_metadata(spec_425(), 16)[5:])
    printer = Printer(metadata, type_names(metadata.types).name)
    pallets = {pallet.name: list(printer.pallet(pallet)) for pallet in metadata.pallets}
    return pallets | {"runtime": list(printer.runtime())}


NAMES = [*(pallet.name for pallet in PALLETS), "runtime"]


@pytest.mark.parametrize("name", NAMES)
def test_golden_metadata(texts: dict[str, list[str]], name: str) -> None:
    path, text = GOLDEN / f"{name}.txt", "\n".join(texts[name]) + "\n"
    if REWRITE:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert path.exists(), f"there is no golden file for {name}; `make golden` writes it"
    assert text == path.read_text(), f"{name} is not what it was; `make golden` shows what changed"


def test_golden_files_are_of_pallets_that_exist() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} <= set(NAMES)
