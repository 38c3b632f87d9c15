"""web3.py 8 at a node, over HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from eth_abi import decode
from eth_account import Account
from web3 import AsyncWeb3, Web3
from web3.exceptions import ContractCustomError, Web3RPCError
from web3.providers.persistent import WebSocketProvider

task = json.loads(sys.argv[1])
w3 = Web3(Web3.HTTPProvider(task["http"]))
own = Account.from_key(task["key"])
other = Web3.to_checksum_address(task["to"])
seen: dict[str, Any] = {
    "chain": w3.eth.chain_id,
    "start": w3.eth.block_number,
    "balance": str(w3.eth.get_balance(own.address)),
}


def send(**fields: Any) -> bytes:
    """Sign a transaction with the prices of the node, and send it."""
    given = {"chainId": 42, "maxFeePerGas": 10**11, "maxPriorityFeePerGas": 10**9, **fields}
    given.setdefault("nonce", w3.eth.get_transaction_count(own.address, "pending"))
    given.setdefault("gas", 21_000)
    return bytes(w3.eth.send_raw_transaction(own.sign_transaction(given).raw_transaction))


def mined(transaction_hash: bytes) -> Any:
    return w3.eth.wait_for_transaction_receipt(transaction_hash, poll_latency=0.02)


receipt = mined(send(to=other, value=10**18))
seen["transfer"] = [receipt.status, receipt.gasUsed, receipt["from"] == own.address]
seen["found"] = w3.eth.get_transaction(receipt.transactionHash).blockNumber == receipt.blockNumber
seen["block"] = w3.eth.get_block(receipt.blockNumber, True).transactions[0]["hash"] == receipt.transactionHash

creation = w3.eth.contract(abi=task["abi"], bytecode=task["bytecode"]).constructor()
gas = creation.estimate_gas({"from": own.address})
address = mined(send(data=creation.data_in_transaction, gas=gas)).contractAddress
contract = w3.eth.contract(address, abi=task["abi"])
seen["code"] = len(w3.eth.get_code(address)) > 50


def add(number: int) -> Any:
    built = contract.functions.add(number).build_transaction({"from": own.address})
    return mined(send(**{key: built[key] for key in ("to", "data", "gas")}))


seen["before"] = contract.functions.count().call()
add(5)
seen["after"] = contract.functions.count().call()
events = contract.events.Counted().get_logs(from_block=0, argument_filters={"by": own.address})
seen["events"] = [event.args.count for event in events]
polled = contract.events.Counted.create_filter(from_block="latest")


async def listen() -> None:
    async with AsyncWeb3(WebSocketProvider(task["url"])) as ws:
        heads = await ws.eth.subscribe("newHeads")
        logs = await ws.eth.subscribe("logs", {"address": address})
        await asyncio.to_thread(add, 7)
        found: dict[str, Any] = {}
        async for notice in ws.socket.process_subscriptions():
            found.setdefault(notice["subscription"], notice["result"])
            if {heads, logs} <= found.keys():
                break
        seen["heads"] = found[heads]["number"] > seen["start"]
        event = contract.events.Counted().process_log(found[logs])
        seen["log"] = [event.args.by == own.address, event.args.count]


asyncio.run(listen())
seen["polled"] = [event.args.count for event in polled.get_new_entries()]


def failure(call: Any) -> Any:
    """Return the node's error. web3.py knows custom errors by their data, but not reverts by the node's words."""
    try:
        call()
    except ContractCustomError as error:
        return {"data": error.data}
    except Web3RPCError as error:
        return error.rpc_response["error"]
    return {}


def custom_error(data: str) -> list[Any]:
    """Return name and arguments of an error by its ABI."""
    (found,) = [each for each in task["abi"] if each["type"] == "error"]
    kinds = [each["type"] for each in found["inputs"]]
    if bytes.fromhex(data[2:10]) != Web3.keccak(text=f"{found['name']}({','.join(kinds)})")[:4]:
        return []
    return [found["name"], list(decode(kinds, bytes.fromhex(data[10:])))]


seen["revert"] = failure(lambda: contract.functions.add(13).call({"from": own.address}))["message"]
seen["custom"] = custom_error(failure(lambda: contract.functions.add(101).call({"from": own.address}))["data"])
seen["estimate"] = failure(lambda: contract.functions.add(13).estimate_gas({"from": own.address}))["message"]

w3.provider.make_request("evm_setAutomine", [False])
nonce = w3.eth.get_transaction_count(own.address, "pending")
send(to=other, value=1, nonce=nonce)
seen["pending"] = w3.eth.get_transaction_count(own.address, "pending") - nonce
seen["replaced"] = ["", failure(lambda: send(to=other, value=2, nonce=nonce, maxFeePerGas=2 * 10**11))["message"]]
w3.provider.make_request("evm_setAutomine", [True])
w3.provider.make_request("evm_mine", [])

after = w3.eth.get_transaction_count(own.address)
raced = [send(to=other, value=1, nonce=after + more) for more in (2, 0, 3, 1)]
seen["raced"] = [mined(each).status for each in raced]
seen["stale"] = failure(lambda: send(to=other, value=3, nonce=after))["message"]
seen["poor"] = failure(lambda: send(to=other, value=10**24))["message"]
print(json.dumps(seen))  # noqa: T201  # the report
