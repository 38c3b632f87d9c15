"""What may stand in `Annotated[...]` behind a type besides a codec: markers, and source names."""

from __future__ import annotations

from dataclasses import dataclass

from .codec import AnyCodec


class Marker:
    """A modifier of a type, for example a length limit or the compact form."""

    def apply(self, inner: AnyCodec) -> AnyCodec:
        """Return the codec of the marked type from that of the plain type; raise TypeError when it does not apply."""
        raise TypeError(f"{type(self).__name__} does not implement apply")

    def spell(self, inner: str) -> str:
        """Return the source spelling of the marked type from that of the plain type."""
        raise TypeError(f"{type(self).__name__} does not implement spell")


@dataclass(frozen=True)
class SourceName:
    """The source spelling of a type (see `source_names`); it does not change the codec.

    `in_config` is the spelling in declarations that are generic over `T: Config`, where it differs.
    """

    plain: str
    in_config: str | None = None
