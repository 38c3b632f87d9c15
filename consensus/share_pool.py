"""Share pools: how one amount is owned by many, each in proportion to its shares.

A hotkey's alpha on a subnet is such an amount. A staker's stake is `shares / denominator` of it, so that a dividend
reaches every staker by one change of the amount, whatever their number. Who adds stake buys new shares at their present
value: `denominator / amount` shares for each rao.

Model: `SharePool` of `primitives/share-pool`. The amount is in rao, in u64; changes are signed 64-bit; shares and
denominator are SafeFloat. All roundings go down: what a share stands for is never more than was put in, and rao that
rounding leaves over belong to the pool.

Shares stored by earlier versions of the chain are U64F64; `SafeFloat.from_u64f64` reads them. A reader looks for the
old form first, and a change removes it and writes the new one, so the two never count twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from .integers import saturate_u64
from .safe_float import ZERO, SafeFloat


@dataclass(slots=True, unsafe_hash=True)
class SharePool:
    """An amount in rao, and the sum of all shares in it."""

    value: int
    denominator: SafeFloat

    def value_of(self, share: SafeFloat) -> int:
        """What a share stands for, in rao, rounded down; 0 in an empty pool."""
        owned = SafeFloat.from_u64(self.value).checked_mul_div(share, self.denominator)
        return 0 if owned is None else owned.to_u64()

    def shares_for(self, update: int) -> SafeFloat:
        """How many shares |update| rao are; zero where the pool has shares but no rao, as no number would do."""
        shares = SafeFloat.from_u64(abs(update)).checked_mul_div(self.denominator, SafeFloat.from_u64(self.value))
        return shares or ZERO

    def can_take(self, update: int) -> bool:
        """Whether an update of one owner would change its shares. It would not where the shares have lost their
        rao."""
        return self.denominator.is_zero() or not self.shares_for(update).is_zero()

    def changed_for_all(self, update: int) -> SharePool:
        """The pool with `update` rao more, shared by all; it stops at 0 and at 2^64 - 1."""
        return SharePool(saturate_u64(max(self.value + update, 0)), self.denominator)

    def changed_for_one(self, share: SafeFloat, update: int) -> tuple[SharePool, SafeFloat]:
        """The pool and one owner's shares after this owner alone gained or lost `update` rao.

        The first one to enter gets a share for each rao. A sum or difference that has no answer (an exponent beyond
        64 bits, taking from nothing) leaves its operand as it was; the rao change all the same.
        """
        if self.denominator.is_zero():
            denominator = share = SafeFloat.from_u64(abs(update))
        else:
            moved = self.shares_for(update)
            change = SafeFloat.checked_add if update > 0 else SafeFloat.checked_sub
            denominator = change(self.denominator, moved) or self.denominator
            share = change(share, moved) or share
        return SharePool(self.value, denominator).changed_for_all(update), share
