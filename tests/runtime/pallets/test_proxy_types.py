"""Types of proxies: the calls that each allows, and the types that it contains."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.pallet import Pallet
from pysubtensor.runtime.frame.weight import ZERO, Weight
from pysubtensor.runtime.pallets import sudo, system, utility
from pysubtensor.runtime.pallets.balances import calls as balances
from pysubtensor.runtime.pallets.proxy.proxy_type import FILTERS, ProxyType
from pysubtensor.runtime.scale import u64

DEST = Id(bytes(32))
REMARK = system.remark.call(b"")
SET_CODE = system.set_code.call(b"")


def named(pallet: str, name: str, alpha_amount: int | None = None) -> Call:
    """Return a call by its name (and an amount of alpha): filters use nothing else of a call."""
    row = Pallet(pallet, 255, crate="crate")

    def without(ctx: Context) -> None:
        pass

    def with_amount(ctx: Context, alpha_amount: u64) -> None:
        pass

    without.__name__ = with_amount.__name__ = name
    if alpha_amount is None:
        return row.call(0, weight=ZERO)(without).call()
    return row.call(0, weight=ZERO)(with_amount).call(alpha_amount)


#: Copied from the chain's table by hand: each call with the types that allow it, besides Any.
ALLOWED: list[tuple[Call, str]] = [
    (balances.transfer_keep_alive.call(DEST, 499_999_999), "NonCritical Transfer SmallTransfer"),
    (balances.transfer_keep_alive.call(DEST, 500_000_000), "NonCritical Transfer"),
    (balances.transfer_allow_death.call(DEST, 499_999_999), "NonCritical Transfer SmallTransfer"),
    (balances.transfer_all.call(DEST, True), "NonCritical Transfer"),
    (balances.burn.call(1, True), "NonCritical"),
    (REMARK, "NonCritical NonTransfer NonFungible"),
    (utility.batch.call([]), "NonCritical NonTransfer NonFungible"),
    (sudo.sudo.call(REMARK), "NonTransfer NonFungible"),
    (sudo.sudo_unchecked_weight.call(SET_CODE, Weight()), "NonTransfer NonFungible SudoUncheckedSetCode"),
    (sudo.sudo_unchecked_weight.call(REMARK, Weight()), "NonTransfer NonFungible"),
    (sudo.sudo.call(SET_CODE), "NonTransfer NonFungible"),
    (named("SubtensorModule", "add_stake"), "NonCritical NonTransfer Staking"),
    (named("SubtensorModule", "remove_stake_full_limit"), "NonCritical NonTransfer Staking"),
    (named("SubtensorModule", "set_root_claim_type"), "NonCritical NonTransfer NonFungible Staking"),
    (named("SubtensorModule", "transfer_stake", 499_999_999), "NonCritical Transfer SmallTransfer"),
    (named("SubtensorModule", "transfer_stake", 500_000_000), "NonCritical Transfer"),
    (named("SubtensorModule", "burned_register"), "NonTransfer Registration"),
    (named("SubtensorModule", "register"), "NonCritical NonTransfer NonFungible Registration"),
    (named("SubtensorModule", "root_register"), "NonTransfer"),
    (named("SubtensorModule", "dissolve_network"), "NonTransfer NonFungible"),
    (named("SubtensorModule", "swap_hotkey"), "NonCritical NonTransfer SwapHotkey"),
    (named("SubtensorModule", "announce_coldkey_swap"), ""),
    (named("SubtensorModule", "swap_coldkey"), "NonCritical"),
    (named("SubtensorModule", "set_children"), "NonCritical NonTransfer NonFungible ChildKeys"),
    (named("SubtensorModule", "claim_root"), "NonCritical NonTransfer NonFungible RootClaim"),
    (named("SubtensorModule", "start_call"), "NonCritical NonTransfer NonFungible SubnetLeaseBeneficiary"),
    (named("SubtensorModule", "update_symbol"), "NonCritical NonTransfer NonFungible Owner"),
    (named("SubtensorModule", "set_weights"), "NonCritical NonTransfer NonFungible"),
    (named("AdminUtils", "sudo_set_kappa"), "NonCritical NonTransfer NonFungible Owner SubnetLeaseBeneficiary"),
    (named("AdminUtils", "sudo_set_tempo"), "NonCritical NonTransfer NonFungible Owner"),
    (named("AdminUtils", "sudo_set_sn_owner_hotkey"), "NonCritical NonTransfer NonFungible"),
    (named("AdminUtils", "sudo_set_subnet_owner_hotkey"), "NonCritical NonTransfer NonFungible"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "types"), ALLOWED, ids=lambda value: str(value))
def test_each_type_allows_the_calls_that_it_allows_on_the_chain(call: Call, types: str) -> None:
    allowed = {kind.name for kind in ProxyType if kind.allows(call)}
    assert allowed == {"Any", *types.split()}


def test_deprecated_types_allow_nothing() -> None:
    deprecated = {kind for kind in ProxyType if kind.is_deprecated}
    assert {kind.name for kind in deprecated} == {"Triumvirate", "Senate", "Governance", "RootWeights"}
    assert not any(kind.allows(REMARK) for kind in deprecated)


def test_every_type_has_its_filter() -> None:
    assert set(FILTERS) == set(ProxyType)


def test_some_types_contain_others() -> None:
    contained = {(a.name, b.name) for a in ProxyType for b in ProxyType if a is not b and a.is_superset(b)}
    others = {kind.name for kind in ProxyType} - {"Any"}
    assert contained == (
        {("Any", other) for other in others}
        | {("NonTransfer", other) for other in others - {"NonTransfer", "Transfer", "SmallTransfer"}}
        | {("Transfer", "SmallTransfer")}
    )
    assert all(kind.is_superset(kind) for kind in ProxyType)
