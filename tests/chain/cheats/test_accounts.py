"""Balances and stake from nothing, in which each rao is accounted for."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.invariants import find_violations

from pysubtensor import Chain, ChainError

TAO = 10**9


def test_balances_from_nothing_are_issued_and_do_not_change_emission() -> None:
    with Chain.dev() as chain:
        issuance, emission = chain.query("Balances.TotalIssuance"), chain.query("SubtensorModule.TotalIssuance")
        assert chain.fund("//Poor", "1.5tao") == 1_500_000_000
        assert chain.fund("//Poor", TAO) == 2_500_000_000
        assert chain.set_balance("//Poor", 600) == 600
        assert chain.query("Balances.TotalIssuance") - issuance == 600
        assert chain.query("SubtensorModule.TotalIssuance") == emission
        assert chain.query("System.Account", "//Poor").providers == 1
        assert chain.set_balance("//Poor", 0) == 0
        assert chain.query("System.Account", "//Poor").providers == 0
        assert chain.query("Balances.TotalIssuance") == issuance
        for amount in (1, 499):
            with pytest.raises(ChainError, match=r"Token.BelowMinimum"):
                chain.set_balance("//Poor", amount)
        assert not list(find_violations(chain.context()))


@pytest.mark.parametrize("root", [False, True])
def test_stake_from_nothing_is_outstanding(root: bool) -> None:
    with Chain.dev() as chain:
        subnet = chain.subnet()
        netuid = 0 if root else subnet.netuid
        validator = subnet.validators[0]
        pool = chain.query("SubtensorModule.SubnetTAO", subnet.netuid)
        for alpha in (5_000 * TAO, 1_000 * TAO, 7_000 * TAO, 0):
            found = chain.set_stake(netuid, validator.hotkey, "//Nominator", alpha)
            assert alpha - 1 <= found <= alpha
            info = chain.ask(
                "StakeInfoRuntimeApi.get_stake_info_for_hotkey_coldkey_netuid", validator.hotkey, "//Nominator", netuid
            )
            assert (0 if info is None else info.stake) == found
            assert not list(find_violations(chain.context()))
            chain.produce(1)
        assert chain.query("System.Account", "//Nominator").data.free == 0
        if not root:
            assert chain.query("SubtensorModule.SubnetTAO", subnet.netuid) >= pool
        assert chain.query("SubtensorModule.Owner", validator.hotkey) == validator.coldkey.account


def test_there_is_no_stake_without_a_subnet_nor_below_a_lock() -> None:
    with Chain.dev() as chain:
        with pytest.raises(ChainError, match="SubnetNotExists"):
            chain.set_stake(9, "//Bob//hot", "//Bob", TAO)
        subnet = chain.subnet()
        owner, hotkey = subnet.validators[0].coldkey, subnet.validators[0].hotkey
        chain.fund(owner, TAO)
        chain.execute("SubtensorModule.lock_stake", owner, hotkey=hotkey, netuid=subnet.netuid, amount=100 * TAO)
        with pytest.raises(ChainError, match="StakeUnavailable"):
            chain.set_stake(subnet, hotkey, owner, 50 * TAO)
