"""Runtime APIs, the methods of `state_call`, in the chain's order.

    with state.anchor():
        answer = call_api(runtime, ctx, "AccountNonceApi_account_nonce", account)

`ctx` has the number and the state of the block after which the method is called. Methods may write (they execute
blocks, or begin the next one to validate a transaction); the caller keeps the changes or undoes them with an anchor.
`Core_initialize_block` sets the context to the new block, which `BlockBuilder_*` calls with the same context continue.
"""

from __future__ import annotations

from ..frame.context import Context
from ..frame.runtime import Runtime
from ..frame.runtime_api import ApiError, ApiMethod, BadArguments, Panicked, RuntimeApi, UnknownMethod
from . import (
    accounts,
    blocks,
    consensus,
    core,
    delegate_info,
    ethereum,
    grandpa,
    neuron_info,
    proxy_filter,
    shield,
    stake_info,
    subnet_info,
    subnet_registration,
    swap,
)

APIS: tuple[RuntimeApi, ...] = (
    core.core,
    core.metadata_api,
    blocks.builder,
    blocks.genesis,
    blocks.pool,
    blocks.offchain,
    consensus.aura_api,
    consensus.session_keys,
    grandpa.grandpa_api,
    accounts.nonces,
    accounts.payment,
    accounts.call_payment,
    ethereum.api,
    ethereum.convert,
    delegate_info.api,
    neuron_info.api,
    subnet_info.api,
    stake_info.api,
    subnet_registration.api,
    proxy_filter.api,
    swap.api,
    shield.shield_api,
)


def call_api(runtime: Runtime, ctx: Context, name: str, arguments: bytes) -> bytes:
    """Call the method `Api_method` with encoded arguments; return its encoded answer. Raise ApiError on failure."""
    method = runtime.api_methods.get(name)
    if method is None:
        raise UnknownMethod(name)
    return method.answer(ctx, arguments)


__all__ = ["APIS", "ApiError", "ApiMethod", "BadArguments", "Panicked", "RuntimeApi", "UnknownMethod", "call_api"]
