"""The text of each stub: one class for each pallet, and one that has them as attributes."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from keyword import iskeyword
from typing import Any

from .....runtime.client.money import unit_of, unit_of_item
from .....runtime.frame.call import CallDef
from .....runtime.frame.pallet import Pallet
from .....runtime.frame.runtime import Runtime
from .....runtime.frame.runtime_api import ApiMethod
from .....runtime.frame.storage import StorageDoubleMap, StorageItem, StorageMap, StorageValue
from .....runtime.scale.containers import Option
from .....runtime.scale.describe import FieldInfo
from .annotations import PLAIN, form_of, value_of
from .imports import Imports

ITEMS = "pysubtensor.chain.embed.typed.items"
#: Characters of a line of documentation, besides indentation and quotes.
WIDTH = 104
#: Writes the members of one class.
Members = Callable[[Pallet, Imports], list[str]]


def calls(runtime: Runtime) -> str:
    """Return the stub of `chain.calls`."""

    def members(pallet: Pallet, imports: Imports) -> list[str]:
        result = imports.add("pysubtensor.runtime.frame.call", "Call")
        return [_method(call, "", result, imports) for _, call in sorted(pallet.calls.items())]

    return _stub(runtime, "Calls", "calls", members)


def transactions(runtime: Runtime) -> str:
    """Return the stub of `chain.tx`."""

    def members(pallet: Pallet, imports: Imports) -> list[str]:
        result = imports.add("pysubtensor.runtime.client.receipt", "Receipt")
        more = f"signer: {imports.add(PLAIN, 'SigningKey')}, sudo: bool = False"
        return [_method(call, more, result, imports) for _, call in sorted(pallet.calls.items())]

    return _stub(runtime, "Transactions", "transactions", members)


def _method(call: CallDef[Any], more: str, result: str, imports: Imports) -> str:
    """Return a call as a method with keyword arguments."""
    arguments = [_argument(arg, imports) for arg in call.args]
    signature = ", ".join([*arguments, *([more] if more else [])])
    star = ", *, " if signature else ""
    return _function(call.name, f"self{star}{signature}", result, call.docs)


def _argument(arg: FieldInfo, imports: Imports) -> str:
    default = " = None" if isinstance(arg.codec, Option) else ""
    name = f"{arg.name}_" if iskeyword(str(arg.name)) else arg.name
    return f"{name}: {form_of(arg.codec, imports, money=unit_of(arg) is not None)}{default}"


def storage(runtime: Runtime) -> str:
    """Return the stub of `chain.storage`."""

    def members(pallet: Pallet, imports: Imports) -> list[str]:
        return [_attribute(item.name, _item(item, imports), item.docs) for item in pallet.storage.values()]

    return _stub(runtime, "Storage", "storage items", members, lambda pallet: pallet.storage)


def _item(item: StorageItem[Any, Any], imports: Imports) -> str:
    """Return the annotation of a storage item: a class of `typed.items` with its keys, values and plain forms."""
    stored = value_of(item.codec, imports)
    read = f"{stored} | None" if item.optional else stored
    keys = [value_of(codec, imports) for codec in item.keys_codec]
    forms = [form_of(codec, imports) for codec in item.keys_codec]
    written = form_of(item.codec, imports, money=unit_of_item(item) is not None)
    if isinstance(item, StorageValue):
        return f"{imports.add(ITEMS, 'Value')}[{read}, {written}]"
    values = f"{stored}, {read}, {written}"
    if isinstance(item, StorageMap):
        return f"{imports.add(ITEMS, 'Map')}[{forms[0]}, {keys[0]}, {values}]"
    if isinstance(item, StorageDoubleMap):
        return f"{imports.add(ITEMS, 'DoubleMap')}[{', '.join([*forms, *keys])}, {values}]"
    return f"{imports.add(ITEMS, 'MultiMap')}[tuple[{', '.join(keys)}], {values}, {', '.join(forms)}]"


def constants(runtime: Runtime) -> str:
    """Return the stub of `chain.constants`."""

    def members(pallet: Pallet, imports: Imports) -> list[str]:
        return [_attribute(c.name, value_of(c.codec, imports), c.docs) for c in pallet.constants.values()]

    return _stub(runtime, "Constants", "constants", members, lambda pallet: pallet.constants)


def events(runtime: Runtime) -> str:
    """Return the stub of `chain.events`."""

    def members(pallet: Pallet, imports: Imports) -> list[str]:
        scale = pallet.event.scale if pallet.event else None
        named = [(scale.names[index], cls) for index, cls in scale.by_index.items()] if scale else []
        return [
            _attribute(name, f"type[{imports.of(cls, pallet.name + cls.__name__)}]", cls.__doc__ or "")
            for name, cls in named
        ]

    return _stub(runtime, "Events", "events", members)


def apis(runtime: Runtime) -> str:
    """Return the stub of `chain.apis`."""
    imports = Imports()
    imports.add(PLAIN, "BlockId")
    classes = {api.name: [_api_method(m, imports) for m in api.methods.values()] for api in runtime.apis}
    return _joined("Apis", "runtime APIs", classes, imports)


def _api_method(method: ApiMethod, imports: Imports) -> str:
    inputs = "".join(f"{_argument(arg, imports).removesuffix(' = None')}, " for arg in method.inputs)
    return _function(
        method.name, f"self, {inputs}*, at: BlockId | None = None", value_of(method.output, imports), method.docs
    )


# --- text ------------------------------------------------------------------------------------------------------


def _no_names(pallet: Pallet) -> Iterable[str]:
    return ()


def _stub(
    runtime: Runtime, name: str, what: str, members: Members, attributes: Callable[[Pallet], Iterable[str]] = _no_names
) -> str:
    imports = Imports({each for pallet in runtime.pallets for each in attributes(pallet)})
    return _joined(name, what, {pallet.name: members(pallet, imports) for pallet in runtime.pallets}, imports)


def _joined(name: str, what: str, classes: dict[str, list[str]], imports: Imports) -> str:
    """Return a stub: a class for each name that has members, and `name` with all of them."""
    present = {each: members for each, members in classes.items() if members}
    title = what[0].upper() + what[1:]
    parts = [
        f'"""Generated by `make stubs` from the declarations of the runtime: its {what}."""',
        *imports.lines(),
        *(_class(f"{each}{name}", f"{title} of {each}.", members) for each, members in present.items()),
        _class(name, f"{title} of the runtime.", [f"{each}: {each}{name}" for each in present]),
    ]
    return "\n".join(parts) + "\n"


def _class(name: str, docs: str, members: Iterable[str]) -> str:
    return f"class {name}:\n{_indented(_docstring(docs))}\n\n" + "\n".join(map(_indented, members))


def _function(name: str, signature: str, result: str, docs: str) -> str:
    return f"def {name}({signature}) -> {result}:\n{_indented(_docstring(docs) if docs else '...')}"


def _attribute(name: str, annotation: str, docs: str) -> str:
    return f"{name}: {annotation}\n{_docstring(docs)}" if docs else f"{name}: {annotation}"


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")


def _docstring(docs: str) -> str:
    """Return documentation as a docstring whose lines fit."""
    paragraphs = [textwrap.fill(" ".join(each.split()), WIDTH) for each in docs.strip().split("\n\n")]
    text = "\n\n".join(paragraphs).replace('"""', '\\"\\"\\"')
    prefix, end = "r" if "\\" in text else "", "\n" if "\n" in text else ""
    return f'{prefix}"""{text}{end}"""'
