"""Pools of TAO and alpha, and their prices."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import u64, u128
from ....scale.fixed_types import I96F32
from ...shared.types import AlphaBalance, NetUid, TaoBalance
from ..declared.constants import InitialEmaPriceHalvingPeriod
from ..declared.pallet import pallet

SubnetTAO = pallet.map(Identity, NetUid, TaoBalance, default=0, docs="TAO in a subnet's pool, in rao.")
SubnetAlphaIn = pallet.map(Identity, NetUid, AlphaBalance, default=0, docs="Alpha in a subnet's pool, in billionths.")
SubnetAlphaOut = pallet.map(
    Identity, NetUid, AlphaBalance, default=0, docs="Alpha outside of a subnet's pool, in billionths."
)
SubnetProtocolAlpha = pallet.map(
    Identity, NetUid, AlphaBalance, default=0, docs="Alpha of a subnet that the chain has bought, in billionths."
)
SubnetVolume = pallet.map(Identity, NetUid, u128, default=0, docs="Total volume traded in a subnet's pool, in rao.")
#: Default: 0.000003.
SubnetMovingAlpha = pallet.value(
    I96F32,
    default=12_885,
    docs="Weight of the current price in the moving price of an old subnet, I96F32.",
)
SubnetMovingPrice = pallet.map(
    Identity,
    NetUid,
    I96F32,
    default=0,
    docs="Moving average of a subnet's price in TAO per alpha, prices above 1 counted as 1, I96F32.",
)
EMAPriceHalvingBlocks = pallet.map(
    Identity,
    NetUid,
    u64,
    default=InitialEmaPriceHalvingPeriod,
    docs="Age in blocks at which the moving price of a subnet follows at half its final speed.",
)

pallet.name_declared(globals())
