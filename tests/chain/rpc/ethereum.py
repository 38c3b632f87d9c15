"""An Ethereum account that signs with libraries of its own, and small contracts as bytes."""

from __future__ import annotations

from typing import Any

import rlp
from coincurve import PrivateKey
from pysubtensor.runtime.crypto.hashing import keccak_256

CHAIN_ID, GWEI, TAO = 42, 10**9, 10**18
PRICE = 40 * GWEI
#: Returns 42.
ANSWER = bytes.fromhex("602a60005260206000f3")
#: Logs the word 7 with the topics 1 and 2.
LOGGER = bytes.fromhex("60076000526002600160206000a200")
#: Reverts with Solidity's `revert("no way")`.
REVERTER = bytes.fromhex(
    "7f08c379a000000000000000000000000000000000000000000000000000000000600052"
    "6020600452600660245265" + b"no way".hex() + "60d01b60445260646000fd"
)
#: Never ends.
LOOP = bytes.fromhex("5b600056")


def deploying(code: bytes) -> bytes:
    """Return initialization code of a contract with this code: it copies what follows it."""
    return bytes.fromhex(f"61{len(code):04x}600e60003961{len(code):04x}6000f3") + code


class Wallet:
    """A key. It counts its transactions."""

    def __init__(self, seed: int = 1) -> None:
        self._key = PrivateKey(seed.to_bytes(32, "big"))
        self.address = keccak_256(self._key.public_key.format(compressed=False)[1:])[12:]
        self.nonce = 0

    @property
    def hex(self) -> str:
        return "0x" + self.address.hex()

    def legacy(self, to: bytes = b"", value: int = 0, data: bytes = b"", **fields: Any) -> str:
        """Return a signed legacy transaction in hex."""
        given = [fields.get("nonce", self._next(fields)), fields.get("price", PRICE), fields.get("gas", 200_000)]
        given += [to, value, data]
        chain_id = fields.get("chain_id", CHAIN_ID)
        r, s, parity = self._sign(rlp.encode([*given, chain_id, b"", b""]))
        return "0x" + rlp.encode([*given, chain_id * 2 + 35 + parity, r, s]).hex()

    def typed(self, to: bytes = b"", value: int = 0, data: bytes = b"", access: Any = (), **fields: Any) -> str:
        """Return a signed transaction of type 2 in hex."""
        nonce = fields.get("nonce", self._next(fields))
        given = [CHAIN_ID, nonce, fields.get("tip", GWEI), fields.get("price", PRICE), fields.get("gas", 200_000)]
        given += [to, value, data, list(access)]
        r, s, parity = self._sign(b"\2" + rlp.encode(given))
        return "0x02" + rlp.encode([*given, parity, r, s]).hex()

    def _next(self, fields: dict[str, Any]) -> int:
        if "nonce" in fields:
            return int(fields["nonce"])
        self.nonce += 1
        return self.nonce - 1

    def _sign(self, message: bytes) -> tuple[int, int, int]:
        signature = self._key.sign_recoverable(keccak_256(message), hasher=None)
        return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big"), signature[64]
