"""The index of derived commands, from the runtime's declarations.

`make golden` writes it. It has what help and completion show: pallets, calls with their arguments, storage items with
their keys, and the digest of the metadata by which a node's interface is checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from ...chain.embed.parameters import AMOUNTS
from ...genesis import config, parameters, scenarios
from ...genesis.config import ChainConfig
from ...runtime.apis import APIS
from ...runtime.client.money import unit_of, unit_of_item
from ...runtime.client.text import core, short_name
from ...runtime.composition import PALLETS, spec_425
from ...runtime.frame.call import CallDef
from ...runtime.frame.pallet import Pallet
from ...runtime.frame.storage import StorageItem
from ...runtime.metadata import digest_of
from ...runtime.scale.codec import Integer
from ...runtime.scale.containers import Option
from .index import FILE, kebab
from .key_names import key_names
from .words import choices, description, is_account, metavar


def build_index() -> dict[str, Any]:
    """Return the index."""
    return {
        "digest": digest_of(spec_425()).hex(),
        "calls": {kebab(each.name): _calls(each) for each in PALLETS if each.calls},
        "storage": {kebab(each.name): _items(each) for each in PALLETS if each.storage},
        "scenarios": scenarios.names(),
        "parameters": list(_parameters()),
        "constants": {each.name: list(each.constants) for each in PALLETS if each.constants},
        "apis": [method.exported for api in APIS for method in api.methods.values()],
    }


def index_text() -> str:
    """Return the index as JSON, a line for each command, so that differences can be read."""
    text = json.dumps(build_index(), ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'(?<=[{,])("[\w-]+":\{"name")', r"\n\1", text) + "\n"


def _calls(pallet: Pallet) -> dict[str, Any]:
    calls = {kebab(each.name): _call(each) for _, each in sorted(pallet.calls.items())}
    return {"name": pallet.name, "docs": pallet.docs, "commands": calls}


def _call(function: CallDef[Any]) -> dict[str, Any]:
    return {
        "name": function.name,
        "docs": function.docs,
        "arguments": [
            {
                "name": str(field.name),
                "metavar": metavar(field.codec, unit_of(field)),
                "help": description(field.codec, unit_of(field)),
                "required": not isinstance(field.codec, Option),
                "unit": unit_of(field),
                "account": is_account(core(field.codec)),
                "choices": choices(field.codec),
            }
            for field in function.args
        ],
    }


def _items(pallet: Pallet) -> dict[str, Any]:
    items = {kebab(item.name): _item(pallet, item) for item in pallet.storage.values()}
    return {"name": pallet.name, "docs": pallet.docs, "commands": items}


def _item(pallet: Pallet, item: StorageItem[Any, Any]) -> dict[str, Any]:
    names = key_names(pallet.name, item.name, [short_name(codec) for codec in item.keys_codec])
    return {
        "name": item.name,
        "docs": item.docs,
        "unit": unit_of_item(item),
        "arguments": [
            {
                "name": name,
                "metavar": name.upper(),
                "help": description(codec),
                "required": False,
                "unit": None,
                "account": is_account(core(codec)),
                "choices": choices(codec),
            }
            for name, codec in zip(names, item.keys_codec, strict=True)
        ],
    }


def _parameters() -> Iterator[dict[str, Any]]:
    """Yield the parameters of a chain that are options: name, bounds, default and documentation."""
    docs = _comments(Path(parameters.__file__)) | _comments(Path(config.__file__))
    for field in fields(ChainConfig):
        codec = config.CODECS.get(field.name)
        if isinstance(codec, Integer):
            yield {
                "name": field.name,
                "docs": docs[field.name],
                "default": field.default,
                "amount": field.name in AMOUNTS,
                "low": codec.low,
                "high": codec.high - 1,
            }


def _comments(path: Path) -> dict[str, str]:
    """Return the comments (#:) above the fields in a file; fields without a blank line between share one."""
    found: dict[str, str] = {}
    comment: list[str] = []
    fresh = True  # whether the next comment is of another field
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("#: "):
            comment = [text[3:]] if fresh else [*comment, text[3:]]
            fresh = False
        elif match := re.match(r"(\w+): .*=", text):
            found[match[1]] = " ".join(comment)
            fresh = True
        elif not text:
            comment = []
    return found


if __name__ == "__main__":
    Path(FILE).write_text(index_text(), encoding="utf-8")
