"""Conversions of Solidity's numbers to those of the chain, with the errors of the genuine precompiles."""

from __future__ import annotations

from .....consensus.integers import U64_MAX
from .errors import failed
from .handle import Handle

U16_MAX, U256_MAX = 2**16 - 1, 2**256 - 1
#: Wei in one rao: TAO has 18 decimals in the EVM and 9 on the chain.
WEI_PER_RAO = 10**9


def to_u16(value: int) -> int:
    """Return a number that must fit u16, as ids of subnets do."""
    if value > U16_MAX:
        raise failed("the value is outside of u16 bounds")
    return value


def to_u64(value: int) -> int:
    """Return a number that must fit u64."""
    if value > U64_MAX:
        raise failed("the value is outside of u64 bounds")
    return value


def to_rao(wei: int) -> int | None:
    """Return an amount of wei in rao, rounded down; None above u64."""
    rao = wei // WEI_PER_RAO
    return rao if rao <= U64_MAX else None


def received_rao(handle: Handle) -> int:
    """Return the amount that came with a call, in rao, rounded down."""
    amount = to_rao(handle.value)
    if amount is None:
        raise failed("error converting balance from ETH to subtensor")
    return amount


def to_wei(rao: int) -> int:
    """Return an amount of rao (u64) in wei."""
    return rao * WEI_PER_RAO
