"""Accounts on disk, a thousand and a million: blocks of 100 transfers, reopening, memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from statistics import median

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.stores import open_store
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.shared.account_data import AccountData
from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.system import Account, AccountInfo

from .harness import Figure, peak_megabytes
from .state import in_fresh_process

TRANSFERS = 100
#: Inherents at the start of a block: its time and its author's next key.
INHERENTS = 2
#: Accounts that root writes in one extrinsic: as many as fit into a block by length and weight.
AT_ONCE = 20_000
FUNDS = AccountInfo(providers=1, data=AccountData(free=10**12))


def run(small: bool) -> Iterator[Figure]:
    few, many = (200, 2_000) if small else (1_000, 1_000_000)
    medians, measured = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for accounts in (few, many):
            path = Path(folder) / str(accounts)
            in_fresh_process(fill, path, accounts)
            measured = in_fresh_process(measure, path, accounts, 3 if small else 15)
            medians[accounts] = measured["block"]
            yield Figure(f"block of {TRANSFERS} transfers, {accounts:,} accounts", 1000 * measured["block"], "ms")
    engine = str(measured["engine"])
    ratio = medians[many] / medians[few]
    yield Figure(f"the same, {many:,} accounts to {few:,}, {engine}", ratio, "times", bound=None if small else 1.5)
    yield Figure(f"reopening {many:,} accounts", measured["reopen"], "s", bound=3.0)
    yield Figure(f"peak memory with {many:,} accounts", measured["peak"], "MB", bound=600)


def account(number: int) -> bytes:
    """Return the public key of an account without a known secret."""
    return blake2b(number.to_bytes(4, "little"), digest_size=32).digest()


def fill(path: Path, accounts: int) -> None:
    """Create a chain on disk with a number of accounts, written by root through `System.set_storage`."""
    alice = Keypair.from_uri("//Alice")
    value = Account.codec.encode(FUNDS)
    with Chain(dev(), open_store(path)) as chain:
        for start in range(0, accounts, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, accounts))
            items = [(Account.key(account(number)), value) for number in numbers]
            chain.submit(chain.sign(sudo.call(system.set_storage.call(items)), alice))
            chain.produce()


def measure(path: Path, accounts: int, rounds: int) -> dict[str, float | str]:
    """Measure reopening and blocks of transfers to accounts all over the state, with signatures checked in the pool."""
    begin = time.perf_counter()
    store = open_store(path)
    chain = Chain(dev(), store)
    chain.produce()
    reopen = time.perf_counter() - begin
    keys = [Keypair.from_uri(f"//{name}") for name in ("Alice", "Bob", "Charlie", "Dave")]
    times = []
    for round_ in range(rounds):
        raws = [
            chain.sign(
                transfer_keep_alive.call(Id(account((round_ * 7919 + i * 9973) % accounts)), 10**6), key, nonce=nonce
            )
            for key in keys
            for i, nonce in enumerate(nonces(chain, key), start=keys.index(key) * TRANSFERS)
        ]
        begin = time.perf_counter()
        for raw in raws:
            chain.submit(raw)
        chain.produce()
        times.append(time.perf_counter() - begin)
    block = chain.block(chain.head.hash)
    assert block is not None, "the head is kept"
    assert len(block.body) == INHERENTS + TRANSFERS, "every transfer is in the block"
    chain.close()
    return {"reopen": reopen, "block": median(times), "peak": peak_megabytes(), "engine": store.engine}


def nonces(chain: Chain, key: Keypair) -> range:
    """Return the nonces of one key's transfers in a block."""
    first = chain.nonce(key.account)
    return range(first, first + TRANSFERS // 4)
