"""Items that the chain got after spec 425. No rule here knows them: they are for clients that read them all the same.

The `bittensor` SDK 11.3.0 reads them before it sends calls that spec 425 has (`set_weights`, `commit_weights`,
`burned_register`), and gives up when metadata does not know them. Nothing is ever stored in them: it reads the
defaults, and those stand for what holds at spec 425.
"""

from __future__ import annotations

import enum

from ....frame.hashers import Identity
from ....scale import scale_enum, u16
from ...shared.types import NetUid
from ..declared.pallet import pallet


@scale_enum("pallet_subtensor::pallet::EpochConsensus")
class EpochConsensus(enum.Enum):
    """What a subnet's epochs reckon by: Yuma Consensus, or the weights of one validator alone."""

    Yuma = 0
    Null = 1


SubnetEpochConsensus = pallet.map(
    Identity,
    NetUid,
    EpochConsensus,
    default=EpochConsensus.Yuma,
    docs="Not at spec 425, where each epoch is one of Yuma Consensus.",
)
CollateralLockShare = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Not at spec 425, where nothing of a neuron's price is locked.",
)

pallet.name_declared(globals())
