"""The composition: which pallet at which index, which transaction extensions in which order.

The pallets are one fixed set, spec 425's. A `Runtime` is that set with the constants of one chain; it holds no state,
so any number of them may live side by side.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from .apis import APIS
from .extensions.guards import (
    CheckMetadataHash,
    DrandPriority,
    SudoTransactionExtension,
)
from .extensions.payment import ChargeTransactionPayment
from .extensions.shield import CheckShieldedTxValidity
from .extensions.subtensor import SubtensorTransactionExtension
from .extensions.system import (
    CheckGenesis,
    CheckMortality,
    CheckNonce,
    CheckNonZeroSender,
    CheckSpecVersion,
    CheckTxVersion,
    CheckWeight,
)
from .frame.block_types import RUNTIME_EXTRINSIC
from .frame.call import Call, CallDef
from .frame.context import Context
from .frame.errors import DispatchFailed
from .frame.extension import TransactionExtension, overrides
from .frame.extrinsic import Extrinsic, ExtrinsicCodec, Kind
from .frame.pallet import Pallet
from .frame.runtime_types import RUNTIME_CALL, RUNTIME_EVENT, RUNTIME_HOLD_REASON
from .frame.weight import AS_DECLARED, ZERO, DispatchEventInfo, DispatchInfo, PostInfo, Weight
from .pallets import (
    admin_utils,
    alpha_assets,
    aura,
    balances,
    evm_chain_id,
    grandpa,
    mev_shield,
    multisig,
    preimage,
    randomness,
    safe_mode,
    sudo,
    swap,
    system,
    timestamp,
    transaction_payment,
    utility,
)
from .pallets.commitments import calls as commitments
from .pallets.proxy import calls as proxy
from .pallets.scheduler import calls as scheduler
from .pallets.subtensor import calls as subtensor_module
from .pallets.subtensor import guards
from .scale import Sum
from .version import BASE_EXTRINSIC, SPEC_NAME, SPEC_VERSION

#: Calls nest up to 256 deep, each a handful of Python frames; whether they run must not depend on the host's limit.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))

PALLETS: tuple[Pallet, ...] = (
    system.pallet,
    randomness.pallet,
    timestamp.pallet,
    aura.pallet,
    grandpa.pallet,
    balances.pallet,
    transaction_payment.pallet,
    subtensor_module.pallet,
    utility.pallet,
    sudo.pallet,
    multisig.pallet,
    preimage.pallet,
    scheduler.pallet,
    proxy.pallet,
    commitments.pallet,
    admin_utils.pallet,
    safe_mode.pallet,
    evm_chain_id.pallet,
    swap.pallet,
    mev_shield.pallet,
    alpha_assets.pallet,
)

EXTENSIONS: tuple[TransactionExtension, ...] = (
    CheckNonZeroSender(),
    CheckSpecVersion(),
    CheckTxVersion(),
    CheckGenesis(),
    CheckMortality(),
    CheckNonce(),
    CheckWeight(),
    ChargeTransactionPayment(),
    SudoTransactionExtension(),
    CheckShieldedTxValidity(),
    SubtensorTransactionExtension(),
    DrandPriority(),
    CheckMetadataHash(),
)


def compose(pallets: tuple[Pallet, ...]) -> dict[int, Pallet]:
    """Join the pallets: from here on there are calls, events and hold reasons of the whole runtime."""
    by_index: dict[int, Pallet] = {}
    for pallet in pallets:
        if pallet.index in by_index:
            raise TypeError(f"{pallet.name} and {by_index[pallet.index].name} share the index {pallet.index}")
        by_index[pallet.index] = pallet
        if pallet.event is not None:
            RUNTIME_EVENT.add(pallet, pallet.event)
        if pallet.hold_reason is not None:
            RUNTIME_HOLD_REASON.add(pallet, pallet.hold_reason)
        for call in pallet.calls.values():
            call.args  # noqa: B018  # an argument without a codec must fail at import, not in a block
    RUNTIME_CALL.pallets.update(by_index)
    versions = [(api.id, api.version) for api in APIS]
    system.Version.default = replace(system.Version.default, apis=versions)
    return by_index


BY_INDEX = compose(PALLETS)
EXTRINSICS = ExtrinsicCodec(
    RUNTIME_CALL, [extension.field.codec if extension.field else None for extension in EXTENSIONS]
)
RUNTIME_EXTRINSIC.compose(EXTRINSICS, (EXTENSIONS[:7], EXTENSIONS[7:12], EXTENSIONS[12:]))

#: Events remembered by what an extrinsic costs, and what transactions of a block imply. Memory, not behaviour.
SUCCESSES_LIMIT = IMPLIED_LIMIT = 1_000


class Runtime:
    """The state-transition function of one chain. `constants` maps "Pallet.Constant" to a value of its own."""

    def __init__(self, constants: Mapping[str, Any] | None = None) -> None:
        self.constants = dict(constants or {})
        known = {constant.id for pallet in PALLETS for constant in pallet.constants.values()}
        if unknown := set(self.constants) - known:
            raise ValueError(f"there is no constant {', '.join(sorted(unknown))}")
        self.constant_values = {
            constant: self.constants.get(constant.id, constant.default)
            for pallet in PALLETS
            for constant in pallet.constants.values()
        }
        self.pallets, self.extensions, self.apis = PALLETS, EXTENSIONS, APIS
        self.api_methods = {method.exported: method for api in APIS for method in api.methods.values()}
        self._metadata: dict[int, bytes] = {}
        self.event_encoders, self.event_encoder = RUNTIME_EVENT.encoders, RUNTIME_EVENT.encoder
        #: What calls cost whose cost is fixed, by the call and what each extension that weighs says.
        self._infos: dict[tuple[CallDef[Any] | int, ...], DispatchInfo] = {}
        self._successes: dict[int, tuple[DispatchInfo, Sum, bytes]] = {}
        self.on_initialize = [p.initialize for p in PALLETS if p.initialize]
        self.on_finalize = [p.finalize for p in PALLETS if p.finalize]
        self.on_idle = [p.idle for p in PALLETS if p.idle]
        numbered = list(enumerate(EXTENSIONS))
        #: The extensions that validate a call, with their indices, by the index of the call's pallet.
        self.validating = {
            pallet.index: [
                (i, e) for i, e in numbered if overrides(e, "validate") and e.only_pallet in (None, pallet.name)
            ]
            for pallet in PALLETS
        }
        self.preparing = [(i, e) for i, e in numbered if overrides(e, "prepare")]
        self.settling = [(i, e) for i, e in numbered if overrides(e, "post_dispatch")]
        self._fixed_weight = sum((e.fixed_weight for e in EXTENSIONS), ZERO)
        self._weighing = [(i, e) for i, e in numbered if overrides(e, "weight")]
        fixed = [(i, e.fixed_implicit) for i, e in numbered if e.fixed_implicit is not None]
        self._fixed_implicit = b"".join(value for _, value in fixed)
        self._implying = [(i, e) for i, e in numbered if overrides(e, "implicit")]
        assert all(i < j for i, _ in fixed for j, _ in self._implying), "the fixed implicit values come first"

    # --- extrinsics ----------------------------------------------------------------------------------------

    def decode(self, raw: bytes) -> Extrinsic:
        """The extrinsic of these bytes; ScaleError when they are none."""
        return EXTRINSICS.decode(raw)

    def implicit(self, ctx: Context, extrinsic: Extrinsic) -> bytes:
        """What is signed without being sent, encoded; Refused when part of it is not known."""
        explicit, implied = extrinsic.explicit, ctx.block.implied
        said = tuple([explicit[i] for i, _ in self._implying])
        known = implied.get(said)
        if known is None:
            if len(implied) >= IMPLIED_LIMIT:
                implied.clear()
            known = implied[said] = self._fixed_implicit + b"".join(
                [e.implicit_codec.encode(e.implicit(ctx, explicit[i])) for i, e in self._implying]
            )
        return known

    def dispatch_info(self, extrinsic: Extrinsic) -> DispatchInfo:
        """What an extrinsic costs before it runs: its call and its extensions."""
        if extrinsic.info is None:
            extrinsic.info = self._info_of(extrinsic)
        return extrinsic.info

    def _info_of(self, extrinsic: Extrinsic) -> DispatchInfo:
        function, explicit = extrinsic.call.function, extrinsic.explicit
        weighing = () if extrinsic.kind is Kind.BARE else self._weighing
        key: tuple[CallDef[Any] | int, ...] = (
            function,
            *[extension.weight(extrinsic, explicit[i]).ref_time for i, extension in weighing],
        )
        known = self._infos.get(key)
        if known is not None:
            return known
        info = extrinsic.call.info()
        extension_weight = ZERO if extrinsic.kind is Kind.BARE else self.extension_weight(extrinsic)
        info = DispatchInfo(info.call_weight, extension_weight, info.class_, info.pays_fee)
        if function.fixed_cost:
            self._infos[key] = info
        return info

    def as_declared(self, info: DispatchInfo) -> tuple[Sum, bytes]:
        """The event of an extrinsic that succeeded and cost what was declared, also encoded: mostly the same few."""
        known = self._successes.get(id(info))
        if known is None or known[0] is not info:
            summary = DispatchEventInfo(info.total_weight + BASE_EXTRINSIC, info.class_, info.pays_fee)
            event = system.ExtrinsicSuccess(summary)
            if len(self._successes) >= SUCCESSES_LIMIT:
                self._successes.clear()
            known = self._successes[id(info)] = (info, event, RUNTIME_EVENT.encode(event))
        return known[1], known[2]

    def extension_weight(self, extrinsic: Extrinsic) -> Weight:
        """What the extensions of a transaction cost together."""
        total, explicit = self._fixed_weight, extrinsic.explicit
        for index, extension in self._weighing:
            total += extension.weight(extrinsic, explicit[index])
        return total

    def is_inherent(self, call: Call) -> bool:
        """Whether block authors put this call into their blocks, unsigned."""
        return call.function.pallet.is_inherent(call)

    # --- calls and events ----------------------------------------------------------------------------------

    def dispatch(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call as `ctx.origin`: whole or not at all. Raises DispatchFailed."""
        if not ctx.origin.is_root:
            if not self.allows(ctx, call):
                raise DispatchFailed(system.Error.CallFiltered)
            guards.check(ctx, call)
        return self.dispatch_bypass_filter(ctx, call)

    def dispatch_bypass_filter(self, ctx: Context, call: Call) -> PostInfo:
        """The same, whatever the filters and the guards say."""
        mark = ctx.block.mark()
        try:
            with ctx.state.transaction():
                post = call.function.body(ctx, *call.args)
        except DispatchFailed:
            ctx.block.rewind(mark)
            raise
        return post or AS_DECLARED

    def allows(self, ctx: Context, call: Call) -> bool:
        """Whether the chain's filter and the origin's own ones let a call pass."""
        if not safe_mode.allows(ctx, call) or utility.nests_batches(call):
            return False
        filters = ctx.origin.filters  # none for most calls, and asking none must cost nothing
        return not filters or all(allowed(call) for allowed in filters)

    # --- what clients are told -----------------------------------------------------------------------------

    def metadata(self, version: int) -> bytes:
        """The encoded metadata, made at the first use; ValueError for versions other than 14, 15 and 16."""
        from .metadata import encode_metadata

        if version not in self._metadata:
            self._metadata[version] = encode_metadata(self, version)
        return self._metadata[version]

    @cached_property
    def metadata_digest(self) -> bytes:
        """The RFC-78 digest of the metadata, 32 bytes."""
        from .metadata.digest import metadata_digest
        from .metadata.v15 import build

        return metadata_digest(build(self), SPEC_VERSION, SPEC_NAME)
