"""Allowances of the staking precompile (2053), in storage outside of all pallets."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto import blake2_128, twox_128
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.staking.move import transfer_stake

from tests.runtime.pallets.evm.precompiles.frame import call_function
from tests.runtime.pallets.evm.precompiles.world import CALLER, HOT, NETUID, OTHER, OWNER, SECOND
from tests.world import TAO

APPROVE, ALLOWANCE = "approve(address,uint256,uint256)", "allowance(address,address,uint256)"
INCREASE, DECREASE = "increaseAllowance(address,uint256,uint256)", "decreaseAllowance(address,uint256,uint256)"
FROM = "transferStakeFrom(address,address,bytes32,uint256,uint256,uint256)"
MOST = 2**256 - 1


def allowed(ctx: Context, netuid: int = NETUID) -> int:
    """Return what the caller allows the second address."""
    value = call_function(ctx, 2053, ALLOWANCE, CALLER, SECOND, netuid, is_static=True).values("uint256")
    assert isinstance(value, int)
    return value


def raw_key(counter: int) -> bytes:
    """Return the storage key of the caller's allowance for the second address on the subnet."""
    second = SECOND + NETUID.to_bytes(2, "little") + counter.to_bytes(8, "little")
    parts = [twox_128(b"EvmPrecompileStaking"), twox_128(b"Allowances"), blake2_128(CALLER), CALLER]
    return b"".join([*parts, blake2_128(second), second])


def test_an_allowance_is_one_value_of_storage(ctx: Context) -> None:
    counter = storage.RegisteredSubnetCounter.get(ctx, NETUID)
    before = ctx.state.changes()
    outcome = call_function(ctx, 2053, APPROVE, SECOND, NETUID, 2**200 + 5)
    assert (outcome.exit, outcome.gas) == ("Returned", 625 + 2500)
    assert ctx.state.changes() == before | {raw_key(counter): (2**200 + 5).to_bytes(32, "little")}
    assert allowed(ctx) == 2**200 + 5
    assert call_function(ctx, 2053, APPROVE, SECOND, NETUID, 0).gas == 625 + 2500
    assert ctx.state.changes() == before


def test_another_registration_ends_it(ctx: Context) -> None:
    call_function(ctx, 2053, APPROVE, SECOND, NETUID, 5)
    storage.RegisteredSubnetCounter.mutate(ctx, NETUID, lambda count: count + 1)
    assert allowed(ctx) == 0


@pytest.mark.parametrize(
    ("signature", "amount", "expected"),
    [(INCREASE, 3, 8), (INCREASE, MOST, MOST), (DECREASE, 3, 2), (DECREASE, 5, 0), (DECREASE, MOST, 0)],
)
def test_changes_saturate(ctx: Context, signature: str, amount: int, expected: int) -> None:
    call_function(ctx, 2053, APPROVE, SECOND, NETUID, 5)
    outcome = call_function(ctx, 2053, signature, SECOND, NETUID, amount)
    assert (outcome.exit, outcome.gas, allowed(ctx)) == ("Returned", 2 * 625 + 2500, expected)
    stored = ctx.state.get(raw_key(storage.RegisteredSubnetCounter.get(ctx, NETUID)))
    assert stored == (expected.to_bytes(32, "little") if expected else None)


@pytest.mark.parametrize("signature", [INCREASE, DECREASE])
def test_a_change_by_nothing_costs_nothing(ctx: Context, signature: str) -> None:
    outcome = call_function(ctx, 2053, signature, SECOND, 2**16, 0)
    assert (outcome.exit, outcome.gas) == ("Returned", 0)


def test_stake_is_transferred_within_the_allowance(ctx: Context) -> None:
    call_function(ctx, 2053, APPROVE, SECOND, NETUID, 3 * TAO)
    arguments = CALLER, SECOND, HOT, NETUID, NETUID, 2 * TAO
    outcome = call_function(ctx, 2053, FROM, *arguments, caller=SECOND)
    weight = ctx.runtime.info(transfer_stake.call(OTHER, HOT, NETUID, NETUID, 2 * TAO)).total_weight
    assert (outcome.exit, outcome.gas) == ("Returned", 2 * 625 + 2500 + weight.ref_time // 40_000)
    stakes = [get_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, who, NETUID) for who in (OWNER, OTHER)]
    assert (stakes, allowed(ctx)) == ([4_998 * TAO, 2 * TAO], TAO)
    outcome = call_function(ctx, 2053, FROM, *arguments, caller=SECOND)
    assert (outcome.exit, outcome.revert_text, outcome.gas) == ("Reverted", "trying to spend more than allowed", 3750)


def test_a_failed_transfer_keeps_the_allowance(ctx: Context) -> None:
    call_function(ctx, 2053, APPROVE, SECOND, NETUID, MOST)
    outcome = call_function(ctx, 2053, FROM, CALLER, SECOND, HOT, NETUID, 9, TAO, caller=SECOND)
    assert outcome.exit == "dispatch execution failed: SubnetNotExists"
    assert allowed(ctx) == MOST


@pytest.mark.parametrize("signature", [APPROVE, INCREASE, DECREASE])
def test_a_subnet_is_a_u16(ctx: Context, signature: str) -> None:
    assert call_function(ctx, 2053, signature, SECOND, 2**16, 1).exit == "the value is outside of u16 bounds"
