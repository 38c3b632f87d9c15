"""The faucet of development chains: TAO for a little proof of work. Live networks are built without it.

Work is a hash that seals a block, a nonce and the account; taken as a little-endian number it must be below 2^256 over
the difficulty.
"""

from __future__ import annotations

from hashlib import sha256

from ....crypto.hashing import keccak_256
from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import Pays, weight_of
from ....scale import u64
from ...balances.fungible import rescind
from ...system import BlockHash
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..ledger.tao import mint_tao, spend_tao

DIFFICULTY = 1_000_000
#: What the faucet gives each time, in rao: 1,000 TAO.
FAUCET_AMOUNT = 10**12
#: In so many blocks work is good, the one that it seals being the first.
WORK_LIFETIME = 3
HASH_LENGTH = 32


def hash_meets_difficulty(work: bytes, difficulty: int) -> bool:
    """Whether the hash is small enough: times the difficulty, it must stay within 256 bits."""
    return int.from_bytes(work, "little") * difficulty < 1 << 256


def hash_block_and_hotkey(block_hash: bytes, hotkey: bytes) -> bytes:
    return keccak_256(block_hash + hotkey)


def create_seal_hash(ctx: Context, block_number: int, nonce: int, hotkey: bytes) -> bytes:
    """The hash that is searched: of a nonce, of a block by its hash, and of who searches."""
    sealed = hash_block_and_hotkey(BlockHash.get(ctx, block_number), hotkey)
    return keccak_256(sha256(nonce.to_bytes(8, "little") + sealed).digest())


def do_faucet(ctx: Context, block_number: int, nonce: int, work: bytes) -> None:
    """Give TAO to the signer for its work on a recent block."""
    coldkey, block = ctx.ensure_signed(), ctx.block.number
    ensure(block_number <= block < block_number + WORK_LIFETIME, Error.InvalidWorkBlock)
    # Work of another length makes the chain's runtime panic; here it fails like other work that is no good.
    ensure(len(work) == HASH_LENGTH and hash_meets_difficulty(work, DIFFICULTY), Error.InvalidDifficulty)
    ensure(create_seal_hash(ctx, block_number, nonce, coldkey) == work, Error.InvalidSeal)
    storage.UsedWork.put(ctx, work, block)
    credit = mint_tao(ctx, FAUCET_AMOUNT)
    if spend_tao(ctx, coldkey, credit, FAUCET_AMOUNT) is None:
        rescind(ctx, credit)
    ctx.deposit(events.Faucet(coldkey, FAUCET_AMOUNT))


@pallet.call(60, weight=weight_of(91_000_000, reads=27, writes=22), pays=Pays.No)
def faucet(ctx: Context, block_number: u64, nonce: u64, work: bytes) -> None:
    """Get 1,000 TAO for proof of work on one of the last three blocks."""
    do_faucet(ctx, block_number, nonce, work)
