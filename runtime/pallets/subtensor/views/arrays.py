"""Amounts of all neurons of a subnet, each in compact encoding."""

from __future__ import annotations

from typing import Annotated

from ....scale import SourceName
from ....scale.compact_arrays import VecCompactU64

#: Amounts of alpha in billionths, and of TAO in rao.
VecAlpha = Annotated[VecCompactU64, SourceName("Vec<Compact<AlphaBalance>>")]
VecTao = Annotated[VecCompactU64, SourceName("Vec<Compact<TaoBalance>>")]
