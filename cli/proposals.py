"""Transactions that are shown before they are signed: what they pay, what they give, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from ..runtime.client.names import find_call
from ..runtime.client.receipt import explain
from ..runtime.composition import PALLETS
from ..runtime.frame.call import Call
from ..runtime.frame.validity import Invalid, Payment
from ..runtime.scale import Err, Ok
from .amounts import Amount
from .client import RpcFailed
from .errors import Failed
from .output import emit_value, print_message, wants_json, wants_rao
from .remote import Remote, from_hex, to_hex
from .send_options import Sending
from .sending import connected, payment_of, send, signed
from .signers import signer_key


@dataclass(frozen=True, slots=True)
class Proposal:
    """A call, and the preview that is shown before it is signed."""

    call: Call
    preview: Mapping[str, Amount | str | int | None]


def call_named(name: str, **arguments: Any) -> Call:
    """Return a call of SubtensorModule with these typed arguments."""
    function = find_call(PALLETS, "SubtensorModule", name)
    return function.call(*(arguments[str(field.name)] for field in function.args))


def propose(how: Sending, yes: bool, plan: Callable[[Remote, bytes], Proposal]) -> None:
    """Plan a transaction for the signer's account, show it, and send it after a confirmation.

    With `--dry-run` the preview is the result. A transaction that would fail, and cost its fee, is not sent.
    """
    key = signer_key(how.sender, how.scheme)
    with connected(how) as remote:
        proposal = plan(remote, key.account)
        raw = signed(remote, proposal.call, key, how)
        preview = {**proposal.preview, "transaction fee": Amount(payment_of(remote, raw).partial_fee, "tao")}
        if how.dry_run:
            emit_value(plain(preview) if wants_json() else shown(preview))
        else:
            for name, text in shown(preview).items():
                print_message(f"{name:<16} {text}")
        if (reason := find_failure(remote, raw)) is not None:
            raise Failed(f"the transaction would fail with {reason.rstrip('.')}; it is not sent")
        if how.dry_run:
            return
        if not yes:
            click.confirm("Sign and send it?", abort=True, err=True)
        send(remote, raw, how.wait)


def find_failure(remote: Remote, raw: bytes) -> str | None:
    """Return why a transaction would fail in the next block; None when it would not, or the node does not say.

    A node that does not allow unsafe RPC methods does not say it, nor any node for a transaction that comes after
    pending ones of its signer.
    """
    output = remote.runtime.api_methods["BlockBuilder_apply_extrinsic"].output
    try:
        answer = output.decode(from_hex(remote.client.call("system_dryRun", to_hex(raw))))
    except RpcFailed:
        return None
    if answer == Err(Invalid(Payment())):
        return "Payment: the signer cannot pay the fee"
    if not isinstance(answer, Ok) or isinstance(answer.value, Ok):
        return None
    name, docs = explain(answer.value.error)
    return f"{name}: {docs}" if docs else name


def shown(preview: Mapping[str, Any]) -> dict[str, str]:
    """Return a preview as text."""
    rao = wants_rao()
    return {
        name: "none" if value is None else str(value.rao if rao and isinstance(value, Amount) else value)
        for name, value in preview.items()
    }


def plain(preview: Mapping[str, Any]) -> dict[str, Any]:
    """Return a preview as JSON: amounts are integers, in billionths of their unit."""
    return {
        name.replace(" ", "_"): value.rao if isinstance(value, Amount) else value for name, value in preview.items()
    }
