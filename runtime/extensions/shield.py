"""The extension that checks encrypted transactions (MevShield)."""

from __future__ import annotations

from typing import Any

from ..frame.context import Context
from ..frame.extension import TransactionExtension
from ..frame.extrinsic import Extrinsic
from ..frame.validity import Custom, Refused, Validity
from ..frame.weight import DB_READ, DispatchInfo, Weight
from ..pallets.mev_shield import submit_encrypted
from ..pallets.shared.shielded_transaction import ShieldedTransaction

#: The custom error code of a ciphertext that is too short.
FAILED_SHIELDED_TX_PARSING = 23


class CheckShieldedTxValidity(TransactionExtension):
    """Refuse a `submit_encrypted` whose ciphertext lacks a part. The weight is the same for all transactions."""

    identifier = "CheckShieldedTxValidity"
    path = "pallet_shield::extension::CheckShieldedTxValidity"
    names_runtime = True
    fixed_weight = Weight(1_000_000 + DB_READ)

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> None:
        if extrinsic.call.function is submit_encrypted and ShieldedTransaction.parse(extrinsic.call.args[0]) is None:
            raise Refused(Custom(FAILED_SHIELDED_TX_PARSING))
