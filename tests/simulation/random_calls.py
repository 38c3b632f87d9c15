"""Random values of any declared type, and so random calls of every pallet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatchmethod
from random import Random
from typing import Any

from pysubtensor.runtime.composition import PALLETS
from pysubtensor.runtime.frame.call import Call, RuntimeCallCodec
from pysubtensor.runtime.frame.extrinsic import Id, MultiAddress
from pysubtensor.runtime.frame.runtime_types import OuterEnumCodec
from pysubtensor.runtime.scale.arrays import NumericVec
from pysubtensor.runtime.scale.codec import AnyCodec, Bool, Bytes, Compact, CompactUnit, FixedBytes, Integer, Text, Unit
from pysubtensor.runtime.scale.containers import Array, Bounded, BTreeMap, BTreeSet, Newtype, Option, Tuple, Vec
from pysubtensor.runtime.scale.declare import EnumCodec, RecordCodec, SumCodec
from pysubtensor.runtime.scale.types import PerThing

from tests.costs import RUNTIME

#: Calls that may break an invariant by what they are for: they write raw state, the issuance without an account, free
#: what others rely on having reserved, or burn what is given out all the same.
LAWLESS = {
    "System.set_storage",
    "System.kill_storage",
    "System.kill_prefix",
    "Balances.force_adjust_total_issuance",
    "Balances.force_unreserve",
    "AdminUtils.sudo_set_ck_burn",
}
#: Calls that only a block's author makes; as root they stop the block, as on the real chain.
INHERENT = {f"{pallet.name}.{pallet.calls[index].name}" for pallet in PALLETS for index in pallet.inherents}

CALLS = [
    call
    for pallet in PALLETS
    for call in pallet.calls.values()
    if f"{pallet.name}.{call.name}" not in LAWLESS | INHERENT
]
MAX_DEPTH = 3


class NoValues(Exception):
    """The type is an enum without variants, so that calls with such an argument cannot exist."""


class Dice:
    """Random values from a seed. Accounts are mostly `known` ones, numbers mostly small or at the end of a range."""

    def __init__(self, seed: int, known: Sequence[bytes]) -> None:
        self.random = Random(seed)
        self.known = known
        self.depth = 0

    def call(self) -> Call:
        """Return a call of the runtime, mostly with invalid arguments."""
        self.depth += 1
        while True:
            function = self.random.choice(CALLS)
            try:
                args = tuple(self.value(field.codec) for field in function.args)
            except NoValues:
                continue
            self.depth -= 1
            return Call(function, args)

    def account(self) -> bytes:
        return self.random.choice(self.known) if self.random.random() < 0.95 else self.random.randbytes(32)

    @singledispatchmethod
    def value(self, codec: AnyCodec) -> Any:
        """Return a random value that the codec can encode."""
        raise TypeError(f"no random values of {codec.name} are known")

    @value.register
    def _(self, codec: Integer) -> int:
        span = self.random.choice([2, 10, 1_000, 10**9, 10**12, codec.high])
        number = self.random.randrange(min(span, codec.high))
        return max(-number, codec.low) if codec.signed and self.random.random() < 0.5 else number

    @value.register
    def _(self, codec: Compact) -> int:
        number: int = self.value(codec.item)
        return number

    @value.register
    def _(self, codec: Bool) -> bool:
        return self.random.random() < 0.5

    @value.register
    def _(self, codec: Text) -> str:
        return "".join(self.random.choices("abcτé", k=self.random.randrange(8)))

    @value.register
    def _(self, codec: Bytes) -> bytes:
        return self.random.randbytes(self.random.choice([0, 1, 20, 200]))

    @value.register
    def _(self, codec: FixedBytes) -> bytes:
        return self.account() if codec.size == 32 else self.random.randbytes(codec.size)

    @value.register
    def _(self, codec: PerThing) -> int:
        return self.random.randint(0, codec.one)

    @value.register
    def _(self, codec: Newtype) -> Any:  # type: ignore[type-arg]
        return self.value(codec.inner)

    @value.register
    def _(self, codec: PerThing) -> int:
        number: int = self.value(codec.inner)
        return min(number, codec.one)

    @value.register
    def _(self, codec: Bounded) -> Any:  # type: ignore[type-arg]
        return self.value(codec.inner)[: codec.limit]

    @value.register
    def _(self, codec: Vec) -> list[Any]:  # type: ignore[type-arg]
        return [self.value(codec.item) for _ in range(self.random.randrange(4))]

    @value.register
    def _(self, codec: Array) -> list[Any]:  # type: ignore[type-arg]
        return [self.value(codec.item) for _ in range(codec.length)]

    @value.register
    def _(self, codec: NumericVec) -> list[Any]:
        return [list(row) if codec.columns > 1 else row for row in (self.value(codec.item) for _ in range(3))]

    @value.register
    def _(self, codec: Tuple) -> tuple[Any, ...]:
        return tuple(self.value(item) for item in codec.items)

    @value.register
    def _(self, codec: Unit | CompactUnit) -> None:
        return None

    @value.register
    def _(self, codec: Option) -> Any:  # type: ignore[type-arg]
        return None if self.random.random() < 0.5 else self.value(codec.item)

    @value.register
    def _(self, codec: BTreeMap) -> dict[Any, Any]:  # type: ignore[type-arg]
        return {self.value(codec.key): self.value(codec.value) for _ in range(self.random.randrange(4))}

    @value.register
    def _(self, codec: BTreeSet) -> frozenset[Any]:  # type: ignore[type-arg]
        return frozenset(self.value(codec.item) for _ in range(self.random.randrange(4)))

    @value.register
    def _(self, codec: EnumCodec) -> Any:
        return self.random.choice(list(codec.cls))

    @value.register
    def _(self, codec: RecordCodec) -> Any:
        return codec.cls(*(self.value(field.codec) for field in codec.fields))

    @value.register
    def _(self, codec: SumCodec) -> Any:
        if codec is MultiAddress.scale and self.random.random() < 0.95:
            return Id(self.account())
        if not codec.by_index:
            raise NoValues
        variant = self.random.choice(list(codec.by_index.values()))
        return self.value(variant.variant)

    @value.register
    def _(self, codec: OuterEnumCodec) -> Any:
        return self.value(self.random.choice(list(codec.variants(RUNTIME).values())).codec)

    @value.register
    def _(self, codec: RuntimeCallCodec) -> Call:
        if self.depth < MAX_DEPTH:
            return self.call()
        remark = next(call for call in CALLS if call.name == "remark")
        return Call(remark, (b"deep",))
