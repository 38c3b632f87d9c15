"""Who hotkeys and subnets say they are, and where they can be reached."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from ....scale import H160, AccountId, u16, u64
from ...shared.types import NetUid
from ..declared.pallet import pallet
from ..declared.types import AxonInfo, ChainIdentityV2, NeuronCertificate, PrometheusInfo, SubnetIdentityV3

Axons = pallet.double_map((Identity, NetUid), (Blake2_128Concat, AccountId), AxonInfo, docs="Where a neuron serves.")
NeuronCertificates = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    NeuronCertificate,
    docs="A neuron's TLS certificate.",
)
Prometheus = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    PrometheusInfo,
    docs="Where a neuron serves its metrics.",
)
AssociatedEvmAddress = pallet.double_map(
    (Twox64Concat, NetUid),
    (Twox64Concat, u16),
    tuple[H160, u64],
    docs="EVM key of a neuron, and the block in which it proved to own it.",
)
IdentitiesV2 = pallet.map(Blake2_128Concat, AccountId, ChainIdentityV2, docs="What a coldkey says about itself.")
SubnetIdentitiesV3 = pallet.map(Blake2_128Concat, NetUid, SubnetIdentityV3, docs="What a subnet's owner says about it.")

pallet.name_declared(globals())
