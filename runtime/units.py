"""Units of money."""

from __future__ import annotations

#: rao in one TAO, and in one alpha.
RAO_PER_TAO = 10**9
