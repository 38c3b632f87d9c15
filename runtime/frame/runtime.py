"""A runtime: pallets, transaction extensions and runtime APIs, joined to one state-transition function.

A `Runtime` holds no state and knows no pallet by name. Which pallets it joins, and what is checked before a call runs,
is said by its composition (`runtime.composition` for the real chain). Any number of runtimes may live side by side.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..scale import AnyCodec, Sum, codec_of
from ..scale.containers import Tuple
from .call import RUNTIME_CALL, Call, CallDef
from .context import Context
from .errors import DispatchFailed
from .extension import ExtensionCodec, TransactionExtension, WrapperCodec, overrides
from .extrinsic import Extrinsic, ExtrinsicCodec, Kind
from .origin_caller import RawOrigin
from .pallet import Pallet
from .runtime_api import RuntimeApi
from .runtime_types import (
    ORIGIN_CALLER,
    RUNTIME_EVENT,
    RUNTIME_FREEZE_REASON,
    RUNTIME_HOLD_REASON,
    OuterEnumCodec,
    OuterVariant,
    Variants,
)
from .weight import AS_DECLARED, ZERO, DispatchInfo, PostInfo, Weight

#: Calls nest up to 256 deep, each with a few Python frames; whether they run must not depend on the host's limit.
RECURSION_LIMIT = 10_000
#: How many implicit values of a block's transactions are remembered. Memory, not behaviour.
IMPLIED_LIMIT = 1_000

#: The types of the origins that pallets have, by the index of the pallet.
Origins = Mapping[int, type[Any]]


class DispatchRules(NamedTuple):
    """What stands before each call whose origin is not root: filters and guards, wherever the call is dispatched."""

    #: Raise DispatchFailed for a call that may not run.
    check: Callable[[Context, Call], None]
    #: Return what checking adds to the weight of a call, whoever calls.
    weight: Callable[[Call], Weight]


NO_RULES = DispatchRules(lambda ctx, call: None, lambda call: ZERO)
SYSTEM_ORIGIN: Origins = {RawOrigin.pallet_index: RawOrigin}


class Runtime:
    """The state-transition function of one chain."""

    def __init__(
        self,
        pallets: Sequence[Pallet],
        extensions: Sequence[Sequence[TransactionExtension]] = (),
        apis: Sequence[RuntimeApi] = (),
        *,
        rules: DispatchRules = NO_RULES,
        origins: Origins = SYSTEM_ORIGIN,
        constants: Mapping[str, Any] | None = None,
    ) -> None:
        """Join the pallets in their order; TypeError when two share an index.

        `extensions` come in the groups into which metadata nests them, `origins` are the kinds of origin by the index
        of their pallet, `constants` maps "Pallet.Constant" to a value of this chain's own.
        """
        sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
        self.pallets, self.apis, self.rules = tuple(pallets), tuple(apis), rules
        self.by_index = _by_index(self.pallets)
        self.outer_enums = _outer_enums(self.pallets, origins)
        self.constants = dict(constants or {})
        self.constant_values: Mapping[Any, Any] = self._constant_values()
        self.api_methods = {method.exported: method for api in self.apis for method in api.methods.values()}
        self.on_initialize = [p.initialize for p in self.pallets if p.initialize]
        self.on_finalize = [p.finalize for p in self.pallets if p.finalize]
        self.on_idle = [p.idle for p in self.pallets if p.idle]
        self.extensions = tuple(extension for group in extensions for extension in group)
        self._join_extensions(extensions)
        #: What calls cost whose cost is fixed, by the call and what each extension that weighs says.
        self._infos: dict[tuple[CallDef[Any] | int, ...], DispatchInfo] = {}
        #: What others derived from this runtime and keep with it: metadata by version, encoded events by cost.
        self.metadata: dict[int | str, bytes] = {}
        self.successes: dict[int, tuple[DispatchInfo, Sum, bytes]] = {}

    def _constant_values(self) -> dict[Any, Any]:
        declared = [constant for pallet in self.pallets for constant in pallet.constants.values()]
        if unknown := set(self.constants) - {constant.id for constant in declared}:
            raise ValueError(f"expected names of constants, there is no constant {', '.join(sorted(unknown))}")
        return {constant: self.constants.get(constant.id, constant.default) for constant in declared}

    # --- extensions ----------------------------------------------------------------------------------------

    def _join_extensions(self, groups: Sequence[Sequence[TransactionExtension]]) -> None:
        """Look up once which extension takes part in which step."""
        numbered = list(enumerate(self.extensions))
        self.extension_codecs = [ExtensionCodec(extension) for extension in self.extensions]
        self.extra = _nested(groups)
        self.extrinsics = ExtrinsicCodec(
            self, RUNTIME_CALL, [extension.field.codec if extension.field else None for extension in self.extensions]
        )
        #: The extensions that validate a call, with their indices, by the index of the call's pallet.
        self.validating = {
            pallet.index: [
                (i, e) for i, e in numbered if overrides(e, "validate") and e.only_pallet in (None, pallet.name)
            ]
            for pallet in self.pallets
        }
        self.preparing = [(i, e) for i, e in numbered if overrides(e, "prepare")]
        self.settling = [(i, e) for i, e in numbered if overrides(e, "post_dispatch")]
        self._fixed_weight = sum((e.fixed_weight for e in self.extensions), ZERO)
        self._weighing = [(i, e) for i, e in numbered if overrides(e, "weight")]
        fixed = [(i, e.fixed_implicit) for i, e in numbered if e.fixed_implicit is not None]
        self._fixed_implicit = b"".join(value for _, value in fixed)
        self._implying = [(i, e) for i, e in numbered if overrides(e, "implicit")]
        assert all(i < j for i, _ in fixed for j, _ in self._implying), "the fixed implicit values come first"

    def decode(self, raw: bytes) -> Extrinsic:
        """Return the extrinsic of these bytes; raise ScaleError when they are none."""
        return self.extrinsics.decode(raw)

    def implicit(self, ctx: Context, extrinsic: Extrinsic) -> bytes:
        """Return what is signed without being sent, encoded; raise Refused when part of it is not known."""
        explicit, implied = extrinsic.explicit, ctx.block.implied
        key = tuple([explicit[i] for i, _ in self._implying])
        known = implied.get(key)
        if known is None:
            if len(implied) >= IMPLIED_LIMIT:
                implied.clear()
            known = implied[key] = self._fixed_implicit + b"".join(
                [e.implicit_codec.encode(e.implicit(ctx, explicit[i])) for i, e in self._implying]
            )
        return known

    # --- what calls cost -----------------------------------------------------------------------------------

    def info(self, call: Call) -> DispatchInfo:
        """Return what a call costs before it runs: its own weight and that of the rules; extensions are not counted."""
        known = call.cost
        if known is not None and known[0] is self:
            return known[1]
        own = call.function.info(call.args, self.info)
        info = DispatchInfo(own.call_weight + self.rules.weight(call), ZERO, own.class_, own.pays_fee)
        call.cost = (self, info)
        return info

    def dispatch_info(self, extrinsic: Extrinsic) -> DispatchInfo:
        """Return what an extrinsic costs before it runs: its call and its extensions."""
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
        info = self.info(extrinsic.call)
        extension_weight = ZERO if extrinsic.kind is Kind.BARE else self.extension_weight(extrinsic)
        info = DispatchInfo(info.call_weight, extension_weight, info.class_, info.pays_fee)
        if function.fixed_cost:
            self._infos[key] = info
        return info

    def extension_weight(self, extrinsic: Extrinsic) -> Weight:
        """Return what the extensions of a transaction cost together."""
        total, explicit = self._fixed_weight, extrinsic.explicit
        for index, extension in self._weighing:
            total += extension.weight(extrinsic, explicit[index])
        return total

    # --- calls ---------------------------------------------------------------------------------------------

    def is_inherent(self, call: Call) -> bool:
        """Return whether block authors put this call into their blocks, unsigned."""
        return call.function.pallet.is_inherent(call)

    def dispatch(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call as `ctx.origin`: whole or not at all. Raise DispatchFailed. Root passes all rules."""
        if not ctx.origin.is_root:
            self.rules.check(ctx, call)
        return self.dispatch_bypass_filter(ctx, call)

    def dispatch_bypass_filter(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call without asking the rules; calls inside of it are asked for."""
        mark = ctx.block.mark()
        try:
            with ctx.state.transaction():
                post = call.function.body(ctx, *call.args)
        except DispatchFailed:
            ctx.block.rewind(mark)
            raise
        return post or AS_DECLARED


def runtime_of(ctx: Context) -> Runtime:
    """Return the whole runtime of a context: executive, extensions and APIs use more of it than pallets may."""
    assert isinstance(ctx.runtime, Runtime)
    return ctx.runtime


def _by_index(pallets: Sequence[Pallet]) -> dict[int, Pallet]:
    """Return the pallets by index; an argument without a codec fails here, not in a block."""
    by_index: dict[int, Pallet] = {}
    for pallet in pallets:
        if pallet.index in by_index:
            raise TypeError(f"{pallet.name} and {by_index[pallet.index].name} share the index {pallet.index}")
        by_index[pallet.index] = pallet
        if pallet.unnamed:
            raise TypeError(f"{pallet.name}: expected name_declared() behind the last of {pallet.unnamed} declarations")
        for call in pallet.calls.values():
            call.args  # noqa: B018  # resolves the codecs
    return by_index


def _outer_enums(pallets: Sequence[Pallet], origins: Origins) -> dict[OuterEnumCodec, Variants]:
    """Return the variants of each enum that joins the pallets."""

    def joined(attribute: str) -> Variants:
        declared = [(pallet, getattr(pallet, attribute)) for pallet in pallets]
        return {
            pallet.index: OuterVariant(pallet.name, codec_of(type_), pallet.spell(codec_of(type_)))
            for pallet, type_ in declared
            if type_ is not None
        }

    return {
        RUNTIME_EVENT: joined("event"),
        RUNTIME_HOLD_REASON: joined("hold_reason"),
        RUNTIME_FREEZE_REASON: {},
        ORIGIN_CALLER: {
            index: OuterVariant(type_.pallet_name, codec_of(type_), type_.type_name) for index, type_ in origins.items()
        },
    }


def _nested(groups: Sequence[Sequence[TransactionExtension]]) -> AnyCodec:
    """Return the tuple of all extensions as metadata shows it; a group of one is no tuple of its own."""
    tuples: list[AnyCodec] = []
    for group in groups:
        codecs = [ExtensionCodec(extension) for extension in group]
        shown: list[AnyCodec] = [WrapperCodec(c) if c.extension.wrapper_path else c for c in codecs]
        tuples.append(Tuple(tuple(shown)) if len(shown) > 1 else shown[0])
    return Tuple(tuple(tuples))
