"""Staking (2053): stake of the caller, amounts in rao and in units of alpha, and allowances to transfer it."""

from __future__ import annotations

from .....consensus.integers import saturate_u64
from ....crypto import evm_account
from ....frame.extrinsic import Id
from ...admin_utils.pallet import PrecompileEnum
from ...proxy import calls as proxy
from ...proxy.proxy_type import ProxyType
from ...subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet,
    get_stake_for_hotkey_on_subnet,
)
from ...subtensor.staking import add, move, recycle, remove
from ...subtensor.staking.helpers import (
    alpha_iter_single_prefix,
    get_total_stake_for_coldkey,
    get_total_stake_for_hotkey,
)
from ...subtensor.subnets.hyperparameters import get_nominator_min_required_stake
from .allowances import Allowances, allowance_key, change_allowance, consume_allowance, set_allowance
from .contract import Contract
from .dispatching import dispatch
from .handle import Handle
from .numbers import to_u16, to_u64

contract = Contract(2053, PrecompileEnum.Staking)


# --- stake ---------------------------------------------------------------------------------------------------


@contract.call("addStake(bytes32,uint256,uint256)", payable=True)
def add_stake(handle: Handle, address: bytes, amount_rao: int, netuid: int) -> None:
    """Dispatch `SubtensorModule.add_stake`."""
    dispatch(handle, add.add_stake.call(address, to_u16(netuid), saturate_u64(amount_rao)))


@contract.call("removeStake(bytes32,uint256,uint256)", payable=True)
def remove_stake(handle: Handle, address: bytes, amount_alpha: int, netuid: int) -> None:
    """Dispatch `SubtensorModule.remove_stake`."""
    dispatch(handle, remove.remove_stake.call(address, to_u16(netuid), saturate_u64(amount_alpha)))


@contract.call("removeStakeFull(bytes32,uint256)", payable=True)
def remove_stake_full(handle: Handle, hotkey: bytes, netuid: int) -> None:
    """Dispatch `SubtensorModule.remove_stake_full_limit` without a limit."""
    dispatch(handle, remove.remove_stake_full_limit.call(hotkey, to_u16(netuid), None))


@contract.call("removeStakeFullLimit(bytes32,uint256,uint256)", payable=True)
def remove_stake_full_limit(handle: Handle, hotkey: bytes, netuid: int, limit_price: int) -> None:
    """Dispatch `SubtensorModule.remove_stake_full_limit`."""
    limit = to_u64(limit_price)
    dispatch(handle, remove.remove_stake_full_limit.call(hotkey, to_u16(netuid), limit))


@contract.call("moveStake(bytes32,bytes32,uint256,uint256,uint256)", payable=True)
def move_stake(
    handle: Handle,
    origin_hotkey: bytes,
    destination_hotkey: bytes,
    origin_netuid: int,
    destination_netuid: int,
    amount_alpha: int,
) -> None:
    """Dispatch `SubtensorModule.move_stake`."""
    netuids = to_u16(origin_netuid), to_u16(destination_netuid)
    dispatch(handle, move.move_stake.call(origin_hotkey, destination_hotkey, *netuids, saturate_u64(amount_alpha)))


@contract.call("transferStake(bytes32,bytes32,uint256,uint256,uint256)", payable=True)
def transfer_stake(
    handle: Handle,
    destination_coldkey: bytes,
    hotkey: bytes,
    origin_netuid: int,
    destination_netuid: int,
    amount_alpha: int,
) -> None:
    """Dispatch `SubtensorModule.transfer_stake`."""
    netuids = to_u16(origin_netuid), to_u16(destination_netuid)
    dispatch(handle, move.transfer_stake.call(destination_coldkey, hotkey, *netuids, saturate_u64(amount_alpha)))


@contract.call("burnAlpha(bytes32,uint256,uint256)", payable=True)
def burn_alpha(handle: Handle, hotkey: bytes, amount: int, netuid: int) -> None:
    """Dispatch `SubtensorModule.burn_alpha`."""
    dispatch(handle, recycle.burn_alpha.call(hotkey, saturate_u64(amount), to_u16(netuid)))


@contract.call("addStakeLimit(bytes32,uint256,uint256,bool,uint256)", payable=True)
def add_stake_limit(
    handle: Handle, address: bytes, amount_rao: int, limit_price_rao: int, allow_partial: bool, netuid: int
) -> None:
    """Dispatch `SubtensorModule.add_stake_limit`."""
    amounts = saturate_u64(amount_rao), saturate_u64(limit_price_rao)
    dispatch(handle, add.add_stake_limit.call(address, to_u16(netuid), *amounts, allow_partial))


@contract.call("removeStakeLimit(bytes32,uint256,uint256,bool,uint256)", payable=True)
def remove_stake_limit(
    handle: Handle, address: bytes, amount_alpha: int, limit_price_rao: int, allow_partial: bool, netuid: int
) -> None:
    """Dispatch `SubtensorModule.remove_stake_limit`."""
    amounts = saturate_u64(amount_alpha), saturate_u64(limit_price_rao)
    dispatch(handle, remove.remove_stake_limit.call(address, to_u16(netuid), *amounts, allow_partial))


# --- proxies -------------------------------------------------------------------------------------------------


@contract.call("addProxy(bytes32)", payable=True)
def add_proxy(handle: Handle, delegate: bytes) -> None:
    """Dispatch `Proxy.add_proxy` for a proxy of type Staking without delay."""
    dispatch(handle, proxy.add_proxy.call(Id(delegate), ProxyType.Staking, 0))


@contract.call("removeProxy(bytes32)", payable=True)
def remove_proxy(handle: Handle, delegate: bytes) -> None:
    """Dispatch `Proxy.remove_proxy` for a proxy of type Staking without delay."""
    dispatch(handle, proxy.remove_proxy.call(Id(delegate), ProxyType.Staking, 0))


# --- views ---------------------------------------------------------------------------------------------------


@contract.view("getTotalColdkeyStake(bytes32)", "uint256")
def total_coldkey_stake(handle: Handle, coldkey: bytes) -> int:
    """Return what the stake of a coldkey would sell for, in rao."""
    handle.charge_reads(2)
    return get_total_stake_for_coldkey(handle.ctx, coldkey)


@contract.view("getTotalHotkeyStake(bytes32)", "uint256")
def total_hotkey_stake(handle: Handle, hotkey: bytes) -> int:
    """Return the worth of the stake on a hotkey at current prices, in rao."""
    handle.charge_reads(2)
    return get_total_stake_for_hotkey(handle.ctx, hotkey)


@contract.view("getTotalColdkeyStakeOnSubnet(bytes32,uint256)", "uint256")
def total_coldkey_stake_on_subnet(handle: Handle, coldkey: bytes, netuid: int) -> int:
    """Return what the stake of a coldkey on a subnet would sell for, in rao."""
    handle.charge_reads(2)
    return get_total_stake_for_coldkey(handle.ctx, coldkey, to_u16(netuid))


@contract.view("getStake(bytes32,bytes32,uint256)", "uint256")
def stake(handle: Handle, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
    """Return the alpha of a coldkey in a hotkey on a subnet."""
    handle.charge_reads(2)
    return get_stake_for_hotkey_and_coldkey_on_subnet(handle.ctx, hotkey, coldkey, to_u16(netuid))


@contract.view("getAlphaStakedValidators(bytes32,uint256)", "bytes32[]")
def alpha_staked_validators(handle: Handle, hotkey: bytes, netuid: int) -> list[bytes]:
    """Return the coldkeys that have stake in a hotkey on a subnet; costs a read for each stake on any subnet."""
    wanted, coldkeys = to_u16(netuid), []
    for coldkey, other, _ in alpha_iter_single_prefix(handle.ctx, hotkey):
        handle.charge_reads(1)
        if other == wanted:
            coldkeys.append(coldkey)
    return coldkeys


@contract.view("getTotalAlphaStaked(bytes32,uint256)", "uint256")
def total_alpha_staked(handle: Handle, hotkey: bytes, netuid: int) -> int:
    """Return all alpha in a hotkey on a subnet."""
    handle.charge_reads(2)
    return get_stake_for_hotkey_on_subnet(handle.ctx, hotkey, to_u16(netuid))


@contract.view("getNominatorMinRequiredStake()", "uint256")
def nominator_min_required_stake(handle: Handle) -> int:
    """Return the least stake of a nominator, in rao."""
    handle.charge_reads(2)
    return get_nominator_min_required_stake(handle.ctx)


# --- allowances ----------------------------------------------------------------------------------------------


def charge_change(handle: Handle) -> None:
    """Charge a change of an allowance: it is read and written, and the number of registrations is read."""
    handle.charge_reads(2)
    handle.charge_writes(1)


@contract.call("approve(address,uint256,uint256)")
def approve(handle: Handle, spender_address: bytes, origin_netuid: int, amount_alpha: int) -> None:
    """Set how much of the caller's stake on a subnet a spender may transfer."""
    handle.charge_reads(1)
    handle.charge_writes(1)
    key = allowance_key(handle.ctx, spender_address, to_u16(origin_netuid))
    set_allowance(handle.ctx, handle.caller, key, amount_alpha)


@contract.view("allowance(address,address,uint256)", "uint256")
def allowance(handle: Handle, source_address: bytes, spender_address: bytes, origin_netuid: int) -> int:
    """Return how much of the stake of `source_address` on a subnet a spender may transfer."""
    handle.charge_reads(2)
    key = allowance_key(handle.ctx, spender_address, to_u16(origin_netuid))
    return Allowances.get(handle.ctx, source_address, key)


@contract.call("increaseAllowance(address,uint256,uint256)")
def increase_allowance(handle: Handle, spender_address: bytes, origin_netuid: int, amount_alpha_increase: int) -> None:
    """Raise an allowance, at most to 2^256 - 1."""
    if amount_alpha_increase:
        charge_change(handle)
        key = allowance_key(handle.ctx, spender_address, to_u16(origin_netuid))
        change_allowance(handle.ctx, handle.caller, key, amount_alpha_increase)


@contract.call("decreaseAllowance(address,uint256,uint256)")
def decrease_allowance(handle: Handle, spender_address: bytes, origin_netuid: int, amount_alpha_decrease: int) -> None:
    """Lower an allowance, at least to zero."""
    if amount_alpha_decrease:
        charge_change(handle)
        key = allowance_key(handle.ctx, spender_address, to_u16(origin_netuid))
        change_allowance(handle.ctx, handle.caller, key, -amount_alpha_decrease)


@contract.call("transferStakeFrom(address,address,bytes32,uint256,uint256,uint256)")
def transfer_stake_from(
    handle: Handle,
    source_address: bytes,
    destination_address: bytes,
    hotkey: bytes,
    origin_netuid: int,
    destination_netuid: int,
    amount_alpha: int,
) -> None:
    """Dispatch `SubtensorModule.transfer_stake` as `source_address`, within its allowance for the caller."""
    netuids = to_u16(origin_netuid), to_u16(destination_netuid)
    if amount_alpha:
        charge_change(handle)
        key = allowance_key(handle.ctx, handle.caller, origin_netuid)
        consume_allowance(handle.ctx, source_address, key, amount_alpha)
    coldkey = evm_account(destination_address)
    call = move.transfer_stake.call(coldkey, hotkey, *netuids, saturate_u64(amount_alpha))
    dispatch(handle, call, evm_account(source_address))
