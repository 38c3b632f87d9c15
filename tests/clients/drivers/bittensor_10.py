"""Driver of the `bittensor` 10 SDK: its own transfer, and calls that it signs and sends."""

import json
import sys
from importlib.metadata import version
from types import SimpleNamespace

from bittensor import Balance, Subtensor
from bittensor_wallet import Keypair

task = json.loads(sys.argv[1])
ALICE, BOB, POOR = (Keypair.create_from_uri(uri) for uri in ("//Alice", "//Bob", "//Unfunded"))
chain = Subtensor(task["url"])


def wallet(key):
    """The SDK takes whatever has these keys."""
    return SimpleNamespace(coldkey=key, coldkeypub=key, hotkey=key, unlock_coldkey=lambda: key)


def plain(value):
    """What a SCALE object holds."""
    return getattr(value, "value", value)


def free(key):
    return chain.get_balance(key.ss58_address).rao


def compose(pallet, function, **arguments):
    return chain.compose_call(pallet, function, arguments)


def transfer(rao):
    return compose("Balances", "transfer_keep_alive", dest=BOB.ss58_address, value=rao)


def send(call, key=ALICE, **options):
    return chain.sign_and_send_extrinsic(call, wallet(key), wait_for_finalization=True, **options)


seen = {"version": version("bittensor")}
seen["before"] = plain(chain.substrate.query("System", "Account", [ALICE.ss58_address]))
accounts = chain.query_map("System", "Account")
seen["map"] = {plain(address): plain(account)["data"]["free"] for address, account in accounts}

done = chain.transfer(
    wallet(ALICE),
    BOB.ss58_address,
    Balance.from_rao(task["amount"]),
    wait_for_inclusion=True,
    wait_for_finalization=True,
)
assert done.success, done
events = [event["event"] for event in done.extrinsic_receipt.triggered_events]
seen["transfer"] = {
    "block": done.extrinsic_receipt.block_hash,
    "fee": done.extrinsic_fee.rao,
    "events": [[each["module_id"], each["event_id"], each["attributes"]] for each in events],
}
seen["after"] = [free(ALICE), free(BOB)]

failed = send(transfer(task["too_much"]))
seen["too_much"] = failed.error
failed = send(compose("Proxy", "proxy", real=BOB.ss58_address, force_proxy_type=None, call=transfer(task["amount"])))
seen["not_proxy"] = failed.error

seen["unfunded"] = send(transfer(task["amount"]), key=POOR).message
seen["stale"] = send(transfer(task["amount"]), nonce=0).message
seen["end"] = free(ALICE)
chain.close()
json.dump(seen, sys.stdout)
