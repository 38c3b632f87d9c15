"""TransactionPayment (index 6): the fees of transactions."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from ...consensus.integers import saturate_u64, saturating_add_u64
from ..frame.context import Context
from ..frame.pallet import Pallet
from ..frame.weight import DispatchInfo, Pays, PostInfo, Weight
from ..scale import AccountId, FixedU128, Struct, Sum, scale_enum, u8, u64
from ..version import BASE_EXTRINSIC, BLOCK_WEIGHTS
from .shared.types import Balance

#: The fee of one picosecond, 0.0005 rao, in billionths of a rao.
FEE_PER_WEIGHT, BILLION = 500_000, 1_000_000_000
ONE = 10**18


@scale_enum("pallet_transaction_payment::Releases")
class Releases(Enum):
    """The versions of the pallet's storage layout."""

    V1Ancient = 0
    V2 = 1


class InclusionFee(Struct, path="pallet_transaction_payment::types::InclusionFee", params=[("Balance", u64)]):
    """The parts of an inclusion fee, in rao: base, length, weight."""

    base_fee: u64
    len_fee: u64
    adjusted_weight_fee: u64


class FeeDetails(Struct, path="pallet_transaction_payment::types::FeeDetails", params=[("Balance", u64)]):
    """The parts of a fee, in rao; the inclusion fee is None when the call pays none."""

    inclusion_fee: InclusionFee | None
    tip: u64

    @property
    def total(self) -> int:
        """The sum of all parts, in rao."""
        fee = self.inclusion_fee
        parts = (fee.base_fee + fee.len_fee + fee.adjusted_weight_fee) if fee else 0
        return saturating_add_u64(parts, self.tip)


class Event(Sum, params=[("T", None)]):
    pass


class TransactionFeePaid(Event, index=0):
    """A transaction fee was paid: `actual_fee` rao, which include the tip of `tip` rao."""

    who: AccountId
    actual_fee: Balance
    tip: Balance


pallet = Pallet("TransactionPayment", 6, crate="pallet_transaction_payment", event=Event)

NextFeeMultiplier = pallet.value(
    FixedU128,
    default=ONE,
    docs="The multiplier of weight fees, with 18 decimals. It is always 1 on this chain.",
)
StorageVersion = pallet.value(Releases, default=Releases.V1Ancient, docs="The version of the pallet's storage layout.")
OperationalFeeMultiplier = pallet.constant(
    u8, 5, docs="The factor of the fee in the priority of operational calls. Unused on this chain."
)

pallet.name_declared(globals())


@lru_cache(maxsize=4096)
def _fee_of(ref_time: int) -> int:
    """Return the fee of a reference time, in rao.

    A Perbill multiplication: whole billions exactly, the rest rounded to nearest, a half down.
    """
    whole, rest = divmod(ref_time, BILLION)
    fee, remainder = divmod(rest * FEE_PER_WEIGHT, BILLION)
    return saturating_add_u64(whole * FEE_PER_WEIGHT + fee, remainder > BILLION // 2)


@pallet.on_finalize
def reset_multiplier(ctx: Context) -> None:
    """Set the multiplier for the next block to 1, independent of the weight of this block."""
    NextFeeMultiplier.put(ctx, ONE)


def weight_to_fee(weight: Weight) -> int:
    """Return the fee of a weight, in rao: 0.0005 rao for each picosecond of at most one block. Proof size is free."""
    return _fee_of(min(weight.ref_time, BLOCK_WEIGHTS.max_block.ref_time))


BASE_FEE = weight_to_fee(BASE_EXTRINSIC)


def fee_details(ctx: Context, length: int, weight: Weight, tip: int, pays: Pays) -> FeeDetails:
    """Return the parts of the fee of an extrinsic of `length` bytes and this total weight, in rao."""
    if pays is Pays.No:
        return FeeDetails(None, tip)
    return FeeDetails(InclusionFee(BASE_FEE, length, adjusted_weight_fee(ctx, weight)), tip)


def adjusted_weight_fee(ctx: Context, weight: Weight) -> int:
    """Return the fee of a weight times the multiplier, in rao, saturating at 2^64 - 1."""
    return saturate_u64(weight_to_fee(weight) * NextFeeMultiplier.get(ctx) // ONE)


def compute_fee(ctx: Context, length: int, info: DispatchInfo, tip: int) -> int:
    """Return the fee before dispatch, including the tip, in rao."""
    if info.pays_fee is Pays.No:
        return tip
    return saturating_add_u64(BASE_FEE + length + adjusted_weight_fee(ctx, info.total_weight), tip)


def compute_actual_fee(ctx: Context, length: int, info: DispatchInfo, post: PostInfo, tip: int) -> int:
    """Return the fee after dispatch, including the tip, in rao. It is at most the fee before."""
    weight, total = post.actual_weight, info.total_weight
    actual = total if weight is None else weight.smaller(total)
    pays = Pays.No if Pays.No in (info.pays_fee, post.pays_fee) else Pays.Yes
    return fee_details(ctx, length, actual, tip, pays).total
