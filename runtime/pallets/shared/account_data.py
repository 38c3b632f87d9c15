"""The balances of an account, as System stores them with it."""

from __future__ import annotations

from typing import Annotated

from ...scale import SourceName, Struct, newtype, u64
from ...scale.codec import U128

#: Set on accounts whose references follow the current rules: all of them.
NEW_LOGIC = 1 << 127

#: An amount in rao.
Balance = Annotated[u64, SourceName("Balance", "T::Balance")]
ExtraFlags = Annotated[int, newtype(U128, "pallet_balances::types::ExtraFlags")]


class AccountData(Struct, path="pallet_balances::types::AccountData", params=[("Balance", Balance)]):
    """All in rao. `free` may be spent down to what is frozen; `reserved` is on hold; `frozen` counts over both."""

    free: Balance = 0
    reserved: Balance = 0
    frozen: Balance = 0
    flags: ExtraFlags = NEW_LOGIC

    @property
    def total(self) -> int:
        """Free and reserved, in rao."""
        return self.free + self.reserved
