"""What a devnet prints when it listens: which chain it is, its accounts, its address, and first commands to copy."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..chain.chain import Blockchain
from ..chain.cheats.client_name import ClientName
from ..chain.engine.local import LocalEngine, Sealing
from ..chain.rpc.listen import is_local
from ..chain.rpc.server import PORT, Server
from ..chain.unshielding import RandomShieldKeys
from ..genesis.accounts import ACCOUNTS
from ..runtime.crypto import Keypair, ss58_encode
from ..runtime.units import RAO_PER_TAO
from ..runtime.version import SPEC_NAME, SPEC_VERSION
from . import evm_devnet
from .node_output import print_line

#: The path below a development account by which its first hotkey is derived.
HOTKEY = "//hot"
#: Accounts whose hotkeys are shown.
WITH_HOTKEYS = ("Alice", "Bob", "Charlie")


def print_summary(engine: LocalEngine, server: Server, where: Sequence[str]) -> None:
    """Print which chain this is, its accounts, its address and first commands, to standard error."""
    chain = engine.chain
    block_time = f", {chain.slot_ms / 1000:g} s per block" if engine.timer_ms else ""
    keys = "development keys, which are public" if engine.keys is None else "the keys of the keystore"
    sealed = f", with {keys}" if engine.sealing is Sealing.INTERVAL else ""
    random = isinstance(chain.shield_keys, RandomShieldKeys)
    lines = [
        f"{SPEC_NAME} {SPEC_VERSION}, genesis 0x{chain.genesis_hash.hex()}",
        "",
        *account_lines(chain),
        "",
        f"Sealing    {engine.sealing.value}{block_time}{sealed}",
        f"Finality   {finality_text(chain.finality.lag)}",
        f"Shielding  {'random keys' if random else 'deterministic keys: shielded transactions hide nothing'}",
        *where,
        f"Head       #{chain.head.number}",
        f"Listening  {server.url} (WebSocket and HTTP)",
        *(evm_devnet.lines_of(chain, server) if ClientName.of(chain).text else []),
        *first_commands(chain, server),
    ]
    print_line("\n".join(lines + open_port_warnings(chain, server)), error=True)


def first_commands(chain: Blockchain, server: Server) -> list[str]:
    """Return commands to copy into another terminal; none where the development accounts have nothing."""
    if ACCOUNTS["Alice"] not in chain.config.balances:
        return []
    url = "" if server.port == PORT else f" --url {server.url}"
    hot = f"--hotkey //Alice{HOTKEY} --from //Alice"
    return [
        "",
        "Try in another terminal",
        f"  pysubtensor status{url}",
        f"  pysubtensor tx balances transfer-keep-alive --dest //Bob --value 1.5tao --from //Alice{url}",
        f"  pysubtensor subnet create {hot} --yes{url}",
        f"  python -c 'import bittensor as bt; print(bt.Subtensor(network=\"{server.url}\").block)'",
    ]


def account_lines(chain: Blockchain) -> list[str]:
    """Return a line for each development account that block 0 funds, then lines for hotkeys."""
    balances, sudo = chain.config.balances, chain.config.sudo_key
    funded = {name: account for name, account in ACCOUNTS.items() if account in balances}
    hotkeys = [(f"//{name}{HOTKEY}", hotkey_of(name).address) for name in WITH_HOTKEYS if name in funded]
    return [
        *(
            f"  //{name:<9}{ss58_encode(account)}  {balances[account] // RAO_PER_TAO:>9,} TAO"
            + ("  sudo key" if account == sudo else "")
            for name, account in funded.items()
        ),
        *([""] if hotkeys else []),
        *(f"  {uri:<16} {address}  hotkey to register" for uri, address in hotkeys),
    ]


def hotkey_of(name: str) -> Keypair:
    """Return the key of a development account's first hotkey."""
    return Keypair.from_uri(f"//{name}{HOTKEY}")


def write_accounts(path: Path, chain: Blockchain, server: Server) -> None:
    """Write the address of the chain and its funded accounts to a file, in one step."""
    names = {account: name for name, account in ACCOUNTS.items()}
    accounts: list[dict[str, Any]] = []
    for account, rao in chain.config.balances.items():
        entry: dict[str, Any] = {
            "address": ss58_encode(account),
            "public_key": "0x" + account.hex(),
            "balance_rao": rao,
        }
        name = names.get(account)
        if name is not None:
            entry = {"uri": f"//{name}", **entry, "sudo": account == chain.config.sudo_key}
            entry["hotkey"] = {"uri": f"//{name}{HOTKEY}", "address": hotkey_of(name).address}
        accounts.append(entry)
    facts = {"url": server.url, "genesis_hash": "0x" + chain.genesis_hash.hex(), "accounts": accounts}
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    part.replace(path)


def open_port_warnings(chain: Blockchain, server: Server) -> list[str]:
    """Return what other machines may do, if they can connect."""
    if is_local(server.host):
        return []
    lines = [""]
    if chain.config.sudo_key in ACCOUNTS.values():
        lines.append(f"WARNING other machines can connect to {server.host}, and the key of the root account is public")
    if server.node.unsafe:
        lines.append("WARNING other machines may call the methods for operators: --rpc-methods safe refuses them")
    return lines if len(lines) > 1 else []


def finality_text(lag: int | None) -> str:
    """Return when a block is final, in words; `lag` blocks on top make it final."""
    if lag is None:
        return "by engine_createBlock or engine_finalizeBlock"
    return f"with {lag} block{'' if lag == 1 else 's'} on top" if lag else "at once"
