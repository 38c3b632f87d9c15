"""Keys that sign Ethereum transactions in tests."""

from __future__ import annotations

from coincurve import PrivateKey
from pysubtensor.runtime.crypto import evm_account
from pysubtensor.runtime.crypto.hashing import keccak_256
from pysubtensor.runtime.pallets.ethereum.envelope import signing_hash
from pysubtensor.runtime.pallets.ethereum.transaction import (
    EIP1559,
    CallAction,
    CreateAction,
    EIP1559Transaction,
    Legacy,
    LegacySignature,
    LegacyTransaction,
    Signature,
)

GWEI, ETHER = 10**9, 10**18
ONE = bytes(31) + b"\1"


class EthereumKey:
    """A key by a number, with its address and the account that this owns."""

    def __init__(self, number: int) -> None:
        self._key = PrivateKey.from_int(number)
        self.address = keccak_256(self._key.public_key.format(compressed=False)[1:])[12:]
        self.account = evm_account(self.address)

    def _sign(self, digest: bytes) -> tuple[bytes, bytes, int]:
        signature = self._key.sign_recoverable(digest, None)
        return signature[:32], signature[32:64], signature[64]

    def legacy(
        self,
        nonce: int,
        to: bytes | None,
        value: int = 0,
        data: bytes = b"",
        gas: int = 100_000,
        chain_id: int | None = None,
    ) -> Legacy:
        """Return a signed transaction that offers 100 gwei for gas, by default for any chain."""
        action = CreateAction() if to is None else CallAction(to)
        v = 27 if chain_id is None else 35 + 2 * chain_id

        def signed(v: int, r: bytes, s: bytes) -> Legacy:
            return Legacy(LegacyTransaction(nonce, 100 * GWEI, gas, action, value, data, LegacySignature(v, r, s)))

        r, s, parity = self._sign(signing_hash(signed(v, ONE, ONE)))
        return signed(v + parity, r, s)

    def dynamic(self, nonce: int, to: bytes, value: int = 0, *, chain_id: int, tip: int = 0) -> EIP1559:
        """Return a signed transaction of type 2 that pays up to 100 gwei for gas."""

        def signed(parity: int, r: bytes, s: bytes) -> EIP1559:
            signature = Signature(bool(parity), r, s)
            fees = (tip, 100 * GWEI, 100_000)
            return EIP1559(EIP1559Transaction(chain_id, nonce, *fees, CallAction(to), value, b"", [], signature))

        r, s, parity = self._sign(signing_hash(signed(0, ONE, ONE)))
        return signed(parity, r, s)
