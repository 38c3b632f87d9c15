"""The checks that every transaction passes: sender, versions, chain, mortality, nonce, room in the block."""

from __future__ import annotations

from typing import Any

from ...consensus.integers import U64_MAX, saturating_add_u64, saturating_sub
from ..frame.context import Context
from ..frame.era import Era, EraCodec
from ..frame.errors import DispatchError
from ..frame.extension import TransactionExtension
from ..frame.extrinsic import Extrinsic
from ..frame.validity import AncientBirthBlock, BadSigner, ExhaustsResources, Future, Payment, Refused, Stale, Validity
from ..frame.weight import DispatchClass, DispatchInfo, Pays, PostInfo, Weight, WeightPerClass, weight_of
from ..pallets import system
from ..scale import H256, Compact, codec_of, u32
from ..scale.describe import FieldInfo
from ..version import BLOCK_LENGTH, BLOCK_WEIGHTS, SPEC_VERSION, TRANSACTION_VERSION, WeightsPerClass

FRAME = "frame_system::extensions"
NO_ACCOUNT = bytes(32)
#: A shielded transaction has to be opened soon; its era lasts no longer, in blocks.
MAX_SHIELD_PERIOD = 8


class CheckNonZeroSender(TransactionExtension):
    """The zero account sends nothing."""

    identifier = "CheckNonZeroSender"
    path = f"{FRAME}::check_non_zero_sender::CheckNonZeroSender"
    fixed_weight = Weight(570_000)

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Any, info: DispatchInfo, validity: Validity) -> None:
        if ctx.origin.account == NO_ACCOUNT:
            raise Refused(BadSigner())


class CheckSpecVersion(TransactionExtension):
    """Signed for this version of the runtime."""

    identifier = "CheckSpecVersion"
    path = f"{FRAME}::check_spec_version::CheckSpecVersion"
    implicit_codec = codec_of(u32)
    fixed_implicit = SPEC_VERSION.to_bytes(4, "little")
    fixed_weight = Weight(430_000)


class CheckTxVersion(TransactionExtension):
    """Signed for this version of the call encoding."""

    identifier = "CheckTxVersion"
    path = f"{FRAME}::check_tx_version::CheckTxVersion"
    implicit_codec = codec_of(u32)
    fixed_implicit = TRANSACTION_VERSION.to_bytes(4, "little")
    fixed_weight = Weight(455_000)


class CheckGenesis(TransactionExtension):
    """Signed for this chain."""

    identifier = "CheckGenesis"
    path = f"{FRAME}::check_genesis::CheckGenesis"
    implicit_codec = codec_of(H256)
    fixed_weight = weight_of(3_577_000, 0, reads=1)  # the genesis hash is read without a proof

    def implicit(self, ctx: Context, value: Any) -> bytes:
        genesis = system.block_hash(ctx, 0)
        assert genesis is not None, "the genesis hash is never dropped"
        return genesis


class CheckMortality(TransactionExtension):
    """Valid for a time: the block at which the era began is signed with it, so it must be known still."""

    identifier = "CheckMortality"
    path = "node_subtensor_runtime::check_mortality::CheckMortality"
    field = FieldInfo(None, EraCodec(), "Era")
    implicit_codec = codec_of(H256)
    IMMORTAL_WEIGHT = weight_of(6_605_000, 0, reads=1)  # as above
    MORTAL_WEIGHT = weight_of(6_703_000, 3509, reads=1)

    def implicit(self, ctx: Context, value: Era) -> bytes:
        birth = system.block_hash(ctx, value.birth(ctx.block.number))
        if birth is None:
            raise Refused(AncientBirthBlock())
        return birth

    def weight(self, extrinsic: Extrinsic, value: Era) -> Weight:
        return self.IMMORTAL_WEIGHT if value.is_immortal else self.MORTAL_WEIGHT

    def validate(self, ctx: Context, extrinsic: Extrinsic, value: Era, info: DispatchInfo, validity: Validity) -> None:
        call = extrinsic.call
        shielded = call.name == "submit_encrypted" and call.pallet == "MevShield"
        if shielded and (value.is_immortal or value.period > MAX_SHIELD_PERIOD):
            raise Refused(Stale())
        death = U64_MAX if value.is_immortal else value.death(ctx.block.number)
        validity.longevity = min(validity.longevity, saturating_sub(death, ctx.block.number))


class CheckNonce(TransactionExtension):
    """Each account's transactions in order. The account need not exist when the call is free."""

    identifier = "CheckNonce"
    path = "node_subtensor_runtime::check_nonce::CheckNonce"
    field = FieldInfo(None, codec_of(Compact[u32]), "T::Nonce")

    def validate(
        self, ctx: Context, extrinsic: Extrinsic, value: int, info: DispatchInfo, validity: Validity
    ) -> tuple[int, system.AccountInfo] | None:
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
        if validated is None or ctx.origin.account is None:
            return
        nonce, account = validated
        if nonce > account.nonce:
            raise Refused(Future())
        system.Account.put(ctx, ctx.origin.account, system.with_next_nonce(account))


def nonce_tag(who: bytes, nonce: int) -> bytes:
    """What a transaction provides to the account's next one."""
    return who + nonce.to_bytes(4, "little")


class CheckWeight(TransactionExtension):
    """There is room in the block, by length and by weight."""

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


def _limits(class_: DispatchClass) -> WeightsPerClass:
    limits: WeightsPerClass = getattr(BLOCK_WEIGHTS.per_class, class_.name.lower())
    return limits


_LIMITS = {class_: _limits(class_) for class_ in DispatchClass}
_MAX_LENGTH: dict[DispatchClass, int] = {
    class_: getattr(BLOCK_LENGTH.max, class_.name.lower()) for class_ in DispatchClass
}


def check_room(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> None:
    """Refuse what is too long for the block's rest or too heavy for any block."""
    if ctx.block.length + len(extrinsic.raw) > _MAX_LENGTH[info.class_]:
        raise Refused(ExhaustsResources())
    limit = _LIMITS[info.class_].max_extrinsic
    if limit is not None and info.total_weight.any_gt(limit):
        raise Refused(ExhaustsResources())


def charge_block(ctx: Context, extrinsic: Extrinsic, info: DispatchInfo) -> None:
    """Count the extrinsic into the block; the extrinsic's length counts as proof size."""
    block, limits, length = ctx.block, _LIMITS[info.class_], len(extrinsic.raw)
    cost, base, mine = info.total_weight, limits.base_extrinsic, of_class(block.weight, info.class_)
    mine = Weight(
        saturating_add_u64(mine.ref_time + cost.ref_time, base.ref_time),
        saturating_add_u64(mine.proof_size + cost.proof_size + base.proof_size, length),
    )
    if limits.max_total is not None and mine.any_gt(limits.max_total):
        raise Refused(ExhaustsResources())
    new = with_class(block.weight, info.class_, mine)
    if limits.reserved is not None and is_full(new) and mine.any_gt(limits.reserved):
        raise Refused(ExhaustsResources())
    block.weight = new
    block.length += length


def is_full(weight: WeightPerClass) -> bool:
    """Whether that is more than a block holds. Its proof size has no limit."""
    ref_time = weight.normal.ref_time + weight.operational.ref_time + weight.mandatory.ref_time
    return ref_time > BLOCK_WEIGHTS.max_block.ref_time


def reclaim(ctx: Context, info: DispatchInfo, post: PostInfo) -> None:
    """Give weight that was not used back to the block."""
    if post.actual_weight is None:
        return
    unused = info.total_weight - post.actual_weight
    if unused.ref_time or unused.proof_size:
        mine = of_class(ctx.block.weight, info.class_) - unused
        ctx.block.weight = with_class(ctx.block.weight, info.class_, mine)


def of_class(weight: WeightPerClass, class_: DispatchClass) -> Weight:
    """The part of a dispatch class."""
    if class_ is DispatchClass.Normal:
        return weight.normal
    return weight.operational if class_ is DispatchClass.Operational else weight.mandatory


def with_class(weight: WeightPerClass, class_: DispatchClass, part: Weight) -> WeightPerClass:
    """The same with another part for a dispatch class."""
    if class_ is DispatchClass.Normal:
        return WeightPerClass(part, weight.operational, weight.mandatory)
    if class_ is DispatchClass.Operational:
        return WeightPerClass(weight.normal, part, weight.mandatory)
    return WeightPerClass(weight.normal, weight.operational, part)


def add_weight(weight: WeightPerClass, class_: DispatchClass, more: Weight) -> WeightPerClass:
    """The same with more weight in a dispatch class."""
    return with_class(weight, class_, of_class(weight, class_) + more)
