"""Records and variants are dataclasses, although they are made at first use."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from pysubtensor.runtime.frame.weight import Weight
from pysubtensor.runtime.scale import Struct, Sum, u8, u16

Use = Callable[[Any], object]


def pair() -> Any:
    """A class of which nothing was used yet."""

    class Pair(Struct, path="Pair"):
        first: u8
        second: u16 = 7
        shared: ClassVar[int] = 3

    return Pair


FIRST_USES: list[tuple[Use, object]] = [
    (lambda cls: [field.name for field in dataclasses.fields(cls)], ["first", "second"]),
    (lambda cls: (cls(1).first, cls(1).second), (1, 7)),
    (lambda cls: cls(first=1, second=2) == cls(1, 2), True),
    (lambda cls: cls(1) == cls(2), False),
    (lambda cls: hash(cls(1)) == hash(cls(1, 7)), True),
    (lambda cls: repr(cls(1)).rpartition(".")[2], "Pair(first=1, second=7)"),
    (lambda cls: dataclasses.replace(cls(1), second=9).second, 9),
    (lambda cls: cls.__match_args__, ("first", "second")),
    (lambda cls: dataclasses.is_dataclass(cls), True),
    (lambda cls: list(inspect.signature(cls).parameters), ["first", "second"]),
    (lambda cls: copy.deepcopy(cls(1)) == cls(1), True),
    (lambda cls: cls.scale.decode(b"\1\2\0") == cls(1, 2), True),
    (lambda cls: cls.scale.encode(cls(1)), b"\1\7\0"),
]


@pytest.mark.parametrize(("use", "expected"), FIRST_USES, ids=map(str, range(len(FIRST_USES))))
def test_a_class_is_a_dataclass_whatever_is_used_first(use: Use, expected: object) -> None:
    assert use(pair()) == expected


def test_a_wrong_argument_is_reported_as_of_any_dataclass() -> None:
    with pytest.raises(TypeError, match=r"__init__\(\) missing 1 required positional argument: 'first'"):
        pair()()


def test_fields_are_inherited() -> None:
    base = pair()

    class Triple(base):  # type: ignore[misc]  # a class that a function returns
        third: u8 = 9

    assert (Triple(1), [field.name for field in dataclasses.fields(Triple)]) == (
        Triple(1, 7, 9),
        ["first", "second", "third"],
    )
    assert Triple(1) != base(1)


def test_a_class_may_have_methods_of_its_own() -> None:
    class Always(Struct, path="Always"):
        number: u8

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 0

    assert (Always(1) == 5, hash(Always(1))) == (True, 0)


def test_the_type_of_variants_has_no_values() -> None:
    class Choice(Sum, path="Choice"):
        pass

    class One(Choice, index=0):
        pass

    assert (One(), dataclasses.is_dataclass(One), dataclasses.is_dataclass(Choice)) == (One(), True, False)
    with pytest.raises(TypeError, match="Choice has no values: expected one of its variants"):
        Choice()


def test_values_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Weight(1, 2))) == Weight(1, 2)  # of this test
