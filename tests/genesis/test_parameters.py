"""Rules of subnets in a chain's configuration: their effects and their bounds."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from pysubtensor.genesis import presets
from pysubtensor.genesis.config import CODECS, ChainConfig, ConfigError
from pysubtensor.genesis.parameters import CONSTANTS, STORED, Parameters
from pysubtensor.runtime.crypto import Keypair

from tests.world import ALICE


def test_each_rule_sets_one_constant_or_stored_value() -> None:
    assert CONSTANTS.keys().isdisjoint(STORED)
    assert {field.name for field in fields(Parameters)} == CONSTANTS.keys() | STORED.keys() | {"genesis_tempo"}


def test_default_rules_change_nothing() -> None:
    assert Parameters().changed_constants() == {}
    assert Parameters().changed_values() == []


def test_a_changed_rule_reaches_its_constant() -> None:
    config = presets.dev(tempo=5, start_call_delay=3)
    assert config.changed_constants() == {
        "SubtensorModule.InitialTempo": 5,
        "SubtensorModule.InitialStartCallDelay": 3,
    }
    assert config.constants["SubtensorModule.InitialTempo"] == 5


def test_a_rule_without_constant_is_stored() -> None:
    ((item, value),) = presets.dev(admin_freeze_window=0).changed_values()
    assert (item.name, value) == ("AdminFreezeWindow", 0)


@pytest.mark.parametrize("name", sorted(CODECS))
def test_a_rule_must_fit_its_type(name: str) -> None:
    with pytest.raises(ConfigError, match=f"expected {name} to be a u"):
        ChainConfig(**{name: -1})


def test_a_rule_is_not_set_twice() -> None:
    with pytest.raises(ConfigError, match=r"SubtensorModule\.InitialTempo follows from tempo"):
        ChainConfig(overrides={"SubtensorModule.InitialTempo": 5})


def test_owners_of_root_are_accounts() -> None:
    with pytest.raises(ConfigError, match="32 bytes, got 3"):
        ChainConfig(root_owner=b"abc")


def test_fast_blocks_shorten_delays() -> None:
    fast = replace(presets.localnet(wallet=""), **presets.FAST_RULES)
    # The real runtime's values under `fast-runtime`, by the constants' own names.
    assert fast.changed_constants() == {
        "SubtensorModule.InitialTempo": 10,
        "SubtensorModule.InitialMaxEpochsPerBlock": 32,
        "SubtensorModule.DefaultPendingCooldown": 15,
        "SubtensorModule.InitialColdkeySwapAnnouncementDelay": 50,
        "SubtensorModule.InitialColdkeySwapReannouncementDelay": 10,
        "SubtensorModule.InitialTxChildKeyTakeRateLimit": 5,
        "SubtensorModule.HotkeySwapOnSubnetInterval": 1,
        "SubtensorModule.EvmKeyAssociateRateLimit": 1,
        "SubtensorModule.MaxUidsTrimmingRateLimit": 1,
        "SubtensorModule.MechanismCountSetRateLimit": 1,
        "SubtensorModule.MechanismEmissionRateLimit": 1,
        "Crowdloan.MinimumBlockDuration": 50,
        "Crowdloan.MaximumBlockDuration": 20_000,
    }
    assert fast.root_owner == ALICE
    assert fast.root_owner_hotkey == Keypair.from_uri("//Alice_hk").account


def test_fast_blocks_keep_configured_rules() -> None:
    assert presets.fast(presets.dev(tempo=5)).tempo == 5
    assert presets.fast(presets.dev(root_owner_hotkey=bytes([7]) * 32)).root_owner_hotkey == bytes([7]) * 32
