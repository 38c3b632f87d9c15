"""Executing a block of another author, and comparing the result with its header.

    ctx = initialize_block(runtime, state, header.number, header.parent_hash, pre_runtime_items(header.digest.logs))
    apply_body(ctx, extrinsics)
    check_result(header, finalize_block(ctx, root_of))

Each failed check raises its error of `frame.block_validity`; the changes have to be discarded then.
"""

from __future__ import annotations

from collections.abc import Sequence

from .executive import apply_extrinsic
from .frame.block_validity import (
    DigestMismatch,
    ExtrinsicsRootMismatch,
    InapplicableExtrinsic,
    InherentOutOfPlace,
    StateRootMismatch,
)
from .frame.context import Context
from .frame.extrinsic import Extrinsic, Kind
from .frame.header import Header
from .frame.runtime import Runtime, runtime_of
from .frame.validity import Refused


def check_order(runtime: Runtime, extrinsics: Sequence[Extrinsic]) -> None:
    """Raise InherentOutOfPlace unless inherents come before all transactions."""
    first_transaction: int | None = None
    for index, extrinsic in enumerate(extrinsics):
        if not (extrinsic.kind is Kind.BARE and runtime.is_inherent(extrinsic.call)):
            first_transaction = index if first_transaction is None else first_transaction
        elif first_transaction is not None:
            raise InherentOutOfPlace(f"inherent {index} comes after transaction {first_transaction}")


def apply_body(ctx: Context, extrinsics: Sequence[Extrinsic]) -> None:
    """Apply all extrinsics of a block of another author; raise InvalidBlock if one of them may not be in it.

    There are pauses before the extrinsics.
    """
    check_order(runtime_of(ctx), extrinsics)
    for index, extrinsic in enumerate(extrinsics):
        ctx.runtime.pause()
        try:
            apply_extrinsic(ctx, extrinsic)
        except Refused as refused:
            raise InapplicableExtrinsic(f"extrinsic {index}: {refused}") from None


def check_result(header: Header, computed: Header) -> None:
    """Raise InvalidBlock unless the digest and the roots of a header are those that its execution has computed."""
    if header.digest != computed.digest:
        raise DigestMismatch(f"expected {computed.digest}, got {header.digest}")
    if header.state_root != computed.state_root:
        raise StateRootMismatch(f"expected 0x{computed.state_root.hex()}, got 0x{header.state_root.hex()}")
    if header.extrinsics_root != computed.extrinsics_root:
        raise ExtrinsicsRootMismatch(
            f"expected 0x{computed.extrinsics_root.hex()}, got 0x{header.extrinsics_root.hex()}"
        )
