"""`pysubtensor tx`: every call of every pallet as a command, derived from the runtime's declarations."""

from __future__ import annotations

from typing import Any

import click

from ..runtime.client.names import find_call
from ..runtime.composition import PALLETS
from ..runtime.frame.call import Call, CallDef
from ..runtime.frame.pallet import Pallet
from ..runtime.scale.containers import Option
from .params import PlainType, kebab, metavar, type_help
from .secret import SecretCommand
from .sending import OPTIONS, Sending, run

#: Prefix of the names of a call's arguments, so that none of them equals the name of another option.
ARGUMENT = "argument_"

sudo_option = click.option(
    "--sudo",
    is_flag=True,
    help="Wrap the call in Sudo.sudo, which dispatches it as root; the signer must be the sudo key.",
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

    def send(sudo: bool, **values: Any) -> None:
        arguments = tuple(values.pop(ARGUMENT + str(field.name)) for field in function.args)
        call = Call(function, arguments)
        run(find_call(PALLETS, "Sudo", "sudo").call(call) if sudo else call, Sending(**values))

    command = click.command(kebab(function.name), cls=SecretCommand, help=function.docs)(send)
    for option in (*OPTIONS[:2], sudo_option, *OPTIONS[2:]):
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
