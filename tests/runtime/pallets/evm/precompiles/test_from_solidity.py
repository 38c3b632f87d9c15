"""Every function of the precompiles, called by a contract in Solidity: by `eth_call`, and in a transaction.

The contracts are compiled by solc (`solidity.py`); they stand at the address CALLER, whose account owns a subnet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pysubtensor.runtime.apis import ethereum as api
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.evm import accounts, runner
from pysubtensor.runtime.pallets.evm.execution_info import CallInfo
from pysubtensor.runtime.pallets.evm.exits import Revert, Succeed
from pysubtensor.runtime.pallets.evm.precompiles.handle import address_of
from pysubtensor.runtime.pallets.evm.precompiles.table import PRECOMPILES, Precompile
from pysubtensor.runtime.pallets.system import remark
from pysubtensor.runtime.scale.types import Ok

from tests.runtime.pallets.evm.precompiles.frame import call_function, encoded
from tests.runtime.pallets.evm.precompiles.solidity import GENUINE, source
from tests.runtime.pallets.evm.precompiles.test_calls import ROWS, Row, dispatched
from tests.runtime.pallets.evm.precompiles.world import (
    BLOCK,
    CALLER,
    CAP,
    DEPOSIT,
    HOT,
    LEASED,
    NETUID,
    OPEN,
    OTHER,
    OTHER_HOT,
    OWNER,
    SECOND,
)
from tests.vectors import load
from tests.world import TAO

GAS, PER_GAS, WEI = 12_000_000, 40_000, 10**9
#: The address that calls the contracts.
USER = bytes.fromhex("0ddba11" + "00" * 16 + "3")
CODES = {int(index): bytes.fromhex(code) for index, code in load("ethereum/callers")["codes"].items()}
#: Arguments by their names, where a function has no others.
BY_NAME: dict[str, Any] = {
    "netuid": NETUID,
    "uid": 1,
    "hotkey": HOT,
    "coldkey": OWNER,
    "address": HOT,
    "delegate": HOT,
    "accountId": OWNER,
    "contributor": OTHER,
    "spenderAddress": SECOND,
    "sourceAddress": CALLER,
    "targetAddress": SECOND,
    "evmAddress": CALLER,
    "originNetuid": NETUID,
    "limit": 10,
    "tao": TAO,
    "alpha": TAO,
    "crowdloanId": OPEN,
    "leaseId": 0,
    "minBurn": TAO,
    "maxBurn": TAO,
    "weightsSetRateLimit": 5,
    "amountAlpha": TAO,
    "amountAlphaIncrease": TAO,
    "amountAlphaDecrease": TAO,
}
APPROVE = "approve(address,uint256,uint256)"
TRANSFER_FROM = "transferStakeFrom(address,address,bytes32,uint256,uint256,uint256)"
OTHERS: dict[str, list[Any]] = {
    TRANSFER_FROM: [SECOND, CALLER, OTHER_HOT, NETUID, NETUID, TAO],
    "getLeaseIdForSubnet(uint16)": [LEASED],
    "createLeaseCrowdloan(uint64,uint64,uint64,uint32,uint8,bool,uint32)": [
        *(DEPOSIT, TAO, CAP, BLOCK + 60_000, 50, True, BLOCK + 90_000)
    ],
    "killPureProxy(bytes32,uint8,uint16,uint32,uint32)": [OWNER, 0, 5, BLOCK, 1],
    "proxyCall(bytes32,uint8[],uint8[])": [OTHER, [0, 99], list(remark.call(b"").encode())],
}
#: What has to happen before, by the name of the function.
BEFORE: dict[str, tuple[str, list[Any], bytes]] = {
    "removeProxy(bytes32)": ("addProxy(bytes32)", [HOT], CALLER),
    "decreaseAllowance(address,uint256,uint256)": (APPROVE, [SECOND, NETUID, 5 * TAO], CALLER),
    TRANSFER_FROM: (APPROVE, [CALLER, NETUID, 5 * TAO], SECOND),
    "withdraw(uint32)": ("contribute(uint32,uint64)", [OPEN, 50 * TAO], CALLER),
}
#: Functions that fail here, as the caller is not root, or no pure proxy.
FAILING = {(2059, "killPureProxy(bytes32,uint8,uint16,uint32,uint32)")}
#: Functions that only make sense with a value, which have a test of their own.
WITH_VALUE = {(2048, "transfer(bytes32)"), (2049, "addStake(bytes32,uint256)")}


@dataclass(frozen=True)
class Case:
    """A function with arguments, and the pallet's call that it stands for, if it is one."""

    index: int
    signature: str
    arguments: list[Any]
    row: Row | None


def cases() -> list[Case]:
    """Return a case for each function that the genuine source declares."""
    rows: dict[tuple[int, str], Row] = {}
    for row in ROWS:
        rows.setdefault((row.index, row.signature), row)
    found = []
    for index, functions in GENUINE.items():
        for each in functions:
            signature, row = each["signature"], rows.get((int(index), each["signature"]))
            if row is not None:
                arguments = list(row.arguments)
            else:
                arguments = OTHERS.get(signature) or [BY_NAME[name] for name in each["arguments"]]
            found.append(Case(int(index), signature, arguments, row))
    return found


CASES = cases()


def test_all_functions_are_called() -> None:
    assert len({(case.index, case.signature) for case in CASES}) == 159


def test_the_compiled_source_is_that_of_the_declarations() -> None:
    assert load("ethereum/callers")["source"] == source()


def ask(ctx: Context, data: bytes, value: int = 0) -> CallInfo:
    """Call the contract as `eth_call` does."""
    with ctx.state.anchor():
        answer = api.call(ctx, USER, CALLER, data, value, GAS, None, None, None, False, None, None)
    assert isinstance(answer, Ok)
    info = answer.value
    assert isinstance(info, CallInfo)
    return info


def send(ctx: Context, data: bytes, value: int = 0) -> CallInfo:
    """Call the contract by a transaction that offers nothing for its gas; the account of its sender is removed."""
    request = runner.Request(USER, data, value, GAS, max_fee=0)
    info = runner.call(ctx, request, CALLER, runner.Options(validates=False))
    system.Account.remove(ctx, evm_account(USER))
    return info


def effect_of(ctx: Context, action: Callable[[], object]) -> tuple[dict[bytes, bytes | None], list[Any]]:
    """Return the changes and events of an action, which is undone."""
    mark = ctx.block.mark()
    with ctx.state.anchor():
        action()
        changes, events = ctx.state.changes(), ctx.block.events[mark[0] :]
    ctx.block.rewind(mark)
    return changes, events


def used_without(ctx: Context, case: Case, data: bytes, output: bytes) -> int:
    """Return the gas of the same transaction where the precompile does nothing, and costs nothing."""
    known = PRECOMPILES[address_of(case.index)]
    PRECOMPILES[address_of(case.index)] = Precompile(lambda handle: output)
    try:
        with ctx.state.anchor():
            return send(ctx, data).used_gas.standard
    finally:
        PRECOMPILES[address_of(case.index)] = known


def prepare(ctx: Context, case: Case) -> None:
    if case.row is not None:
        case.row.before(ctx)
    if case.signature in BEFORE:
        signature, arguments, caller = BEFORE[case.signature]
        assert call_function(ctx, case.index, signature, *arguments, caller=caller).exit == "Returned"
    accounts.set_code(ctx, CALLER, CODES[case.index])


@pytest.mark.parametrize(
    "case",
    [each for each in CASES if (each.index, each.signature) not in WITH_VALUE],
    ids=lambda case: f"{case.index}.{case.signature}"[:60],
)
def test_solidity_calls_a_function(ctx: Context, case: Case) -> None:
    prepare(ctx, case)
    outcome: Any = None

    def call() -> None:
        nonlocal outcome
        outcome = call_function(ctx, case.index, case.signature, *case.arguments)

    effect, gas = effect_of(ctx, call), outcome.gas
    if case.row is not None:
        error, used, *pallets = dispatched(ctx, OWNER, case.row.call(ctx))
        assert tuple(pallets) == effect
        assert bool(error) == (outcome.exit != "Returned")
        gas = gas if error else used // PER_GAS
    data = encoded(case.signature, *case.arguments)
    fails = outcome.exit != "Returned"
    assert fails == (bool(case.row and case.row.error) or (case.index, case.signature) in FAILING), outcome.exit
    answer, sent = ask(ctx, data), None

    def transact() -> None:
        nonlocal sent
        sent = send(ctx, data)

    assert effect_of(ctx, transact) == effect
    assert sent is not None
    assert isinstance(answer.exit_reason, Revert if fails else Succeed)
    assert isinstance(sent.exit_reason, Revert if fails else Succeed)
    if not fails:
        assert answer.value == sent.value == outcome.output
        assert sent.used_gas.standard - used_without(ctx, case, data, outcome.output) == gas


@pytest.mark.parametrize(("index", "arguments"), [(2048, [HOT]), (2049, [HOT, NETUID])])
def test_solidity_pays_a_function(ctx: Context, index: int, arguments: list[Any]) -> None:
    """The value goes through the contract: to an account, or as stake, whose coldkey is the contract's account."""
    case = next(each for each in CASES if each.index == index and (index, each.signature) in WITH_VALUE)
    prepare(ctx, case)
    mint_into(ctx, evm_account(USER), 20 * TAO)
    data, funds = encoded(case.signature, *arguments), account_data(ctx, HOT).free
    value = 5 * TAO * WEI
    assert isinstance(ask(ctx, data, value).exit_reason, Succeed)
    stake = call_function(ctx, 2049, "getStake(bytes32,bytes32,uint256)", HOT, OWNER, NETUID).values("uint256")
    info = send(ctx, data, value)
    assert isinstance(info.exit_reason, Succeed)
    if index == 2048:
        assert account_data(ctx, HOT).free == funds + 5 * TAO
    else:
        after = call_function(ctx, 2049, "getStake(bytes32,bytes32,uint256)", HOT, OWNER, NETUID).values("uint256")
        assert after > stake
