"""What each block emits, how subnets share it, and what waits for the next epoch."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import i64, u16, u64
from ....scale.fixed_types import I64F64, U64F64, U96F32
from ...shared.types import AlphaBalance, NetUid, TaoBalance
from ..declared.constants import InitialIssuance, InitialSubnetOwnerCut
from ..declared.pallet import pallet

TotalIssuance = pallet.value(TaoBalance, default=InitialIssuance, docs="Rao that exist.")
BlockEmission = pallet.value(u64, default=1_000_000_000, docs="Rao emitted in the last block.")
SubnetEmissionEnabled = pallet.map(
    Identity, NetUid, bool, default=True, docs="Whether a subnet's pool receives emission."
)
SubnetAlphaInEmission = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha put into a subnet's pool in the last block.",
)
SubnetAlphaOutEmission = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha emitted to a subnet's neurons in the last block.",
)
SubnetTaoInEmission = pallet.map(
    Identity,
    NetUid,
    TaoBalance,
    default=0,
    docs="TAO put into a subnet's pool in the last block, in rao.",
)
SubnetExcessTao = pallet.map(
    Identity,
    NetUid,
    TaoBalance,
    default=0,
    docs="TAO with which the chain bought a subnet's alpha in the last block, in rao.",
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
    docs="TAO that stakers brought less what they took since the last block, in rao.",
)
SubnetEmaTaoFlow = pallet.map(
    Identity,
    NetUid,
    tuple[u64, I64F64],
    docs="Block, and moving average of a subnet's TAO flow in rao.",
)
NetTaoFlowEnabled = pallet.value(
    bool,
    default=True,
    docs="Whether the chain's own flow is subtracted when subnets share the emission.",
)
SubnetProtocolFlow = pallet.map(
    Identity,
    NetUid,
    i64,
    default=0,
    docs="TAO that the chain itself brought less what it took since the last block, in rao.",
)
SubnetEmaProtocolFlow = pallet.map(
    Identity,
    NetUid,
    tuple[u64, I64F64],
    docs="Block, and moving average of the chain's own flow in rao.",
)
TaoFlowCutoff = pallet.value(I64F64, default=0, docs="Flows below this earn a subnet nothing, I64F64.")
FlowNormExponent = pallet.value(
    U64F64,
    default=1 << 64,
    docs="Power to which flows are raised before they are compared, U64F64.",
)
FlowEmaSmoothingFactor = pallet.value(
    u64,
    default=29_597_889_189_277,
    docs="Weight of the newest flow in moving averages, out of 2^63.",
)
PendingServerEmission = pallet.map(
    Identity, NetUid, AlphaBalance, default=0, docs="Alpha that waits for a subnet's miners."
)
PendingValidatorEmission = pallet.map(
    Identity,
    NetUid,
    AlphaBalance,
    default=0,
    docs="Alpha that waits for a subnet's validators.",
)
PendingRootAlphaDivs = pallet.map(
    Identity, NetUid, AlphaBalance, default=0, docs="Alpha that waits for stakers on root."
)
PendingOwnerCut = pallet.map(Identity, NetUid, AlphaBalance, default=0, docs="Alpha that waits for a subnet's owner.")
SubnetOwnerCut = pallet.value(
    u16,
    default=InitialSubnetOwnerCut,
    docs="Part of a subnet's emission that goes to its owner, a u16 proportion.",
)
OwnerCutEnabled = pallet.map(Identity, NetUid, bool, default=True, docs="Whether a subnet's owner gets that part.")
RootProp = pallet.map(
    Identity, NetUid, U96F32, default=0, docs="Part of a subnet's dividends that goes to root, U96F32."
)
MinerBurned = pallet.map(
    Identity,
    NetUid,
    U96F32,
    default=0,
    docs="Part of the miners' last emission that fell to hotkeys of the owner and was withheld, U96F32.",
)

pallet.name_declared(globals())
