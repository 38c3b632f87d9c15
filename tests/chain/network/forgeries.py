"""Forged proposals: what a proposer that breaks the rules, and has the keys of an author, does to its own blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pysubtensor.chain.authoring import seal
from pysubtensor.chain.network.proposals import from_transactions, to_transactions
from pysubtensor.runtime.client.signing import Signer
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.digest import (
    AuthorClaim,
    Digest,
    DigestItem,
    Other,
    aura_pre_runtime,
    aura_slot,
    author_claim,
)
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Id
from pysubtensor.runtime.frame.header import Header
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.timestamp import set_

from tests.world import ALICE_KEY, BOB, UNFUNDED_KEY

Block = tuple[Header, list[bytes]]


@dataclass(frozen=True, slots=True)
class Forger:
    """The proposer: its key as an author, and the chain."""

    key: Keypair
    genesis_hash: bytes
    slot_ms: int

    def resealed(self, header: Header, logs: list[DigestItem] | None = None, root: bytes | None = None) -> Header:
        """Return a header with other contents, with the seal of its author."""
        items = header.digest.logs[:-1] if logs is None else logs
        return seal(unsealed(header, items, root), self.key)


Change = Callable[[Forger, Header, list[bytes]], Block]


def forge_proposal(forger: Forger, change: Change, transactions: list[bytes]) -> list[bytes]:
    """Return the engine's transactions of a proposal, changed."""
    return to_transactions(*change(forger, *from_transactions(transactions)))


def unsealed(header: Header, logs: list[DigestItem], root: bytes | None = None) -> Header:
    root = root or header.state_root
    return Header(header.parent_hash, header.number, root, header.extrinsics_root, Digest(logs))


def other_seal(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return seal(unsealed(header, header.digest.logs[:-1]), ALICE_KEY), body


def no_seal(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return unsealed(header, header.digest.logs[:-1]), body


def other_root(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return forger.resealed(header, root=bytes(32)), body


def later_slot(forger: Forger, header: Header, body: list[bytes]) -> Block:
    slot = (aura_slot(header.digest.logs) or 0) + 1
    late = ExtrinsicCodec.bare(set_.call(slot * forger.slot_ms))
    return forger.resealed(header, [aura_pre_runtime(slot), *header.digest.logs[1:-1]]), [late, *body[1:]]


def no_key(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return forger.resealed(header), body[:1]


def no_time(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return forger.resealed(header), body[1:]


def invalid_extrinsic(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return forger.resealed(header), [*body, b"\x10none"]


def unfunded(forger: Forger, header: Header, body: list[bytes]) -> Block:
    unpayable = Signer(forger.genesis_hash).sign(transfer_keep_alive.call(Id(BOB), 5), UNFUNDED_KEY, nonce=0)
    return forger.resealed(header), [*body, unpayable]


def another_author(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return forger.resealed(header, [header.digest.logs[0], AuthorClaim(99, 0).item()]), body


def another_following(forger: Forger, header: Header, body: list[bytes]) -> Block:
    claimed = author_claim(header.digest.logs)
    assert claimed is not None
    claim = AuthorClaim(claimed.author, (claimed.following + 1) % 4)
    return forger.resealed(header, [header.digest.logs[0], claim.item()]), body


def more_items(forger: Forger, header: Header, body: list[bytes]) -> Block:
    return forger.resealed(header, [*header.digest.logs[:-1], Other(b"more")]), body


#: All changes by their names.
CHANGES: dict[str, Change] = {
    change.__name__: change
    for change in (
        other_seal, no_seal, other_root, later_slot, no_key, no_time, invalid_extrinsic, unfunded, another_author,
        another_following, more_items,
    )
}  # fmt: skip
