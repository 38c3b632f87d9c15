"""The precompiles by their addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..exits import ExitSucceed
from . import (
    address_mapping,
    alpha,
    balance_transfer,
    bn128,
    crowdloan,
    leasing,
    metagraph,
    neuron,
    proxy,
    runtime_calls,
    staking,
    staking_v2,
    standard,
    storage_query,
    subnet,
    uid_lookup,
    verification,
    voting_power,
)
from .handle import Handle, address_of


@dataclass(frozen=True, slots=True)
class Precompile:
    """The function of a precompile, and how it ends when it succeeds."""

    run: Callable[[Handle], bytes]
    exit: ExitSucceed = ExitSucceed.Returned

    def __call__(self, handle: Handle) -> bytes:
        """Answer a call: return its output, raise Reverted or PrecompileFailed."""
        return self.run(handle)


#: Precompiles with Solidity functions.
CONTRACTS = (
    balance_transfer.contract,
    staking.contract,
    metagraph.contract,
    subnet.contract,
    neuron.contract,
    staking_v2.contract,
    uid_lookup.contract,
    alpha.contract,
    crowdloan.contract,
    leasing.contract,
    proxy.contract,
    address_mapping.contract,
    voting_power.contract,
)

_BY_INDEX = {
    1: Precompile(standard.ecrecover),
    2: Precompile(standard.sha2),
    3: Precompile(standard.ripemd),
    4: Precompile(standard.identity),
    5: Precompile(standard.modexp),
    6: Precompile(runtime_calls.run, ExitSucceed.Stopped),
    7: Precompile(bn128.multiply),
    8: Precompile(bn128.pairing),
    9: Precompile(bn128.add),
    1024: Precompile(standard.sha3),
    1025: Precompile(standard.ecrecover_public_key),
    1026: Precompile(verification.ed25519_verify),
    1027: Precompile(verification.sr25519_verify),
    storage_query.INDEX: Precompile(storage_query.run),
    **{contract.index: Precompile(contract.run) for contract in CONTRACTS},
}
PRECOMPILES = {address_of(index): precompile for index, precompile in _BY_INDEX.items()}
