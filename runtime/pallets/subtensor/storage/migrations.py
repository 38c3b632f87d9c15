"""Left by migrations and former rules."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import u64
from ...shared.types import BlockNumber
from ..declared.constants import InitialDissolveNetworkScheduleDuration
from ..declared.pallet import pallet

DissolveNetworkScheduleDuration = pallet.value(
    BlockNumber,
    default=InitialDissolveNetworkScheduleDuration,
    docs="Former delay of dissolutions, in blocks.",
)
TaoInRefundDeploymentBlock = pallet.value(
    u64,
    default=0,
    docs="Dissolving a subnet registered later, the alpha of its pool shares in its TAO.",
)
HasMigrationRun = pallet.map(Identity, bytes, bool, default=False, docs="Whether a migration has run, by name.")

pallet.name_declared(globals())
