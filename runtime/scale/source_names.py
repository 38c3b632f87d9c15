"""The source spelling of a field's type: the `typeName` in metadata, by which clients convert arguments.

The text follows from the annotation: `list[NetUid]` is `Vec<NetUid>`, `Timepoint` is `Timepoint<BlockNumber>`, and
`AsCompact[Balance]` is `Balance`, since `#[codec(compact)]` is not part of the type. An alias with a name of its own in
the source declares it once:

    NetUid = Annotated[u16, SourceName("NetUid")]
    BlockNumber = Annotated[u32, SourceName("BlockNumber", "BlockNumberFor<T>")]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from .codec import AnyCodec, Codec
from .describe import FieldInfo
from .markers import Marker, SourceName
from .resolve import DeclaredCodec, Params, codec_of

#: Crates and modules before the name of a Rust type.
_PATH = re.compile(r"(\w+::)+")


def field_of(name: str, annotation: Any, params: Params = ()) -> FieldInfo:
    """Return a field of a declaration with these generic parameters, its name without a trailing underscore."""
    return FieldInfo(name.rstrip("_"), codec_of(annotation), source_name(annotation, params))


def source_name(annotation: Any, params: Params = ()) -> str:
    """Return the source spelling of a type in a declaration with these generic parameters."""
    return Scope.of(params).spell(annotation)


def codec_name(codec: AnyCodec) -> str:
    """Return the name of a type without crates and modules."""
    return _PATH.sub("", codec.name)


@dataclass(frozen=True)
class Scope:
    """The generic parameters of a declaration: names by type, and whether one of them is `T: Config`."""

    names: Mapping[Any, str]
    in_config: bool

    @staticmethod
    def of(params: Params) -> Scope:
        return Scope({type_: name for name, type_ in params if type_ is not None}, ("T", None) in params)

    def spell(self, annotation: Any) -> str:
        """Return the source spelling of a type."""
        if annotation in self.names:
            return self.names[annotation]
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._annotated(annotation)
        if origin in (Union, UnionType):
            return self._union(args)
        if origin is tuple:
            return f"({', '.join(map(self.spell, args))})"
        heads: dict[Any, str] = {list: "Vec", dict: "BTreeMap", frozenset: "BTreeSet"}
        if origin in heads:
            return f"{heads[origin]}<{', '.join(map(self.spell, args))}>"
        codec = codec_of(annotation)
        return self._declared(codec) if isinstance(codec, DeclaredCodec) else codec_name(codec)

    def _annotated(self, annotation: Any) -> str:
        """Spell an annotated type by its last annotation: a name, a codec, or a marker of what stands before it."""
        *rest, last = get_args(annotation)
        if isinstance(last, SourceName):
            return last.in_config if self.in_config and last.in_config else last.plain
        if isinstance(last, Codec):
            return codec_name(last)
        marked = self.spell(Annotated[*rest] if len(rest) > 1 else rest[0])
        return last.spell(marked) if isinstance(last, Marker) else marked

    def _union(self, args: tuple[Any, ...]) -> str:
        present = [arg for arg in args if arg is not NoneType]
        if len(present) == 1:
            return f"Option<{self.spell(present[0])}>"
        return f"Result<{', '.join(self.spell(get_args(arg)[0]) for arg in args)}>"

    def _declared(self, codec: DeclaredCodec[Any]) -> str:
        name = codec.path.rpartition("::")[2]
        params = [name if type_ is None else self.spell(type_) for name, type_ in codec.declared_params]
        return f"{name}<{', '.join(params)}>" if params else name
