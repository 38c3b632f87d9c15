"""Misuse of SubtensorModule: registering neurons, serving, EVM keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from py_ecc.secp256k1.secp256k1 import ecdsa_raw_sign
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.errors import AnyError
from pysubtensor.runtime.pallets.balances.declared import ExistentialDeposit
from pysubtensor.runtime.pallets.balances.fungible import mint_into
from pysubtensor.runtime.pallets.shared.types import ROOT_NETUID
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.ledger.accounts import try_associate_hotkey
from pysubtensor.runtime.pallets.subtensor.ledger.subnet_accounts import get_subnet_account_id
from pysubtensor.runtime.pallets.subtensor.ledger.tao import get_coldkey_balance
from pysubtensor.runtime.pallets.subtensor.neurons.evm import associate_evm_key, hash_message_eip191
from pysubtensor.runtime.pallets.subtensor.neurons.registration import burned_register, register, register_limit
from pysubtensor.runtime.pallets.subtensor.neurons.root import root_register
from pysubtensor.runtime.pallets.subtensor.neurons.serving import serve_axon, serve_axon_tls, serve_prometheus
from pysubtensor.runtime.pallets.subtensor.storage.hyperparameters import MaxAllowedUids
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetMechanism
from pysubtensor.runtime.pallets.subtensor.storage.pools import SubnetAlphaIn, SubnetTAO
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import ServingRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.registration import (
    Burn,
    MaxRegistrationsPerBlock,
    NetworkRegistrationAllowed,
    TargetRegistrationsPerInterval,
)
from pysubtensor.runtime.pallets.subtensor.storage.staking import TotalHotkeyAlpha
from pysubtensor.runtime.pallets.swap import Error as SwapError

from tests.world import ALICE, CHARLIE, TAO, account

from .table import NETUID, OWNER, STRANGER, Attempt, Kind, Table, World

table = Table()

HOTKEY, POOR, *OTHER_HOTKEYS = (account(number) for number in range(7, 17))
DYNAMIC = 1


# --- registering ---------------------------------------------------------------------------------------------------

#: Registrations of a hotkey on a subnet, for up to `limit` rao where one is named.
REGISTRATIONS: dict[str, Callable[..., Call]] = {
    "register": lambda netuid, hotkey, limit: register.call(netuid, 0, 0, b"", hotkey, STRANGER),
    "burned_register": lambda netuid, hotkey, limit: burned_register.call(netuid, hotkey),
    "register_limit": register_limit.call,
}
NO_LIMIT = 2**64 - 1


def registration(call: str, netuid: int = NETUID, hotkey: bytes = HOTKEY) -> Call:
    return REGISTRATIONS[call](netuid, hotkey, NO_LIMIT)


@table.misuse_of_each(REGISTRATIONS, Kind.EARLY, Error.SubNetRegistrationDisabled)
def while_registration_is_closed(world: World, call: str) -> Attempt:
    world.subnet()
    NetworkRegistrationAllowed.put(world.ctx, NETUID, False)
    return STRANGER, registration(call)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.RegistrationNotPermittedOnRootSubnet)
def on_root(world: World, call: str) -> Attempt:
    world.subnet(ROOT_NETUID)
    return STRANGER, registration(call, ROOT_NETUID)


@table.misuse("register_limit", Kind.MUCH, Error.RegistrationPriceLimitExceeded)
def for_more_than_the_limit(world: World) -> Attempt:
    world.subnet()
    return STRANGER, register_limit.call(NETUID, HOTKEY, Burn.get(world.ctx, NETUID) - 1)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.NotEnoughBalanceToStake)
def for_more_than_the_balance(world: World, call: str) -> Attempt:
    world.subnet()
    Burn.put(world.ctx, NETUID, get_coldkey_balance(world.ctx, STRANGER) + 1)
    return STRANGER, registration(call)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.InsufficientBalance)
def for_what_keeps_the_account_alive(world: World, call: str) -> Attempt:
    world.subnet()
    deposit = ExistentialDeposit.get(world.ctx)
    Burn.put(world.ctx, NETUID, deposit)
    mint_into(world.ctx, POOR, deposit)
    return POOR, registration(call)


def pool(world: World, tao: int = 100 * TAO, alpha: int = 100 * TAO) -> None:
    """Create a subnet with a pool, in which each registration buys alpha for its price of one TAO."""
    world.subnet()
    SubnetMechanism.put(world.ctx, NETUID, DYNAMIC)
    SubnetTAO.put(world.ctx, NETUID, tao)
    SubnetAlphaIn.put(world.ctx, NETUID, alpha)
    Burn.put(world.ctx, NETUID, TAO)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, SwapError.SwapInputTooLarge)
def for_more_than_a_thousand_times_the_pools_tao(world: World, call: str) -> Attempt:
    pool(world, tao=TAO // 1_000 * 9 // 10)
    return STRANGER, registration(call)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, SwapError.ReservesTooLow)
def where_the_pool_has_too_little_alpha(world: World, call: str) -> Attempt:
    pool(world, alpha=10**6 - 1)
    return STRANGER, registration(call)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.NoNeuronIdAvailable)
def where_only_the_owner_has_room(world: World, call: str) -> Attempt:
    world.subnet()
    world.neuron(OWNER)
    MaxAllowedUids.put(world.ctx, NETUID, 1)
    return STRANGER, registration(call)


@table.misuse_of_each(REGISTRATIONS, Kind.MUCH, Error.NoNeuronIdAvailable)
def where_the_subnet_has_no_uids(world: World, call: str) -> Attempt:
    world.subnet()
    MaxAllowedUids.put(world.ctx, NETUID, 0)
    return STRANGER, registration(call)


@table.misuse_of_each(REGISTRATIONS, Kind.TWICE, Error.HotKeyAlreadyRegisteredInSubNet)
def the_same_hotkey_again(world: World, call: str) -> Attempt:
    world.subnet()
    world.do(STRANGER, registration(call))
    return STRANGER, registration(call)


@table.misuse_of_each(REGISTRATIONS, Kind.TWICE, Error.NonAssociatedColdKey)
def a_hotkey_that_has_an_owner(world: World, call: str) -> Attempt:
    world.subnet()
    world.do(CHARLIE, try_associate_hotkey.call(HOTKEY))
    return STRANGER, registration(call)


def account_of_subnet(world: World) -> bytes:
    account = get_subnet_account_id(world.ctx, world.subnet())
    assert account is not None
    return account


@table.misuse_of_each(REGISTRATIONS, Kind.TWICE, Error.CannotUseSystemAccount)
def the_account_of_a_subnet(world: World, call: str) -> Attempt:
    return STRANGER, registration(call, hotkey=account_of_subnet(world))


table.never(Kind.FAST, "each registration makes the next one dearer, but none has to wait", *REGISTRATIONS)
table.never(Kind.LENGTHS, "its proof of work is ignored", "register")
table.never(Kind.LENGTHS, "it takes no list", "burned_register", "register_limit")


# --- naming a hotkey one's own -------------------------------------------------------------------------------------


# A hotkey that has an owner keeps it, without an error.
@table.misuse("try_associate_hotkey", Kind.TWICE, Error.CannotUseSystemAccount)
def a_subnets_account(world: World) -> Attempt:
    return STRANGER, try_associate_hotkey.call(account_of_subnet(world))


table.never(Kind.EARLY, "hotkeys are named at any time", "try_associate_hotkey")
table.never(Kind.FAST, "one names as many hotkeys as one pays for", "try_associate_hotkey")
table.never(Kind.MUCH, "it takes no value", "try_associate_hotkey")
table.never(Kind.LENGTHS, "it takes no list", "try_associate_hotkey")


# --- joining root --------------------------------------------------------------------------------------------------


def root(world: World) -> None:
    """Create root without members, with ten registrations per block."""
    world.subnet(ROOT_NETUID)
    MaxRegistrationsPerBlock.put(world.ctx, ROOT_NETUID, 10)
    TargetRegistrationsPerInterval.put(world.ctx, ROOT_NETUID, 10)


def join(world: World, hotkeys: list[bytes]) -> None:
    for hotkey in hotkeys:
        world.do(CHARLIE, root_register.call(hotkey))


@table.misuse("root_register", Kind.FAST, Error.TooManyRegistrationsThisBlock)
def more_than_a_block_takes(world: World) -> Attempt:
    root(world)
    MaxRegistrationsPerBlock.put(world.ctx, ROOT_NETUID, 2)
    join(world, OTHER_HOTKEYS[:2])
    return STRANGER, root_register.call(HOTKEY)


@table.misuse("root_register", Kind.FAST, Error.TooManyRegistrationsThisInterval)
def more_than_three_times_what_an_interval_is_meant_to_take(world: World) -> Attempt:
    root(world)
    TargetRegistrationsPerInterval.put(world.ctx, ROOT_NETUID, 1)
    join(world, OTHER_HOTKEYS[:3])
    return STRANGER, root_register.call(HOTKEY)


@table.misuse("root_register", Kind.MUCH, Error.StakeTooLowForRoot)
def no_more_stake_than_the_least_member(world: World) -> Attempt:
    root(world)
    MaxAllowedUids.put(world.ctx, ROOT_NETUID, 2)
    most, least = OTHER_HOTKEYS[:2]
    for hotkey, stake in ((most, 2), (least, 1), (HOTKEY, 1)):
        TotalHotkeyAlpha.put(world.ctx, hotkey, ROOT_NETUID, stake)
    join(world, [most, least])
    return STRANGER, root_register.call(HOTKEY)


# Without a neuron to replace, the chain looks up the hotkey of uid 0 and does not find it.
@table.misuse("root_register", Kind.MUCH, Error.HotKeyNotRegisteredInSubNet)
def where_root_has_no_uids(world: World) -> Attempt:
    root(world)
    MaxAllowedUids.put(world.ctx, ROOT_NETUID, 0)
    return STRANGER, root_register.call(HOTKEY)


@table.misuse("root_register", Kind.TWICE, Error.HotKeyAlreadyRegisteredInSubNet)
def a_member_again(world: World) -> Attempt:
    root(world)
    join(world, [HOTKEY])
    return CHARLIE, root_register.call(HOTKEY)


@table.misuse("root_register", Kind.TWICE, Error.CannotUseSystemAccount)
def an_account_of_a_subnet(world: World) -> Attempt:
    root(world)
    return STRANGER, root_register.call(account_of_subnet(world))


table.never(Kind.EARLY, "root takes members from its first block on", "root_register")
table.never(Kind.LENGTHS, "it takes no list", "root_register")


# --- publishing endpoints ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Endpoint:
    """An endpoint; the default is valid."""

    ip: str = "8.8.8.8"
    port: int = 8_091
    ip_type: int = 4

    @property
    def number(self) -> int:
        return int(ip_address(self.ip))


PUBLISH: dict[str, Callable[[Endpoint], Call]] = {
    "serve_axon": lambda at: serve_axon.call(NETUID, 1, at.number, at.port, at.ip_type, 0, 0, 0),
    "serve_axon_tls": lambda at: serve_axon_tls.call(NETUID, 1, at.number, at.port, at.ip_type, 0, 0, 0, b"key"),
    "serve_prometheus": lambda at: serve_prometheus.call(NETUID, 1, at.number, at.port, at.ip_type),
}


@table.misuse_of_each(PUBLISH, Kind.FAST, Error.ServingRateLimitExceeded)
def again_within_the_limit(world: World, call: str) -> Attempt:
    world.subnet()
    world.neuron(ALICE)
    ServingRateLimit.put(world.ctx, NETUID, 50)
    world.do(ALICE, PUBLISH[call](Endpoint()))
    world.go_to(world.ctx.block.number + 49)
    return ALICE, PUBLISH[call](Endpoint())


def misuse_of_endpoints(calls: Iterable[str], error: AnyError, endpoints: dict[str, Endpoint]) -> None:
    """Add misuses: endpoints at which a neuron cannot serve."""
    for name, endpoint in endpoints.items():

        def attempt(world: World, call: str, endpoint: Endpoint = endpoint) -> Attempt:
            world.subnet()
            world.neuron(ALICE)
            return ALICE, PUBLISH[call](endpoint)

        attempt.__name__ = name
        table.misuse_of_each(calls, Kind.MUCH, error)(attempt)


misuse_of_endpoints(
    PUBLISH,
    Error.InvalidIpType,
    {"an_ip_type_between_4_and_6": Endpoint(ip_type=5), "no_ip_type": Endpoint(ip_type=0)},
)
misuse_of_endpoints(
    PUBLISH,
    Error.InvalidIpAddress,
    {
        "localhost": Endpoint("127.0.0.1"),
        "the_last_address": Endpoint("255.255.255.255"),
        "an_ipv6_address_as_ipv4": Endpoint("2001:db8::1"),
        "localhost_of_ipv6": Endpoint("::1", ip_type=6),
        "the_last_address_of_ipv6": Endpoint("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ip_type=6),
    },
)
# Axons may have the address zero.
misuse_of_endpoints(
    ("serve_prometheus",),
    Error.InvalidIpAddress,
    {"no_address": Endpoint("0.0.0.0"), "no_address_of_ipv6": Endpoint("::", ip_type=6)},
)
misuse_of_endpoints(PUBLISH, Error.InvalidPort, {"no_port": Endpoint(port=0)})

table.never(Kind.EARLY, "neurons publish at any time", *PUBLISH)
table.never(Kind.LENGTHS, "a certificate that is empty or too long is left out, the rest published", "serve_axon_tls")
table.never(Kind.LENGTHS, "it takes no list", "serve_axon", "serve_prometheus")
table.never(Kind.TWICE, "a new endpoint replaces the one before; several may be the same", *PUBLISH)


# --- naming an EVM key ---------------------------------------------------------------------------------------------

#: Hardhat's first well-known account, as published with its address, and the address of the second.
SECRET = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
ADDRESS = bytes.fromhex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")
OTHER_ADDRESS = bytes.fromhex("70997970c51812dc3a010c7d01b50e0d17dc79c8")
#: Blocks between two associations, and from block 0 to the first one.
EVM_RATE_LIMIT = 10
#: The block that is signed, which may be any.
SIGNED_BLOCK = 5


def signature(hotkey: bytes = ALICE) -> bytes:
    """Return the signature of the EVM account over a hotkey."""
    message = hash_message_eip191(hotkey + keccak_256(SIGNED_BLOCK.to_bytes(8, "little")))
    v, r, s = ecdsa_raw_sign(message, SECRET)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([v])


def associate(world: World, block: int, address: bytes = ADDRESS, signed: bytes | None = None) -> Attempt:
    """Return the call that associates an EVM key with Alice's hotkey, a neuron."""
    world.go_to(block)
    return ALICE, associate_evm_key.call(NETUID, address, SIGNED_BLOCK, signature() if signed is None else signed)


def evm_neuron(world: World) -> None:
    world.subnet()
    world.neuron(ALICE)


@table.misuse("associate_evm_key", Kind.EARLY, Error.EvmKeyAssociateRateLimitExceeded)
def in_the_first_blocks_of_the_chain(world: World) -> Attempt:
    evm_neuron(world)
    return associate(world, EVM_RATE_LIMIT - 1)


@table.misuse("associate_evm_key", Kind.FAST, Error.EvmKeyAssociateRateLimitExceeded)
def shortly_after_the_last_time(world: World) -> Attempt:
    evm_neuron(world)
    world.do(*associate(world, EVM_RATE_LIMIT))
    return associate(world, 2 * EVM_RATE_LIMIT - 1)


@table.misuse("associate_evm_key", Kind.MUCH, Error.InvalidRecoveredPublicKey)
def a_key_that_did_not_sign(world: World) -> Attempt:
    evm_neuron(world)
    return associate(world, EVM_RATE_LIMIT, OTHER_ADDRESS)


@table.misuse("associate_evm_key", Kind.MUCH, Error.InvalidRecoveredPublicKey)
def a_key_that_signed_for_another_hotkey(world: World) -> Attempt:
    evm_neuron(world)
    return associate(world, EVM_RATE_LIMIT, signed=signature(CHARLIE))


@table.misuse("associate_evm_key", Kind.MUCH, Error.InvalidIdentity)
def a_signature_that_no_key_makes(world: World) -> Attempt:
    evm_neuron(world)
    return associate(world, EVM_RATE_LIMIT, signed=bytes(65))


table.never(Kind.LENGTHS, "its key and its signature are of fixed lengths", "associate_evm_key")
table.never(Kind.TWICE, "the same key may be named again, by other neurons too", "associate_evm_key")
