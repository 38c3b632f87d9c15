"""The size of a type in the memory of the genuine runtime, by which the memory of decoded values is counted.

The genuine runtime is WebAssembly with pointers of 32 bits. A pointer takes 4 bytes, and a `Vec`, a `String` or a tree
12: their items are on the heap. Fields of a record are laid out without gaps before its end is aligned. An enum is its
largest variant, with a tag unless one of that variant's fields has values to spare.
"""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

from .codec import AnyCodec, ScopedCodec
from .describe import ArrayOf, CompactOf, Composite, FieldInfo, Primitive, SequenceOf, TupleOf, Variant


class Layout(NamedTuple):
    """Size and alignment in bytes, and whether some bit patterns are no value (so that `Option` needs no tag)."""

    size: int
    align: int = 1
    spare: bool = False


POINTER = Layout(4, 4, spare=True)
HEAD = Layout(12, 4, spare=True)
BYTE = Layout(1)
TAG = Layout(1, 1, spare=True)


def size_of(codec: AnyCodec) -> int:
    """Return the size of a type in bytes, without what it has on the heap."""
    return layout_of(codec).size


def is_boxed(field: FieldInfo) -> bool:
    """Return whether a field is a pointer to a value on the heap."""
    return (field.type_name or "").startswith("Box<")


def layout_of(codec: AnyCodec) -> Layout:
    """Return the layout of a type."""
    if isinstance(codec, ScopedCodec):
        return Layout(codec.memory_size, 4, spare=True)
    description = codec.describe()
    match description.shape:
        case SequenceOf():
            return HEAD
        case Primitive(name):
            return _primitive(name)
        case CompactOf(item):
            return layout_of(item)
        case ArrayOf(item, length):
            one = layout_of(item)
            return one._replace(size=one.size * length, spare=one.spare and length > 0)
        case TupleOf(items):
            return _record([layout_of(item) for item in items])
        case Composite(fields):
            return _record(_fields(fields))
        case Variant(variants):
            return _enum([_record(_fields(variant.fields)) for variant in variants])


def _primitive(name: str) -> Layout:
    if name == "str":
        return HEAD
    if name == "bool":
        return TAG
    size = int(name[1:]) // 8
    return Layout(size, min(size, 8))


def _fields(fields: tuple[FieldInfo, ...]) -> list[Layout]:
    return [POINTER if is_boxed(field) else layout_of(field.codec) for field in fields]


def _record(fields: list[Layout]) -> Layout:
    align = reduce(max, (field.align for field in fields), 1)
    return Layout(_aligned(sum(field.size for field in fields), align), align, any(field.spare for field in fields))


def _enum(variants: list[Layout]) -> Layout:
    largest = reduce(max, variants, Layout(0))
    align = reduce(max, (variant.align for variant in variants), 1)
    if largest.size == 0:
        return TAG if len(variants) > 1 else Layout(0)
    others = [variant.size for variant in variants if variant is not largest]
    if largest.spare and all(size == 0 for size in others):
        return Layout(largest.size, align, spare=True)
    return Layout(_aligned(largest.size + 1, align), align, spare=True)


def _aligned(size: int, align: int) -> int:
    return -(-size // align) * align
