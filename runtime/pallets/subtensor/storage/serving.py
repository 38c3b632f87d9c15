"""Identities of coldkeys and subnets, and endpoints of neurons."""

from __future__ import annotations

from ....frame.hashers import Blake2_128Concat, Identity, Twox64Concat
from ....scale import H160, AccountId, u16, u64
from ...shared.types import NetUid
from ..declared.pallet import pallet
from ..declared.types import AxonInfo, ChainIdentityV2, NeuronCertificate, PrometheusInfo, SubnetIdentityV3

Axons = pallet.double_map((Identity, NetUid), (Blake2_128Concat, AccountId), AxonInfo, docs="Endpoint of a neuron.")
NeuronCertificates = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    NeuronCertificate,
    docs="TLS certificate of a neuron.",
)
Prometheus = pallet.double_map(
    (Identity, NetUid),
    (Blake2_128Concat, AccountId),
    PrometheusInfo,
    docs="Endpoint of a neuron's metrics.",
)
AssociatedEvmAddress = pallet.double_map(
    (Twox64Concat, NetUid),
    (Twox64Concat, u16),
    tuple[H160, u64],
    docs="EVM key of a neuron, by uid, and the block of the association.",
)
IdentitiesV2 = pallet.map(Blake2_128Concat, AccountId, ChainIdentityV2, docs="Identity of a coldkey.")
SubnetIdentitiesV3 = pallet.map(Blake2_128Concat, NetUid, SubnetIdentityV3, docs="Identity of a subnet.")

pallet.name_declared(globals())
