"""The balances of an account, as System stores them."""

from __future__ import annotations

from typing import Annotated

from ...scale import SourceName, Struct, newtype, u64
from ...scale.codec import U128

#: The flag of accounts whose reference counts follow the current rules. All new accounts have it.
NEW_LOGIC = 1 << 127

#: An amount in rao.
Balance = Annotated[u64, SourceName("Balance", "T::Balance")]
ExtraFlags = Annotated[int, newtype(U128, "pallet_balances::types::ExtraFlags")]


class AccountData(Struct, path="pallet_balances::types::AccountData", params=[("Balance", Balance)]):
    """The balances of an account, in rao. `frozen` is how much of `free` plus `reserved` cannot be spent."""

    free: Balance = 0
    reserved: Balance = 0
    frozen: Balance = 0
    flags: ExtraFlags = NEW_LOGIC

    @property
    def total(self) -> int:
        """The sum of the free and the reserved balance, in rao."""
        return self.free + self.reserved
