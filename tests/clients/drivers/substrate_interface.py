"""What `substrate-interface` sees, and `async-substrate-interface` in its synchronous class: they share their calls."""

import json
import sys
from importlib.metadata import version

task = json.loads(sys.argv[1])
if task["client"] == "substrate-interface":
    from substrateinterface import Keypair, SubstrateInterface
    from substrateinterface.exceptions import SubstrateRequestException

    node = SubstrateInterface(task["url"])
else:
    from async_substrate_interface import SubstrateInterface
    from async_substrate_interface.errors import SubstrateRequestException
    from bittensor_wallet import Keypair

    node = SubstrateInterface(task["url"], ss58_format=42)

ALICE, BOB, POOR = (Keypair.create_from_uri(uri) for uri in ("//Alice", "//Bob", "//Unfunded"))


def plain(value):
    """What a SCALE object of either library holds."""
    return getattr(value, "value", value)


def account(key):
    return plain(node.query("System", "Account", [key.ss58_address]))


def transfer(rao):
    return node.compose_call("Balances", "transfer_keep_alive", {"dest": BOB.ss58_address, "value": rao})


def send(call, key=ALICE, nonce=None):
    signed = node.create_signed_extrinsic(call, key, era={"period": 64}, nonce=nonce)
    return node.submit_extrinsic(signed, wait_for_finalization=True)


def refusal(call, key=ALICE, nonce=None):
    try:
        send(call, key, nonce)
    except SubstrateRequestException as error:
        return error.args[0] if isinstance(error.args[0], dict) else str(error)
    return None


seen = {"version": version(task["client"]), "before": account(ALICE)}
seen["map"] = {plain(key): plain(value)["data"]["free"] for key, value in node.query_map("System", "Account")}

done = send(transfer(task["amount"]))
assert done.is_success, done.error_message
events = [plain(event)["event"] for event in done.triggered_events]
seen["transfer"] = {
    "block": done.block_hash,
    "fee": done.total_fee_amount,
    "events": [[each["module_id"], each["event_id"], each["attributes"]] for each in events],
}
seen["after"] = [account(key)["data"]["free"] for key in (ALICE, BOB)]

failed = send(transfer(task["too_much"]))
assert not failed.is_success
# 1.8 of substrate-interface finds no words for errors that belong to no pallet; the event has the name.
failure = plain(failed.triggered_events[-1])["event"]
seen["too_much"] = [failure["event_id"], failure["attributes"]["dispatch_error"]]
for_bob = {"real": BOB.ss58_address, "force_proxy_type": None, "call": transfer(task["amount"])}
seen["not_proxy"] = send(node.compose_call("Proxy", "proxy", for_bob)).error_message

seen["unfunded"] = refusal(transfer(task["amount"]), key=POOR)
seen["stale"] = refusal(transfer(task["amount"]), nonce=0)
seen["end"] = account(ALICE)["data"]["free"]
node.close()
json.dump(seen, sys.stdout)
