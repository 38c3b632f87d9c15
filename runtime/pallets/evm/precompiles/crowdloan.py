"""Crowdloan (2057): crowdloans of the caller, and contributions to them."""

from __future__ import annotations

from typing import Any

from ....crypto import evm_account
from ...admin_utils.pallet import PrecompileEnum
from ...crowdloan import calls, changes
from ...crowdloan.declared import Contributions, Crowdloans
from .contract import Contract
from .dispatching import dispatch
from .errors import failed
from .handle import Handle

contract = Contract(2057, PrecompileEnum.Crowdloan)

contract.forward("contribute(uint32,uint64)", calls.contribute)
contract.forward("withdraw(uint32)", calls.withdraw)
contract.forward("finalize(uint32)", calls.finalize)
contract.forward("refund(uint32)", calls.refund)
contract.forward("dissolve(uint32)", calls.dissolve)
contract.forward("updateMinContribution(uint32,uint64)", changes.update_min_contribution)
contract.forward("updateEnd(uint32,uint32)", changes.update_end)
contract.forward("updateCap(uint32,uint64)", changes.update_cap)

#: Creator, deposit, least contribution, end, cap, account of the funds, raised, whether there is a target address, the
#: target address, finalized, number of contributors.
INFO = "(bytes32,uint64,uint64,uint32,uint64,bytes32,uint64,bool,bytes32,bool,uint32)"


@contract.view("getCrowdloan(uint32)", INFO)
def crowdloan(handle: Handle, crowdloan_id: int) -> tuple[Any, ...]:
    """Return a crowdloan (`INFO`), amounts in rao."""
    handle.charge_reads(1)
    loan = Crowdloans.get(handle.ctx, crowdloan_id)
    if loan is None:
        raise failed("Crowdloan not found")
    target = loan.target_address
    return (
        *(loan.creator, loan.deposit, loan.min_contribution, loan.end, loan.cap, loan.funds_account, loan.raised),
        *(target is not None, target or bytes(32), loan.finalized, loan.contributors_count),
    )


@contract.view("getContribution(uint32,bytes32)", "uint64")
def contribution(handle: Handle, crowdloan_id: int, coldkey: bytes) -> int:
    """Return what an account has contributed, in rao."""
    handle.charge_reads(1)
    amount = Contributions.get(handle.ctx, crowdloan_id, coldkey)
    if amount is None:
        raise failed("Crowdloan or contribution not found")
    return amount


@contract.call("create(uint64,uint64,uint64,uint32,address)", payable=True)
def create(handle: Handle, deposit: int, min_contribution: int, cap: int, end: int, target_address: bytes) -> None:
    """Dispatch `Crowdloan.create` for the account of an EVM address."""
    target = evm_account(target_address)
    dispatch(handle, calls.create.call(deposit, min_contribution, cap, end, None, target))
