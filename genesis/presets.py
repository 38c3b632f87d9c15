"""Presets: configurations for development, as differences from the real chain, each with its reason."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..runtime.crypto import Ss58Error, ss58_decode
from ..runtime.units import RAO_PER_TAO
from .accounts import ACCOUNTS, ALICE_HOTKEY, EVM_ACCOUNTS, authority
from .config import ChainConfig, ConfigError

#: The environment variable with an account (SS58) that localnets fund like //Alice.
WALLET_VARIABLE = "BT_DEFAULT_TOKEN_WALLET"
RICH, FUNDED = 1_000_000 * RAO_PER_TAO, 2_000 * RAO_PER_TAO
#: 2025-01-01 00:00:00 UTC: the time of the first block on reproducible chains.
EPOCH_MS = 1_735_689_600_000
#: Values of the genuine localnet's chain spec.
LOCAL_EVM_CHAIN_ID = 42
#: Value of the real chain, which was set by a transaction.
MAINNET_EVM_CHAIN_ID = 964

#: The rules that fast blocks change besides the slot, as the real runtime's feature `fast-runtime`; all other rules
#: keep their number of blocks.
FAST_RULES: dict[str, Any] = {
    # Frequent epochs, and all due epochs in one block.
    "tempo": 10,
    "max_epochs_per_block": 32,
    # Delays of days become seconds.
    "pending_childkey_cooldown": 15,
    "coldkey_swap_announcement_delay": 50,
    "coldkey_swap_reannouncement_delay": 10,
    "crowdloan_minimum_duration": 50,
    "crowdloan_maximum_duration": 20_000,
    # Limits of once a day, a week or a month are lifted.
    "childkey_take_rate_limit": 5,
    "hotkey_swap_on_subnet_interval": 1,
    "evm_key_associate_rate_limit": 1,
    "max_uids_trimming_rate_limit": 1,
    "mechanism_count_rate_limit": 1,
    "mechanism_emission_rate_limit": 1,
    # Calls of root's owner need an owner.
    "root_owner": ACCOUNTS["Alice"],
    "root_owner_hotkey": ALICE_HOTKEY,
}


def localnet(*, single_authority: bool = False, wallet: str | None = None) -> ChainConfig:
    """Return the configuration of the chain that subtensor's `scripts/localnet.sh` starts, with slots of 12 seconds.

    `wallet` is an address to fund, by default that in the environment variable BT_DEFAULT_TOKEN_WALLET.
    """
    return ChainConfig(
        chain_type="Local",
        # Three authorities author in turn; with a single one, one node authors every block.
        authorities=tuple(authority(name) for name in (["One"] if single_authority else ["One", "Two", "Three"])),
        sudo_key=ACCOUNTS["Alice"],
        balances=funded(wallet if wallet is not None else os.environ.get(WALLET_VARIABLE, "")),
        evm_chain_id=LOCAL_EVM_CHAIN_ID,
    )


def fast(config: ChainConfig) -> ChainConfig:
    """Return the configuration with fast blocks of a quarter of a second and the rules in FAST_RULES.

    Rules that already differ from the real chain's are unchanged.
    """
    usual = ChainConfig()
    rules = {name: rule for name, rule in FAST_RULES.items() if getattr(config, name) == getattr(usual, name)}
    return replace(config, slot_duration_ms=250, **rules)


def fast_localnet() -> ChainConfig:
    """Return the configuration of the localnet with fast blocks."""
    return fast(localnet())


def mainnet() -> ChainConfig:
    """Return the localnet with what the real chain has set besides: its EVM chain id."""
    return replace(localnet(), evm_chain_id=MAINNET_EVM_CHAIN_ID)


def dev(**parameters: Any) -> ChainConfig:
    """Return the configuration of a chain for tests; `parameters` are other fields of `ChainConfig` to set.

    It differs from localnet in one authority, because a test has one process; in time that advances by blocks alone,
    and in ignoring the environment, because tests must be reproducible.
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
    """Return the balances in rao of the accounts that localnets fund, including `wallet` (SS58, may be empty)."""
    rich = ("Alice", "Bob", "Charlie")
    balances = {account: RICH if name in rich else FUNDED for name, account in ACCOUNTS.items()}
    balances |= dict.fromkeys(EVM_ACCOUNTS.values(), FUNDED)
    if wallet:
        try:
            balances[ss58_decode(wallet)] = RICH
        except Ss58Error as error:
            raise ConfigError(f"expected an address in {WALLET_VARIABLE}: {error}") from None
    return balances


#: The presets of the command line by name.
NAMED: dict[str, Callable[[], ChainConfig]] = {
    "localnet": localnet,
    "fast": fast_localnet,
    "mainnet": mainnet,
    "dev": dev,
}
