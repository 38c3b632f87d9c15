"""Executes the steps of a script on our runtime, as the genuine pallets executed them."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pysubtensor.genesis.config import ChainConfig
from pysubtensor.genesis.presets import fast
from pysubtensor.runtime import executive
from pysubtensor.runtime.apis import APIS
from pysubtensor.runtime.composition import EXTENSIONS, ORIGINS, RULES, VERSION, spec_425
from pysubtensor.runtime.composition import PALLETS as COMPOSED
from pysubtensor.runtime.crypto import blake2_256
from pysubtensor.runtime.crypto.compact import encode_bytes
from pysubtensor.runtime.crypto.hashing import twox_128
from pysubtensor.runtime.frame.call import RUNTIME_CALL, Call
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.frame.digest import aura_pre_runtime
from pysubtensor.runtime.frame.errors import DispatchError, DispatchFailed
from pysubtensor.runtime.frame.events import ApplyExtrinsic
from pysubtensor.runtime.frame.origin import NONE, ROOT_ORIGIN, Origin, signed
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.frame.weight import PostInfo, WeightPerClass
from pysubtensor.runtime.pallets import system, timestamp
from pysubtensor.runtime.pallets.ethereum.declared import SCHEMA
from pysubtensor.runtime.scale import codec_of
from pysubtensor.runtime.scale.codec import AnyCodec
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from .script import PALLETS, Script, UnreadableScript

T = TypeVar("T")

SYSTEM, ACCOUNT = twox_128(b"System"), twox_128(b"Account")
DISPATCH_ERROR: AnyCodec = codec_of(DispatchError)
#: Pallets of the Ethereum side.
ETHEREUM = ("Ethereum", "EVM", "BaseFee")
#: `TransactionSource::External`, encoded.
EXTERNAL = b"\2"
#: Frames of a traceback that are reported.
FRAMES = -4
#: Prefix of a result when our code raised something that is no error of the chain.
RAISED = "raised "


def hash_of(number: int) -> bytes:
    """Return the hash of a block in the scripts: blake2-256 of the letters "oracle" and the number as u32."""
    return blake2_256(b"oracle" + number.to_bytes(4, "little"))


def is_compared(key: bytes) -> bool:
    """Return whether the scripts list changes of this key: all pallets', of System only accounts."""
    if key == SCHEMA:
        return True
    if key.startswith(SYSTEM):
        return key.startswith(ACCOUNT, len(SYSTEM))
    return not key.startswith(b":")


def raised() -> str:
    """Return the exception that is being handled, as a result."""
    return RAISED + traceback.format_exc(limit=FRAMES)


@dataclass(frozen=True)
class PlayedBlock:
    """The beginning of a block: events (hexadecimal) of the end of its parent, of its hooks and of its inherent."""

    finalize_events: list[str]
    initialize_events: list[str]
    inherent_events: list[str]
    #: System.BlockWeight after initialization.
    initialize_weight: WeightPerClass


@dataclass(frozen=True)
class Dispatched:
    """The outcome of a call: "ok", a DispatchError (hexadecimal), or "raised …"."""

    result: str
    post: PostInfo
    events: list[str]


def runtime_of(script: Script) -> Runtime:
    """Return the runtime with the constants of a script's chain. Raises UnreadableScript when they disagree.

    The chains of format 1 have no Ethereum side.
    """
    config = replace(fast(ChainConfig()) if script.fast else ChainConfig(), slot_duration_ms=script.slot_duration)
    if config.tempo != script.tempo:
        raise UnreadableScript(f"{script.name}: expected a tempo of {config.tempo}, got {script.tempo}")
    if script.format == PALLETS:
        return Runtime(
            [pallet for pallet in COMPOSED if pallet.name not in ETHEREUM],
            EXTENSIONS,
            APIS,
            rules=RULES,
            origins=ORIGINS,
            constants={system.Version.id: VERSION, **config.constants},
        )
    return spec_425(config.constants)


class Player:
    """A chain without a node: a state and the block that is being executed on it."""

    def __init__(self, script: Script) -> None:
        self.runtime = runtime_of(script)
        self.number = script.start
        self._slot_duration = script.slot_duration
        self._genesis_hash = hash_of(script.start)
        self._backend = MemoryBackend(script.genesis)
        self.state = State(self._backend)
        self._ctx: Context | None = None

    @property
    def ctx(self) -> Context:
        """The block that is being executed, or an empty one where there was none yet or it broke off."""
        if self._ctx is None:
            block = BlockEnvironment(self.number, hash_of(self.number - 1) if self.number else bytes(32))
            block.enter_phase(ApplyExtrinsic(0))
            self._ctx = Context(self.runtime, self.state, block)
        return self._ctx

    # --- blocks --------------------------------------------------------------------------------------------

    def next_block(self) -> PlayedBlock:
        """End the present block, begin the next one and dispatch its inherent."""
        finalized = self._end_block()
        number = self.number + 1
        ctx = executive.initialize_block(
            self.runtime, self.state, number, hash_of(number - 1), [aura_pre_runtime(number)]
        )
        self._ctx, self.number = ctx, number
        initialized, weight = self._events_from(0), ctx.block.weight
        mark = len(ctx.block.events)
        self._put_inherent(ctx, timestamp.set_.call(number * self._slot_duration))
        return PlayedBlock(finalized, initialized, self._events_from(mark), weight)

    def _put_inherent(self, ctx: Context, call: Call) -> None:
        self.runtime.dispatch(ctx.with_origin(NONE), call)

    def _end_block(self) -> list[str]:
        """Finalize the present block, if there is one."""
        if self._ctx is None:
            return []
        mark = len(self._ctx.block.events)
        executive.finalize_block(self._ctx, self.root_of)
        return self._events_from(mark)

    def root_of(self, state: State, also: Mapping[bytes, bytes]) -> bytes:
        """Return the storage root; scripts of format 1 need none."""
        return bytes(32)

    def break_off(self, number: int) -> None:
        """Continue as if block `number` had begun, after an exception in it or before it."""
        self.number, self._ctx = number, None
        system.Number.put(self.ctx, number)

    def _events_from(self, mark: int) -> list[str]:
        """Return the block's events after the first `mark`: RuntimeEvents in hexadecimal."""
        records = self.ctx.block.records[mark:]
        # A record is phase (five bytes within extrinsics, else one), event and an empty list of topics.
        return [record[1 if record[0] else 5 : -1].hex() for record in records]

    # --- calls and transactions ----------------------------------------------------------------------------

    def decode_call(self, raw: bytes) -> Call:
        """Return the RuntimeCall of these bytes. Raises ScaleError."""
        return RUNTIME_CALL.decode(raw, self.runtime)

    def dispatch(self, origin: str, call: Call) -> Dispatched:
        """Dispatch a call in the present block; `origin` is "root", "none" or an account in hexadecimal."""
        block, post = self.ctx.block, PostInfo()
        mark = block.mark()
        try:
            post = self.runtime.dispatch(self.ctx.with_origin(_origin(origin)), call)
            result = "ok"
        except DispatchFailed as failure:
            result = DISPATCH_ERROR.encode(failure.error).hex()
            post = failure.post if isinstance(failure.post, PostInfo) else post
        except Exception:  # noqa: BLE001  # any exception is reported as the result
            result = raised()
            block.rewind(mark)
        return Dispatched(result, post, self._events_from(mark[0]))

    def validity(self, extrinsic: bytes) -> str:
        """Return the pool's TransactionValidity of an extrinsic, encoded, or "raised …"; changes are reverted."""
        return self.answer("TaggedTransactionQueue_validate_transaction", EXTERNAL + extrinsic + self._genesis_hash)

    def apply(self, extrinsic: bytes, *, counts: bool) -> tuple[str, list[str]]:
        """Apply an extrinsic: its ApplyExtrinsicResult, encoded, or "raised …", and its events.

        `counts` says whether it takes a place in the genuine block, as the index of the next one depends on that.
        """
        block = self.ctx.block
        mark = len(block.events)
        result = self._ask("BlockBuilder_apply_extrinsic", extrinsic)
        events = self._events_from(mark)
        if counts and not result.startswith("00"):
            self.skip(extrinsic)
        return result, events

    def skip(self, extrinsic: bytes) -> None:
        """Count an extrinsic that is in the genuine block as one of the present block."""
        block = self.ctx.block
        block.extrinsics.append(extrinsic)
        block.enter_phase(ApplyExtrinsic(len(block.extrinsics)))

    # --- runtime APIs and raw storage ----------------------------------------------------------------------

    def has_api(self, name: str) -> bool:
        """Return whether the runtime has the API method of this exported name."""
        return name in self.runtime.api_methods

    def answer(self, name: str, arguments: bytes) -> str:
        """Return the answer of a runtime API in the middle of the block, or "raised …"; changes are reverted."""
        return self.reverted(lambda: self._ask(name, arguments))

    def reverted(self, ask: Callable[[], T]) -> T | str:
        """Return the result of a function, or "raised …"; its changes of state and block are reverted."""
        block = self.ctx.block
        mark = block.mark()
        with self.state.anchor():
            try:
                return ask()
            except Exception:  # noqa: BLE001  # as in `dispatch`
                return raised()
            finally:
                block.rewind(mark)

    def _ask(self, name: str, arguments: bytes) -> str:
        try:
            return self.runtime.api_methods[name].answer(self.ctx, arguments).hex()
        except Exception:  # noqa: BLE001  # as in `dispatch`
            return raised()

    def put(self, changes: Mapping[str, str | None]) -> None:
        """Write raw storage; None removes a key."""
        for key, value in changes.items():
            self.state.put(bytes.fromhex(key), None if value is None else bytes.fromhex(value))

    # --- the genuine state ---------------------------------------------------------------------------------

    def take_over(self, diff: Mapping[str, str | None]) -> list[tuple[bytes, bytes | None, bytes | None]]:
        """Set the state to the genuine one after this step: key, our value and the genuine one where they differ."""
        state, stored = self.state, self._backend.get
        genuine = {bytes.fromhex(key): None if value is None else bytes.fromhex(value) for key, value in diff.items()}
        ours = state.changes()
        differing: list[tuple[bytes, bytes | None, bytes | None]] = []
        for key in sorted(genuine.keys() | {key for key in ours if is_compared(key)}):
            expected = genuine[key] if key in genuine else stored(key)
            present = state.get(key)
            if present != expected:
                differing.append((key, present, expected))
                state.put(key, expected)
        self._backend.apply(state.changes() if differing else ours)
        state.commit()
        return differing

    def digest(self) -> bytes:
        """Return blake2-256 over all compared keys and values, as the scripts' digests are."""
        pairs = self._backend.items(b"")
        return blake2_256(b"".join(encode_bytes(key) + encode_bytes(value) for key, value in pairs if is_compared(key)))


def _origin(text: str) -> Origin:
    named: dict[str, Callable[[], Origin]] = {"root": lambda: ROOT_ORIGIN, "none": lambda: NONE}
    return named[text]() if text in named else signed(bytes.fromhex(text))
