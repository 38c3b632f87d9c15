"""Run programs by the chain's own pallets, from the bytes of the transaction on."""

from __future__ import annotations

from typing import Any

from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.errors import DispatchFailed
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.pallets import aura, base_fee, evm_chain_id, system, timestamp
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.ethereum.calls import Outcome, execute
from pysubtensor.runtime.pallets.ethereum.declared import BlockHash
from pysubtensor.runtime.pallets.ethereum.envelope import decoded, sender_of
from pysubtensor.runtime.pallets.ethereum.transaction import data_of
from pysubtensor.runtime.pallets.evm import accounts
from pysubtensor.runtime.pallets.evm.addresses import account_of
from pysubtensor.runtime.pallets.evm.declared import AccountCodes, AccountStorages
from pysubtensor.runtime.pallets.evm.exits import Revert, Succeed
from pysubtensor.runtime.pallets.shared.account_data import NEW_LOGIC, AccountData
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from .program import BLOCK, Program

#: What a program did: status, gas, output, logs, and accounts as [balance, nonce, hash of the code, storage].
Result = dict[str, Any]


class Chain:
    """The block in which programs run. Its author gets no base fee, which is burned as on Ethereum."""

    def __init__(self) -> None:
        self.runtime: Runtime = spec_425()
        self._backend = MemoryBackend()
        state = State(self._backend)
        ctx = self._context(state)
        coinbase = bytes.fromhex(BLOCK["coinbase"])
        aura.Authorities.put(ctx, [bytes(4) + coinbase + bytes(8)])
        timestamp.Now.put(ctx, BLOCK["timestamp"] * 1_000)
        base_fee.BaseFeePerGas.put(ctx, BLOCK["base_fee"])
        evm_chain_id.ChainId.put(ctx, BLOCK["chain_id"])
        for number in range(BLOCK["number"]):
            BlockHash.put(ctx, number, keccak_256(str(number).encode()))
        self._backend.apply(state.changes())

    def _context(self, state: State) -> Context:
        return Context(self.runtime, state, BlockEnvironment(BLOCK["number"], bytes(32), [aura_pre_runtime(0)]))

    def run(self, program: Program, known: frozenset[bytes] = frozenset()) -> Result:
        """Run a program; `known` are addresses that may have an account afterwards."""
        ctx = self._context(State(self._backend))
        for name, account in program["accounts"].items():
            _install(ctx, bytes.fromhex(name), account)
        transaction = decoded(bytes.fromhex(program["raw"]))
        sender = sender_of(transaction)
        assert sender is not None
        assert sender.hex() == program["sender"]
        try:
            outcome = execute(ctx, sender, data_of(transaction))
        except DispatchFailed as failure:
            return {"status": f"refused: {failure.reason}"}
        before = {bytes.fromhex(name) for name in program["accounts"]}
        return {**_answer(outcome), "accounts": _accounts(ctx, before | known | {bytes.fromhex(BLOCK["coinbase"])})}


def _install(ctx: Context, address: bytes, account: dict[str, Any]) -> None:
    """Write an account, whose balance is in wei."""
    free = account["balance"] // accounts.WEI
    data = AccountData(free=free, flags=NEW_LOGIC)
    system.Account.put(
        ctx, account_of(address), system.AccountInfo(account["nonce"], providers=int(free > 0), data=data)
    )
    TotalIssuance.put(ctx, TotalIssuance.get(ctx) + free)
    accounts.set_code(ctx, address, bytes.fromhex(account["code"]))
    for slot, value in account["storage"]:
        AccountStorages.put(ctx, address, int(slot, 16).to_bytes(32, "big"), int(value, 16).to_bytes(32, "big"))


def _answer(outcome: Outcome) -> Result:
    info, reason = outcome.info, outcome.info.exit_reason
    return {
        "status": "success" if isinstance(reason, Succeed) else "revert" if isinstance(reason, Revert) else "failure",
        "gas": info.used_gas.effective,
        "output": "" if outcome.called is None else info.value.hex(),
        "logs": [[log.address.hex(), [topic.hex() for topic in log.topics], log.data.hex()] for log in info.logs],
    }


def _accounts(ctx: Context, known: set[bytes]) -> dict[str, Any]:
    """Return the accounts that are not empty; those of unknown addresses by their account ids."""
    names = {account_of(address): address for address in known | {address for address, _ in AccountCodes.items(ctx)}}
    found = {}
    for account, info in system.Account.items(ctx):
        address = names.get(account, account)
        code = AccountCodes.get(ctx, address) if account in names else b""
        if info.data.free or info.nonce or code:
            slots = AccountStorages.under(ctx, address) if account in names else ()
            storage = {hex(int.from_bytes(slot, "big")): hex(int.from_bytes(value, "big")) for slot, value in slots}
            code_hash = keccak_256(code).hex() if code else ""
            found[address.hex()] = [info.data.free * accounts.WEI, info.nonce, code_hash, storage]
    return found
