"""`ExecutionInfo`: what an execution answers, as runtime APIs and the Ethereum pallet need it."""

from __future__ import annotations

from ...scale import H160, U256, Struct, u64
from ..ethereum.block import Log
from .exits import ExitReason

PATH = "fp_evm::ExecutionInfoV2"


class UsedGas(Struct, path="fp_evm::UsedGas"):
    """The gas of the execution, and the gas that it counts for where another resource would cost more."""

    standard: U256
    effective: U256


class WeightInfo(Struct, path="fp_evm::WeightInfo"):
    """Limits and usage of reference time and proof where they were metered."""

    ref_time_limit: u64 | None
    proof_size_limit: u64 | None
    ref_time_usage: u64 | None
    proof_size_usage: u64 | None


class CallInfo(Struct, path=PATH, params=[("T", bytes)]):
    """How a call ended. `value` is its output."""

    exit_reason: ExitReason
    value: bytes
    used_gas: UsedGas
    weight_info: WeightInfo | None
    logs: list[Log]


class CreateInfo(Struct, path=PATH, params=[("T", H160)]):
    """How a creation ended. `value` is the address of the contract, also of one that was not created."""

    exit_reason: ExitReason
    value: H160
    used_gas: UsedGas
    weight_info: WeightInfo | None
    logs: list[Log]


AnyInfo = CallInfo | CreateInfo
