"""What clients see of each pallet, extension and runtime API, as text under version control.

A change of names, numbers, types, storage prefixes or defaults shows up as a difference of these files. `make golden`
rewrites them; read the diff before committing it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.runtime.apis import APIS
from pysubtensor.runtime.frame.pallet import Constant, Pallet, ViewFunction
from pysubtensor.runtime.runtime import EXTENSIONS, PALLETS
from pysubtensor.runtime.scale import AnyCodec
from pysubtensor.runtime.scale.describe import FieldInfo, Variant

GOLDEN = Path(__file__).parents[2] / "golden" / "metadata"
REWRITE = os.environ.get("GOLDEN") == "rewrite"


def spelled(codec: AnyCodec) -> str:
    return re.sub(r"(\w+::)+", "", codec.name)


def fields(shown: tuple[FieldInfo, ...]) -> str:
    return ", ".join(f"{f.name}: {spelled(f.codec)}" if f.name else spelled(f.codec) for f in shown)


def enum_lines(codec: AnyCodec | None) -> Iterator[str]:
    shape = codec.describe().shape if codec else Variant(())
    assert isinstance(shape, Variant)
    for variant in shape.variants:
        yield f"{variant.index:4} {variant.name}({fields(variant.fields)})"


def storage_lines(pallet: Pallet) -> Iterator[str]:
    for item in pallet.storage.values():
        keys = zip(item.hashers, item.keys_codec, strict=True)
        shown = ", ".join(f"{hasher.name} {spelled(codec)}" for hasher, codec in keys)
        default = "optional" if item.optional else f"0x{item.default_bytes.hex()}"
        yield f"     {item.prefix[16:].hex()} {item.name}[{shown}] -> {spelled(item.codec)} = {default}"


def constant_line(constant: Constant[Any]) -> str:
    return f"     {constant.name}: {spelled(constant.codec)} = 0x{constant.codec.encode(constant.default).hex()}"


def view_line(view: ViewFunction) -> str:
    return f"     {view.id.hex()} {view.name}({fields(view.inputs)}) -> {spelled(view.output)}"


def pallet_lines(pallet: Pallet) -> Iterator[str]:
    yield f"{pallet.name}, index {pallet.index}"
    sections = {
        "calls": [f"{c.index:4} {c.name}({fields(c.args)})" for _, c in sorted(pallet.calls.items())],
        "events": enum_lines(pallet.event.scale if pallet.event else None),
        "errors": enum_lines(pallet.error_codec),
        "storage": storage_lines(pallet),
        "constants": [
            f"     {c.name}: {spelled(c.codec)} = 0x{c.codec.encode(c.default).hex()}"
            for c in pallet.constants.values()
        ],
        "types": [f"     {t.name} = {spelled(t.codec)}" for t in pallet.associated_types],
        "views": [
            f"     {v.id.hex()} {v.name}({fields(v.inputs)}) -> {spelled(v.output)}" for v in pallet.view_functions
        ],
    }
    for title, lines in sections.items():
        if shown := list(lines):
            yield from ("", title, *shown)


def runtime_lines() -> Iterator[str]:
    yield "extensions"
    for extension in EXTENSIONS:
        explicit = fields((extension.field,)) if extension.field else ""
        yield f"     {extension.identifier}({explicit}), signed: {spelled(extension.implicit_codec)}"
    for api in APIS:
        yield from ("", f"{api.name}, version {api.version}, id {api.id.hex()}")
        for method in api.methods.values():
            yield f"     {method.name}({fields(method.inputs)}) -> {spelled(method.output)}"


def compare(name: str, lines: Iterator[str]) -> None:
    path, text = GOLDEN / f"{name}.txt", "\n".join(lines) + "\n"
    if REWRITE:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert path.exists(), f"there is no golden file for {name}; `make golden` writes it"
    assert text == path.read_text(), f"{name} is not what it was; `make golden` shows what changed"


@pytest.mark.parametrize("pallet", PALLETS, ids=lambda pallet: pallet.name)
def test_golden_pallet(pallet: Pallet) -> None:
    compare(pallet.name, pallet_lines(pallet))


def test_golden_runtime() -> None:
    compare("runtime", runtime_lines())


def test_golden_files_are_of_pallets_that_exist() -> None:
    expected = {pallet.name for pallet in PALLETS} | {"runtime"}
    assert {path.stem for path in GOLDEN.glob("*.txt")} <= expected
