"""`pysubtensor tx`: every call of every pallet as a command, derived from the runtime's declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from .derived.arguments import ArgumentType, Place
from .derived.groups import Pallets
from .derived.index import kebab
from .secret import SecretCommand
from .send_options import OPTIONS, Sending

#: Prefix of the names of a call's arguments, so that none of them equals the name of another option.
ARGUMENT = "argument_"

sudo_option = click.option(
    "--sudo",
    is_flag=True,
    help="Wrap the call in Sudo.sudo, which dispatches it as root; the signer must be the sudo key.",
)


def command_of(name: str, pallet: str, entry: Mapping[str, Any]) -> click.Command:
    """Return the command that sends a call; `entry` is its part of the index."""

    def send(sudo: bool, **values: Any) -> None:
        from .sending import run, sudo_call, typed_call

        arguments = tuple(values.pop(ARGUMENT + each["name"]) for each in entry["arguments"])
        call = typed_call(pallet, entry["name"], arguments)
        run(sudo_call(call) if sudo else call, Sending(**values))

    command = click.command(name, cls=SecretCommand, help=entry["docs"])(send)
    for option in (*OPTIONS[:2], sudo_option, *OPTIONS[2:]):
        option(command)
    taken = {flag for parameter in command.params for flag in parameter.opts}
    arguments: list[click.Parameter] = []
    for position, argument in enumerate(entry["arguments"]):
        flag = f"--{kebab(argument['name'])}"
        arguments.append(
            click.Option(
                [f"--call{flag[1:]}" if flag in taken else flag, ARGUMENT + argument["name"]],
                type=ArgumentType(Place("calls", pallet, entry["name"], position), argument),
                required=argument["required"],
                help=argument["help"],
            )
        )
    command.params = arguments + command.params
    return command


@click.command(cls=Pallets, kind="calls", what="Calls", make=command_of)
def tx() -> None:
    """Sign and send a transaction, with any call of any pallet, to a running chain.

    Every call of every pallet is a command, and each argument of the call is an option of it. Example:

    \b
    pysubtensor tx balances transfer-keep-alive --dest //Bob --value 1.5tao --from //Alice

    The result is the list of the transaction's events. The exit code is 1 if the transaction fails.

    An ADDRESS is an SS58 address, 0x… or a development key such as //Bob. An AMOUNT is a number with a unit (1.5tao,
    20alpha), or an integer in rao or billionths. Lists are separated by commas. BYTES are 0x… or text. A CALL is JSON,
    such as '{"Balances": {"transfer_all": {"dest": "//Bob", "keep_alive": true}}}', or an encoded call, 0x….
    """
