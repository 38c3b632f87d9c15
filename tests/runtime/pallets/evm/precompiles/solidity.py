"""Contracts in Solidity that call the precompiles through interfaces: a function each, with the same signature.

    python -m tests.runtime.pallets.evm.precompiles.solidity     compile them again into vectors/ethereum/callers

The compiler encodes the arguments, checks that the precompile has code, and decodes the answer.
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from tests.clients.environments import CACHE, ETHEREUM_JS
from tests.clients.visits import interpreter, run_driver
from tests.vectors import FOLDER, load

#: Index: functions as the genuine source declares them.
GENUINE: dict[str, list[dict[str, Any]]] = load("interface/precompiles_425")
MUTABILITY = {"view": " view", "nonpayable": "", "payable": " payable"}
SETTINGS = {"optimizer": {"enabled": True, "runs": 1}, "metadata": {"bytecodeHash": "none"}}


class Types:
    """The types of a contract: tuples are structs in Solidity."""

    def __init__(self, index: str) -> None:
        self._index = index
        self._structs: dict[str, str] = {}

    def located(self, text: str) -> str:
        """Return a type with the place of its data, where it is none of one word."""
        name = re.sub(r"\(.*?\)", lambda found: self._structs.setdefault(found[0], self._next()), text)
        return f"{name} memory" if name.endswith("]") or name in ("string", "bytes") or name.startswith("S") else name

    def _next(self) -> str:
        return f"S{self._index}_{len(self._structs)}"

    def declared(self) -> list[str]:
        """Return the declarations of the structs."""
        return [
            f"struct {name} {{ {' '.join(f'{each} f{at};' for at, each in enumerate(text[1:-1].split(',')))} }}"
            for text, name in self._structs.items()
        ]


def contract(index: str) -> list[str]:
    """Return the lines of the contract for the precompile with this index: `Caller2048`."""
    types, interface, caller = Types(index), [], []
    for function in GENUINE[index]:
        name, _, rest = function["signature"].partition("(")
        given = [types.located(each) for each in rest[:-1].split(",") if each]
        returns = types.located(function["returns"]) if function["returns"] != "()" else ""
        named = ", ".join(f"{each} a{at}" for at, each in enumerate(given))
        head = f"    function {name}({named}) external{MUTABILITY[function['kind']]}"
        head += f" returns ({returns})" if returns else ""
        value = "{value: msg.value}" if function["kind"] == "payable" else ""
        call = f"P.{name}{value}({', '.join(f'a{at}' for at in range(len(given)))})"
        interface.append(f"{head};")
        caller.append(f"{head} {{ {'return ' if returns else ''}{call}; }}")
    constant = f"    Precompile{index} constant P = Precompile{index}(address({index}));"
    lines = [*types.declared(), f"interface Precompile{index} {{", *interface, "}"]
    return [*lines, f"contract Caller{index} {{", constant, *caller, "}"]


def source() -> str:
    """Return the source of all contracts."""
    head = ["// SPDX-License-Identifier: MIT", "pragma solidity ^0.8.24;"]
    return "\n".join([*head, *(line for index in GENUINE for line in contract(index)), ""])


def main() -> None:
    """Compile all contracts by solc, and write source and codes."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        path = home / "source.sol"
        path.write_text(source())
        task = {"environment": str(CACHE / ETHEREUM_JS), "source": str(path), "contract": "Caller2048"}
        found = run_driver(ETHEREUM_JS, interpreter(ETHEREUM_JS), "solc.mjs", task | {"settings": SETTINGS}, home)
    codes = {index: found["codes"][f"Caller{index}"] for index in GENUINE}
    text = json.dumps({"source": source(), "codes": codes}, separators=(",", ":")).encode()
    (FOLDER / "ethereum" / "callers.json.gz").write_bytes(gzip.compress(text, mtime=0))


if __name__ == "__main__":
    main()
