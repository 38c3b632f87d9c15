"""Transactions of commands: the options with which they are signed and sent.

`sending` does that; options are here, so that help and completion do not wait for the runtime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from .accounts import SignerType
from .amounts import TaoType
from .keys import scheme_option
from .options import F, ParamType, url_option
from .output import json_option, rao_option

#: Blocks for which a transaction is valid by default.
ERA_PERIOD = 64


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
        type=SignerType(),
        metavar="SIGNER",
        help="The signer: a development key such as //Alice; a wallet of the SDK, NAME for its coldkey or NAME/HOTKEY; "
        'or "-" to be asked for a phrase or a seed, which are not accepted on the command line.',
    ),
    scheme_option,
    click.option(
        "--tip",
        type=TaoType(),
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
    rao_option,
    json_option,
)

#: The options of a transaction that is shown before it is signed.
PROPOSAL_OPTIONS = (
    *OPTIONS,
    click.option("--yes", "-y", is_flag=True, help="Send the transaction without asking."),
)


def proposal_options(command: F) -> F:
    """Add the options of a transaction that is shown before it is signed."""
    for option in reversed(PROPOSAL_OPTIONS):
        command = option(command)
    return command


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
