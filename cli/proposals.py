"""Transactions that are shown before they are signed: what they pay, what they give, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from ..runtime.client.names import find_call
from ..runtime.composition import PALLETS
from ..runtime.frame.call import Call
from .amounts import Amount
from .output import emit_value, print_message, wants_json, wants_rao
from .remote import Remote
from .send_options import Sending
from .sending import connected, payment_of, send, signed
from .signers import signer_key


@dataclass(frozen=True, slots=True)
class Proposal:
    """A call, and what a person should know before signing it."""

    call: Call
    preview: Mapping[str, Amount | str | int | None]


def call_named(name: str, **arguments: Any) -> Call:
    """Return a call of SubtensorModule with these typed arguments."""
    function = find_call(PALLETS, "SubtensorModule", name)
    return function.call(*(arguments[str(field.name)] for field in function.args))


def propose(how: Sending, yes: bool, plan: Callable[[Remote, bytes], Proposal]) -> None:
    """Plan a transaction for the signer's account, show it, and send it when the person agrees.

    With `--dry-run` the preview is the result.
    """
    key = signer_key(how.sender, how.scheme)
    with connected(how) as remote:
        proposal = plan(remote, key.account)
        raw = signed(remote, proposal.call, key, how)
        preview = {**proposal.preview, "transaction fee": Amount(payment_of(remote, raw).partial_fee, "tao")}
        if how.dry_run:
            emit_value(plain(preview) if wants_json() else shown(preview))
            return
        for name, text in shown(preview).items():
            print_message(f"{name:<16} {text}")
        if not yes:
            click.confirm("Sign and send it?", abort=True, err=True)
        send(remote, raw, how.wait)


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
