"""State of the pallet at genesis: root, and subnet 1 with the zero account as its owner and only neuron.

The first registered subnet therefore gets netuid 2. Subnet 1 is not started. The ten TAO in its pool were never paid by
an account; neither they nor the stake on its neuron are part of `TotalStake`.
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

#: Netuid of the subnet that exists at genesis besides root.
GENESIS_NETUID = 1
#: Reserves of that subnet's pool, in rao and billionths of alpha, and the stake on its neuron, in billionths of alpha.
POOL_TAO, POOL_ALPHA, STAKE = 10 * RAO_PER_TAO, 10 * RAO_PER_TAO, 1 * RAO_PER_TAO


def build(
    ctx: Context,
    *,
    issuance: int = 0,
    root_owner: bytes = ZERO_ACCOUNT,
    root_owner_hotkey: bytes = ZERO_ACCOUNT,
    tempo: int = 100,
) -> None:
    """Write root and subnet 1, both with this tempo in blocks, and the issuance that the pallet counts, in rao."""
    storage.TotalIssuance.put(ctx, issuance)
    _add_subnet(ctx, ROOT_NETUID, max_uids=64, tempo=tempo)
    storage.SubnetOwner.put(ctx, ROOT_NETUID, root_owner)
    storage.SubnetOwnerHotkey.put(ctx, ROOT_NETUID, root_owner_hotkey)
    storage.TargetRegistrationsPerInterval.put(ctx, ROOT_NETUID, 1)
    _add_subnet(ctx, GENESIS_NETUID, max_uids=256, tempo=tempo)
    storage.SubnetOwner.put(ctx, GENESIS_NETUID, ZERO_ACCOUNT)
    storage.SubnetMechanism.put(ctx, GENESIS_NETUID, DYNAMIC)
    storage.SubnetTAO.put(ctx, GENESIS_NETUID, POOL_TAO)
    storage.SubnetAlphaIn.put(ctx, GENESIS_NETUID, POOL_ALPHA)
    storage.SubnetLocked.put(ctx, GENESIS_NETUID, 1)
    storage.LargestLocked.put(ctx, GENESIS_NETUID, 1)
    _stake_zero_account(ctx)
    append_neuron(ctx, GENESIS_NETUID, ZERO_ACCOUNT, ctx.block.number)


def _add_subnet(ctx: Context, netuid: int, max_uids: int, tempo: int) -> None:
    """Write a subnet without neurons that is open to registrations."""
    storage.NetworksAdded.put(ctx, netuid, True)
    storage.TotalNetworks.mutate(ctx, lambda count: count + 1)
    storage.SubnetworkN.put(ctx, netuid, 0)
    storage.MaxAllowedUids.put(ctx, netuid, max_uids)
    storage.MaxAllowedValidators.put(ctx, netuid, 64)
    storage.MinAllowedWeights.put(ctx, netuid, 0)
    storage.Tempo.put(ctx, netuid, tempo)
    storage.NetworkRegistrationAllowed.put(ctx, netuid, True)
    storage.TokenSymbol.put(ctx, netuid, get_symbol_for_subnet(netuid))


def _stake_zero_account(ctx: Context) -> None:
    """Write the stake of the zero account on itself, which is all alpha of subnet 1 outside of its pool."""
    shares = SafeFloat.from_u64(STAKE)
    storage.Owner.put(ctx, ZERO_ACCOUNT, ZERO_ACCOUNT)
    storage.AlphaV2.put(ctx, (ZERO_ACCOUNT, ZERO_ACCOUNT, GENESIS_NETUID), shares)
    storage.TotalHotkeySharesV2.put(ctx, ZERO_ACCOUNT, GENESIS_NETUID, shares)
    storage.TotalHotkeyAlpha.put(ctx, ZERO_ACCOUNT, GENESIS_NETUID, STAKE)
    storage.SubnetAlphaOut.put(ctx, GENESIS_NETUID, STAKE)
    storage.StakingHotkeys.put(ctx, ZERO_ACCOUNT, [ZERO_ACCOUNT])
