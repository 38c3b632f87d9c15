"""ProxyFilterRuntimeApi: the table of `define_proxy_filters!`, in its order, with the indices of calls."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.apis import call_api
from pysubtensor.runtime.apis.proxy_filter import (
    CallInfo,
    NestedCallMustBe,
    ParamLessThan,
    ProxyFilterInfo,
    ProxyTypeInfo,
)
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.pallets.proxy.proxy_type import FilterMode
from pysubtensor.runtime.scale import codec_of
from pysubtensor.runtime.state.overlay import MemoryBackend, State


@pytest.fixture
def ctx() -> Context:
    return Context(spec_425(), State(MemoryBackend()), BlockEnvironment(0, bytes(32)))


def filters(ctx: Context, argument: str) -> list[ProxyFilterInfo]:
    answer = call_api(ctx.runtime, ctx, "ProxyFilterRuntimeApi_get_proxy_filter", bytes.fromhex(argument))
    decoded: list[ProxyFilterInfo] = codec_of(list[ProxyFilterInfo]).decode(answer)
    return decoded


def subtensor(name: str, index: int) -> CallInfo:
    return CallInfo(b"SubtensorModule", 7, name.encode(), index, None)


def test_types_are_listed_by_index_with_the_four_deprecated_ones(ctx: Context) -> None:
    answer = call_api(ctx.runtime, ctx, "ProxyFilterRuntimeApi_get_proxy_types", b"")
    types: list[ProxyTypeInfo] = codec_of(list[ProxyTypeInfo]).decode(answer)
    assert [kind.index for kind in types] == list(range(18))
    deprecated = [b"Senate", b"Triumvirate", b"Governance", b"RootWeights"]
    assert [kind.name for kind in types if kind.deprecated] == deprecated
    assert answer[:6].hex() == "480c416e7900"  # 18 types; the first is Any, index 0


def test_filters_are_listed_in_the_order_of_the_chains_table(ctx: Context) -> None:
    assert [rule.name.decode() for rule in filters(ctx, "00")] == [
        *("Any", "NonTransfer", "NonFungible", "Transfer", "SmallTransfer", "Owner", "NonCritical", "Triumvirate"),
        *("Senate", "Governance", "Staking", "Registration", "RootWeights", "ChildKeys", "SudoUncheckedSetCode"),
        *("SwapHotkey", "SubnetLeaseBeneficiary", "RootClaim"),
    ]


def test_a_filter_lists_its_calls_in_the_chains_order(ctx: Context) -> None:
    [staking] = filters(ctx, "0108")
    assert (staking.filter_mode, staking.exceptions) == (FilterMode.Allow, [])
    assert [call.call_name for call in staking.calls] == [
        *(b"add_stake", b"remove_stake", b"unstake_all", b"unstake_all_alpha", b"swap_stake", b"swap_stake_limit"),
        *(b"move_stake", b"add_stake_limit", b"remove_stake_limit", b"remove_stake_full_limit", b"set_root_claim_type"),
    ]
    [non_critical] = filters(ctx, "0102")
    assert non_critical.filter_mode is FilterMode.Deny
    assert non_critical.calls[2:5] == [
        subtensor("burned_register", 7),
        CallInfo(b"Sudo", 12, None, None, None),
        subtensor("announce_coldkey_swap", 125),
    ]


def test_a_filter_tells_exceptions_and_conditions(ctx: Context) -> None:
    [owner] = filters(ctx, "0101")
    assert owner.calls[0] == CallInfo(b"AdminUtils", 19, None, None, None)
    assert [call.call_name for call in owner.exceptions] == [
        b"sudo_set_sn_owner_hotkey",
        b"sudo_set_subnet_owner_hotkey",
    ]
    [small] = filters(ctx, "010b")
    assert [call.condition for call in small.calls] == [
        ParamLessThan(b"value", 500_000_000),
        ParamLessThan(b"value", 500_000_000),
        ParamLessThan(b"alpha_amount", 500_000_000),
    ]
    [code] = filters(ctx, "010e")
    assert code.calls == [
        CallInfo(b"Sudo", 12, b"sudo_unchecked_weight", 1, NestedCallMustBe(b"System", b"set_code")),
    ]


def test_an_unknown_type_has_no_filter(ctx: Context) -> None:
    assert filters(ctx, "0112") == []
