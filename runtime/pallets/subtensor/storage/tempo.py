"""When epochs run."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import u8, u16, u64
from ...shared.types import NetUid
from ..declared.constants import InitialMaxEpochsPerBlock, InitialTempo
from ..declared.pallet import pallet

Tempo = pallet.map(Identity, NetUid, u16, default=InitialTempo, docs="Blocks from epoch to epoch.")
LastEpochBlock = pallet.map(
    Identity, NetUid, u64, default=0, docs="Block of the last epoch that was due, run or skipped."
)
PendingEpochAt = pallet.map(
    Identity,
    NetUid,
    u64,
    default=0,
    docs="Block from which an epoch asked for by the owner may run; 0: none.",
)
SubnetEpochIndex = pallet.map(Identity, NetUid, u64, default=0, docs="Epochs so far.")
BlocksSinceLastStep = pallet.map(Identity, NetUid, u64, default=0, docs="Blocks since the last epoch.")
LastMechansimStepBlock = pallet.map(Identity, NetUid, u64, default=0, docs="Block of the last epoch that ran.")
MaxEpochsPerBlock = pallet.value(
    u8,
    default=InitialMaxEpochsPerBlock,
    docs="Most epochs in one block; what is left waits for the next.",
)

pallet.name_declared(globals())
