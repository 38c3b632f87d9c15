"""Calls: the dispatchable functions of pallets (`CallDef`), and a function together with its arguments (`Call`)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Generic, ParamSpec

from ..scale import Reader, ScaleError, SourceName
from ..scale.codec import Codec, ScopedCodec, type_error
from ..scale.declare import clean_docs
from ..scale.describe import Description, FieldInfo, Variant, VariantInfo
from ..scale.layout import is_boxed, size_of
from ..scale.reader import PAUSE_EVERY
from ..scale.resolve import parameter_names, parameter_types
from ..scale.source_names import field_of
from .context import Context
from .pauses import no_pause
from .weight import DispatchClass, DispatchInfo, Pays, PostInfo, Weight

if TYPE_CHECKING:
    from .pallet import Pallet

#: Source spelling of a pallet's calls inside `RuntimeCall`, made by the macro `construct_runtime`, line break included.
CALLABLE = "self::sp_api_hidden_includes_construct_runtime::hidden_include::dispatch\n::CallableCallFor<{}, Runtime>"

P = ParamSpec("P")
CallBody = Callable[Concatenate[Context, P], PostInfo | None]
#: A function that returns the cost of a call in one runtime: `Runtime.info`.
InfoOf = Callable[["Call"], DispatchInfo]


class CallDef(Generic[P]):
    """A dispatchable function of a pallet: index, arguments, weight, dispatch class and fee rule.

    Calling the object runs its body in a context; `call(...)` makes a `Call` value to sign or to nest.
    With `holds_calls` the cost functions take an `InfoOf` before the call's arguments.
    """

    def __init__(
        self,
        pallet: Pallet,
        index: int,
        body: CallBody[P],
        weight: Weight | Callable[..., Weight],
        class_: DispatchClass | Callable[..., DispatchClass],
        pays: Pays | Callable[..., Pays],
        holds_calls: bool,
    ) -> None:
        self.pallet, self.index, self.body, self.holds_calls = pallet, index, body, holds_calls
        self.name = body.__name__.rstrip("_")
        self.docs = clean_docs(body.__doc__)
        self.weight, self.class_, self.pays = weight, class_, pays
        #: Whether the cost is the same for all arguments.
        self.fixed_cost = not (callable(weight) or callable(class_) or callable(pays))
        self.prefix = bytes((pallet.index, index))
        self.__name__, self.__doc__, self.__module__ = body.__name__, body.__doc__, body.__module__
        self._args: tuple[FieldInfo, ...] | None = None
        self._names = parameter_names(body)[1:]

    def __call__(self, ctx: Context, *args: P.args, **kwargs: P.kwargs) -> PostInfo | None:
        return self.body(ctx, *args, **kwargs)

    def call(self, *args: P.args, **kwargs: P.kwargs) -> Call:
        """Return a `Call` of this function with these arguments."""
        if not kwargs and len(args) == len(self._names):
            return Call(self, args)
        bound = inspect.signature(self.body).bind(None, *args, **kwargs)
        return Call(self, tuple(bound.arguments.values())[1:])

    @property
    def args(self) -> tuple[FieldInfo, ...]:
        """Names and types of the arguments, in order."""
        if self._args is None:
            hints = parameter_types(self.body)
            self._args = tuple(self._arg(name, hints) for name in self._names)
        return self._args

    def _arg(self, name: str, hints: Mapping[str, Any]) -> FieldInfo:
        """Return name and type of an argument; raise TypeError when it has no annotation, or no encoding."""
        if name not in hints:
            raise TypeError(f"{self.pallet.name}.{self.name}: expected an annotation for the argument {name}")
        try:
            return field_of(name, hints[name], self.pallet.call_params)
        except TypeError as error:
            raise TypeError(f"{self.pallet.name}.{self.name}.{name}: {error}") from None

    @cached_property
    def boxed(self) -> int:
        """Bytes of the arguments that are in boxes, on the heap of the genuine runtime."""
        return sum(size_of(arg.codec) for arg in self.args if is_boxed(arg))

    def info(self, args: tuple[Any, ...], info_of: InfoOf) -> DispatchInfo:
        """Return the declared cost of the call with these arguments, without the runtime's guards and extensions.

        `info_of` returns the cost of calls among the arguments.
        """
        weight, class_, pays = self.weight, self.class_, self.pays
        if self.holds_calls:
            args = (info_of, *args)
        return DispatchInfo(
            weight if isinstance(weight, Weight) else weight(*args),
            Weight(),
            class_ if isinstance(class_, DispatchClass) else class_(*args),
            pays if isinstance(pays, Pays) else pays(*args),
        )

    def read_args(self, reader: Reader) -> tuple[Any, ...]:
        """Read the arguments; raise ScaleError with the path "Pallet.call.argument"."""
        args: list[Any] = []
        if reader.bounded and self.boxed:
            reader.allocate(1, self.boxed)
        try:
            for arg in self.args:
                args.append(arg.codec.read(reader))
        except ScaleError as error:
            raise error.inside(f"{self.pallet.name}.{self.name}.{self.args[len(args)].name}") from None
        return tuple(args)

    def encode_args(self, args: tuple[Any, ...]) -> bytes:
        """Encode the arguments; raise ScaleError with the path "Pallet.call.argument"."""
        parts = []
        for arg, value in zip(self.args, args, strict=True):
            try:
                parts.append(arg.codec.encode(value))
            except ScaleError as error:
                raise error.inside(f"{self.pallet.name}.{self.name}.{arg.name}") from None
        return b"".join(parts)

    def __repr__(self) -> str:
        return f"<call {self.pallet.name}.{self.name}>"


@dataclass(slots=True, eq=False)
class Call:
    """A function with its arguments, in the order of its declaration.

    Calls are equal when their encodings are: arguments may be NumPy arrays, whose `==` is not a bool.
    """

    function: CallDef[Any]
    args: tuple[Any, ...]
    #: A runtime and the cost of the call in it. Cache of `Runtime.info`: the cost of a nested call is read many times.
    cost: tuple[object, DispatchInfo] | None = field(default=None, init=False, repr=False)

    @property
    def pallet(self) -> str:
        return self.function.pallet.name

    @property
    def name(self) -> str:
        return self.function.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and self.function is other.function and self.encode() == other.encode()

    def __hash__(self) -> int:
        return hash(self.encode())

    def encode(self) -> bytes:
        return self.function.prefix + self.function.encode_args(self.args)

    def __str__(self) -> str:
        return f"{self.pallet}.{self.name}"


def nesting_depth(value: object, pause: Callable[[], object] = no_pause) -> int:
    """Return the nesting depth of an argument, counted as the chain's decoder does.

    Each list counts, except lists of bytes or numbers, and each call inside a call. In long lists there are pauses.
    """
    if isinstance(value, Call):
        nested = [part for part in value.args if isinstance(part, (Call, list, tuple))]
        return max((nesting_depth(part, pause) + isinstance(part, Call) for part in nested), default=0) if nested else 0
    if isinstance(value, (list, tuple)):
        deepest = 0
        for at in range(0, len(value), PAUSE_EVERY):
            pause()
            nested = [part for part in value[at : at + PAUSE_EVERY] if isinstance(part, (Call, list, tuple))]
            deepest = max([deepest, *[nesting_depth(part, pause) for part in nested]])
        return isinstance(value, list) + deepest
    return 0


class CallsCodec(Codec[Call]):
    """The calls of one pallet as an enum, for metadata."""

    def __init__(self, pallet: Pallet) -> None:
        self.pallet = pallet
        self.name = pallet.call_path

    def describe(self) -> Description:
        variants = tuple(
            VariantInfo(call.name, call.index, call.args, call.docs) for _, call in sorted(self.pallet.calls.items())
        )
        return Description(Variant(variants), self.pallet.call_path, self.pallet.call_params)


class UnknownCall(ScaleError):
    """Decoding came to a call that the runtime does not have: an index of a pallet, and of a call in it."""

    def __init__(self, pallet: int, call: int, at: int) -> None:
        super().__init__(f"the runtime has no call {pallet}.{call}", at)
        self.pallet, self.call = pallet, call


class RuntimeCallCodec(ScopedCodec[Call]):
    """Any call of a runtime: pallet index, call index, arguments. The reader's scope is the `Runtime`."""

    name = "node_subtensor_runtime::RuntimeCall"
    min_size = 2
    #: At spec 425 the largest call is `Ethereum.transact`, with a transaction of EIP-7702.
    memory_size = 304

    def encode(self, value: Call) -> bytes:
        if not isinstance(value, Call):
            raise type_error("a Call", value)
        return value.encode()

    def read(self, reader: Reader) -> Call:
        if reader.scope is None:
            raise self.without_runtime()
        at = reader.at
        pallet_index, call_index = reader.byte(), reader.byte()
        pallet: Pallet | None = reader.scope.by_index.get(pallet_index)
        function = pallet.calls.get(call_index) if pallet else None
        if function is None:
            raise UnknownCall(pallet_index, call_index, at)
        reader.descend()
        args = function.read_args(reader)
        reader.depth -= 1
        return Call(function, args)

    def describe_in(self, scope: Any) -> Description:
        variants = tuple(
            VariantInfo(pallet.name, index, (FieldInfo(None, CallsCodec(pallet), CALLABLE.format(pallet.name)),))
            for index, pallet in sorted(scope.by_index.items())
            if pallet.calls
        )
        return Description(Variant(variants), self.name)


RUNTIME_CALL = RuntimeCallCodec()
RuntimeCall = Annotated[Call, RUNTIME_CALL, SourceName("RuntimeCall", "<T as Config>::RuntimeCall")]
