"""Contracts call precompiles: the contract's account is the signer, in each kind of call."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.evm import accounts, runner
from pysubtensor.runtime.pallets.evm.execution_info import CallInfo
from pysubtensor.runtime.pallets.evm.exits import Revert, Succeed
from pysubtensor.runtime.pallets.evm.precompiles.handle import address_of
from pysubtensor.runtime.pallets.evm.requests import Options, Request

from tests.runtime.pallets.evm.precompiles.frame import (
    CALL,
    CALLCODE,
    DELEGATECALL,
    STATICCALL,
    encoded,
    forwarder,
)
from tests.runtime.pallets.evm.precompiles.test_calls import ROWS, Row, dispatched
from tests.runtime.pallets.evm.precompiles.world import CALLER, HOT, NETUID, OWNER, SECOND
from tests.world import TAO, account

GAS = 10_000_000
#: The address that calls the contract.
USER = bytes.fromhex("0ddba11" + "00" * 16 + "3")


def through(ctx: Context, kind: int, index: int, data: bytes, value: int = 0, gas: int = GAS) -> CallInfo:
    """Call a precompile from the contract at the address CALLER, which another account calls as a question.

    The nonce of that account is set back afterwards.
    """
    accounts.set_code(ctx, CALLER, forwarder(kind))
    request = Request(USER, address_of(index).rjust(32, b"\0") + data, value, gas)
    info = runner.call(ctx, request, CALLER, Options(is_transactional=False))
    system.Account.remove(ctx, evm_account(USER))
    return info


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.index}.{row.signature}"[:60])
def test_a_contract_calls_a_function(ctx: Context, row: Row) -> None:
    row.before(ctx)
    accounts.set_code(ctx, CALLER, forwarder(CALL))
    error, used, changes, events = dispatched(ctx, OWNER, row.call(ctx))
    seen = len(ctx.block.events)
    data = encoded(row.signature, *row.arguments)
    answer = through(ctx, CALL, row.index, data)
    assert (ctx.state.changes(), ctx.block.events[seen:]) == (changes, events)
    if error:
        # A failed call takes all but a 64th of the gas along.
        assert isinstance(answer.exit_reason, Revert)
        assert answer.used_gas.standard > GAS * 63 // 64
    else:
        assert isinstance(answer.exit_reason, Succeed)
        assert answer.used_gas.standard == base_gas(ctx, data) + used // 40_000 + 3 * words(answer.value)


def words(data: bytes) -> int:
    return (len(data) + 31) // 32


def base_gas(ctx: Context, data: bytes) -> int:
    """Return the gas of the same call of a precompile at an address with two bytes that are not zero, less its own.

    It is measured with the precompile that returns its input (15 gas and 3 for a word), and the contract that copies
    the answer (3 for a word); the address of that one has one such byte, which is 12 gas less.
    """
    return through(ctx, CALL, 4, data).used_gas.standard - 15 - 6 * words(data) + 12


# --- other kinds of calls ----------------------------------------------------------------------------------------

STAKE = encoded("addStake(bytes32,uint256,uint256)", HOT, TAO, NETUID)
APPROVE = encoded("approve(address,uint256,uint256)", SECOND, NETUID, 5)
ALLOWANCE = encoded("allowance(address,address,uint256)", CALLER, SECOND, NETUID)
MAP = encoded("addressMapping(address)", CALLER)


def revert_text(answer: CallInfo) -> str:
    assert isinstance(answer.exit_reason, Revert)
    return answer.value[68:].rstrip(b"\0").decode()


def test_static_calls_run_views_only(ctx: Context) -> None:
    assert through(ctx, STATICCALL, 2060, MAP).value == OWNER
    text = "Can't call non-static function in static context"
    assert revert_text(through(ctx, STATICCALL, 2053, STAKE)) == text
    assert revert_text(through(ctx, STATICCALL, 2051, encoded("setMinBurn(uint16,uint64)", 0, 0))) == text


def test_the_code_of_a_precompile_runs_for_another_account(ctx: Context) -> None:
    # In CALLCODE the contract calls itself, in DELEGATECALL the user does.
    through(ctx, CALLCODE, 2053, APPROVE)
    assert int.from_bytes(through(ctx, CALL, 2053, ALLOWANCE).value, "big") == 5
    through(ctx, DELEGATECALL, 2053, APPROVE)
    of_user = encoded("allowance(address,address,uint256)", USER, SECOND, NETUID)
    assert int.from_bytes(through(ctx, CALL, 2053, of_user).value, "big") == 5
    assert isinstance(through(ctx, DELEGATECALL, 2053, STAKE).exit_reason, Revert)


def test_what_is_sent_arrives_at_the_precompile(ctx: Context) -> None:
    mint_into(ctx, evm_account(USER), 10 * TAO)
    target = account(77)
    data = encoded("transfer(bytes32)", target)
    assert isinstance(through(ctx, CALL, 2048, data, value=2 * TAO * 10**9).exit_reason, Succeed)
    assert account_data(ctx, target).free == 2 * TAO


def test_a_payable_function_keeps_what_it_is_sent(ctx: Context) -> None:
    mint_into(ctx, evm_account(USER), 10 * TAO)
    before = account_data(ctx, OWNER).free
    assert isinstance(through(ctx, CALL, 2053, STAKE, value=2 * TAO * 10**9).exit_reason, Succeed)
    assert account_data(ctx, evm_account(address_of(2053))).free == 2 * TAO
    assert account_data(ctx, OWNER).free == before - TAO


def test_others_refuse_what_they_are_sent(ctx: Context) -> None:
    mint_into(ctx, evm_account(USER), 10 * TAO)
    assert revert_text(through(ctx, CALL, 2060, MAP, value=TAO * 10**9)) == "Function is not payable"
    assert account_data(ctx, evm_account(address_of(2060))).free == 0
