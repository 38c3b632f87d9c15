"""Gas that other implementations are known to use: Frontier's own tests, and EELS for the loop."""

from __future__ import annotations

from pysubtensor.runtime.pallets.evm import accounts
from pysubtensor.runtime.pallets.evm.exits import RETURNED, STOPPED, Succeed

from .conftest import ALICE_ADDRESS, OTHER, QUESTION, TRANSACTION, World, op, push
from .contracts import INVALID_OPCODE, TEST

#: What an estimate begins with: ten times a block's gas.
HIGHEST = 750_000_000


def test_the_deployment_of_frontiers_test_contract_costs_what_frontier_says(world: World) -> None:
    assert world.create(TEST).used_gas.standard == 189_139


def test_an_access_list_with_one_slot_costs_4300_gas_more(world: World) -> None:
    listed = [(OTHER, [bytes(32)])]
    assert world.create(TEST, access_list=listed).used_gas.standard == 189_139 + 4_300


def test_a_transfer_costs_21000_gas(world: World) -> None:
    info = world.call(OTHER, value=10**18, gas_limit=21_000, options=TRANSACTION)
    assert (info.exit_reason, info.used_gas.standard) == (STOPPED, 21_000)
    assert world.rao(OTHER) == 10**9


def succeeds(world: World, target: bytes, gas: int) -> bool:
    with world.ctx.state.anchor():
        info = world.call(target, bytes.fromhex("28b5e32b"), gas_limit=gas, max_fee=None)
        return isinstance(info.exit_reason, Succeed)


def test_frontiers_search_for_a_gas_limit_ends_at_its_answer(world: World) -> None:
    """The client's search: from three times the used gas, until a step is less than a tenth."""
    target = world.create(INVALID_OPCODE).value
    with world.ctx.state.anchor():
        used = world.call(target, bytes.fromhex("28b5e32b"), gas_limit=HIGHEST, max_fee=None).used_gas.standard
    assert used == 43_323
    lowest, highest, middle, previous = 21_000, HIGHEST, min(3 * used, (HIGHEST + 21_000) // 2), HIGHEST
    while highest - lowest > 1:
        if succeeds(world, target, middle):
            highest = middle
            if (previous - highest) * 10 // previous < 1:
                break
            previous = highest
        else:
            lowest = middle
        middle = (highest + lowest) // 2
    assert highest == 85_699


def test_ten_thousand_turns_of_a_loop_cost_what_eels_says(world: World) -> None:
    """EELS, Ethereum's executable specification, uses 260,003 gas without the transaction's 21,000."""
    code = push(10_000) + op(0x5B) + push(1) + op(0x90, 0x03, 0x80) + push(3) + op(0x57)
    info = world.run(code, options=QUESTION)
    assert (info.exit_reason, info.used_gas.standard) == (STOPPED, 281_003)


def test_a_deployed_contract_returns_what_it_stored(world: World) -> None:
    info = world.create(INVALID_OPCODE)
    assert info.exit_reason == RETURNED
    world.call(info.value, bytes.fromhex("28b5e32b"), options=TRANSACTION)
    answer = world.call(info.value, bytes.fromhex("8381f58a"))
    assert int.from_bytes(answer.value, "big") == 1
    assert accounts.account_nonce(world.ctx, ALICE_ADDRESS) == 3
