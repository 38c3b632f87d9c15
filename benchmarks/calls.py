"""Calls of stake, crowdloans and limit orders in a block, each beside a transfer there: signature and fee included.

Each call is applied to the same state, whose changes are reverted, in processor time. Root calls are wrapped in Sudo.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.garbage import no_garbage_collection
from pysubtensor.genesis.presets import dev, fast
from pysubtensor.runtime import executive
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.pallets.limit_orders.declared import VersionedOrder
from pysubtensor.runtime.pallets.subtensor.storage import RootClaimable
from pysubtensor.runtime.scale import codec_of

from .harness import Figure

TAO = 10**9
ROOT, NETUID, OTHER = 0, 2, 3
TRANSFER = "a transfer"
HOT, SECOND, FRESH = "//Bob//hot", "//Charlie//hot", "//Bob//fresh"
#: Orders in one call.
ORDERS = 10


@dataclass(frozen=True)
class Case:
    """A call by its name and plain arguments, and the signer."""

    call: str
    signer: str
    arguments: dict[str, Any]


def run(small: bool) -> Iterator[Figure]:
    rounds = 1 if small else 30
    with world() as chain, block_after(chain) as ctx:
        transfer = Case("Balances.transfer_keep_alive", "//Dave", {"dest": "//Eve", "value": TAO})
        yardstick = seconds(chain, ctx, transfer, rounds)
        yield Figure(TRANSFER, 1e6 * yardstick, "µs")
        for case in cases(chain):
            taken = seconds(chain, ctx, case, rounds)
            yield Figure(case.call, 1e6 * taken, "µs", taken / yardstick, TRANSFER)


def seconds(chain: Chain, ctx: Context, case: Case, rounds: int) -> float:
    """Return the least processor time of applying a call's transaction, which must succeed."""
    call = chain.call(case.call, **case.arguments)
    if case.signer == "root":
        call = chain.call("Sudo.sudo", call=call)
    raw = chain.sign(call, "//Alice" if case.signer == "root" else case.signer)
    times = []
    for _ in range(rounds):
        mark = ctx.block.mark()
        room = ctx.block.weight, ctx.block.length
        with no_garbage_collection(), ctx.state.anchor():
            start = time.process_time()
            error = executive.apply_extrinsic(ctx, chain.runtime.decode(raw))
            times.append(time.process_time() - start)
        assert error is None, f"{case.call} failed with {error}"
        ctx.block.rewind(mark)
        ctx.block.extrinsics.pop()
        ctx.block.weight, ctx.block.length = room
    return min(times)


@contextmanager
def block_after(chain: Chain) -> Iterator[Context]:
    """Begin the next block, whose changes are reverted."""
    head = chain.context()
    with head.state.anchor():
        digest = [aura_pre_runtime(chain.query("Aura.CurrentSlot") + 1)]
        yield executive.initialize_block(chain.runtime, head.state, chain.head.number + 1, chain.head.hash, digest)


# --- the state -------------------------------------------------------------------------------------------------


@contextmanager
def world() -> Iterator[Chain]:
    """A chain with two subnets that trade, validators, stake on both and on root, locks, and crowdloans."""
    with Chain(fast(dev(start_call_delay=0, network_rate_limit=0, delegate_take_rate_limit=0))) as chain:
        do = chain.execute
        for netuid in (NETUID, OTHER):
            do("SubtensorModule.register_network", "//Alice", hotkey=f"//Alice//{netuid}")
        for netuid in (ROOT, NETUID, OTHER):
            do("SubtensorModule.start_call", "//Alice", netuid=netuid)
        for who in ("//Bob", "//Charlie"):
            do("SubtensorModule.burned_register", who, netuid=NETUID, hotkey=f"{who}//hot")
        do("SubtensorModule.root_register", "//Bob", hotkey=HOT)
        for netuid, amount in ((NETUID, 3_000), (OTHER, 100), (ROOT, 500)):
            do("SubtensorModule.add_stake", "//Bob", hotkey=HOT, netuid=netuid, amount_staked=amount * TAO)
        do("SubtensorModule.add_stake", "//Dave", hotkey=HOT, netuid=ROOT, amount_staked=500 * TAO)
        do("SubtensorModule.add_stake", "//Dave", hotkey=HOT, netuid=NETUID, amount_staked=100 * TAO)
        do("SubtensorModule.lock_stake", "//Bob", hotkey=HOT, netuid=NETUID, amount=10 * TAO)
        for who in ("//Eve", "//Ferdie"):
            do("SubtensorModule.announce_coldkey_swap", who, new_coldkey_hash=digest_of(f"{who}//new"))
        do("SubtensorModule.decrease_take", "//Bob", hotkey=HOT, take=5_000)
        # Otherwise the chain claims at the beginning of the measured block.
        do("Sudo.sudo", "//Alice", call=chain.call("SubtensorModule.sudo_set_num_root_claims", new_value=0))
        crowdloans(chain)
        chain.produce(65)  # the lease has ended, and the announced swaps may be executed or cleared
        owed = dict.fromkeys((NETUID, OTHER), 1 << 22)  # a thousandth of what is staked on root
        RootClaimable.put(chain.context(), Keypair.from_uri(HOT).public, owed)
        yield chain


def crowdloans(chain: Chain) -> None:
    """Create loans: one that has leased a subnet, one that can, one with contributions, one with its deposit alone."""
    do, cap, head = chain.execute, 20_000 * TAO, chain.head.number
    terms = {"deposit": 100 * TAO, "min_contribution": TAO, "cap": cap}
    for lease_end in (head + 71, None):
        lease = chain.call("SubtensorModule.register_leased_network", emissions_share=30, end_block=lease_end)
        do("Crowdloan.create", "//Charlie", **terms, end=head + 70, call=lease, target_address=None)
    for _ in range(2):
        do("Crowdloan.create", "//Charlie", **terms, end=head + 300, call=None, target_address="//Charlie")
    for loan, amount in ((0, cap), (1, cap), (2, 10 * TAO)):
        do("Crowdloan.contribute", "//Bob", crowdloan_id=loan, amount=amount)
    do("Crowdloan.finalize", "//Charlie", crowdloan_id=0)


def digest_of(uri: str) -> str:
    return "0x" + blake2b(Keypair.from_uri(uri).public, digest_size=32).hexdigest()


# --- the calls -------------------------------------------------------------------------------------------------


def cases(chain: Chain) -> Iterator[Case]:
    for pallet, rows in (("SubtensorModule", STAKING + KEYS), ("Crowdloan", CROWDLOANS)):
        yield from (Case(f"{pallet}.{name}", signer, arguments) for name, signer, arguments in rows)
    orders = [order(chain, number) for number in range(ORDERS)]
    yield Case("LimitOrders.execute_orders", "//Charlie", {"orders": orders, "should_fail": True})
    yield Case("LimitOrders.execute_batched_orders", "//Charlie", {"netuid": NETUID, "orders": orders})
    yield Case("LimitOrders.cancel_order", "//Dave", {"order": orders[0]["order"]})


def order(chain: Chain, number: int) -> dict[str, Any]:
    """Return an order of //Dave that buys alpha for a TAO at any price."""
    key = Keypair.from_uri("//Dave")
    terms = {
        "signer": "//Dave",
        "hotkey": HOT,
        "netuid": NETUID,
        "order_type": "LimitBuy",
        "amount": TAO + number,
        "limit_price": 2**64 - 1,
        "expiry": 2**64 - 1,
        "fee_rate": 0,
        "fee_recipient": "//Charlie",
        "relayer": None,
        "max_slippage": None,
        "chain_id": chain.query("EVMChainId.ChainId"),
        "partial_fills_enabled": False,
    }
    call = chain.call("LimitOrders.cancel_order", order={"V1": terms})
    signature = key.sign(codec_of(VersionedOrder).encode(call.args[0]))
    return {"order": {"V1": terms}, "signature": {"Sr25519": "0x" + signature.hex()}, "partial_fill": None}


Rows = list[tuple[str, str, dict[str, Any]]]
_AT: dict[str, Any] = {"hotkey": HOT, "netuid": NETUID}
_LIMIT: dict[str, Any] = {"limit_price": 1, "allow_partial": False}
_THERE: dict[str, Any] = {"origin_netuid": NETUID, "destination_netuid": NETUID, "alpha_amount": TAO}
_ACROSS: dict[str, Any] = {**_THERE, "destination_netuid": OTHER}

STAKING: Rows = [
    ("add_stake", "//Bob", {**_AT, "amount_staked": TAO}),
    ("add_stake_limit", "//Bob", {**_AT, "amount_staked": TAO, **_LIMIT, "limit_price": 10**12}),
    ("remove_stake", "//Bob", {**_AT, "amount_unstaked": TAO}),
    ("remove_stake_limit", "//Bob", {**_AT, "amount_unstaked": TAO, **_LIMIT}),
    ("remove_stake_full_limit", "//Dave", {**_AT, "limit_price": None}),
    ("unstake_all", "//Dave", {"hotkey": HOT}),
    ("unstake_all_alpha", "//Dave", {"hotkey": HOT}),
    ("move_stake", "//Bob", {"origin_hotkey": HOT, "destination_hotkey": SECOND, **_THERE}),
    ("transfer_stake", "//Bob", {"destination_coldkey": "//Dave", "hotkey": HOT, **_THERE}),
    ("swap_stake", "//Bob", {"hotkey": HOT, **_ACROSS}),
    ("swap_stake_limit", "//Bob", {"hotkey": HOT, **_ACROSS, **_LIMIT, "limit_price": 10**6}),
    ("recycle_alpha", "//Bob", {"hotkey": HOT, "amount": TAO, "netuid": NETUID}),
    ("burn_alpha", "//Bob", {"hotkey": HOT, "amount": TAO, "netuid": NETUID}),
    ("add_stake_burn", "//Alice", {**_AT, "amount": TAO, "limit": None}),
    ("set_children", "//Bob", {**_AT, "children": [[2**62, SECOND]]}),
    ("set_childkey_take", "//Bob", {**_AT, "take": 1_000}),
    ("decrease_take", "//Bob", {"hotkey": HOT, "take": 1_000}),
    ("increase_take", "//Bob", {"hotkey": HOT, "take": 9_000}),
    ("set_coldkey_auto_stake_hotkey", "//Dave", {"netuid": NETUID, "hotkey": HOT}),
    ("set_auto_parent_delegation_enabled", "//Bob", {"hotkey": HOT, "enabled": False}),
    ("claim_root", "//Dave", {"subnets": [NETUID, OTHER]}),
    ("set_root_claim_type", "//Dave", {"new_root_claim_type": "Keep"}),
    ("sudo_set_num_root_claims", "root", {"new_value": 10}),
    ("sudo_set_root_claim_threshold", "root", {"netuid": NETUID, "new_value": 1_000}),
    ("lock_stake", "//Bob", {**_AT, "amount": TAO}),
    ("move_lock", "//Bob", {"destination_hotkey": SECOND, "netuid": NETUID}),
    ("set_perpetual_lock", "//Bob", {"netuid": NETUID, "enabled": True}),
    ("set_reject_locked_alpha", "//Bob", {"enabled": True}),
]
KEYS: Rows = [
    ("swap_hotkey", "//Bob", {"hotkey": HOT, "new_hotkey": FRESH, "netuid": None}),
    ("swap_hotkey_v2", "//Bob", {"hotkey": HOT, "new_hotkey": FRESH, "netuid": NETUID, "keep_stake": False}),
    ("swap_coldkey", "root", {"old_coldkey": "//Bob", "new_coldkey": "//Bob//cold", "swap_cost": 0}),
    ("announce_coldkey_swap", "//Bob", {"new_coldkey_hash": digest_of("//Bob//cold")}),
    ("clear_coldkey_swap_announcement", "//Ferdie", {}),
    ("dispute_coldkey_swap", "//Ferdie", {}),
    ("terminate_lease", "//Charlie", {"lease_id": 0, "hotkey": SECOND}),
    ("reset_coldkey_swap", "root", {"coldkey": "//Ferdie"}),
    ("swap_coldkey_announced", "//Eve", {"new_coldkey": "//Eve//new"}),
]
CROWDLOANS: Rows = [
    (
        "create",
        "//Bob",
        {
            "deposit": 100 * TAO,
            "min_contribution": TAO,
            "cap": 200 * TAO,
            "end": 300,
            "call": None,
            "target_address": "//Bob",
        },
    ),
    ("contribute", "//Dave", {"crowdloan_id": 2, "amount": TAO}),
    ("withdraw", "//Bob", {"crowdloan_id": 2}),
    ("finalize", "//Charlie", {"crowdloan_id": 1}),
    ("refund", "//Charlie", {"crowdloan_id": 2}),
    ("dissolve", "//Charlie", {"crowdloan_id": 3}),
    ("update_min_contribution", "//Charlie", {"crowdloan_id": 2, "new_min_contribution": 2 * TAO}),
    ("update_end", "//Charlie", {"crowdloan_id": 2, "new_end": 400}),
    ("update_cap", "//Charlie", {"crowdloan_id": 2, "new_cap": 300 * TAO}),
    ("set_max_contribution", "//Charlie", {"crowdloan_id": 2, "new_max_contribution": 100 * TAO}),
]
