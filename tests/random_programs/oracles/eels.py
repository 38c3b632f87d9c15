"""Run programs by the executable specification of Ethereum (EELS), fork Prague: a program a line, a result a line.

It runs in an environment of its own (`ethereum-execution`), and imports nothing of pysubtensor.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from ethereum.crypto.hash import Hash32, keccak256
from ethereum.forks.prague import fork
from ethereum.forks.prague.fork_types import Account, Address
from ethereum.forks.prague.state import State, set_account, set_storage
from ethereum.forks.prague.transactions import LegacyTransaction, decode_transaction
from ethereum.forks.prague.vm import BlockEnvironment, BlockOutput
from ethereum.forks.prague.vm.exceptions import Revert
from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes, Bytes32
from ethereum_types.numeric import U64, U256, Uint

#: What the transaction's first frame answered, which receipts do not have.
answers: list[Any] = []
process = fork.process_message_call


def recorded(message: Any) -> Any:
    answers.append(process(message))
    return answers[-1]


fork.process_message_call = recorded


def state_of(accounts: dict[str, Any]) -> State:
    state = State()
    for name, account in accounts.items():
        address = Address(bytes.fromhex(name))
        code = Bytes(bytes.fromhex(account["code"]))
        set_account(state, address, Account(Uint(account["nonce"]), U256(account["balance"]), code))
        for slot, value in account["storage"]:
            set_storage(state, address, Bytes32(int(slot, 16).to_bytes(32, "big")), U256(int(value, 16)))
    return state


def block_of(block: dict[str, Any], state: State) -> BlockEnvironment:
    number = block["number"]
    return BlockEnvironment(
        chain_id=U64(block["chain_id"]),
        state=state,
        block_gas_limit=Uint(block["gas_limit"]),
        block_hashes=[Hash32(keccak256(str(n).encode())) for n in range(max(0, number - 256), number)],
        coinbase=Address(bytes.fromhex(block["coinbase"])),
        number=Uint(number),
        base_fee_per_gas=Uint(block["base_fee"]),
        time=U256(block["timestamp"]),
        prev_randao=Bytes32(bytes.fromhex(block["random"])),
        excess_blob_gas=U64(0),
        parent_beacon_block_root=Hash32(bytes(32)),
    )


def accounts_of(state: State) -> dict[str, Any]:
    """Return the accounts that are not empty: balance, nonce, hash of the code, storage."""
    found = {}
    for address, account in state._main_trie._data.items():
        if account is None or not (account.balance or account.nonce or account.code):
            continue
        trie = state._storage_tries.get(address)
        slots = {hex(int.from_bytes(key, "big")): hex(value) for key, value in (trie._data if trie else {}).items()}
        code = keccak256(account.code).hex() if account.code else ""
        found[address.hex()] = [int(account.balance), int(account.nonce), code, slots]
    return found


def run(program: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
    raw = bytes.fromhex(program["raw"])
    legacy = raw[0] >= 0xC0
    transaction = rlp.decode_to(LegacyTransaction, raw) if legacy else decode_transaction(Bytes(raw))
    state, output = state_of(program["accounts"]), BlockOutput()
    answers.clear()
    fork.process_transaction(block_of(block, state), output, transaction, Uint(0))
    (answer,) = answers
    error = answer.error
    return {
        "status": "success" if error is None else "revert" if isinstance(error, Revert) else "failure",
        "gas": int(output.block_gas_used),
        "output": answer.return_data.hex() if program["to"] else "",
        "logs": [
            [log.address.hex(), [topic.hex() for topic in log.topics], log.data.hex()] for log in output.block_logs
        ],
        "accounts": accounts_of(state),
        "destroyed": sorted(address.hex() for address in answer.accounts_to_delete),
    }


def main() -> None:
    sys.setrecursionlimit(100_000)
    block = json.loads(sys.stdin.readline())
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line), block)) + "\n")


main()
