"""All alpha is accounted for: what is outstanding covers what is staked, pending, and owed to stake on root.

The shares of coldkeys in a hotkey's stake are worth no more than that stake. What is outstanding may be more: burned
alpha, dividends that no hotkey could receive or that its stakers gave up, and what is lost by rounding.

The real chain breaks the count in two cases. Where children burn a part of their earnings for parents of another
coldkey (`AdminUtils.sudo_set_ck_burn`, 0 by default), that part is subtracted from the alpha outside of pools, but
distributed all the same. And the swap of a coldkey leaves behind what it has claimed of a subnet's alpha, unless the
new coldkey has stake on that subnet with the same hotkey, so that it is owed the alpha again
(`transfer_coldkey_stake` in the chain's `swap_coldkey.rs`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...consensus.fixed import I96F32
from ..frame.context import Context
from ..pallets.shared.types import ROOT_NETUID
from ..pallets.subtensor import storage
from ..pallets.subtensor.ledger.share_pool import get_alpha_share_pool
from ..pallets.subtensor.staking.claims import get_root_owed_for_hotkey_coldkey_float
from ..pallets.subtensor.staking.helpers import alpha_iter
from .violation import Violation

#: What rounding may add to what is owed, in billionths of an alpha: up to 1 whenever stake on root changes.
ROUNDING = 1_000
PENDING = (
    storage.PendingServerEmission,
    storage.PendingValidatorEmission,
    storage.PendingRootAlphaDivs,
    storage.PendingOwnerCut,
)


def find_violations(ctx: Context) -> Iterator[Violation]:
    """Yield violations of stake, and of alpha that is promised."""
    staked: Counter[int] = Counter()
    for (_, netuid), alpha in storage.TotalHotkeyAlpha.items(ctx):
        staked[netuid] += alpha
    for netuid, alpha in staked.items():
        outstanding = storage.SubnetAlphaOut.get(ctx, netuid)
        if alpha > outstanding:
            message = f"{alpha} alpha of subnet {netuid} are staked, but {outstanding} are outstanding"
            yield Violation(("stake", netuid), alpha - outstanding, message)
    yield from _check_promises(ctx, staked)
    yield from _check_shares(ctx)


def _check_promises(ctx: Context, staked: Counter[int]) -> Iterator[Violation]:
    """Yield violations of alpha that is staked or promised: pending for the next epoch, or owed to stake on root."""
    promised = owed_to_root(ctx)
    for item in PENDING:
        promised.update(dict(item.items(ctx)))
    for netuid, alpha in promised.items():
        outstanding = storage.SubnetAlphaOut.get(ctx, netuid)
        excess = staked[netuid] + alpha - outstanding
        if alpha and excess > ROUNDING:
            message = (
                f"{staked[netuid]} alpha of subnet {netuid} are staked and {alpha} promised, "
                f"but {outstanding} are outstanding"
            )
            yield Violation(("promised", netuid), excess, message)


def owed_to_root(ctx: Context) -> Counter[int]:
    """Return the alpha of each subnet that stake on root may claim."""
    owed: Counter[int] = Counter()
    for (hotkey, coldkey, netuid), _ in alpha_iter(ctx):
        if netuid == ROOT_NETUID:
            for subnet in storage.RootClaimable.get(ctx, hotkey):
                owed[subnet] += max(get_root_owed_for_hotkey_coldkey_float(ctx, hotkey, coldkey, subnet), 0)
    return Counter({netuid: I96F32.to_int(alpha, 64) for netuid, alpha in owed.items()})


def _check_shares(ctx: Context) -> Iterator[Violation]:
    """Yield violations of shares: those of all coldkeys are worth at most the hotkey's stake."""
    owned: Counter[tuple[bytes, int]] = Counter()
    stakers: Counter[tuple[bytes, int]] = Counter()
    for (hotkey, _, netuid), share in alpha_iter(ctx):
        owned[hotkey, netuid] += get_alpha_share_pool(ctx, hotkey, netuid).value_of(share)
        stakers[hotkey, netuid] += 1
    for (hotkey, netuid), alpha in owned.items():
        # Truncated shares let the part of each staker be off by one.
        limit = storage.TotalHotkeyAlpha.get(ctx, hotkey, netuid) + stakers[hotkey, netuid]
        if alpha > limit:
            message = f"stakers own {alpha} of the {limit} alpha on hotkey {hotkey.hex()} of subnet {netuid}"
            yield Violation(("shares", hotkey, netuid), alpha - limit, message)
