"""Compares each step of a script of the format evm-1 with its result on our runtime."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from pysubtensor.runtime.apis.ethereum import api
from pysubtensor.runtime.frame.extrinsic import Extrinsic
from pysubtensor.runtime.pallets.ethereum.calls import transact
from pysubtensor.runtime.pallets.ethereum.envelope import Undecodable, decoded, encoded
from pysubtensor.runtime.pallets.evm.exits import ExitReason
from pysubtensor.runtime.scale import Ok
from pysubtensor.runtime.scale.declare import SumCodec
from pysubtensor.runtime.state.build import root_of

from .compare import Comparison, genuine_result, info_of
from .evm_player import EvmPlayer, Given, logs_of, weight_per_class, weights
from .player import DISPATCH_ERROR, raised
from .script import Script, Step

WEIGHT_PARTS = ("ref_time_limit", "proof_size_limit", "ref_time_usage", "proof_size_usage")


class EvmComparison(Comparison):
    """The replay of a script of the Ethereum side."""

    player: EvmPlayer
    #: The gas that the block's transactions had used at the last step that has `gas_used`.
    _gas = 0

    def make_player(self, script: Script) -> EvmPlayer:
        return EvmPlayer(script)

    def judges(self) -> dict[str, Callable[[Step], None]]:
        return {
            "block": self._block,
            "eth": self._transaction,
            "run": self._run,
            "account": self._account,
            "call": self._call,
            "set": self._set,
        }

    # --- blocks --------------------------------------------------------------------------------------------

    def _block(self, step: Step) -> None:
        kept, self._gas = step.get("state_at_root"), 0
        for expected in step["blocks"]:
            number, player = expected["number"], self.player
            player.given = Given.of(expected["finalized"])
            player.keeps_storage = kept is not None and kept["block"] == number - 1
            ended = player.begun
            try:
                played = player.next_block()
            except Exception:  # noqa: BLE001  # any exception is reported as the result
                self._compare("result", raised(), "ok", f"block {number}")
                player.break_off(step["block"])
                break
            self._finalized(player.finalized(ended), expected["finalized"])
            if kept is not None and player.keeps_storage:
                self._storage_within(kept)
            for name in ("finalize_events", "initialize_events", "inherent_events"):
                self._events(getattr(played, name), expected[name], f"block {number}, {name}")
            self._compare(
                "block weight", weights(played.initialize_weight), expected["initialize_weight"], "initialize"
            )
            self._weight(expected["inherent_weight"], f"block {number}")
        self._storage(step)

    def _finalized(self, ours: Mapping[str, Any], genuine: Mapping[str, Any]) -> None:
        """Compare the end of a block; of the first one, which the script begins with, its Ethereum block alone."""
        place = f"end of block {genuine['number']}"
        self._compare("fees", ours["fees"], genuine["fees"], place)
        for name, value in genuine.get("eth", {}).items():
            self._compare(f"block {name}", ours["eth"][name], value, place)
        if genuine["number"]:
            self._compare("block weight", ours["weight"], genuine["weight"], place)
            self._compare("digest of the header", ours["digest"], genuine["digest"], place)

    def _storage_within(self, kept: Mapping[str, Any]) -> None:
        """Compare the whole storage at the moment of the root, and the root of ours."""
        ours = self.player.storage_within or {}
        genuine = {bytes.fromhex(key): bytes.fromhex(value) for key, value in kept["kv"].items()}
        for key in sorted(ours.keys() | genuine.keys()):
            if ours.get(key) != genuine.get(key):
                self._key(key, ours.get(key), genuine.get(key))
        self._compare("storage root", root_of(ours, 1).hex(), kept["state_root"])

    def _weight(self, genuine: Mapping[str, list[int]], place: str) -> None:
        """Compare the weight of the block so far, and continue with the genuine one."""
        block = self.player.ctx.block
        self._compare("block weight", weights(block.weight), genuine, place)
        block.weight = weight_per_class(genuine)

    # --- transactions --------------------------------------------------------------------------------------

    def _transaction(self, step: Step) -> None:
        player, result = self.player, step["result"]
        undecodable = isinstance(result, dict)
        try:
            transaction = decoded(raw := bytes.fromhex(step["eth"]))
        except Undecodable as error:
            if not undecodable:
                self._compare("result", f"undecodable: {error}", "decodable")
            return
        if undecodable:
            self._compare("result", "decodes", f"undecodable: {result['undecodable']}")
            return
        extrinsic = Extrinsic.bare(transact.call(transaction))
        self._compare("call", extrinsic.call_bytes.hex(), step["call"])
        self._compare("length", len(extrinsic.raw), step["xt_len"])
        self._compare("canonical", encoded(transaction) == raw, step["canonical"])
        self._compare("info", info_of(player.runtime.info(extrinsic.call)), step["info"])
        self._compare("fees", player.fees(), step["fees"])
        self._compare("validity", player.validity(extrinsic.raw), step["pool"])
        self._applied(extrinsic.raw, step)

    def _applied(self, extrinsic: bytes, step: Step) -> None:
        """Apply an extrinsic, and compare what it left: result, events, weight, receipt, storage."""
        player, count = self.player, self.player.pending_count
        result, events = player.apply(extrinsic, counts=step["result"].startswith("00"))
        self._compare("result", result, step["result"])
        self._events(events, step["events"])
        receipt, status = player.pending(count) or (None, None)
        for kind, ours in (("receipt", receipt), ("status", status)):
            self._parts(kind, ours, step[kind])
        if "gas_used" in step and receipt is not None:
            self._compare("gas", int(receipt["cumulative_gas"]) - self._gas, step["gas_used"])
            self._gas = int(step["receipt"]["cumulative_gas"])
        self._weight(step["weight"], "")
        self._storage(step)

    def _parts(self, kind: str, ours: Mapping[str, Any] | None, genuine: Mapping[str, Any] | None) -> None:
        """Compare two records part by part, or whether there is one."""
        if ours is None or genuine is None:
            self._compare(kind, ours, genuine)
            return
        for name, value in genuine.items():
            self._compare(f"{kind} {name}", ours[name], value)

    # --- runtime APIs --------------------------------------------------------------------------------------

    def _run(self, step: Step) -> None:
        ours, genuine = self.player.reverted(lambda: self._answered(step["run"])), step["answer"]
        if isinstance(ours, str) or "error" in genuine or "error" in ours:
            expected = genuine_result(genuine["error"]) if "error" in genuine else genuine["exit"]
            self._result(ours if isinstance(ours, str) else ours.get("error", ours.get("exit", "")), expected)
            return
        for name, value in genuine.items():
            self._compare(f"answer {name}", ours[name], value)

    def _answered(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """Call the runtime API of a step, and return the answer as the scripts hold it."""
        is_call = run["to"] is not None
        addresses = [bytes.fromhex(run[name]) for name in ("from", "to") if run[name] is not None]
        fees = [None if run.get(name) is None else int(run[name]) for name in ("max_fee", "max_priority_fee", "nonce")]
        values = (bytes.fromhex(run["data"]), int(run["value"]), int(run["gas"]))
        method = api.methods["call" if is_call else "create"]
        result = method.body(self.player.ctx, *addresses, *values, *fees, run.get("estimate", False), None, None)
        if not isinstance(result, Ok):
            return {"error": DISPATCH_ERROR.encode(result.error).hex()}
        info, weight = result.value, result.value.weight_info
        return {
            "exit": text_of(info.exit_reason),
            "exit_scale": ExitReason.scale.encode(info.exit_reason).hex(),
            "output" if is_call else "address": info.value.hex(),
            "gas": {"standard": str(info.used_gas.standard), "effective": str(info.used_gas.effective)},
            "weight_info": None if weight is None else {name: getattr(weight, name) for name in WEIGHT_PARTS},
            "logs": logs_of(info.logs),
        }

    def _account(self, step: Step) -> None:
        account = api.methods["account_basic"].body(self.player.ctx, bytes.fromhex(step["account"]))
        self._compare("account", {"nonce": str(account.nonce), "balance": str(account.balance)}, step["answer"])


def text_of(reason: Any) -> str:
    """Return an exit reason as Rust shows it."""
    if isinstance(reason, enum.Enum):
        return reason.name
    codec = type(reason).scale
    name = codec.names[codec.prefixes[type(reason)][0]] if isinstance(codec, SumCodec) else type(reason).__name__
    values = [getattr(reason, field.name) for field in fields(reason)]
    shown = [
        f'"{value}"' if isinstance(value, str) else str(value) if isinstance(value, int) else text_of(value)
        for value in values
    ]
    return f"{name}({', '.join(shown)})" if shown else name
