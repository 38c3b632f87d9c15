"""Transactions of a block for a node's log: signer, call, result and error, in bounded time and length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..chain.blocks import ImportedBlock
from ..genesis.accounts import ACCOUNTS, name_of
from ..runtime.client.advice import advice
from ..runtime.client.money import unit_of
from ..runtime.client.receipt import error_in, explain, fee_in
from ..runtime.client.text import core
from ..runtime.client.to_plain import to_plain
from ..runtime.crypto import blake2_256, ss58_encode
from ..runtime.frame.call import Call
from ..runtime.frame.extrinsic import Extrinsic, Kind
from ..runtime.frame.runtime import Runtime
from ..runtime.scale import ScaleError
from .amounts import Amount
from .derived.shown import with_units
from .derived.words import is_account
from .output import cell_text

#: Characters of a call and of one of its arguments that a line shows, and bytes of the longest one that is described.
CALL_LENGTH, ARGUMENT_LENGTH, DESCRIBED_BYTES = 200, 120, 4096
#: Calls of a batch that a line shows.
SHOWN_CALLS = 3
#: The names of the development accounts, by their addresses.
_NAMES = {ss58_encode(account): f"//{name}" for name, account in ACCOUNTS.items()}
#: Calls without a signature that authors add to blocks.
OF_AUTHORS = {"Timestamp.set", "MevShield.announce_next_key", "Drand.write_pulse"}


@dataclass(frozen=True, slots=True)
class Included:
    """A transaction in a block. `error` has the name and the documentation of its error; the fee is in rao."""

    index: int
    extrinsic: Extrinsic
    error: tuple[str, str] | None
    fee: int | None

    @property
    def name(self) -> str:
        """The name of its call."""
        return f"{self.extrinsic.call.pallet}.{self.extrinsic.call.name}"

    @property
    def signer(self) -> str:
        """Its signer's name or address."""
        return "unsigned" if self.extrinsic.signer is None else account_text(self.extrinsic.signer)


def included(block: ImportedBlock, runtime: Runtime, most: int) -> tuple[list[Included], int]:
    """Return the first transactions of a block, `most` at most, and the number of the others."""
    found: list[Included] = []
    first = _first_transaction(block, runtime)
    for index in range(first, min(first + most, len(block.extrinsics))):
        try:
            extrinsic = runtime.decode(block.extrinsics[index])
        except ScaleError:  # of another runtime
            continue
        if extrinsic.kind is Kind.BARE and f"{extrinsic.call.pallet}.{extrinsic.call.name}" in OF_AUTHORS:
            continue
        events = block.events_of(index)
        error = error_in(events)
        found.append(Included(index, extrinsic, None if error is None else explain(error), fee_in(events)))
    return found, max(0, len(block.extrinsics) - first - most)


def _first_transaction(block: ImportedBlock, runtime: Runtime) -> int:
    """Return the index of the first extrinsic that is not an author's own; authors put theirs first."""
    for index, raw in enumerate(block.extrinsics):
        try:
            extrinsic = runtime.decode(raw)
        except ScaleError:
            return index
        if extrinsic.kind is not Kind.BARE or f"{extrinsic.call.pallet}.{extrinsic.call.name}" not in OF_AUTHORS:
            return index
    return len(block.extrinsics)


def line_of(each: Included) -> str:
    """Return the line of a transaction for people."""
    if each.error is None:
        result = "" if each.fee is None else f"  fee {Amount(each.fee, 'tao')}"
    else:
        name, docs = each.error
        tried = advice(name)
        result = f"  {name}{docs and f': {docs}'.rstrip('.')}{f'. Try {tried}.' if tried else '.'}"
    return f"  {'✓' if each.error is None else '✗'} {each.signer}  {call_text(each.extrinsic.call)}{result}"


def described(raw: bytes, runtime: Runtime) -> tuple[str, str]:
    """Return signer and call of a transaction that was refused, as far as its bytes tell."""
    try:
        extrinsic = runtime.decode(raw) if len(raw) <= DESCRIBED_BYTES else None
    except ScaleError:
        extrinsic = None
    if extrinsic is None:
        return "unknown", f"{len(raw)} bytes"
    return "unsigned" if extrinsic.signer is None else account_text(extrinsic.signer), call_text(extrinsic.call)


def call_text(call: Call) -> str:
    """Return a call with its arguments; long ones are cut."""
    if len(call.encode()) > DESCRIBED_BYTES:
        return f"{call.pallet}.{call.name}(…)"
    parts = [
        f"{field.name}={_argument_text(field, value)}"
        for field, value in zip(call.function.args, call.args, strict=True)
    ]
    text = f"{call.pallet}.{call.name}({', '.join(parts)})"
    return text if len(text) <= CALL_LENGTH else f"{text[: CALL_LENGTH - 1]}…"


def _argument_text(field: Any, value: Any) -> str:
    if isinstance(value, Call):
        return call_text(value)
    if isinstance(value, list) and value and isinstance(value[0], Call):
        return _cut(
            f"[{', '.join(call_text(each) for each in value[:SHOWN_CALLS])}{', …' * (len(value) > SHOWN_CALLS)}]"
        )
    plain = with_units(field.codec, value, unit_of(field))
    if is_account(core(field.codec)) and isinstance(plain, str):
        return known_name(plain)
    return _cut(cell_text(plain))


def _cut(text: str) -> str:
    """Return the beginning of an argument."""
    return text if len(text) <= ARGUMENT_LENGTH else f"{text[: ARGUMENT_LENGTH - 1]}…"


def account_text(account: bytes) -> str:
    """Return the name of a development account, or the address of another one."""
    name = name_of(account)
    return f"//{name}" if name else ss58_encode(account)


def known_name(address: str) -> str:
    """Return the name of a development account instead of its address; other addresses unchanged."""
    return _NAMES.get(address, address)


def record_of(each: Included) -> dict[str, Any]:
    """Return a transaction as JSON. Arguments of very long calls are left out."""
    call, error = each.extrinsic.call, each.error
    short = len(each.extrinsic.raw) <= DESCRIBED_BYTES
    return {
        "index": each.index,
        "hash": "0x" + blake2_256(each.extrinsic.raw).hex(),
        "signer": None if each.extrinsic.signer is None else ss58_encode(each.extrinsic.signer),
        "call": each.name,
        "arguments": {
            str(field.name): to_plain(field.codec, value)
            for field, value in zip(call.function.args, call.args, strict=True)
        }
        if short
        else None,
        "success": error is None,
        "error": None if error is None else {"name": error[0], "docs": error[1], "try": advice(error[0])},
        "fee_rao": each.fee,
    }
