"""Amounts of TAO as rao, without rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..units import DECIMALS, RAO_PER_TAO
from .errors import expected
from .text import is_amount, parse_amount

if TYPE_CHECKING:
    from decimal import Decimal

#: More digits than any amount has.
MAX_DIGITS = 40


def tao(amount: int | float | str | Decimal) -> int:
    """Return the rao of an amount of TAO (or of alpha, which has the same decimals): `tao(1.5)` is 1_500_000_000.

    A float stands for the decimal number that Python shows for it. Raises PlainError for a negative amount, and for one
    with more than nine decimals: write `tao("0.3")` or `3 * tao(0.1)` rather than `tao(0.1 + 0.2)`.
    """
    from decimal import Decimal, InvalidOperation

    if isinstance(amount, str) and is_amount(amount):
        return parse_amount(amount)
    if isinstance(amount, bool) or not isinstance(amount, int | float | str | Decimal):
        raise expected("an amount of TAO as a number or text", amount)
    try:
        exact = Decimal(repr(float(amount)) if isinstance(amount, float) else amount)
    except InvalidOperation:
        raise expected("an amount of TAO such as 1.5", amount) from None
    if not exact.is_finite() or exact < 0 or exact.adjusted() > MAX_DIGITS:
        raise expected("an amount of TAO from 0 on", amount)
    if exact and exact.adjusted() < -DECIMALS:
        raise expected("at most nine decimals of TAO", amount)
    numerator, denominator = exact.as_integer_ratio()
    if numerator * RAO_PER_TAO % denominator:
        raise expected("at most nine decimals of TAO", amount)
    return numerator * RAO_PER_TAO // denominator
