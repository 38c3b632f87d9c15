"""Extrinsics as opaque bytes: a compact length, and what that length says. What they mean the runtime finds out."""

from __future__ import annotations

from ...runtime.scale import Reader, ScaleError


def opaque_extrinsic(raw: bytes) -> bytes:
    """Return the extrinsic at the front of `raw`; bytes behind it do not belong to it, as for the genuine node.

    Raises ScaleError when there are fewer bytes than the length says.
    """
    reader = Reader(raw)
    end = reader.compact() + reader.at
    if end > reader.end:
        raise ScaleError("Not enough data to fill buffer", reader.at)
    return raw if end == reader.end else raw[:end]
