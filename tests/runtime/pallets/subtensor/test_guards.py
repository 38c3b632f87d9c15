"""Guards: calls that are refused before they run, at any depth, and the numbers of errors for clients."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pysubtensor.runtime.extensions.subtensor import CODES, SubtensorTransactionExtension
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed, as_dispatch_error
from pysubtensor.runtime.frame.extrinsic import Extrinsic, Id, Kind
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, signed
from pysubtensor.runtime.frame.validity import Refused, Validity
from pysubtensor.runtime.frame.weight import ZERO, Weight, weight_of
from pysubtensor.runtime.pallets.mev_shield import submit_encrypted
from pysubtensor.runtime.pallets.proxy.calls import add_proxy, proxy
from pysubtensor.runtime.pallets.proxy.declared import LastCallResult
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.subtensor import guards
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import NetworkLastRegistered
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import create_account_if_non_existent
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import register_network
from pysubtensor.runtime.pallets.subtensor.neurons.evm import associate_evm_key
from pysubtensor.runtime.pallets.subtensor.neurons.registration import burned_register
from pysubtensor.runtime.pallets.subtensor.neurons.serving import serve_axon, serve_axon_tls, serve_prometheus
from pysubtensor.runtime.pallets.subtensor.neurons.uids import set_last_update_for_uid
from pysubtensor.runtime.pallets.subtensor.storage.delegation import MaxDelegateTake, MinDelegateTake
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import CommitRevealWeightsEnabled
from pysubtensor.runtime.pallets.subtensor.storage.networks import NetworkRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import LastRateLimitedBlock, WeightsSetRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.swaps import ColdkeySwapAnnouncements, ColdkeySwapDisputes
from pysubtensor.runtime.pallets.subtensor.storage.tempo import LastEpochBlock, SubnetEpochIndex
from pysubtensor.runtime.pallets.subtensor.storage.weights import StakeThreshold
from pysubtensor.runtime.pallets.subtensor.weights.commit_reveal import (
    batch_commit_weights,
    batch_reveal_weights,
    commit_mechanism_weights,
    commit_weights,
    get_commit_hash,
    reveal_mechanism_weights,
    reveal_weights,
)
from pysubtensor.runtime.pallets.subtensor.weights.set_weights import (
    batch_set_weights,
    set_mechanism_weights,
    set_weights,
)
from pysubtensor.runtime.pallets.subtensor.weights.timelocked import (
    commit_crv3_mechanism_weights,
    commit_timelocked_mechanism_weights,
    commit_timelocked_weights,
)
from pysubtensor.runtime.pallets.system import remark
from pysubtensor.runtime.pallets.utility import BatchInterrupted, batch
from pysubtensor.runtime.scale import Err

from tests.costs import own_info
from tests.world import ALICE, BOB, CHARLIE, AddNetwork, AddNeuron, Blocks, Dispatch, Events, GoTo, RefusedCall

NETUID = 1
HASH = bytes(32)


def u16s(*values: int) -> NDArray[np.uint16]:
    return np.array(values, np.uint16)


def axon(port: int = 1, ip_type: int = 4) -> Call:
    return serve_axon.call(NETUID, 1, 0x08080808, port, ip_type, 0, 0, 0)


SET = set_weights.call(NETUID, u16s(0), u16s(1), 0)
SET_MECHANISM = set_mechanism_weights.call(NETUID, 0, u16s(0), u16s(1), 0)
COMMIT, COMMIT_MECHANISM = commit_weights.call(NETUID, HASH), commit_mechanism_weights.call(NETUID, 0, HASH)
REVEALS = [
    reveal_weights.call(NETUID, u16s(0), u16s(1), u16s(1), 0),
    reveal_mechanism_weights.call(NETUID, 0, u16s(0), u16s(1), u16s(1), 0),
    batch_reveal_weights.call(NETUID, [u16s(0)], [u16s(1)], [u16s(1)], [0]),
]
RATE_LIMITED = [SET, SET_MECHANISM, COMMIT, COMMIT_MECHANISM]
WEIGHTS = [
    *RATE_LIMITED,
    *REVEALS,
    batch_set_weights.call([NETUID], [[(0, 1)]], [0]),
    batch_commit_weights.call([NETUID], [HASH]),
    commit_timelocked_weights.call(NETUID, b"\0", 0, 0),
    commit_timelocked_mechanism_weights.call(NETUID, 0, b"\0", 0, 0),
    commit_crv3_mechanism_weights.call(NETUID, 0, b"\0", 0),
]
SERVE = [
    axon(),
    serve_axon_tls.call(NETUID, 1, 0x08080808, 1, 4, 0, 0, 0, b""),
    serve_prometheus.call(NETUID, 1, 8, 1, 4),
]
REGISTER_NETWORK = register_network.call(CHARLIE)
ASSOCIATE = associate_evm_key.call(NETUID, bytes(20), 0, bytes(65))


@pytest.fixture(autouse=True)
def subnet(ctx: Context, go_to: GoTo, add_network: AddNetwork, add_neuron: AddNeuron) -> None:
    """A subnet with one neuron, Alice's hotkey, in a block after all rate limits have passed."""
    add_network(NETUID, 10)
    add_neuron(NETUID, ALICE, BOB)
    CommitRevealWeightsEnabled.put(ctx, NETUID, False)
    go_to(200)
    LastEpochBlock.put(ctx, NETUID, 200)


def named(calls: list[Call]) -> list[str]:
    return [call.name for call in calls]


# --- what they cost ------------------------------------------------------------------------------------------------

OF_WEIGHTS, OF_RATE_LIMITS = weight_of(52_958_000, 7671, 11), weight_of(35_376_000, 4484, 7)
COSTS = [
    *((call, OF_WEIGHTS + (OF_RATE_LIMITS if call in RATE_LIMITED else ZERO)) for call in WEIGHTS),
    (REGISTER_NETWORK, OF_RATE_LIMITS),
    *((call, weight_of(19_035_000, 4112, 3)) for call in SERVE),
    (ASSOCIATE, weight_of(15_448_000, 4117, 2)),
    (burned_register.call(NETUID, BOB), ZERO),
    (remark.call(b""), ZERO),
    (batch.call([SET]), ZERO),
]


def transaction(call: Call) -> Extrinsic:
    return Extrinsic(b"", Kind.SIGNED, call)


@pytest.mark.parametrize(("call", "weight"), COSTS, ids=named([call for call, _ in COSTS]))
def test_a_transaction_pays_for_the_guards_of_its_call(call: Call, weight: Weight) -> None:
    assert SubtensorTransactionExtension().weight(transaction(call), None) == weight


def test_every_transaction_pays_for_the_guard_of_coldkeys() -> None:
    assert SubtensorTransactionExtension.fixed_weight == weight_of(17_583_000, 4198, 2)


# --- coldkeys being swapped ----------------------------------------------------------------------------------------


@pytest.fixture
def announced(ctx: Context) -> None:
    """Alice has announced that her coldkey will be swapped."""
    ColdkeySwapAnnouncements.put(ctx, ALICE, (250, HASH))


ANYTHING = [remark.call(b""), SET, REGISTER_NETWORK, burned_register.call(NETUID, CHARLIE)]


@pytest.mark.usefixtures("announced")
@pytest.mark.parametrize("call", ANYTHING, ids=named(ANYTHING))
def test_an_account_with_an_announced_swap_can_make_few_calls(refused: RefusedCall, call: Call) -> None:
    refused(ALICE, call, Error.ColdkeySwapAnnounced)


@pytest.mark.usefixtures("announced")
def test_an_account_with_an_announced_swap_may_send_shielded_transactions(ctx: Context) -> None:
    guards.check(ctx.with_origin(signed(ALICE)), submit_encrypted.call(b"\1\2\3\4"))


@pytest.mark.usefixtures("announced")
def test_a_disputed_swap_blocks_all_calls(ctx: Context, refused: RefusedCall) -> None:
    ColdkeySwapDisputes.put(ctx, ALICE, 200)
    for call in (*ANYTHING, submit_encrypted.call(b"\1\2\3\4")):
        refused(ALICE, call, Error.ColdkeySwapDisputed)


@pytest.mark.usefixtures("announced")
def test_root_and_other_accounts_pass(ctx: Context, dispatch: Dispatch) -> None:
    ColdkeySwapDisputes.put(ctx, ALICE, 200)
    guards.check(ctx.with_origin(NONE), remark.call(b""))
    for origin in (ROOT_ORIGIN, BOB):
        dispatch(origin, remark.call(b""))


@pytest.mark.usefixtures("announced")
def test_proxies_cannot_act_for_an_announced_account_at_any_depth(ctx: Context, dispatch: Dispatch) -> None:
    ColdkeySwapAnnouncements.remove(ctx, ALICE)
    dispatch(ALICE, add_proxy.call(Id(BOB), ProxyType.Any, 0))
    dispatch(BOB, add_proxy.call(Id(CHARLIE), ProxyType.Any, 0))
    ColdkeySwapAnnouncements.put(ctx, ALICE, (250, HASH))
    for_alice = proxy.call(Id(ALICE), None, remark.call(b""))
    for delegate, call in ((BOB, for_alice), (CHARLIE, proxy.call(Id(BOB), None, for_alice))):
        LastCallResult.remove(ctx, ALICE)
        dispatch(delegate, call)
        assert LastCallResult.get(ctx, ALICE) == Err(as_dispatch_error(Error.ColdkeySwapAnnounced))


# --- weights -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", WEIGHTS, ids=named(WEIGHTS))
def test_calls_about_weights_need_the_minimum_stake(ctx: Context, refused: RefusedCall, call: Call) -> None:
    StakeThreshold.put(ctx, 1_000_000_000_000)
    refused(ALICE, call, Error.NotEnoughStakeToSetWeights)


def test_the_lists_of_batches_are_compared_first(ctx: Context, refused: RefusedCall) -> None:
    StakeThreshold.put(ctx, 1_000_000_000_000)
    unequal = (
        batch_commit_weights.call([NETUID], []),
        batch_set_weights.call([NETUID], [], [0]),
        batch_reveal_weights.call(NETUID, [u16s(0)], [], [u16s(1)], [0]),
    )
    for call in unequal:
        refused(ALICE, call, Error.InputLengthsUnequal)


@pytest.mark.parametrize("call", REVEALS, ids=named(REVEALS))
def test_a_reveal_needs_its_commit_and_the_epoch_after_it(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, call: Call
) -> None:
    """The guard's error for an expired commit is that of an early reveal, and without a match "not found"."""
    CommitRevealWeightsEnabled.put(ctx, NETUID, True)
    WeightsSetRateLimit.put(ctx, NETUID, 0)
    refused(ALICE, call, Error.NoWeightsCommitFound)
    dispatch(ALICE, commit_weights.call(NETUID, b"\1" * 32))
    refused(ALICE, call, Error.NoWeightsCommitFound)
    dispatch(ALICE, commit_weights.call(NETUID, get_commit_hash(ALICE, NETUID, u16s(0), u16s(1), u16s(1), 0)))
    for epoch in (0, 2):
        SubnetEpochIndex.put(ctx, NETUID, epoch)
        refused(ALICE, call, Error.RevealTooEarly)
    SubnetEpochIndex.put(ctx, NETUID, 1)
    dispatch(ALICE, call)


def test_guards_check_calls_within_batches(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    StakeThreshold.put(ctx, 1)
    events()
    dispatch(ALICE, batch.call([SET]))
    assert events() == [BatchInterrupted(0, as_dispatch_error(Error.NotEnoughStakeToSetWeights))]


# --- rate limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (SET, Error.SettingWeightsTooFast),
        (SET_MECHANISM, Error.SettingWeightsTooFast),
        (COMMIT, Error.CommittingWeightsTooFast),
        (COMMIT_MECHANISM, Error.CommittingWeightsTooFast),
    ],
    ids=named(RATE_LIMITED),
)
def test_setting_and_committing_weights_is_rate_limited(ctx: Context, go_to: GoTo, call: Call, error: Error) -> None:
    """Commits are limited even without commit-reveal, which is checked later."""
    WeightsSetRateLimit.put(ctx, NETUID, 100)
    set_last_update_for_uid(ctx, NETUID, 0, 200)
    as_alice = ctx.with_origin(signed(ALICE))
    go_to(299)
    with pytest.raises(DispatchFailed) as failure:
        guards.check(as_alice, call)
    assert failure.value.reason is error
    go_to(300)
    guards.check(as_alice, call)


def test_direct_weights_have_no_limit_where_they_are_refused_anyway(ctx: Context, refused: RefusedCall) -> None:
    CommitRevealWeightsEnabled.put(ctx, NETUID, True)
    set_last_update_for_uid(ctx, NETUID, 0, 200)
    for call in (SET, SET_MECHANISM):
        refused(ALICE, call, Error.CommitRevealEnabled)


def test_registrations_of_subnets_are_rate_limited(ctx: Context, refused: RefusedCall) -> None:
    NetworkRateLimit.put(ctx, 50)
    LastRateLimitedBlock.put(ctx, NetworkLastRegistered(), 170)
    refused(BOB, REGISTER_NETWORK, Error.NetworkTxRateLimitExceeded)
    LastRateLimitedBlock.put(ctx, NetworkLastRegistered(), 150)
    guards.check(ctx.with_origin(signed(BOB)), REGISTER_NETWORK)


# --- takes, endpoints, EVM keys ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["increase_take", "decrease_take"])
def test_a_take_is_within_its_bounds_and_set_by_the_owner(ctx: Context, name: str) -> None:
    (check,) = guards.CHECK_DELEGATE_TAKE.checks[name]
    create_account_if_non_existent(ctx, BOB, ALICE)
    least, most = MinDelegateTake.get(ctx), MaxDelegateTake.get(ctx)
    assert (least, most) == (5_898, 11_796)
    for take in (least, most):
        check(ctx, BOB, ALICE, take)
    for who, hotkey, take, error in (
        (BOB, ALICE, least - 1, Error.DelegateTakeTooLow),
        (BOB, ALICE, most + 1, Error.DelegateTakeTooHigh),
        (CHARLIE, ALICE, most, Error.NonAssociatedColdKey),
        (BOB, CHARLIE, most, Error.HotKeyAccountNotExists),
    ):
        with pytest.raises(DispatchFailed) as failure:
            check(ctx, who, hotkey, take)
        assert failure.value.reason is error


@pytest.mark.parametrize("call", SERVE, ids=named(SERVE))
def test_only_neurons_serve(dispatch: Dispatch, refused: RefusedCall, call: Call) -> None:
    refused(BOB, call, Error.HotKeyNotRegisteredInNetwork)
    dispatch(ALICE, call)


def test_evm_keys_are_of_neurons(refused: RefusedCall) -> None:
    refused(BOB, ASSOCIATE, Error.HotKeyNotRegisteredInSubNet)


# --- numbers of errors ---------------------------------------------------------------------------------------------


def outcome_of(ctx: Context, who: bytes, call: Call) -> str:
    """Return the result of the extension for a transaction."""
    try:
        SubtensorTransactionExtension().validate(
            ctx.with_origin(signed(who)), transaction(call), None, own_info(call), Validity()
        )
    except Refused as refused:
        return str(refused)
    return "valid"


def test_errors_have_numbers_for_clients(ctx: Context) -> None:
    assert outcome_of(ctx, ALICE, remark.call(b"")) == "valid"
    assert outcome_of(ctx, ALICE, SET) == "valid"
    assert outcome_of(ctx, BOB, axon()) == "Custom error: 10"
    assert outcome_of(ctx, ALICE, axon(port=0)) == "Custom error: 13"
    assert outcome_of(ctx, BOB, ASSOCIATE) == "Custom error: 19"
    assert {outcome_of(ctx, ALICE, call) for call in REVEALS} == {"Custom error: 16"}
    assert outcome_of(ctx, ALICE, batch_commit_weights.call([NETUID], [])) == "Custom error: 18"
    set_last_update_for_uid(ctx, NETUID, 0, 199)
    assert outcome_of(ctx, ALICE, SET) == "Custom error: 6"
    StakeThreshold.put(ctx, 1)
    assert outcome_of(ctx, ALICE, SET) == "Custom error: 1"
    ColdkeySwapAnnouncements.put(ctx, ALICE, (250, HASH))
    assert outcome_of(ctx, ALICE, SET) == "Custom error: 0"
    ColdkeySwapDisputes.put(ctx, ALICE, 200)
    assert outcome_of(ctx, ALICE, SET) == "Custom error: 21"


def test_refused_calls_are_not_included_in_a_block(blocks: Blocks) -> None:
    ColdkeySwapAnnouncements.put(blocks.begin(), ALICE, (250, HASH))
    with pytest.raises(Refused, match=r"^Custom error: 0$"):
        blocks.send("Alice", remark.call(b""))
    assert blocks.send("Bob", remark.call(b""))


def test_errors_without_a_number_are_bad_requests(ctx: Context) -> None:
    assert outcome_of(ctx, ALICE, axon(ip_type=5)) == "Custom error: 255"


def test_each_number_is_the_chains() -> None:
    assert {error: int(code) for error, code in CODES.items()} == {
        Error.ColdkeySwapAnnounced: 0,
        Error.AmountTooLow: 1,
        Error.NotEnoughStakeToSetWeights: 1,
        Error.NotEnoughBalanceToStake: 2,
        Error.SubnetNotExists: 3,
        Error.HotKeyAccountNotExists: 4,
        Error.NotEnoughStakeToWithdraw: 5,
        Error.CommittingWeightsTooFast: 6,
        Error.SettingWeightsTooFast: 6,
        Error.NetworkTxRateLimitExceeded: 6,
        Error.InsufficientLiquidity: 7,
        Error.SlippageTooHigh: 8,
        Error.TransferDisallowed: 9,
        Error.HotKeyNotRegisteredInNetwork: 10,
        Error.InvalidIpAddress: 11,
        Error.ServingRateLimitExceeded: 12,
        Error.InvalidPort: 13,
        Error.InvalidRevealRound: 15,
        Error.NoWeightsCommitFound: 16,
        Error.RevealTooEarly: 17,
        Error.InputLengthsUnequal: 18,
        Error.HotKeyNotRegisteredInSubNet: 19,
        Error.EvmKeyAssociateRateLimitExceeded: 20,
        Error.ColdkeySwapDisputed: 21,
        Error.NonAssociatedColdKey: 25,
        Error.DelegateTakeTooLow: 26,
        Error.DelegateTakeTooHigh: 27,
    }
