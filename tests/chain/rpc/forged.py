"""Ethereum transactions of which one part is not as it should be, as bytes that a client could send."""

from __future__ import annotations

from typing import Any

import rlp
from coincurve import PrivateKey
from pysubtensor.runtime.crypto.ecdsa import N
from pysubtensor.runtime.crypto.hashing import keccak_256

GWEI, CHAIN_ID = 10**9, 42
KEY = PrivateKey(bytes(31) + b"\1")
SENDER = keccak_256(KEY.public_key.format(compressed=False)[1:])[12:]
TO = b"\xb0" * 20


def sign(message: bytes, key: PrivateKey = KEY) -> tuple[int, int, int]:
    """Return parity, r and s."""
    signature = key.sign_recoverable(keccak_256(message), hasher=None)
    return signature[64], int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")


def transaction(kind: int = 2, **fields: Any) -> bytes:
    """Return a transaction of a type, signed, with `parity`, `r` and `s` replaced afterwards where they are given."""
    replaced = [fields.pop(name, None) for name in ("parity", "r", "s")]
    given: dict[str, Any] = {"chain": CHAIN_ID, "nonce": 0, "tip": GWEI, "price": 40 * GWEI, "gas": 100_000, "to": TO}
    given |= {"value": 10**12, "data": b"", "access": [], "authorizations": [authorization()]} | fields
    body = [given["gas"], given["to"], given["value"], given["data"]]
    fees = [given["price"]] if kind < 2 else [given["tip"], given["price"]]
    if kind == 0:
        items, unsigned = [given["nonce"], *fees, *body], [given["nonce"], *fees, *body]
        if given["chain"] is not None:
            unsigned += [given["chain"], 0, 0]
    else:
        items = [given["chain"], given["nonce"], *fees, *body, given["access"]]
        items += [given["authorizations"]] if kind == 4 else []
        unsigned = items
    prefix = bytes((kind,)) if kind else b""
    signed = list(sign(prefix + rlp.encode(unsigned)))
    signed = [known if other is None else other for known, other in zip(signed, replaced, strict=True)]
    if kind == 0 and replaced[0] is None:
        signed[0] += 27 if given["chain"] is None else 35 + 2 * given["chain"]
    return prefix + bytes(rlp.encode([*items, *signed]))


def malleated(kind: int) -> bytes:
    """Return a transaction with the other one of the two signatures that a key can make of a message."""
    items = rlp.decode(transaction(kind)[1 if kind else 0 :])
    v, r, s = (int.from_bytes(item, "big") for item in items[-3:])
    other = 1 - v if kind else v + (1 if v % 2 else -1)
    return (bytes((kind,)) if kind else b"") + bytes(rlp.encode([*items[:-3], other, r, N - s]))


def authorization(chain: int = CHAIN_ID, nonce: int = 0, number: int = 9, **changed: int) -> list[Any]:
    """Return an authorization of the key with a number, by which its account runs the code of an address."""
    parity, r, s = sign(b"\5" + rlp.encode([chain, TO, nonce]), PrivateKey.from_int(number))
    return [chain, TO, nonce, changed.get("parity", parity), changed.get("r", r), changed.get("s", s)]
