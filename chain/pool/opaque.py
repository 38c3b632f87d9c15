"""Opaque extrinsics: a compact length and that many bytes, which only the runtime interprets."""

from __future__ import annotations

from ...runtime.scale import Reader, ScaleError

#: The shortest extrinsic whose length has two bytes, these included: a length below 64 has one.
SHORTEST_WITH_TWO = 66


def opaque_extrinsic(raw: bytes) -> bytes:
    """Return the extrinsic at the front of `raw`; bytes after it are ignored, as by the genuine node.

    Raises ScaleError if there are fewer bytes than the length.
    """
    if len(raw) >= SHORTEST_WITH_TWO and int.from_bytes(raw[:2], "little") == (len(raw) - 2) << 2 | 1:
        return raw  # as nearly always: a length of two bytes, and that many bytes
    reader = Reader(raw)
    end = reader.compact() + reader.at
    if end > reader.end:
        raise ScaleError("Not enough data to fill buffer", reader.at)
    return raw if end == reader.end else raw[:end]
