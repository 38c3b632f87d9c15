"""Staking (2049), the older one: amounts are in wei, and the TAO to stake is sent with the call."""

from __future__ import annotations

from ....crypto import evm_account
from ....frame.extrinsic import Id
from ....frame.nested import attempt
from ....frame.origin import signed
from ...admin_utils.pallet import PrecompileEnum
from ...balances import calls as balances
from ...proxy import calls as proxy
from ...proxy.proxy_type import ProxyType
from ...subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from ...subtensor.staking import add, remove
from ...subtensor.staking.helpers import get_total_stake_for_coldkey, get_total_stake_for_hotkey
from .contract import Contract
from .dispatching import dispatch
from .errors import failed, out_of_fund
from .handle import Handle
from .numbers import received_rao, to_rao, to_u16, to_wei

contract = Contract(2049, PrecompileEnum.Staking)


@contract.call("addStake(bytes32,uint256)", payable=True)
def add_stake(handle: Handle, address: bytes, netuid: int) -> None:
    """Return the received TAO to the caller, then dispatch `SubtensorModule.add_stake` with it."""
    if handle.value:
        _return_to_caller(handle)
    dispatch(handle, add.add_stake.call(address, to_u16(netuid), received_rao(handle)))


def _return_to_caller(handle: Handle) -> None:
    """Send the received TAO back; the transfer is not charged."""
    amount = to_rao(handle.value)
    if amount is None:
        raise out_of_fund()
    call = balances.transfer_allow_death.call(Id(handle.caller_account), amount)
    if attempt(handle.ctx, signed(evm_account(contract.address)), call).error is not None:
        raise failed("Transfer back to caller failed")


@contract.call("removeStake(bytes32,uint256,uint256)", payable=True)
def remove_stake(handle: Handle, address: bytes, amount: int, netuid: int) -> None:
    """Dispatch `SubtensorModule.remove_stake`; the amount of alpha has 18 decimals."""
    subnet, alpha = to_u16(netuid), to_rao(amount)
    if alpha is None:
        raise out_of_fund()
    dispatch(handle, remove.remove_stake.call(address, subnet, alpha))


@contract.view("getTotalColdkeyStake(bytes32)", "uint256")
def total_coldkey_stake(handle: Handle, coldkey: bytes) -> int:
    """Return what the stake of a coldkey would sell for, in wei."""
    handle.charge_reads(2)
    return to_wei(get_total_stake_for_coldkey(handle.ctx, coldkey))


@contract.view("getTotalHotkeyStake(bytes32)", "uint256")
def total_hotkey_stake(handle: Handle, hotkey: bytes) -> int:
    """Return the worth of the stake on a hotkey at current prices, in wei."""
    handle.charge_reads(2)
    return to_wei(get_total_stake_for_hotkey(handle.ctx, hotkey))


@contract.view("getStake(bytes32,bytes32,uint256)", "uint256")
def stake(handle: Handle, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """Return the alpha of a coldkey in a hotkey on a subnet, with 18 decimals."""
    handle.charge_reads(2)
    return to_wei(get_stake_for_hotkey_and_coldkey_on_subnet(handle.ctx, hotkey, coldkey, to_u16(netuid)))


@contract.call("addProxy(bytes32)", payable=True)
def add_proxy(handle: Handle, delegate: bytes) -> None:
    """Dispatch `Proxy.add_proxy` for a proxy of type Staking without delay."""
    dispatch(handle, proxy.add_proxy.call(Id(delegate), ProxyType.Staking, 0))


@contract.call("removeProxy(bytes32)", payable=True)
def remove_proxy(handle: Handle, delegate: bytes) -> None:
    """Dispatch `Proxy.remove_proxy` for a proxy of type Staking without delay."""
    dispatch(handle, proxy.remove_proxy.call(Id(delegate), ProxyType.Staking, 0))
