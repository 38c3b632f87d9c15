"""`codec_of`, which returns the codec of a type annotation and keeps it, and the base class of declared types."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from .codec import BOOL, BYTES, TEXT, UNIT, AnyCodec, Codec
from .containers import BTreeMap, BTreeSet, Option, Tuple, Vec
from .later_dataclass import field_annotations
from .markers import Marker
from .types import Err, Ok, ResultCodec

if TYPE_CHECKING:
    from typing_extensions import TypeForm

T = TypeVar("T")
#: Generic parameters of a declared type: name and type, None for an erased parameter.
Params = Sequence[tuple[str, Any]]

_PLAIN: dict[Any, AnyCodec] = {bool: BOOL, bytes: BYTES, str: TEXT, None: UNIT, NoneType: UNIT}
#: Codecs of classes without an attribute `scale`: enums, and dataclasses from elsewhere.
_REGISTERED: dict[type, AnyCodec] = {}
_CACHE: dict[Any, AnyCodec] = {}


class DeclaredCodec(Codec[T]):
    """The codec of a type that is declared with its path and generic parameters in the source."""

    path: str
    declared_params: Params

    @property
    def params(self) -> list[tuple[str, AnyCodec | None]]:
        """The generic parameters with their codecs, None for an erased parameter."""
        return [(name, None if type_ is None else codec_of(type_)) for name, type_ in self.declared_params]

    @property
    def name(self) -> str:  # type: ignore[override]  # resolved at first use: types may be recursive
        return generic_name(self.path, self.params)


def generic_name(path: str, params: Iterable[tuple[str, AnyCodec | None]]) -> str:
    """Return `path<A, B>` with the names of the parameters that are not erased."""
    names = [codec.name for _, codec in params if codec]
    return f"{path}<{', '.join(names)}>" if names else path


def register_codec(cls: type, codec: AnyCodec) -> None:
    """Make `codec` the codec of a class that cannot have the attribute `scale`."""
    _REGISTERED[cls] = codec


def codec_of(annotation: TypeForm[T]) -> Codec[T]:
    """Return the codec of a type annotation; raise TypeError when the type has none."""
    codec = _CACHE.get(annotation)
    if codec is None:
        codec = _CACHE[annotation] = _resolve(annotation)
    return codec


def _resolve(annotation: Any) -> AnyCodec:
    if isinstance(annotation, type):
        codec = getattr(annotation, "scale", None) or _REGISTERED.get(annotation)
        if isinstance(codec, Codec):
            return codec
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
        container: AnyCodec = containers[origin](*(codec_of(arg) for arg in args))
        return container
    raise TypeError(f"{annotation!r} has no SCALE encoding; annotate it with a type of runtime.scale")


def _annotated(base: Any, extras: tuple[Any, ...]) -> AnyCodec:
    """Apply codecs and markers from left to right: a codec replaces the current one, a marker modifies it."""
    codec: AnyCodec | None = None
    for extra in extras:
        if isinstance(extra, Codec):
            codec = extra
        elif isinstance(extra, Marker):
            codec = extra.apply(codec_of(base) if codec is None else codec)
    return codec_of(base) if codec is None else codec


def _union(args: tuple[Any, ...]) -> AnyCodec:
    present = [arg for arg in args if arg is not NoneType]
    if len(present) == 1 and len(args) == 2:
        return Option(codec_of(present[0]))
    if [get_origin(arg) for arg in args] == [Ok, Err]:
        return ResultCodec(codec_of(get_args(args[0])[0]), codec_of(get_args(args[1])[0]))
    raise TypeError(f"a union of {args} has no SCALE encoding: only `T | None` and `Result[T, E]` have")


def field_types(cls: type) -> dict[str, Any]:
    """Return the types of the fields of a declared class, in order."""
    written = field_annotations(cls).items()
    return {name: _evaluate(t, base.__module__) if isinstance(t, str) else t for name, (base, t) in written}


def parameter_names(function: Callable[..., Any]) -> list[str]:
    """Return the names of a function's parameters, without `*args` and `**kwargs`."""
    code = inspect.unwrap(function).__code__
    return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def parameter_types(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotations of a function, evaluated: `typing.get_type_hints` at a fifth of its cost."""
    inner = inspect.unwrap(function)
    scope = inner.__globals__
    module = scope.get("__name__", "")
    known = module in sys.modules and vars(sys.modules[module]) is scope

    def evaluated(written: Any) -> Any:
        if not isinstance(written, str):
            return written
        return _evaluate(written, module) if known else eval(written, scope)  # text of our own source files

    return {name: evaluated(written) for name, written in inner.__annotations__.items()}


@cache
def _evaluate(annotation: str, module: str) -> Any:
    """Return the meaning of an annotation in the module that it stands in."""
    scope = vars(sys.modules[module])
    named = scope.get(annotation)  # most annotations are a name, for which no compiler is needed
    return eval(annotation, scope) if named is None else named  # text of our own source files
