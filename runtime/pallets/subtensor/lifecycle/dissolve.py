"""How a subnet ends: the TAO of its pool goes to who holds its alpha, the rest is recycled, its storage is cleared.

Root dissolves subnets, and the registration of a subnet dissolves the one that makes room for it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from .....consensus.fixed import U64F64, U96F32
from .....consensus.integers import saturate_u64, saturating_sub
from ....frame.context import Context
from ....frame.errors import DispatchFailed, ensure
from ....frame.weight import weight_of
from ....scale import AccountId
from ...commitments.subnet import purge_netuid
from ...shared.types import ROOT_NETUID, NetUid
from ...swap import clear_protocol_liquidity, current_price
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.prices import get_alpha_issuance
from ..ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from ..ledger.tao import (
    get_coldkey_balance,
    get_keep_alive_balance,
    recycle_tao,
    transfer_tao,
    transfer_tao_from_subnet,
)
from ..staking.helpers import alpha_iter_single_prefix
from ..staking.locks import destroy_lock_maps
from ..subnets.networks import get_float_subnet_owner_cut, get_subnet_account_id, if_subnet_exist
from .remove_network import remove_network


def do_dissolve_network(ctx: Context, netuid: int) -> None:
    """Dissolve a subnet; SubnetNotExists, for root too."""
    ensure(if_subnet_exist(ctx, netuid) and netuid != ROOT_NETUID, Error.SubnetNotExists)
    finalize_all_subnet_root_dividends(ctx, netuid)
    destroy_alpha_in_out_stakes(ctx, netuid)
    clear_protocol_liquidity(ctx, netuid)
    purge_netuid(ctx, netuid)
    remove_network(ctx, netuid)
    ctx.deposit(events.NetworkRemoved(netuid))


def finalize_all_subnet_root_dividends(ctx: Context, netuid: int) -> None:
    """Forget what stakers on root could still claim of a subnet's alpha, and what they have claimed."""
    for hotkey, claimable in list(storage.RootClaimable.items(ctx)):
        storage.RootClaimable.put(ctx, hotkey, {other: rate for other, rate in claimable.items() if other != netuid})
    storage.RootClaimed.clear_under(ctx, netuid)


# --- alpha into TAO ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Portion:
    """What one coldkey gets of the pool for its stake on one hotkey; the chain's own portion has no coldkey."""

    coldkey: bytes | None
    tao: int
    #: What rounding took, in parts of a rao (out of all alpha). Of the rao left over, the largest get one each.
    remainder: int


def destroy_alpha_in_out_stakes(ctx: Context, netuid: int) -> None:
    """Turn all alpha of a subnet into its part of the pool's TAO, paid to coldkeys; recycle what is left of its TAO.

    Payments that an account cannot take (they would leave it below the existential deposit) are recycled too.
    """
    refund = _owner_refund(ctx, netuid)
    stakes = _stakes(ctx, netuid)
    protocol_alpha = _protocol_alpha(ctx, netuid)
    pot = storage.SubnetTAO.get(ctx, netuid)
    if pot:
        storage.SubnetTAO.remove(ctx, netuid)
        storage.TotalStake.put(ctx, saturating_sub(storage.TotalStake.get(ctx), pot))
    protocol_tao = 0
    for portion in _portions(pot, stakes, protocol_alpha):
        if portion.coldkey is None:
            protocol_tao = portion.tao
        elif portion.tao:
            with suppress(DispatchFailed):
                transfer_tao_from_subnet(ctx, netuid, portion.coldkey, portion.tao)
    _clear_stakes(ctx, netuid)
    storage.SubnetLocked.put(ctx, netuid, 0)
    _settle_account(ctx, netuid, refund, protocol_tao)
    destroy_lock_maps(ctx, netuid)


def _owner_refund(ctx: Context, netuid: int) -> int:
    """What the owner gets back of the price: nothing, but on subnets older than `NetworkRegistrationStartBlock`.

    There it is the price less what the owner earned: its cut of all alpha, at the current price.
    """
    if storage.NetworkRegisteredAt.get(ctx, netuid) >= storage.NetworkRegistrationStartBlock.get(ctx):
        return 0
    alpha = U96F32.from_int(get_alpha_issuance(ctx, netuid))
    earned = U96F32.to_int(U96F32.saturating_mul(alpha, get_float_subnet_owner_cut(ctx)), 64)
    price = U96F32.convert(current_price(ctx, netuid), U64F64)
    worth = U96F32.to_int(U96F32.saturating_mul(U96F32.from_int(earned), price), 64)
    return saturating_sub(storage.SubnetLocked.get(ctx, netuid), worth)


def _protocol_alpha(ctx: Context, netuid: int) -> int:
    """Alpha that is the chain's own: what it bought, and on newer subnets what is in the pool."""
    alpha = storage.SubnetProtocolAlpha.get(ctx, netuid)
    if storage.NetworkRegisteredAt.get(ctx, netuid) > storage.TaoInRefundDeploymentBlock.get(ctx):
        alpha += storage.SubnetAlphaIn.get(ctx, netuid)
    return saturate_u64(alpha)


def _hotkeys(ctx: Context, netuid: int) -> list[bytes]:
    return [hotkey for (hotkey, other), _ in storage.TotalHotkeyAlpha.items(ctx) if other == netuid]


def _stakes(ctx: Context, netuid: int) -> list[tuple[bytes, int]]:
    """The alpha of each coldkey on each hotkey, none of them zero; where shares are worth nothing, the shares count."""
    stakes = []
    for hotkey in _hotkeys(ctx, netuid):
        for coldkey, other, shares in alpha_iter_single_prefix(ctx, hotkey):
            if other == netuid:
                alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid) or shares.to_u64()
                if alpha:
                    stakes.append((coldkey, alpha))
    return stakes


def _portions(pot: int, stakes: list[tuple[bytes, int]], protocol_alpha: int) -> list[_Portion]:
    """Divide a pot of TAO by alpha, to the last rao: those whose portions lost most by rounding get one rao more."""
    holders: list[tuple[bytes | None, int]] = [*stakes]
    if protocol_alpha:
        holders.append((None, protocol_alpha))
    total = sum(alpha for _, alpha in holders)
    if not pot or not total:
        return []
    portions = [_Portion(coldkey, *divmod(pot * alpha, total)) for coldkey, alpha in holders]
    if left := pot - sum(portion.tao for portion in portions):
        portions.sort(key=lambda portion: -portion.remainder)
        for portion in portions[:left]:
            portion.tao += 1
    return portions


def _clear_stakes(ctx: Context, netuid: int) -> None:
    for hotkey in _hotkeys(ctx, netuid):
        for coldkey, other, _ in list(alpha_iter_single_prefix(ctx, hotkey)):
            if other == netuid:
                storage.Alpha.remove(ctx, (hotkey, coldkey, netuid))
                storage.AlphaV2.remove(ctx, (hotkey, coldkey, netuid))
        for item in (storage.TotalHotkeyAlpha, storage.TotalHotkeyShares, storage.TotalHotkeySharesV2):
            item.remove(ctx, hotkey, netuid)
    for pool_item in (storage.SubnetAlphaIn, storage.SubnetAlphaOut, storage.SubnetProtocolAlpha):
        pool_item.remove(ctx, netuid)


def _settle_account(ctx: Context, netuid: int, refund: int, protocol_tao: int) -> None:
    """Pay the owner's refund from what the subnet's account can spare, and recycle the rest."""
    account = get_subnet_account_id(ctx, netuid)
    assert account is not None, f"subnet {netuid} exists while it is dissolved"
    if refund:
        spare = saturating_sub(get_coldkey_balance(ctx, account), protocol_tao)
        with suppress(DispatchFailed):
            transfer_tao(ctx, account, storage.SubnetOwner.get(ctx, netuid), min(refund, spare))
    recycle_tao(ctx, account, get_keep_alive_balance(ctx, account))


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(61, weight=weight_of(119_000_000, 0, 6, 31))
def dissolve_network(ctx: Context, coldkey: AccountId, netuid: NetUid) -> None:
    """Dissolve a subnet, by root. It does not matter which `coldkey` is given."""
    ctx.ensure_root()
    do_dissolve_network(ctx, netuid)


@pallet.call(120, weight=weight_of(119_000_000, 0, 6, 31))
def root_dissolve_network(ctx: Context, netuid: NetUid) -> None:
    """Dissolve a subnet, by root."""
    ctx.ensure_root()
    do_dissolve_network(ctx, netuid)
