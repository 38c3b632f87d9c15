"""From a type annotation to its codec: each is resolved once, and one that has no codec fails at import."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from .codec import BOOL, BYTES, TEXT, UNIT, AnyCodec, Codec
from .containers import BTreeMap, BTreeSet, Option, Tuple, Vec
from .declare import ENUMS, RECORDS, Struct, Sum

if TYPE_CHECKING:
    from typing_extensions import TypeForm

T = TypeVar("T")

_PLAIN: dict[Any, AnyCodec] = {bool: BOOL, bytes: BYTES, str: TEXT, None: UNIT, NoneType: UNIT}
_CACHE: dict[Any, AnyCodec] = {}


class Marker:
    """What may stand in `Annotated[...]` behind a type: it makes a codec out of the plain type's one."""

    def apply(self, inner: AnyCodec) -> AnyCodec:
        raise TypeError(f"{type(self).__name__} applies to nothing")

    def spell(self, inner: str) -> str:
        """The source's spelling of the marked type; `inner` is that of the plain one."""
        raise TypeError(f"{type(self).__name__} has no spelling")


@dataclass(frozen=True)
class SourceName:
    """Stands in `Annotated[...]` too: the source's spelling of the type (see `source_names`), no part of its codec.

    `in_config` is the spelling in declarations that are generic over `T: Config`, where it differs.
    """

    plain: str
    in_config: str | None = None


def codec_of(annotation: TypeForm[T]) -> Codec[T]:
    """The codec of a type annotation; TypeError when the type has none."""
    codec = _CACHE.get(annotation)
    if codec is None:
        codec = _CACHE[annotation] = _resolve(annotation)
    return codec


def _resolve(annotation: Any) -> AnyCodec:
    if isinstance(annotation, type):
        if issubclass(annotation, Struct | Sum):
            return annotation.scale
        if issubclass(annotation, enum.Enum) and annotation in ENUMS:
            return ENUMS[annotation]
        if annotation in RECORDS:
            return RECORDS[annotation]
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(args[0], args[1:])
    if origin in (Union, UnionType):
        return _union(args)
    if origin is tuple:
        return Tuple(tuple(codec_of(arg) for arg in args))
    containers: dict[Any, Any] = {list: Vec, dict: BTreeMap, frozenset: BTreeSet}
    if origin in containers:
        made: AnyCodec = containers[origin](*(codec_of(arg) for arg in args))
        return made
    raise TypeError(f"{annotation!r} has no SCALE encoding; annotate it with a type of runtime.scale")


def _annotated(base: Any, extras: tuple[Any, ...]) -> AnyCodec:
    """Codecs and markers from left to right: a codec stands for itself, a marker changes what it finds."""
    codec: AnyCodec | None = None
    for extra in extras:
        if isinstance(extra, Codec):
            codec = extra
        elif isinstance(extra, Marker):
            codec = extra.apply(codec_of(base) if codec is None else codec)
    return codec_of(base) if codec is None else codec


def _union(args: tuple[Any, ...]) -> AnyCodec:
    from .types import Err, Ok, ResultCodec

    present = [arg for arg in args if arg is not NoneType]
    if len(present) == 1 and len(args) == 2:
        return Option(codec_of(present[0]))
    if [get_origin(arg) for arg in args] == [Ok, Err]:
        return ResultCodec(codec_of(get_args(args[0])[0]), codec_of(get_args(args[1])[0]))
    raise TypeError(f"a union of {args} has no SCALE encoding: only `T | None` and `Result[T, E]` have")
