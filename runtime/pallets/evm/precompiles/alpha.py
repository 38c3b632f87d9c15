"""Alpha (2056): prices, pools and emission of subnets."""

from __future__ import annotations

from typing import Any

from .....consensus.fixed import U64F64
from .....consensus.integers import saturating_sub
from .....consensus.reserves import Side
from ....frame.errors import DispatchFailed
from ....frame.runtime import runtime_of
from ....frame.storage import StorageMap
from ...admin_utils.pallet import PrecompileEnum
from ...shared.types import ROOT_NETUID
from ...subtensor import storage
from ...subtensor.ledger.prices import get_alpha_issuance, get_moving_alpha_price
from ...swap import RAO, current_price, sim_swap
from .contract import Contract
from .error_texts import error_text
from .errors import failed
from .handle import Handle
from .numbers import to_wei

contract = Contract(2056, PrecompileEnum.Alpha)

ITEMS: dict[str, tuple[str, StorageMap[int, Any, Any]]] = {
    "getTaoInPool": ("uint64", storage.SubnetTAO),
    "getAlphaInPool": ("uint64", storage.SubnetAlphaIn),
    "getAlphaOutPool": ("uint64", storage.SubnetAlphaOut),
    "getSubnetMechanism": ("uint16", storage.SubnetMechanism),
    "getEMAPriceHalvingBlocks": ("uint64", storage.EMAPriceHalvingBlocks),
    "getSubnetVolume": ("uint256", storage.SubnetVolume),
    "getTaoInEmission": ("uint256", storage.SubnetTaoInEmission),
    "getAlphaInEmission": ("uint256", storage.SubnetAlphaInEmission),
    "getAlphaOutEmission": ("uint256", storage.SubnetAlphaOutEmission),
}
for name, (returns, item) in ITEMS.items():
    contract.item(f"{name}(uint16)", returns, item)


# --- prices --------------------------------------------------------------------------------------------------


def _wei(price: int) -> int:
    """Return a price in TAO (U64F64) in wei, rounded down to rao."""
    return to_wei(U64F64.to_int(U64F64.saturating_mul(price, U64F64.from_int(RAO)), 64))


@contract.view("getAlphaPrice(uint16)", "uint256")
def alpha_price(handle: Handle, netuid: int) -> int:
    """Return the price of one alpha, in wei."""
    handle.charge_reads(4)
    return _wei(current_price(handle.ctx, netuid))


@contract.view("getMovingAlphaPrice(uint16)", "uint256")
def moving_alpha_price(handle: Handle, netuid: int) -> int:
    """Return the moving average of the price of one alpha, in wei."""
    handle.charge_reads(2)
    return _wei(get_moving_alpha_price(handle.ctx, netuid))


@contract.view("getSumAlphaPrice()", "uint256")
def sum_alpha_price(handle: Handle) -> int:
    """Return the sum of the prices below one TAO, in wei; costs five reads for each subnet."""
    ctx = handle.ctx
    handle.charge_reads(1)
    limit = storage.SubnetLimit.get(ctx)
    handle.charge_reads(limit)
    netuids = [netuid for netuid in storage.NetworksAdded.keys(ctx) if netuid != ROOT_NETUID]
    handle.charge_reads(saturating_sub(5 * len(netuids), limit))
    prices = [current_price(ctx, netuid) for netuid in netuids]
    return _wei(sum(price for price in prices if price < U64F64.one))


# --- trades --------------------------------------------------------------------------------------------------


@contract.view("simSwapTaoForAlpha(uint16,uint64)", "uint256")
def sim_swap_tao_for_alpha(handle: Handle, netuid: int, tao: int) -> int:
    """Return how much alpha an amount of TAO (rao) would buy."""
    return _simulate(handle, netuid, Side.BUY, tao)


@contract.view("simSwapAlphaForTao(uint16,uint64)", "uint256")
def sim_swap_alpha_for_tao(handle: Handle, netuid: int, alpha: int) -> int:
    """Return for how many rao an amount of alpha would sell."""
    return _simulate(handle, netuid, Side.SELL, alpha)


def _simulate(handle: Handle, netuid: int, side: Side, amount: int) -> int:
    handle.charge_reads(9)
    try:
        return sim_swap(handle.ctx, netuid, side, amount).amount_paid_out
    except DispatchFailed as failure:
        raise failed(error_text(runtime_of(handle.ctx), failure.error)) from failure


# --- amounts -------------------------------------------------------------------------------------------------


@contract.view("getAlphaIssuance(uint16)", "uint64")
def alpha_issuance(handle: Handle, netuid: int) -> int:
    """Return all alpha of a subnet, in its pool and outside."""
    handle.charge_reads(2)
    return get_alpha_issuance(handle.ctx, netuid)


@contract.view("getTaoWeight()", "uint256")
def tao_weight(handle: Handle) -> int:
    """Return the weight of root stake, in parts of 2^64 - 1."""
    handle.charge_reads(1)
    return storage.TaoWeight.get(handle.ctx)


@contract.view("getCKBurn()", "uint256")
def ck_burn(handle: Handle) -> int:
    """Return the part of childkey takes that is burnt, in parts of 2^64 - 1."""
    handle.charge_reads(1)
    return storage.CKBurn.get(handle.ctx)


@contract.view("getRootNetuid()", "uint16")
def root_netuid(handle: Handle) -> int:
    """Return the id of root. Costs nothing."""
    return ROOT_NETUID
