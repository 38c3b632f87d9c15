"""The rules by which spec 425 differs from Ethereum's Prague, by topic, each with its switch (see `rule.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from eth.vm.forks.prague.opcodes import PRAGUE_OPCODES
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.pallets.balances import fungible
from pysubtensor.runtime.pallets.balances.declared import ExistentialDeposit
from pysubtensor.runtime.pallets.evm import accounts, settlement
from pysubtensor.runtime.pallets.evm.addresses import account_of
from pysubtensor.runtime.pallets.evm.declared import AccountCodes, AccountCodesMetadata
from pysubtensor.runtime.pallets.evm.engine import operations, transaction
from pysubtensor.runtime.pallets.evm.engine.environment import Environment
from pysubtensor.runtime.pallets.evm.engine.errors import OutOfGas, TransferFailed
from pysubtensor.runtime.pallets.evm.engine.execution import Execution, delegated_to
from pysubtensor.runtime.pallets.evm.engine.operations import calls
from pysubtensor.runtime.pallets.evm.precompiles.table import PRECOMPILES
from pysubtensor.runtime.pallets.evm.requests import Options, Request

from .precompiles import ethereum_precompile
from .program import BLOCK
from .rule import DECLARED, rule

#: All rules, in the order in which they are tried.
RULES = DECLARED


# --- money -----------------------------------------------------------------------------------------------------


@rule("balances are whole rao", "SubtensorEvmBalanceConverter")
def _rao(runtime: Runtime) -> Iterator[None]:
    with patch.object(accounts, "WEI", 1):
        yield


@rule("an account holds the existential deposit back, and needs it", "reducible_balance(Preserve); Balances")
def _deposit(runtime: Runtime) -> Iterator[None]:
    with patch.dict(runtime.constant_values, {ExistentialDeposit: 0}):  # type: ignore[arg-type]  # it is a dict
        yield


@rule("gas costs the base fee, whatever is offered", "pallet-evm's runner: max_priority_fee None")
def _price(runtime: Runtime) -> Iterator[None]:
    """The price that the runner asks for is also the one that code sees."""
    price = 0

    def offered(request: Request, options: Options, base_fee: int) -> int:
        nonlocal price
        price = min(request.max_fee or 0, base_fee + (request.max_priority_fee or 0))
        return price

    with patch.object(settlement, "_price", offered), patch.object(Environment, "gas_price", property(lambda _: price)):
        yield


@rule("a destroyed contract keeps balance and nonce in System.Account", "pallet-evm: remove_account")
def _destroyed(runtime: Runtime) -> Iterator[None]:
    remove, destroy = accounts.remove_account, Execution.destroy

    def removed(ctx: Any, address: bytes) -> None:
        remove(ctx, address)
        burn(ctx, address)
        info = system.Account.get(ctx, account_of(address))
        system.Account.put(ctx, account_of(address), replace(info, nonce=0))

    def burn(ctx: Any, address: bytes) -> None:
        free = fungible.reducible_balance(ctx, account_of(address), fungible.Preservation.Expendable)
        if free:
            fungible.burn_from(ctx, account_of(address), free, fungible.Preservation.Expendable)

    def destroyed(execution: Execution, address: bytes, target: bytes) -> None:
        destroy(execution, address, target)
        if address == target and address in execution.substate.created:
            burn(execution.ctx, address)

    with patch.object(accounts, "remove_account", removed), patch.object(Execution, "destroy", destroyed):
        yield


@rule("a value from an account to itself need not be there", "pallet-balances: Currency::transfer")
def _own_value(runtime: Runtime) -> Iterator[None]:
    transfer = Execution.transfer

    def checked(execution: Execution, source: bytes, target: bytes, value: int) -> None:
        if source == target and value > accounts.account_balance(execution.ctx, source):
            raise TransferFailed
        transfer(execution, source, target, value)

    with patch.object(Execution, "transfer", checked):
        yield


# --- transactions ----------------------------------------------------------------------------------------------


@rule("data has no least price", "evm 0.43.4 has no EIP-7623")
def _floor(runtime: Runtime) -> Iterator[None]:
    finish = transaction._finish

    def finished(execution: Execution, item: transaction.Transaction, outcome: Any) -> transaction.Result:
        result = finish(execution, item, outcome)
        least = 21_000 + 10 * (4 * len(item.data) - 3 * item.data.count(0))
        return result._replace(used_gas=max(result.used_gas, least))

    with patch.object(transaction, "_finish", finished):
        yield


@rule("the author is cold in creations", "evm 0.43.4: create_transaction_checked")
def _author(runtime: Runtime) -> Iterator[None]:
    create = settlement.run_creation

    def run(execution: Execution, item: transaction.Transaction, salt: bytes | None = None) -> transaction.Result:
        execution.substate.access(execution.environment.coinbase)
        return create(execution, item, salt)

    with patch.object(settlement, "run_creation", run):
        yield


@rule("an account with a delegation sends no transactions", "pallet-evm: TransactionMustComeFromEOA")
def _delegated_sender(runtime: Runtime) -> Iterator[None]:
    class Codes:
        @staticmethod
        def get(ctx: Any, address: bytes) -> bytes:
            code = AccountCodes.get(ctx, address)
            return b"" if delegated_to(code) is not None else code

    with patch.object(settlement, "AccountCodes", Codes):
        yield


@rule("a delegation to the zero address keeps the older one", "pallet-evm: create_account of empty code")
def _zero_delegation(runtime: Runtime) -> Iterator[None]:
    set_code = accounts.set_code

    def changed(ctx: Any, address: bytes, code: bytes) -> None:
        set_code(ctx, address, code)
        if not code:
            AccountCodes.remove(ctx, address)
            AccountCodesMetadata.remove(ctx, address)

    with patch.object(accounts, "set_code", changed):
        yield


@rule("following a delegation costs no gas", "evm 0.43.4: call_inner")
def _delegation_gas(runtime: Runtime) -> Iterator[None]:
    cost, run = calls.access_cost, Execution.run

    def access_cost(frame: Any, target: bytes) -> int:
        known = cost(frame, target)
        delegate = delegated_to(AccountCodes.get(frame.execution.ctx, target))
        if delegate is None:
            return known
        more = 100 if delegate == target else cost(frame, delegate)
        frame.execution.substate.access(delegate)
        return known + more

    def begun(execution: Execution, message: Any) -> Any:
        delegate = None if message.is_creation else delegated_to(AccountCodes.get(execution.ctx, message.code_address))
        if delegate is not None:
            execution.substate.access(delegate)
        return run(execution, message)

    with patch.object(calls, "access_cost", access_cost), patch.object(Execution, "run", begun):
        yield


# --- frames ----------------------------------------------------------------------------------------------------


@rule("transient storage is not undone", "pallet-evm: SubstrateStackState has it beside its substates")
def _transient(runtime: Runtime) -> Iterator[None]:
    begin, undo = Execution.begin, Execution._undo
    kept: dict[int, dict[Any, int]] = {}

    def begun(execution: Execution, message: Any) -> Any:
        kept[id(message)] = dict(execution.transient)
        return begin(execution, message)

    def undone(execution: Execution, message: Any) -> None:
        undo(execution, message)
        execution.transient = dict(kept[id(message)])

    with patch.object(Execution, "begin", begun), patch.object(Execution, "_undo", undone):
        yield


@rule("too long initialization code empties the frame's gas, and does not end it", "evm 0.43.4: create_inner")
def _init_code(runtime: Runtime) -> Iterator[None]:
    pay = calls.pay_init_code

    def paid(frame: Any, code: bytes) -> bool:
        if not pay(frame, code):
            raise OutOfGas
        return True

    with patch.object(calls, "pay_init_code", paid):
        yield


# --- operations ------------------------------------------------------------------------------------------------


@rule("BLOBHASH and BLOBBASEFEE do not exist", "evm 0.43.4")
def _blobs(runtime: Runtime) -> Iterator[None]:
    blobs = {code: PRAGUE_OPCODES[code] for code in operations.ABSENT}
    known = {code: operations.OPERATIONS[code] for code in blobs}
    for code, operation in blobs.items():
        operations.OPERATIONS[code] = operation.gas_cost, operation.logic_fn
    with patch.multiple(Environment, blob_versioned_hashes=(), blob_base_fee=1, create=True):
        try:
            yield
        finally:
            for code, own in known.items():
                operations.OPERATIONS[code] = own


@rule("PREVRANDAO is 0", "pallet-evm: block_randomness None")
def _random(runtime: Runtime) -> Iterator[None]:
    with patch.object(Environment, "mix_hash", bytes.fromhex(BLOCK["random"])):
        yield


@rule("BLOCKHASH reads all stored blocks", "pallet-ethereum: EthereumBlockHashMapping")
def _hashes(runtime: Runtime) -> Iterator[None]:
    get = Environment.get_ancestor_hash

    def recent(environment: Environment, number: int) -> bytes:
        return get(environment, number) if number >= environment.block_number - 256 else bytes(32)

    with patch.object(Environment, "get_ancestor_hash", recent):
        yield


@rule("EXTCODESIZE of a precompile is 1", "pallet-evm: account_code_metadata")
def _precompile_code(runtime: Runtime) -> Iterator[None]:
    metadata = accounts.code_metadata

    def known(ctx: Any, address: bytes) -> Any:
        found = metadata(ctx, address)
        return accounts.NO_CODE if found is accounts.PRECOMPILE_CODE else found

    with patch.object(accounts, "code_metadata", known):
        yield


# --- precompiles -----------------------------------------------------------------------------------------------


def _replaced(indices: range | tuple[int, ...]) -> AbstractContextManager[Any]:
    return patch.dict(PRECOMPILES, {index.to_bytes(20, "big"): ethereum_precompile(index) for index in indices})


@rule("6 dispatches calls, 9 adds points", "runtime/src/precompiles.rs")
def _map(runtime: Runtime) -> Iterator[None]:
    with _replaced((6, 9)):
        yield


@rule("0x0a to 0x11 are plain accounts", "runtime/src/precompiles.rs")
def _absent(runtime: Runtime) -> Iterator[None]:
    with _replaced(range(0x0A, 0x12)):
        yield


@rule("modexp: numbers of at most 1,024 bytes; even moduli cost 20 times", "pallet-evm-precompile-modexp")
def _modexp(runtime: Runtime) -> Iterator[None]:
    with _replaced((5,)):
        yield
