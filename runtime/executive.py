"""The executive: beginning a block, applying its extrinsics, ending it.

    ctx = initialize_block(runtime, state, number, parent_hash, digest)
    apply_extrinsic(ctx, extrinsic)        for each inherent, then for each transaction
    header = finalize_block(ctx, root)     root computes the new root of the state

A refused extrinsic is not in the block and changes nothing. A failed one is in the block, pays its fee, and an event
has its error. A block that raises InvalidBlock is invalid, and its changes have to be discarded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..consensus.internal import InternalError
from .crypto.signatures import verify_account
from .extensions.system import add_weight, charge_block, check_room, reclaim
from .frame.block_validity import InvalidParent
from .frame.context import BlockEnvironment, Context
from .frame.digest import Digest, DigestItem
from .frame.errors import DispatchError, DispatchFailed
from .frame.events import ApplyExtrinsic, Finalization, Initialization
from .frame.extrinsic import Extrinsic, Kind, Unread, signing_payload
from .frame.header import Header
from .frame.origin import Origin, signed
from .frame.pallet import SelfContained
from .frame.runtime import Runtime, runtime_of
from .frame.runtime_types import RUNTIME_EVENT
from .frame.validity import (
    BadMandatory,
    BadProof,
    CannotLookup,
    MandatoryValidation,
    NoUnsignedValidator,
    Refused,
    TransactionSource,
    UnknownOrigin,
    Validity,
    ValidTransaction,
)
from .frame.validity import Call as UnexpectedCall
from .frame.weight import ZERO, DispatchClass, DispatchEventInfo, DispatchInfo, Pays, PostInfo
from .pallets import system
from .scale import Sum
from .state.build import ordered_root
from .state.overlay import State
from .version import BASE_EXTRINSIC, BLOCK_WEIGHTS

#: The deepest nesting of calls in a transaction that the pool accepts.
MAX_POOL_NESTING = 8
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
    system.record_version(ctx)
    system.Number.put(ctx, number)
    system.ParentHash.put(ctx, parent_hash)
    system.BlockHash.put(ctx, number - 1, parent_hash)
    used = BLOCK_WEIGHTS.base_block
    for hook in runtime.on_initialize:
        used += hook(ctx)
    block.weight = add_weight(block.weight, DispatchClass.Mandatory, used)
    block.enter_phase(ApplyExtrinsic(0))
    return ctx


# --- transactions --------------------------------------------------------------------------------------------


def check_signature(ctx: Context, extrinsic: Extrinsic | Unread) -> None:
    """Refuse a signed extrinsic with BadProof unless the signature covers its call and all values of its extensions.

    An address that names no account is refused first, with CannotLookup. So is a call that contains its signature.
    A valid signature is cached with the implicit values that it covers, so that it is checked again when they change.
    """
    if isinstance(extrinsic, Extrinsic):
        runtime_of(ctx).contained_origin(extrinsic)
    if extrinsic.kind is not Kind.SIGNED:
        return
    signature, signer = extrinsic.signature, extrinsic.signer
    if signature is None or signer is None:
        raise Refused(CannotLookup())
    implicit = runtime_of(ctx).implicit(ctx, extrinsic)
    if extrinsic.verified == implicit:
        return
    payload = signing_payload(extrinsic.call_bytes, extrinsic.explicit_bytes, implicit)
    if not verify_account(signature.scheme, signature.signature, payload, signer):
        raise Refused(BadProof())
    extrinsic.verified = implicit


def validate_transaction(
    ctx: Context, extrinsic: Extrinsic, source: TransactionSource = TransactionSource.External
) -> ValidTransaction:
    """Return how the pool orders a transaction; raise Refused when it may not take it.

    `ctx` is a block begun on the head.
    """
    if runtime_of(ctx).nesting(extrinsic) > MAX_POOL_NESTING:
        raise Refused(UnexpectedCall())
    check_signature(ctx, extrinsic)
    runtime = runtime_of(ctx)
    info = runtime.dispatch_info(extrinsic)
    if info.class_ is DispatchClass.Mandatory:
        raise Refused(MandatoryValidation())
    if (rules := extrinsic.call.function.pallet.self_contained) is not None:
        check_room(ctx, extrinsic, info)
        return rules.validate(_as_contained(ctx, extrinsic), extrinsic.call)
    if extrinsic.kind is Kind.BARE:
        return _validate_bare(ctx, extrinsic, info, source)
    validity = Validity()
    _validate(runtime, _as_signer(ctx, extrinsic), extrinsic, info, validity)
    return validity.finish()


def _validate_bare(
    ctx: Context, extrinsic: Extrinsic, info: DispatchInfo, source: TransactionSource
) -> ValidTransaction:
    """Validate an extrinsic without a signature by its pallet's `validate_unsigned`; Refused without one."""
    validate = extrinsic.call.function.pallet.validate_unsigned
    if validate is None:
        raise Refused(NoUnsignedValidator())
    valid = validate(ctx, source, extrinsic.call)
    check_room(ctx, extrinsic, info)
    return valid


def _as_contained(ctx: Context, extrinsic: Extrinsic) -> Context:
    """Return the context with the origin of a call that contains its signature, which is verified already."""
    return ctx.with_origin(Origin(special=extrinsic.contained))


def _as_signer(ctx: Context, extrinsic: Extrinsic) -> Context:
    """Return the context with the signer as origin; Refused without a signer."""
    if extrinsic.signer is None:
        raise Refused(UnknownOrigin())
    return ctx.with_origin(signed(extrinsic.signer))


def _validate(
    runtime: Runtime, ctx: Context, extrinsic: Extrinsic, info: DispatchInfo, validity: Validity
) -> dict[int, Any]:
    """Run `validate` of the extensions; return their results by the index of the extension."""
    explicit = extrinsic.explicit
    return {
        index: extension.validate(ctx, extrinsic, explicit[index], info, validity)
        for index, extension in runtime.validating[extrinsic.call.function.pallet.index]
    }


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
            if (rules := extrinsic.call.function.pallet.self_contained) is not None:
                post, error = _apply_contained(_as_contained(ctx, extrinsic), extrinsic, info, rules)
            elif extrinsic.kind is Kind.BARE:
                post, error = _apply_bare(ctx, extrinsic, info)
            else:
                post, error = _apply_transaction(runtime, _as_signer(ctx, extrinsic), extrinsic, info)
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


def _apply_contained(
    ctx: Context, extrinsic: Extrinsic, info: DispatchInfo, rules: SelfContained
) -> tuple[PostInfo, DispatchError | None]:
    """Apply an extrinsic whose call contains its signature: its pallet checks it, and takes its fee."""
    check_room(ctx, extrinsic, info)
    charge_block(ctx, extrinsic, info)
    rules.check(ctx, extrinsic.call)
    post, error = _dispatch(ctx, extrinsic, info)
    reclaim(ctx, info, post)
    return post, error


def _apply_transaction(
    runtime: Runtime, ctx: Context, extrinsic: Extrinsic, info: DispatchInfo
) -> tuple[PostInfo, DispatchError | None]:
    """Apply a transaction: validate, prepare (nonce, fee, block limits), dispatch, post-dispatch."""
    validated = _validate(runtime, ctx, extrinsic, info, Validity())
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
    """End a block: run the last hooks, which may ask for the storage root, and return its header (without seal)."""
    block, state, runtime = ctx.block, ctx.state, runtime_of(ctx)
    block.enter_phase(Finalization())
    block.storage_root = lambda: root_of(state, system.stored_within(ctx))
    left = BLOCK_WEIGHTS.max_block - block.weight.total()
    if left.ref_time and left.proof_size:
        used = ZERO
        for idle in runtime.on_idle:
            used += idle(ctx, left - used)
        block.weight = add_weight(block.weight, DispatchClass.Mandatory, used)
    for finalize in runtime.on_finalize:
        finalize(ctx)
    block.storage_root = None
    for key, value in system.stored_after(ctx).items():
        state.put(key, value)
    if (expired := block.number - system.BlockHashCount.get(ctx) - 1) > 0:
        system.BlockHash.remove(ctx, expired)
    roots = (root_of(state, {}), ordered_root(block.extrinsics))
    return Header(block.parent_hash, block.number, *roots, Digest(block.digest))
