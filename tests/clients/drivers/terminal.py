"""`btcli` without a terminal: wallets of derived keys, and commands with their JSON output."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bittensor_wallet import Keypair, Wallet

task = json.loads(sys.argv[1])
WALLETS = Path.home() / "wallets"
#: It breaks lines, of JSON too, to fit the terminal.
WIDE = os.environ | {"COLUMNS": "20000"}


def save_wallet(name, hotkey="hot"):
    """Return a wallet with the keys //NAME and //NAME//HOTKEY, unencrypted on disk."""
    wallet = Wallet(name=name, hotkey=hotkey, path=str(WALLETS))
    keys = Keypair.create_from_uri(f"//{name}"), Keypair.create_from_uri(f"//{name}//{hotkey}")
    wallet.set_coldkey(keys[0], encrypt=False, overwrite=True)
    wallet.set_coldkeypub(keys[0], encrypt=False, overwrite=True)
    wallet.set_hotkey(keys[1], encrypt=False, overwrite=True)
    wallet.set_hotkeypub(keys[1], overwrite=True)
    return wallet


def run(*arguments, who=None, hotkey=("--hotkey", "hot"), prompt=("--no-prompt",)):
    """Run a command of `btcli` with a wallet, without a terminal."""
    whose = ["--wallet-path", WALLETS, "--wallet-name", who, *hotkey] if who else []
    return subprocess.run(
        [Path(sys.executable).with_name("btcli"), *arguments, *whose, "--network", task["url"], *prompt],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=task["timeout"],
        env=WIDE,
    )


def command(*arguments, **options):
    """Return the output of a command. Those that fail end with 0, too, and print a sentence on stderr alone."""
    ran = run(*arguments, **options)
    assert not ran.returncode, (arguments, ran.stdout, ran.stderr)
    assert ran.stdout, (arguments, ran.stderr)
    return ran.stdout


def ask(*arguments, **options):
    """Return the JSON output of a command."""
    said = command(*arguments, "--json-output", **options)
    try:
        return json.loads(said)
    except json.JSONDecodeError:
        raise AssertionError((arguments, said)) from None


def act(*arguments, who):
    """Run a command that must succeed."""
    answer = ask(*arguments, who=who)
    assert answer["success"], (arguments, answer)
