"""The balances of an account, as System stores them with it."""

from __future__ import annotations

from typing import Annotated

from ...scale import Struct, newtype, u64
from ...scale.codec import U128

#: Set on accounts whose references follow the current rules: all of them.
NEW_LOGIC = 1 << 127

ExtraFlags = Annotated[int, newtype(U128, "pallet_balances::types::ExtraFlags")]


class AccountData(Struct, path="pallet_balances::types::AccountData", params=[("Balance", u64)]):
    """All in rao. `free` may be spent down to what is frozen; `reserved` is on hold; `frozen` counts over both."""

    free: u64 = 0
    reserved: u64 = 0
    frozen: u64 = 0
    flags: ExtraFlags = NEW_LOGIC

    @property
    def total(self) -> int:
        """Free and reserved, in rao."""
        return self.free + self.reserved
