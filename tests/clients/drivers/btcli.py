"""What `btcli` 9 sees: its command `wallet transfer`, and the interface to the chain that all of its commands share."""

import asyncio
import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

from async_substrate_interface import AsyncExtrinsicReceipt
from bittensor_cli.src.bittensor.subtensor_interface import SubtensorInterface
from bittensor_wallet import Keypair, Wallet

task = json.loads(sys.argv[1])
ALICE, BOB, POOR = (Keypair.create_from_uri(uri) for uri in ("//Alice", "//Bob", "//Unfunded"))
RAO_PER_TAO = 10**9
WALLETS = Path.home() / "wallets"


def save_wallet():
    wallet = Wallet(name="alice", path=str(WALLETS))
    wallet.set_coldkey(ALICE, encrypt=False)
    wallet.set_coldkeypub(ALICE, encrypt=False)
    wallet.set_hotkey(ALICE, encrypt=False)


def command(*arguments):
    """What `btcli wallet transfer` prints, on one line: it breaks lines to fit a terminal."""
    program = Path(sys.executable).with_name("btcli")
    whose = ["--wallet-path", WALLETS, "--wallet-name", "alice", "--network", task["url"], "--no-prompt"]
    ran = subprocess.run(
        [program, "wallet", "transfer", *whose, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=task["timeout"],
    )
    return " ".join(f"{ran.stdout} {ran.stderr}".split())


def transfer_by_command(rao, *options):
    return command("--destination", BOB.ss58_address, "--amount", str(rao / RAO_PER_TAO), *options)


async def account(chain, key):
    return await chain.query("System", "Account", [key.ss58_address])


async def send(chain, rao, key=ALICE, nonce=None):
    """Return the interface's message about a failed transfer."""
    wallet = SimpleNamespace(coldkey=key, coldkeypub=key)
    arguments = {"dest": BOB.ss58_address, "value": rao}
    call = await chain.substrate.compose_call("Balances", "transfer_keep_alive", arguments)
    options = {"wait_for_finalization": True, "era": {"period": 16}, "nonce": nonce}
    _, message, _ = await chain.sign_and_send_extrinsic(call, wallet, **options)
    return message


async def watch(chain):
    seen = {"version": version("bittensor-cli"), "before": await account(chain, ALICE)}
    accounts = await chain.substrate.query_map("System", "Account")
    seen["map"] = {address: value["data"]["free"] async for address, value in accounts}

    said = transfer_by_command(task["amount"])
    found = re.search(r"Block Hash: (0x[0-9a-f]{64}).*included as (\d+-\d+)", said)
    assert found, said
    receipt = await AsyncExtrinsicReceipt.create_from_extrinsic_identifier(chain.substrate, found[2])
    events = [event["event"] for event in await receipt.triggered_events]
    seen["transfer"] = {
        "block": found[1],
        "fee": await receipt.total_fee_amount,
        "events": [[each["module_id"], each["event_id"], each["attributes"]] for each in events],
    }
    seen["after"] = [(await account(chain, key))["data"]["free"] for key in (ALICE, BOB)]

    seen["too_much"] = await send(chain, task["too_much"])
    seen["not_proxy"] = transfer_by_command(task["amount"], "--proxy", BOB.ss58_address)
    seen["unfunded"] = await send(chain, task["amount"], key=POOR)
    seen["stale"] = await send(chain, task["amount"], nonce=0)
    seen["end"] = (await account(chain, ALICE))["data"]["free"]
    return seen


async def main():
    save_wallet()
    async with SubtensorInterface(task["url"]) as chain:
        seen = await watch(chain)
    sys.stdout.write("\n" + json.dumps(seen))


asyncio.run(main())
