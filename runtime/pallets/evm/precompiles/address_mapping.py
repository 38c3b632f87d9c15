"""AddressMapping (2060): the account of the chain that holds the funds of an EVM address."""

from __future__ import annotations

from ....crypto import evm_account
from ...admin_utils.pallet import PrecompileEnum
from .contract import Contract
from .handle import Handle

contract = Contract(2060, PrecompileEnum.AddressMapping)


@contract.view("addressMapping(address)", "bytes32")
def address_mapping(handle: Handle, target_address: bytes) -> bytes:
    """Return the account of an address. Costs nothing."""
    return evm_account(target_address)
