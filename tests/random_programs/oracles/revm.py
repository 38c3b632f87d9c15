"""Run programs by revm (`pyrevm`), fork Cancun: a program a line, a result a line, null for those of Prague.

It runs in an environment of its own, and imports nothing of pysubtensor. pyrevm runs the frames of a transaction;
nonce, fee and the least price of data are added here. It takes stored values for written just now, and has no base fee,
so that programs of Cancun are without both.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env, TxEnv

#: The hash of no code.
NO_CODE = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


def environment(program: dict[str, Any], block: dict[str, Any]) -> Env:
    access = [("0x" + address, [int(slot, 16) for slot in slots]) for address, slots in program["access_list"]]
    return Env(
        cfg=CfgEnv(chain_id=block["chain_id"]),
        block=BlockEnv(
            number=block["number"],
            coinbase="0x" + block["coinbase"],
            timestamp=block["timestamp"],
            prevrandao=bytes.fromhex(block["random"]),
            basefee=block["base_fee"],
            gas_limit=block["gas_limit"],
            excess_blob_gas=0,
        ),
        tx=TxEnv(access_list=access),
    )


def price_of(program: dict[str, Any], block: dict[str, Any]) -> int:
    if int(program["raw"][:2], 16) in (2, 4):
        return int(min(program["max_fee"], block["base_fee"] + program["tip"]))
    return int(program["max_fee"])


def prepared(program: dict[str, Any], block: dict[str, Any], price: int) -> EVM:
    evm = EVM(env=environment(program, block), gas_limit=block["gas_limit"], spec_id="CANCUN")
    for name, account in program["accounts"].items():
        nonce, balance = account["nonce"], account["balance"]
        if name == program["sender"] and program["to"]:  # a creation counts and pays itself
            nonce += 1
            balance -= program["gas"] * price
        code = bytes.fromhex(account["code"]) or None
        evm.insert_account_info("0x" + name, AccountInfo(balance=balance, nonce=nonce, code=code))
    return evm


def execute(evm: EVM, program: dict[str, Any], price: int) -> str:
    """Run the transaction; return its output in hex."""
    common = {"value": program["value"], "gas": program["gas"], "gas_price": price}
    sender, data = "0x" + program["sender"], bytes.fromhex(program["data"])
    try:
        if not program["to"]:
            evm.deploy(sender, data, **common)
            return ""
        return bytes(evm.message_call(sender, "0x" + program["to"], calldata=data, **common)).hex()
    except RuntimeError as error:
        return str(error).partition("output: 0x")[2].rstrip(" }") if program["to"] else ""


def accounts_of(evm: EVM, slots: list[int]) -> dict[str, Any]:
    found = {}
    for name, info in evm.journal_state.items():
        code = info.code_hash.hex()
        values = {hex(slot): hex(value) for slot in slots if (value := evm.storage(name, slot))}
        account = [info.balance, info.nonce, "" if code == NO_CODE else code, values]
        if account[:3] != [0, 0, ""]:
            found[name[2:].lower()] = account
    return found


def run(program: dict[str, Any], block: dict[str, Any], slots: list[int]) -> dict[str, Any] | None:
    if program["is_prague"]:
        return None
    price = price_of(program, block)
    evm = prepared(program, block, price)
    output = execute(evm, program, price)
    result = evm.result
    gas = max(result.gas_used, program["least_gas"])
    accounts = {
        **{name: untouched(account) for name, account in program["accounts"].items()},
        **accounts_of(evm, slots),
    }
    pay(accounts, program, block, result.gas_used, price)
    return {
        "status": "success" if result.is_success else "failure" if result.is_halt else "revert",
        "gas": gas,
        "output": output,
        "logs": [
            [log.address[2:].lower(), [topic[2:] for topic in log.topics], log.data[1].hex()] for log in result.logs
        ],
        "accounts": accounts,
    }


def pay(accounts: dict[str, Any], program: dict[str, Any], block: dict[str, Any], used: int, price: int) -> None:
    """Settle the fee. A creation has settled that of the gas it used, and paid the base fee to the author, too."""
    sender, author = accounts[program["sender"]], accounts.setdefault(block["coinbase"], [0, 0, "", {}])
    more = max(program["least_gas"] - used, 0)
    sender[0] -= more * price
    author[0] += (used + more) * (price - block["base_fee"])
    if program["to"]:
        sender[0] += (program["gas"] - used) * price
    else:
        author[0] -= used * price
    if author[:2] == [0, 0]:
        del accounts[block["coinbase"]]


def untouched(account: dict[str, Any]) -> list[Any]:
    """Return an account of which the transaction knows nothing; its code is not hashed here."""
    return [account["balance"], account["nonce"], None, {}]


def main() -> None:
    head = json.loads(sys.stdin.readline())
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line), head, head["slots"])) + "\n")


main()
