"""`Pallet`, the declaration of a pallet: storage, calls, events, errors, constants and hooks.

    class Event(Sum, params=[("T", None), ("I", None)]): ...
    class Error(PalletError):
        InsufficientBalance = 2, "The balance is too low for the transfer."

    pallet = Pallet("Balances", 5, crate="pallet_balances", event=Event, error=Error, generics=("T", "I"))

    TotalIssuance = pallet.value(u64, default=0, docs="The total units issued in the system.")
    pallet.name_declared(globals())

    class Transfer(Event, index=2):
        from_: AccountId
        to: AccountId
        amount: Balance

    @pallet.call(3, weight=…)
    def transfer_keep_alive(ctx: Context, dest: AccountIdLookup, value: AsCompact[Balance]) -> None: ...

Codecs, storage keys, metadata, dispatch and error indices are derived from these declarations and written nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar, overload

from ..crypto.hashing import twox_128
from ..scale import AnyCodec, Codec, Sum, codec_of
from ..scale.declare import clean_docs
from ..scale.describe import FieldInfo
from ..scale.resolve import DeclaredCodec, parameter_names, parameter_types
from .call import Call, CallBody, CallDef
from .constant import Constant
from .context import Context
from .errors import ErrorCodec, PalletError
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


class SelfContained(NamedTuple):
    """The rules of a pallet whose calls have the sender's signature inside, in extrinsics without a signature.

    Each raises Refused. Contexts have the origin that `origin` returned.
    """

    #: Returns the origin of a call by its signature, as a value of the pallet's origin.
    origin: Callable[[Call], Sum]
    #: Returns what the pool needs to know of a call.
    validate: Callable[[Context, Call], ValidTransaction]
    #: Checks a call that is about to be applied.
    check: Callable[[Context, Call], None]


Initialize = Callable[[Context], Weight]
Finalize = Callable[[Context], None]
#: Work in the rest of a block: takes the weight that is left, returns the weight that it used.
Idle = Callable[[Context, Weight], Weight]


@dataclass(frozen=True)
class AssociatedType:
    """A type of a pallet's configuration, shown in metadata V16."""

    name: str
    codec: Codec[Any]
    docs: str


class ViewFunction:
    """A read-only function of a pallet; `id` is hashed from the pallet's name and the Rust signature."""

    def __init__(self, pallet: str, body: Callable[..., Any], signature: str) -> None:
        self.body, self.name, self.docs = body, body.__name__, clean_docs(body.__doc__)
        self.id = twox_128(pallet.encode()) + twox_128(f"{self.name}{signature}".encode())
        hints, names = parameter_types(body), parameter_names(body)[1:]
        self.output: Codec[Any] = codec_of(hints["return"])
        self.inputs = tuple(FieldInfo(name, codec_of(hints[name])) for name in names)


def require_byte(name: str, index: int) -> None:
    """Raise TypeError for the index of a pallet or call that does not fit the byte in which it is encoded."""
    if type(index) is not int or not 0 <= index <= 255:
        raise TypeError(f"{name}: expected an index from 0 to 255, got {index!r}")


def _assign(declared: Any, name: str, index: int) -> None:
    """Give an enum the name and index of its pallet; raise TypeError when it belongs to another pallet."""
    owner, number = vars(declared).get("pallet_name", name), vars(declared).get("pallet_index", index)
    if (owner, number) != (name, index):
        raise TypeError(f"{name}: expected an enum of its own, {declared.__name__} belongs to {owner} ({number})")
    declared.pallet_name, declared.pallet_index = name, index


class Pallet:
    """The declarations of one pallet, and its index in the runtime. A duplicate raises TypeError at import."""

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
        """Declare a pallet of a Rust crate; `imported_as` is the crate's name in the runtime's source where it differs.

        `event`, `error` and `hold_reason` get the pallet's name and index as attributes. `storage_version` is written
        into the genesis state.
        """
        require_byte(name, index)
        self.name, self.index, self.docs, self.storage_version = name, index, docs, storage_version
        self.imported_as = imported_as or crate
        self.call_path = f"{crate}::pallet::Call"
        self.call_params = [(generic, None) for generic in generics]
        self.event, self.error, self.hold_reason = event, error, hold_reason
        if event is not None and not event.scale.path:
            event.scale.path = f"{crate}::pallet::Event"
        self.error_codec = ErrorCodec(error, f"{crate}::pallet::Error", generics) if error else None
        for declared in (event, error, hold_reason):
            if declared is not None:
                _assign(declared, name, index)
        self.storage: dict[str, StorageItem[Any, Any]] = {}
        self._unnamed: list[StorageItem[Any, Any] | Constant[Any]] = []
        self.calls: dict[int, CallDef[Any]] = {}
        self.constants: dict[str, Constant[Any]] = {}
        self.associated_types: list[AssociatedType] = []
        self.view_functions: list[ViewFunction] = []
        self.initialize: Initialize | None = None
        self.finalize: Finalize | None = None
        self.idle: Idle | None = None
        #: Validates extrinsics without a signature with calls of this pallet; None: all are refused.
        self.validate_unsigned: ValidateUnsigned | None = None
        #: The rules of calls that contain their signature; None: the pallet has no such calls.
        self.self_contained: SelfContained | None = None
        #: Indices of the calls that are inherents.
        self.inherents: set[int] = set()

    def spell(self, enum: AnyCodec) -> str:
        """Return the source spelling of an enum of the pallet in the runtime: `pallet_balances::Event<Runtime>`."""
        # A declared type knows its path; describing it would take longer.
        described = enum if isinstance(enum, DeclaredCodec) else enum.describe()
        name = described.path.rpartition("::")[2]
        return f"{self.imported_as}::{name}" + ("<Runtime>" if described.params else "")

    # --- storage -------------------------------------------------------------------------------------------

    S = TypeVar("S", bound=StorageItem[Any, Any])

    def _add(self, item: S) -> S:
        """Take a storage item that `name_declared` will name."""
        self._unnamed.append(item)
        return item

    def name_declared(self, namespace: Mapping[str, Any]) -> None:
        """Name the storage items and constants declared since the last call after the variables that hold them.

        `namespace` is `globals()` of the module that declares them. An item declared with a `name` keeps it. Raise
        TypeError for an item without a variable and for a name declared twice.
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
        """The number of storage items and constants without a name."""
        return len(self._unnamed)

    @overload
    def value(self, type_: TypeForm[T], *, docs: str, name: str = "") -> StorageValue[T, T | None]: ...
    @overload
    def value(
        self, type_: TypeForm[T], *, default: T | Constant[T], docs: str, name: str = ""
    ) -> StorageValue[T, T]: ...
    def value(self, type_: Any, *, default: Any = ABSENT, docs: str, name: str = "") -> Any:
        """Declare a single value. While it is absent it reads as `default`, or as None without a default.

        A constant as default stands for its value on the chain that reads. The same holds for maps.
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
        """Declare a map with one key."""
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
        """Declare a map that counts its entries; the counter is a storage item of its own, `CounterFor<Name>`."""
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
        """Declare a map with two keys, each a pair of hasher and type."""
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
        """Declare a map with three or more keys; `key` is a tuple type with one member for each hasher."""
        parts = list(zip(keys, key.__args__, strict=True))
        return self._add(StorageNMap(self.name, name, parts, type_, default, docs))

    def arrange(self, names: Sequence[str]) -> None:
        """Set the order of the storage items in metadata; raise TypeError unless `names` has each item once."""
        if mismatched := set(names) ^ self.storage.keys() or len(names) - len(self.storage):
            raise TypeError(f"{self.name}: expected each storage item once, missing or unknown: {mismatched}")
        self.storage = {name: self.storage[name] for name in names}

    # --- constants, calls, hooks ---------------------------------------------------------------------------

    def constant(
        self, type_: TypeForm[T], value: T, *, docs: str, in_metadata: bool = True, name: str = ""
    ) -> Constant[T]:
        """Declare a constant with its default; without `in_metadata` it is for configurations only."""
        constant = Constant(self.name, name, codec_of(type_), value, docs, in_metadata)
        self._unnamed.append(constant)
        return constant

    def associated_type(self, name: str, type_: TypeForm[T], *, docs: str) -> None:
        """Declare a type of the pallet's configuration, to be shown in metadata V16."""
        self.associated_types.append(AssociatedType(name, codec_of(type_), docs))

    def view_function(self, signature: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
        """Declare a read-only function of the context and typed arguments.

        `signature` is the Rust signature after the function's name, types without blanks: `(T::ProxyType,u32) -> bool`.
        """

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

        `inherent` calls are put into the block by its author, unsigned, and must not fail. With `holds_calls` those
        functions take an `InfoOf` before the arguments, which returns the cost of nested calls. TypeError when the
        index or the name is taken.
        """

        def declare(body: CallBody[P]) -> CallDef[P]:
            require_byte(f"{self.name}.{body.__name__}", index)
            if index in self.calls:
                raise TypeError(f"{self.name} has two calls with index {index}")
            definition = CallDef(self, index, body, weight, class_, pays, holds_calls)
            if definition.name in {call.name for call in self.calls.values()}:
                raise TypeError(f"{self.name} has two calls with the name {definition.name}")
            self.calls[index] = definition
            if inherent:
                self.inherents.add(index)
            return definition

        return declare

    def on_initialize(self, hook: Initialize) -> Initialize:
        """Register the hook that runs at the beginning of each block; it returns the weight used."""
        self.initialize = hook
        return hook

    def on_finalize(self, hook: Finalize) -> Finalize:
        """Register the hook that runs at the end of each block."""
        self.finalize = hook
        return hook

    def on_idle(self, hook: Idle) -> Idle:
        """Register the hook that runs before `on_finalize` with the weight that is left; it returns the weight used."""
        self.idle = hook
        return hook

    def on_validate_unsigned(self, hook: ValidateUnsigned) -> ValidateUnsigned:
        """Judge the pallet's calls in extrinsics without a signature, for the pool and again within blocks."""
        self.validate_unsigned = hook
        return hook

    def is_inherent(self, call: Call) -> bool:
        """Return whether a call of this pallet is an inherent."""
        return call.function.index in self.inherents

    def __repr__(self) -> str:
        return f"<pallet {self.name} ({self.index})>"
