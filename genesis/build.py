"""Block 0: its storage, written through the pallets' storage items, and its header."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..runtime.beacon import LOCAL_BEACON
from ..runtime.composition import PALLETS, spec_425
from ..runtime.crypto import blake2_256, twox_128
from ..runtime.frame.context import BlockEnvironment, Context
from ..runtime.frame.digest import Digest
from ..runtime.frame.header import Header
from ..runtime.frame.pallet import Pallet
from ..runtime.frame.runtime import Runtime
from ..runtime.pallets import aura, base_fee, evm_chain_id, grandpa, sudo, system, transaction_payment
from ..runtime.pallets.balances.declared import TotalIssuance
from ..runtime.pallets.drand.declared import BeaconConfig
from ..runtime.pallets.ethereum import blocks as ethereum
from ..runtime.pallets.limit_orders import calls as limit_orders
from ..runtime.pallets.shared.account_data import AccountData
from ..runtime.pallets.subtensor import genesis as subnets
from ..runtime.pallets.system import AccountInfo
from ..runtime.scale.describe import FieldInfo
from ..runtime.state.build import root_of
from ..runtime.state.nodes import EMPTY_ROOT
from ..runtime.state.overlay import MemoryBackend, State
from ..runtime.version import SPEC_NAME, SPEC_VERSION, STATE_VERSION, LastRuntimeUpgradeInfo
from .config import ChainConfig

#: The hash that System stores for block 0 and its parent; block 1 replaces both.
UNKNOWN_HASH = bytes([69]) * 32
ZERO_HASH = bytes(32)
#: The weight of each authority's vote on finality.
VOTE_WEIGHT = 1
#: The index of the extrinsic under execution, which the genuine genesis has and its block 1 removes.
EXTRINSIC_INDEX = b":extrinsic_index"
STORAGE_VERSION_ITEM = twox_128(b":__STORAGE_VERSION__:")


def genesis_state(config: ChainConfig) -> dict[bytes, bytes]:
    """Return the storage of block 0 by key.

    The genuine node also stores `:extrinsic_index`, which its block 1 removes; here it is never part of the state,
    but of the state whose root the first Ethereum block has.
    """
    runtime = spec_425(config.constants)
    state = State(MemoryBackend())
    ctx = Context(runtime, state, BlockEnvironment(0, ZERO_HASH))
    _system(ctx)
    _balances(ctx, config)
    _authorities(ctx, config)
    transaction_payment.StorageVersion.put(ctx, transaction_payment.Releases.V2)
    transaction_payment.NextFeeMultiplier.put(ctx, transaction_payment.ONE)
    if config.sudo_key is not None:
        sudo.Key.put(ctx, config.sudo_key)
    _subnets(ctx, config)
    _ethereum(ctx, config)
    if config.beacon == "local":
        BeaconConfig.put(ctx, LOCAL_BEACON)
    limit_orders.build_genesis(ctx)
    for pallet in runtime.pallets:
        version = pallet.storage_version.to_bytes(2, "little")
        state.put(twox_128(pallet.name.encode()) + STORAGE_VERSION_ITEM, version)
    state.put(system.CODE, code(runtime))
    return dict(state.items(b""))


def _system(ctx: Context) -> None:
    system.BlockHash.put(ctx, 0, UNKNOWN_HASH)
    system.ParentHash.put(ctx, UNKNOWN_HASH)
    system.LastRuntimeUpgrade.put(ctx, LastRuntimeUpgradeInfo(SPEC_VERSION, SPEC_NAME))
    system.UpgradedToU32RefCount.put(ctx, True)
    system.UpgradedToTripleRefCount.put(ctx, True)


def _balances(ctx: Context, config: ChainConfig) -> None:
    TotalIssuance.put(ctx, sum(config.balances.values()))
    for account, rao in config.balances.items():
        system.Account.put(ctx, account, AccountInfo(providers=1, data=AccountData(free=rao)))


def _authorities(ctx: Context, config: ChainConfig) -> None:
    if config.authorities:
        aura.Authorities.put(ctx, [authority.aura for authority in config.authorities])
        grandpa.Authorities.put(ctx, [(authority.grandpa, VOTE_WEIGHT) for authority in config.authorities])
    grandpa.CurrentSetId.put(ctx, 0)
    grandpa.SetIdSession.put(ctx, 0, 0)


def _ethereum(ctx: Context, config: ChainConfig) -> None:
    """Store the first Ethereum block, whose state root is that of what the pallets before it have stored."""
    stored = {**dict(ctx.state.items(b"")), EXTRINSIC_INDEX: bytes(4)}
    ctx.block.storage_root = lambda: root_of(stored, STATE_VERSION)
    ethereum.build_genesis(ctx)
    evm_chain_id.ChainId.put(ctx, config.evm_chain_id)
    base_fee.BaseFeePerGas.put(ctx, base_fee.DEFAULT_BASE_FEE)
    base_fee.Elasticity.put(ctx, base_fee.Elasticity.default(ctx.runtime.constant_values))


def _subnets(ctx: Context, config: ChainConfig) -> None:
    subnets.build(
        ctx,
        issuance=config.balances_issuance,
        root_owner=config.root_owner,
        root_owner_hotkey=config.root_owner_hotkey,
        tempo=config.genesis_tempo,
    )
    for item, value in config.changed_values():
        item.put(ctx, value)


def genesis_header(state_root: bytes) -> Header:
    """Return the header of block 0 for a state root; its hash is the genesis hash."""
    return Header(ZERO_HASH, 0, state_root, EMPTY_ROOT, Digest([]))


def genesis_hash(config: ChainConfig) -> bytes:
    """Return the hash of block 0 (32 bytes), which identifies the chain."""
    return genesis_header(root_of(genesis_state(config), STATE_VERSION)).hash


def code(runtime: Runtime) -> bytes:
    """Return the value of `:code`: a line of text with the runtime's name and the hash of its interface.

    Clients cache metadata by genesis hash and spec version, so chains with different metadata need different genesis
    hashes. The real chain stores its Wasm there; here the value is never executed.
    """
    return f"{SPEC_NAME} {SPEC_VERSION} in Python, interface {_interface_hash(runtime).hex()}\n".encode()


def _interface_hash(runtime: Runtime) -> bytes:
    """Return a hash of all declarations, and of the values of the constants on this chain."""
    constants = [
        constant.codec.encode(runtime.constants.get(constant.id, constant.default))
        for pallet in runtime.pallets
        for constant in pallet.constants.values()
    ]
    return blake2_256(_declarations() + b"".join(constants))


@cache
def _declarations() -> bytes:
    return "".join(_rows(pallet) for pallet in PALLETS).encode()


def _rows(pallet: Pallet) -> str:
    """Return a line with the names, indices and types of a pallet, independent of the import order.

    Documentation is left out: its words may change without another chain coming of it.
    """
    calls = sorted((c.index, c.name, _types(c.args)) for c in pallet.calls.values())
    storage = [
        (item.name, [key.name for key in item.keys_codec], item.codec.name, item.default_bytes)
        for item in pallet.storage.values()
    ]
    errors = [(error.index, error.name) for error in pallet.error or ()]
    constants = [(c.name, c.codec.name) for c in pallet.constants.values()]
    return f"{(pallet.name, pallet.index, calls, storage, _events(pallet), errors, constants)}\n"


def _events(pallet: Pallet) -> list[tuple[int, str, list[str]]]:
    if pallet.event is None:
        return []
    names = pallet.event.scale.names
    return [(i, names[i], _types(cls.variant.fields)) for i, cls in pallet.event.scale.by_index.items()]


def _types(fields: Iterable[FieldInfo]) -> list[str]:
    return [f"{field.name}: {field.type_name} = {field.codec.name}" for field in fields]
