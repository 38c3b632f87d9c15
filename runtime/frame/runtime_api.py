"""Declarations of runtime APIs: a typed function for each method, from which codecs and metadata are derived.

api = RuntimeApi("AccountNonceApi", version=1, docs="…")

@api.method
def account_nonce(ctx: Context, account: AccountId) -> u32: ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b
from typing import Any, Concatenate, ParamSpec, TypeVar

from ...consensus.internal import InternalError
from ..scale import AnyCodec, BoundedReader, Reader, ScaleError, codec_of, encode_compact
from ..scale.containers import Vec
from ..scale.declare import clean_docs
from ..scale.describe import FieldInfo
from ..scale.resolve import parameter_names, parameter_types
from .block_validity import Panic
from .context import Context

P = ParamSpec("P")
R = TypeVar("R")


class ApiError(Exception):
    """A failed call of a runtime API. The messages are those of the genuine node."""


class UnknownMethod(ApiError):
    """No API has this method."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Exported method {name} is not found")


class BadArguments(ApiError):
    """The bytes do not encode the method's arguments."""

    def __init__(self, name: str, reason: ScaleError) -> None:
        super().__init__(f"Bad input data provided to {name}: {reason}")


class Panicked(ApiError):
    """The method panicked, on an invalid block for example."""

    def __init__(self, name: str, reason: Exception) -> None:
        super().__init__(f"{name} panicked: {reason}")


class ApiMethod:
    """A method: exported name, arguments and type of the result."""

    def __init__(self, api: str, body: Callable[..., Any]) -> None:
        self.body, self.docs = body, clean_docs(body.__doc__)
        self.name = body.__name__
        self.exported = f"{api}_{self.name}"

    @cached_property
    def inputs(self) -> tuple[FieldInfo, ...]:
        """Names and types of the arguments, in order."""
        hints, names = parameter_types(self.body), parameter_names(self.body)[1:]
        return tuple(FieldInfo(name.rstrip("_"), codec_of(hints[name])) for name in names)

    @cached_property
    def output(self) -> AnyCodec:
        """The type of the result."""
        return codec_of(parameter_types(self.body)["return"])

    def answer(self, ctx: Context, arguments: bytes) -> bytes:
        """Decode the arguments, run the method and return its encoded result; raise ApiError."""
        try:
            values = self.read(BoundedReader(arguments, scope=ctx.runtime))
        except ScaleError as error:
            raise BadArguments(self.exported, error) from None
        try:
            return self._encode(ctx, self.body(ctx, *values))
        except (Panic, InternalError) as error:
            raise Panicked(self.exported, error) from error

    def _encode(self, ctx: Context, result: Any) -> bytes:
        """Return the encoded result, that of a list with pauses between its items."""
        if not isinstance(self.output, Vec):
            return self.output.encode(result)
        parts, pause = [encode_compact(len(result))], ctx.runtime.pause
        for item in result:
            pause()
            parts.append(self.output.item.encode(item))
        return b"".join(parts)

    def read(self, reader: Reader) -> list[Any]:
        """Return the decoded arguments; raise ScaleError, also for bytes left over."""
        values: list[Any] = []
        try:
            for field in self.inputs:
                values.append(field.codec.read(reader))
        except ScaleError as error:
            raise error.inside(str(self.inputs[len(values)].name)) from None
        reader.finish()
        return values


class RuntimeApi:
    """A named and versioned set of methods. `id` in the runtime's version is a hash of its name."""

    def __init__(self, name: str, version: int, *, docs: str) -> None:
        self.name, self.version, self.docs = name, version, docs
        self.id = blake2b(name.encode(), digest_size=8).digest()
        self.methods: dict[str, ApiMethod] = {}

    def method(self, body: Callable[Concatenate[Context, P], R]) -> Callable[Concatenate[Context, P], R]:
        """Add a method: a function of context and typed arguments with a typed result. TypeError for a duplicate."""
        method = ApiMethod(self.name, body)
        if method.name in self.methods:
            raise TypeError(f"{method.exported} is declared twice")
        self.methods[method.name] = method
        return body

    def __repr__(self) -> str:
        return f"<runtime API {self.name}>"
