"""Fees in alpha: rules of the real tests of `pallets/transaction-fee`, in whole blocks with an author."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.frame.errors import Module
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.validity import Payment, Refused
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_all
from pysubtensor.runtime.pallets.subtensor.declared.events import StakeRemoved, TransactionFeePaidWithAlpha
from pysubtensor.runtime.pallets.subtensor.declared.pallet import pallet
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet as stake_of,
)
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    increase_stake_for_hotkey_and_coldkey_on_subnet as increase_stake,
)
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import register_network
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.subtensor.staking.remove import remove_stake, unstake_all
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworksAdded, SubtokenEnabled
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.system import ExtrinsicFailed, ExtrinsicSuccess
from pysubtensor.runtime.pallets.transaction_payment import TransactionFeePaid

from tests.world import ALICE, AUTHOR, BOB, TAO, Blocks, account

HOT = account(7)


@pytest.fixture
def subnet(blocks: Blocks) -> tuple[Any, int]:
    """The netuid of a subnet on which Bob has staked one TAO, with only the existential deposit left."""
    blocks.begin()
    blocks.send("Bob", register_network.call(HOT))
    ctx = blocks.ctx
    netuid = next(netuid for netuid, added in NetworksAdded.items(ctx) if added and netuid)
    SubtokenEnabled.put(ctx, netuid, True)
    blocks.send("Bob", add_stake.call(HOT, netuid, TAO))
    blocks.send("Bob", transfer_all.call(Id(ALICE), True))
    blocks.end()
    blocks.begin()
    assert account_data(blocks.ctx, BOB).free == 500
    return blocks, netuid


def test_without_tao_the_fee_is_paid_in_the_unstaked_alpha(subnet: tuple[Any, int]) -> None:
    blocks, netuid = subnet
    ctx = blocks.ctx
    stake, earned = stake_of(ctx, HOT, BOB, netuid), account_data(ctx, AUTHOR).free
    price = SubnetTAO.get(ctx, netuid) / SubnetAlphaIn.get(ctx, netuid)
    events = blocks.send("Bob", remove_stake.call(HOT, netuid, stake // 2))
    fee, paid = (
        next(event for event in events if isinstance(event, kind))
        for kind in (TransactionFeePaidWithAlpha, TransactionFeePaid)
    )
    assert events.index(fee) < events.index(paid)
    assert isinstance(events[-1], ExtrinsicSuccess)
    # The fee in rao as alpha at the price before, and sold without a fee of the pool.
    assert fee.alpha_fee == pytest.approx(paid.actual_fee / price, rel=1e-6)
    assert fee.tao_amount == pytest.approx(paid.actual_fee, rel=1e-3)
    assert (fee.who, fee.netuid) == (BOB, netuid)
    assert stake_of(ctx, HOT, BOB, netuid) == pytest.approx(stake - stake // 2 - fee.alpha_fee, abs=1)
    first, second = (event for event in events if isinstance(event, StakeRemoved))
    assert (first.alpha, first.tao, first.fee) == (fee.alpha_fee, fee.tao_amount, 0)
    assert account_data(ctx, BOB).free == 500 + second.tao
    # The author receives the fee, and the proceeds of the pool's fee on the second sale.
    assert account_data(ctx, AUTHOR).free - earned - fee.tao_amount == pytest.approx(second.fee * price, rel=0.01)
    blocks.end()


def test_all_stake_can_be_unstaked_though_the_fee_came_from_it(subnet: tuple[Any, int]) -> None:
    blocks, netuid = subnet
    events = blocks.send("Bob", remove_stake.call(HOT, netuid, stake_of(blocks.ctx, HOT, BOB, netuid)))
    assert isinstance(events[-1], ExtrinsicSuccess)
    assert stake_of(blocks.ctx, HOT, BOB, netuid) == 0
    blocks.end()


#: The calls of the real handler's list, with the names of their arguments for the stake that pays.
CALLS: dict[str, dict[str, Any]] = {
    "remove_stake": {"amount_unstaked": 10**8},
    "remove_stake_limit": {"amount_unstaked": 10**8, "limit_price": 1, "allow_partial": False},
    "remove_stake_full_limit": {"limit_price": None},
    "unstake_all": {},
    "unstake_all_alpha": {},
    "move_stake": {"destination_hotkey": account(8), "destination_netuid": 0, "alpha_amount": 10**8},
    "transfer_stake": {"destination_coldkey": ALICE, "destination_netuid": 0, "alpha_amount": 10**8},
    "swap_stake": {"destination_netuid": 0, "alpha_amount": 10**8},
    "swap_stake_limit": {"destination_netuid": 0, "alpha_amount": 10**8, "limit_price": 1, "allow_partial": False},
    "recycle_alpha": {"amount": 10**8},
    "burn_alpha": {"amount": 10**8},
}


@pytest.mark.parametrize("name", CALLS)
def test_each_call_that_takes_stake_away_may_pay_its_fee_from_it(subnet: tuple[Any, int], name: str) -> None:
    blocks, netuid = subnet
    function = next(call for call in pallet.calls.values() if call.name == name)
    place = {"hotkey": HOT, "origin_hotkey": HOT, "netuid": netuid, "origin_netuid": netuid}
    arguments = {**place, **CALLS[name]}
    before = stake_of(blocks.ctx, HOT, BOB, netuid)
    events = blocks.send("Bob", function.call(*(arguments[str(field.name)] for field in function.args)))
    fee = next(event for event in events if isinstance(event, TransactionFeePaidWithAlpha))
    assert (fee.who, fee.netuid) == (BOB, netuid)
    assert stake_of(blocks.ctx, HOT, BOB, netuid) <= before - fee.alpha_fee
    blocks.end()


def test_stake_on_several_subnets_pays_no_fee_of_a_call_for_all_of_them(subnet: tuple[Any, int]) -> None:
    blocks, netuid = subnet
    other = netuid + 1
    NetworksAdded.put(blocks.ctx, other, True)
    SubtokenEnabled.put(blocks.ctx, other, True)
    with blocks.ctx.state.anchor():
        increase_stake(blocks.ctx, HOT, BOB, other, TAO)
        with pytest.raises(Refused) as refusal:
            blocks.send("Bob", unstake_all.call(HOT))
    assert refusal.value.reason == Payment()


def test_a_failed_call_pays_its_fee_in_alpha_too(subnet: tuple[Any, int]) -> None:
    blocks, netuid = subnet
    before = stake_of(blocks.ctx, HOT, BOB, netuid)
    events = blocks.send("Bob", remove_stake.call(HOT, netuid, 1_000))
    failed = events[-1]
    assert isinstance(failed, ExtrinsicFailed)
    assert isinstance(failed.dispatch_error, Module)
    fee = next(event for event in events if isinstance(event, TransactionFeePaidWithAlpha))
    assert stake_of(blocks.ctx, HOT, BOB, netuid) == pytest.approx(before - fee.alpha_fee, abs=1)
    blocks.end()


def test_calls_that_do_not_unstake_need_tao(subnet: tuple[Any, int]) -> None:
    blocks, netuid = subnet
    with pytest.raises(Refused) as refusal:
        blocks.send("Bob", add_stake.call(HOT, netuid, TAO))
    assert refusal.value.reason == Payment()


@pytest.mark.parametrize("netuid", [0, 99])
def test_stake_worth_less_than_the_fee_does_not_pay_it(subnet: tuple[Any, int], netuid: int) -> None:
    blocks, _ = subnet
    with pytest.raises(Refused) as refusal:
        blocks.send("Bob", remove_stake.call(HOT, netuid, 1))
    assert refusal.value.reason == Payment()


def test_a_pool_that_cannot_buy_the_fee_refuses_the_call(subnet: tuple[Any, int]) -> None:
    blocks, netuid = subnet
    SubnetTAO.put(blocks.ctx, netuid, 999_999)
    SubnetAlphaIn.put(blocks.ctx, netuid, 999_999)
    before = blocks.ctx.state.changes()
    with pytest.raises(Refused) as refusal:
        blocks.send("Bob", remove_stake.call(HOT, netuid, TAO))
    assert refusal.value.reason == Payment()
    assert blocks.ctx.state.changes() == before


def test_tao_pays_when_there_is_enough(subnet: tuple[Any, int]) -> None:
    blocks, netuid = subnet
    events = blocks.send("Alice", remove_stake.call(HOT, netuid, TAO))
    assert not any(isinstance(event, TransactionFeePaidWithAlpha) for event in events)
    blocks.end()
