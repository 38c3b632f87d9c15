"""`CheatChain`: the abilities of `Chain` that only a chain for tests has. The functions are in `chain.cheats`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from ...runtime.crypto import Keypair
from ..blocks import Head
from ..chain import Blockchain
from ..cheats import accounts, blocks, hyperparameters, subnets, time
from ..cheats.plain import AccountLike, Amount
from ..cheats.snapshots import Mark, Snapshot, Snapshots
from .serving import exclusively, served

if TYPE_CHECKING:
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
