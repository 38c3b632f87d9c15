"""Misuse of every call: wrong origins and unknown subnets fail with the chain's own error and change nothing.

Arguments are decoded from zeros, and the subnet does not exist. Checks are in the order of the real calls, some of
which check other conditions before the origin.
"""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchError, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, Origin, signed
from pysubtensor.runtime.pallets.crowdloan import calls as crowdloan
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.scale import Reader

from tests.world import AddNetwork, account

from .misuse.table import PALLETS

NO_SUBNET, STRANGER = 77, account(7)
#: Bytes from which every argument can be decoded.
ZEROS = bytes(4096)

COMMITS = (
    "commit_weights",
    "commit_mechanism_weights",
    "commit_timelocked_weights",
    "commit_timelocked_mechanism_weights",
    "commit_crv3_mechanism_weights",
)
DEPRECATED = ("add_liquidity", "remove_liquidity", "modify_position", "toggle_user_liquidity", "disable_lp")

#: Errors of calls that check something else before the origin.
BEFORE_ORIGIN = {
    "set_weights": "CommitRevealEnabled",
    "set_mechanism_weights": "CommitRevealEnabled",
    "start_call": "SubnetNotExists",
    "sudo_set_network_pow_registration_allowed": "POWRegistrationDisabled",
    "sudo_set_total_issuance": "Deprecated",
    **dict.fromkeys(COMMITS, "MechanismDoesNotExist"),
    "schedule_swap_coldkey": "Deprecated",
    **dict.fromkeys(DEPRECATED, "Deprecated"),
}

#: Calls that are open to all accounts, and the error for one without a neuron, a subnet or any TAO.
SIGNED = {
    "add_stake": "SubnetNotExists",
    "remove_stake": "SubtokenDisabled",
    "add_stake_limit": "SubnetNotExists",
    "remove_stake_limit": "SubnetNotExists",
    "remove_stake_full_limit": "SubtokenDisabled",
    "unstake_all": "HotKeyAccountNotExists",
    "unstake_all_alpha": "HotKeyAccountNotExists",
    "move_stake": "SameNetuid",
    "transfer_stake": "HotKeyAccountNotExists",
    "swap_stake": "SameNetuid",
    "swap_stake_limit": "SameNetuid",
    "recycle_alpha": "SubnetNotExists",
    "burn_alpha": "SubnetNotExists",
    "add_stake_burn": "SubnetNotExists",
    "decrease_take": "DelegateTakeTooLow",
    "increase_take": "DelegateTakeTooLow",
    "set_children": "SubnetNotExists",
    "set_childkey_take": "NonAssociatedColdKey",
    "set_auto_parent_delegation_enabled": "NonAssociatedColdKey",
    "set_coldkey_auto_stake_hotkey": "SubnetNotExists",
    "swap_hotkey": "NonAssociatedColdKey",
    "swap_hotkey_v2": "NonAssociatedColdKey",
    "announce_coldkey_swap": "NotEnoughBalanceToPaySwapColdKey",
    "swap_coldkey_announced": "ColdkeySwapAnnouncementNotFound",
    "dispute_coldkey_swap": "ColdkeySwapAnnouncementNotFound",
    "clear_coldkey_swap_announcement": "ColdkeySwapAnnouncementNotFound",
    "register_leased_network": "InvalidCrowdloanId",
    "terminate_lease": "LeaseDoesNotExist",
    "claim_root": "InvalidSubnetNumber",
    "lock_stake": "AmountTooLow",
    "move_lock": "HotKeyAccountNotExists",
    "serve_axon": "HotKeyNotRegisteredInNetwork",
    "serve_axon_tls": "HotKeyNotRegisteredInNetwork",
    "serve_prometheus": "InvalidIpType",
    "register": "SubnetNotExists",
    "burned_register": "SubnetNotExists",
    "register_limit": "SubnetNotExists",
    "register_network": "CannotAffordLockCost",
    "register_network_with_identity": "CannotAffordLockCost",
    "faucet": "InvalidDifficulty",
    "set_identity": "HotKeyNotRegisteredInNetwork",
    "set_subnet_identity": "NotSubnetOwner",
    "associate_evm_key": "HotKeyNotRegisteredInSubNet",
    "reveal_weights": "NoWeightsCommitFound",
    "reveal_mechanism_weights": "NoWeightsCommitFound",
    "batch_reveal_weights": "NoWeightsCommitFound",
    "set_commitment": "AccountNotAllowedCommit",
    "create": "DepositTooLow",
    **dict.fromkeys(
        (
            "contribute",
            "withdraw",
            "finalize",
            "refund",
            "dissolve",
            "update_min_contribution",
            "update_end",
            "update_cap",
            "set_max_contribution",
        ),
        "InvalidCrowdloanId",
    ),
    # Orders are disabled on this chain.
    "execute_orders": "LimitOrdersDisabled",
    "execute_batched_orders": "LimitOrdersDisabled",
    "cancel_order": "Unauthorized",
}
#: Calls that succeed for all accounts.
OPEN_TO_ALL = {
    "set_root_claim_type",
    "set_perpetual_lock",
    "set_reject_locked_alpha",
    "root_register",
    "try_associate_hotkey",
    "batch_set_weights",
    "batch_commit_weights",
    "submit_encrypted",
    "store_encrypted",
}

#: Errors of root for a subnet that does not exist. Parameters that it may set for future subnets are not included.
ROOT_ERRORS = {
    "dissolve_network": "SubnetNotExists",
    "root_dissolve_network": "SubnetNotExists",
    "sudo_set_sn_owner_hotkey": "SubnetNotExists",
    "sudo_set_subnet_owner_hotkey": "SubnetNotExists",
    "sudo_trim_to_max_allowed_uids": "SubnetNotExists",
    "sudo_set_mechanism_count": "MechanismDoesNotExist",
    "sudo_set_mechanism_emission_split": "MechanismDoesNotExist",
    "sudo_set_alpha_values": "LiquidAlphaDisabled",
    "set_fee_rate": "MechanismDoesNotExist",
    "update_symbol": "SymbolDoesNotExist",
    "set_activity_cutoff_factor": "ActivityCutoffFactorMilliOutOfBounds",
    **dict.fromkeys(
        (
            "sudo_set_min_difficulty",
            "sudo_set_max_difficulty",
            "sudo_set_weights_version_key",
            "sudo_set_weights_set_rate_limit",
            "sudo_set_adjustment_interval",
            "sudo_set_adjustment_alpha",
            "sudo_set_immunity_period",
            "sudo_set_min_allowed_weights",
            "sudo_set_max_allowed_uids",
            "sudo_set_min_allowed_uids",
            "sudo_set_kappa",
            "sudo_set_rho",
            "sudo_set_activity_cutoff",
            "sudo_set_target_registrations_per_interval",
            "sudo_set_min_burn",
            "sudo_set_max_burn",
            "sudo_set_difficulty",
            "sudo_set_max_allowed_validators",
            "sudo_set_bonds_moving_average",
            "sudo_set_max_registrations_per_block",
            "sudo_set_tempo",
            "sudo_set_rao_recycled",
            "sudo_set_commit_reveal_weights_enabled",
            "sudo_set_commit_reveal_weights_interval",
            "sudo_set_bonds_penalty",
            "sudo_set_alpha_sigmoid_steepness",
            "sudo_set_burn_half_life",
            "sudo_set_burn_increase_mult",
            "sudo_set_owner_cut_enabled",
            "sudo_set_min_childkey_take_per_subnet",
            "sudo_set_subnet_emission_enabled",
            "sudo_set_owner_cut_auto_lock_enabled",
        ),
        "SubnetDoesNotExist",
    ),
}

CALLS = {call.name: (pallet, call) for pallet in PALLETS for call in pallet.calls.values()}


@pytest.fixture(autouse=True)
def _root(add_network: AddNetwork) -> None:
    """Add root only."""
    add_network(0, 100)


def zero_call(name: str) -> Call:
    """Return the call with zeros for arguments, for a subnet that does not exist."""
    call = CALLS[name][1]
    subnet = {"netuid": NO_SUBNET, "netuid_index": NO_SUBNET}
    return call.call(**{arg.name: subnet.get(arg.name, arg.codec.read(Reader(ZEROS))) for arg in call.args})


def error_of(name: str, expected: str | None) -> DispatchError:
    """Return an error of the call's own pallet, of SubtensorModule or Crowdloan; BadOrigin without a name."""
    if expected is None:
        return BadOrigin()
    pallets = (CALLS[name][0], subtensor.pallet, crowdloan.pallet)
    errors = next(pallet.error for pallet in pallets if hasattr(pallet.error, expected))
    return as_dispatch_error(getattr(errors, expected))


def assert_refused(ctx: Context, origin: Origin, name: str, expected: str | None) -> None:
    """Assert that the call fails with that error, changes no state and deposits no event."""
    before, events = ctx.state.changes(), list(ctx.block.events)
    with pytest.raises(DispatchFailed) as failure:
        ctx.runtime.dispatch(ctx.with_origin(origin), zero_call(name))
    assert failure.value.error == error_of(name, expected)
    assert ctx.state.changes() == before
    assert ctx.block.events == events


def test_the_tables_name_existing_calls() -> None:
    assert len(CALLS) == sum(len(pallet.calls) for pallet in PALLETS), "two calls of the same name"
    assert CALLS.keys() >= BEFORE_ORIGIN.keys() | SIGNED.keys() | OPEN_TO_ALL | ROOT_ERRORS.keys()


# The calls without a signer: authors announce their keys by inherents, and pulses are signed by their beacon.
@pytest.mark.parametrize("name", [name for name in CALLS if name not in ("announce_next_key", "write_pulse")])
def test_unsigned_calls_are_refused(ctx: Context, name: str) -> None:
    assert_refused(ctx, NONE, name, BEFORE_ORIGIN.get(name))


@pytest.mark.parametrize("name", [name for name in CALLS if name not in OPEN_TO_ALL])
def test_calls_of_a_stranger_are_refused(ctx: Context, name: str) -> None:
    assert_refused(ctx, signed(STRANGER), name, BEFORE_ORIGIN.get(name) or SIGNED.get(name))


@pytest.mark.parametrize("name", [*ROOT_ERRORS, *SIGNED, *OPEN_TO_ALL, "write_pulse"])
def test_root_cannot_sign_or_change_an_unknown_subnet(ctx: Context, name: str) -> None:
    assert_refused(ctx, ROOT_ORIGIN, name, BEFORE_ORIGIN.get(name) or ROOT_ERRORS.get(name))
