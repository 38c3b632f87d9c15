"""What a call would do, without doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...runtime import executive
from ...runtime.client.receipt import error_in, explain, fee_in
from ...runtime.client.signing import Signer
from ...runtime.edits.balances import account_nonce
from ...runtime.edits.subnets import dispatch_as
from ...runtime.frame.call import Call
from ...runtime.frame.context import BlockEnvironment, Context
from ...runtime.frame.errors import DispatchFailed
from ...runtime.frame.events import ApplyExtrinsic
from ...runtime.frame.extrinsic import Extrinsic
from ...runtime.frame.validity import Refused
from ...runtime.frame.validity import explain as explain_validity
from ...runtime.scale import Sum
from ...runtime.scale.codec import shown
from ..arguments import SHOWN, AccountLike, account_of, resolve_block
from ..chain import Blockchain
from ..errors import ChainError
from .changes import Change, Names
from .impersonation import ActingKey


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a transaction, or a call by root, would do in the next block."""

    #: The name of its error, with its documentation behind a colon; None if it would succeed.
    error: str | None
    #: Whether it could not even be in a block, so that it would not pay its fee.
    refused: bool
    events: tuple[Sum, ...]
    #: In rao, tip included; None where there is none.
    fee: int | None
    #: What it would change, its fee and nonce included.
    changes: tuple[Change, ...]

    @property
    def ok(self) -> bool:
        """Whether it would succeed."""
        return self.error is None


def dry_run(chain: Blockchain, call: Call, who: AccountLike | None, at: Any = None) -> DryRun:
    """Return what a call by an account would do, or by root for None, in the block after `at` (the head by default).

    The account needs no key. Fee and nonce are those of a transaction that the account signs.
    """

    if not isinstance(call, Call):
        raise ChainError(f'expected a Call, as chain.call("Pallet.call", …) makes it, got {shown(call, SHOWN)}')
    account = None if who is None else account_of(who)

    def run(ctx: Context) -> None:
        if account is None:
            dispatch_as(ctx, None, call)
        else:
            _apply(ctx, _transaction(chain, ctx, call, account))

    return _run(chain, run, at)


def dry_run_extrinsic(chain: Blockchain, raw: bytes, at: Any = None) -> DryRun:
    """Return what an encoded extrinsic would do in the block after `at` (the head by default)."""
    extrinsic = chain.runtime.decode(raw)
    return _run(chain, lambda ctx: _apply(ctx, chain.pool.impersonation.apply(ctx, extrinsic)), at)


def _run(chain: Blockchain, action: Callable[[Context], None], at: Any) -> DryRun:
    found = chain.context(None if at is None else resolve_block(chain, at))
    block_hash = chain.hash_at(found.block.number) or chain.head.hash
    ctx = Context(found.runtime, found.state, BlockEnvironment(found.block.number + 1, block_hash))
    ctx.block.enter_phase(ApplyExtrinsic(0))
    state, refusal = ctx.state, None
    before = state.changes()
    with state.anchor():
        try:
            action(ctx)
        except Refused as refused:
            refusal = explain_validity(refused.reason)
        except DispatchFailed as failure:  # of a call by root, which is in no extrinsic
            refusal = _text(failure.error)
        after = state.diff()
    changes = Names(chain.runtime).changes(_former(after.before, before), after.after)
    error = error_in(ctx.block.events)
    reason = refusal or (None if error is None else _text(error))
    return DryRun(reason, refusal is not None, tuple(ctx.block.events), fee_in(ctx.block.events), tuple(changes))


def _former(stored: dict[bytes, bytes | None], edits: dict[bytes, bytes | None]) -> dict[bytes, bytes | None]:
    """Return the values before the run: those of the store, or what programs wrote since."""
    return {key: edits.get(key, value) for key, value in stored.items()}


def _text(error: Any) -> str:
    name, docs = explain(error)
    return f"{name}: {docs}" if docs else name


def _transaction(chain: Blockchain, ctx: Context, call: Call, who: bytes) -> Extrinsic:
    """Return a transaction of an account, whose signature counts as checked."""
    key = ActingKey(chain, who)
    raw = Signer(chain.genesis_hash).sign(call, key, nonce=account_nonce(ctx, who))
    extrinsic = chain.runtime.decode(raw)
    extrinsic.verified = chain.runtime.implicit(ctx, extrinsic)
    return extrinsic


def _apply(ctx: Context, extrinsic: Extrinsic) -> None:
    executive.apply_extrinsic(ctx, extrinsic)
