"""ML-KEM-768 (FIPS 203): the key encapsulation of shielded transactions, which only a block author can open.

    encapsulation_key, decapsulation_key = generate_key_pair(seed) 1184 and 2400 bytes
    secret, ciphertext = encapsulate(encapsulation_key, message)   32 and 1088 bytes
    secret = decapsulate(decapsulation_key, ciphertext)

Random seeds and messages are arguments. The code is not constant-time: it is for development chains, whose authors'
keys are public.

A polynomial is an array of 256 coefficients modulo Q, a vector has shape (3, 256), a matrix (3, 3, 256). Variables and
steps are named as in the standard.
"""

from __future__ import annotations

from hashlib import sha3_256, sha3_512, shake_128, shake_256

import numpy as np
from numpy.typing import NDArray

Q, N, K = 3329, 256, 3
#: Bits to which the coefficients of the two parts of a ciphertext are compressed.
DU, DV = 10, 4
POLY = 12 * N // 8
ENCAPSULATION_KEY_LENGTH = K * POLY + 32
DECAPSULATION_KEY_LENGTH = K * POLY + ENCAPSULATION_KEY_LENGTH + 64
CIPHERTEXT_LENGTH = (K * DU + DV) * N // 8

Coefficients = NDArray[np.int64]


def _powers_of_17(exponents: list[int]) -> Coefficients:
    """Return powers of 17, a 256th root of unity modulo Q."""
    return np.array([pow(17, exponent, Q) for exponent in exponents])


_REVERSED = [int(f"{i:07b}"[::-1], 2) for i in range(128)]
ZETAS, GAMMAS = _powers_of_17(_REVERSED), _powers_of_17([2 * i + 1 for i in _REVERSED])
#: 1/128, the factor at the end of the inverse transform.
SHRINK = pow(128, -1, Q)
#: The centered binomial distribution: of four random bits, the number set of the first two less that of the others.
BINOMIAL = np.array([(i & 1) + (i >> 1 & 1) - (i >> 2 & 1) - (i >> 3) for i in range(16)])


def generate_key_pair(seed: bytes) -> tuple[bytes, bytes]:
    """Return encapsulation and decapsulation key of a seed (64 bytes, the standard's d and z)."""
    if len(seed) != 64:
        raise ValueError(f"expected a seed of 64 bytes, got {len(seed)}")
    d, z = seed[:32], seed[32:]
    rho, sigma = _split_halves(sha3_512(d + bytes((K,))).digest())
    s, e = _ntt(_sample_noise(sigma, range(K))), _ntt(_sample_noise(sigma, range(K, 2 * K)))
    t = (_multiply(_expand_matrix(rho), s) + e) % Q
    encapsulation = _pack(t, 12) + rho
    return encapsulation, _pack(s, 12) + encapsulation + sha3_256(encapsulation).digest() + z


def encapsulate(encapsulation_key: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Return a shared secret (32 bytes) and its ciphertext, from a message of 32 random bytes."""
    if len(encapsulation_key) != ENCAPSULATION_KEY_LENGTH or len(message) != 32:
        raise ValueError(
            f"expected a key of {ENCAPSULATION_KEY_LENGTH} bytes and 32 random ones, "
            f"got {len(encapsulation_key)} and {len(message)}"
        )
    secret, r = _split_halves(sha3_512(message + sha3_256(encapsulation_key).digest()).digest())
    return secret, _encrypt(encapsulation_key, message, r)


def decapsulate(decapsulation_key: bytes, ciphertext: bytes) -> bytes:
    """Return the shared secret of a ciphertext; for one that was not made for this key, 32 pseudorandom bytes."""
    if len(decapsulation_key) != DECAPSULATION_KEY_LENGTH or len(ciphertext) != CIPHERTEXT_LENGTH:
        raise ValueError(
            f"expected a key of {DECAPSULATION_KEY_LENGTH} and a ciphertext of {CIPHERTEXT_LENGTH} bytes, "
            f"got {len(decapsulation_key)} and {len(ciphertext)}"
        )
    s, rest = decapsulation_key[: K * POLY], decapsulation_key[K * POLY :]
    encapsulation, h, z = rest[:ENCAPSULATION_KEY_LENGTH], rest[-64:-32], rest[-32:]
    message = _decrypt(s, ciphertext)
    secret, r = _split_halves(sha3_512(message + h).digest())
    if _encrypt(encapsulation, message, r) != ciphertext:
        return shake_256(z + ciphertext).digest(32)
    return secret


# --- encryption of 32 bytes (K-PKE) ----------------------------------------------------------------------------


def _encrypt(encapsulation_key: bytes, message: bytes, r: bytes) -> bytes:
    t, rho = _unpack(encapsulation_key[: K * POLY], 12), encapsulation_key[K * POLY :]
    noise = _sample_noise(r, range(2 * K + 1))
    y, e1, e2 = _ntt(noise[:K]), noise[K : 2 * K], noise[2 * K]
    u = _inverse_ntt(_multiply(_expand_matrix(rho).transpose(1, 0, 2), y)) + e1
    v = _inverse_ntt(_multiply(t, y)) + e2 + _decompress(_unpack(message, 1)[0], 1)
    return _pack(_compress(u % Q, DU), DU) + _pack(_compress(v % Q, DV), DV)


def _decrypt(s: bytes, ciphertext: bytes) -> bytes:
    cut = K * DU * N // 8
    u, v = _decompress(_unpack(ciphertext[:cut], DU), DU), _decompress(_unpack(ciphertext[cut:], DV)[0], DV)
    w = (v - _inverse_ntt(_multiply(_unpack(s, 12), _ntt(u)))) % Q
    return _pack(_compress(w, 1), 1)


# --- random polynomials ----------------------------------------------------------------------------------------


def _expand_matrix(rho: bytes) -> Coefficients:
    """Return the public matrix in transformed form from its seed."""
    return np.array([[_sample_uniform(rho + bytes((j, i))) for j in range(K)] for i in range(K)])


def _sample_uniform(seed: bytes) -> Coefficients:
    """Return uniform coefficients (SampleNTT): numbers of 12 bits, without those from Q on."""
    length = 672  # four blocks of SHAKE128, enough for all but a negligible share of seeds
    while True:
        triples = np.frombuffer(shake_128(seed).digest(length), np.uint8).reshape(-1, 3).astype(np.int64)
        low, middle, high = triples.T
        drawn = np.stack((low | (middle & 15) << 8, middle >> 4 | high << 4), axis=1).ravel()
        accepted = drawn[drawn < Q]
        if len(accepted) >= N:
            return accepted[:N]
        length *= 2


def _sample_noise(seed: bytes, counters: range) -> Coefficients:
    """Return small polynomials (SamplePolyCBD), one for each counter."""
    drawn = b"".join([shake_256(seed + bytes((counter,))).digest(N // 2) for counter in counters])
    octets = np.frombuffer(drawn, np.uint8).reshape(len(counters), -1)
    return BINOMIAL[np.stack((octets & 15, octets >> 4), axis=2)].reshape(len(counters), N)


# --- arithmetic ------------------------------------------------------------------------------------------------


def _ntt(f: Coefficients) -> Coefficients:
    """Return the number-theoretic transform of polynomials, in which they are multiplied by pairs of coefficients."""
    for blocks in (1, 2, 4, 8, 16, 32, 64):
        halves = f.reshape(-1, blocks, 2, N // 2 // blocks)
        low, high = halves[:, :, 0], halves[:, :, 1] * ZETAS[blocks : 2 * blocks, None]
        f = np.stack((low + high, low - high), axis=2) % Q
    return f.reshape(-1, N)


def _inverse_ntt(f: Coefficients) -> Coefficients:
    """Return the inverse transform, in the shape of the input."""
    shape = f.shape
    for blocks in (64, 32, 16, 8, 4, 2, 1):
        halves = f.reshape(-1, blocks, 2, N // 2 // blocks)
        low, high = halves[:, :, 0], halves[:, :, 1]
        f = np.stack((low + high, (high - low) * ZETAS[2 * blocks - 1 : blocks - 1 : -1, None]), axis=2) % Q
    return f.reshape(shape) * SHRINK % Q


def _multiply(a: Coefficients, b: Coefficients) -> Coefficients:
    """Return the product of a matrix or a vector with a vector, all in transformed form."""
    a0, a1, b0, b1 = a[..., ::2], a[..., 1::2], b[..., ::2], b[..., 1::2]
    even, odd = a0 * b0 + a1 * b1 % Q * GAMMAS, a0 * b1 + a1 * b0
    product = np.stack((even.sum(axis=-2), odd.sum(axis=-2)), axis=-1) % Q
    return product.reshape(*product.shape[:-2], N)


def _compress(x: Coefficients, bits: int) -> Coefficients:
    """Round coefficients, as fractions of Q, to `bits` bits, half up."""
    return ((x << bits + 1) + Q) // (2 * Q) & (1 << bits) - 1


def _decompress(x: Coefficients, bits: int) -> Coefficients:
    """Return the coefficients of compressed ones."""
    return x * Q + (1 << bits - 1) >> bits


def _pack(f: Coefficients, bits: int) -> bytes:
    """Encode coefficients in `bits` bits each, the lowest bit first (ByteEncode)."""
    return np.packbits((f.reshape(-1, 1) >> np.arange(bits) & 1).astype(np.uint8), bitorder="little").tobytes()


def _unpack(data: bytes, bits: int) -> Coefficients:
    """Decode polynomials, coefficients modulo Q (ByteDecode)."""
    spread = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little").reshape(-1, bits)
    return (spread @ (1 << np.arange(bits))).reshape(-1, N) % Q


def _split_halves(data: bytes) -> tuple[bytes, bytes]:
    return data[:32], data[32:]
