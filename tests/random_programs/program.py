"""`Program`: a state, and a signed transaction that runs code in it. Programs follow from a seed and a number."""

from __future__ import annotations

from random import Random
from typing import Any

import rlp
from coincurve import PrivateKey
from eth_hash.auto import keccak

from .bytecode import random_code, random_init_code
from .writer import SLOTS, World

GWEI = 10**9
#: A program as the oracles read it: JSON, with bytes in hex and storage as pairs.
Program = dict[str, Any]

#: The block in which all programs run. The hash of a block is that of its number's digits, as pyrevm has it.
BLOCK = {
    "number": 300,
    "timestamp": 1_700_000_012,
    "base_fee": 10 * GWEI,
    "gas_limit": 75_000_000,
    "chain_id": 42,
    "coinbase": "0404040404040404040404040404040404040404",
    "random": "07" * 32,
}
SENDER = PrivateKey.from_int(1)
AUTHORITIES = tuple(PrivateKey.from_int(number) for number in (11, 12, 13))
CONTRACTS = tuple(bytes.fromhex("c0de" + "00" * 17) + bytes((index,)) for index in range(1, 5))
#: Accounts with funds but no code, and one that does not exist.
RICH, POOR, ABSENT = (bytes.fromhex(name + "00" * 16 + "01") for name in ("ee0001", "ee0002", "ee0003"))
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def address_of(key: PrivateKey) -> bytes:
    """Return the address of a key."""
    return keccak(key.public_key.format(compressed=False)[1:])[12:]


ADDRESSES = (*CONTRACTS, *CONTRACTS, RICH, POOR, ABSENT, *map(address_of, AUTHORITIES), address_of(SENDER))


def program_of(seed: int, number: int) -> Program:
    """Return a program."""
    random = Random(f"{seed}/{number}")
    world = World(ADDRESSES, is_prague=random.random() < 0.5)
    accounts = _accounts(random, world)
    creation = random.random() < 0.12
    kind = random.choices((0, 1, 2, 4), (3, 2, 6, 6 if world.is_prague and not creation else 0))[0]
    data = random_init_code(random, world, 1) if creation else random.randbytes(random.choice((0, 4, 36, 100)))
    if random.random() < 0.02:
        data += random.randbytes(4_000)
    to = b"" if creation else random.choices((*CONTRACTS[:1], *ADDRESSES), (20, *[1] * len(ADDRESSES)))[0]
    nonce = accounts[address_of(SENDER).hex()]["nonce"]
    fields: dict[str, Any] = {"to": to, "data": data, "nonce": nonce, "value": random.choice((0, 0, 1, 10**12, 10**15))}
    fields["access_list"] = _access_list(random) if kind else []
    fields["authorizations"] = [_authorization(random, accounts) for _ in range(random.randint(1, 4))] * (kind == 4)
    fields["tip"] = random.choice((0, 0, 2 * GWEI))
    fields["max_fee"] = BLOCK["base_fee"] + (fields["tip"] if kind < 2 else random.choice((2, 5)) * GWEI)
    fields["gas"] = (
        _least_gas(fields, creation)
        + random.choices(
            (0, 700, random.randint(0, 30_000), random.randint(0, 400_000), 400_000, 900_000), (1, 1, 2, 6, 6, 2)
        )[0]
    )
    return {
        "name": f"{seed}/{number}",
        "is_prague": world.is_prague,
        "accounts": accounts,
        "raw": _signed(kind, fields).hex(),
        "sender": address_of(SENDER).hex(),
        "least_gas": _floor(data),
        **{name: _plain(value) for name, value in fields.items()},
    }


# --- state -----------------------------------------------------------------------------------------------------


def _accounts(random: Random, world: World) -> dict[str, Any]:
    """Return the accounts before the transaction, in wei. The first contract is the one that is called most."""
    accounts: dict[str, Any] = {}

    def add(address: bytes, balance: int, nonce: int = 0, code: bytes = b"", storage: int = 0) -> None:
        slots = [
            [hex(slot), hex(random.choice((1, 2, random.getrandbits(256))))] for slot in random.sample(SLOTS, storage)
        ]
        if balance or nonce or code:
            accounts[address.hex()] = {"balance": balance, "nonce": nonce, "code": code.hex(), "storage": slots}

    add(address_of(SENDER), 10**19, random.choice((0, 1, 5, 127, 128, 300)))
    for address in CONTRACTS:
        balance = random.choice((0, 10**12, 10**15 + 3 * 10**9, 600 * 10**9))
        add(address, balance, 1, random_code(random, world), random.randint(0, 4) if world.is_prague else 0)
    add(RICH, 10**17)
    if random.random() < 0.5:
        add(POOR, 10**12, random.choice((0, 2)))
    for key in AUTHORITIES if world.is_prague else ():
        if random.random() < 0.5:
            target = random.choice((*CONTRACTS, RICH, address_of(key), bytes(19) + b"\4", address_of(AUTHORITIES[0])))
            delegation = random.choice((b"", b"\xef\1\0" + target))
            add(
                address_of(key), random.choice((0, 10**15)), random.choice((0, 1, 3)) or len(delegation[:1]), delegation
            )
    if world.is_prague and random.random() < 0.05:
        accounts[address_of(SENDER).hex()]["code"] = "ef0100" + CONTRACTS[0].hex()
    return accounts


def _access_list(random: Random) -> list[tuple[bytes, list[bytes]]]:
    """Return addresses and slots that are announced."""
    return [
        (random.choice(ADDRESSES), [random.choice(SLOTS).to_bytes(32, "big") for _ in range(random.randint(0, 2))])
        for _ in range(random.choice((0, 0, 1, 2)))
    ]


def _authorization(random: Random, accounts: dict[str, Any]) -> list[Any]:
    """Return an authorization: valid in most cases, for another chain, nonce or key in others."""
    key = random.choice(AUTHORITIES)
    known = accounts.get(address_of(key).hex(), {"nonce": 0})
    chain = random.choice((42, 42, 0, 0, 43))
    target = random.choice((*CONTRACTS, *CONTRACTS, bytes(20), RICH, bytes(19) + b"\2"))
    nonce = known["nonce"] + random.choice((0, 0, 0, 0, 1))
    if random.random() < 0.02:
        nonce = 2**64 - 1
    parity, r, s = _sign(key, b"\5" + rlp.encode([chain, target, nonce]))
    kind = random.random()
    if kind < 0.05:
        parity, s = 1 - parity, ORDER - s
    elif kind < 0.1:
        r = random.choice((r + 1, 1, ORDER - 1))
    return [chain, target, nonce, parity, r, s]


# --- gas and signatures ----------------------------------------------------------------------------------------


def _least_gas(fields: dict[str, Any], creation: bool) -> int:
    """Return the least gas limit that Ethereum accepts."""
    data = fields["data"]
    cost = 21_000 + 16 * len(data) - 12 * data.count(0)
    if creation:
        cost += 32_000 + 2 * ((len(data) + 31) // 32)
    cost += sum(2_400 + 1_900 * len(slots) for _, slots in fields["access_list"])
    return int(max(cost + 25_000 * len(fields["authorizations"]), _floor(data)))


def _floor(data: bytes) -> int:
    """Return what a transaction with this data costs at least (EIP-7623)."""
    return 21_000 + 10 * (4 * len(data) - 3 * data.count(0))


def _sign(key: PrivateKey, message: bytes) -> tuple[int, int, int]:
    signature = key.sign_recoverable(keccak(message), None)
    return signature[64], int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")


def _signed(kind: int, fields: dict[str, Any]) -> bytes:
    """Return a transaction of a type as clients send it."""
    body = [fields["gas"], fields["to"], fields["value"], fields["data"]]
    access = [[address, slots] for address, slots in fields["access_list"]]
    if kind == 0:
        unsigned = [fields["nonce"], fields["max_fee"], *body]
        parity, r, s = _sign(SENDER, rlp.encode([*unsigned, BLOCK["chain_id"], 0, 0]))
        return bytes(rlp.encode([*unsigned, 35 + 2 * 42 + parity, r, s]))
    fees = [fields["max_fee"]] if kind == 1 else [fields["tip"], fields["max_fee"]]
    unsigned = [BLOCK["chain_id"], fields["nonce"], *fees, *body, access]
    if kind == 4:
        unsigned.append(fields["authorizations"])
    prefix = bytes((kind,))
    return prefix + bytes(rlp.encode([*unsigned, *_sign(SENDER, prefix + rlp.encode(unsigned))]))


def _plain(value: Any) -> Any:
    """Return a value with bytes in hex."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
