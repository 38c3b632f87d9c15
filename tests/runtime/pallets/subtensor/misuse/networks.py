"""Misuse of SubtensorModule: registering, starting, naming and dissolving subnets."""

from __future__ import annotations

from collections.abc import Callable

from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN as BY_ROOT
from pysubtensor.runtime.pallets.balances.declared import ExistentialDeposit
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.shared.types import ROOT_NETUID
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.types import SubnetIdentityV3
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import try_associate_hotkey
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.ledger.tao import get_coldkey_balance
from pysubtensor.runtime.pallets.subtensor.lifecycle.dissolve import dissolve_network, root_dissolve_network
from pysubtensor.runtime.pallets.subtensor.lifecycle.network_registration import (
    register_network,
    register_network_with_identity,
    start_call,
)
from pysubtensor.runtime.pallets.subtensor.neurons.identity import set_identity, set_subnet_identity
from pysubtensor.runtime.pallets.subtensor.storage.networks import (
    FirstEmissionBlockNumber,
    NetworkLastLockCost,
    NetworkMinLockCost,
    NetworkRateLimit,
    NetworkRegisteredAt,
    NetworkRegistrationStartBlock,
    StartCallDelay,
    SubnetLimit,
    TokenSymbol,
)
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_network_lock_cost
from pysubtensor.runtime.pallets.subtensor.subnets.symbols import update_symbol

from tests.world import ALICE, CHARLIE, account

from .table import NETUID, OWNER, STRANGER, Attempt, Kind, Table, World

table = Table()

HOTKEY, OTHER_HOTKEY, POOR = (account(number) for number in (7, 8, 9))

REGISTRATIONS: dict[str, Callable[[bytes], Call]] = {
    "register_network": register_network.call,
    "register_network_with_identity": lambda hotkey: register_network_with_identity.call(hotkey, SubnetIdentityV3()),
}
DISSOLUTIONS: dict[str, Callable[[int], Call]] = {
    "dissolve_network": lambda netuid: dissolve_network.call(OWNER, netuid),
    "root_dissolve_network": root_dissolve_network.call,
}
#: The greatest length of each text.
OF_COLDKEY = {
    "name": 256,
    "url": 256,
    "github_repo": 256,
    "image": 1_024,
    "discord": 256,
    "description": 1_024,
    "additional": 1_024,
}
OF_SUBNET = {
    "subnet_name": 256,
    "github_repo": 1_024,
    "subnet_contact": 1_024,
    "subnet_url": 1_024,
    "discord": 256,
    "description": 1_024,
    "logo_url": 1_024,
    "additional": 1_024,
}


# --- registering a subnet ------------------------------------------------------------------------------------------


@table.misuse_of_each(REGISTRATIONS, Kind.EARLY, Error.SubNetRegistrationDisabled)
def before_the_first_block_for_it(world: World, call: str) -> Attempt:
    NetworkRegistrationStartBlock.put(world.ctx, world.ctx.block.number + 1)
    return STRANGER, REGISTRATIONS[call](HOTKEY)


@table.misuse_of_each(REGISTRATIONS, Kind.FAST, Error.NetworkTxRateLimitExceeded)
def shortly_after_another_subnet(world: World, call: str) -> Attempt:
    NetworkRateLimit.put(world.ctx, 50)
    world.add_dynamic_network(OTHER_HOTKEY, OWNER)
    world.go_to(world.ctx.block.number + 49)
    return STRANGER, REGISTRATIONS[call](HOTKEY)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.CannotAffordLockCost)
def for_more_than_the_balance(world: World, call: str) -> Attempt:
    NetworkMinLockCost.put(world.ctx, get_coldkey_balance(world.ctx, STRANGER) + 1)
    return STRANGER, REGISTRATIONS[call](HOTKEY)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.InsufficientBalance)
def for_what_keeps_the_account_alive(world: World, call: str) -> Attempt:
    deposit = ExistentialDeposit.get(world.ctx)
    NetworkMinLockCost.put(world.ctx, deposit)
    NetworkLastLockCost.put(world.ctx, deposit)
    assert get_network_lock_cost(world.ctx) == deposit
    mint_into(world.ctx, POOR, deposit)
    return POOR, REGISTRATIONS[call](HOTKEY)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.SubnetLimitReached)
def one_subnet_too_many_while_all_are_immune(world: World, call: str) -> Attempt:
    SubnetLimit.put(world.ctx, 1)
    world.subnet()
    return STRANGER, REGISTRATIONS[call](HOTKEY)


@table.misuse_of_each(REGISTRATIONS, Kind.TWICE, Error.NonAssociatedColdKey)
def with_a_hotkey_that_has_an_owner(world: World, call: str) -> Attempt:
    world.do(CHARLIE, try_associate_hotkey.call(HOTKEY))
    return STRANGER, REGISTRATIONS[call](HOTKEY)


@table.misuse_of_each(REGISTRATIONS, Kind.TWICE, Error.CannotUseSystemAccount)
def with_the_account_of_a_subnet_as_hotkey(world: World, call: str) -> Attempt:
    account = get_subnet_account_id(world.ctx, world.subnet())
    assert account is not None
    return STRANGER, REGISTRATIONS[call](account)


table.never(Kind.LENGTHS, "it takes no list", "register_network")


# --- starting and dissolving it ------------------------------------------------------------------------------------


def new_subnet(world: World) -> int:
    """Register a subnet that has not been started."""
    netuid = world.subnet()
    FirstEmissionBlockNumber.remove(world.ctx, netuid)
    return netuid


@table.misuse("start_call", Kind.EARLY, Error.NeedWaitingMoreBlocksToStarCall)
def before_its_delay_is_over(world: World) -> Attempt:
    new_subnet(world)
    NetworkRegisteredAt.put(world.ctx, NETUID, 100)
    StartCallDelay.put(world.ctx, 30)
    world.go_to(129)
    return OWNER, start_call.call(NETUID)


@table.misuse("start_call", Kind.TWICE, Error.FirstEmissionBlockNumberAlreadySet)
def after_it_was_started(world: World) -> Attempt:
    new_subnet(world)
    world.do(OWNER, start_call.call(NETUID))
    return OWNER, start_call.call(NETUID)


table.never(Kind.FAST, "a subnet is started only once", "start_call")
table.never(Kind.MUCH, "it takes no value", "start_call")
table.never(Kind.LENGTHS, "it takes no list", "start_call")


@table.misuse_of_each(DISSOLUTIONS, Kind.MUCH, Error.SubnetNotExists)
def root_itself(world: World, call: str) -> Attempt:
    world.subnet(ROOT_NETUID)
    return BY_ROOT, DISSOLUTIONS[call](ROOT_NETUID)


@table.misuse_of_each(DISSOLUTIONS, Kind.TWICE, Error.SubnetNotExists)
def after_it_was_dissolved(world: World, call: str) -> Attempt:
    world.subnet()
    world.do(BY_ROOT, DISSOLUTIONS[call](NETUID))
    return BY_ROOT, DISSOLUTIONS[call](NETUID)


table.never(Kind.EARLY, "root dissolves a subnet at any time, be it immune or never started", *DISSOLUTIONS)
table.never(Kind.FAST, "root dissolves as many subnets in a block as it likes", *DISSOLUTIONS)
table.never(Kind.LENGTHS, "it takes no list", *DISSOLUTIONS)


# --- identities ----------------------------------------------------------------------------------------------------


def texts(limits: dict[str, int], too_long: str = "") -> dict[str, bytes]:
    """Return texts of the greatest length, one of them longer by a byte."""
    return {field: b"x" * (limit + (field == too_long)) for field, limit in limits.items()}


def registered_coldkey(world: World) -> bytes:
    """Return a coldkey with a registered hotkey."""
    world.subnet()
    world.neuron(HOTKEY, ALICE)
    return ALICE


def with_long_text_of_coldkey(world: World, field: str) -> Attempt:
    return registered_coldkey(world), set_identity.call(**texts(OF_COLDKEY, field))


def with_long_text_of_subnet(world: World, field: str) -> Attempt:
    world.subnet()
    return OWNER, set_subnet_identity.call(NETUID, **texts(OF_SUBNET, field))


def with_long_text_of_new_subnet(world: World, field: str) -> Attempt:
    return STRANGER, register_network_with_identity.call(HOTKEY, SubnetIdentityV3(**texts(OF_SUBNET, field)))


def misuse_of_texts(call: str, limits: dict[str, int], with_long_text: Callable[[World, str], Attempt]) -> None:
    """Add misuses of a call: one for each of its texts, which is too long."""
    for field in limits:

        def attempt(world: World, field: str = field) -> Attempt:
            return with_long_text(world, field)

        attempt.__name__ = f"{field}_is_too_long"
        table.misuse(call, Kind.LENGTHS, Error.InvalidIdentity)(attempt)


misuse_of_texts("set_identity", OF_COLDKEY, with_long_text_of_coldkey)
misuse_of_texts("set_subnet_identity", OF_SUBNET, with_long_text_of_subnet)
misuse_of_texts("register_network_with_identity", OF_SUBNET, with_long_text_of_new_subnet)


@table.misuse("set_identity", Kind.EARLY, Error.HotKeyNotRegisteredInNetwork)
def before_a_hotkey_of_it_is_a_neuron(world: World) -> Attempt:
    world.do(ALICE, try_associate_hotkey.call(HOTKEY))
    return ALICE, set_identity.call(**texts(OF_COLDKEY))


IDENTITIES = ("set_identity", "set_subnet_identity")
table.never(Kind.EARLY, "an owner names its subnet at any time", "set_subnet_identity")
table.never(Kind.FAST, "identities are changed as often as one pays for it", *IDENTITIES)
table.never(Kind.MUCH, "its texts may have any content; only their lengths are limited", *IDENTITIES)
table.never(Kind.TWICE, "a new identity replaces the one before; several may have the same name", *IDENTITIES)


# --- signs ---------------------------------------------------------------------------------------------------------


ALPHA, ROOTS, NO_SIGN = "α".encode(), "Τ".encode(), b"X"


def misuse_of_signs(kind: Kind, signs: dict[str, bytes]) -> None:
    """Add misuses of `update_symbol`: the owner chooses a text that is not a symbol."""
    for name, sign in signs.items():

        def attempt(world: World, sign: bytes = sign) -> Attempt:
            world.subnet()
            return OWNER, update_symbol.call(NETUID, sign)

        attempt.__name__ = name
        table.misuse("update_symbol", kind, Error.SymbolDoesNotExist)(attempt)


misuse_of_signs(Kind.MUCH, {"to_what_is_no_sign": NO_SIGN, "to_roots_sign": ROOTS})
misuse_of_signs(Kind.LENGTHS, {"to_no_sign_at_all": b"", "to_two_signs": 2 * ALPHA, "to_half_a_sign": ALPHA[:1]})


@table.misuse("update_symbol", Kind.TWICE, Error.SymbolAlreadyInUse)
def to_the_sign_of_another_subnet(world: World) -> Attempt:
    world.subnet()
    TokenSymbol.put(world.ctx, NETUID + 1, ALPHA)
    return OWNER, update_symbol.call(NETUID, ALPHA)


@table.misuse("update_symbol", Kind.TWICE, Error.SymbolAlreadyInUse)
def to_the_sign_that_it_has(world: World) -> Attempt:
    world.subnet()
    world.do(OWNER, update_symbol.call(NETUID, ALPHA))
    return OWNER, update_symbol.call(NETUID, ALPHA)


table.never(Kind.EARLY, "an owner chooses the sign at any time", "update_symbol")
table.never(Kind.FAST, "a sign is changed as often as one pays for it", "update_symbol")
