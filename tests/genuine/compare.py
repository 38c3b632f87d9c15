"""Compares each step of a script with its result on our runtime."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.weight import DispatchInfo, PostInfo, Weight, WeightPerClass
from pysubtensor.runtime.scale import ScaleError, codec_of
from pysubtensor.runtime.scale.codec import AnyCodec

from .findings import Findings, Sides
from .naming import Names, shortened
from .player import RAISED, Dispatched, Player, raised
from .script import Script, Step, kind_of
from .unbuilt import is_missing_api, missing_call, missing_pallets

#: The result of a call that broke off the genuine code, or ours.
PANIC = "panic"
BLOCK_WEIGHT: AnyCodec = codec_of(WeightPerClass)
EVENTS = ("finalize_events", "initialize_events", "inherent_events")


def genuine_result(result: str | dict[str, Any]) -> str:
    """Return a call's result in the player's form: "ok", an encoded DispatchError in hexadecimal, or "panic"."""
    if isinstance(result, str):
        return result
    match result:
        case {"module": module, "error": error}:
            return f"03{module:02x}{error:02x}000000"
        case {"dispatch": _, "scale": scale}:
            return str(scale)
        case {"other": _}:
            return "00"
    return PANIC


def weight_of(weight: Weight | None) -> list[int] | None:
    """Return a weight as the scripts hold it."""
    return None if weight is None else [weight.ref_time, weight.proof_size]


def info_of(info: DispatchInfo) -> dict[str, Any]:
    """Return declared weight, class and fee as the scripts hold them."""
    return {"class": info.class_.name, "pays_fee": info.pays_fee.name, "weight": weight_of(info.call_weight)}


def post_of(post: PostInfo) -> dict[str, Any]:
    """Return the weight and fee that a call reports, as the scripts hold them."""
    return {"actual_weight": weight_of(post.actual_weight), "pays_fee": post.pays_fee.name}


class Comparison:
    """The replay of one script: each step is executed and compared, then the state is set to the genuine one."""

    def __init__(self, script: Script, limit: int | None = None) -> None:
        self.script, self.player = script, self.make_player(script)
        self.findings = Findings(script.name, limit)
        self.names = Names(self.player.runtime)
        self._missing = missing_pallets(self.player.runtime)
        self._built = {
            f"{pallet.name}.{call.name}" for pallet in self.player.runtime.pallets for call in pallet.calls.values()
        }
        self._missing_names = set(self._missing.values())
        self._where = ""
        self._unbuilt: str | None = None

    def make_player(self, script: Script) -> Player:
        """Return the player of the script's format."""
        return Player(script)

    def judges(self) -> dict[str, Callable[[Step], None]]:
        """Return the comparison of each kind of step."""
        return {"block": self._block, "call": self._call, "xt": self._extrinsic, "api": self._api, "set": self._set}

    def run(self) -> Findings:
        """Replay all steps and compare the state's digest at the end."""
        judges = self.judges()
        for index, step in enumerate(self.script.steps):
            kind = kind_of(step, self.script.format)
            self._where, self._unbuilt = f"step {index}, {_label(kind, step)}", None
            judges[kind](step)
            if self._unbuilt is not None:
                self.findings.unbuilt[self._unbuilt] += 1
            self.findings.steps += 1
        self._where = "at the end"
        self._compare("digest", self.player.digest().hex(), self.script.digest.hex())
        return self.findings

    # --- steps ---------------------------------------------------------------------------------------------

    def _block(self, step: Step) -> None:
        genuine = {block["number"]: block for block in step["blocks"]}
        last = step["block"] if step.get("panic") is None else step["panic"]
        for number in range(self.player.number + 1, last + 1):
            try:
                played = self.player.next_block()
            except Exception:  # noqa: BLE001  # any exception is reported as the result
                self._compare("result", raised(), PANIC if number == step.get("panic") else "ok", f"block {number}")
                self.player.break_off(step["block"])
                break
            if number == step.get("panic"):
                self._compare("result", "ok", PANIC, f"block {number}")
                break
            expected = genuine[number]
            for name in EVENTS:
                self._events(getattr(played, name), expected[name], f"block {number}, {name}")
            if "initialize_weight" in expected:
                ours = BLOCK_WEIGHT.encode(played.initialize_weight).hex()
                self._compare("block weight", ours, expected["initialize_weight"], f"block {number}")
        self._storage(step)

    def _call(self, step: Step) -> None:
        raw, result = bytes.fromhex(step["call"]), step["result"]
        undecodable = isinstance(result, dict) and "undecodable" in result
        try:
            call = self.player.decode_call(raw)
        except ScaleError as error:
            if (missing := self._missing_call(error, step)) is not None:
                self._unbuilt = f"call {_named_by(step, missing)}"
            elif not undecodable:
                self._compare("result", f"not decodable: {error}", "decodable")
            self.player.take_over(step.get("diff", {}))
            return
        if undecodable:
            self._compare("result", f"decodes to {call}", f"undecodable: {result['undecodable']}")
            return
        self._dispatched(call, self.player.dispatch(step["origin"], call), step)

    def _dispatched(self, call: Call, ours: Dispatched, step: Step) -> None:
        self._result(ours.result, genuine_result(step["result"]))
        if "info" in step:
            self._compare("info", info_of(self.player.runtime.info(call)), step["info"])
        if "post" in step and not ours.result.startswith(RAISED):
            self._compare("post", post_of(ours.post), step["post"])
        self._events(ours.events, step["events"])
        self._storage(step)

    def _extrinsic(self, step: Step) -> None:
        raw, result = bytes.fromhex(step["xt"]), genuine_result(step["result"])
        applied = result.startswith("00")
        try:
            self.player.runtime.decode(raw)
        except ScaleError as error:
            if (missing := self._missing_call(error, step)) is not None:
                self._unbuilt = f"call {_named_by(step, missing)}"
                if applied:
                    self.player.skip(raw)
                self.player.take_over(step["diff"])
                return
        self._compare("validity", self.player.validity(raw), step["validity"])
        ours, events = self.player.apply(raw, counts=applied)
        self._compare("result", ours, result)
        self._events(events, step["events"])
        self._storage(step)

    def _api(self, step: Step) -> None:
        name = step["api"]
        if self.player.has_api(name):
            self._compare("answer", self.player.answer(name, bytes.fromhex(step["args"])), step["value"])
        elif is_missing_api(name):
            self._unbuilt = f"runtime API {name}"
        else:
            self._compare("answer", "no such runtime API", step["value"])

    def _set(self, step: Step) -> None:
        self.player.put(step["set"])
        self._storage(step)

    def _missing_call(self, error: ScaleError, step: Step) -> str | None:
        """Return the name of the call that is not built, None where the bytes are not those of the step's own call.

        An error without a path is about the outermost call, which the script names.
        """
        is_built = not error.path and step.get("note") in self._built
        return None if is_built else missing_call(error)

    # --- comparing -----------------------------------------------------------------------------------------

    def _note(self, kind: str, sides: Sides, place: str = "") -> None:
        """Note a difference of this kind in the step; `sides` puts both sides in words."""
        self.findings.note(f"{self._where}, {place}" if place else self._where, kind, sides)

    def _compare(self, kind: str, ours: Any, genuine: Any, place: str = "") -> None:
        """Note a difference of this kind unless both are the same."""
        if ours != genuine:
            self._note(kind, lambda: (shortened(str(ours)), shortened(str(genuine))), place)

    def _result(self, ours: str, genuine: str) -> None:
        if ours == genuine or (genuine == PANIC and ours.startswith(RAISED)):
            return
        self._note("result", lambda: (self.names.error(ours), self.names.error(genuine)))

    def _events(self, ours: list[str], genuine: list[str], place: str = "events") -> None:
        if ours == genuine:
            return
        known = [event for event in genuine if int(event[:2], 16) not in self._missing]
        if len(known) < len(genuine):
            first = next(event for event in genuine if event not in known)
            self._unbuilt = self._unbuilt or f"events of {self._missing[int(first[:2], 16)]}"
        if ours != known:
            self._note("events", lambda: self._both_lists(ours, known), place)

    def _both_lists(self, ours: Sequence[str], genuine: Sequence[str]) -> tuple[str, str]:
        """Put two lists of events in words: what only one of them has, or their order."""
        only_ours, only_genuine = Counter(ours) - Counter(genuine), Counter(genuine) - Counter(ours)
        if not only_ours and not only_genuine:
            return self._list(ours, "in the order "), self._list(genuine, "in the order ")
        return self._list(list(only_ours.elements()), "only "), self._list(list(only_genuine.elements()), "only ")

    def _list(self, events: Sequence[str], before: str) -> str:
        return shortened(before + "; ".join(map(self.names.event, events)) if events else "nothing besides")

    def _storage(self, step: Step) -> None:
        """Compare the changes of a step and continue with the genuine state."""
        for key, ours, genuine in self.player.take_over(step["diff"]):
            pallet = self.names.pallet_of_key(key)
            if pallet in self._missing_names and ours is None:
                self._unbuilt = self._unbuilt or f"storage of {pallet}"
            else:
                self._key(key, ours, genuine)

    def _key(self, key: bytes, ours: bytes | None, genuine: bytes | None) -> None:
        names = self.names
        self._note(
            f"storage {names.item(key)}", lambda: (names.value(key, ours), names.value(key, genuine)), names.key(key)
        )


def _named_by(step: Step, missing: str) -> str:
    """Return the script's name of a missing call where it is the step's own one, else the name given."""
    note = str(step.get("note") or "")
    return note if note.partition(".")[0] == missing.partition(".")[0] else missing


def _label(kind: str, step: Step) -> str:
    """Return a short description of a step."""
    match kind:
        case "block":
            return f"block {step['block']}"
        case "call":
            return f"{step.get('note') or step['call'][:4]} by {step['origin'][:16]}"
        case "xt":
            return f"extrinsic {step.get('note', '')}"
        case "eth":
            return f"transaction {step.get('note', '')}"
        case "run":
            return f"run {step.get('note', '')}"
        case "account":
            return f"account {step['account']}"
        case "api":
            return f"{step['api']}(0x{step['args'][:80]})"
        case _:
            return "raw storage"
