"""Whether a transaction is valid: its signature, then the rules of its extensions, or of its pallet if it has none.

The pool asks for all of it with `validate_transaction`; the executive repeats the parts when it applies a transaction.
"""

from __future__ import annotations

from typing import Any

from ..consensus.internal import InternalError
from .crypto.signatures import verify_account
from .extensions.system import check_room
from .frame.context import Context
from .frame.extrinsic import Extrinsic, Kind, Unread, signing_payload
from .frame.origin import Origin, signed
from .frame.pallet import SelfContained
from .frame.runtime import Runtime, runtime_of
from .frame.validity import (
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
from .frame.weight import DispatchClass, DispatchInfo

#: The deepest nesting of calls in a transaction that the pool accepts.
MAX_POOL_NESTING = 8


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
    if extrinsic.contained is not None:
        return _validate_contained(ctx, extrinsic, info)
    if extrinsic.kind is Kind.BARE:
        return _validate_bare(ctx, extrinsic, info, source)
    validity = Validity()
    validate_extensions(runtime, as_signer(ctx, extrinsic), extrinsic, info, validity)
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


def _validate_contained(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> ValidTransaction:
    """Validate an extrinsic whose call contains its signature by the rules of its pallet."""
    check_room(ctx, extrinsic, info)
    return rules_of(extrinsic).validate(ctx.with_origin(Origin(special=extrinsic.contained)), extrinsic.call)


def rules_of(extrinsic: Extrinsic) -> SelfContained:
    """Return the rules of a call that contains its signature."""
    rules = extrinsic.call.function.pallet.self_contained
    if rules is None:
        raise InternalError(f"expected a call that contains its signature, got {extrinsic.call}")
    return rules


def as_signer(ctx: Context, extrinsic: Extrinsic) -> Context:
    """Return the context with the signer as origin; Refused without a signer."""
    if extrinsic.signer is None:
        raise Refused(UnknownOrigin())
    return ctx.with_origin(signed(extrinsic.signer))


def validate_extensions(
    runtime: Runtime, ctx: Context, extrinsic: Extrinsic, info: DispatchInfo, validity: Validity
) -> dict[int, Any]:
    """Run `validate` of the extensions; return their results by the index of the extension."""
    explicit = extrinsic.explicit
    return {
        index: extension.validate(ctx, extrinsic, explicit[index], info, validity)
        for index, extension in runtime.validating[extrinsic.call.function.pallet.index]
    }
