"""The head, and imported blocks with their changes and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..runtime.frame.events import Phase
from ..runtime.frame.header import Header
from ..runtime.frame.runtime_types import EventRecord
from ..runtime.scale import Reader, Sum


@dataclass(frozen=True, slots=True)
class Head:
    """The last block."""

    number: int
    hash: bytes


@dataclass(frozen=True)
class ImportedBlock:
    """A block that has become the head."""

    header: Header
    hash: bytes
    #: The body: each extrinsic encoded, as it was submitted.
    extrinsics: tuple[bytes, ...]
    #: Storage key -> new value, None where the block removed it.
    changes: Mapping[bytes, bytes | None]
    #: Its events, and the encoded record of each one, which begins with its phase.
    deposited: Sequence[Sum]
    records: Sequence[bytes]

    @property
    def number(self) -> int:
        """Its number."""
        return self.header.number

    @cached_property
    def events(self) -> tuple[EventRecord, ...]:
        """Its events with their phases, as in `System.Events`; computed on first access."""
        pairs = zip(self.records, self.deposited, strict=True)
        return tuple(EventRecord(Phase.scale.read(Reader(record)), event, []) for record, event in pairs)

    def events_of(self, index: int) -> tuple[Sum, ...]:
        """Return the events of extrinsic `index`, in their order."""
        phase = b"\0" + index.to_bytes(4, "little")  # ApplyExtrinsic(index)
        pairs = zip(self.records, self.deposited, strict=True)
        return tuple(event for record, event in pairs if record.startswith(phase))
