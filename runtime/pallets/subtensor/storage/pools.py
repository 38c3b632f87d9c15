"""The pools of TAO and alpha, and their prices."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import u64, u128
from ....scale.fixed_types import I96F32
from ...shared.types import AlphaBalance, NetUid, TaoBalance
from ..declared.constants import InitialEmaPriceHalvingPeriod
from ..declared.pallet import pallet

SubnetTAO = pallet.map(Identity, NetUid, TaoBalance, default=0, docs="TAO in a subnet's pool, in rao.")
SubnetAlphaIn = pallet.map(Identity, NetUid, AlphaBalance, default=0, docs="Alpha in a subnet's pool.")
SubnetAlphaOut = pallet.map(Identity, NetUid, AlphaBalance, default=0, docs="Alpha in the hands of stakers.")
SubnetProtocolAlpha = pallet.map(
    Identity, NetUid, AlphaBalance, default=0, docs="Alpha that the chain bought for itself."
)
SubnetVolume = pallet.map(
    Identity, NetUid, u128, default=0, docs="All that was ever traded in a subnet's pool, in rao."
)
#: Before it is set: 0.000003.
SubnetMovingAlpha = pallet.value(
    I96F32,
    default=12_885,
    docs="How fast the moving prices of old subnets follow: the weight of the newest price, I96F32.",
)
SubnetMovingPrice = pallet.map(
    Identity,
    NetUid,
    I96F32,
    default=0,
    docs="Moving average of a subnet's price, TAO for one alpha, counted as at most 1, I96F32.",
)
EMAPriceHalvingBlocks = pallet.map(
    Identity,
    NetUid,
    u64,
    default=InitialEmaPriceHalvingPeriod,
    docs="Age in blocks at which a subnet's moving price follows at half its speed.",
)

pallet.name_declared(globals())
