"""BalanceTransfer (2048): sends TAO to an account of the chain by its public key."""

from __future__ import annotations

from ....crypto import evm_account
from ....frame.extrinsic import Id
from ...admin_utils.pallet import PrecompileEnum
from ...balances import calls as balances
from .contract import Contract
from .dispatching import dispatch
from .handle import Handle
from .numbers import received_rao

contract = Contract(2048, PrecompileEnum.BalanceTransfer)


@contract.call("transfer(bytes32)", payable=True)
def transfer(handle: Handle, address: bytes) -> None:
    """Send the received TAO on, from the account of the precompile."""
    amount = received_rao(handle)
    if amount:
        dispatch(handle, balances.transfer_allow_death.call(Id(address), amount), own_account())


def own_account() -> bytes:
    """Return the account of the precompile, also in DELEGATECALL."""
    return evm_account(contract.address)
