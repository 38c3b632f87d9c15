"""Emission of each block, its split among subnets, and the amounts that the next epoch distributes."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import i64, u16, u64
from ....scale.fixed_types import I64F64, U64F64, U96F32
from ...shared.types import AlphaBalance, NetUid, TaoBalance
from ..declared.constants import InitialIssuance, InitialSubnetOwnerCut
from ..declared.pallet import pallet

TotalIssuance = pallet.value(TaoBalance, default=InitialIssuance, docs="TAO issued, in rao.")
BlockEmission = pallet.value(u64, default=1_000_000_000, docs="TAO emitted by the last block, in rao.")
SubnetEmissionEnabled = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether the pool of a subnet receives emission."
)
SubnetAlphaInEmission = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha added to a subnet's pool in the last block, in billionths.",
)
SubnetAlphaOutEmission = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha emitted outside of a subnet's pool in the last block, in billionths.",
)
SubnetTaoInEmission = pallet.map(
    Identity,
    NetUid,
    TaoBalance,
    default=0,
    docs="TAO added to a subnet's pool in the last block, in rao.",
)
SubnetExcessTao = pallet.map(
    Identity,
    NetUid,
    TaoBalance,
    default=0,
    docs="TAO with which the chain bought alpha of a subnet in the last block, in rao.",
)
SubnetRootSellTao = pallet.map(
    Identity,
    NetUid,
    TaoBalance,
    default=0,
    docs="TAO for which root dividends of a subnet were sold in the last block, in rao.",
)
SubnetTaoFlow = pallet.map(
    Identity,
    NetUid,
    i64,
    default=0,
    docs="Net flow of TAO from stakers into a subnet's pool since the last block, in rao.",
)
SubnetEmaTaoFlow = pallet.map(
    Identity,
    NetUid,
    tuple[u64, I64F64],
    docs="Block of the last update, and moving average of a subnet's TAO flow in rao, I64F64.",
)
NetTaoFlowEnabled = pallet.value(
    bool,
    default=True,
    docs="Whether the protocol flow is subtracted from the TAO flow when the emission is split among subnets.",
)
SubnetProtocolFlow = pallet.map(
    Identity,
    NetUid,
    i64,
    default=0,
    docs="Net flow of TAO from the chain itself into a subnet's pool since the last block, in rao.",
)
SubnetEmaProtocolFlow = pallet.map(
    Identity,
    NetUid,
    tuple[u64, I64F64],
    docs="Block of the last update, and moving average of a subnet's protocol flow in rao, I64F64.",
)
TaoFlowCutoff = pallet.value(
    I64F64, default=0, docs="TAO flow in rao, I64F64, below which a subnet receives no emission."
)
FlowNormExponent = pallet.value(
    U64F64,
    default=1 << 64,
    docs="Exponent of the TAO flows when the emission is split among subnets, U64F64.",
)
FlowEmaSmoothingFactor = pallet.value(
    u64,
    default=29_597_889_189_277,
    docs="Weight of the latest TAO flow in its moving averages, out of 2^63 - 1.",
)
PendingServerEmission = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha that the next epoch distributes to a subnet's miners, in billionths.",
)
PendingValidatorEmission = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha that the next epoch distributes to a subnet's validators, in billionths.",
)
PendingRootAlphaDivs = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha that the next epoch distributes to stakers on root, in billionths.",
)
PendingOwnerCut = pallet.map(
    Identity, NetUid, AlphaBalance, default=0, docs="Alpha that the next epoch pays to a subnet's owner, in billionths."
)
SubnetOwnerCut = pallet.value(
    u16,
    default=InitialSubnetOwnerCut,
    docs="Share of a subnet's emission for its owner, a u16 proportion.",
)
OwnerCutEnabled = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether the owner of a subnet receives the owner's cut."
)
RootProp = pallet.map(
    Identity, NetUid, U96F32, default=0, docs="Share of a subnet's dividends for stakers on root, U96F32."
)
MinerBurned = pallet.map(
    Identity,
    NetUid,
    U96F32,
    default=0,
    docs="Share of the last epoch's miner emission that fell to hotkeys of the owner and was withheld, U96F32.",
)

pallet.name_declared(globals())
