"""Code generation for records: encoders and readers without a loop over the fields."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from .codec import AnyCodec, type_error

#: A function that encodes a value.
Encode = Callable[[Any], bytes]


def compile_flat(
    codec: AnyCodec, names: dict[str, Any], explain: Encode
) -> tuple[Encode, Callable[[Any, int], Any], int] | None:
    """Return encoder, reader and size in bytes of a fixed-size record, None for a record without a fixed size.

    Encoder and reader make one call of `struct` each. `explain` encodes a value field by field when the encoder fails,
    and raises an error that names the field. `names` are the classes to which the building expression refers.
    """
    flat = codec.flat()
    if flat is None:
        return None
    packer = struct.Struct("<" + flat.format)
    count = len(packer.unpack(bytes(packer.size)))
    values = [f"v{i}" for i in range(count)]
    scope = {
        "pack": packer.pack,
        "unpack": packer.unpack_from,
        "from_bytes": int.from_bytes,
        "check_size": check_size,
        "explain": explain,
        **names,
    }
    source = (
        f"def encode(value):\n"
        f"    try: return pack({', '.join(flat.pack('value'))})\n"
        f"    except Exception: return explain(value)\n"
        f"def read(data, at):\n"
        f"    {', '.join(values)}, = unpack(data, at)\n"
        f"    return {flat.build(iter(values))}\n"
    )
    exec(source, scope)  # the text is made from declared field names alone
    return scope["encode"], scope["read"], packer.size


def check_size(value: bytes, size: int) -> bytes:
    """Return bytes of exactly this length; raise ScaleError for others, which `struct` would pad or cut."""
    if not isinstance(value, bytes) or len(value) != size:
        raise type_error(f"{size} bytes", value)
    return value


def compile_fields(
    cls: type, attributes: Sequence[str], codecs: Sequence[AnyCodec], explain: Encode
) -> tuple[Encode, Callable[[Any, int], Any]]:
    """Return encoder and reader of a record of any size, one expression each; for `explain` see `compile_flat`."""
    scope: dict[str, Any] = {"cls": cls, "explain": explain}
    for i, codec in enumerate(codecs):
        scope[f"e{i}"], scope[f"r{i}"] = codec.encode, codec.read
    parts = [f"e{i}(value.{name})" for i, name in enumerate(attributes)]
    reads = [f"r{i}(reader)" for i in range(len(codecs))]
    source = (
        f"def encode(value):\n"
        f"    try: return {' + '.join(parts) or repr(b'')}\n"
        f"    except Exception: return explain(value)\n"
        f"def read(reader, at): return cls({', '.join(reads)})\n"
    )
    exec(source, scope)  # the text is made from declared field names alone
    return scope["encode"], scope["read"]
