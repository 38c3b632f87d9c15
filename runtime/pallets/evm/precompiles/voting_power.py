"""VotingPower (2061): the moving averages of validators' stake on a subnet, by which contracts may let them vote."""

from __future__ import annotations

from .....consensus.integers import saturating_add_u64
from ...admin_utils.pallet import PrecompileEnum
from ...subtensor import storage
from .contract import Contract
from .handle import Handle

contract = Contract(2061, PrecompileEnum.VotingPower)

contract.item("isVotingPowerTrackingEnabled(uint16)", "bool", storage.VotingPowerTrackingEnabled)
contract.item("getVotingPowerDisableAtBlock(uint16)", "uint64", storage.VotingPowerDisableAtBlock)
contract.item("getVotingPowerEmaAlpha(uint16)", "uint64", storage.VotingPowerEmaAlpha)


@contract.view("getVotingPower(uint16,bytes32)", "uint256")
def voting_power(handle: Handle, netuid: int, hotkey: bytes) -> int:
    """Return the voting power of a hotkey, in units of alpha."""
    handle.charge_reads(1)
    return storage.VotingPower.get(handle.ctx, netuid, hotkey)


@contract.view("getTotalVotingPower(uint16)", "uint256")
def total_voting_power(handle: Handle, netuid: int) -> int:
    """Return the sum of all voting power; costs a read for each hotkey."""
    total = 0
    for _, power in storage.VotingPower.under(handle.ctx, netuid):
        handle.charge_reads(1)
        total = saturating_add_u64(total, power)
    return total
