"""The faucet of development chains: TAO for a small proof of work. Live networks are built without it.

The proof is a hash over a block hash, a nonce and the account. As a little-endian number, times the difficulty, it
must be below 2^256.
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
#: Payment for one proof of work, in rao: 1,000 TAO.
FAUCET_AMOUNT = 10**12
#: Number of blocks in which a proof is valid, starting with the block whose hash it contains.
WORK_LIFETIME = 3
HASH_LENGTH = 32


def hash_meets_difficulty(work: bytes, difficulty: int) -> bool:
    """Return whether the hash, as a little-endian number, times the difficulty is below 2^256."""
    return int.from_bytes(work, "little") * difficulty < 1 << 256


def create_seal_hash(ctx: Context, block_number: int, nonce: int, hotkey: bytes) -> bytes:
    """Return the hash over a nonce, the hash of a block and an account that the proof of work searches."""
    sealed = keccak_256(BlockHash.get(ctx, block_number) + hotkey)
    return keccak_256(sha256(nonce.to_bytes(8, "little") + sealed).digest())


@pallet.call(60, weight=weight_of(91_000_000, reads=27, writes=22), pays=Pays.No)
def faucet(ctx: Context, block_number: u64, nonce: u64, work: bytes) -> None:
    """Receive 1,000 TAO for a proof of work on one of the last three blocks.

    `work` is the hash over `nonce` (u64, little endian) and keccak_256(hash of block `block_number` ++ account):
    sha256, then keccak_256. Fails with InvalidWorkBlock, InvalidDifficulty and InvalidSeal.
    """
    coldkey, block = ctx.ensure_signed(), ctx.block.number
    ensure(block_number <= block < block_number + WORK_LIFETIME, Error.InvalidWorkBlock)
    # Work of another length makes the chain's runtime panic; here it fails like other invalid work.
    ensure(len(work) == HASH_LENGTH and hash_meets_difficulty(work, DIFFICULTY), Error.InvalidDifficulty)
    ensure(create_seal_hash(ctx, block_number, nonce, coldkey) == work, Error.InvalidSeal)
    storage.UsedWork.put(ctx, work, block)
    credit = mint_tao(ctx, FAUCET_AMOUNT)
    if spend_tao(ctx, coldkey, credit, FAUCET_AMOUNT) is None:
        rescind(ctx, credit)
    ctx.deposit(events.Faucet(coldkey, FAUCET_AMOUNT))
