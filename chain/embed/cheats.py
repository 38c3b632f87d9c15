"""`CheatChain`: the abilities of `Chain` that only a chain for tests has. The functions are in `chain.cheats`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ...runtime.crypto import Keypair
from ...runtime.frame.call import Call
from ..arguments import AccountLike, Amount
from ..blocks import Head
from ..chain import Blockchain
from ..cheats import accounts, blocks, hyperparameters, storage, subnets, time
from ..cheats.impersonation import ActingKey, acting_key
from ..cheats.snapshots import Mark, Snapshot, Snapshots
from ..cheats.storage import UNSET
from ..cheats.waiving import Waiver
from .serving import exclusively, served

# What only some tests need is imported in its method, so that others do not wait for it.
if TYPE_CHECKING:
    from ..cheats.dry_run import DryRun
    from ..cheats.trace import Trace
    from ..rpc.server import Running


class CheatChain(Blockchain):
    """A chain that can go back, and whose state can be edited between blocks.

    An edit is in the state at once, without a block, and becomes part of the next block; states after earlier blocks
    stay as they were. Each method raises ChainError for invalid arguments, and where the chain's rules refuse the edit.
    """

    # --- going back ----------------------------------------------------------------------------------------

    @contextmanager
    def anchor(self) -> Iterator[Self]:
        """Revert everything that happens inside: blocks (any number of them), state, pool and clock.

        Closing the chain inside reverts its blocks and state, too. An anchor that ends before anchors inside it reverts
        their blocks as well; their own ends then change nothing.
        """
        self.require_open()
        mark = exclusively(self, lambda: Mark(self, firm=True))
        try:
            yield self
        finally:
            exclusively(self, mark.end)

    def snapshot(self, label: str = "") -> int:
        """Return the id of a snapshot of blocks, state, pool and clock, to which `revert` goes back at any length."""
        return Snapshots.of(self).take(label)

    def revert(self, snapshot: int, *, keep: bool = False) -> Head:
        """Go back to a snapshot, which ends it (unless `keep`) and all later ones; return the head."""
        return Snapshots.of(self).revert(snapshot, keep)

    def snapshots(self) -> list[Snapshot]:
        """Return the snapshots to which the chain can go back, in their order."""
        return Snapshots.of(self).list()

    def drop_snapshot(self, snapshot: int) -> None:
        """End a snapshot without going back to it, so that the chain no longer keeps everything since."""
        Snapshots.of(self).drop(snapshot)

    def dump(self, path: Path | str) -> Path:
        """Write the whole chain into one file (blocks, states, edits, clock, pool), and return its path.

        Equal chains give equal files. `load` makes the chain again.
        """
        from ..cheats.dump import dump

        return dump(self, Path(path))

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Return the chain in a file of `dump`; ChainError if it is none, or is not whole."""
        from ..cheats.dump import read_dump, resubmit

        dumped = read_dump(Path(path))
        chain = cls(dumped.config, dumped.store, dumped.clock)
        resubmit(chain, dumped.pool)
        return chain

    # --- serving -------------------------------------------------------------------------------------------

    @contextmanager
    def serve(self, host: str | None = None, port: int = 0, *, sealing: str = "instant") -> Iterator[Running]:
        """Serve this chain to clients at the `url` of what is yielded, from a thread of its own; port 0: a free one.

        `sealing` says who makes blocks: "instant" the server, as soon as a transaction is ready; "manual" a client;
        "embedded" this program. Use the chain as before meanwhile: its methods wait for their turn between requests.
        """
        with served(self, host, port, sealing) as server:
            yield server

    # --- accounts and subnets ------------------------------------------------------------------------------

    def fund(self, account: AccountLike, amount: Amount) -> int:
        """Add an amount (rao, or "1.5tao") to an account's free balance, and return that balance in rao."""
        return accounts.fund(self, account, amount)

    def set_balance(self, account: AccountLike, amount: Amount) -> int:
        """Let an account's free balance be this amount (rao, or "1.5tao"), and return it; 0 removes the account."""
        return accounts.set_balance(self, account, amount)

    def set_stake(self, netuid: Any, hotkey: AccountLike, coldkey: AccountLike, alpha: Amount) -> int:
        """Let a coldkey have this stake on a hotkey, in billionths of an alpha (on root: rao), and return what it has.

        The alpha comes from nothing, or is burned, and no price moves. Rounding may leave 1 less.
        """
        return subnets.set_stake(self, netuid, hotkey, coldkey, alpha)

    def as_account(self, account: AccountLike) -> ActingKey:
        """Return a key that signs for any account, without its secret: pass it as the signer of transactions.

        The account may act so from now on; `with chain.as_account(…) as key:` ends that.
        """
        return acting_key(self, account)

    def waive(self, *kinds: str) -> Waiver:
        """Let limits not hold: "rate limits", "freeze window" (before epochs), "start delay" (of subnets).

        They hold again after `with chain.waive(…):`; without `with` they do not until the end of an anchor around it.
        """
        return Waiver(self, kinds)

    def subnet(
        self,
        owner: str | Keypair = "//Owner",
        validators: subnets.Parties = 1,
        miners: subnets.Parties = 1,
        stake: Amount = subnets.STAKE,
        **hyperparameters: Any,
    ) -> subnets.Subnet:
        """Make a subnet with neurons, through the real calls without their costs and limits; no block is made.

        Validators and miners are coldkeys, or how many there are: `//Validator1`, `//Miner1` and so on. The hotkey of
        `//Bob` is `//Bob//hot`. Each validator buys alpha for `stake` and has a permit, so that it can set weights at
        once. `hyperparameters` are set as by root, such as `tempo=5`; by default weights are set directly, without
        commit and reveal and without a rate limit.
        """
        return subnets.make_subnet(self, owner, validators, miners, stake, **hyperparameters)

    def set_hyperparameters(self, netuid: Any, **values: Any) -> dict[str, Any]:
        """Set parameters of a subnet by name, as root and at any time; return the former values."""
        return hyperparameters.set_hyperparameters(self, netuid, values)

    # --- storage -------------------------------------------------------------------------------------------

    def set_storage(self, name: str | Mapping[str, Any] | Sequence[Any], *keys: Any, value: Any = UNSET) -> None:
        """Write a storage item, `Pallet.Item`, under plain keys; None removes it, a mapping changes only its fields.

        Or many at once: `{"System": {"Account": [[["//Bob"], {"data": {"free": 5}}]]}}`, or pairs of key and value in
        hex. These writes are raw: whether the state still makes sense is up to you.
        """
        storage.set_any(self, name, keys, value)

    def mutate(self, name: str, *keys: Any, by: Callable[[Any], Any]) -> Any:
        """Replace the value of a storage item by what a function returns for it, and return the new value."""
        return storage.mutate_item(self, name, keys, by)

    def editable(self, name: str, *keys: Any) -> AbstractContextManager[Any]:
        """Yield a record of the storage, whose fields can be set, and write it at the end of the `with` block.

        with chain.editable("System.Account", "//Bob") as account:
            account.data.free -= 5
        """
        return storage.editable(self, name, keys)

    # --- looking into calls --------------------------------------------------------------------------------

    def dry_run(self, call: Call, account: AccountLike | None, at: Any = None) -> DryRun:
        """Return what a call by any account would do, or by root for None: events, fee, error, changes by item.

        It is as in the block after `at` (a hash or number; the head by default). Nothing changes.
        """
        from ..cheats.dry_run import dry_run

        return dry_run(self, call, account, at)

    def trace(self, what: Any) -> Trace:
        """Return what a block (its hash or number) or the block of a Receipt read and wrote, step by step."""
        from ..cheats.trace import trace_block

        return trace_block(self, getattr(what, "block_hash", what))

    # --- blocks --------------------------------------------------------------------------------------------

    def travel(
        self, to: int | datetime | None = None, *, ms: int = 0, seconds: int = 0, hours: int = 0, days: int = 0
    ) -> int:
        """Let the next block be later, and return its time in milliseconds since 1970.

        `to` is its time (as a date, or in those milliseconds), else it is that long after the head's. The blocks after
        it follow by the time of a block each.
        """
        return time.travel(self, to, ms + 1_000 * (seconds + 3_600 * (hours + 24 * days)))

    def next_epoch(self, netuid: Any, count: int = 1) -> Head:
        """Make blocks until the subnet has had its next epoch (or `count` of them), and return the head."""
        return blocks.next_epoch(self, netuid, count)
