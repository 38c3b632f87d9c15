"""Items that migrations use, and items of former rules."""

from __future__ import annotations

from ....frame.hashers import Identity
from ....scale import u64
from ...shared.types import BlockNumber
from ..declared.constants import InitialDissolveNetworkScheduleDuration
from ..declared.pallet import pallet

DissolveNetworkScheduleDuration = pallet.value(
    BlockNumber,
    default=InitialDissolveNetworkScheduleDuration,
    docs="Former delay of a scheduled dissolution, in blocks.",
)
TaoInRefundDeploymentBlock = pallet.value(
    u64,
    default=0,
    docs="The alpha in the pool of a subnet registered after this block shares in the TAO at the dissolution.",
)
HasMigrationRun = pallet.map(Identity, bytes, bool, default=False, docs="Whether a migration has run, by its name.")

pallet.name_declared(globals())
