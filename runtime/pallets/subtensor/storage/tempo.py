"""Timing of epochs."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import u8, u16, u64
from ...shared.types import NetUid
from ..declared.constants import InitialMaxEpochsPerBlock, InitialTempo
from ..declared.pallet import pallet

Tempo = pallet.map(Identity, NetUid, u16, default=InitialTempo, docs="Blocks from epoch to epoch.")
LastEpochBlock = pallet.map(
    Identity, NetUid, u64, default=0, docs="Block of the last epoch that was due, whether it ran or was skipped."
)
PendingEpochAt = pallet.map(
    Identity,
    NetUid,
    u64,
    default=0,
    docs="First block in which an epoch triggered by the owner can run; 0: none is pending.",
)
SubnetEpochIndex = pallet.map(Identity, NetUid, u64, default=0, docs="Number of epochs so far.")
BlocksSinceLastStep = pallet.map(Identity, NetUid, u64, default=0, docs="Blocks since the last epoch.")
LastMechansimStepBlock = pallet.map(Identity, NetUid, u64, default=0, docs="Block of the last epoch that ran.")
MaxEpochsPerBlock = pallet.value(
    u8,
    default=InitialMaxEpochsPerBlock,
    docs="Maximum number of epochs in one block; further due epochs run in the following blocks.",
)

pallet.name_declared(globals())
