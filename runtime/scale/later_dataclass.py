"""Dataclasses that are made when they are first used.

A runtime declares some 500 records and variants, of which one program uses a few. What `dataclass` would do for all of
them takes longer than the rest of the import.
"""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

METHODS = ("__init__", "__repr__", "__eq__", "__hash__")
ATTRIBUTES = ("__dataclass_params__", "__match_args__", "__dataclass_fields__")
#: `inspect.signature` looks for `__signature__` before it looks at `__init__`.
LOOKED_FOR = (*ATTRIBUTES, "__signature__")


class MadeLater(type):
    """The metaclass of `LaterDataclass`, which finds the attributes of a dataclass that is not made yet."""

    def __getattr__(cls, name: str) -> Any:
        if name in LOOKED_FOR and "made_later" in cls.__dict__:
            make_now(cls)
            if name in ATTRIBUTES:
                return cls.__dict__[name]
        raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")


class LaterDataclass(metaclass=MadeLater):
    """The base class: a subclass becomes a dataclass when one of its methods or attributes is first used."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        _made(type(self))["__init__"](self, *arguments, **named)

    def __repr__(self) -> str:
        shown: str = _made(type(self))["__repr__"](self)
        return shown

    def __eq__(self, other: object) -> bool:
        equal: bool = _made(type(self))["__eq__"](self, other)
        return equal

    def __hash__(self) -> int:
        hashed: int = _made(type(self))["__hash__"](self)
        return hashed


def make_later(cls: Any) -> None:
    """Declare a class a dataclass with hashing. One that inherits fields is made at once."""
    cls.made_later = True
    if any("made_later" in base.__dict__ for base in cls.__mro__[1:]):
        make_now(cls)


def _made(cls: type) -> Any:
    """Return the attributes of a class after it was made a dataclass; TypeError for a class that is none."""
    if "made_later" not in cls.__dict__:
        raise TypeError(f"{cls.__name__} has no values: expected one of its variants")
    make_now(cls)
    return cls.__dict__


def make_now(cls: type) -> None:
    """Take over methods and attributes of a dataclass with equal fields, unless the class has its own."""
    fields = [(name, annotation, _field(base, name)) for name, (base, annotation) in field_annotations(cls).items()]
    # Without documentation, `dataclass` would write the signature, which takes a while.
    made = dataclasses.make_dataclass(cls.__name__, fields, unsafe_hash=True, namespace={"__doc__": cls.__name__})
    for name in (*METHODS, *ATTRIBUTES):
        if cls.__dict__.get(name) is None:
            setattr(cls, name, made.__dict__[name])


def field_annotations(cls: type) -> dict[str, tuple[type, Any]]:
    """Return the fields of such a class in order: for each the class that declares it, and its annotation."""
    return {
        name: (base, annotation)
        for base in reversed(cls.__mro__)
        if "made_later" in base.__dict__
        for name, annotation in inspect.get_annotations(base).items()
        if not str(annotation).startswith("ClassVar")
    }


def _field(declaring: type, name: str) -> Any:
    default = declaring.__dict__.get(name, dataclasses.MISSING)
    return dataclasses.field() if default is dataclasses.MISSING else dataclasses.field(default=default)
