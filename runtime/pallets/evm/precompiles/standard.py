"""Ethereum's precompiles 1 to 5, and two like them: SHA3-256 (1024) and the recovery of a public key (1025)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha3_256, sha256

from ....crypto import ecdsa
from ....crypto.hashing import keccak_256
from .errors import failed, out_of_gas
from .handle import Handle

try:
    from gmpy2 import powmod
except ImportError:  # without the extra of the EVM: the same, ten times slower for the longest numbers
    powmod = pow

WORD = 32
Run = Callable[[Handle], bytes]


def linear(base: int, word: int, compute: Callable[[bytes], bytes]) -> Run:
    """Return a precompile that costs `base` gas and `word` gas for each 32 bytes of its input."""

    def run(handle: Handle) -> bytes:
        cost = base + word * ((len(handle.input) + WORD - 1) // WORD)
        if cost > handle.gas.limit:
            raise out_of_gas()
        handle.gas.charge(cost)
        return compute(handle.input)

    return run


# --- signatures and hashes -----------------------------------------------------------------------------------


def _recover(data: bytes) -> bytes | None:
    """Return the public key (64 bytes) of hash, v, r and s in words, of v the last byte; None when there is none."""
    data = data[: 4 * WORD].ljust(4 * WORD, b"\0")
    return ecdsa.recover_point(data[2 * WORD :] + data[2 * WORD - 1 : 2 * WORD], data[:WORD])


def recover_address(data: bytes) -> bytes:
    """Return the address that signed, in a word; nothing for an invalid signature or another v than 27 and 28."""
    v = int.from_bytes(data[WORD : 2 * WORD].ljust(WORD, b"\0"), "big")
    public = _recover(data) if v in (27, 28) else None
    return b"" if public is None else keccak_256(public)[12:].rjust(WORD, b"\0")


def recover_public_key(data: bytes) -> bytes:
    """Return the public key that signed, 64 bytes."""
    public = _recover(data)
    if public is None:
        raise failed("Public key recover failed")
    return public


def ripemd_160(data: bytes) -> bytes:
    """Return the hash in a word."""
    # Imported here: it loads shared libraries for tens of milliseconds, and few chains use it.
    from Crypto.Hash import RIPEMD160

    return RIPEMD160.new(data).digest().rjust(WORD, b"\0")


ecrecover = linear(3000, 0, recover_address)
sha2 = linear(60, 12, lambda data: sha256(data).digest())
ripemd = linear(600, 120, ripemd_160)
identity = linear(15, 3, bytes)
sha3 = linear(60, 12, lambda data: sha3_256(data).digest())
ecrecover_public_key = linear(3000, 0, recover_public_key)


# --- modular exponentiation ----------------------------------------------------------------------------------

#: The longest number, in bytes.
LONGEST = 1024
LEAST_GAS = 200
#: Even moduli cost more: their exponentiation is slower in the genuine runtime.
EVEN = 20


def modexp(handle: Handle) -> bytes:
    """Return base^exponent mod modulus, as long as the modulus; the input has the three lengths, then the numbers."""
    base_length, exponent_length, modulus_length = (
        _length(handle.input, at, name) for at, name in enumerate(("base", "exponent", "modulus"))
    )
    if modulus_length == 0:
        return b""
    start = 3 * WORD
    base = _part(handle.input, start, base_length)
    exponent = _part(handle.input, start + base_length, exponent_length)
    modulus = int.from_bytes(_part(handle.input, start + base_length + exponent_length, modulus_length), "big")
    handle.gas.charge(_modexp_gas(max(base_length, modulus_length), exponent, is_even=modulus % 2 == 0))
    result = powmod(int.from_bytes(base, "big"), int.from_bytes(exponent, "big"), modulus) if modulus > 1 else 0
    return int(result).to_bytes(modulus_length, "big")


def _length(data: bytes, at: int, name: str) -> int:
    length = int.from_bytes(_part(data, at * WORD, WORD), "big")
    if length > LONGEST:
        raise failed(f"unreasonably large {name} length")
    return length


def _part(data: bytes, at: int, length: int) -> bytes:
    """Return bytes of the input, which is followed by zeros without end."""
    return data[at : at + length].ljust(length, b"\0")


def _modexp_gas(longest: int, exponent: bytes, *, is_even: bool) -> int:
    """Return the cost by EIP-2565, with an addition for even moduli."""
    complexity = ((longest + 7) // 8) ** 2
    head = int.from_bytes(exponent[:WORD], "big").bit_length()
    beyond = max(len(exponent) - WORD, 0)
    rounds = max(8 * beyond + head - 1, 1)
    return max(LEAST_GAS, complexity * rounds // 3) * (EVEN if is_even else 1)
