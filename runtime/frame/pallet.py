"""A pallet: the table to which a module adds its storage, calls, events, errors, constants and hooks.

    class Event(Sum, params=[("T", None), ("I", None)]): ...
    class Error(PalletError):
        InsufficientBalance = 2, "Balance too low to send value."

    pallet = Pallet("Balances", 5, crate="pallet_balances", event=Event, error=Error, generics=("T", "I"))

    TotalIssuance = pallet.value(u64, default=0, docs="The total units issued in the system.")
    pallet.name_declared(globals())

    class Transfer(Event, index=2):
        from_: AccountId
        to: AccountId
        amount: Balance

    @pallet.call(3, weight=…)
    def transfer_keep_alive(ctx: Context, dest: AccountIdLookup, value: AsCompact[Balance]) -> None: ...

Codecs, storage keys, metadata, call decoding and error numbers are derived from these rows and written nowhere else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, get_type_hints, overload

from ..crypto.hashing import twox_128
from ..scale import AnyCodec, Codec, Sum, codec_of
from ..scale.declare import clean_docs
from ..scale.describe import Description, FieldInfo, Variant, VariantInfo
from .call import Call, CallBody, CallDef
from .constant import Constant
from .context import Context
from .errors import PalletError
from .hashers import Hasher
from .storage import ABSENT, CountedStorageMap, StorageDoubleMap, StorageItem, StorageMap, StorageNMap, StorageValue
from .validity import TransactionSource, ValidTransaction
from .weight import DispatchClass, Pays, Weight

if TYPE_CHECKING:
    from typing_extensions import TypeForm

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")
K1 = TypeVar("K1")
K2 = TypeVar("K2")

#: Returns what the pool needs to know of a call that comes without a signature; raises Refused.
ValidateUnsigned = Callable[[Context, TransactionSource, Call], ValidTransaction]
Initialize = Callable[[Context], Weight]
Finalize = Callable[[Context], None]
#: Work for what is left of a block: gets the weight that remains, gives the weight it used.
Idle = Callable[[Context, Weight], Weight]


@dataclass(frozen=True)
class AssociatedType:
    """A type that a pallet is configured with and that metadata names."""

    name: str
    codec: Codec[Any]
    docs: str


class ViewFunction:
    """A question that a pallet answers without changing anything; `id` is hashed from its Rust signature."""

    def __init__(self, pallet: str, body: Callable[..., Any], signature: str) -> None:
        self.body, self.name, self.docs = body, body.__name__, clean_docs(body.__doc__)
        self.id = twox_128(pallet.encode()) + twox_128(f"{self.name}{signature}".encode())
        hints = get_type_hints(body, include_extras=True)
        self.output: Codec[Any] = codec_of(hints.pop("return"))
        names = list(inspect.signature(body).parameters)[1:]
        self.inputs = tuple(FieldInfo(name, codec_of(hints[name])) for name in names)


class ErrorCodec(Codec[PalletError]):
    """The errors of a pallet as an enum, for metadata."""

    def __init__(self, errors: type[PalletError], path: str, generics: tuple[str, ...]) -> None:
        self.errors, self.name, self.generics = errors, path, generics

    def describe(self) -> Description:
        variants = tuple(VariantInfo(e.name, e.index, (), e.docs) for e in self.errors)
        return Description(Variant(variants), self.name, [(name, None) for name in self.generics])


class Pallet:
    """The rows of one pallet, at its index in the runtime. A row declared twice is a TypeError at import."""

    def __init__(
        self,
        name: str,
        index: int,
        *,
        crate: str,
        imported_as: str = "",
        event: type[Sum] | None = None,
        error: type[PalletError] | None = None,
        hold_reason: type[Any] | None = None,
        generics: tuple[str, ...] = ("T",),
        docs: str = "",
        storage_version: int = 0,
    ) -> None:
        """`storage_version` is that of the storage's layout, which block 0 writes down.

        `imported_as` is the name under which the runtime's source imports the crate, where that is another one.
        """
        self.name, self.index, self.docs, self.storage_version = name, index, docs, storage_version
        self.imported_as = imported_as or crate
        self.call_path = f"{crate}::pallet::Call"
        self.call_params = [(generic, None) for generic in generics]
        self.event = event
        if event is not None and not event.scale.path:
            event.scale.path = f"{crate}::pallet::Event"
        self.error = error
        self.error_codec = ErrorCodec(error, f"{crate}::pallet::Error", generics) if error else None
        for declared in (event, error, hold_reason):
            if declared is not None:
                declared.pallet_name, declared.pallet_index = name, index  # type: ignore[union-attr]
        self.storage: dict[str, StorageItem[Any, Any]] = {}
        self._unnamed: list[StorageItem[Any, Any] | Constant[Any]] = []
        self.calls: dict[int, CallDef[Any]] = {}
        self.constants: dict[str, Constant[Any]] = {}
        self.associated_types: list[AssociatedType] = []
        self.view_functions: list[ViewFunction] = []
        self.hold_reason = hold_reason
        self.initialize: Initialize | None = None
        self.finalize: Finalize | None = None
        self.idle: Idle | None = None
        #: What the pallet says of its calls in extrinsics without a signature; None: nothing.
        self.validate_unsigned: ValidateUnsigned | None = None
        #: The indices of the calls that authors put into their blocks.
        self.inherents: set[int] = set()

    def spell(self, enum: AnyCodec) -> str:
        """The runtime's spelling of the pallet's enum: `pallet_balances::Event<Runtime>`, or without parameters."""
        shown = enum.describe()
        return f"{self.imported_as}::{shown.path.rpartition('::')[2]}" + ("<Runtime>" if shown.params else "")

    # --- storage -------------------------------------------------------------------------------------------

    S = TypeVar("S", bound=StorageItem[Any, Any])

    def _add(self, item: S) -> S:
        self._unnamed.append(item)
        return item

    def name_declared(self, namespace: Mapping[str, Any]) -> None:
        """Name the storage items and constants declared since the last time after the variables that hold them.

        `namespace` is `globals()` of the module that declares them. An item declared with a `name` keeps it.
        """
        variables = {id(value): variable for variable, value in namespace.items()}
        for item in self._unnamed:
            name = item.name or variables.get(id(item))
            if name is None:
                raise TypeError(f"{self.name}: expected a variable for each declaration, one of {item.docs!r} has none")
            item.set_name(name)
            declared: dict[str, Any] = self.constants if isinstance(item, Constant) else self.storage
            for each in (item, item.counter) if isinstance(item, CountedStorageMap) else (item,):
                if each.name in declared:
                    raise TypeError(f"{self.name}.{each.name} is declared twice")
                declared[each.name] = each
        self._unnamed.clear()

    @property
    def unnamed(self) -> int:
        """How many storage items and constants have no name yet."""
        return len(self._unnamed)

    @overload
    def value(self, type_: TypeForm[T], *, docs: str, name: str = "") -> StorageValue[T, T | None]: ...
    @overload
    def value(
        self, type_: TypeForm[T], *, default: T | Constant[T], docs: str, name: str = ""
    ) -> StorageValue[T, T]: ...
    def value(self, type_: Any, *, default: Any = ABSENT, docs: str, name: str = "") -> Any:
        """One value; with `default`, reading an absent one gives the default, else None.

        A constant as default stands for its value on the chain that reads, for maps too.
        """
        return self._add(StorageValue(self.name, name, type_, default, docs))

    @overload
    def map(
        self, hasher: Hasher, key: TypeForm[K], type_: TypeForm[T], *, docs: str, name: str = ""
    ) -> StorageMap[K, T, T | None]: ...
    @overload
    def map(
        self,
        hasher: Hasher,
        key: TypeForm[K],
        type_: TypeForm[T],
        *,
        default: T | Constant[T],
        docs: str,
        name: str = "",
    ) -> StorageMap[K, T, T]: ...
    def map(self, hasher: Hasher, key: Any, type_: Any, *, default: Any = ABSENT, docs: str, name: str = "") -> Any:
        """A value for each key."""
        return self._add(StorageMap(self.name, name, [(hasher, key)], type_, default, docs))

    @overload
    def counted_map(
        self, hasher: Hasher, key: TypeForm[K], type_: TypeForm[T], *, docs: str, name: str = ""
    ) -> CountedStorageMap[K, T, T | None]: ...
    @overload
    def counted_map(
        self,
        hasher: Hasher,
        key: TypeForm[K],
        type_: TypeForm[T],
        *,
        default: T | Constant[T],
        docs: str,
        name: str = "",
    ) -> CountedStorageMap[K, T, T]: ...
    def counted_map(
        self, hasher: Hasher, key: Any, type_: Any, *, default: Any = ABSENT, docs: str, name: str = ""
    ) -> Any:
        """A map that knows its number of entries; the counter is an item of its own, right behind it."""
        return self._add(CountedStorageMap(self.name, name, [(hasher, key)], type_, default, docs))

    @overload
    def double_map(
        self,
        first: tuple[Hasher, TypeForm[K1]],
        second: tuple[Hasher, TypeForm[K2]],
        type_: TypeForm[T],
        *,
        docs: str,
        name: str = "",
    ) -> StorageDoubleMap[K1, K2, T, T | None]: ...
    @overload
    def double_map(
        self,
        first: tuple[Hasher, TypeForm[K1]],
        second: tuple[Hasher, TypeForm[K2]],
        type_: TypeForm[T],
        *,
        default: T | Constant[T],
        docs: str,
        name: str = "",
    ) -> StorageDoubleMap[K1, K2, T, T]: ...
    def double_map(
        self, first: Any, second: Any, type_: Any, *, default: Any = ABSENT, docs: str, name: str = ""
    ) -> Any:
        """A value for each pair of keys."""
        return self._add(StorageDoubleMap(self.name, name, [first, second], type_, default, docs))

    @overload
    def n_map(
        self, keys: list[Hasher], key: TypeForm[K], type_: TypeForm[T], *, docs: str, name: str = ""
    ) -> StorageNMap[K, T, T | None]: ...
    @overload
    def n_map(
        self,
        keys: list[Hasher],
        key: TypeForm[K],
        type_: TypeForm[T],
        *,
        default: T | Constant[T],
        docs: str,
        name: str = "",
    ) -> StorageNMap[K, T, T]: ...
    def n_map(
        self, keys: list[Hasher], key: Any, type_: Any, *, default: Any = ABSENT, docs: str, name: str = ""
    ) -> Any:
        """A value for each tuple of keys; `key` is a tuple type with one member for each hasher."""
        parts = list(zip(keys, key.__args__, strict=True))
        return self._add(StorageNMap(self.name, name, parts, type_, default, docs))

    def arrange(self, names: Sequence[str]) -> None:
        """Put the storage items into this order, in which metadata shows them; TypeError unless it names them all."""
        if wrong := set(names) ^ self.storage.keys() or len(names) - len(self.storage):
            raise TypeError(f"{self.name}: expected each storage item once, these are missing or unknown: {wrong}")
        self.storage = {name: self.storage[name] for name in names}

    # --- constants, calls, hooks ---------------------------------------------------------------------------

    def constant(self, type_: TypeForm[T], value: T, *, docs: str, shown: bool = True, name: str = "") -> Constant[T]:
        """Declare a constant that clients read from metadata, or, unless `shown`, one that only configurations know."""
        constant = Constant(self.name, name, codec_of(type_), value, docs, shown)
        self._unnamed.append(constant)
        return constant

    def associated_type(self, name: str, type_: TypeForm[T], *, docs: str) -> None:
        """A type of the pallet's configuration that clients may want to know."""
        self.associated_types.append(AssociatedType(name, codec_of(type_), docs))

    def view_function(self, signature: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """A function of context and arguments that only reads. `signature` is the Rust one behind its name,
        types without blanks: `(T::ProxyType,u32) -> bool`."""

        def declare(body: Callable[P, T]) -> Callable[P, T]:
            self.view_functions.append(ViewFunction(self.name, body, signature))
            return body

        return declare

    def call(
        self,
        index: int,
        *,
        weight: Weight | Callable[..., Weight],
        class_: DispatchClass | Callable[..., DispatchClass] = DispatchClass.Normal,
        pays: Pays | Callable[..., Pays] = Pays.Yes,
        inherent: bool = False,
        holds_calls: bool = False,
    ) -> Callable[[CallBody[P]], CallDef[P]]:
        """Declare a dispatchable function. `weight`, `class_` and `pays` may be functions of its arguments.

        `inherent` calls are put into the block by its author, come without signature, and must not fail. With
        `holds_calls` those functions take one more argument before the others: what a call inside costs (`InfoOf`).
        """

        def declare(body: CallBody[P]) -> CallDef[P]:
            if index in self.calls:
                raise TypeError(f"{self.name} has two calls with index {index}")
            definition = CallDef(self, index, body, weight, class_, pays, holds_calls)
            self.calls[index] = definition
            if inherent:
                self.inherents.add(index)
            return definition

        return declare

    def on_initialize(self, hook: Initialize) -> Initialize:
        """Run at the beginning of each block; gives the weight used."""
        self.initialize = hook
        return hook

    def on_finalize(self, hook: Finalize) -> Finalize:
        """Run at the end of each block."""
        self.finalize = hook
        return hook

    def on_idle(self, hook: Idle) -> Idle:
        """Run before the end of a block, with the weight that is left."""
        self.idle = hook
        return hook

    def on_validate_unsigned(self, hook: ValidateUnsigned) -> ValidateUnsigned:
        """Judge the pallet's calls in extrinsics without a signature, for the pool and again within blocks."""
        self.validate_unsigned = hook
        return hook

    def is_inherent(self, call: Call) -> bool:
        return call.function.index in self.inherents

    def __repr__(self) -> str:
        return f"<pallet {self.name} ({self.index})>"
