"""Share pools: one amount with many owners, each in proportion to its shares.

A hotkey's alpha on a subnet is such an amount. A staker's stake is `shares / denominator` of it, so that one change of
the amount pays a dividend to all stakers. New stake buys new shares at their present value: `denominator / amount`
shares for each rao.

Model: `SharePool` of `primitives/share-pool`. The amount is a u64 of rao; updates are signed 64-bit; shares and
denominator are SafeFloat. Everything is rounded down: the value of a share never exceeds what was paid for it, and the
remainder of the rounding belongs to the pool.

Shares stored by earlier versions of the chain are U64F64; `SafeFloat.from_u64f64` converts them. Callers read the old
form first, and an update removes it and writes the new one, so that shares never count twice.
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
        """Return the value of a share in rao, rounded down; 0 in an empty pool."""
        owned = SafeFloat.from_u64(self.value).checked_mul_div(share, self.denominator)
        return 0 if owned is None else owned.to_u64()

    def shares_for(self, update: int) -> SafeFloat:
        """Return the number of shares worth |update| rao; zero where the pool has shares but no rao."""
        shares = SafeFloat.from_u64(abs(update)).checked_mul_div(self.denominator, SafeFloat.from_u64(self.value))
        return shares or ZERO

    def can_take(self, update: int) -> bool:
        """Return whether an update of one owner would change its shares; not where the pool has shares but no rao."""
        return self.denominator.is_zero() or not self.shares_for(update).is_zero()

    def update_value_for_all(self, update: int) -> SharePool:
        """Return the pool with `update` rao more for all owners in proportion, clamped to u64."""
        return SharePool(saturate_u64(max(self.value + update, 0)), self.denominator)

    def update_value_for_one(self, share: SafeFloat, update: int) -> tuple[SharePool, SafeFloat]:
        """Return the pool and one owner's shares after `update` rao were added for this owner alone.

        The first owner receives one share for each rao. Where a sum or difference is None (an exponent beyond 64 bits,
        a subtraction from zero) the number of shares or the denominator is unchanged; the rao change nevertheless.
        """
        if self.denominator.is_zero():
            denominator = share = SafeFloat.from_u64(abs(update))
        else:
            moved = self.shares_for(update)
            change = SafeFloat.checked_add if update > 0 else SafeFloat.checked_sub
            denominator = change(self.denominator, moved) or self.denominator
            share = change(share, moved) or share
        return SharePool(self.value, denominator).update_value_for_all(update), share
