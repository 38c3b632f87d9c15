"""Presets: chains that developers start, each told by what differs from the real one, and why."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from ..runtime.crypto import Ss58Error, ss58_decode
from ..runtime.units import RAO_PER_TAO
from .accounts import ACCOUNTS, ALICE_HOTKEY, EVM_ACCOUNTS, authority
from .config import ChainConfig, ConfigError

#: Names an account (SS58) that localnets fund like //Alice, besides the development accounts.
WALLET_VARIABLE = "BT_DEFAULT_TOKEN_WALLET"
RICH, FUNDED = 1_000_000 * RAO_PER_TAO, 2_000 * RAO_PER_TAO
#: 2025-01-01 00:00:00 UTC: where time begins on chains that have to come out the same each time.
EPOCH_MS = 1_735_689_600_000
#: What the genuine localnet's chain spec says.
LOCAL_EVM_CHAIN_ID = 42

#: What else fast blocks change, as the real runtime's `fast-runtime` does; all other rules count the same blocks.
FAST_RULES: dict[str, Any] = {
    # Epochs often enough to wait for them, and all of them in their block.
    "tempo": 10,
    "max_epochs_per_block": 32,
    # What takes days elsewhere takes seconds.
    "pending_childkey_cooldown": 15,
    "coldkey_swap_announcement_delay": 50,
    "coldkey_swap_reannouncement_delay": 10,
    # What is done once a day, a week or a month elsewhere may be done again at once.
    "childkey_take_rate_limit": 5,
    "hotkey_swap_on_subnet_interval": 1,
    "evm_key_associate_rate_limit": 1,
    "max_uids_trimming_rate_limit": 1,
    "mechanism_count_rate_limit": 1,
    "mechanism_emission_rate_limit": 1,
    # Somebody has to be able to do what only root's owner may.
    "root_owner": ACCOUNTS["Alice"],
    "root_owner_hotkey": ALICE_HOTKEY,
}


def localnet(*, single_authority: bool = False, wallet: str | None = None) -> ChainConfig:
    """The chain that `scripts/localnet.sh` and its Docker image start, with slots of 12 seconds.

    `wallet` is an address to fund; by default the environment variable BT_DEFAULT_TOKEN_WALLET names it.
    """
    return ChainConfig(
        chain_type="Local",
        # Three, so that turns are taken; one, so that one node alone makes every block.
        authorities=tuple(authority(name) for name in (["One"] if single_authority else ["One", "Two", "Three"])),
        sudo_key=ACCOUNTS["Alice"],
        balances=funded(wallet if wallet is not None else os.environ.get(WALLET_VARIABLE, "")),
        evm_chain_id=LOCAL_EVM_CHAIN_ID,
    )


def fast(config: ChainConfig) -> ChainConfig:
    """The same chain in fast blocks: a quarter of a second each, so that nobody waits for them.

    Rules that the configuration has otherwise than the real chain already stay as they are.
    """
    usual = ChainConfig()
    rules = {name: rule for name, rule in FAST_RULES.items() if getattr(config, name) == getattr(usual, name)}
    return replace(config, slot_duration_ms=250, **rules)


def dev(**parameters: Any) -> ChainConfig:
    """The chain of tests; `parameters` are fields of `ChainConfig` to set besides.

    As localnet, but: one authority, because a test has one process; time moved by blocks alone, and no look at the
    environment, because a test has to come out the same each time.
    """
    config = ChainConfig(
        chain_type="Development",
        authorities=(authority("Alice"),),
        sudo_key=ACCOUNTS["Alice"],
        balances=funded(""),
        start_ms=EPOCH_MS,
        evm_chain_id=LOCAL_EVM_CHAIN_ID,
    )
    return replace(config, **parameters)


def funded(wallet: str) -> dict[bytes, int]:
    """Balances in rao of the accounts that localnets fund, `wallet` (SS58, may be empty) among them."""
    rich = ("Alice", "Bob", "Charlie")
    balances = {account: RICH if name in rich else FUNDED for name, account in ACCOUNTS.items()}
    balances |= dict.fromkeys(EVM_ACCOUNTS.values(), FUNDED)
    if wallet:
        try:
            balances[ss58_decode(wallet)] = RICH
        except Ss58Error as error:
            raise ConfigError(f"expected an address in {WALLET_VARIABLE}: {error}") from None
    return balances
