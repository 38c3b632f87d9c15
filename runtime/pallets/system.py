"""System (index 0): accounts and their reference counts, the current block, events, code upgrades.

Storage that exists only within a block (`ExtrinsicCount`, `AllExtrinsicsLen`, `ExecutionPhase` …) is kept in
`ctx.block` while the block is built, and is never part of the state after a block.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto
from typing import Annotated

from ...consensus.integers import U64_MAX, saturate_u32, saturating_sub
from ..crypto.hashing import blake2_256
from ..frame.block_types import Block
from ..frame.call import Call, RuntimeCall
from ..frame.context import Context
from ..frame.digest import Digest, RuntimeEnvironmentUpdated
from ..frame.errors import (
    ConsumerRemaining,
    DispatchError,
    DispatchFailed,
    NoProviders,
    PalletError,
    TooManyConsumers,
    ensure,
)
from ..frame.events import Phase
from ..frame.hashers import Blake2_128Concat, Twox64Concat
from ..frame.pallet import Pallet
from ..frame.runtime_types import EventRecords
from ..frame.validity import Call as UnexpectedCall
from ..frame.validity import Refused, TransactionSource, ValidTransaction
from ..frame.weight import (
    DB_READ,
    DB_WRITE,
    ZERO,
    DispatchClass,
    DispatchEventInfo,
    Pays,
    PostInfo,
    Weight,
    WeightPerClass,
    weight_of,
)
from ..scale import H256, AccountId, SourceName, Struct, Sum, encode_compact, u16, u32, u64
from ..scale.codec import BYTES
from ..version import (
    BLOCK_LENGTH,
    BLOCK_WEIGHTS,
    SPEC_NAME,
    SPEC_VERSION,
    SYSTEM_VERSION,
    TRANSACTION_VERSION,
    BlockLength,
    BlockWeights,
    LastRuntimeUpgradeInfo,
    RuntimeDbWeight,
    RuntimeVersion,
)
from .shared.account_data import AccountData
from .shared.types import Hash

CODE = b":code"
HEAP_PAGES = b":heappages"
#: A value within each block that nothing reads, and what is hashed for it with the parent's hash.
INTRABLOCK_ENTROPY, ENTROPY_SUBJECT = b":intrablock_entropy", b"frame_system::initialize"
#: The largest number of consumers of an account.
MAX_CONSUMERS = 16
ZERO_HASH = bytes(32)


#: The number of transactions that an account has sent.
Nonce = Annotated[u32, SourceName("Nonce", "T::Nonce")]
RefCount = Annotated[u32, SourceName("RefCount")]
#: A storage key, and a key with its value.
Key = Annotated[bytes, SourceName("Key")]
KeyValue = Annotated[tuple[bytes, bytes], SourceName("KeyValue")]


class AccountInfo(Struct, path="frame_system::AccountInfo", params=[("Nonce", Nonce), ("AccountData", AccountData)]):
    """An account: nonce, reference counts and balances.

    `providers` and `sufficients` are the reasons for it to exist, `consumers` depend on its existence.
    """

    nonce: Nonce = 0
    consumers: RefCount = 0
    providers: RefCount = 0
    sufficients: RefCount = 0
    data: AccountData = AccountData()


class CodeUpgradeAuthorization(Struct, path="frame_system::CodeUpgradeAuthorization", params=[("T", None)]):
    """The hash of the code to which an upgrade is authorized, and whether its version is checked."""

    code_hash: Hash
    check_version: bool


class Event(Sum, params=[("T", None)]):
    pass


class ExtrinsicSuccess(Event, index=0):
    """An extrinsic completed successfully."""

    dispatch_info: DispatchEventInfo


class ExtrinsicFailed(Event, index=1):
    """An extrinsic failed."""

    dispatch_error: DispatchError
    dispatch_info: DispatchEventInfo


class CodeUpdated(Event, index=2):
    """`:code` was updated."""


class NewAccount(Event, index=3):
    """A new account was created."""

    account: AccountId


class KilledAccount(Event, index=4):
    """An account was reaped."""

    account: AccountId


class Remarked(Event, index=5):
    """A remark was made on the chain."""

    sender: AccountId
    hash: Hash


class UpgradeAuthorized(Event, index=6):
    """An upgrade of the code was authorized."""

    code_hash: Hash
    check_version: bool


class RejectedInvalidAuthorizedUpgrade(Event, index=7):
    """An authorized upgrade was invalid and was rejected; the authorization is removed."""

    code_hash: Hash
    error: DispatchError


class Error(PalletError):
    InvalidSpecName = 0, "Invalid spec name: the new runtime's name differs from the current one's."
    SpecVersionNeedsToIncrease = (
        1,
        "The spec version needs to increase: the new runtime's is not greater than the current one's.",
    )
    FailedToExtractRuntimeVersion = 2, "Failed to extract the runtime version from the new code."
    NonDefaultComposite = 3, "The account has non-default composite data."
    NonZeroRefCount = 4, "There is a non-zero reference count preventing the account from being purged."
    CallFiltered = 5, "The call is filtered: the origin's filter prevents it from being dispatched."
    MultiBlockMigrationsOngoing = 6, "A multi-block migration is ongoing and prevents the change of code."
    NothingAuthorized = 7, "No upgrade is authorized."
    Unauthorized = 8, "The submitted code is not the authorized one."


class BlakeTwo256(Struct, path="sp_runtime::traits::BlakeTwo256"):
    """BLAKE2b with 32 bytes of output."""


pallet = Pallet("System", 0, crate="frame_system", event=Event, error=Error)
pallet.associated_type("RuntimeCall", RuntimeCall, docs="Any call of the runtime.")
pallet.associated_type("Nonce", u32, docs="The number of transactions that an account has sent.")
pallet.associated_type("Hash", H256, docs="The output of the runtime's hashing.")
pallet.associated_type("Hashing", BlakeTwo256, docs="The hash function of the runtime.")
pallet.associated_type("AccountId", AccountId, docs="The identifier of an account.")
pallet.associated_type("Block", Block, docs="A block of this chain.")
pallet.associated_type(
    "AccountData", AccountData, docs="The data that System stores with each account for another pallet."
)

Account = pallet.map(
    Blake2_128Concat,
    AccountId,
    AccountInfo,
    default=AccountInfo(),
    docs="The full account information for an account id.",
)
ExtrinsicCount = pallet.value(u32, docs="Number of extrinsics of the current block.")
InherentsApplied = pallet.value(bool, default=False, docs="Whether all inherents of the block have been applied.")
BlockWeight = pallet.value(WeightPerClass, default=WeightPerClass(), docs="The weight of the current block.")
AllExtrinsicsLen = pallet.value(u32, docs="Encoded length of all extrinsics of the current block, in bytes.")
BlockHash = pallet.map(Twox64Concat, u32, H256, default=ZERO_HASH, docs="Hashes of recent blocks by number.")
ExtrinsicData = pallet.map(Twox64Concat, u32, bytes, default=b"", docs="Extrinsics of the current block by index.")
Number = pallet.value(u32, default=0, docs="The number of the current block.")
ParentHash = pallet.value(H256, default=ZERO_HASH, docs="Hash of the previous block.")
DigestItems = pallet.value(Digest, default=Digest([]), docs="Digest of the current block.", name="Digest")
Events = pallet.value(EventRecords, default=[], docs="Events deposited in the current block.")
EventCount = pallet.value(u32, default=0, docs="The number of events in `Events`.")
EventTopics = pallet.map(
    Blake2_128Concat,
    H256,
    list[tuple[u32, u32]],
    default=[],
    docs="For each topic, the block and index of the events that carry it.",
)
LastRuntimeUpgrade = pallet.value(LastRuntimeUpgradeInfo, docs="The version at the last runtime upgrade.")
UpgradedToU32RefCount = pallet.value(bool, default=False, docs="Whether reference counts are 32 bits wide.")
UpgradedToTripleRefCount = pallet.value(bool, default=False, docs="Whether accounts have three reference counts.")
ExecutionPhase = pallet.value(Phase, docs="The part of the block being executed.")
AuthorizedUpgrade = pallet.value(CodeUpgradeAuthorization, docs="The code upgrade that is authorized, if any.")
ExtrinsicWeightReclaimed = pallet.value(Weight, default=ZERO, docs="The weight reclaimed for the current extrinsic.")

BlockWeightsLimit = pallet.constant(
    BlockWeights, BLOCK_WEIGHTS, docs="Block and extrinsic weights: base values and limits.", name="BlockWeights"
)
BlockLengthLimit = pallet.constant(
    BlockLength, BLOCK_LENGTH, docs="The maximum length of a block, in bytes.", name="BlockLength"
)
BlockHashCount = pallet.constant(
    u32, 2400, docs="The number of block hashes that are kept; the oldest are dropped first."
)
DbWeight = pallet.constant(RuntimeDbWeight, RuntimeDbWeight(DB_READ, DB_WRITE), docs="The weight of database accesses.")
#: The list of runtime APIs is added when the runtime is composed.
Version = pallet.constant(
    RuntimeVersion,
    RuntimeVersion(SPEC_NAME, SPEC_NAME, 1, SPEC_VERSION, 1, [], TRANSACTION_VERSION, SYSTEM_VERSION),
    docs="The current version of the runtime.",
)
SS58Prefix = pallet.constant(u16, 42, docs="The SS58 prefix of this chain's addresses.")

pallet.name_declared(globals())


# --- accounts and their reference counts ---------------------------------------------------------------------


class DecRefStatus(Enum):
    """Whether an account that lost a provider was reaped."""

    Reaped = auto()
    Exists = auto()


def with_next_nonce(account: AccountInfo) -> AccountInfo:
    """Return the account with its nonce increased by one."""
    return AccountInfo(account.nonce + 1, account.consumers, account.providers, account.sufficients, account.data)


def inc_providers(ctx: Context, who: bytes) -> None:
    """Add a provider to an account; the first one creates it."""
    account = Account.get(ctx, who)
    if account.providers == 0 and account.sufficients == 0:
        Account.put(ctx, who, replace(account, providers=1))
        ctx.deposit(NewAccount(who))
    else:
        Account.put(ctx, who, replace(account, providers=saturate_u32(account.providers + 1)))


def dec_providers(ctx: Context, who: bytes) -> DecRefStatus:
    """Remove a provider; the last one reaps the account. ConsumerRemaining when the account still has consumers."""
    if not Account.contains(ctx, who):
        return DecRefStatus.Reaped
    account = Account.get(ctx, who)
    providers = max(account.providers, 1)
    if (providers, account.consumers, account.sufficients) == (1, 0, 0):
        Account.remove(ctx, who)
        ctx.deposit(KilledAccount(who))
        return DecRefStatus.Reaped
    ensure(not (providers == 1 and account.consumers > 0), ConsumerRemaining())
    Account.put(ctx, who, replace(account, providers=providers - 1))
    return DecRefStatus.Exists


def try_dec_providers(ctx: Context, who: bytes) -> None:
    """Remove a provider where that is possible; an account that still has consumers keeps its last one."""
    with suppress(DispatchFailed):
        dec_providers(ctx, who)


def inc_consumers(ctx: Context, who: bytes) -> None:
    """Add a consumer; NoProviders without a provider, TooManyConsumers when there are 16."""
    account = Account.get(ctx, who)
    ensure(account.providers > 0, NoProviders())
    ensure(account.consumers < MAX_CONSUMERS, TooManyConsumers())
    Account.put(ctx, who, replace(account, consumers=account.consumers + 1))


def inc_consumers_without_limit(ctx: Context, who: bytes) -> None:
    """Add a consumer as `inc_consumers`, without a limit on their number."""
    account = Account.get(ctx, who)
    ensure(account.providers > 0, NoProviders())
    Account.put(ctx, who, replace(account, consumers=account.consumers + 1))


def dec_consumers(ctx: Context, who: bytes) -> None:
    """Remove a consumer, saturating at 0."""
    account = Account.get(ctx, who)
    Account.put(ctx, who, replace(account, consumers=saturating_sub(account.consumers, 1)))


def block_hash(ctx: Context, number: int) -> bytes | None:
    """Return the hash of a recent block; None when it is not stored, or no longer."""
    if number == ctx.block.number - 1:
        return ctx.block.parent_hash
    stored = BlockHash.get(ctx, number)
    return None if stored == ZERO_HASH else stored


# --- the block under construction ----------------------------------------------------------------------------


def record_version(ctx: Context) -> None:
    """Store the version of the runtime in its first block. There are no migrations."""
    current = LastRuntimeUpgradeInfo(SPEC_VERSION, SPEC_NAME)
    if LastRuntimeUpgrade.get(ctx) != current:
        LastRuntimeUpgrade.put(ctx, current)


def stored_after(ctx: Context) -> dict[bytes, bytes]:
    """Return what the storage has of a block after it, by key, as it is now."""
    block = ctx.block
    return {
        BlockWeight.prefix: BlockWeight.codec.encode(block.weight),
        Events.prefix: encode_compact(len(block.events)) + b"".join(block.records),
        EventCount.prefix: EventCount.codec.encode(len(block.events)),
        DigestItems.prefix: DigestItems.codec.encode(Digest(block.digest)),
    }


def stored_within(ctx: Context) -> dict[bytes, bytes]:
    """Return what the genuine chain has in storage while the last hooks of a block run, and here is in `ctx.block`."""
    block, count = ctx.block, len(ctx.block.extrinsics)
    return {
        **{ExtrinsicData.key(index): BYTES.encode(raw) for index, raw in enumerate(block.extrinsics)},
        **stored_after(ctx),
        ExtrinsicCount.prefix: ExtrinsicCount.codec.encode(count),
        AllExtrinsicsLen.prefix: AllExtrinsicsLen.codec.encode(block.length),
        InherentsApplied.prefix: b"\1",
        ExecutionPhase.prefix: block.encoded_phase,
        INTRABLOCK_ENTROPY: blake2_256(ENTROPY_SUBJECT + block.parent_hash),
    }


# --- calls ---------------------------------------------------------------------------------------------------


@pallet.call(0, weight=lambda remark: Weight(1_586_000 + 10_920 * len(remark)))
def remark(ctx: Context, remark: bytes) -> None:
    """Put bytes on the chain without effect on the state. Any origin may."""


@pallet.call(1, weight=weight_of(2_836_000, writes=1), class_=DispatchClass.Operational)
def set_heap_pages(ctx: Context, pages: u64) -> None:
    """Set the number of memory pages of the Wasm environment. Only root may."""
    ctx.ensure_root()
    ctx.state.put(HEAP_PAGES, pages.to_bytes(8, "little"))
    ctx.block.digest.append(RuntimeEnvironmentUpdated())


@pallet.call(2, weight=weight_of(164_247_810_000, 67_035, 1, 1), class_=DispatchClass.Operational)
def set_code(ctx: Context, code: bytes) -> PostInfo:
    """Set the runtime code. Only root may.

    Always fails with FailedToExtractRuntimeVersion here: this chain does not execute the code in storage.
    """
    ctx.ensure_root()
    # This chain's runtime is not the code in storage, so the version of new code cannot be read.
    raise DispatchFailed(Error.FailedToExtractRuntimeVersion)


@pallet.call(3, weight=weight_of(164_247_810_000, 67_035, 1, 1), class_=DispatchClass.Operational)
def set_code_without_checks(ctx: Context, code: bytes) -> PostInfo:
    """Set the runtime code without checking its version. Only root may.

    The code is stored; this chain does not execute it.
    """
    ctx.ensure_root()
    update_code(ctx, code)
    return PostInfo(BLOCK_WEIGHTS.max_block)


@pallet.call(
    4,
    weight=lambda items: weight_of(1_565_000 + 733_648 * len(items), writes=len(items)),
    class_=DispatchClass.Operational,
)
def set_storage(ctx: Context, items: list[KeyValue]) -> None:
    """Write raw storage entries, as (key, value). Only root may."""
    ctx.ensure_root()
    for key, value in items:
        ctx.state.put(key, value)


@pallet.call(
    5,
    weight=lambda keys: weight_of(1_624_000 + 566_903 * len(keys), writes=len(keys)),
    class_=DispatchClass.Operational,
)
def kill_storage(ctx: Context, keys: list[Key]) -> None:
    """Remove raw storage entries by their keys. Only root may."""
    ctx.ensure_root()
    for key in keys:
        ctx.state.delete(key)


@pallet.call(
    6,
    weight=lambda prefix, subkeys: (
        weight_of(2_964_000, reads=subkeys + 1, writes=subkeys + 1)
        + Weight(1_340_742 * (subkeys + 1), 70 * (subkeys + 1))
    ),
    class_=DispatchClass.Operational,
)
def kill_prefix(ctx: Context, prefix: Key, subkeys: u32) -> None:
    """Remove up to `subkeys` raw storage entries whose keys begin with `prefix`. Only root may."""
    ctx.ensure_root()
    ctx.state.clear_prefix(prefix, subkeys)


@pallet.call(7, weight=lambda remark: Weight(4_725_000 + 12_386 * len(remark)))
def remark_with_event(ctx: Context, remark: bytes) -> None:
    """Put bytes on the chain, and emit an event with their BLAKE2b-256 hash."""
    who = ctx.ensure_signed()
    ctx.deposit(Remarked(who, blake2_256(remark)))


@pallet.call(9, weight=weight_of(15_570_000, writes=1), class_=DispatchClass.Operational)
def authorize_upgrade(ctx: Context, code_hash: Hash) -> None:
    """Authorize an upgrade to the code with this BLAKE2b-256 hash, which any account may apply. Only root may."""
    ctx.ensure_root()
    _authorize(ctx, code_hash, check_version=True)


@pallet.call(10, weight=weight_of(15_570_000, writes=1), class_=DispatchClass.Operational)
def authorize_upgrade_without_checks(ctx: Context, code_hash: Hash) -> None:
    """Authorize an upgrade to the code with this hash, without a check of its version. Only root may."""
    ctx.ensure_root()
    _authorize(ctx, code_hash, check_version=False)


@pallet.call(11, weight=weight_of(166_858_158_000, 67_035, 2, 2), class_=DispatchClass.Operational)
def apply_authorized_upgrade(ctx: Context, code: bytes) -> PostInfo:
    """Apply the authorized upgrade with its code. Any origin may; free when the code is the authorized one.

    With a version check the upgrade is rejected, because this chain cannot read the version of code. Fails with
    NothingAuthorized or Unauthorized.
    """
    authorization = AuthorizedUpgrade.get(ctx)
    if authorization is None:
        raise DispatchFailed(Error.NothingAuthorized)
    ensure(blake2_256(code) == authorization.code_hash, Error.Unauthorized)
    if authorization.check_version:
        AuthorizedUpgrade.kill(ctx)
        error = Error.FailedToExtractRuntimeVersion.as_dispatch_error()
        ctx.deposit(RejectedInvalidAuthorizedUpgrade(authorization.code_hash, error))
        return PostInfo(None, Pays.No)
    update_code(ctx, code)
    AuthorizedUpgrade.kill(ctx)
    return PostInfo(BLOCK_WEIGHTS.max_block, Pays.No)


@pallet.on_validate_unsigned
def validate_unsigned(ctx: Context, source: TransactionSource, call: Call) -> ValidTransaction:
    """Take the code of an authorized upgrade from any sender, before all else; refuse every other call."""
    authorization = AuthorizedUpgrade.get(ctx) if call.function is apply_authorized_upgrade else None
    if authorization is None or blake2_256(call.args[0]) != authorization.code_hash:
        raise Refused(UnexpectedCall())
    return ValidTransaction(U64_MAX, [], [authorization.code_hash], U64_MAX, propagate=True)


def update_code(ctx: Context, code: bytes) -> None:
    """Store new code. The runtime that executes stays the same."""
    ctx.state.put(CODE, code)
    ctx.block.digest.append(RuntimeEnvironmentUpdated())
    ctx.deposit(CodeUpdated())


def _authorize(ctx: Context, code_hash: bytes, check_version: bool) -> None:
    """Store the authorization of an upgrade."""
    AuthorizedUpgrade.put(ctx, CodeUpgradeAuthorization(code_hash, check_version))
    ctx.deposit(UpgradeAuthorized(code_hash, check_version))
