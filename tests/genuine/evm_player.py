"""Executes the steps of a script of the format evm-1 on our runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import rlp
from pysubtensor.genesis.build import EXTRINSIC_INDEX
from pysubtensor.runtime import executive
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.digest import Consensus, DigestItem
from pysubtensor.runtime.frame.extrinsic import Extrinsic
from pysubtensor.runtime.frame.weight import Weight, WeightPerClass
from pysubtensor.runtime.pallets.base_fee import BaseFeePerGas, Elasticity
from pysubtensor.runtime.pallets.ethereum.block import (
    AnyReceipt,
    EthereumBlock,
    Log,
    TransactionStatus,
    encoded_receipt,
)
from pysubtensor.runtime.pallets.ethereum.declared import (
    BlockHash,
    CurrentBlock,
    CurrentReceipts,
    CurrentTransactionStatuses,
    Pending,
)
from pysubtensor.runtime.pallets.ethereum.digest import ENGINE
from pysubtensor.runtime.pallets.ethereum.envelope import encoded
from pysubtensor.runtime.state.overlay import State

from .player import Player
from .script import Script

CLASSES = ("normal", "operational", "mandatory")
#: Where the digest item of an Ethereum block has the block's hash.
HASH = slice(1, 33)


@dataclass(frozen=True)
class Given:
    """What a script says of a block that is about to end: the storage root within it, and the block's hash.

    The root is of a storage with all that System keeps, which the scripts do not hold. Some name only the hash.
    """

    state_root: bytes | None
    block_hash: bytes | None

    @classmethod
    def of(cls, finalized: Mapping[str, Any]) -> Given:
        if "eth" in finalized:
            return cls(bytes.fromhex(finalized["eth"]["state_root"]), None)
        items = [DigestItem.scale.decode(bytes.fromhex(item)) for item in finalized["digest"]]
        hashes = [item.data[HASH] for item in items if isinstance(item, Consensus) and item.engine == ENGINE]
        return cls(None, hashes[0] if hashes else None)


class EvmPlayer(Player):
    """A chain with its Ethereum side."""

    #: What the script says of the present block; None before the first one ends.
    given: Given | None = None
    #: The storage within the block at the moment of its root, by key.
    storage_within: dict[bytes, bytes] | None = None
    keeps_storage = False

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.state.put(EXTRINSIC_INDEX, None)
        self.take_over({})

    @property
    def begun(self) -> Context | None:
        """The block that is being executed; None before the first one."""
        return self._ctx

    def root_of(self, state: State, also: Mapping[bytes, bytes]) -> bytes:
        if also and self.keeps_storage:
            self.storage_within = {**dict(state.items(b"")), **also}
        return (self.given.state_root if self.given is not None else None) or bytes(32)

    def _put_inherent(self, ctx: Context, call: Call) -> None:
        executive.apply_extrinsic(ctx, Extrinsic.bare(call))

    def _end_block(self) -> list[str]:
        events = super()._end_block()
        if self._ctx is not None and self.given is not None and self.given.block_hash is not None:
            # The hash of a block whose state root is not known follows from nothing, so it is taken over.
            BlockHash.put(self._ctx, self.number, self.given.block_hash)
            digest = self._ctx.block.digest
            for index, item in enumerate(digest):
                if isinstance(item, Consensus) and item.engine == ENGINE:
                    data = item.data[: HASH.start] + self.given.block_hash + item.data[HASH.stop :]
                    digest[index] = Consensus(ENGINE, data)
        return events

    # --- what the scripts have of a block ------------------------------------------------------------------

    def finalized(self, ended: Context | None) -> dict[str, Any]:
        """Return what the scripts hold of the end of a block, when the next one has just begun."""
        block = CurrentBlock.get(self.ctx)
        return {
            "eth": None if block is None else self._block(block),
            "digest": [] if ended is None else [DigestItem.scale.encode(item).hex() for item in ended.block.digest],
            "weight": None if ended is None else weights(ended.block.weight),
            "fees": self.fees(),
        }

    def _block(self, block: EthereumBlock) -> dict[str, Any]:
        header, raw = block.header, [encoded(transaction) for transaction in block.transactions]
        receipts, statuses = CurrentReceipts.get(self.ctx) or [], CurrentTransactionStatuses.get(self.ctx) or []
        numbers = ("difficulty", "number", "gas_limit", "gas_used")
        hashes = (
            *("parent_hash", "ommers_hash", "beneficiary", "state_root", "transactions_root", "receipts_root"),
            *("logs_bloom", "extra_data", "mix_hash", "nonce"),
        )
        return {
            **{name: str(getattr(header, name)) for name in numbers},
            "timestamp": header.timestamp,
            **{name: getattr(header, name).hex() for name in hashes},
            "rlp": header.encoded().hex(),
            "hash": header.hash.hex(),
            "ommers": len(block.ommers),
            "scale_len": len(EthereumBlock.scale.encode(block)),
            "block_rlp_len": len(rlp.encode([rlp.decode(header.encoded()), raw, []])),
            "hash_if_state_root_zero": replace(header, state_root=bytes(32)).hash.hex(),
            "transactions": [transaction.hex() for transaction in raw],
            "receipts": [encoded_receipt(receipt).hex() for receipt in receipts],
            "statuses": [status_of(status) for status in statuses],
        }

    def fees(self) -> dict[str, Any]:
        """Return base fee and elasticity."""
        return {"base_fee": str(BaseFeePerGas.get(self.ctx)), "elasticity": Elasticity.get(self.ctx)}

    def pending(self, index: int) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return receipt and status of a transaction of the present block; None without one."""
        entry = Pending.get(self.ctx, index)
        return None if entry is None else (receipt_of(entry[2]), status_of(entry[1]))

    @property
    def pending_count(self) -> int:
        return Pending.count(self.ctx)


def weights(weight: WeightPerClass) -> dict[str, list[int]]:
    """Return the weights of a block as the scripts hold them."""
    parts: dict[str, Weight] = {name: getattr(weight, name) for name in CLASSES}
    return {name: [part.ref_time, part.proof_size] for name, part in parts.items()}


def weight_per_class(parts: Mapping[str, list[int]]) -> WeightPerClass:
    """Return the weights of a block from their form in the scripts."""
    return WeightPerClass(*[Weight(*parts[name]) for name in CLASSES])


def logs_of(logs: list[Log]) -> list[dict[str, Any]]:
    return [
        {"address": log.address.hex(), "topics": [topic.hex() for topic in log.topics], "data": log.data.hex()}
        for log in logs
    ]


def status_of(status: TransactionStatus) -> dict[str, Any]:
    """Return a status as the scripts hold it."""
    to, created = status.to, status.contract_address
    return {
        "transaction_hash": status.transaction_hash.hex(),
        "transaction_index": status.transaction_index,
        "from": status.from_.hex(),
        "to": None if to is None else to.hex(),
        "contract_address": None if created is None else created.hex(),
        "logs": logs_of(status.logs),
        "bloom": status.logs_bloom.hex(),
    }


def receipt_of(receipt: AnyReceipt) -> dict[str, Any]:
    """Return a receipt as the scripts hold it."""
    data, raw = receipt.data, encoded_receipt(receipt)
    return {
        "type": raw[0] if raw[0] < 0xC0 else 0,
        "status": data.status_code,
        "cumulative_gas": str(data.used_gas),
        "bloom": data.logs_bloom.hex(),
        "logs": logs_of(data.logs),
        "raw": raw.hex(),
    }
