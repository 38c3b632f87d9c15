"""Transactions that come from peers, and those that the engine asks for again after each block."""

from __future__ import annotations

from ...runtime.crypto.hashing import blake2_256
from ...runtime.scale import ScaleError
from ..errors import StoreError
from ..pool.opaque import opaque_extrinsic
from ..pool.pool import TransactionPool
from ..pool.rejections import AlreadyImported

#: The most characters of a reason in an answer to the engine.
MOST = 300


def refusal(pool: TransactionPool, raw: bytes, again: bool) -> str | None:
    """Add a transaction to the pool, unless it is there; return why it is refused, None if it is not.

    With `again` it was added before, and is only looked for: the pool itself removes what becomes invalid.
    """
    if blake2_256(raw) in pool:
        return None
    if again:
        return "it is no longer in the pool"
    try:
        if opaque_extrinsic(raw) != raw:
            return "expected one extrinsic, got more bytes"
        pool.submit(raw)
    except AlreadyImported:
        return None
    except ScaleError as error:
        return f"expected an extrinsic: {error}"[:MOST]
    except StoreError:
        raise
    except Exception as refused:  # noqa: BLE001  # no transaction of a peer may stop the node
        return str(refused)[:MOST]
    return None
