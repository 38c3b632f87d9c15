"""Runtime APIs about stake: delegates, available and locked stake; scenarios of the real tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pysubtensor.consensus.fixed import U64F64
from pysubtensor.runtime.apis import delegate_info, stake_info
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.runtime_api import RuntimeApi
from pysubtensor.runtime.pallets import swap
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import (
    get_stake_for_hotkey_and_coldkey_on_subnet,
    increase_stake_for_hotkey_and_coldkey_on_subnet,
    increase_stake_for_hotkey_on_subnet,
)
from pysubtensor.runtime.pallets.subtensor.staking.conviction import do_lock_stake
from pysubtensor.runtime.pallets.subtensor.storage import neurons
from pysubtensor.runtime.pallets.subtensor.storage.delegation import Delegates
from pysubtensor.runtime.pallets.subtensor.storage.locks import DecayingLock
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetMechanism, SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.staking import Alpha, AlphaDividendsPerSubnet
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_all_subnet_netuids
from pysubtensor.runtime.pallets.subtensor.views.delegate_info import return_per_1000_tao

from tests.world import TAO, AddNetwork, AddNeuron, GoTo, account

STAKES, DELEGATES = stake_info.api, delegate_info.api
HOT_A, HOT_B = account(2), account(4)
COLD_A, COLD_B, NOMINATOR = account(1), account(3), account(9)


def ask(ctx: Context, api: RuntimeApi, name: str, *arguments: Any) -> Any:
    """Return the result of a method, with encoded arguments and result."""
    method = api.methods[name]
    encoded = b"".join(field.codec.encode(value) for field, value in zip(method.inputs, arguments, strict=True))
    return method.output.decode(method.answer(ctx, encoded))


@pytest.fixture
def subnets(ctx: Context, add_network: AddNetwork, add_neuron: AddNeuron) -> tuple[int, int]:
    """Root, and subnets 1 and 2 of a tempo of 360. Hotkey A is on both with 100 alpha each, B on 2 with 50 alpha."""
    for netuid in (0, 1, 2):
        add_network(netuid, 360)
    add_neuron(1, HOT_A, COLD_A, stake=100 * TAO)
    add_neuron(2, HOT_A, COLD_A, stake=100 * TAO)
    add_neuron(2, HOT_B, COLD_B, stake=50 * TAO)
    return 1, 2


# --- stake -------------------------------------------------------------------------------------------------------


def test_stake_is_listed_by_subnet_and_hotkey_with_the_hotkeys_dividends(
    ctx: Context, subnets: tuple[int, int]
) -> None:
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT_B, COLD_A, 2, 5 * TAO)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT_B, COLD_A, 1, 7 * TAO)
    AlphaDividendsPerSubnet.put(ctx, 2, HOT_B, 42)
    infos = ask(ctx, STAKES, "get_stake_info_for_coldkey", COLD_A)
    rows = [(info.netuid, info.hotkey, info.stake, info.emission, info.is_registered) for info in infos]
    assert rows == [
        (1, HOT_A, 100 * TAO, 0, True),
        (1, HOT_B, 7 * TAO, 0, False),
        (2, HOT_A, 100 * TAO, 0, True),
        (2, HOT_B, 5 * TAO, 42, True),
    ]
    assert all((info.coldkey, info.locked, info.tao_emission, info.drain) == (COLD_A, 0, 0, 0) for info in infos)


def test_stake_of_several_coldkeys_is_in_the_order_of_the_query(ctx: Context, subnets: tuple[int, int]) -> None:
    answer = ask(ctx, STAKES, "get_stake_info_for_coldkeys", [COLD_B, NOMINATOR, COLD_A])
    assert [(coldkey, len(infos)) for coldkey, infos in answer] == [(COLD_B, 1), (NOMINATOR, 0), (COLD_A, 2)]
    assert ask(ctx, STAKES, "get_stake_info_for_coldkeys", []) == []


def test_stake_of_a_position_is_returned_even_if_zero(ctx: Context, subnets: tuple[int, int]) -> None:
    info = ask(ctx, STAKES, "get_stake_info_for_hotkey_coldkey_netuid", HOT_B, COLD_A, 77)
    assert (info.stake, info.netuid, info.is_registered) == (0, 77, False)


def test_a_move_costs_the_destinations_fee_and_nothing_to_itself(ctx: Context, subnets: tuple[int, int]) -> None:
    SubnetMechanism.put(ctx, 1, 1)
    SubnetMechanism.put(ctx, 2, 1)
    swap.FeeRate.put(ctx, 2, 655)
    here, there = (HOT_A, 1), (HOT_A, 2)

    def fee(origin: tuple[bytes, int] | None, destination: tuple[bytes, int] | None) -> int:
        return int(ask(ctx, STAKES, "get_stake_fee", origin, COLD_A, destination, COLD_A, 10**12))

    assert fee(here, here) == fee(None, None) == 0
    at_1, at_2 = (swap.approx_fee_amount(ctx, netuid, 10**12) for netuid in (1, 2))
    assert at_1 != at_2 == 10**12 * 655 // 65535
    assert (fee(here, there), fee(there, here)) == (at_2, at_1)
    assert (fee(here, None), fee(None, there)) == (at_1, at_2)


# --- what is free ------------------------------------------------------------------------------------------------


def availability(ctx: Context, coldkeys: list[bytes], netuids: list[int] | None) -> dict[bytes, dict[int, Any]]:
    found: dict[bytes, dict[int, Any]] = ask(ctx, STAKES, "get_stake_availability_for_coldkeys", coldkeys, netuids)
    return {
        coldkey: {netuid: (row.total, row.locked, row.available) for netuid, row in rows.items()}
        for coldkey, rows in found.items()
    }


def test_an_empty_query_has_an_empty_result(ctx: Context, subnets: tuple[int, int]) -> None:
    assert availability(ctx, [], None) == {}


def test_a_query_without_subnets_has_no_stake(ctx: Context, subnets: tuple[int, int]) -> None:
    assert availability(ctx, [COLD_A], []) == {COLD_A: {}}


def test_subnets_without_stake_and_lock_are_left_out(ctx: Context, subnets: tuple[int, int]) -> None:
    assert availability(ctx, [COLD_B], [1, 2]) == {COLD_B: {2: (50 * TAO, 0, 50 * TAO)}}


def test_without_netuids_all_subnets_are_included(ctx: Context, subnets: tuple[int, int]) -> None:
    whole = (100 * TAO, 0, 100 * TAO)
    assert availability(ctx, [COLD_A], None) == {COLD_A: {1: whole, 2: whole}}


def test_subnets_named_twice_count_once_and_missing_ones_not_at_all(ctx: Context, subnets: tuple[int, int]) -> None:
    assert availability(ctx, [COLD_A], [2, 2, 99, 2]) == {COLD_A: {2: (100 * TAO, 0, 100 * TAO)}}


def test_too_many_netuids_have_no_result(ctx: Context, subnets: tuple[int, int]) -> None:
    count = len(get_all_subnet_netuids(ctx))
    assert availability(ctx, [COLD_A], list(range(count + 1))) == {COLD_A: {}}
    assert availability(ctx, [COLD_A], list(range(count)))[COLD_A].keys() == {1, 2}


def test_locked_stake_is_not_available(ctx: Context, subnets: tuple[int, int]) -> None:
    do_lock_stake(ctx, COLD_A, 1, HOT_A, 40 * TAO)
    assert availability(ctx, [COLD_A], [1]) == {COLD_A: {1: (100 * TAO, 40 * TAO, 60 * TAO)}}


def test_a_lock_is_rolled_forward_to_the_present_block(ctx: Context, subnets: tuple[int, int], go_to: GoTo) -> None:
    do_lock_stake(ctx, COLD_A, 1, HOT_A, 40 * TAO)
    go_to(1001)
    total, locked, available = availability(ctx, [COLD_A], [1])[COLD_A][1]
    # 40 alpha times e^(-1000 / 934866).
    assert locked == pytest.approx(39_957_236_000, rel=1e-5)
    assert (total, available) == (100 * TAO, 100 * TAO - locked)
    lock = ask(ctx, STAKES, "get_coldkey_lock", COLD_A, 1)
    assert (lock.locked_mass, lock.last_update) == (locked, 1001)
    assert lock.conviction > 0


# --- conviction --------------------------------------------------------------------------------------------------


def test_without_a_lock_there_is_no_conviction_and_no_king(ctx: Context, subnets: tuple[int, int]) -> None:
    assert ask(ctx, STAKES, "get_coldkey_lock", COLD_A, 1) is None
    assert ask(ctx, STAKES, "get_hotkey_conviction", HOT_A, 1) == 0
    assert ask(ctx, STAKES, "get_most_convicted_hotkey_on_subnet", 1) is None


def test_the_hotkey_of_the_greatest_conviction_is_king(ctx: Context, subnets: tuple[int, int], go_to: GoTo) -> None:
    do_lock_stake(ctx, COLD_A, 2, HOT_A, 8000)
    do_lock_stake(ctx, COLD_B, 2, HOT_B, 2000)
    DecayingLock.put(ctx, COLD_B, 2, False)
    go_to(501)
    convictions = [ask(ctx, STAKES, "get_hotkey_conviction", hotkey, 2) for hotkey in (HOT_A, HOT_B)]
    assert convictions[0] > convictions[1] > 0
    assert ask(ctx, STAKES, "get_most_convicted_hotkey_on_subnet", 2) == HOT_A


def test_locks_to_the_owners_hotkey_have_their_whole_mass_as_conviction(
    ctx: Context, subnets: tuple[int, int], go_to: GoTo
) -> None:
    SubnetOwnerHotkey.put(ctx, 2, HOT_B)
    DecayingLock.put(ctx, COLD_B, 2, False)
    do_lock_stake(ctx, COLD_A, 2, HOT_A, 8000)
    do_lock_stake(ctx, COLD_B, 2, HOT_B, 2000)
    go_to(501)
    assert ask(ctx, STAKES, "get_hotkey_conviction", HOT_B, 2) == 2000 << 64
    assert ask(ctx, STAKES, "get_most_convicted_hotkey_on_subnet", 2) == HOT_B


# --- delegates ---------------------------------------------------------------------------------------------------


def test_the_return_per_thousand_is_after_the_take() -> None:
    """10,000 TAO of stake that earn 1,000 TAO a day, at a take of 18%: 82 TAO."""
    take = int(0.18 * 65535)
    returned = return_per_1000_tao(take, U64F64.from_int(10_000 * TAO), U64F64.from_int(1000 * TAO))
    assert U64F64.to_int(returned, 64) == pytest.approx(82 * TAO, abs=500_000)
    assert return_per_1000_tao(take, 0, U64F64.from_int(1000 * TAO)) == 0


def test_a_delegate_has_its_nominators_subnets_and_returns(ctx: Context, subnets: tuple[int, int]) -> None:
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT_A, NOMINATOR, 2, 300 * TAO)
    increase_stake_for_hotkey_on_subnet(ctx, HOT_A, 2, 40 * TAO)
    Delegates.put(ctx, HOT_A, 11_796)
    neurons.Emission.put(ctx, 1, np.array([3 * TAO], np.uint64))
    neurons.ValidatorPermit.put(ctx, 2, np.array([True, False]))
    delegate = ask(ctx, DELEGATES, "get_delegate", HOT_A)
    assert (delegate.delegate_ss58, delegate.owner_ss58, delegate.take) == (HOT_A, COLD_A, 11_796)
    assert delegate.nominators == [
        (COLD_A, [(1, 100 * TAO), (2, 110 * TAO)]),
        (NOMINATOR, [(2, 330 * TAO)]),
    ]
    assert (delegate.registrations, delegate.validator_permits) == ([1, 2], [2])
    assert delegate.total_daily_return == 3 * TAO * 7200 // 360
    assert delegate.return_per_1000 == 0  # nothing on root
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT_A, COLD_A, 0, 2000 * TAO)
    with_root = ask(ctx, DELEGATES, "get_delegate", HOT_A)
    assert with_root.return_per_1000 == pytest.approx(30 * TAO * (1 - 11_796 / 65_535), abs=2)
    assert ask(ctx, DELEGATES, "get_delegate", HOT_B) is None
    assert [each.delegate_ss58 for each in ask(ctx, DELEGATES, "get_delegates")] == [HOT_A]


def test_nominators_use_the_pool_at_the_index_of_their_netuid(
    ctx: Context, subnets: tuple[int, int], add_network: AddNetwork, add_neuron: AddNeuron
) -> None:
    """An error of the chain: if netuid 3 is free, the fourth subnet has netuid 4, and there is no pool at index 4."""
    add_network(4, 360)
    add_neuron(4, HOT_A, COLD_A, stake=7 * TAO)
    Delegates.put(ctx, HOT_A, 0)
    delegate = ask(ctx, DELEGATES, "get_delegate", HOT_A)
    assert delegate.nominators == [(COLD_A, [(1, 100 * TAO), (2, 100 * TAO)])]


def test_a_coldkeys_delegates_include_its_own_stake_only(ctx: Context, subnets: tuple[int, int]) -> None:
    for hotkey in (HOT_A, HOT_B):
        Delegates.put(ctx, hotkey, 0)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT_A, NOMINATOR, 1, TAO)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT_A, NOMINATOR, 2, 2 * TAO)
    increase_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT_B, NOMINATOR, 2, 3 * TAO)
    answer = ask(ctx, DELEGATES, "get_delegated", NOMINATOR)
    found = {(info.delegate_ss58, netuid): stake for info, (netuid, stake) in answer}
    assert found == {(HOT_A, 1): TAO, (HOT_A, 2): 2 * TAO, (HOT_B, 2): 3 * TAO}
    for (hotkey, netuid), stake in found.items():
        assert stake == get_stake_for_hotkey_and_coldkey_on_subnet(ctx, hotkey, NOMINATOR, netuid)
    assert all(info.nominators == [] for info, _ in answer)
    assert ask(ctx, DELEGATES, "get_delegated", bytes(32)) == []


def test_former_shares_count_until_new_ones_are_written(ctx: Context, subnets: tuple[int, int]) -> None:
    Delegates.put(ctx, HOT_A, 0)
    # A tenth of the hundred shares of the pool, in the former format.
    Alpha.put(ctx, (HOT_A, NOMINATOR, 1), 10 * TAO << 64)
    delegate = ask(ctx, DELEGATES, "get_delegate", HOT_A)
    assert dict(delegate.nominators)[NOMINATOR] == [(1, 10 * TAO)]
    Alpha.put(ctx, (HOT_A, COLD_A, 1), 1 << 64)
    again = ask(ctx, DELEGATES, "get_delegate", HOT_A)
    assert dict(again.nominators)[COLD_A][0] == (1, 100 * TAO)
