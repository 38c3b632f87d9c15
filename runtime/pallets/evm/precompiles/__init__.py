"""Precompiles: addresses whose calls run functions of the chain instead of bytecode.

| address | index | contract | file |
|---|---|---|---|
| 0x01 to 0x05 | 1 to 5 | ECRecover, SHA-256, RIPEMD-160, identity, modexp | standard.py |
| 0x06 | 6 | Dispatch: an encoded call of the runtime | runtime_calls.py |
| 0x07 to 0x09 | 7 to 9 | multiplication, pairing and addition on bn128 | bn128.py |
| 0x400, 0x401 | 1024, 1025 | SHA3-256, recovery of a public key | standard.py |
| 0x402, 0x403 | 1026, 1027 | verification of ed25519 and sr25519 | verification.py |
| 0x800 | 2048 | BalanceTransfer | balance_transfer.py |
| 0x801 | 2049 | Staking, amounts in wei | staking.py |
| 0x802 | 2050 | Metagraph | metagraph.py |
| 0x803 | 2051 | Subnet | subnet.py |
| 0x804 | 2052 | Neuron | neuron.py |
| 0x805 | 2053 | Staking (V2), amounts in rao; allowances | staking_v2.py, allowances.py |
| 0x806 | 2054 | UidLookup | uid_lookup.py |
| 0x807 | 2055 | StorageQuery: raw storage | storage_query.py |
| 0x808 | 2056 | Alpha: pools and prices | alpha.py |
| 0x809 | 2057 | Crowdloan | crowdloan.py |
| 0x80a | 2058 | Leasing | leasing.py |
| 0x80b | 2059 | Proxy | proxy.py |
| 0x80c | 2060 | AddressMapping | address_mapping.py |
| 0x80d | 2061 | VotingPower | voting_power.py |

`table` has all of them by address, and `precompile_at` looks into it. They are made of these parts:

* `handle`: what a precompile sees of its call. `errors`: how it fails. `numbers`: Solidity's numbers as the chain's.
* `contract`: declares functions by their Solidity signatures. `abi`: Solidity's encoding of arguments and results.
* `dispatching`: dispatches calls of pallets. `error_texts`: the words for their errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .table import Precompile

#: The beginning of all addresses of precompiles; their index follows, in two bytes.
PREFIX = bytes(18)


def precompile_at(address: bytes) -> Precompile | None:
    """Return the precompile at an address, whether it is enabled or not; None where there is none."""
    if not address.startswith(PREFIX):
        return None
    # Imported here: few transactions come near a precompile, and all of them take a tenth of a chain's start.
    from .table import PRECOMPILES

    return PRECOMPILES.get(address)
