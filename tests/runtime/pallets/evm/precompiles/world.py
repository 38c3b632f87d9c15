"""The world of the tests: a started subnet that the caller's account owns, with neurons, stake, loans and a lease."""

from __future__ import annotations

from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.frame.origin import signed
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.crowdloan import calls as crowdloan
from pysubtensor.runtime.pallets.crowdloan.declared import NextCrowdloanId
from pysubtensor.runtime.pallets.proxy import calls as proxy
from pysubtensor.runtime.pallets.proxy.proxy_type import ProxyType
from pysubtensor.runtime.pallets.subtensor import storage
from pysubtensor.runtime.pallets.subtensor.lifecycle.leases import register_leased_network
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import init_new_network, register_network
from pysubtensor.runtime.pallets.subtensor.neurons.registration import burned_register

from tests.runtime.pallets.subtensor.pools import give_stake, set_reserves
from tests.world import TAO, account, empty_context, fund

#: The EVM address that most calls come from, a second one, and their accounts.
CALLER, SECOND = bytes.fromhex("c0ffee" + "00" * 16 + "01"), bytes.fromhex("c0ffee" + "00" * 16 + "02")
OWNER, OTHER = evm_account(CALLER), evm_account(SECOND)
#: Hotkeys: of the owner and of the other account, and one that is no neuron yet.
HOT, OTHER_HOT, NEW_HOT = account(1), account(2), account(3)
#: The subnet of the caller, one of the other account, and the leased one.
NETUID, OTHER_NETUID, LEASED = 1, 2, 3
#: Crowdloans of the caller: an open one, one that raised its cap, one without contributors, and that of the lease.
OPEN, FULL, ALONE, OF_LEASE = range(4)
DEPOSIT, CAP, END = 10 * TAO, 5_000 * TAO, 100_000
#: The block in which the world is built, the end of the lease, and the block of the tests.
BUILT, LEASE_END, BLOCK = 10_000, 15_000, 20_000
RICH = 1_000_000 * TAO


def build(runtime: Runtime) -> Context:
    """Return a context in extrinsic 1 of block 20,000, in which nearly every function can be called with success."""
    ctx = empty_context(runtime)
    fund(ctx, [OWNER, OTHER, HOT, OTHER_HOT])
    init_new_network(ctx, 0, 100)
    storage.NetworkRateLimit.put(ctx, 0)
    storage.AdminFreezeWindow.put(ctx, 0)
    _go_to(ctx, BUILT)
    for who in (OWNER, OTHER):
        mint_into(ctx, who, RICH)
    for coldkey, netuid in ((OWNER, NETUID), (OTHER, OTHER_NETUID)):
        _dispatch(ctx, coldkey, register_network.call(coldkey))
        _start(ctx, netuid)
    _dispatch(ctx, OWNER, burned_register.call(NETUID, HOT))
    _dispatch(ctx, OTHER, burned_register.call(NETUID, OTHER_HOT))
    for netuid in (NETUID, OTHER_NETUID):
        for hotkey in (OWNER, HOT):
            give_stake(ctx, hotkey, OWNER, netuid, 5_000 * TAO)
        give_stake(ctx, OTHER_HOT, OTHER, netuid, 2_000 * TAO)
    _dispatch(ctx, OWNER, proxy.add_proxy.call(Id(OTHER), ProxyType.Any, 0))
    _dispatch(ctx, OTHER, proxy.add_proxy.call(Id(OWNER), ProxyType.Any, 0))
    _add_loans(ctx)
    _go_to(ctx, BLOCK)
    ctx.block.enter_phase(ApplyExtrinsic(1))
    ctx.block.author = OTHER
    return ctx


def _dispatch(ctx: Context, who: bytes, call: Call) -> None:
    ctx.runtime.dispatch(ctx.with_origin(signed(who)), call)


def _go_to(ctx: Context, number: int) -> None:
    ctx.block.number = number
    system.Number.put(ctx, number)


def _start(ctx: Context, netuid: int) -> None:
    """Start a subnet whose pool has 10,000 TAO and 20,000 alpha."""
    storage.FirstEmissionBlockNumber.put(ctx, netuid, 1)
    storage.SubtokenEnabled.put(ctx, netuid, True)
    set_reserves(ctx, netuid, 10_000 * TAO, 20_000 * TAO)


def _add_loans(ctx: Context) -> None:
    lease = register_leased_network.call(30, LEASE_END)
    for call, given in ((None, 100 * TAO), (None, CAP - DEPOSIT), (None, 0), (lease, CAP - DEPOSIT)):
        target = OTHER if call is None else None
        index = NextCrowdloanId.get(ctx)
        _dispatch(ctx, OWNER, crowdloan.create.call(DEPOSIT, TAO, CAP, END, call, target))
        if given:
            _dispatch(ctx, OTHER, crowdloan.contribute.call(index, given))
    _dispatch(ctx, OWNER, crowdloan.finalize.call(OF_LEASE))
