"""The page of an account: balance, stake, hotkeys, registrations, latest transactions."""

from __future__ import annotations

from ...runtime.client.errors import PlainError
from ..node.encoding import account as account_of
from ..node.values import Account
from ..readers import text
from ..readers.accounts import Holder, Stake, read_account
from ..state import Explorer
from .home import TRANSACTIONS, transaction_row
from .parts import fact, facts, frame, heading, notice, page, panel, problems, tiles
from .tables import Cell, Column, Table, account_cell

STAKES = (Column("Subnet", right=True), Column("Hotkey"), Column("Stake", right=True), Column("Registered"))
#: Transactions that are listed.
MOST = 50


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/account/{wanted}")
    async def account_page(wanted: str) -> None:
        with frame(explorer, "Account"):
            try:
                account = Account(account_of(wanted))
            except PlainError as error:
                heading("Account")
                notice(str(error))
                return
            heading(f"Account {account.address}")
            with problems():
                draw(explorer, await read_account(explorer.node, account))


def draw(explorer: Explorer, holder: Holder) -> None:
    """Draw an account."""
    tiles(
        [
            ("Free", text.amount(holder.free)),
            ("Reserved", text.amount(holder.reserved)),
            ("Frozen", text.amount(holder.frozen)),
            ("Nonce", str(holder.nonce)),
        ]
    )
    with panel(), facts():
        fact("Public key", "0x" + holder.account.hex(), mono=True)
        if holder.development_name:
            fact("Development key", holder.development_name)
        if holder.owner:
            fact("Hotkey of", holder.owner)
        for name, value in holder.identity.items():
            fact(name.replace("_", " ").capitalize(), value)
        for hotkey in holder.hotkeys[:MOST]:
            fact("Owns the hotkey", hotkey)
        for member in holder.memberships:
            fact("Neuron", f"uid {member.uid} of subnet {member.netuid}", f"/subnet/{member.netuid}")
    if holder.stakes:
        with panel("Stake"):
            Table(STAKES, [stake_row(each) for each in holder.stakes], page=25, name="Stake")
    recent = [
        each
        for block in reversed(explorer.live.blocks)
        for each in block.transactions
        if each.signer == holder.account.address
    ]
    with panel("Its latest transactions"):
        Table(TRANSACTIONS, [transaction_row(each) for each in recent[:MOST]], name="Transactions")


def stake_row(each: Stake) -> list[Cell]:
    """Return the row of a stake."""
    return [
        Cell(str(each.netuid), each.netuid, f"/subnet/{each.netuid}"),
        account_cell(each.hotkey.address),
        Cell(text.amount(each.amount, "alpha" if each.netuid else "TAO"), each.amount),
        Cell("yes" if each.is_registered else "no"),
    ]
