"""Each function that changes the state does what the pallet's call does, for the gas of the call's actual weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import signed
from pysubtensor.runtime.frame.runtime import runtime_of
from pysubtensor.runtime.frame.weight import Pays
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.declared.types import SubnetIdentityV3
from pysubtensor.runtime.pallets.subtensor.weights.commit_reveal import get_commit_hash

from tests.runtime.pallets.evm.precompiles.frame import call_function
from tests.runtime.pallets.evm.precompiles.world import (
    ALONE,
    BLOCK,
    CAP,
    DEPOSIT,
    FULL,
    HOT,
    NETUID,
    NEW_HOT,
    OPEN,
    OTHER,
    OTHER_HOT,
    OTHER_NETUID,
    OWNER,
    SECOND,
)
from tests.world import TAO

WEIGHT_PER_GAS = 40_000


@dataclass(frozen=True)
class Row:
    """A function with its arguments, and the pallet's call that it stands for."""

    index: int
    signature: str
    arguments: Sequence[Any]
    #: Pallet and call, and the arguments where they are others.
    name: str
    others: Sequence[Any] | None = None
    #: The name of the error with which the call fails, as the signer is not root or the call is switched off.
    error: str = ""
    before: Callable[[Context], None] = lambda ctx: None

    def call(self, ctx: Context) -> Call:
        """Return the pallet's call."""
        pallet, name = self.name.split(".")
        by_name = {each.name: each for each in runtime_of(ctx).pallets}
        function = next(each for each in by_name[pallet].calls.values() if each.name == name)
        return function.call(*(self.arguments if self.others is None else self.others))


def number(*values: int) -> Any:
    return np.array(values, dtype=np.uint16)


def may_set_weights(ctx: Context) -> None:
    storage.ValidatorPermit.put(ctx, NETUID, np.ones(3, dtype=bool))
    storage.CommitRevealWeightsEnabled.put(ctx, NETUID, False)


def has_committed(ctx: Context) -> None:
    storage.ValidatorPermit.put(ctx, NETUID, np.ones(3, dtype=bool))
    salted = get_commit_hash(OWNER, NETUID, number(0, 1), number(1, 2), number(9), 0)
    storage.WeightCommits.put(ctx, NETUID, OWNER, [(salted, 0, BLOCK, BLOCK)])


def has_liquid_alpha(ctx: Context) -> None:
    storage.LiquidAlphaOn.put(ctx, NETUID, True)


TEXTS = [b"name", b"repository", b"contact", b"url", b"discord", b"description", b"additional"]
WITHOUT_LOGO = SubnetIdentityV3(*TEXTS[:6], b"", TEXTS[6])
WITH_LOGO = SubnetIdentityV3(*TEXTS[:6], b"logo", TEXTS[6])
IDENTITY = ",".join(["bytes32"] + 7 * ["string"])
STAKING = [
    Row(2053, "addStake(bytes32,uint256,uint256)", [HOT, 5 * TAO, NETUID], "add_stake", [HOT, NETUID, 5 * TAO]),
    Row(2053, "removeStake(bytes32,uint256,uint256)", [HOT, 5 * TAO, NETUID], "remove_stake", [HOT, NETUID, 5 * TAO]),
    Row(2053, "removeStakeFull(bytes32,uint256)", [HOT, NETUID], "remove_stake_full_limit", [HOT, NETUID, None]),
    Row(2053, "removeStakeFullLimit(bytes32,uint256,uint256)", [HOT, NETUID, 1], "remove_stake_full_limit"),
    Row(
        2053,
        "moveStake(bytes32,bytes32,uint256,uint256,uint256)",
        [HOT, OTHER_HOT, NETUID, OTHER_NETUID, TAO],
        "move_stake",
    ),
    Row(
        2053,
        "transferStake(bytes32,bytes32,uint256,uint256,uint256)",
        [OTHER, HOT, NETUID, OTHER_NETUID, TAO],
        "transfer_stake",
    ),
    Row(2053, "burnAlpha(bytes32,uint256,uint256)", [HOT, TAO, NETUID], "burn_alpha"),
    Row(
        2053,
        "addStakeLimit(bytes32,uint256,uint256,bool,uint256)",
        [HOT, 5 * TAO, 2 * TAO, True, NETUID],
        "add_stake_limit",
        [HOT, NETUID, 5 * TAO, 2 * TAO, True],
    ),
    Row(
        2053,
        "removeStakeLimit(bytes32,uint256,uint256,bool,uint256)",
        [HOT, 5 * TAO, 1, False, NETUID],
        "remove_stake_limit",
        [HOT, NETUID, 5 * TAO, 1, False],
    ),
    Row(
        2049,
        "removeStake(bytes32,uint256,uint256)",
        [HOT, 5 * TAO * 10**9 + 1, NETUID],
        "remove_stake",
        [HOT, NETUID, 5 * TAO],
    ),
]
PROXIES = [
    Row(
        index,
        "addProxy(bytes32)",
        [HOT],
        "Proxy.add_proxy",
        [Id(HOT), ProxyType.Staking, 0],
    )
    for index in (2049, 2053)
] + [
    Row(2059, "addProxy(bytes32,uint8,uint32)", [HOT, 12, 7], "Proxy.add_proxy", [Id(HOT), ProxyType.RootWeights, 7]),
    Row(2059, "removeProxy(bytes32,uint8,uint32)", [OTHER, 0, 0], "Proxy.remove_proxy", [Id(OTHER), ProxyType.Any, 0]),
    Row(2059, "removeProxies()", [], "Proxy.remove_proxies"),
    Row(2059, "pokeDeposit()", [], "Proxy.poke_deposit"),
    Row(2059, "createPureProxy(uint8,uint32,uint16)", [0, 0, 1], "Proxy.create_pure", [ProxyType.Any, 0, 1]),
]
SETTERS = {
    "setServingRateLimit(uint16,uint64)": 30,
    "setMinDifficulty(uint16,uint64)": 30,
    "setMaxDifficulty(uint16,uint64)": 10**9,
    "setWeightsVersionKey(uint16,uint64)": 30,
    "setAdjustmentAlpha(uint16,uint64)": 30,
    "setImmunityPeriod(uint16,uint16)": 30,
    "setMinAllowedWeights(uint16,uint16)": 30,
    "setKappa(uint16,uint16)": 30,
    "setRho(uint16,uint16)": 30,
    "setActivityCutoff(uint16,uint16)": 5000,
    "setNetworkRegistrationAllowed(uint16,bool)": False,
    "setNetworkPowRegistrationAllowed(uint16,bool)": True,
    "setDifficulty(uint16,uint64)": 30,
    "setBondsMovingAverage(uint16,uint64)": 30,
    "setCommitRevealWeightsEnabled(uint16,bool)": False,
    "setLiquidAlphaEnabled(uint16,bool)": True,
    "setYuma3Enabled(uint16,bool)": True,
    "setBondsResetEnabled(uint16,bool)": True,
    "setCommitRevealWeightsInterval(uint16,uint64)": 3,
}
#: Setters that fail: only root may use them, or registration by work is switched off on the chain.
REFUSED = {
    "setMinDifficulty(uint16,uint64)": "BadOrigin",
    "setKappa(uint16,uint16)": "BadOrigin",
    "setNetworkRegistrationAllowed(uint16,bool)": "BadOrigin",
    "setNetworkPowRegistrationAllowed(uint16,bool)": "POWRegistrationDisabled",
    "setDifficulty(uint16,uint64)": "BadOrigin",
}


def setter_of(signature: str) -> str:
    """Return the call of AdminUtils: `sudo_set_max_difficulty` for setMaxDifficulty(…)."""
    name = signature.partition("(")[0]
    return "AdminUtils.sudo_" + "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


SUBNET = [
    Row(2051, signature, [NETUID, value], setter_of(signature), error=REFUSED.get(signature, ""))
    for signature, value in SETTERS.items()
] + [
    Row(2051, "toggleTransfers(uint16,bool)", [NETUID, False], "AdminUtils.sudo_set_toggle_transfer"),
    Row(2051, "setActivityCutoffFactor(uint16,uint32)", [NETUID, 2000], "set_activity_cutoff_factor"),
    Row(
        2051,
        "setAlphaValues(uint16,uint16,uint16)",
        [NETUID, 20_000, 50_000],
        "AdminUtils.sudo_set_alpha_values",
        before=has_liquid_alpha,
    ),
    Row(
        2051,
        "setAlphaSigmoidSteepness(uint16,uint16)",
        [NETUID, 500],
        "AdminUtils.sudo_set_alpha_sigmoid_steepness",
    ),
    Row(
        2051,
        "setAlphaSigmoidSteepness(uint16,uint16)",
        [NETUID, 65_535],
        "AdminUtils.sudo_set_alpha_sigmoid_steepness",
        [NETUID, -1],
        error="NegativeSigmoidSteepness",
    ),
    Row(2051, "registerNetwork(bytes32)", [NEW_HOT], "register_network_with_identity", [NEW_HOT, None]),
    Row(
        2051,
        f"registerNetwork({IDENTITY})",
        [NEW_HOT, *TEXTS],
        "register_network_with_identity",
        [NEW_HOT, WITHOUT_LOGO],
    ),
    Row(
        2051,
        f"registerNetwork({IDENTITY},string)",
        [NEW_HOT, *TEXTS, b"logo"],
        "register_network_with_identity",
        [NEW_HOT, WITH_LOGO],
    ),
]
AXON = [NETUID, 1, 0x0808_0808, 80, 4, 0, 0, 0]
NEURON = [
    Row(
        2052,
        "setWeights(uint16,uint16[],uint16[],uint64)",
        [NETUID, [0, 1], [1, 2], 0],
        "set_weights",
        [NETUID, number(0, 1), number(1, 2), 0],
        before=may_set_weights,
    ),
    Row(2052, "commitWeights(uint16,bytes32)", [NETUID, bytes(32)], "commit_weights"),
    Row(
        2052,
        "revealWeights(uint16,uint16[],uint16[],uint16[],uint64)",
        [NETUID, [0, 1], [1, 2], [9], 0],
        "reveal_weights",
        [NETUID, number(0, 1), number(1, 2), number(9), 0],
        before=has_committed,
    ),
    Row(2052, "burnedRegister(uint16,bytes32)", [NETUID, NEW_HOT], "burned_register"),
    Row(2052, "registerLimit(uint16,bytes32,uint64)", [NETUID, NEW_HOT, 10**12], "register_limit"),
    Row(2052, "serveAxon(uint16,uint32,uint128,uint16,uint8,uint8,uint8,uint8)", AXON, "serve_axon"),
    Row(
        2052,
        "serveAxonTls(uint16,uint32,uint128,uint16,uint8,uint8,uint8,uint8,bytes)",
        [*AXON, b"\1" + bytes(32)],
        "serve_axon_tls",
    ),
    Row(2052, "servePrometheus(uint16,uint32,uint128,uint16,uint8)", AXON[:5], "serve_prometheus"),
]
LOANS = [
    Row(
        2057,
        "create(uint64,uint64,uint64,uint32,address)",
        [DEPOSIT, TAO, CAP, BLOCK + 60_000, SECOND],
        "Crowdloan.create",
        [DEPOSIT, TAO, CAP, BLOCK + 60_000, None, OTHER],
    ),
    Row(2057, "contribute(uint32,uint64)", [OPEN, 50 * TAO], "Crowdloan.contribute"),
    Row(2057, "finalize(uint32)", [FULL], "Crowdloan.finalize"),
    Row(2057, "refund(uint32)", [OPEN], "Crowdloan.refund"),
    Row(2057, "dissolve(uint32)", [ALONE], "Crowdloan.dissolve"),
    Row(2057, "updateMinContribution(uint32,uint64)", [OPEN, 2 * TAO], "Crowdloan.update_min_contribution"),
    Row(2057, "updateEnd(uint32,uint32)", [OPEN, BLOCK + 90_000], "Crowdloan.update_end"),
    Row(2057, "updateCap(uint32,uint64)", [OPEN, 2 * CAP], "Crowdloan.update_cap"),
    Row(2058, "terminateLease(uint32,bytes32)", [0, HOT], "terminate_lease"),
]


def in_full(row: Row) -> Row:
    """Return the row with the name of the pallet, by default SubtensorModule."""
    fields = {**row.__dict__, "name": row.name if "." in row.name else f"SubtensorModule.{row.name}"}
    return Row(**fields)


ROWS = [in_full(row) for row in STAKING + PROXIES + SUBNET + NEURON + LOANS]


def dispatched(ctx: Context, who: bytes, call: Call) -> tuple[str, int, dict[bytes, bytes | None], list[Any]]:
    """Dispatch a call and undo it: its error, its actual reference time, its changes, its events."""
    info, mark, error = ctx.runtime.info(call), ctx.block.mark(), ""
    with ctx.state.anchor():
        try:
            post = ctx.runtime.dispatch(ctx.with_origin(signed(who)), call)
            weight = post.actual_weight or info.total_weight
            used = weight.ref_time if Pays.No not in (info.pays_fee, post.pays_fee) else 0
        except DispatchFailed as failure:
            error, used = getattr(failure.reason, "name", type(failure.reason).__name__), 0
        changes, events = ctx.state.changes(), ctx.block.events[mark[0] :]
    ctx.block.rewind(mark)
    return error, used, changes, events


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.index}.{row.signature}"[:60])
def test_a_function_does_what_the_call_does(ctx: Context, row: Row) -> None:
    row.before(ctx)
    error, used, changes, events = dispatched(ctx, OWNER, row.call(ctx))
    assert error == row.error
    seen = len(ctx.block.events)
    outcome = call_function(ctx, row.index, row.signature, *row.arguments)
    assert (ctx.state.changes(), ctx.block.events[seen:]) == (changes, events)
    if error:
        text = {"BadOrigin": "Bad origin"}.get(error, error)
        assert (outcome.exit, outcome.gas) == (f"dispatch execution failed: {text}", 10_000_000)
    else:
        assert (outcome.exit, outcome.gas) == ("Returned", used // WEIGHT_PER_GAS)
