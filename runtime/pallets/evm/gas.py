"""Gas: what a transaction costs before it runs, and how gas and the chain's weight are converted.

Constants are those of Ethereum's Prague, as the crate `evm` 0.43 has them: without the floor of EIP-7623.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...frame.weight import Weight
from ...version import BASE_EXTRINSIC, BLOCK_WEIGHTS

#: The most gas of a transaction, and what contracts see as the limit of a block.
BLOCK_GAS_LIMIT = 75_000_000
_NORMAL = BLOCK_WEIGHTS.per_class.normal.max_total or BLOCK_WEIGHTS.max_block
#: The weight of one unit of gas, of which a block of calls has its limit: 40,000 ps and 184,467,440,737 bytes.
WEIGHT_PER_GAS = Weight(_NORMAL.ref_time // BLOCK_GAS_LIMIT, _NORMAL.proof_size // BLOCK_GAS_LIMIT)

TRANSACTION, CREATION = 21_000, 53_000
ZERO_BYTE, OTHER_BYTE = 4, 16
LISTED_ADDRESS, LISTED_SLOT = 2_400, 1_900
#: An authorization, and what is refunded of it for an account that is not empty.
AUTHORIZATION, AUTHORIZATION_REFUND = 25_000, 12_500
INIT_CODE_WORD = 2
#: The most bytes of initialization code (EIP-3860) and of code.
MAX_INIT_CODE, MAX_CODE = 0xC000, 0x6000
#: At most this part of the used gas is refunded.
REFUND_QUOTIENT = 5

#: Addresses and slots that a transaction announces.
AccessList = Sequence[tuple[bytes, Sequence[bytes]]]


def gas_to_weight(gas: int) -> Weight:
    """Return the weight that a gas limit stands for, without the base weight of an extrinsic."""
    return WEIGHT_PER_GAS * gas - BASE_EXTRINSIC


def init_code_cost(length: int) -> int:
    """Return the gas for initialization code of this length."""
    return INIT_CODE_WORD * ((length + 31) // 32)


def intrinsic_gas(data: bytes, access_list: AccessList, authorizations: int, is_creation: bool) -> int:
    """Return the gas of a transaction before it runs."""
    zeros = data.count(0)
    cost = CREATION + init_code_cost(len(data)) if is_creation else TRANSACTION
    cost += zeros * ZERO_BYTE + (len(data) - zeros) * OTHER_BYTE
    cost += sum([LISTED_ADDRESS + len(slots) * LISTED_SLOT for _, slots in access_list])
    return cost + authorizations * AUTHORIZATION
