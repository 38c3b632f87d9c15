"""Extrinsics and events of a block, decoded by the declarations of its runtime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...runtime.crypto import blake2_256
from ...runtime.scale.reader import Reader, ScaleError
from .interface import Interface
from .values import Account, Variant

#: The bits of an extrinsic's first byte: the version of the format, and how it is authorised.
VERSION, SIGNED, GENERAL = 0x3F, 0x80, 0x40


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call: its name, the name of its type, its value."""

    name: str
    type: str
    value: Any


@dataclass(frozen=True, slots=True)
class Extrinsic:
    """An extrinsic. `problem` says why one could not be decoded; extensions are those with a value."""

    hash: str
    size: int
    pallet: str = ""
    call: str = ""
    docs: str = ""
    arguments: tuple[Argument, ...] = ()
    signer: Account | None = None
    extensions: tuple[tuple[str, Any], ...] = ()
    problem: str = ""

    @property
    def name(self) -> str:
        """The name of its call."""
        return f"{self.pallet}.{self.call}" if self.pallet else "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a block; `extrinsic` is the index of the extrinsic that caused it, None for the block's own work."""

    extrinsic: int | None
    pallet: str
    name: str
    fields: dict[str, Any]
    docs: str


def decode_extrinsic(interface: Interface, raw: bytes) -> Extrinsic:
    """Return an extrinsic from its bytes, with its length before it as in a block."""
    known = Extrinsic("0x" + blake2_256(raw).hex(), len(raw))
    try:
        return _decode(interface, raw, known)
    except (ScaleError, RecursionError) as error:
        return Extrinsic(known.hash, known.size, problem=str(error))


def _decode(interface: Interface, raw: bytes, known: Extrinsic) -> Extrinsic:
    reader = Reader(raw)
    if reader.compact() != len(raw) - reader.at:
        raise ScaleError("its length is wrong")
    first, format_ = reader.byte(), interface.metadata.extrinsic
    signer, extensions = None, []
    if first & SIGNED:
        address = interface.types.read(format_.address, reader)
        signer = address.value if isinstance(address, Variant) else address
        interface.types.read(format_.signature, reader)
    elif first & GENERAL:
        reader.byte()  # the version of the extensions
    if first & (SIGNED | GENERAL):
        for extension in format_.extensions:
            value = interface.types.read(extension.type, reader)
            if value not in (None, ()):
                extensions.append((extension.identifier, value))
    pallet, call, arguments, docs = read_call(interface, reader)
    reader.finish()
    account = signer if isinstance(signer, Account) else None
    return Extrinsic(known.hash, known.size, pallet, call, docs, arguments, account, tuple(extensions))


def read_call(interface: Interface, reader: Reader) -> tuple[str, str, tuple[Argument, ...], str]:
    """Return pallet, name, arguments and documentation of a call."""
    index = reader.take(2)
    pallet = interface.by_index.get(index[0])
    calls = interface.calls(pallet.name) if pallet is not None else {}
    found = next((call for call in calls.values() if call.index == index), None)
    if found is None:
        raise ScaleError(f"the runtime has no call 0x{index.hex()}")
    arguments = tuple(
        Argument(
            field.name or "",
            field.type_name or interface.types.name(field.type),
            interface.types.read(field.type, reader),
        )
        for field in found.fields
    )
    return found.pallet, found.name, arguments, found.docs


def events_of(interface: Interface, records: Any) -> list[Event]:
    """Return the events of a block from the value of System.Events."""
    return [_event(interface, record) for record in records or ()]


def _event(interface: Interface, record: dict[str, Any]) -> Event:
    phase, outer = record["phase"], record["event"]
    index = phase.value if phase.name == "ApplyExtrinsic" else None
    fields = outer.value.value
    if not isinstance(fields, dict):
        parts = () if fields is None else fields if isinstance(fields, tuple) and type(fields) is tuple else (fields,)
        fields = {str(number): part for number, part in enumerate(parts)}
    return Event(index, outer.name, outer.value.name, fields, interface.event_docs(outer.name, outer.value.name))


def fee_in(events: Sequence[Event]) -> int | None:
    """Return the fee in rao, tip included, that events state."""
    found = (
        e.fields.get("actual_fee") for e in events if (e.pallet, e.name) == ("TransactionPayment", "TransactionFeePaid")
    )
    return next((fee for fee in found if isinstance(fee, int)), None)


def errors_in(events: Sequence[Event]) -> Iterator[Any]:
    """Yield the DispatchErrors in events: of the call itself, and of calls inside of it."""
    for event in events:
        for name, value in event.fields.items():
            if isinstance(value, Variant) and value.name == "Err":
                yield value.value
            elif name in ("dispatch_error", "error") and isinstance(value, Variant) and value.name != "Ok":
                yield value
