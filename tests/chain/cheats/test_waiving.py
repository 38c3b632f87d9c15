"""Limits that do not hold for a while."""

from __future__ import annotations

import pytest

from pysubtensor import Chain, ChainError, Rejected

LIMITS = ("TxRateLimit", "NetworkRateLimit", "OwnerHyperparamRateLimit", "AdminFreezeWindow", "StartCallDelay")


def limits(chain: Chain) -> list[int]:
    return [chain.query(f"SubtensorModule.{name}") for name in LIMITS]


def test_waived_rate_limits_do_not_hold_and_then_hold_again() -> None:
    with Chain.dev() as chain:
        subnet = chain.subnet(weights_set_rate_limit=50)
        before = limits(chain)
        weights = {"netuid": subnet.netuid, "dests": [2], "weights": [1], "version_key": 0}
        validator = subnet.validators[0]
        chain.fund(validator.coldkey, 10**9)
        children = {"hotkey": validator.hotkey, "netuid": subnet.netuid, "children": []}
        with chain.waive("rate limits"):
            for _ in range(3):
                chain.execute("SubtensorModule.set_weights", validator.hotkey, **weights)
                chain.execute("SubtensorModule.set_children", validator.coldkey, **children)
            assert limits(chain)[:3] == [0, 0, 0]
        assert limits(chain) == before
        assert chain.query("SubtensorModule.WeightsSetRateLimit", subnet.netuid) == 50
        with pytest.raises(Rejected, match="RateLimitExceeded"):
            chain.execute("SubtensorModule.set_weights", validator.hotkey, **weights)


def test_a_subnet_that_is_registered_meanwhile_has_its_usual_limit_at_the_end() -> None:
    with Chain.dev() as chain:
        with chain.waive("rate limits"):
            chain.execute("SubtensorModule.register_network", "//Alice", hotkey="//Alice//one")
            chain.execute("SubtensorModule.register_network", "//Alice", hotkey="//Alice//two")
            assert chain.query("SubtensorModule.WeightsSetRateLimit", 3) == 0
        assert chain.query("SubtensorModule.WeightsSetRateLimit", 3) == 100


def test_waivers_last_as_long_as_an_anchor_without_a_block_of_their_own() -> None:
    with Chain.dev() as chain:
        before = limits(chain)
        with chain.anchor():
            chain.waive("rate limits", "freeze window", "start delay")
            chain.produce(2)
            assert limits(chain) == [0] * 5
        assert limits(chain) == before
        chain.produce(2)
        assert limits(chain) == before


def test_parameters_are_set_in_the_freeze_window_and_subnets_started_at_once() -> None:
    with Chain.dev() as chain, chain.waive("freeze window", "start delay"):
        netuid = chain.subnet(tempo=5).netuid
        call = chain.call("AdminUtils.sudo_set_tempo", netuid=netuid, tempo=5)
        chain.execute("Sudo.sudo", "//Alice", call=call)
        chain.execute("SubtensorModule.register_network", "//Bob", hotkey="//Bob//hot")
        chain.execute("SubtensorModule.start_call", "//Bob", netuid=netuid + 1)


def test_other_limits_are_not_known() -> None:
    with (
        Chain.dev() as chain,
        pytest.raises(ChainError, match="expected one of rate limits, freeze window, start delay"),
    ):
        chain.waive("speed limits")
