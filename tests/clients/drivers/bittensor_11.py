"""Driver of the `bittensor` 11 SDK: its async client, an intent, raw calls, and a signature made outside of it."""

import asyncio
import json
import sys
from importlib.metadata import version

from bittensor import Client, calls, storage
from bittensor.intents import Transfer
from bittensor.sp_core import Keypair
from wallets_11 import wallet_of

task = json.loads(sys.argv[1])
ALICE, BOB, POOR = (Keypair.create_from_uri(uri) for uri in ("//Alice", "//Bob", "//Unfunded"))
RAO_PER_TAO = 10**9


async def free(client, key):
    return (await client.query(storage.System.Account, [key.ss58_address]))["data"]["free"]


async def transfer(client, key, rao):
    return await client.execute(Transfer(dest_ss58=BOB.ss58_address, amount_tao=rao / RAO_PER_TAO), wallet_of(key))


async def main():
    client = Client(task["url"])
    await client.connect()
    seen = {"version": version("bittensor")}
    seen["before"] = await client.query(storage.System.Account, [ALICE.ss58_address])
    accounts = await client.query_map(storage.System.Account)
    seen["map"] = {address: account["data"]["free"] for address, account in accounts}

    done = await transfer(client, ALICE, task["amount"])
    assert done.success, done
    events = [[each["module_id"], each["event_id"], each["attributes"]] for each in done.events]
    seen["transfer"] = {"block": done.block_hash, "fee": done.fee.rao, "events": events}
    seen["after"] = [await free(client, ALICE), await free(client, BOB)]

    seen["too_much"] = (await transfer(client, ALICE, task["too_much"])).message
    inner = await client.compose(calls.Balances.transfer_keep_alive(dest=BOB.ss58_address, value=task["amount"]))
    outer = calls.Proxy.proxy(real=BOB.ss58_address, force_proxy_type=None, call=inner)
    failed = await client.submit_call(outer, wallet_of(ALICE))
    seen["not_proxy"] = [failed.error.name, failed.message]

    seen["unfunded"] = (await transfer(client, POOR, task["amount"])).message
    unsigned = await client.prepare_call(inner, address=ALICE.ss58_address, nonce=0)
    seen["stale"] = (await client.submit_signature(unsigned, ALICE.sign(unsigned.payload))).message
    seen["end"] = await free(client, ALICE)
    await client.close()
    json.dump(seen, sys.stdout)


asyncio.run(main())
