"""The executive: beginning a block, applying its extrinsics, ending it.

    ctx = initialize_block(runtime, state, number, parent_hash, digest)
    apply_extrinsic(ctx, extrinsic)        for each inherent, then for each transaction
    header = finalize_block(ctx, root)     root computes the new root of the state

A refused extrinsic is not in the block and changes nothing. A failed one is in the block, pays its fee, and an event
has its error. A block that raises InvalidBlock is invalid, and its changes have to be discarded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..consensus.internal import InternalError
from .block_storage import stored_after, stored_within
from .extensions.system import add_weight, charge_block, check_room, reclaim
from .frame.block_validity import InvalidParent
from .frame.context import BlockEnvironment, Context
from .frame.digest import Digest, DigestItem
from .frame.errors import DispatchError, DispatchFailed
from .frame.events import ApplyExtrinsic, Finalization, Initialization
from .frame.extrinsic import Extrinsic, Kind
from .frame.header import Header
from .frame.origin import Origin
from .frame.runtime import Runtime, runtime_of
from .frame.runtime_types import RUNTIME_EVENT
from .frame.validity import (
    BadMandatory,
    Refused,
    TransactionSource,
    Validity,
)
from .frame.weight import ZERO, DispatchClass, DispatchEventInfo, DispatchInfo, Pays, PostInfo
from .pallets import system
from .scale import Sum
from .state.build import ordered_root
from .state.overlay import State
from .validation import as_signer, check_signature, rules_of, validate_extensions
from .version import BASE_EXTRINSIC, BLOCK_WEIGHTS, SPEC_NAME, SPEC_VERSION, LastRuntimeUpgradeInfo

#: The largest number of encoded success events that are cached. It limits memory and does not affect results.
SUCCESSES_LIMIT = 1_000
#: Computes the root of a state with some values besides.
RootOf = Callable[[State, Mapping[bytes, bytes]], bytes]


def initialize_block(
    runtime: Runtime, state: State, number: int, parent_hash: bytes, digest: Sequence[DigestItem]
) -> Context:
    """Begin a block on `state`, the state of its parent: run the pallets' hooks, return the context of the block.

    `digest` has the items of its author, which come before those of the runtime. Raises InvalidBlock.
    """
    if runtime.by_index.get(system.pallet.index) is not system.pallet:
        raise InternalError("expected a runtime with System, whose storage holds the block under construction")
    block = BlockEnvironment(number, parent_hash, list(digest))
    block.enter_phase(Initialization())
    ctx = Context(runtime, state, block)
    expected = system.Number.get(ctx) + 1
    if number != expected:
        raise InvalidParent(f"expected block {expected}, got block {number}")
    _record_version(ctx)
    system.Number.put(ctx, number)
    system.ParentHash.put(ctx, parent_hash)
    system.BlockHash.put(ctx, number - 1, parent_hash)
    used = BLOCK_WEIGHTS.base_block
    for hook in runtime.on_initialize:
        used += hook(ctx)
    block.weight = add_weight(block.weight, DispatchClass.Mandatory, used)
    block.enter_phase(ApplyExtrinsic(0))
    return ctx


def _record_version(ctx: Context) -> None:
    """Store the version of the runtime in its first block. There are no migrations."""
    current = LastRuntimeUpgradeInfo(SPEC_VERSION, SPEC_NAME)
    if system.LastRuntimeUpgrade.get(ctx) != current:
        system.LastRuntimeUpgrade.put(ctx, current)


# --- transactions --------------------------------------------------------------------------------------------


def apply_extrinsic(ctx: Context, extrinsic: Extrinsic) -> DispatchError | None:
    """Apply one extrinsic; return None when it succeeded, its error when it failed.

    Raise Refused, without any change, when the extrinsic may not be in the block.
    """
    check_signature(ctx, extrinsic)
    runtime = runtime_of(ctx)
    info = runtime.dispatch_info(extrinsic)
    block, mark, room = ctx.block, ctx.block.mark(), (ctx.block.weight, ctx.block.length)
    try:
        with ctx.state.transaction():
            if extrinsic.contained is not None:
                post, error = _apply_contained(ctx, extrinsic, info)
            elif extrinsic.kind is Kind.BARE:
                post, error = _apply_bare(ctx, extrinsic, info)
            else:
                post, error = _apply_transaction(runtime, as_signer(ctx, extrinsic), extrinsic, info)
            if error is not None and info.class_ is DispatchClass.Mandatory:
                raise Refused(BadMandatory())
    except BaseException:
        block.rewind(mark)
        block.weight, block.length = room
        raise
    block.extrinsics.append(extrinsic.raw)
    _record_result(runtime, ctx, info, post, error)
    return error


def _apply_bare(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> tuple[PostInfo, DispatchError | None]:
    """Apply an extrinsic without a signature, an inherent or another: no fee, but it counts towards the block's limits.

    Its pallet may refuse it. Where the pallet has no rule, only validation keeps such extrinsics out, so that authors
    do not take them; a block that holds one is valid all the same, and the call runs with origin none.
    """
    if (validate := extrinsic.call.function.pallet.validate_unsigned) is not None:
        validate(ctx, TransactionSource.InBlock, extrinsic.call)
    check_room(ctx, extrinsic, info)
    charge_block(ctx, extrinsic, info)
    post, error = _dispatch(ctx, extrinsic, info)
    reclaim(ctx, info, post)
    return post, error


def _apply_contained(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> tuple[PostInfo, DispatchError | None]:
    """Apply an extrinsic whose call contains its signature: the pallet checks it, and the call charges its own fee."""
    ctx = ctx.with_origin(Origin(special=extrinsic.contained))
    check_room(ctx, extrinsic, info)
    charge_block(ctx, extrinsic, info)
    rules_of(extrinsic).check(ctx, extrinsic.call)
    post, error = _dispatch(ctx, extrinsic, info)
    reclaim(ctx, info, post)
    return post, error


def _apply_transaction(
    runtime: Runtime, ctx: Context, extrinsic: Extrinsic, info: DispatchInfo
) -> tuple[PostInfo, DispatchError | None]:
    """Apply a transaction: validate, prepare (nonce, fee, block limits), dispatch, post-dispatch."""
    validated = validate_extensions(runtime, ctx, extrinsic, info, Validity())
    prepared = {}
    for index, extension in runtime.preparing:
        prepared[index] = extension.prepare(ctx, extrinsic, validated.get(index), info)
    post, error = _dispatch(ctx, extrinsic, info)
    for index, extension in runtime.settling:
        extension.post_dispatch(ctx, extrinsic, prepared.get(index), info, post, error)
    return post, error


def _dispatch(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> tuple[PostInfo, DispatchError | None]:
    """Dispatch the call; return its result, with the weight of the extensions added to its actual weight."""
    error: DispatchError | None = None
    try:
        post = ctx.runtime.dispatch(ctx, extrinsic.call)
    except DispatchFailed as failure:
        error = failure.error
        post = failure.post if isinstance(failure.post, PostInfo) else PostInfo(None, info.pays_fee)
    if post.actual_weight is not None:
        post = PostInfo(post.actual_weight + info.extension_weight, post.pays_fee)
    return post, error


def _record_result(
    runtime: Runtime, ctx: Context, info: DispatchInfo, post: PostInfo, error: DispatchError | None
) -> None:
    """Deposit the last event of the extrinsic, and begin the phase of the next one."""
    if error is None and post.actual_weight is None and post.pays_fee is info.pays_fee:
        ctx.deposit_encoded(*_encode_success(runtime, info))
    else:
        weight, total = post.actual_weight, info.total_weight
        actual = total if weight is None else weight.smaller(total)
        pays = Pays.No if Pays.No in (info.pays_fee, post.pays_fee) else Pays.Yes
        summary = DispatchEventInfo(actual + BASE_EXTRINSIC, info.class_, pays)
        ctx.deposit(system.ExtrinsicSuccess(summary) if error is None else system.ExtrinsicFailed(error, summary))
    ctx.block.enter_phase(ApplyExtrinsic(len(ctx.block.extrinsics)))


def _encode_success(runtime: Runtime, info: DispatchInfo) -> tuple[Sum, bytes]:
    """Return the event, also encoded, of an extrinsic that succeeded with its declared weight. Cached: few differ."""
    cached = runtime.successes.get(id(info))
    if cached is None or cached[0] is not info:
        summary = DispatchEventInfo(info.total_weight + BASE_EXTRINSIC, info.class_, info.pays_fee)
        event = system.ExtrinsicSuccess(summary)
        if len(runtime.successes) >= SUCCESSES_LIMIT:
            runtime.successes.clear()
        cached = runtime.successes[id(info)] = (info, event, RUNTIME_EVENT.encode(event))
    return cached[1], cached[2]


# --- the end of a block --------------------------------------------------------------------------------------


def finalize_block(ctx: Context, root_of: RootOf) -> Header:
    """End a block: run the pallets' last hooks, and return its header (without seal).

    `root_of` is called for the hooks that ask for the storage root, and at the end.
    """
    block, state, runtime = ctx.block, ctx.state, runtime_of(ctx)
    block.enter_phase(Finalization())
    block.storage_root = lambda: root_of(state, stored_within(ctx))
    left = BLOCK_WEIGHTS.max_block - block.weight.total()
    if left.ref_time and left.proof_size:
        used = ZERO
        for idle in runtime.on_idle:
            used += idle(ctx, left - used)
        block.weight = add_weight(block.weight, DispatchClass.Mandatory, used)
    for finalize in runtime.on_finalize:
        finalize(ctx)
    block.storage_root = None
    for key, value in stored_after(ctx).items():
        state.put(key, value)
    digest = Digest(block.digest)
    expired = block.number - system.BlockHashCount.get(ctx) - 1
    if expired > 0:
        system.BlockHash.remove(ctx, expired)
    return Header(block.parent_hash, block.number, root_of(state, {}), ordered_root(block.extrinsics), digest)
