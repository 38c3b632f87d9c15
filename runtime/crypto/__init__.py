"""Hashing, SS58 addresses, keypairs, signature checks and accounts without keys.

Heavy libraries (Crypto, py_ecc, the mnemonic words) are imported by the first call that needs them.
"""

from __future__ import annotations

from .accounts import (
    derivative_account,
    evm_account,
    multisig_account,
    pallet_account,
    pallet_sub_account,
    pure_proxy_account,
)
from .hashing import blake2_128, blake2_256, blake2_512, twox_128
from .keys import Keypair
from .schemes import Scheme
from .secret_uri import SecretError
from .signatures import verify, verify_account
from .ss58 import Ss58Error, ss58_decode, ss58_encode

__all__ = [
    "Keypair",
    "Scheme",
    "SecretError",
    "Ss58Error",
    "blake2_128",
    "blake2_256",
    "blake2_512",
    "derivative_account",
    "evm_account",
    "multisig_account",
    "pallet_account",
    "pallet_sub_account",
    "pure_proxy_account",
    "ss58_decode",
    "ss58_encode",
    "twox_128",
    "verify",
    "verify_account",
]
