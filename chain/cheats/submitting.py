"""Submitting calls as any account, or as root, without a key."""

from __future__ import annotations

from collections.abc import Callable

from ...runtime.client.from_plain import Options, call_from_plain
from ...runtime.client.names import find_call, find_item
from ...runtime.client.signing import Signer
from ...runtime.frame.call import Call
from ..chain import Blockchain
from ..errors import ChainError
from .impersonation import acting_key, stop_impersonating

Submit = Callable[[bytes], bytes]


def submit_as(chain: Blockchain, call: Call, who: bytes | None, submit: Submit) -> bytes:
    """Put a call of an account into the pool, or of root for None: in Sudo.sudo; return the extrinsic's hash.

    The account is impersonated for this one transaction. ChainError as root on a chain without a sudo key.
    """
    if who is None:
        sudo = find_item(chain.runtime.pallets, "Sudo", "Key").read(chain.context(), [])
        if sudo is None:
            raise ChainError("expected a chain with a sudo key, this one has none")
        who, call = sudo, _as_root(chain, call)
    had = who in chain.pool.impersonation.accounts
    raw = Signer(chain.genesis_hash).sign(call, acting_key(chain, who), nonce=chain.pool.next_nonce(who))
    try:
        return submit(raw)
    finally:
        if not had:
            stop_impersonating(chain, who)


def _as_root(chain: Blockchain, call: Call) -> Call:
    return call_from_plain(find_call(chain.runtime.pallets, "Sudo", "sudo"), {"call": call}, Options(chain.runtime))
