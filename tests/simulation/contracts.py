"""A seeded simulation of contracts beside subnets: Ethereum's transactions and calls of the pallet EVM.

    python -m tests.simulation.contracts SEED [--blocks N]

Each block has the moves of `subnets`, and transactions of Ethereum keys: transfers, deployments of known and of random
code, calls that revert or use up their gas, precompiles, from an account and through a contract, contracts that destroy
themselves. After every block the invariants are checked, and another chain must reach the same state.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from pysubtensor.chain.blocks import ImportedBlock
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.pool.rejections import Rejected
from pysubtensor.genesis.presets import dev
from pysubtensor.runtime import invariants
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.extrinsic import ExtrinsicCodec, Id
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances.calls import transfer_keep_alive
from pysubtensor.runtime.pallets.ethereum.calls import transact
from pysubtensor.runtime.pallets.ethereum.declared import Executed
from pysubtensor.runtime.pallets.evm import accounts
from pysubtensor.runtime.pallets.evm.addresses import truncated
from pysubtensor.runtime.pallets.evm.declared import AccountCodes, AccountCodesMetadata, CreatedFailed, ExecutedFailed
from pysubtensor.runtime.pallets.evm.exits import Succeed
from pysubtensor.runtime.pallets.evm.precompiles.handle import address_of

from tests.chain.rpc.ethereum import LOOP, REVERTER, deploying
from tests.ethereum import ETHER, GWEI, EthereumKey
from tests.random_programs.bytecode import random_init_code
from tests.random_programs.writer import World
from tests.runtime.pallets.evm.precompiles.frame import CALL, encoded, forwarder
from tests.world import NAMES, TAO

from . import subnets
from .conservation import AlphaCount
from .players import RULES, Players, hotkeys
from .repeatable import RepeatableKeypair
from .simulate import Broken, import_head

#: Ethereum transactions and calls of the pallet EVM that are made before each block, at most.
PER_BLOCK = 6
WALLETS = [EthereumKey(number) for number in range(101, 105)]
STAKING, TRANSFERS, METAGRAPH, NEURON, DISPATCH = (address_of(index) for index in (2053, 2048, 2050, 2052, 6))
#: Destroys itself in favour of the address in its input.
DESTROYER = bytes.fromhex("5f35ff")

#: What a transaction is about: the address that it calls, None to create a contract, its value in wei, and data.
Action = tuple[bytes | None, int, bytes]
ACTIONS: dict[str, tuple[int, Callable[[Contracts], Action]]] = {}


def action(often: int) -> Callable[[Callable[[Contracts], Action]], Callable[[Contracts], Action]]:
    """Register what a transaction can be about, with its relative frequency."""

    def add(made: Callable[[Contracts], Action]) -> Callable[[Contracts], Action]:
        ACTIONS[made.__name__] = often, made
        return made

    return add


class Contracts:
    """Ethereum keys, the contracts that are there, and the players of the subnets beside them."""

    def __init__(self, players: Players, seed: int) -> None:
        self.players, self.chain, self.random = players, players.chain, Random(seed)

    @property
    def deployed(self) -> list[bytes]:
        """The addresses of all contracts."""
        return sorted(address for address, _ in AccountCodes.items(self.players.ctx))

    def contract(self, code: bytes | None = None) -> bytes:
        """Return the address of a contract, of one with this code if it is there; else of a wallet."""
        codes = AccountCodes.items(self.players.ctx)
        found = sorted(address for address, known in codes if code is None or known == code)
        return self.random.choice(found or [self.random.choice(WALLETS).address])

    def value(self) -> int:
        """Return a value in wei: nothing, less than a rao, some TAO, or more than there is."""
        return self.random.choice([0, 0, 1, GWEI * self.random.randrange(2_000), ETHER, 3 * ETHER, 10**24])

    def anyone(self) -> bytes:
        """Return an address: of a wallet, of a contract, of a coldkey, of a precompile, or an unused one."""
        known = [key.address for key in WALLETS] + self.deployed + [truncated(self.players.coldkey().account)]
        return self.random.choice([*known, STAKING, self.random.randbytes(20)])

    def hotkey(self) -> bytes:
        return self.players.hotkey().account

    # --- a block ---------------------------------------------------------------------------------------------------

    def submit(self) -> dict[bytes, str]:
        """Submit transactions for the next block; return them with what they are about."""
        submitted: dict[bytes, str] = {}
        nonces = {key: accounts.account_nonce(self.players.ctx, key.address) for key in WALLETS}
        for _ in range(self.random.randrange(PER_BLOCK)):
            name, raw, key = self._signed() if self.random.random() < 0.25 else self._transaction(nonces)
            try:
                self.chain.submit(raw)
            except Rejected:
                continue
            submitted[raw] = name
            if key is not None:
                nonces[key] += 1
        return submitted

    def _transaction(self, nonces: dict[EthereumKey, int]) -> tuple[str, bytes, EthereumKey]:
        names = list(ACTIONS)
        name = self.random.choices(names, [ACTIONS[each][0] for each in names])[0]
        to, value, data = ACTIONS[name][1](self)
        key = self.random.choice(WALLETS)
        gas = self.random.choice([60_000, 300_000, 1_000_000])
        transaction = key.legacy(nonces[key], to, value, data, gas, chain_id=42)
        return name, ExtrinsicCodec.bare(transact.call(transaction)), key

    def _signed(self) -> tuple[str, bytes, None]:
        """Return a call by which a coldkey uses contracts, or moves funds to an address or back."""
        key = self.players.coldkey()
        own = truncated(key.account)
        limits = {"gas_limit": 300_000, "max_fee_per_gas": 40 * GWEI, "max_priority_fee_per_gas": None, "nonce": None}
        rest: dict[str, Any] = {"source": own, "access_list": [], "authorization_list": [], **limits}
        kind = self.random.randrange(4)
        if kind == 0:
            to = self.random.choice([own, self.anyone()])
            call = transfer_keep_alive.call(Id(evm_account(to)), self.random.randrange(600, 5 * TAO))
        elif kind == 1:
            amount = self.random.choice([1, TAO, 10 * TAO])
            call = self.chain.call("EVM.withdraw", address=own, value=amount)
        elif kind == 2:
            to, value, data = self.random.choice([transfer, stake, call_contract])(self)
            call = self.chain.call("EVM.call", target=to, value=value, input=data, **rest)
        else:
            call = self.chain.call("EVM.create", value=0, init=deploying(forwarder(CALL)), **rest)
        return f"{call.pallet}.{call.name}", self.chain.sign(call, key), None


# --- what transactions are about -------------------------------------------------------------------------------------


@action(6)
def transfer(contracts: Contracts) -> Action:
    return contracts.anyone(), contracts.value(), b""


@action(5)
def deploy(contracts: Contracts) -> Action:
    code = contracts.random.choice([forwarder(CALL), REVERTER, LOOP, DESTROYER])
    return None, contracts.random.choice([0, 0, ETHER]), deploying(code)


@action(5)
def deploy_anything(contracts: Contracts) -> Action:
    known = (*(key.address for key in WALLETS), *contracts.deployed[:4], STAKING, TRANSFERS)
    return None, contracts.value(), random_init_code(contracts.random, World(known, is_prague=True), 1)


@action(6)
def call_contract(contracts: Contracts) -> Action:
    return contracts.contract(), contracts.value(), contracts.random.randbytes(contracts.random.choice([0, 4, 68]))


@action(2)
def revert(contracts: Contracts) -> Action:
    return contracts.contract(REVERTER), contracts.value(), b""


@action(1)
def use_up_gas(contracts: Contracts) -> Action:
    return contracts.contract(LOOP), contracts.value(), b""


@action(3)
def destroy(contracts: Contracts) -> Action:
    return contracts.contract(DESTROYER), contracts.value(), contracts.anyone().rjust(32, b"\0")


@action(8)
def stake(contracts: Contracts) -> Action:
    random = contracts.random
    amount, netuid = random.randrange(TAO // 10, 3 * TAO), contracts.players.netuid()
    return STAKING, 0, encoded("addStake(bytes32,uint256,uint256)", contracts.hotkey(), amount, netuid)


@action(5)
def unstake(contracts: Contracts) -> Action:
    netuid = contracts.players.netuid()
    if contracts.random.random() < 0.5:
        return STAKING, 0, encoded("removeStakeFull(bytes32,uint256)", contracts.hotkey(), netuid)
    amount = contracts.random.randrange(TAO)
    return STAKING, 0, encoded("removeStake(bytes32,uint256,uint256)", contracts.hotkey(), amount, netuid)


@action(4)
def transfer_by_precompile(contracts: Contracts) -> Action:
    return TRANSFERS, contracts.value(), encoded("transfer(bytes32)", contracts.players.coldkey().account)


@action(2)
def register_neuron(contracts: Contracts) -> Action:
    netuid = contracts.players.netuid()
    data = encoded("burnedRegister(uint16,bytes32)", netuid, contracts.players.unused_hotkey().account)
    return NEURON, 0, data


@action(2)
def read_metagraph(contracts: Contracts) -> Action:
    return METAGRAPH, 0, encoded("getStake(uint16,uint16)", contracts.players.netuid(), 0)


@action(3)
def dispatch_a_call(contracts: Contracts) -> Action:
    amount = contracts.random.randrange(2 * TAO)
    call = transfer_keep_alive.call(Id(contracts.players.coldkey().account), amount)
    return DISPATCH, 0, call.encode()


@action(12)
def through_a_contract(contracts: Contracts) -> Action:
    """One of the calls of precompiles, by a contract, whose account is then the coldkey."""
    made = contracts.random.choice(
        [stake, unstake, transfer_by_precompile, register_neuron, read_metagraph, dispatch_a_call]
    )
    to, value, data = made(contracts)
    assert to is not None
    return contracts.contract(forwarder(CALL)), value, to.rjust(32, b"\0") + data


# --- the game --------------------------------------------------------------------------------------------------------


def chain_of_contracts() -> Chain:
    """Return a chain on which wallets, hotkeys and the addresses of coldkeys have funds."""
    addresses = [evm_account(truncated(RepeatableKeypair(f"//{name}").account)) for name in NAMES]
    funds = dict.fromkeys([*(key.account for key in hotkeys()), *addresses], 100 * TAO)
    wallets = {key.account: 2_000 * TAO for key in WALLETS}
    return Chain(dev(**RULES, balances={**dev().balances, **funds, **wallets}))


def check_contracts(ctx: Context) -> None:
    """Raise AssertionError for a contract without an account, or whose length or hash is not that of its code."""
    for address, code in AccountCodes.items(ctx):
        metadata = AccountCodesMetadata.get(ctx, address)
        assert metadata is not None
        assert (metadata.size, metadata.hash) == (len(code), keccak_256(code)), address.hex()
        assert system.Account.get(ctx, evm_account(address)).sufficients == 1, address.hex()


def live(seed: int, blocks: int) -> Counter[str]:
    """Run a simulation; return how often each kind of transaction was included, and how often it succeeded."""
    counts: Counter[str] = Counter()
    with chain_of_contracts() as chain, chain_of_contracts() as witness:
        players = Players(chain, seed)
        contracts, alpha = Contracts(players, seed), AlphaCount(chain.context())
        chain.submit(
            chain.sign(chain.call("Sudo.sudo", call=chain.call("EVM.disable_whitelist", disabled=True)), players.root)
        )
        for _ in range(blocks):
            try:
                play_block(contracts, counts)
                invariants.check(chain.context())
                check_contracts(chain.context())
                alpha.check(chain.context())
                import_head(chain, witness)
            except Exception as error:
                raise Broken(f"seed {seed}, block {chain.head.number}: {error}") from error
    return counts


def play_block(contracts: Contracts, counts: Counter[str]) -> None:
    """Play a block of subnets with transactions of contracts in it, and count these."""
    names = contracts.submit()
    block = subnets.play_block(contracts.players, counts)
    for index, raw in enumerate(block.extrinsics):
        if raw in names:
            counts[f"{names[raw]}, {'done' if succeeded(block, index) else 'failed'}"] += 1


def succeeded(block: ImportedBlock, index: int) -> bool:
    """Return whether an extrinsic did what it is about, in the EVM, too."""
    events = block.events_of(index)
    failed_in_evm = any(isinstance(each, ExecutedFailed | CreatedFailed) for each in events)
    executed = [each.exit_reason for each in events if isinstance(each, Executed)]
    return subnets.went_well(block, index) and not failed_in_evm and all(isinstance(each, Succeed) for each in executed)


if __name__ == "__main__":
    sys.exit(subnets.run("contracts", __doc__, live))
