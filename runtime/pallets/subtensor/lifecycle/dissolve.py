"""Dissolution of a subnet: the TAO of its pool is paid to the holders of its alpha, the rest recycled, its storage
cleared.

Root dissolves subnets; the registration of a subnet dissolves the one that it replaces.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from .....consensus.fixed import U64F64, U96F32
from .....consensus.integers import saturate_u64, saturating_sub
from .....consensus.internal import InternalError
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
from ..ledger.subnet_accounts import get_subnet_account_id
from ..ledger.tao import (
    get_coldkey_balance,
    get_keep_alive_balance,
    recycle_tao,
    transfer_tao,
    transfer_tao_from_subnet,
)
from ..staking.helpers import alpha_iter_single_prefix
from ..staking.locks import destroy_lock_maps
from ..subnets.networks import get_float_subnet_owner_cut, if_subnet_exist
from .remove_network import remove_network


def do_dissolve_network(ctx: Context, netuid: int) -> None:
    """Dissolve a subnet. Fails with SubnetNotExists, for root too."""
    ensure(if_subnet_exist(ctx, netuid) and netuid != ROOT_NETUID, Error.SubnetNotExists)
    finalize_all_subnet_root_dividends(ctx, netuid)
    destroy_alpha_in_out_stakes(ctx, netuid)
    clear_protocol_liquidity(ctx, netuid)
    purge_netuid(ctx, netuid)
    remove_network(ctx, netuid)
    ctx.deposit(events.NetworkRemoved(netuid))


def finalize_all_subnet_root_dividends(ctx: Context, netuid: int) -> None:
    """Remove what stakers on root could still claim of the alpha of a subnet, and what they have claimed."""
    for hotkey, claimable in list(storage.RootClaimable.items(ctx)):
        storage.RootClaimable.put(ctx, hotkey, {other: rate for other, rate in claimable.items() if other != netuid})
    storage.RootClaimed.clear_under(ctx, netuid)


# --- converting alpha into TAO -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Portion:
    """The part of the pool that a coldkey gets for its stake on one hotkey; None stands for the chain itself."""

    coldkey: bytes | None
    tao: int
    #: Remainder of the division, in parts of a rao whose number is all alpha.
    remainder: int


def destroy_alpha_in_out_stakes(ctx: Context, netuid: int) -> None:
    """Convert all alpha of a subnet into its part of the TAO of the pool, pay that to coldkeys, and recycle the rest.

    Payments that an account cannot take, because it would stay below the existential deposit, are recycled too.
    """
    refund = _compute_owner_refund(ctx, netuid)
    stakes = _read_stakes(ctx, netuid)
    protocol_alpha = _protocol_alpha(ctx, netuid)
    pot = storage.SubnetTAO.get(ctx, netuid)
    if pot:
        storage.SubnetTAO.remove(ctx, netuid)
        storage.TotalStake.put(ctx, saturating_sub(storage.TotalStake.get(ctx), pot))
    protocol_tao = 0
    for portion in _divide_pot(pot, stakes, protocol_alpha):
        if portion.coldkey is None:
            protocol_tao = portion.tao
        elif portion.tao:
            with suppress(DispatchFailed):
                transfer_tao_from_subnet(ctx, netuid, portion.coldkey, portion.tao)
    _clear_stakes(ctx, netuid)
    storage.SubnetLocked.put(ctx, netuid, 0)
    _settle_account(ctx, netuid, refund, protocol_tao)
    destroy_lock_maps(ctx, netuid)


def _compute_owner_refund(ctx: Context, netuid: int) -> int:
    """Return what the owner gets back of the price, in rao.

    It is 0 unless the subnet is older than `NetworkRegistrationStartBlock`. For older ones it is the price less the
    owner's earnings: its cut of all alpha, at the current price.
    """
    if storage.NetworkRegisteredAt.get(ctx, netuid) >= storage.NetworkRegistrationStartBlock.get(ctx):
        return 0
    alpha = U96F32.from_int(get_alpha_issuance(ctx, netuid))
    earned = U96F32.to_int(U96F32.saturating_mul(alpha, get_float_subnet_owner_cut(ctx)), 64)
    price = U96F32.convert(current_price(ctx, netuid), U64F64)
    worth = U96F32.to_int(U96F32.saturating_mul(U96F32.from_int(earned), price), 64)
    return saturating_sub(storage.SubnetLocked.get(ctx, netuid), worth)


def _protocol_alpha(ctx: Context, netuid: int) -> int:
    """Return the chain's own alpha: what it bought, and on newer subnets the alpha in the pool."""
    alpha = storage.SubnetProtocolAlpha.get(ctx, netuid)
    if storage.NetworkRegisteredAt.get(ctx, netuid) > storage.TaoInRefundDeploymentBlock.get(ctx):
        alpha += storage.SubnetAlphaIn.get(ctx, netuid)
    return saturate_u64(alpha)


def _hotkeys_with_stake(ctx: Context, netuid: int) -> list[bytes]:
    """Return the hotkeys with stake on a subnet."""
    return [hotkey for (hotkey, other), _ in storage.TotalHotkeyAlpha.items(ctx) if other == netuid]


def _read_stakes(ctx: Context, netuid: int) -> list[tuple[bytes, int]]:
    """Return the alpha of each coldkey on each hotkey, without zeros.

    Where shares are worth nothing, their number stands for the alpha.
    """
    stakes = []
    for hotkey in _hotkeys_with_stake(ctx, netuid):
        for coldkey, other, shares in alpha_iter_single_prefix(ctx, hotkey):
            if other == netuid:
                alpha = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, coldkey, netuid) or shares.to_u64()
                if alpha:
                    stakes.append((coldkey, alpha))
    return stakes


def _divide_pot(pot: int, stakes: list[tuple[bytes, int]], protocol_alpha: int) -> list[_Portion]:
    """Divide a pot of rao in proportion to alpha; the rao left by rounding go one each to the largest remainders."""
    holders: list[tuple[bytes | None, int]] = [*stakes]
    if protocol_alpha:
        holders.append((None, protocol_alpha))
    total = sum(alpha for _, alpha in holders)
    if not pot or not total:
        return []
    portions = [_Portion(coldkey, *divmod(pot * alpha, total)) for coldkey, alpha in holders]
    if undivided := pot - sum(portion.tao for portion in portions):
        portions.sort(key=lambda portion: -portion.remainder)
        for portion in portions[:undivided]:
            portion.tao += 1
    return portions


def _clear_stakes(ctx: Context, netuid: int) -> None:
    """Remove all stakes on a subnet and its reserves of alpha."""
    for hotkey in _hotkeys_with_stake(ctx, netuid):
        for coldkey, other, _ in list(alpha_iter_single_prefix(ctx, hotkey)):
            if other == netuid:
                storage.Alpha.remove(ctx, (hotkey, coldkey, netuid))
                storage.AlphaV2.remove(ctx, (hotkey, coldkey, netuid))
        for item in (storage.TotalHotkeyAlpha, storage.TotalHotkeyShares, storage.TotalHotkeySharesV2):
            item.remove(ctx, hotkey, netuid)
    for pool_item in (storage.SubnetAlphaIn, storage.SubnetAlphaOut, storage.SubnetProtocolAlpha):
        pool_item.remove(ctx, netuid)


def _settle_account(ctx: Context, netuid: int, refund: int, protocol_tao: int) -> None:
    """Pay the owner's refund from what the account of the subnet can spare, and recycle the rest."""
    account = get_subnet_account_id(ctx, netuid)
    if account is None:
        raise InternalError(f"expected subnet {netuid} to exist while it is dissolved")
    if refund:
        spare = saturating_sub(get_coldkey_balance(ctx, account), protocol_tao)
        with suppress(DispatchFailed):
            transfer_tao(ctx, account, storage.SubnetOwner.get(ctx, netuid), min(refund, spare))
    recycle_tao(ctx, account, get_keep_alive_balance(ctx, account))


# --- calls ---------------------------------------------------------------------------------------------------------


@pallet.call(61, weight=weight_of(119_000_000, 0, 6, 31))
def dissolve_network(ctx: Context, coldkey: AccountId, netuid: NetUid) -> None:
    """Dissolve a subnet and pay the TAO of its pool to the holders of its alpha.

    Only root may call it. `coldkey` has no effect. Fails with SubnetNotExists.
    """
    ctx.ensure_root()
    do_dissolve_network(ctx, netuid)


@pallet.call(120, weight=weight_of(119_000_000, 0, 6, 31))
def root_dissolve_network(ctx: Context, netuid: NetUid) -> None:
    """Dissolve a subnet and pay the TAO of its pool to the holders of its alpha.

    Only root may call it. Fails with SubnetNotExists.
    """
    ctx.ensure_root()
    do_dissolve_network(ctx, netuid)
