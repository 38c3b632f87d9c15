"""Extrinsics: their encoding, and the payload that is signed.

    compact length, then one of
    04 or 05, call                                        bare: inherents, and what pallets take unsigned
    84, address, signature, extension values, call        signed
    45, extension version, extension values, call         general: no signature, extensions authorise

A signature covers call, extension values and the extensions' implicit values (versions, genesis hash, …); payloads
of more than 256 bytes are signed by their hash.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from ..crypto.hashing import blake2_256
from ..crypto.schemes import Scheme
from ..scale import AccountId, AsCompact, BoundedReader, Reader, ScaleError, SourceName, Sum, encode_compact
from ..scale.codec import AnyCodec, FixedBytes
from .call import Call, RuntimeCallCodec
from .weight import DispatchInfo

#: Length limit of an encoded extrinsic, in bytes: that of a block.
MAX_LENGTH = 10 * 1024 * 1024
#: Payloads longer than this are hashed before they are signed.
MAX_PLAIN_PAYLOAD = 256
#: Version of the list of extensions, which general extrinsics carry.
EXTENSION_VERSION = 0


class MultiAddress(
    Sum,
    path="sp_runtime::multiaddress::MultiAddress",
    params=[("AccountId", AccountId), ("AccountIndex", type(None))],
    positional=True,
):
    """An address of an account; this chain accepts `Id` only."""


class Id(MultiAddress, index=0):
    account: AccountId


class Index(MultiAddress, index=1):
    index: AsCompact[None]


class Raw(MultiAddress, index=2):
    data: bytes


class Address32(MultiAddress, index=3):
    data: Annotated[bytes, FixedBytes(32)]


class Address20(MultiAddress, index=4):
    data: Annotated[bytes, FixedBytes(20)]


class MultiSignature(Sum, path="sp_runtime::MultiSignature", positional=True):
    """A signature of any of the three schemes."""

    scheme: ClassVar[Scheme]
    signature: bytes


class Ed25519(MultiSignature, index=0):
    scheme = Scheme.ED25519
    signature: Annotated[bytes, FixedBytes(64), SourceName("ed25519::Signature")]


class Sr25519(MultiSignature, index=1):
    scheme = Scheme.SR25519
    signature: Annotated[bytes, FixedBytes(64), SourceName("sr25519::Signature")]


class Ecdsa(MultiSignature, index=2):
    scheme = Scheme.ECDSA
    signature: Annotated[bytes, FixedBytes(65), SourceName("ecdsa::Signature")]


SIGNATURES: dict[Scheme, type[Ed25519] | type[Sr25519] | type[Ecdsa]] = {
    Scheme.ED25519: Ed25519,
    Scheme.SR25519: Sr25519,
    Scheme.ECDSA: Ecdsa,
}


class Kind(enum.Enum):
    """The three kinds of extrinsics, by the two highest bits of the first byte."""

    BARE = 0b00
    GENERAL = 0b01
    SIGNED = 0b10


@dataclass(slots=True)
class Extrinsic:
    """A decoded extrinsic. `raw` is kept as submitted, because clients find their extrinsic in a block by its hash.

    `explicit` holds a value for each extension (None for an extension without one); `explicit_bytes` and `call_bytes`
    are the parts of `raw` that a signature covers.
    """

    raw: bytes
    kind: Kind
    call: Call
    address: MultiAddress | None = None
    signature: MultiSignature | None = None
    explicit: tuple[Any, ...] = ()
    explicit_bytes: bytes = b""
    call_bytes: bytes = b""
    #: The encoded implicit values with which the signature was valid: a signature is checked once.
    verified: bytes | None = None
    #: The origin of a call that contains its signature, which is verified once.
    contained: Sum | None = None
    #: Cache of `Runtime.dispatch_info`, which the pool and then the block author need.
    info: DispatchInfo | None = None
    #: Cache of `Runtime.nesting`.
    nesting: int | None = None
    #: The account that the signature is claimed to be from, None when the address is not an `Id`.
    signer: bytes | None = field(init=False)

    @classmethod
    def bare(cls, call: Call) -> Extrinsic:
        """Return an extrinsic without a signature, as for inherents."""
        encoded = call.encode()
        return cls(prefix_with_length(b"\x05" + encoded), Kind.BARE, call, call_bytes=encoded)

    @property
    def hash(self) -> bytes:
        """BLAKE2b-256 of all bytes, the length prefix included."""
        return blake2_256(self.raw)

    def __post_init__(self) -> None:
        self.signer = self.address.account if isinstance(self.address, Id) else None


@dataclass(slots=True)
class Unread:
    """A signed extrinsic whose call is not decoded yet; its parts are those of `Extrinsic`."""

    signature: MultiSignature
    signer: bytes | None
    explicit: tuple[Any, ...]
    explicit_bytes: bytes
    call_bytes: bytes
    verified: bytes | None = None
    kind: ClassVar[Kind] = Kind.SIGNED


#: Checks the signature of an extrinsic before its call is decoded.
Verify = Callable[[Unread], object]


class ExtrinsicCodec:
    """Decoder and encoder of the extrinsics of one runtime (`scope`), with `explicit` codecs of its extensions."""

    def __init__(self, scope: object, call: RuntimeCallCodec, explicit: Sequence[AnyCodec | None]) -> None:
        self.scope, self.call = scope, call
        self.explicit = tuple(explicit)
        self._absent: list[Any] = [None] * len(self.explicit)
        self._readers = [(i, codec.read) for i, codec in enumerate(self.explicit) if codec]

    def decode(self, raw: bytes, verify: Verify | None = None) -> Extrinsic:
        """Return the extrinsic that exactly these bytes encode; raise ScaleError when they encode none.

        `verify` is called with a signed extrinsic before its call is decoded, and may refuse it.
        """
        if len(raw) > MAX_LENGTH:
            raise ScaleError(f"an extrinsic has at most {MAX_LENGTH} bytes, got {len(raw)}", 0)
        reader = BoundedReader(raw, scope=self.scope)
        length = reader.compact()
        if length != reader.end - reader.at:
            raise ScaleError(f"expected {length} bytes behind the length prefix, got {reader.end - reader.at}", 0)
        first = reader.byte()
        if first == 0x84:
            extrinsic = self._signed(reader, verify)
        elif first in (0x04, 0x05):
            at = reader.at
            extrinsic = Extrinsic(raw, Kind.BARE, self.call.read(reader), call_bytes=raw[at:])
        elif first == 0x45:
            extrinsic = self._general(reader)
        else:
            raise ScaleError("Invalid transaction version", reader.at - 1)
        reader.finish()
        return extrinsic

    def _signed(self, reader: Reader, verify: Verify | None) -> Extrinsic:
        address = MultiAddress.scale.read(reader)
        signature = MultiSignature.scale.read(reader)
        start = reader.at
        explicit = self._explicit(reader)
        middle, data = reader.at, reader.data
        covered = (explicit, data[start:middle], data[middle:])
        verified = None
        if verify is not None:
            unread = Unread(signature, address.account if isinstance(address, Id) else None, *covered)
            verify(unread)
            verified = unread.verified
        return Extrinsic(data, Kind.SIGNED, self.call.read(reader), address, signature, *covered, verified)

    def _general(self, reader: Reader) -> Extrinsic:
        version = reader.byte()
        if version != EXTENSION_VERSION:
            raise ScaleError(f"expected extension version {EXTENSION_VERSION}, got {version}", reader.at - 1)
        start = reader.at
        explicit = self._explicit(reader)
        middle = reader.at
        call = self.call.read(reader)
        data = reader.data
        return Extrinsic(data, Kind.GENERAL, call, None, None, explicit, data[start:middle], data[middle:])

    def _explicit(self, reader: Reader) -> tuple[Any, ...]:
        values = self._absent.copy()
        for index, read in self._readers:
            values[index] = read(reader)
        return tuple(values)

    @staticmethod
    def bare(call: Call) -> bytes:
        """Encode a bare extrinsic, as for inherents."""
        return Extrinsic.bare(call).raw

    @staticmethod
    def signed(account: bytes, signature: MultiSignature, explicit: bytes, call: bytes) -> bytes:
        """Encode a signed extrinsic from its encoded extension values and call."""
        address = MultiAddress.scale.encode(Id(account))
        return prefix_with_length(b"\x84" + address + MultiSignature.scale.encode(signature) + explicit + call)


def prefix_with_length(body: bytes) -> bytes:
    """Return the bytes behind their length in compact form."""
    return encode_compact(len(body)) + body


def signing_payload(call: bytes, explicit: bytes, implicit: bytes) -> bytes:
    """Return the bytes to sign, from the encoded call, explicit and implicit values."""
    payload = call + explicit + implicit
    return payload if len(payload) <= MAX_PLAIN_PAYLOAD else blake2_256(payload)
