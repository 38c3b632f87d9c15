"""The RFC-78 digest: the one of a real chain from its metadata, and that CheckMetadataHash signs ours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from blake3 import blake3
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.metadata import digest_of, encoded_metadata, v15
from pysubtensor.runtime.metadata.digest import metadata_digest, tree_root

from tests import vectors


@pytest.mark.parametrize(
    ("name", "spec", "digest"),
    [
        ("finney393_reencoded_v15", 393, "e3c6377b3b53dcc95b7e6d3807343c1e151f050375aef79f1d8ea4f30eeb6f7f"),
        ("raonet218_v15", 218, "595757b6d42c057442818e394b2340bb3334bde29f1811009b495c3d95f39601"),
    ],
)
def test_real_digests(name: str, spec: int, digest: str) -> None:
    """As two independent implementations compute them from the same metadata."""
    metadata = v15.MetadataV15.scale.decode(vectors.metadata(name)[5:])
    assert metadata_digest(metadata, spec, "node-subtensor").hex() == digest


def test_the_vectors_digest_is_the_published_one() -> None:
    known = vectors.load("formats/extrinsics")["metadata_digest"]
    facts = (known["digest"], known["decimals"], known["token_symbol"], known["ss58_prefix"])
    assert facts == ("0xe3c6377b3b53dcc95b7e6d3807343c1e151f050375aef79f1d8ea4f30eeb6f7f", 9, "TAO", 42)


def root_by_levels(leaves: list[bytes]) -> bytes:
    """The same tree, drawn the slow way: node n has children 2n + 1 and 2n + 2, leaves come last."""
    nodes = [b""] * (len(leaves) - 1) + leaves
    for n in reversed(range(len(leaves) - 1)):
        nodes[n] = blake3(nodes[2 * n + 1] + nodes[2 * n + 2]).digest()
    return nodes[0]


@pytest.mark.parametrize("count", range(1, 34))
def test_the_tree_is_complete_with_leaves_in_order(count: int) -> None:
    leaves = [blake3(bytes((i,))).digest() for i in range(count)]
    assert tree_root(leaves) == root_by_levels(leaves)


def test_no_leaves_have_a_root_of_zeros() -> None:
    assert tree_root([]) == bytes(32)


def test_the_digest_covers_exactly_what_a_wallet_needs() -> None:
    runtime = spec_425()
    metadata: v15.MetadataV15 = v15.MetadataV15.scale.decode(encoded_metadata(runtime, 15)[5:])
    digest = metadata_digest(metadata, 425, "node-subtensor")
    assert digest == digest_of(runtime)
    assert metadata_digest(replace(metadata, pallets=[], apis=[]), 425, "node-subtensor") == digest
    assert metadata_digest(metadata, 426, "node-subtensor") != digest
    assert metadata_digest(metadata, 425, "node-mysubtensor") != digest
    fewer = replace(metadata.extrinsic, extensions=metadata.extrinsic.extensions[:-1])
    assert metadata_digest(replace(metadata, extrinsic=fewer), 425, "node-subtensor") != digest
