"""The bounds of bounded vectors in storage and calls, which metadata does not show, against the genuine sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.pallets import mev_shield
from pysubtensor.runtime.scale import Compact, ScaleError, codec_of, u32
from pysubtensor.runtime.scale.codec import Codec, ScopedCodec
from pysubtensor.runtime.scale.containers import Bounded

RUNTIME = spec_425()
COMPACT = codec_of(Compact[u32])


def bounds(part: object, seen: set[int]) -> Iterator[int]:
    """Yield the bounds in a codec, and in the types that it describes."""
    if isinstance(part, list | tuple):
        for each in part:
            yield from bounds(each, seen)
    elif isinstance(part, Codec):
        if id(part) not in seen and not isinstance(part, ScopedCodec):  # calls inside calls have no bounds
            seen.add(id(part))
            if isinstance(part, Bounded):
                yield part.limit
            yield from bounds(part.describe(), seen)
    elif is_dataclass(part):
        for name in (field.name for field in fields(part)):
            yield from bounds(getattr(part, name), seen)


#: Weak bounds are not enforced.
WEAK = 0xFFFF_FFFF
#: Bounds by pallet and item, with the source of each.
GENUINE = {
    # runtime/src/lib.rs
    "Aura.Authorities": [32],
    "Grandpa.Authorities": [WEAK],
    "Grandpa.PendingChange": [WEAK],
    "Balances.Locks": [WEAK],
    "Balances.Reserves": [50],
    "Balances.Holds": [5],  # the variants of the runtime's HoldReason
    "Balances.Freezes": [50],
    "Multisig.Multisigs": [100],
    "Crowdloan.Crowdloans": [128],  # the call that is stored in it
    "Crowdloan.HasMigrationRun": [128],  # MigrationKeyMaxLen
    "Scheduler.Agenda": [50, 128],  # the agenda, and calls that are stored in it: traits/preimages.rs of FRAME
    "Proxy.Proxies": [20],
    "Proxy.Announcements": [5 * 15],
    "AdminUtils.swap_authorities": [32],
    # pallets/drand/src/types.rs and lib.rs
    "Drand.BeaconConfig": [32, 96],
    "Drand.HasMigrationRun": [128],
    "Drand.Pulses": [32, 144],
    "Drand.set_beacon_config": [32, 96],
    "Drand.write_pulse": [32, 144],
    # FRAME: pallet-insecure-randomness-collective-flip and pallet-preimage
    "RandomnessCollectiveFlip.RandomMaterial": [81],
    "Preimage.PreimageFor": [4 * 1024 * 1024],
    # pallets/subtensor/src/lib.rs
    "SubtensorModule.NeuronCertificates": [64],
    "SubtensorModule.TimelockedWeightCommits": [5_000],
    "SubtensorModule.CRV3WeightCommits": [5_000],
    "SubtensorModule.CRV3WeightCommitsV2": [5_000],
    "SubtensorModule.commit_timelocked_weights": [5_000],
    "SubtensorModule.commit_crv3_mechanism_weights": [5_000],
    "SubtensorModule.commit_timelocked_mechanism_weights": [5_000],
    # pallets/commitments/src/types.rs; the number of fields is the runtime's
    "Commitments.CommitmentOf": [3, 512, 1024],
    "Commitments.set_commitment": [3, 512, 1024],
    # pallets/swap/src/pallet/mod.rs
    "Swap.HasMigrationRun": [128],
    # pallets/limit-orders/src/lib.rs; the number of orders is the runtime's
    "LimitOrders.HasMigrationRun": [128],  # MigrationKeyMaxLen
    "LimitOrders.execute_orders": [10, 100],  # relayers of an order, orders
    "LimitOrders.execute_batched_orders": [10, 100],
    "LimitOrders.cancel_order": [10],
    # pallets/shield/src/lib.rs, and the key's type in the crate stp-shield
    "MevShield.CurrentKey": [2_048],
    "MevShield.PendingKey": [2_048],
    "MevShield.NextKey": [2_048],
    "MevShield.AuthorKeys": [2_048],
    "MevShield.announce_next_key": [2_048],
    "MevShield.HasMigrationRun": [128],
    "MevShield.PendingExtrinsics": [8_192],
    "MevShield.submit_encrypted": [8_192],
    "MevShield.store_encrypted": [8_192],
}


def declared() -> Iterator[tuple[str, list[int]]]:
    """Yield the bounds of each item and call that has any, ascending."""
    for pallet in RUNTIME.pallets:
        for item in pallet.storage.values():
            yield f"{pallet.name}.{item.name}", sorted(set(bounds([item.codec, list(item.keys_codec)], set())))
        for call in pallet.calls.values():
            yield f"{pallet.name}.{call.name}", sorted(set(bounds(call.args, set())))


def test_every_bound_is_the_genuine_one() -> None:
    assert {name: found for name, found in declared() if found} == GENUINE


@pytest.mark.parametrize(
    ("limit", "codec"), [(2_048, mev_shield.NextKey.codec), (128, mev_shield.HasMigrationRun.keys_codec[0])]
)
def test_a_bound_is_a_length_that_is_read_and_written(limit: int, codec: Codec[bytes]) -> None:
    encoded = COMPACT.encode(limit) + bytes(limit)
    assert codec.decode(encoded) == bytes(limit)
    assert codec.encode(bytes(limit)) == encoded
    with pytest.raises(ScaleError, match=f"at most {limit} items are allowed, got {limit + 1}"):
        codec.decode(COMPACT.encode(limit + 1) + bytes(limit + 1))
    with pytest.raises(ScaleError, match=f"at most {limit} items are allowed, got {limit + 1}"):
        codec.encode(bytes(limit + 1))
