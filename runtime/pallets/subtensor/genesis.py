"""What block 0 holds of subnets: root, and subnet 1 with the account of zeros as its owner and only neuron.

So the first subnet that anybody registers has netuid 2. Subnet 1 is not started. Its pool counts ten TAO that nobody
paid in, and neither they nor its stake are part of `TotalStake`.
"""

from __future__ import annotations

from ....consensus.safe_float import SafeFloat
from ...frame.context import Context
from ...scale.plain import RAO_PER_TAO
from ..shared.types import (
    ROOT_NETUID,
    ZERO_ACCOUNT,
)
from ..swap import DYNAMIC
from .neurons.uids import append_neuron
from .storage.emission import TotalIssuance
from .storage.hyperparameters import MaxAllowedUids, MaxAllowedValidators, MinAllowedWeights
from .storage.networks import (
    LargestLocked,
    NetworksAdded,
    SubnetLocked,
    SubnetMechanism,
    SubnetOwner,
    SubnetOwnerHotkey,
    TokenSymbol,
    TotalNetworks,
)
from .storage.neurons import SubnetworkN
from .storage.pools import SubnetAlphaIn, SubnetAlphaOut, SubnetTAO
from .storage.registration import NetworkRegistrationAllowed, TargetRegistrationsPerInterval
from .storage.staking import AlphaV2, Owner, StakingHotkeys, TotalHotkeyAlpha, TotalHotkeySharesV2
from .storage.tempo import Tempo
from .subnets.symbols import get_symbol_for_subnet

FIRST = 1
#: Reserves of subnet 1's pool, and the stake on its neuron: rao, alpha, alpha.
POOL_TAO, POOL_ALPHA, STAKE = 10 * RAO_PER_TAO, 10 * RAO_PER_TAO, 1 * RAO_PER_TAO


def build(
    ctx: Context,
    *,
    issuance: int = 0,
    root_owner: bytes = ZERO_ACCOUNT,
    root_owner_hotkey: bytes = ZERO_ACCOUNT,
    tempo: int = 100,
) -> None:
    """Write root and subnet 1, both of this tempo (blocks), and the rao that the pallet takes for issued."""
    TotalIssuance.put(ctx, issuance)
    _add(ctx, ROOT_NETUID, max_uids=64, tempo=tempo)
    SubnetOwner.put(ctx, ROOT_NETUID, root_owner)
    SubnetOwnerHotkey.put(ctx, ROOT_NETUID, root_owner_hotkey)
    TargetRegistrationsPerInterval.put(ctx, ROOT_NETUID, 1)
    _add(ctx, FIRST, max_uids=256, tempo=tempo)
    SubnetOwner.put(ctx, FIRST, ZERO_ACCOUNT)
    SubnetMechanism.put(ctx, FIRST, DYNAMIC)
    SubnetTAO.put(ctx, FIRST, POOL_TAO)
    SubnetAlphaIn.put(ctx, FIRST, POOL_ALPHA)
    SubnetLocked.put(ctx, FIRST, 1)
    LargestLocked.put(ctx, FIRST, 1)
    _stake(ctx)
    append_neuron(ctx, FIRST, ZERO_ACCOUNT, ctx.block.number)


def _add(ctx: Context, netuid: int, max_uids: int, tempo: int) -> None:
    """A subnet without neurons, open to registrations."""
    NetworksAdded.put(ctx, netuid, True)
    TotalNetworks.mutate(ctx, lambda count: count + 1)
    SubnetworkN.put(ctx, netuid, 0)
    MaxAllowedUids.put(ctx, netuid, max_uids)
    MaxAllowedValidators.put(ctx, netuid, 64)
    MinAllowedWeights.put(ctx, netuid, 0)
    Tempo.put(ctx, netuid, tempo)
    NetworkRegistrationAllowed.put(ctx, netuid, True)
    TokenSymbol.put(ctx, netuid, get_symbol_for_subnet(netuid))


def _stake(ctx: Context) -> None:
    """The stake of the account of zeros on itself: all alpha of subnet 1 that is not in its pool."""
    shares = SafeFloat.from_u64(STAKE)
    Owner.put(ctx, ZERO_ACCOUNT, ZERO_ACCOUNT)
    AlphaV2.put(ctx, (ZERO_ACCOUNT, ZERO_ACCOUNT, FIRST), shares)
    TotalHotkeySharesV2.put(ctx, ZERO_ACCOUNT, FIRST, shares)
    TotalHotkeyAlpha.put(ctx, ZERO_ACCOUNT, FIRST, STAKE)
    SubnetAlphaOut.put(ctx, FIRST, STAKE)
    StakingHotkeys.put(ctx, ZERO_ACCOUNT, [ZERO_ACCOUNT])
