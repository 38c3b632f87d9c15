"""Functions that do more than to dispatch one call with their arguments."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.crypto import evm_account, pure_proxy_account
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import signed
from pysubtensor.runtime.pallets.balances.accounts import account_data
from pysubtensor.runtime.pallets.balances.calls import transfer_allow_death
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.crowdloan.declared import Contributions, Crowdloans
from pysubtensor.runtime.pallets.proxy.calls import create_pure
from pysubtensor.runtime.pallets.proxy.declared import Proxies
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.staking.add import add_stake
from pysubtensor.runtime.pallets.system import remark

from tests.runtime.pallets.evm.precompiles.frame import call_function
from tests.runtime.pallets.evm.precompiles.world import (
    BLOCK,
    CAP,
    DEPOSIT,
    HOT,
    NETUID,
    OPEN,
    OTHER,
    OWNER,
    SECOND,
)
from tests.world import TAO, account

WEI = 10**9
TARGET = account(77)
SENT = 5 * TAO * WEI


def gas_of(ctx: Context, call: Call) -> int:
    """Return the gas of the declared weight of a call that does not report another one."""
    return ctx.runtime.info(call).total_weight.ref_time // 40_000


def free(ctx: Context, who: bytes) -> int:
    return account_data(ctx, who).free


# --- 2048 --------------------------------------------------------------------------------------------------------


def test_received_tao_is_sent_on(ctx: Context) -> None:
    own = evm_account(bytes.fromhex("0" * 37 + "800"))
    mint_into(ctx, own, 5 * TAO)
    outcome = call_function(ctx, 2048, "transfer(bytes32)", TARGET, value=SENT + WEI - 1)
    assert (outcome.exit, outcome.output, free(ctx, TARGET), free(ctx, own)) == ("Returned", b"", 5 * TAO, 0)
    assert outcome.gas == gas_of(ctx, transfer_allow_death.call(Id(TARGET), 5 * TAO))


@pytest.mark.parametrize("value", [0, WEI - 1])
def test_nothing_is_sent_without_a_whole_rao(ctx: Context, value: int) -> None:
    outcome = call_function(ctx, 2048, "transfer(bytes32)", TARGET, value=value)
    assert (outcome.exit, outcome.gas) == ("Returned", 0)


def test_more_than_u64_rao_cannot_be_sent(ctx: Context) -> None:
    outcome = call_function(ctx, 2048, "transfer(bytes32)", TARGET, value=2**64 * WEI)
    assert outcome.exit == "error converting balance from ETH to subtensor"


# --- 2049 --------------------------------------------------------------------------------------------------------


def test_the_older_staking_stakes_what_was_sent(ctx: Context) -> None:
    own = evm_account(bytes.fromhex("0" * 37 + "801"))
    mint_into(ctx, own, 5 * TAO)
    before = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, OWNER, NETUID), free(ctx, OWNER)
    outcome = call_function(ctx, 2049, "addStake(bytes32,uint256)", HOT, NETUID, value=SENT)
    # The transfer back is not charged.
    assert (outcome.exit, outcome.gas) == ("Returned", gas_of(ctx, add_stake.call(HOT, NETUID, 0)))
    after = get_stake_for_hotkey_and_coldkey_on_subnet(ctx, HOT, OWNER, NETUID), free(ctx, OWNER)
    # 5 TAO at a price of 0.5, less fee and slippage.
    assert 9.98 * TAO < after[0] - before[0] < 10 * TAO
    assert (after[1], free(ctx, own)) == (before[1], 0)


def test_the_older_staking_fails_without_the_tao(ctx: Context) -> None:
    outcome = call_function(ctx, 2049, "addStake(bytes32,uint256)", HOT, NETUID, value=SENT)
    assert outcome.exit == "Transfer back to caller failed"
    assert call_function(ctx, 2049, "addStake(bytes32,uint256)", HOT, 1, value=2**64 * WEI).exit == "OutOfFund"
    arguments = HOT, 2**64 * WEI, NETUID
    assert call_function(ctx, 2049, "removeStake(bytes32,uint256,uint256)", *arguments).exit == "OutOfFund"


@pytest.mark.parametrize("index", [2049, 2053])
def test_a_staking_proxy_is_removed(ctx: Context, index: int) -> None:
    before = Proxies.get(ctx, OWNER)
    assert call_function(ctx, index, "addProxy(bytes32)", HOT).exit == "Returned"
    assert ProxyType.Staking in [each.proxy_type for each in Proxies.get(ctx, OWNER)[0]]
    assert call_function(ctx, index, "removeProxy(bytes32)", HOT).exit == "Returned"
    assert Proxies.get(ctx, OWNER) == before


# --- 2051 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "signature", ["setWeightsSetRateLimit(uint16,uint64)", "setMinBurn(uint16,uint64)", "setMaxBurn(uint16,uint64)"]
)
def test_deprecated_setters_do_nothing(ctx: Context, signature: str) -> None:
    before = ctx.state.changes()
    outcome = call_function(ctx, 2051, signature, NETUID, 7, caller=SECOND)
    assert (outcome.exit, outcome.gas, ctx.state.changes()) == ("Returned", 0, before)


# --- 2057, 2058 --------------------------------------------------------------------------------------------------


def test_a_contributor_withdraws(ctx: Context) -> None:
    assert Contributions.get(ctx, OPEN, OTHER) == 100 * TAO
    assert call_function(ctx, 2057, "withdraw(uint32)", OPEN, caller=SECOND).exit == "Returned"
    assert Contributions.get(ctx, OPEN, OTHER) is None


@pytest.mark.parametrize(("share", "has_end", "expected"), [(30, True, (30, 7)), (255, False, (100, None))])
def test_a_crowdloan_for_a_lease(ctx: Context, share: int, has_end: bool, expected: tuple[int, int | None]) -> None:
    signature = "createLeaseCrowdloan(uint64,uint64,uint64,uint32,uint8,bool,uint32)"
    terms = DEPOSIT, TAO, CAP, BLOCK + 60_000, share, has_end, 7
    assert call_function(ctx, 2058, signature, *terms).exit == "Returned"
    loan = Crowdloans.get(ctx, 4)
    assert loan is not None
    assert (loan.creator, loan.cap, loan.target_address) == (OWNER, CAP, None)
    # SubtensorModule.register_leased_network: pallet 7, call 110, share in percent, optional block.
    percent, end = expected
    encoded = bytes([7, 110, percent]) + (b"\0" if end is None else b"\1" + end.to_bytes(4, "little"))
    assert loan.call is not None
    assert loan.call.data == encoded


# --- 2059 --------------------------------------------------------------------------------------------------------

CREATE, KILL = "createPureProxy(uint8,uint32,uint16)", "killPureProxy(bytes32,uint8,uint16,uint32,uint32)"
CALL = "proxyCall(bytes32,uint8[],uint8[])"


def test_a_pure_account_is_created_and_killed(ctx: Context) -> None:
    pure = pure_proxy_account(OWNER, BLOCK, 1, 0, 5)
    created = call_function(ctx, 2059, CREATE, 0, 0, 5)
    assert (created.exit, created.output) == ("Returned", pure)
    assert created.gas == gas_of(ctx, create_pure.call(ProxyType.Any, 0, 5))
    kill = bytes([16, 5, 0]) + OWNER + b"\0" + (5).to_bytes(2, "little") + b"\x82\x38\1\0" + b"\4"
    # The pure account kills itself, through its proxy.
    outcome = call_function(ctx, 2059, CALL, pure, [], list(kill))
    assert outcome.exit == "Returned"
    assert Proxies.get(ctx, pure) == ([], 0)


def test_only_the_pure_account_is_killed(ctx: Context) -> None:
    outcome = call_function(ctx, 2059, KILL, OWNER, 0, 5, BLOCK, 1)
    assert outcome.exit == "dispatch execution failed: NoPermission"


def test_a_call_for_another_account(ctx: Context) -> None:
    call = transfer_allow_death.call(Id(TARGET), TAO)
    outcome = call_function(ctx, 2059, CALL, OTHER, [], [*call.encode(), 255])
    assert (outcome.exit, free(ctx, TARGET)) == ("Returned", TAO)
    assert call_function(ctx, 2059, CALL, OTHER, [0, 99], list(remark.call(b"").encode())).exit == "Returned"


@pytest.mark.parametrize(
    ("real", "forced", "call", "text"),
    [
        (OTHER, [], [255, 255], "The raw call data not correctly encoded"),
        (OTHER, [18], list(remark.call(b"").encode()), "Invalid proxy type"),
        (OTHER, [8], list(remark.call(b"").encode()), "dispatch execution failed: NotProxy"),
        (TARGET, [], list(remark.call(b"").encode()), "dispatch execution failed: NotProxy"),
        (OTHER, [], list(transfer_allow_death.call(Id(TARGET), 15 * 10**14).encode()), "Token(FundsUnavailable)"),
        (
            OTHER,
            [],
            list(add_stake.call(HOT, 9, TAO).encode()),
            "Module(ModuleError { index: 7, error: [76, 0, 0, 0], message: None })",
        ),
    ],
)
def test_calls_for_another_account_that_fail(
    ctx: Context, real: bytes, forced: list[int], call: list[int], text: str
) -> None:
    before = ctx.state.changes()
    outcome = call_function(ctx, 2059, CALL, real, forced, call)
    assert (outcome.exit, outcome.gas, ctx.state.changes()) == (text, 10_000_000, before)


@pytest.mark.parametrize(
    ("signature", "arguments"),
    [
        (CREATE, [18, 0, 0]),
        (KILL, [OWNER, 18, 0, 0, 0]),
        ("addProxy(bytes32,uint8,uint32)", [HOT, 18, 0]),
        ("removeProxy(bytes32,uint8,uint32)", [HOT, 255, 0]),
    ],
)
def test_there_are_eighteen_types_of_proxies(ctx: Context, signature: str, arguments: list[object]) -> None:
    assert call_function(ctx, 2059, signature, *arguments).exit == "Invalid proxy type"


# --- signers are accounts of the chain ---------------------------------------------------------------------------


def test_a_signers_announced_swap_stops_its_calls(ctx: Context) -> None:
    storage.ColdkeySwapAnnouncements.put(ctx, OWNER, (BLOCK, bytes(32)))
    outcome = call_function(ctx, 2053, "addStake(bytes32,uint256,uint256)", HOT, TAO, NETUID)
    assert outcome.exit == "dispatch execution failed: ColdkeySwapAnnounced"
    ctx.runtime.dispatch(ctx.with_origin(signed(OTHER)), remark.call(b""))
