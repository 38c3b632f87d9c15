"""Units of money, and amounts as people write them: 1.5tao, 20alpha, 10rao. It imports nothing that takes time."""

from __future__ import annotations

import re
from typing import NamedTuple

#: rao in one TAO, and in one alpha.
RAO_PER_TAO = 10**9
#: Decimals of TAO and of alpha.
DECIMALS = 9
TAO, ALPHA, RAO = "tao", "alpha", "rao"
_AMOUNT = re.compile(r"([0-9][0-9_]{0,40})(?:\.([0-9]+))?\s*(tao|alpha|rao)?", re.IGNORECASE)


class WrittenAmount(NamedTuple):
    """An amount as it is written: digits before and after the point, and the unit, "" without one."""

    whole: str
    decimals: str
    unit: str

    @property
    def is_exact(self) -> bool:
        """Whether it is a whole number of rao, or of billionths of alpha."""
        return len(self.decimals) <= (DECIMALS if self.unit in (TAO, ALPHA) else 0)

    @property
    def rao(self) -> int:
        """The rao or billionths of an exact amount; a number without a unit is in rao."""
        if self.unit not in (TAO, ALPHA):
            return int(self.whole)
        return int(self.whole) * RAO_PER_TAO + int(self.decimals.ljust(DECIMALS, "0"))


def written_amount(text: str) -> WrittenAmount | None:
    """Return the parts of an amount; None for other text."""
    match = _AMOUNT.fullmatch(text)
    return None if match is None else WrittenAmount(match[1], match[2] or "", (match[3] or "").lower())
