"""The checks of every transaction: sender, versions, chain, mortality, nonce, block limits."""

from __future__ import annotations

from typing import Any

from ...consensus.integers import U64_MAX, saturating_add_u64, saturating_sub
from ...consensus.internal import InternalError
from ..frame.context import Context
from ..frame.era import Era, EraCodec
from ..frame.errors import DispatchError
from ..frame.extension import TransactionExtension
from ..frame.extrinsic import Extrinsic
from ..frame.validity import AncientBirthBlock, BadSigner, ExhaustsResources, Future, Payment, Refused, Stale, Validity
from ..frame.weight import DispatchClass, DispatchInfo, Pays, PostInfo, Weight, WeightPerClass, weight_of
from ..pallets import system
from ..pallets.mev_shield import submit_encrypted
from ..scale import H256, Compact, codec_of, u32
from ..scale.describe import FieldInfo
from ..version import BLOCK_LENGTH, BLOCK_WEIGHTS, SPEC_VERSION, TRANSACTION_VERSION, WeightsPerClass

FRAME = "frame_system::extensions"
NO_ACCOUNT = bytes(32)
#: The longest era of an encrypted transaction, in blocks: its key expires soon.
MAX_SHIELD_PERIOD = 8


class CheckNonZeroSender(TransactionExtension):
    """Refuse transactions of the zero account."""

    identifier = "CheckNonZeroSender"
    path = f"{FRAME}::check_non_zero_sender::CheckNonZeroSender"
    fixed_weight = Weight(570_000)

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> None:
        if ctx.origin.account == NO_ACCOUNT:
            raise Refused(BadSigner())


class CheckSpecVersion(TransactionExtension):
    """Put the spec version of the runtime into the signed payload."""

    identifier = "CheckSpecVersion"
    path = f"{FRAME}::check_spec_version::CheckSpecVersion"
    implicit_codec = codec_of(u32)
    fixed_implicit = SPEC_VERSION.to_bytes(4, "little")
    fixed_weight = Weight(430_000)


class CheckTxVersion(TransactionExtension):
    """Put the transaction version, that of the call encoding, into the signed payload."""

    identifier = "CheckTxVersion"
    path = f"{FRAME}::check_tx_version::CheckTxVersion"
    implicit_codec = codec_of(u32)
    fixed_implicit = TRANSACTION_VERSION.to_bytes(4, "little")
    fixed_weight = Weight(455_000)


class CheckGenesis(TransactionExtension):
    """Put the genesis hash into the signed payload."""

    identifier = "CheckGenesis"
    path = f"{FRAME}::check_genesis::CheckGenesis"
    implicit_codec = codec_of(H256)
    fixed_weight = weight_of(3_577_000, 0, reads=1)  # no proof size: the genesis hash is read without a proof

    def implicit(self, ctx: Context, value: Any) -> bytes:
        genesis = system.block_hash(ctx, 0)
        if genesis is None:
            raise InternalError("expected the genesis hash, which is never dropped")
        return genesis


class CheckMortality(TransactionExtension):
    """Limit the validity to an era. The hash of its first block is in the signed payload, and must still be stored."""

    identifier = "CheckMortality"
    path = "node_subtensor_runtime::check_mortality::CheckMortality"
    field = FieldInfo(None, EraCodec(), "Era")
    implicit_codec = codec_of(H256)
    IMMORTAL_WEIGHT = weight_of(6_605_000, 0, reads=1)  # no proof size, as in CheckGenesis
    MORTAL_WEIGHT = weight_of(6_703_000, 3509, reads=1)

    def implicit(self, ctx: Context, value: Era) -> bytes:
        birth = system.block_hash(ctx, value.birth(ctx.block.number))
        if birth is None:
            raise Refused(AncientBirthBlock())
        return birth

    def weight(self, extrinsic: Extrinsic, value: Era) -> Weight:
        return self.IMMORTAL_WEIGHT if value.is_immortal else self.MORTAL_WEIGHT

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Era, info: DispatchInfo, validity: Validity) -> None:
        immortal = value.is_immortal
        if extrinsic.call.function is submit_encrypted and (immortal or value.period > MAX_SHIELD_PERIOD):
            raise Refused(Stale())
        death = U64_MAX if immortal else value.death(ctx.block.number)
        validity.longevity = min(validity.longevity, saturating_sub(death, ctx.block.number))


class CheckNonce(TransactionExtension):
    """Apply the transactions of an account in the order of their nonces. A free call needs no existing account."""

    identifier = "CheckNonce"
    path = "node_subtensor_runtime::check_nonce::CheckNonce"
    field = FieldInfo(None, codec_of(Compact[u32]), "T::Nonce")

    def validate(
        self, ctx: Context, extrinsic: Extrinsic, value: int, info: DispatchInfo, validity: Validity
    ) -> tuple[int, system.AccountInfo] | None:
        """Return nonce and account; Refused with Stale for a used nonce, Payment without an account for the fee."""
        who = ctx.origin.account
        if who is None:
            return None
        account = system.Account.get(ctx, who)
        if info.pays_fee is Pays.Yes and account.providers == 0 and account.sufficients == 0:
            raise Refused(Payment())
        if value < account.nonce:
            raise Refused(Stale())
        validity.provides.append(nonce_tag(who, value))
        if value > account.nonce:
            validity.requires.append(nonce_tag(who, value - 1))
        return value, account

    def prepare(
        self, ctx: Context, extrinsic: Extrinsic, validated: tuple[int, system.AccountInfo] | None, info: DispatchInfo
    ) -> None:
        """Increase the account's nonce; Refused with Future when earlier transactions are missing."""
        if validated is None or ctx.origin.account is None:
            return
        nonce, account = validated
        if nonce > account.nonce:
            raise Refused(Future())
        system.Account.put(ctx, ctx.origin.account, system.with_next_nonce(account))


def nonce_tag(who: bytes, nonce: int) -> bytes:
    """Return the tag that a transaction provides, and the account's next one requires."""
    return who + nonce.to_bytes(4, "little")


class CheckWeight(TransactionExtension):
    """Keep a block within its limits of length and weight."""

    identifier = "CheckWeight"
    path = f"{FRAME}::check_weight::CheckWeight"
    fixed_weight = Weight(3_006_000)

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> None:
        check_room(ctx, extrinsic, info)

    def prepare(self, ctx: Context, extrinsic: Extrinsic, validated: None, info: DispatchInfo) -> None:
        charge_block(ctx, extrinsic, info)

    def post_dispatch(
        self,
        ctx: Context,
        extrinsic: Extrinsic,
        prepared: Any,
        info: DispatchInfo,
        post: PostInfo,
        error: DispatchError | None,
    ) -> None:
        reclaim(ctx, info, post)


def _read_limits(class_: DispatchClass) -> WeightsPerClass:
    """Return the weight limits of a dispatch class."""
    limits: WeightsPerClass = getattr(BLOCK_WEIGHTS.per_class, class_.name.lower())
    return limits


_LIMITS = {class_: _read_limits(class_) for class_ in DispatchClass}
_MAX_LENGTH: dict[DispatchClass, int] = {
    class_: getattr(BLOCK_LENGTH.max, class_.name.lower()) for class_ in DispatchClass
}


def check_room(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> None:
    """Refuse an extrinsic that is too long for the rest of the block or too heavy for any block (ExhaustsResources)."""
    if ctx.block.length + len(extrinsic.raw) > _MAX_LENGTH[info.class_]:
        raise Refused(ExhaustsResources())
    limit = _LIMITS[info.class_].max_extrinsic
    if limit is not None and info.total_weight.any_gt(limit):
        raise Refused(ExhaustsResources())


def charge_block(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> None:
    """Add the extrinsic to the block's weight and length; its length counts as proof size too.

    Refused with ExhaustsResources when the block has not enough weight left for its class.
    """
    block, limits, length = ctx.block, _LIMITS[info.class_], len(extrinsic.raw)
    cost, base, used = info.total_weight, limits.base_extrinsic, of_class(block.weight, info.class_)
    used = Weight(
        saturating_add_u64(used.ref_time + cost.ref_time, base.ref_time),
        saturating_add_u64(used.proof_size + cost.proof_size + base.proof_size, length),
    )
    if limits.max_total is not None and used.any_gt(limits.max_total):
        raise Refused(ExhaustsResources())
    new = with_class(block.weight, info.class_, used)
    if limits.reserved is not None and exceeds_block(new) and used.any_gt(limits.reserved):
        raise Refused(ExhaustsResources())
    block.weight = new
    block.length += length


def exceeds_block(weight: WeightPerClass) -> bool:
    """Return whether the reference time is above the block's limit. Proof size has no limit."""
    ref_time = weight.normal.ref_time + weight.operational.ref_time + weight.mandatory.ref_time
    return ref_time > BLOCK_WEIGHTS.max_block.ref_time


def reclaim(ctx: Context, info: DispatchInfo, post: PostInfo) -> None:
    """Subtract the weight that the extrinsic did not use from the block's weight."""
    if post.actual_weight is None:
        return
    unused = info.total_weight - post.actual_weight
    if unused.ref_time or unused.proof_size:
        used = of_class(ctx.block.weight, info.class_) - unused
        ctx.block.weight = with_class(ctx.block.weight, info.class_, used)


def of_class(weight: WeightPerClass, class_: DispatchClass) -> Weight:
    """Return the weight of a dispatch class."""
    if class_ is DispatchClass.Normal:
        return weight.normal
    return weight.operational if class_ is DispatchClass.Operational else weight.mandatory


def with_class(weight: WeightPerClass, class_: DispatchClass, part: Weight) -> WeightPerClass:
    """Return `weight` with the weight of a dispatch class replaced by `part`."""
    if class_ is DispatchClass.Normal:
        return WeightPerClass(part, weight.operational, weight.mandatory)
    if class_ is DispatchClass.Operational:
        return WeightPerClass(weight.normal, part, weight.mandatory)
    return WeightPerClass(weight.normal, weight.operational, part)


def add_weight(weight: WeightPerClass, class_: DispatchClass, more: Weight) -> WeightPerClass:
    """Return `weight` with `more` added to a dispatch class."""
    return with_class(weight, class_, of_class(weight, class_) + more)
