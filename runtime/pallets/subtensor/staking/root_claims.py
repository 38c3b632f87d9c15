"""The calls about dividends of stake on root (see `claims`): claiming them, and how they are paid."""

from __future__ import annotations

from .....consensus.fixed import I96F32
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import PostInfo, Weight, weight_of
from ....scale import u64
from ...shared.types import NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.limits import MAX_NUM_ROOT_CLAIMS, MAX_ROOT_CLAIM_THRESHOLD, MAX_SUBNET_CLAIMS
from ..declared.pallet import pallet
from ..declared.types import KeepSubnets, RootClaimTypeEnum
from ..subnets.owner_rules import ensure_subnet_owner_or_root
from .claims import do_root_claim, maybe_add_coldkey_index

#: What one claim through one hotkey on one subnet costs.
CLAIM = weight_of(60_000_000, 6987, reads=7, writes=5)


def _weight_of_claims(hotkeys: int, claims: int) -> Weight:
    """Return the weight of claims through several hotkeys; their lists are read once for each hotkey."""
    return weight_of(0, reads=1 + 3 * hotkeys) + CLAIM * claims


@pallet.call(121, weight=weight_of(138_999_000, 7875, reads=16, writes=4))
def claim_root(ctx: Context, subnets: frozenset[NetUid]) -> PostInfo:
    """Claim the dividends that the signer's stake on root has earned on up to 5 subnets.

    Amounts below the threshold of a subnet are left. Fails with InvalidSubnetNumber for no subnet or more than 5, and
    when the alpha of a subnet cannot be sold.
    """
    coldkey = ctx.ensure_signed()
    ensure(0 < len(subnets) <= MAX_SUBNET_CLAIMS, Error.InvalidSubnetNumber)
    maybe_add_coldkey_index(ctx, coldkey)
    return PostInfo(_weight_of_claims(*do_root_claim(ctx, coldkey, subnets)))


@pallet.call(122, weight=weight_of(18_283_000, 3941, reads=2, writes=4))
def set_root_claim_type(ctx: Context, new_root_claim_type: RootClaimTypeEnum) -> None:
    """Choose how the signer's dividends of stake on root are paid: as TAO staked on root, or as alpha.

    Fails with InvalidSubnetNumber for a choice of subnets that names none.
    """
    coldkey = ctx.ensure_signed()
    if isinstance(new_root_claim_type, KeepSubnets):
        ensure(bool(new_root_claim_type.subnets), Error.InvalidSubnetNumber)
    maybe_add_coldkey_index(ctx, coldkey)
    storage.RootClaimType.put(ctx, coldkey, new_root_claim_type)
    ctx.deposit(events.RootClaimTypeSet(coldkey, new_root_claim_type))


@pallet.call(123, weight=weight_of(2_735_000, writes=1))
def sudo_set_num_root_claims(ctx: Context, new_value: u64) -> None:
    """Set for how many coldkeys the chain claims in each block. Only root may.

    Fails with InvalidNumRootClaim above 50.
    """
    ctx.ensure_root()
    ensure(new_value <= MAX_NUM_ROOT_CLAIMS, Error.InvalidNumRootClaim)
    storage.NumRootClaim.put(ctx, new_value)


@pallet.call(124, weight=weight_of(5_681_000, writes=1))
def sudo_set_root_claim_threshold(ctx: Context, netuid: NetUid, new_value: u64) -> None:
    """Set the alpha, in billionths, below which no dividend of stake on root is paid on a subnet.

    The subnet's owner or root may. Fails with InvalidRootClaimThreshold above 10,000,000.
    """
    ensure_subnet_owner_or_root(ctx, netuid)
    ensure(new_value <= MAX_ROOT_CLAIM_THRESHOLD, Error.InvalidRootClaimThreshold)
    storage.RootClaimableThreshold.put(ctx, netuid, I96F32.from_int(new_value))
