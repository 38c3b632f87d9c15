"""What each type of proxy may do: the table of call filters, and which type is a superset of which.

Calls are named by pallet and call, so that a rule takes effect as soon as its pallet is part of the runtime.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from ...frame.call import Call
from ...scale import scale_enum

#: Transfers of less than this count as small, in rao (of TAO and of alpha).
SMALL_TRANSFER_LIMIT = 500_000_000


@scale_enum("subtensor_runtime_common::ProxyType")
class ProxyType(enum.Enum):
    """What a proxy may do for the account that appointed it."""

    Any = 0
    Owner = 1
    NonCritical = 2
    NonTransfer = 3
    Senate = 4
    NonFungible = 5
    Triumvirate = 6
    Governance = 7
    Staking = 8
    Registration = 9
    Transfer = 10
    SmallTransfer = 11
    RootWeights = 12
    ChildKeys = 13
    SudoUncheckedSetCode = 14
    SwapHotkey = 15
    SubnetLeaseBeneficiary = 16
    RootClaim = 17

    def is_superset(self, other: ProxyType) -> bool:
        """Return whether the chain counts this type as allowing everything that `other` allows.

        This is a fixed list, not derived from the filters.
        """
        if self is other or self is ProxyType.Any:
            return True
        if self is ProxyType.NonTransfer:
            return other not in (ProxyType.Any, ProxyType.Transfer, ProxyType.SmallTransfer)
        return self is ProxyType.Transfer and other is ProxyType.SmallTransfer

    def allows(self, call: Call) -> bool:
        """Return whether a proxy of this type may make the call. Inner calls are checked when they are dispatched."""
        return FILTERS[self].allows(call)

    @property
    def is_deprecated(self) -> bool:
        """Whether the type is kept for old entries only; such a proxy may make no call."""
        return FILTERS[self].mode is FilterMode.DenyAll


@scale_enum("subtensor_runtime_common::FilterMode")
class FilterMode(enum.Enum):
    """How a filter uses its list of calls."""

    AllowAll = 0
    DenyAll = 1
    Allow = 2
    Deny = 3


@dataclass(frozen=True)
class Below:
    """The call's argument of this name must be less than `limit`."""

    argument: str
    limit: int

    def holds(self, call: Call) -> bool:
        """Return whether the call satisfies the condition."""
        return bool(_argument(call, self.argument) < self.limit)


@dataclass(frozen=True)
class Nested:
    """The call's argument of this name must be a call of this pallet and name."""

    argument: str
    pallet: str
    call: str

    def holds(self, call: Call) -> bool:
        """Return whether the call satisfies the condition."""
        inner: Call = _argument(call, self.argument)
        return (inner.pallet, inner.name) == (self.pallet, self.call)


def _argument(call: Call, name: str) -> Any:
    """Return the argument of a call by name; its type is the one that the call declares."""
    names = [arg.name for arg in call.function.args]
    return call.args[names.index(name)]


@dataclass(frozen=True)
class Filter:
    """The filter of one proxy type.

    `calls` maps (pallet, call) to a condition; a call of None stands for the whole pallet without `exceptions`.
    """

    mode: FilterMode
    calls: dict[tuple[str, str | None], Below | Nested | None] = field(default_factory=dict)
    exceptions: tuple[tuple[str, str], ...] = ()

    def allows(self, call: Call) -> bool:
        """Return whether the filter lets the call pass."""
        if self.mode is FilterMode.AllowAll or self.mode is FilterMode.DenyAll:
            return self.mode is FilterMode.AllowAll
        return self._lists(call) is (self.mode is FilterMode.Allow)

    def _lists(self, call: Call) -> bool:
        """Return whether the list has the call, and its condition holds."""
        key = (call.pallet, call.name)
        if key in self.calls:
            condition = self.calls[key]
            return condition is None or condition.holds(call)
        return (call.pallet, None) in self.calls and key not in self.exceptions


def _calls(text: str) -> dict[tuple[str, str | None], Below | Nested | None]:
    """Return the list for "Pallet: call call … Pallet: …", where `*` stands for all calls of the pallet."""
    calls: dict[tuple[str, str | None], Below | Nested | None] = {}
    pallet = ""
    for word in text.split():
        if word.endswith(":"):
            pallet = word[:-1]
        else:
            calls[pallet, None if word == "*" else word] = None
    return calls


def _allow(text: str) -> Filter:
    return Filter(FilterMode.Allow, _calls(text))


def _deny(text: str) -> Filter:
    return Filter(FilterMode.Deny, _calls(text))


_NOTHING = Filter(FilterMode.DenyAll)
_COLDKEY_SWAPS = """
    announce_coldkey_swap swap_coldkey_announced clear_coldkey_swap_announcement dispute_coldkey_swap
"""

#: In the order in which the chain lists them, and their calls, to clients.
FILTERS: dict[ProxyType, Filter] = {
    ProxyType.Any: Filter(FilterMode.AllowAll),
    ProxyType.NonTransfer: _deny(
        "Balances: * SubtensorModule: transfer_stake schedule_swap_coldkey swap_coldkey" + _COLDKEY_SWAPS
    ),
    ProxyType.NonFungible: _deny(
        """
        Balances: *
        SubtensorModule: add_stake add_stake_limit remove_stake remove_stake_limit remove_stake_full_limit unstake_all
            unstake_all_alpha swap_stake swap_stake_limit move_stake transfer_stake burned_register root_register
            schedule_swap_coldkey swap_coldkey
        """
        + _COLDKEY_SWAPS
        + "swap_hotkey swap_hotkey_v2"
    ),
    ProxyType.Transfer: _allow(
        "Balances: transfer_keep_alive transfer_allow_death transfer_all SubtensorModule: transfer_stake"
    ),
    ProxyType.SmallTransfer: Filter(
        FilterMode.Allow,
        {
            ("Balances", "transfer_keep_alive"): Below("value", SMALL_TRANSFER_LIMIT),
            ("Balances", "transfer_allow_death"): Below("value", SMALL_TRANSFER_LIMIT),
            ("SubtensorModule", "transfer_stake"): Below("alpha_amount", SMALL_TRANSFER_LIMIT),
        },
    ),
    ProxyType.Owner: Filter(
        FilterMode.Allow,
        _calls("AdminUtils: * SubtensorModule: set_subnet_identity update_symbol"),
        (("AdminUtils", "sudo_set_sn_owner_hotkey"), ("AdminUtils", "sudo_set_subnet_owner_hotkey")),
    ),
    ProxyType.NonCritical: _deny(
        "SubtensorModule: dissolve_network root_register burned_register Sudo: * SubtensorModule:" + _COLDKEY_SWAPS
    ),
    ProxyType.Triumvirate: _NOTHING,
    ProxyType.Senate: _NOTHING,
    ProxyType.Governance: _NOTHING,
    ProxyType.Staking: _allow(
        """
        SubtensorModule: add_stake remove_stake unstake_all unstake_all_alpha swap_stake swap_stake_limit move_stake
            add_stake_limit remove_stake_limit remove_stake_full_limit set_root_claim_type
        """
    ),
    ProxyType.Registration: _allow("SubtensorModule: burned_register register register_limit"),
    ProxyType.RootWeights: _NOTHING,
    ProxyType.ChildKeys: _allow("SubtensorModule: set_children set_childkey_take"),
    ProxyType.SudoUncheckedSetCode: Filter(
        FilterMode.Allow, {("Sudo", "sudo_unchecked_weight"): Nested("call", "System", "set_code")}
    ),
    ProxyType.SwapHotkey: _allow("SubtensorModule: swap_hotkey swap_hotkey_v2"),
    ProxyType.SubnetLeaseBeneficiary: _allow(
        """
        SubtensorModule: start_call
        AdminUtils: sudo_set_serving_rate_limit sudo_set_min_difficulty sudo_set_max_difficulty
            sudo_set_weights_version_key sudo_set_adjustment_alpha sudo_set_immunity_period
            sudo_set_min_allowed_weights sudo_set_kappa sudo_set_rho sudo_set_activity_cutoff
            sudo_set_network_registration_allowed sudo_set_network_pow_registration_allowed sudo_set_max_burn
            sudo_set_bonds_moving_average sudo_set_bonds_penalty sudo_set_commit_reveal_weights_enabled
            sudo_set_liquid_alpha_enabled sudo_set_alpha_values sudo_set_commit_reveal_weights_interval
            sudo_set_toggle_transfer sudo_set_subnet_emission_enabled sudo_set_min_childkey_take_per_subnet
        """
    ),
    ProxyType.RootClaim: _allow("SubtensorModule: claim_root"),
}
