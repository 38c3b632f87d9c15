"""Driver of the `bittensor` 11 SDK: a transfer that //Bob's key signs, on a node where it acts as another account."""

import asyncio
import json
import sys

from bittensor import Client
from bittensor.intents import Transfer
from bittensor.sp_core import Keypair
from wallets_11 import wallet_of

task = json.loads(sys.argv[1])


async def main():
    client = Client(task["url"])
    await client.connect()
    wallet = wallet_of(Keypair.create_from_uri("//Bob"))
    results = []
    for _ in range(2):
        done = await client.execute(Transfer(dest_ss58=task["dest"], amount_tao=task["tao"]), wallet)
        results.append([done.success, done.fee.rao])
    sys.stdout.write(json.dumps({"results": results}))


asyncio.run(main())
