"""EVM (index 22): calls by which accounts of the chain use contracts, as the address that their id begins with.

The fee of an execution is that of its gas, at the base fee, and the extrinsic itself is free where the execution
began. Ethereum's own transactions come through the pallet Ethereum.
"""

from __future__ import annotations

from typing import Annotated

from ...frame.context import Context
from ...frame.errors import DispatchFailed
from ...frame.weight import DB_WRITE, Pays, PostInfo, Weight
from ...scale import H160, H256, U256, SourceName, u64
from ..balances import fungible
from ..ethereum.envelope import authority_of
from ..ethereum.transaction import AuthorizationList
from . import runner
from .addresses import account_of, ensure_address
from .declared import Created, CreatedFailed, DisableWhitelistCheck, Executed, ExecutedFailed, WhitelistedCreators
from .declared import pallet as pallet
from .execution_info import AnyInfo, CreateInfo
from .exits import Succeed
from .gas import gas_to_weight
from .requests import Authorization, Request, RunnerError

#: Addresses with slots that the execution announces to use (EIP-2930).
AccessList = Annotated[list[tuple[H160, list[H256]]], SourceName("Vec<(H160, Vec<H256>)>")]
Amount = Annotated[u64, SourceName("BalanceOf<T>")]


@pallet.call(0, weight=Weight(1_696_000))
def withdraw(ctx: Context, address: H160, value: Amount) -> None:
    """Move `value` rao from the account of an address to the signer, whose id must begin with the address.

    Funds reach the account of an address by ordinary transfers. Fails with Token errors as a transfer does.
    """
    destination = ensure_address(ctx, address)
    if value and destination != (source := account_of(address)):
        fungible.transfer(ctx, source, destination, value, fungible.Preservation.Expendable)


@pallet.call(
    1,
    weight=lambda source, target, input, value, gas_limit, *rest: gas_to_weight(gas_limit),
)
def call(
    ctx: Context,
    source: H160,
    target: H160,
    input: bytes,
    value: U256,
    gas_limit: u64,
    max_fee_per_gas: U256,
    max_priority_fee_per_gas: U256 | None,
    nonce: U256 | None,
    access_list: AccessList,
    authorization_list: AuthorizationList,
) -> PostInfo:
    """Call a contract as `source`, the address that the signer's id begins with.

    `value` and fees are in wei. The gas used is paid at the base fee, which `max_fee_per_gas` must reach. A failed
    execution is no error of the call: the event ExecutedFailed tells it.
    """
    fees = max_fee_per_gas, max_priority_fee_per_gas
    request = _request(ctx, source, input, value, gas_limit, fees, nonce, access_list, authorization_list)
    try:
        info = runner.call(ctx, request, target)
    except RunnerError as error:
        raise failed(error) from None
    ctx.deposit(Executed(target) if isinstance(info.exit_reason, Succeed) else ExecutedFailed(target))
    return post_info(info)


@pallet.call(2, weight=lambda source, init, value, gas_limit, *rest: gas_to_weight(gas_limit))
def create(
    ctx: Context,
    source: H160,
    init: bytes,
    value: U256,
    gas_limit: u64,
    max_fee_per_gas: U256,
    max_priority_fee_per_gas: U256 | None,
    nonce: U256 | None,
    access_list: AccessList,
    authorization_list: AuthorizationList,
) -> PostInfo:
    """Create a contract from its initialization code, as `source`, the address that the signer's id begins with.

    NotAllowed unless the address is on the list of those that may create contracts, or the list is switched off.
    """
    fees = max_fee_per_gas, max_priority_fee_per_gas
    request = _request(ctx, source, init, value, gas_limit, fees, nonce, access_list, authorization_list)
    return _create(ctx, request, None)


@pallet.call(3, weight=lambda source, init, salt, value, gas_limit, *rest: gas_to_weight(gas_limit))
def create2(
    ctx: Context,
    source: H160,
    init: bytes,
    salt: H256,
    value: U256,
    gas_limit: u64,
    max_fee_per_gas: U256,
    max_priority_fee_per_gas: U256 | None,
    nonce: U256 | None,
    access_list: AccessList,
    authorization_list: AuthorizationList,
) -> PostInfo:
    """Create a contract as `create`, at an address that follows from the source, the code and a salt."""
    fees = max_fee_per_gas, max_priority_fee_per_gas
    request = _request(ctx, source, init, value, gas_limit, fees, nonce, access_list, authorization_list)
    return _create(ctx, request, salt)


@pallet.call(4, weight=Weight(DB_WRITE))
def set_whitelist(ctx: Context, new: list[H160]) -> None:
    """Replace the list of the addresses that may create contracts by calls of this pallet. Only root may."""
    ctx.ensure_root()
    WhitelistedCreators.put(ctx, new)


@pallet.call(5, weight=Weight(DB_WRITE))
def disable_whitelist(ctx: Context, disabled: bool) -> None:
    """Let all addresses create contracts, or only those on the list. Only root may."""
    ctx.ensure_root()
    DisableWhitelistCheck.put(ctx, disabled)


def _request(
    ctx: Context,
    source: bytes,
    data: bytes,
    value: int,
    gas_limit: int,
    fees: tuple[int, int | None],
    nonce: int | None,
    access_list: AccessList,
    authorization_list: AuthorizationList,
) -> Request:
    """Return what the runner executes; BadOrigin unless the signer acts for the source."""
    ensure_address(ctx, source)
    items = authorizations(authorization_list)
    return Request(source, data, value, gas_limit, *fees, nonce, access_list, items)


def _create(ctx: Context, request: Request, salt: bytes | None) -> PostInfo:
    """Create a contract; an event tells whether that succeeded."""
    try:
        info: CreateInfo = runner.create(ctx, request, salt=salt)
    except RunnerError as error:
        raise failed(error) from None
    ctx.deposit(Created(info.value) if isinstance(info.exit_reason, Succeed) else CreatedFailed(info.value))
    return post_info(info)


def authorizations(items: AuthorizationList) -> list[Authorization]:
    """Return the authorizations with the accounts that signed them."""
    return [Authorization(item.chain_id, item.address, item.nonce, authority_of(item)) for item in items]


def post_info(info: AnyInfo) -> PostInfo:
    """Return the weight of the gas that an execution used, with the proof where it was metered. Its fee is paid."""
    weight = gas_to_weight(info.used_gas.standard)
    if info.weight_info is not None and info.weight_info.proof_size_usage is not None:
        weight = Weight(weight.ref_time, info.weight_info.proof_size_usage)
    return PostInfo(weight, Pays.No)


def failed(error: RunnerError) -> DispatchFailed:
    """Return the error of a call whose execution did not begin; its extrinsic pays for the weight that was used."""
    return DispatchFailed(error.error, PostInfo(error.weight, Pays.Yes))
