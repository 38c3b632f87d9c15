"""Subnets with neurons for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...consensus.integers import U16_MAX
from ...genesis.accounts import ACCOUNTS
from ...runtime.client.leaves import is_integer
from ...runtime.crypto import Keypair
from ...runtime.edits import subnets as edits
from ...runtime.frame.context import Context
from ..arguments import AccountLike, Amount, account_of, netuid_of, rao_of
from ..chain import Blockchain
from ..errors import ChainError
from .editing import editing
from .hyperparameters import set_parameters
from .keys import keypair

#: Neurons to make: how many, or their coldkeys.
Parties = int | Sequence[str | Keypair]

#: Stake of a validator, in rao.
STAKE = 1_000 * 10**9
#: What a subnet for tests has instead of the chain's defaults: weights are set directly, and as often as one likes.
DIRECT_WEIGHTS = {"commit_reveal_weights_enabled": False, "weights_set_rate_limit": 0}


@dataclass(frozen=True, slots=True)
class Neuron:
    """A neuron of a subnet for tests, with its keys."""

    uid: int
    coldkey: Keypair
    hotkey: Keypair


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet for tests: its owner, whose hotkey has uid 0, then validators and miners, in the order of their uids."""

    netuid: int
    owner: Neuron
    validators: tuple[Neuron, ...]
    miners: tuple[Neuron, ...]

    @property
    def neurons(self) -> tuple[Neuron, ...]:
        """All neurons by uid."""
        return (self.owner, *self.validators, *self.miners)


def make_subnet(
    chain: Blockchain,
    owner: str | Keypair = "//Owner",
    validators: Parties = 1,
    miners: Parties = 1,
    stake: Amount = STAKE,
    **hyperparameters: Any,
) -> Subnet:
    """Register and start a subnet with neurons, through the real calls, and return it; no block is made.

    No account pays, and no limit holds. Validators and miners are coldkeys, or how many there are: `//Validator1`,
    `//Miner1` and so on. The hotkey of `//Bob` is `//Bob//hot`. Each validator buys alpha for `stake` at the market
    price, and gets a permit, so that it can set weights at once. `hyperparameters` are set as by root; by default
    weights are set directly (not by commit and reveal) and without a rate limit.
    """
    staked, parties = rao_of(stake, "stake"), (_keys(validators, "Validator"), _keys(miners, "Miner"))
    pairs = [_with_hotkey(owner, "owner"), *[_with_hotkey(key, "neuron") for keys in parties for key in keys]]
    with editing(chain) as ctx:
        neurons = _register(ctx, pairs)
        netuid, count = neurons[0][0], 1 + len(parties[0])
        set_parameters(chain, ctx, netuid, DIRECT_WEIGHTS | hyperparameters)
        for _, neuron in neurons[1:count]:
            if staked:
                edits.buy_stake(ctx, netuid, neuron.hotkey.account, neuron.coldkey.account, staked)
        edits.grant_permits(ctx, netuid)
    made = tuple(neuron for _, neuron in neurons)
    return Subnet(netuid, made[0], made[1:count], made[count:])


def _register(ctx: Context, pairs: Sequence[tuple[Keypair, Keypair]]) -> list[tuple[int, Neuron]]:
    """Register a subnet by the first pair of keys, and neurons by the others."""
    owner, hotkey = pairs[0]
    netuid = edits.register_subnet(ctx, owner.account, hotkey.account)
    neurons = [(netuid, Neuron(0, owner, hotkey))]
    for coldkey, hotkey in pairs[1:]:
        uid = edits.register_neuron(ctx, netuid, hotkey.account, coldkey.account)
        neurons.append((netuid, Neuron(uid, coldkey, hotkey)))
    return neurons


def _keys(parties: Any, role: str) -> list[Any]:
    if is_integer(parties) and 0 <= parties <= U16_MAX:
        return [f"//{role}{number}" for number in range(1, int(parties) + 1)]
    if not isinstance(parties, list | tuple):
        wanted = f"how many {role.lower()}s there are, up to {U16_MAX}, or a list of their keys"
        raise ChainError(f"expected {wanted}, got {parties!r:.60}")
    return list(parties)


def _with_hotkey(key: str | Keypair, what: str) -> tuple[Keypair, Keypair]:
    """Return a coldkey and its hotkey: that of its URI with `//hot`; a key without a URI is both."""
    if isinstance(key, Keypair):
        return key, key
    if not isinstance(key, str):
        raise ChainError(f'expected the {what} as a Keypair, or as a secret URI such as "//Bob", got {key!r:.60}')
    name = key.capitalize()
    uri = f"//{name}" if name in ACCOUNTS else key
    return keypair(uri), keypair(f"{uri}//hot")


def register_subnet(chain: Blockchain, owner: AccountLike, hotkey: AccountLike, **hyperparameters: Any) -> int:
    """Register and start a subnet without price and limits, and return its netuid; `hotkey` is its first neuron."""
    with editing(chain) as ctx:
        netuid = edits.register_subnet(ctx, account_of(owner, "owner"), account_of(hotkey, "hotkey"))
        set_parameters(chain, ctx, netuid, hyperparameters)
        return netuid


def set_stake(chain: Blockchain, netuid: Any, hotkey: AccountLike, coldkey: AccountLike, amount: Amount) -> int:
    """Let a coldkey have this stake on a hotkey, in billionths of an alpha (on root in rao), and return what it has."""
    with editing(chain) as ctx:
        accounts = account_of(hotkey, "hotkey"), account_of(coldkey, "coldkey")
        return edits.set_stake(ctx, netuid_of(netuid), *accounts, rao_of(amount))


def register_neuron(chain: Blockchain, netuid: Any, hotkey: AccountLike, coldkey: AccountLike) -> int:
    """Register a hotkey on a subnet without the price, and return its uid."""
    with editing(chain) as ctx:
        return edits.register_neuron(
            ctx, netuid_of(netuid), account_of(hotkey, "hotkey"), account_of(coldkey, "coldkey")
        )
