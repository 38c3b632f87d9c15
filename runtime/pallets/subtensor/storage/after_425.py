"""Items that the chain got after spec 425. No rule uses them; they exist for clients that read them.

The `bittensor` SDK 11.3.0 reads them before it sends calls of spec 425 (`set_weights`, `commit_weights`,
`burned_register`), and fails when metadata lacks them. They are never written: clients read the defaults, which
describe the rules of spec 425.
"""

from __future__ import annotations

import enum

from ....frame.hashers import Identity
from ....scale import scale_enum, u16
from ...shared.types import NetUid
from ..declared.pallet import pallet


@scale_enum("pallet_subtensor::pallet::EpochConsensus")
class EpochConsensus(enum.Enum):
    """Rule of a subnet's epochs: Yuma Consensus, or the weights of a single validator."""

    Yuma = 0
    Null = 1


SubnetEpochConsensus = pallet.map(
    Identity,
    NetUid,
    EpochConsensus,
    default=EpochConsensus.Yuma,
    docs="Not at spec 425, where every epoch runs Yuma Consensus.",
)
CollateralLockShare = pallet.map(
    Identity,
    NetUid,
    u16,
    default=0,
    docs="Not at spec 425, where no part of a registration's price is locked.",
)

pallet.name_declared(globals())
