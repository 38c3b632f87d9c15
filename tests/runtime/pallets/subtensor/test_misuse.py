"""Misuse of every call: whoever has no business there gets the chain's own error, and nothing has changed.

Every argument is as plain as its encoding allows, and the subnet is one that does not exist. What comes first, the
origin or another check, is the order of the checks in the real calls.
"""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin, DispatchError, DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, Origin, signed
from pysubtensor.runtime.pallets import admin_utils, mev_shield, swap
from pysubtensor.runtime.pallets.commitments import calls as commitments
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.scale import Reader

from tests.world import AddNetwork, account

PALLETS = (subtensor.pallet, admin_utils.pallet, commitments.pallet, swap.pallet, mev_shield.pallet)
NO_SUBNET, STRANGER = 77, account(7)
#: What any argument can be decoded from.
ZEROS = bytes(4096)

COMMITS = (
    "commit_weights",
    "commit_mechanism_weights",
    "commit_timelocked_weights",
    "commit_timelocked_mechanism_weights",
    "commit_crv3_mechanism_weights",
)
DEPRECATED = ("add_liquidity", "remove_liquidity", "modify_position", "toggle_user_liquidity", "disable_lp")

#: Calls that look at something else before they look at who calls.
BEFORE_ORIGIN = {
    "set_weights": "CommitRevealEnabled",
    "set_mechanism_weights": "CommitRevealEnabled",
    "start_call": "SubnetNotExists",
    "sudo_set_network_pow_registration_allowed": "POWRegistrationDisabled",
    "sudo_set_total_issuance": "Deprecated",
    **dict.fromkeys(COMMITS, "MechanismDoesNotExist"),
    **dict.fromkeys(DEPRECATED, "Deprecated"),
}

#: Calls that are open to anybody who signs, and what one without a neuron, a subnet or any TAO hears.
SIGNED = {
    "add_stake": "SubnetNotExists",
    "remove_stake": "SubtokenDisabled",
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
}
#: Calls that even a stranger may make: they cost a fee and do what they can, which here is nothing wrong.
ANYBODY = {
    "root_register",
    "try_associate_hotkey",
    "batch_set_weights",
    "batch_commit_weights",
    "submit_encrypted",
    "store_encrypted",
}

#: What root hears of a subnet that does not exist. Parameters that it may set even of subnets to come are not here.
ROOT_HEARS = {
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
    """There is root, and nothing else."""
    add_network(0, 100)


def plainest(name: str) -> Call:
    """The call with zeros for arguments, of a subnet that does not exist."""
    call = CALLS[name][1]
    subnet = {"netuid": NO_SUBNET, "netuid_index": NO_SUBNET}
    return call.call(**{arg.name: subnet.get(arg.name, arg.codec.read(Reader(ZEROS))) for arg in call.args})


def named(name: str, expected: str | None) -> DispatchError:
    """An error of the call's own pallet or of SubtensorModule; BadOrigin without a name."""
    if expected is None:
        return BadOrigin()
    errors = next(each for each in (CALLS[name][0].error, subtensor.pallet.error) if hasattr(each, expected))
    return as_dispatch_error(getattr(errors, expected))


def hears(ctx: Context, origin: Origin, name: str, expected: str | None) -> None:
    """The call fails with that error; nothing has changed and nothing has happened."""
    before, events = ctx.state.changes(), list(ctx.block.events)
    with pytest.raises(DispatchFailed) as failure:
        ctx.runtime.dispatch(ctx.with_origin(origin), plainest(name))
    assert failure.value.error == named(name, expected)
    assert ctx.state.changes() == before
    assert ctx.block.events == events


def test_the_table_names_calls_that_there_are() -> None:
    assert len(CALLS) == sum(len(pallet.calls) for pallet in PALLETS), "two calls of the same name"
    assert CALLS.keys() >= BEFORE_ORIGIN.keys() | SIGNED.keys() | ANYBODY | ROOT_HEARS.keys()


# The one call that nobody has to make: authors announce their keys without a signature.
@pytest.mark.parametrize("name", [name for name in CALLS if name != "announce_next_key"])
def test_nobody_calls_anything(ctx: Context, name: str) -> None:
    hears(ctx, NONE, name, BEFORE_ORIGIN.get(name))


@pytest.mark.parametrize("name", [name for name in CALLS if name not in ANYBODY])
def test_a_stranger_hears_what_is_missing(ctx: Context, name: str) -> None:
    hears(ctx, signed(STRANGER), name, BEFORE_ORIGIN.get(name) or SIGNED.get(name))


@pytest.mark.parametrize("name", [*ROOT_HEARS, *SIGNED, *ANYBODY])
def test_root_signs_nothing_and_changes_no_unknown_subnet(ctx: Context, name: str) -> None:
    hears(ctx, ROOT_ORIGIN, name, BEFORE_ORIGIN.get(name) or ROOT_HEARS.get(name))
