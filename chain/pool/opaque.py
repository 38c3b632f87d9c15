"""Opaque extrinsics: a compact length and that many bytes, which only the runtime interprets."""

from __future__ import annotations

from ...runtime.scale import Reader, ScaleError


def opaque_extrinsic(raw: bytes) -> bytes:
    """Return the extrinsic at the front of `raw`; bytes after it are ignored, as by the genuine node.

    Raises ScaleError if there are fewer bytes than the length.
    """
    reader = Reader(raw)
    end = reader.compact() + reader.at
    if end > reader.end:
        raise ScaleError("Not enough data to fill buffer", reader.at)
    return raw if end == reader.end else raw[:end]
