"""Contracts through the pallet EVM, beside the same code in bare py-evm: processor time, fees and storage included.

Bare py-evm runs its own fork Prague over a database in memory, with the fee moved as whole amounts, and nothing else of
a block. At least half of its rate is required. Senders are recovered beside the native library alone. Blocks without
contracts are made in processes with the library of the extra and without it.
"""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import rlp
from coincurve import PrivateKey, PublicKey
from eth.constants import BLANK_ROOT_HASH
from eth.db.atomic import AtomicDB
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.prague.computation import PragueComputation
from eth.vm.forks.prague.state import PragueState
from eth.vm.message import Message
from eth.vm.transaction_context import BaseTransactionContext
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.ethereum.envelope import decoded, sender_of
from pysubtensor.runtime.pallets.evm import accounts, runner
from pysubtensor.runtime.pallets.evm.addresses import account_of
from pysubtensor.runtime.pallets.evm.exits import Succeed
from pysubtensor.runtime.pallets.evm.gas import gas_to_weight
from pysubtensor.runtime.pallets.shared.account_data import NEW_LOGIC, AccountData
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from .harness import Figure

SENDER, RECEIVER, COUNTER, LOOP = (bytes((each,)) * 20 for each in (0xA1, 0xB0, 0xC0, 0xD0))
FUNDS, PRICE, GAS, LOOP_GAS = 10**15, 20 * 10**9, 100_000, 70_000_000
#: SLOAD, SSTORE of the next number, LOG1 of a word.
COUNTING = bytes.fromhex("60005460010180600055600052600160206000a1")
#: Deploys 20 bytes of STOP.
DEPLOYING = bytes.fromhex("60148060095f395ff3" + "00" * 20)
#: Turns of three operations and a jump.
TURNS, TURNS_SMALL = 100_000, 1_000
#: The least share of bare py-evm's rate.
MINIMUM = 0.5
#: The most that blocks without contracts may take longer where the library is loaded, and the most for a sender.
IDLE, RECOVERY = 1.05, 3.0
#: Prints the least processor time of some blocks of transfers, with the library loaded, or where it cannot be.
BLOCKS = """
import sys
import time
if {blocked}:
    sys.modules["eth"] = None
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.runtime.crypto import Keypair
from pysubtensor.runtime.frame.extrinsic import Id
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.evm.engine.library import frame_maker
if not {blocked}:
    frame_maker()
alice, bob = Keypair.from_uri("//Alice"), Keypair.from_uri("//Bob").account
with Chain.dev() as chain:
    chain.produce(20)
    least = []
    for round_ in range(4):
        call = transfer_keep_alive.call(Id(bob), 1_000)
        raws = [chain.sign(call, alice, nonce={blocks} * round_ + at) for at in range({blocks})]
        start = time.process_time()
        for raw in raws:
            chain.submit(raw)
            chain.produce()
        least.append(time.process_time() - start)
print(min(least))
"""


def loop(turns: int) -> bytes:
    """Return code that counts down."""
    return bytes.fromhex(f"62{turns:06x}5b600190038060045700")


def run(small: bool) -> Iterator[Figure]:
    times, turns = (3, TURNS_SMALL) if small else (500, TURNS)
    ours, bare = Pallet(turns), Bare(turns)
    for name, mine, other in (
        ("transfers", ours.transfer, bare.transfer),
        ("calls of a counter", ours.count, bare.count),
        ("small deployments", ours.deploy, bare.deploy),
    ):
        rate, yardstick = times / seconds(mine, times), times / seconds(other, times)
        yield Figure(name, rate, "/s", rate / yardstick, "bare py-evm", MINIMUM, at_least=True)
    yield from senders(20 if small else 2_000)
    yield from idle_blocks(5 if small else 300, rounds=1 if small else 5)
    used = ours.loop() / 1e6
    rate, yardstick = used / seconds(ours.loop, 1), used / seconds(bare.loop, 1)
    yield Figure("a tight loop", rate, "Mgas/s", rate / yardstick, "bare py-evm", MINIMUM, at_least=True)


def seconds(work: Callable[[], object], times: int) -> float:
    """Return the least processor time of some rounds."""
    least = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            work()
        least.append(time.process_time() - start)
    return min(least)


def senders(count: int) -> Iterator[Figure]:
    """Measure the recovery of senders from decoded transactions, each seen for the first time."""
    key = PrivateKey.from_int(1)
    signed = []
    for nonce in range(count):
        fields = [nonce, PRICE, GAS, RECEIVER, nonce, b""]
        digest = keccak_256(rlp.encode(fields))
        signature = key.sign_recoverable(digest, None)
        r, s = signature[:32], signature[32:64]
        raw = rlp.encode([*fields, 27 + signature[64], int.from_bytes(r, "big"), int.from_bytes(s, "big")])
        signed.append((decoded(bytes(raw)), digest, signature))
    start = time.process_time()
    for transaction, _, _ in signed:
        sender_of(transaction)
    ours = time.process_time() - start
    bare = min(
        seconds_once(lambda: [PublicKey.from_signature_and_message(each, digest, None) for _, digest, each in signed])
        for _ in range(3)
    )
    yield Figure("senders of transactions", count / ours, "/s", ours / bare, "coincurve alone", RECOVERY)


def idle_blocks(blocks: int, rounds: int) -> Iterator[Figure]:
    """Measure blocks of transfers in processes with the library of the extra and without it, which take turns."""
    least = {True: math.inf, False: math.inf}
    for _ in range(rounds):
        for blocked in least:
            code = BLOCKS.format(blocked=blocked, blocks=blocks)
            said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
            least[blocked] = min(least[blocked], float(said))
    ratio = least[False] / least[True]
    yield Figure("blocks without contracts", blocks / least[False], "/s", ratio, "time without the extra", IDLE)


def seconds_once(work: Callable[[], object]) -> float:
    """Return the processor time of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


class Pallet:
    """Our own pallet, as the pallet Ethereum executes transactions."""

    def __init__(self, turns: int) -> None:
        block = BlockEnvironment(1, bytes(32), phase=ApplyExtrinsic(1))
        self.ctx = Context(spec_425(), State(MemoryBackend()), block)
        for address in (SENDER, RECEIVER):
            info = system.AccountInfo(providers=1, data=AccountData(free=FUNDS, flags=NEW_LOGIC))
            system.Account.put(self.ctx, account_of(address), info)
        TotalIssuance.put(self.ctx, 2 * FUNDS)
        accounts.set_code(self.ctx, COUNTER, COUNTING)
        accounts.set_code(self.ctx, LOOP, loop(turns))
        self.options = runner.Options(validates=False, weight_limit=gas_to_weight(GAS), proof_size_base_cost=300)

    def call(self, target: bytes, value: int = 0, gas: int = GAS) -> int:
        info = runner.call(self.ctx, runner.Request(SENDER, b"", value, gas, PRICE), target, self.options)
        assert isinstance(info.exit_reason, Succeed)
        return info.used_gas.standard

    def transfer(self) -> int:
        return self.call(RECEIVER, 10**12)

    def count(self) -> int:
        return self.call(COUNTER)

    def loop(self) -> int:
        return self.call(LOOP, gas=LOOP_GAS)

    def deploy(self) -> None:
        info = runner.create(self.ctx, runner.Request(SENDER, DEPLOYING, 0, GAS, PRICE), self.options)
        assert isinstance(info.exit_reason, Succeed)


class PlainState(PragueState):
    """A state without Ethereum's system contracts."""

    def set_system_contracts(self) -> None:
        pass


class Bare:
    """py-evm's own state and computation."""

    def __init__(self, turns: int) -> None:
        execution = ExecutionContext(bytes(20), 1, 1, 0, bytes(32), 75_000_000, [], 42, PRICE, 0)
        self.state = PlainState(AtomicDB(), execution, BLANK_ROOT_HASH)
        self.state.set_balance(SENDER, 10**30)
        self.codes = {RECEIVER: b"", COUNTER: COUNTING, LOOP: loop(turns)}
        self.created = 0

    def pay(self, gas: int) -> BaseTransactionContext:
        state = self.state
        state.increment_nonce(SENDER)
        state.set_balance(SENDER, state.get_balance(SENDER) - gas * PRICE)
        return BaseTransactionContext(PRICE, SENDER)

    def settle(self, computation: PragueComputation) -> None:
        assert computation.is_success
        state = self.state
        state.set_balance(SENDER, state.get_balance(SENDER) + computation.get_gas_remaining() * PRICE)
        state.lock_changes()
        state.clear_transient_storage()

    def call(self, target: bytes, value: int = 0, gas: int = GAS) -> None:
        message = Message(gas - 21_000, target, SENDER, value, b"", self.codes[target])
        self.settle(PragueComputation.apply_message(self.state, message, self.pay(gas)))

    def transfer(self) -> None:
        self.call(RECEIVER, 10**12)

    def count(self) -> None:
        self.call(COUNTER)

    def loop(self) -> None:
        self.call(LOOP, gas=LOOP_GAS)

    def deploy(self) -> None:
        self.created += 1
        address = (2**150 + self.created).to_bytes(20, "big")
        message = Message(GAS - 53_000, b"", SENDER, 0, b"", DEPLOYING, create_address=address)
        self.settle(PragueComputation.apply_create_message(self.state, message, self.pay(GAS)))
