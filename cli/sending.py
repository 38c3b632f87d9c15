"""Transactions of commands: calls from their arguments, signatures, submission, and the reports of what happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..runtime.client.advice import advice_on_refusal, with_advice
from ..runtime.client.names import find_call
from ..runtime.client.receipt import Receipt, describe_error
from ..runtime.client.signing import Signer
from ..runtime.client.to_plain import to_plain
from ..runtime.composition import PALLETS
from ..runtime.crypto import Keypair
from ..runtime.frame.call import Call
from ..runtime.frame.era import IMMORTAL, Era
from ..runtime.frame.runtime_types import RUNTIME_EVENT
from .amounts import Amount
from .client import Client, RpcFailed
from .derived.shown import shown
from .errors import Failed
from .output import emit_json, emit_rows, emit_value, print_message, wants_json, wants_rao
from .remote import Remote, to_hex
from .send_options import Sending
from .signers import signer_key
from .watching import Progress, block_of, plain_receipt, receipt_of

EXTERNAL = b"\2"


def typed_call(pallet: str, name: str, arguments: tuple[Any, ...]) -> Call:
    """Return a call with typed arguments in their order."""
    return Call(find_call(PALLETS, pallet, name), arguments)


def sudo_call(call: Call) -> Call:
    """Return the call that dispatches another one as root."""
    return find_call(PALLETS, "Sudo", "sudo").call(call)


@contextmanager
def connected(how: Sending) -> Iterator[Remote]:
    """Connect to the node, which must have this program's interface."""
    with Client(how.url, how.timeout) as client:
        remote = Remote(client)
        remote.check()
        yield remote


def run(call: Call, how: Sending) -> None:
    """Sign a call, send it, and print its receipt."""
    key = signer_key(how.sender, how.scheme)
    with connected(how) as remote:
        raw = signed(remote, call, key, how)
        if how.dry_run:
            emit_value(estimate(remote, call, raw))
        else:
            send(remote, raw, how.wait)


def signed(remote: Remote, call: Call, key: Keypair, how: Sending) -> bytes:
    """Return the signed transaction with this call."""
    nonce = how.nonce
    if nonce is None:
        nonce = remote.client.call("system_accountNextIndex", key.address)
    era, birth = IMMORTAL, remote.genesis_hash
    if how.era:
        head = remote.head_number()
        era = Era.mortal(how.era, head)
        birth = remote.block_hash(str(era.birth(head)))
    return Signer(remote.genesis_hash).sign(call, key, nonce=nonce, tip=how.tip, era=era, era_hash=birth)


def send(remote: Remote, raw: bytes, wait: str) -> None:
    """Send a transaction, wait for it, and print its receipt."""
    try:
        if wait == "none":
            emit_value({"extrinsic_hash": remote.client.call("author_submitExtrinsic", to_hex(raw))})
            return
        statuses = remote.client.subscribe("author_submitAndWatchExtrinsic", to_hex(raw))
        block = block_of(statuses, "inBlock" if wait == "inblock" else wait, Progress())
    except RpcFailed as refused:
        text = str(refused)
        raise Failed(with_advice(text, advice_on_refusal(text))) from refused
    report(receipt_of(remote, raw, block), raw)


def estimate(remote: Remote, call: Call, raw: bytes) -> dict[str, Any]:
    """Return fee and validity of a transaction, from the node, without sending it."""
    methods = remote.runtime.api_methods
    fee = methods["TransactionPaymentApi_query_info"].output
    valid = methods["TaggedTransactionQueue_validate_transaction"].output
    head = remote.block_hash(None)
    answer = remote.call_api("TaggedTransactionQueue_validate_transaction", EXTERNAL + raw + head)
    return {
        "call": to_hex(call.encode()),
        "extrinsic": to_hex(raw),
        "payment": to_plain(fee, payment_of(remote, raw)),
        "validity": to_plain(valid, valid.decode(answer)),
    }


def payment_of(remote: Remote, raw: bytes) -> Any:
    """Return weight and fee of a transaction, from the node."""
    output = remote.runtime.api_methods["TransactionPaymentApi_query_info"].output
    return output.decode(remote.call_api("TransactionPaymentApi_query_info", raw + len(raw).to_bytes(4, "little")))


def report(receipt: Receipt, raw: bytes) -> None:
    """Print the events of a transaction; raise Failed if it, or a call inside of it, failed."""
    if wants_json():
        emit_json(plain_receipt(receipt, raw))
    else:
        block = f"block {receipt.block_number} ({to_hex(receipt.block_hash)})"
        fee = f"{receipt.fee} rao" if wants_rao() else Amount(receipt.fee or 0, "tao")
        print_message(f"In {block}, extrinsic {receipt.index}, fee {fee}.")
        events = [shown(RUNTIME_EVENT, event) for event in receipt.events]
        rows = [(pallet, *next(iter(as_record(event).items()))) for e in events for pallet, event in e.items()]
        emit_rows(["pallet", "event", "fields"], rows)
    error = receipt.error
    if error is not None:
        raise Failed(f"the transaction failed with {describe_error(error)}")


def as_record(event: Any) -> dict[str, Any]:
    """Return a plain event with its fields, also one without fields, which is only a name."""
    return event if isinstance(event, dict) else {event: {}}
