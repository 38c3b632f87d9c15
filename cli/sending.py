"""Transactions of commands: the options with which they are signed and sent, and the reports of what happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click

from ..runtime.client.receipt import Receipt, describe_error
from ..runtime.client.signing import Signer
from ..runtime.client.to_plain import to_plain
from ..runtime.crypto import Keypair, Scheme
from ..runtime.frame.call import Call
from ..runtime.frame.era import IMMORTAL, Era
from ..runtime.scale import codec_of, u64
from .client import Client
from .errors import Failed
from .keys import scheme_option
from .options import ParamType, url_option
from .output import emit_json, emit_rows, emit_value, json_option, print_message, wants_json
from .params import PlainType
from .remote import Remote, to_hex
from .secret import read_secret
from .watching import block_of, plain_receipt, receipt_of

#: Blocks for which a transaction is valid by default.
ERA_PERIOD = 64
EXTERNAL = b"\2"


class EraType(ParamType):
    """`immortal`, or a number of blocks."""

    name = "era"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "BLOCKS|immortal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if value == "immortal":
            return 0
        if not value.isdigit() or not 4 <= int(value) <= 65536:
            self.fail(f"expected 4 to 65536 blocks, or immortal, got {value!r}", param, ctx)
        return int(value)


#: The options of every transaction, in the order of the help.
OPTIONS = (
    click.option(
        "--from",
        "sender",
        required=True,
        envvar="PYSUBTENSOR_FROM",
        show_envvar=True,
        metavar="URI",
        help='Secret URI of the signer: a development key such as //Alice, or "-" to be asked for a phrase or a seed. '
        "Those are not accepted on the command line.",
    ),
    scheme_option,
    click.option(
        "--tip",
        type=PlainType(codec_of(u64)),
        default=0,
        show_default=True,
        help="Tip for the author of the block, on top of the fee.",
    ),
    click.option(
        "--nonce", type=click.IntRange(min=0), help="Nonce of the transaction; default: the account's next one."
    ),
    click.option(
        "--era",
        type=EraType(),
        default=ERA_PERIOD,
        show_default=True,
        help="Number of blocks for which the transaction is valid, rounded up to a power of two.",
    ),
    click.option(
        "--wait",
        type=click.Choice(["finalized", "inblock", "none"]),
        default="finalized",
        show_default=True,
        help="Wait until the transaction is in a block, or until that block is final; none: only submit it.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0.1),
        default=60.0,
        show_default=True,
        help="Seconds to wait for each answer of the node.",
    ),
    click.option("--dry-run", is_flag=True, help="Do not send the transaction; show its fee and whether it is valid."),
    url_option,
    json_option,
)


@dataclass(frozen=True, slots=True)
class Sending:
    """The values of OPTIONS."""

    url: str
    sender: str
    scheme: str
    nonce: int | None
    tip: int
    #: Number of blocks; 0: without limit.
    era: int
    wait: str
    dry_run: bool
    timeout: float

    def key(self) -> Keypair:
        """Return the signer's key, which may be asked for."""
        return Keypair.from_uri(read_secret(self.sender, "sender"), Scheme[self.scheme.upper()])

    @contextmanager
    def connected(self) -> Iterator[Remote]:
        """Connect to the node, which must have this program's interface."""
        with Client(self.url, self.timeout) as client:
            remote = Remote(client)
            remote.check()
            yield remote


def run(call: Call, how: Sending) -> None:
    """Sign a call, send it, and print its receipt."""
    key = how.key()
    with how.connected() as remote:
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
    if wait == "none":
        emit_value({"extrinsic_hash": remote.client.call("author_submitExtrinsic", to_hex(raw))})
        return
    statuses = remote.client.subscribe("author_submitAndWatchExtrinsic", to_hex(raw))
    block = block_of(statuses, "inBlock" if wait == "inblock" else wait)
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
    plain = plain_receipt(receipt, raw)
    if wants_json():
        emit_json(plain)
    else:
        block = f"block {receipt.block_number} ({to_hex(receipt.block_hash)})"
        print_message(f"In {block}, extrinsic {receipt.index}, fee {receipt.fee} rao.")
        rows = [(pallet, *next(iter(as_record(event).items()))) for e in plain["events"] for pallet, event in e.items()]
        emit_rows(["pallet", "event", "fields"], rows)
    error = receipt.error
    if error is not None:
        raise Failed(f"the transaction failed with {describe_error(error)}")


def as_record(event: Any) -> dict[str, Any]:
    """Return a plain event with its fields, also one without fields, which is only a name."""
    return event if isinstance(event, dict) else {event: {}}
