"""`pysubtensor tx`: every call of every pallet as a command, derived from the runtime's declarations."""

from __future__ import annotations

from typing import Any

import click

from ..runtime.client.names import find_call
from ..runtime.client.receipt import Receipt, explain
from ..runtime.client.signing import Signer
from ..runtime.client.to_plain import to_plain
from ..runtime.composition import PALLETS
from ..runtime.crypto import Keypair, Scheme
from ..runtime.frame.call import Call, CallDef
from ..runtime.frame.era import IMMORTAL, Era
from ..runtime.frame.pallet import Pallet
from ..runtime.scale import codec_of, u64
from ..runtime.scale.containers import Option
from .client import Client
from .errors import Failed
from .keys import scheme_option
from .options import ParamType, url_option
from .output import emit_json, emit_rows, emit_value, json_option, print_message, wants_json
from .params import PlainType, kebab, metavar, type_help
from .remote import Remote, to_hex
from .secret import SecretCommand, read_secret
from .watching import block_of, plain_receipt, receipt_of

#: Blocks for which a transaction is valid by default.
ERA_PERIOD = 64
#: Prefix of the names of a call's arguments, so that none of them equals the name of another option.
ARGUMENT = "argument_"
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
        "--sudo",
        is_flag=True,
        help="Wrap the call in Sudo.sudo, which dispatches it as root; the signer must be the sudo key.",
    ),
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


class Calls(click.Group):
    """The calls of one pallet."""

    def __init__(self, pallet: Pallet) -> None:
        super().__init__(kebab(pallet.name), help=f"Calls of the pallet {pallet.name}. {pallet.docs}".strip())
        self.calls = {kebab(function.name): function for _, function in sorted(pallet.calls.items())}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.calls)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        function = self.calls.get(cmd_name)
        return None if function is None else command_of(function)


class Pallets(click.Group):
    """The pallets that have calls."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [kebab(pallet.name) for pallet in PALLETS if pallet.calls]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = [pallet for pallet in PALLETS if pallet.calls and kebab(pallet.name) == cmd_name]
        return Calls(found[0]) if found else None


@click.command(cls=Pallets)
def tx() -> None:
    """Sign and send a transaction, with any call of any pallet, to a running chain.

    Every call of every pallet is a command, and each argument of the call is an option of it. Example:

    \b
    pysubtensor tx balances transfer-keep-alive --dest //Bob --value 1.5tao --from //Alice

    The result is the list of the transaction's events. The exit code is 1 if the transaction fails.

    The help of an argument is its type in the runtime. An ADDRESS is an SS58 address, 0x… or a development key such
    as //Bob. An AMOUNT is an integer, or a number with a unit (1.5tao, 10rao). Lists are separated by commas. BYTES
    are 0x… or text. A CALL is JSON, such as
    '{"Balances": {"transfer_all": {"dest": "//Bob", "keep_alive": true}}}', or an encoded call, 0x….
    """


def command_of(function: CallDef[Any]) -> click.Command:
    """Return the command that sends this call."""

    def send(**values: Any) -> None:
        arguments = tuple(values.pop(ARGUMENT + str(field.name)) for field in function.args)
        run(Call(function, arguments), **values)

    command = click.command(kebab(function.name), cls=SecretCommand, help=function.docs)(send)
    for option in OPTIONS:
        option(command)
    taken = {name for parameter in command.params for name in parameter.opts}
    arguments: list[click.Parameter] = []
    for field in function.args:
        flag = f"--{kebab(str(field.name))}"
        arguments.append(
            click.Option(
                [f"--call{flag[1:]}" if flag in taken else flag, ARGUMENT + str(field.name)],
                type=PlainType(field.codec),
                required=not isinstance(field.codec, Option),
                metavar=metavar(field.codec),
                help=type_help(field.codec),
            )
        )
    command.params = arguments + command.params
    return command


def run(
    call: Call,
    url: str,
    sender: str,
    scheme: str,
    sudo: bool,
    nonce: int | None,
    tip: int,
    era: int,
    wait: str,
    dry_run: bool,
    timeout: float,
) -> None:
    """Sign a call, send it, and print its receipt."""
    key = Keypair.from_uri(read_secret(sender, "sender"), Scheme[scheme.upper()])
    if sudo:
        call = find_call(PALLETS, "Sudo", "sudo").call(call)
    with Client(url, timeout) as client:
        remote = Remote(client)
        remote.check()
        raw = signed(remote, call, key, nonce, tip, era)
        if dry_run:
            emit_value(estimate(remote, call, raw))
        elif wait == "none":
            emit_value({"extrinsic_hash": client.call("author_submitExtrinsic", to_hex(raw))})
        else:
            statuses = client.subscribe("author_submitAndWatchExtrinsic", to_hex(raw))
            block = block_of(statuses, "inBlock" if wait == "inblock" else wait)
            report(receipt_of(remote, raw, block), raw)


def signed(remote: Remote, call: Call, key: Keypair, nonce: int | None, tip: int, period: int) -> bytes:
    """Return the signed transaction with this call, valid for `period` blocks after the head (0: without limit)."""
    client = remote.client
    if nonce is None:
        nonce = client.call("system_accountNextIndex", key.address)
    era, birth = IMMORTAL, remote.genesis_hash
    if period:
        head = remote.head_number()
        era = Era.mortal(period, head)
        birth = remote.block_hash(str(era.birth(head)))
    return Signer(remote.genesis_hash).sign(call, key, nonce=nonce, tip=tip, era=era, era_hash=birth)


def estimate(remote: Remote, call: Call, raw: bytes) -> dict[str, Any]:
    """Return fee and validity of a transaction, from the node, without sending it."""
    methods = remote.runtime.api_methods
    fee = methods["TransactionPaymentApi_query_info"].output
    valid = methods["TaggedTransactionQueue_validate_transaction"].output
    head = remote.block_hash(None)
    payment = remote.call_api("TransactionPaymentApi_query_info", raw + len(raw).to_bytes(4, "little"))
    answer = remote.call_api("TaggedTransactionQueue_validate_transaction", EXTERNAL + raw + head)
    return {
        "call": to_hex(call.encode()),
        "extrinsic": to_hex(raw),
        "payment": to_plain(fee, fee.decode(payment)),
        "validity": to_plain(valid, valid.decode(answer)),
    }


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
        name, docs = explain(error)
        raise Failed(f"the transaction failed with {name}: {docs}" if docs else f"the transaction failed with {name}")


def as_record(event: Any) -> dict[str, Any]:
    """Return a plain event with its fields, also one without fields, which is only a name."""
    return event if isinstance(event, dict) else {event: {}}
