"""What block 0 holds of subnets: root, and subnet 1 with the account of zeros as its owner and only neuron.

So the first subnet that anybody registers has netuid 2. Subnet 1 is not started. Its pool counts ten TAO that nobody
paid in, and neither they nor its stake are part of `TotalStake`.
"""

from __future__ import annotations

from ....consensus.safe_float import SafeFloat
from ...frame.context import Context
from ...units import RAO_PER_TAO
from ..shared.types import ROOT_NETUID, ZERO_ACCOUNT
from ..swap import DYNAMIC
from . import storage
from .neurons.uids import append_neuron
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
    storage.TotalIssuance.put(ctx, issuance)
    _add(ctx, ROOT_NETUID, max_uids=64, tempo=tempo)
    storage.SubnetOwner.put(ctx, ROOT_NETUID, root_owner)
    storage.SubnetOwnerHotkey.put(ctx, ROOT_NETUID, root_owner_hotkey)
    storage.TargetRegistrationsPerInterval.put(ctx, ROOT_NETUID, 1)
    _add(ctx, FIRST, max_uids=256, tempo=tempo)
    storage.SubnetOwner.put(ctx, FIRST, ZERO_ACCOUNT)
    storage.SubnetMechanism.put(ctx, FIRST, DYNAMIC)
    storage.SubnetTAO.put(ctx, FIRST, POOL_TAO)
    storage.SubnetAlphaIn.put(ctx, FIRST, POOL_ALPHA)
    storage.SubnetLocked.put(ctx, FIRST, 1)
    storage.LargestLocked.put(ctx, FIRST, 1)
    _stake(ctx)
    append_neuron(ctx, FIRST, ZERO_ACCOUNT, ctx.block.number)


def _add(ctx: Context, netuid: int, max_uids: int, tempo: int) -> None:
    """A subnet without neurons, open to registrations."""
    storage.NetworksAdded.put(ctx, netuid, True)
    storage.TotalNetworks.mutate(ctx, lambda count: count + 1)
    storage.SubnetworkN.put(ctx, netuid, 0)
    storage.MaxAllowedUids.put(ctx, netuid, max_uids)
    storage.MaxAllowedValidators.put(ctx, netuid, 64)
    storage.MinAllowedWeights.put(ctx, netuid, 0)
    storage.Tempo.put(ctx, netuid, tempo)
    storage.NetworkRegistrationAllowed.put(ctx, netuid, True)
    storage.TokenSymbol.put(ctx, netuid, get_symbol_for_subnet(netuid))


def _stake(ctx: Context) -> None:
    """The stake of the account of zeros on itself: all alpha of subnet 1 that is not in its pool."""
    shares = SafeFloat.from_u64(STAKE)
    storage.Owner.put(ctx, ZERO_ACCOUNT, ZERO_ACCOUNT)
    storage.AlphaV2.put(ctx, (ZERO_ACCOUNT, ZERO_ACCOUNT, FIRST), shares)
    storage.TotalHotkeySharesV2.put(ctx, ZERO_ACCOUNT, FIRST, shares)
    storage.TotalHotkeyAlpha.put(ctx, ZERO_ACCOUNT, FIRST, STAKE)
    storage.SubnetAlphaOut.put(ctx, FIRST, STAKE)
    storage.StakingHotkeys.put(ctx, ZERO_ACCOUNT, [ZERO_ACCOUNT])
