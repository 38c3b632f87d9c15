"""UidLookup (2054): the neurons with which an Ethereum key is associated."""

from __future__ import annotations

from itertools import islice

from ...admin_utils.pallet import PrecompileEnum
from ...subtensor import storage
from .contract import Contract
from .handle import Handle

contract = Contract(2054, PrecompileEnum.UidLookup)


@contract.view("uidLookup(uint16,address,uint16)", "(uint16,uint64)[]")
def uid_lookup(handle: Handle, netuid: int, evm_address: bytes, limit: int) -> list[tuple[int, int]]:
    """Return uid and block of the associations of a key on a subnet, the oldest first.

    Among the first `limit` associations in the order of storage; each of them costs a read, whether it exists or not.
    """
    handle.charge_reads(limit)
    first = islice(storage.AssociatedEvmAddress.under(handle.ctx, netuid), limit)
    found = [(uid, block) for uid, (address, block) in first if address == evm_address]
    return sorted(found, key=lambda each: each[1])
