"""The precompiles of spec 425: addresses, signatures, and the order in which a call is checked."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.pallets.admin_utils.pallet import PrecompileEnable, PrecompileEnum
from pysubtensor.runtime.pallets.evm import precompiles
from pysubtensor.runtime.pallets.evm.precompiles import precompile_at
from pysubtensor.runtime.pallets.evm.precompiles.abi import Packed
from pysubtensor.runtime.pallets.evm.precompiles.contract import Contract, Function
from pysubtensor.runtime.pallets.evm.precompiles.handle import address_of
from pysubtensor.runtime.pallets.evm.precompiles.table import CONTRACTS, PRECOMPILES

from tests.runtime.pallets.evm.precompiles.frame import call, call_function, encoded
from tests.vectors import load

#: Index: functions as the genuine source declares them.
GENUINE: dict[str, list[dict[str, Any]]] = load("interface/precompiles_425")


def described(function: Function) -> dict[str, Any]:
    """Return a function in the form of the genuine list."""
    longest = {
        name: type_.most
        for name, type_ in zip(function.names, function.arguments, strict=True)
        if isinstance(type_, Packed) and type_.most < 2**16
    }
    return {
        "signature": function.signature,
        "kind": function.kind.name.lower(),
        "arguments": list(function.names),
        "returns": function.returns.name,
        **({"longest": longest} if longest else {}),
    }


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: str(contract.index))
def test_a_contract_has_the_functions_of_the_genuine_one(contract: Contract) -> None:
    ours = {name: described(function) for name, function in contract.functions.items()}
    assert ours == {each["signature"]: each for each in GENUINE[str(contract.index)]}


def test_all_contracts_are_there() -> None:
    assert {contract.index for contract in CONTRACTS} == set(map(int, GENUINE))
    assert sum(len(contract.functions) for contract in CONTRACTS) == 159


def test_addresses() -> None:
    indices = [*range(1, 10), *range(1024, 1028), *range(2048, 2062)]
    assert set(PRECOMPILES) == {bytes(18) + index.to_bytes(2, "big") for index in indices}
    assert precompile_at(address_of(10)) is precompile_at(address_of(2062)) is None


def test_a_selector_is_the_beginning_of_the_signatures_hash() -> None:
    # As clients of the real chain send them.
    assert encoded("addressMapping(address)", bytes(20))[:4].hex() == "0494cd9a"
    assert encoded("setMinBurn(uint16,uint64)", 0, 0)[:4].hex() == "d7e47287"


# --- the order of checks -----------------------------------------------------------------------------------------

BURN = "burnAlpha(bytes32,uint256,uint256)"
APPROVE = "approve(address,uint256,uint256)"
MECHANISM = "getSubnetMechanism(uint16)"
TOO_LARGE = encoded(MECHANISM, 0)[:4] + b"\1" + bytes(31)


@pytest.mark.parametrize(
    ("index", "data", "options", "text"),
    [
        (2053, b"", {}, "Tried to read selector out of bounds"),
        (2053, b"\0\0\0", {"value": 1, "is_static": True}, "Tried to read selector out of bounds"),
        (2053, bytes(4), {"value": 1, "is_static": True}, "Unknown selector"),
        (2053, encoded(BURN, bytes(32), 0, 0), {"is_static": True}, "Can't call non-static function in static context"),
        (2053, encoded(APPROVE, bytes(20), 0, 0)[:4], {"value": 1}, "Function is not payable"),
        (2056, encoded(MECHANISM, 0), {"value": 1}, "Function is not payable"),
        (2056, encoded(MECHANISM, 0)[:35], {}, "Expected at least 1 arguments"),
        (2056, TOO_LARGE, {}, "netuid: Value is too large for uint16"),
        (2053, encoded(BURN, bytes(32), 0, 0)[:-1], {}, "Expected at least 3 arguments"),
    ],
)
def test_faults_of_a_call_revert(ctx: Context, index: int, data: bytes, options: dict[str, Any], text: str) -> None:
    outcome = call(ctx, index, data, **options)
    assert (outcome.exit, outcome.revert_text, outcome.gas) == ("Reverted", text, 0)


def test_a_view_may_be_static_and_more_arguments_are_ignored(ctx: Context) -> None:
    outcome = call(ctx, 2056, encoded(MECHANISM, 1) + b"\xff", is_static=True)
    assert (outcome.values("uint16"), outcome.gas) == (1, 625)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: str(contract.index))
def test_root_switches_contracts_off(ctx: Context, contract: Contract) -> None:
    PrecompileEnable.put(ctx, contract.switch, False)
    outcome = call(ctx, contract.index, b"", value=1, is_static=True)
    assert (outcome.exit, outcome.gas) == (f"Precompile {contract.switch.name} is disabled", 10_000_000)


def test_both_staking_contracts_have_one_switch_and_others_none(ctx: Context) -> None:
    for switch in PrecompileEnum:
        PrecompileEnable.put(ctx, switch, False)
    assert call_function(ctx, 2049, "getStake(bytes32,bytes32,uint256)", bytes(32), bytes(32), 0).gas == 10_000_000
    assert call(ctx, 4, b"data").output == b"data"
    assert call(ctx, 2055, bytes(32)).exit == "Invalid key"


def test_the_package_lists_the_file_of_each_address() -> None:
    """The addresses of the table in its docstring are all that there are, in files that define them."""
    found: set[bytes] = set()
    for line in (precompiles.__doc__ or "").splitlines():
        if not line.startswith("| 0x"):
            continue
        addresses, indices, _, files = (cell.strip() for cell in line.strip("|").split("|"))
        numbers = [int(number) for number in re.findall(r"\d+", indices)]
        listed = range(numbers[0], numbers[-1] + 1)
        assert [int(each, 16) for each in re.findall(r"0x\w+", addresses)] == sorted({listed[0], listed[-1]})
        module = import_module(f"{precompiles.__name__}.{files.partition('.')[0]}")
        runs = [getattr(value, "run", value) for value in vars(module).values()]
        for index in listed:
            assert PRECOMPILES[address_of(index)].run in runs, index
            found.add(address_of(index))
    assert found == set(PRECOMPILES)
