"""`Runtime`: pallets, transaction extensions and runtime APIs joined to one state-transition function.

A `Runtime` holds no state and names no pallet. Its composition (`runtime.composition` for the real chain) passes the
pallets and the rules that are checked before a call runs. Several runtimes may exist in one process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...consensus.internal import InternalError
from ..scale import AnyCodec, Sum
from ..scale.containers import Tuple
from .call import RUNTIME_CALL, Call, CallDef, nesting_depth
from .context import Context
from .errors import DispatchFailed, Transactional, TransactionalError
from .extension import ExtensionCodec, TransactionExtension, WrapperCodec, overrides
from .extrinsic import Extrinsic, ExtrinsicCodec, Kind, Unread, Verify
from .joining import index_pallets, outer_enums, require_fit
from .origin_caller import RawOrigin
from .pallet import Pallet
from .pauses import Pausing
from .runtime_api import RuntimeApi
from .validity import BadProof, Refused
from .weight import AS_DECLARED, ZERO, DispatchInfo, PostInfo, Weight

#: Calls nest up to 256 deep, with a few Python frames each; their result must not depend on the host's recursion limit.
RECURSION_LIMIT = 10_000
#: The most transactions that are open inside each other, as on the chain.
TRANSACTION_LIMIT = 255
#: Cached implicit values of a block's transactions.
IMPLICIT_CACHE_LIMIT = 1_000

#: The types of the origins that pallets have, by the index of the pallet.
Origins = Mapping[int, type[Any]]


class DispatchRules(NamedTuple):
    """Filters and guards of every call whose origin is not root, nested calls included."""

    #: Raises DispatchFailed for a call that may not run.
    check: Callable[[Context, Call], None]
    #: Returns the weight that the check adds to a call, for any origin.
    weight: Callable[[Call], Weight]


NO_RULES = DispatchRules(lambda ctx, call: None, lambda call: ZERO)
SYSTEM_ORIGIN: Origins = {RawOrigin.pallet_index: RawOrigin}


class Runtime(Pausing):
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
        """Join pallets in their order.

        TypeError when two share an index or a name, ValueError for a constant that is unknown or does not fit its type.

        `extensions` are in the groups in which metadata nests them, `origins` are types of origins by the index of
        their pallet, `constants` maps "Pallet.Constant" to the value on this chain.
        """
        super().__init__()
        sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
        self.pallets, self.apis, self.rules = tuple(pallets), tuple(apis), rules
        self.by_index = index_pallets(self.pallets)
        self.outer_enums = outer_enums(self.pallets, origins)
        self.constants = dict(constants or {})
        self.constant_values: Mapping[Any, Any] = self._constant_values()
        self.api_methods = {method.exported: method for api in self.apis for method in api.methods.values()}
        self.on_initialize = [p.initialize for p in self.pallets if p.initialize]
        self.on_finalize = [p.finalize for p in self.pallets if p.finalize]
        self.on_idle = [p.idle for p in self.pallets if p.idle]
        self.extensions = tuple(extension for group in extensions for extension in group)
        self._join_extensions(extensions)
        #: Costs of extrinsics whose call has a fixed cost, by the call and the variable weights of extensions.
        self._infos: dict[tuple[CallDef[Any] | int, ...], DispatchInfo] = {}
        #: Caches of other modules: metadata by version (`runtime.metadata`), encoded events by cost (`executive`).
        self.metadata: dict[int | str, bytes] = {}
        self.successes: dict[int, tuple[DispatchInfo, Sum, bytes]] = {}
        #: Whether the author of a block is the one in its `AuthorClaim`, where it has one, not the one of its slot.
        self.claimed_authors = False

    def _constant_values(self) -> dict[Any, Any]:
        declared = [constant for pallet in self.pallets for constant in pallet.constants.values()]
        if unknown := set(self.constants) - {constant.id for constant in declared}:
            raise ValueError(f"expected names of constants, got unknown {', '.join(sorted(map(str, unknown)))}")
        for constant in declared:
            if constant.id in self.constants:
                require_fit(constant, self.constants[constant.id])
        return {constant: self.constants.get(constant.id, constant.default) for constant in declared}

    # --- extensions ----------------------------------------------------------------------------------------

    def _join_extensions(self, groups: Sequence[Sequence[TransactionExtension]]) -> None:
        """Look up once which extensions take part in which step."""
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
        self._with_weight = [(i, e) for i, e in numbered if overrides(e, "weight")]
        fixed = [(i, e.fixed_implicit) for i, e in numbered if e.fixed_implicit is not None]
        self._fixed_implicit = b"".join(value for _, value in fixed)
        self._with_implicit = [(i, e) for i, e in numbered if overrides(e, "implicit")]
        if not all(i < j for i, _ in fixed for j, _ in self._with_implicit):
            raise InternalError("expected the extensions with fixed implicit values before the others")

    def decode(self, raw: bytes, verify: Verify | None = None) -> Extrinsic:
        """Return the extrinsic that these bytes encode; raise ScaleError when they encode none.

        `verify` is called with a signed extrinsic before its call is decoded, and may refuse it.
        """
        return self.extrinsics.decode(raw, verify)

    def implicit(self, ctx: Context, extrinsic: Extrinsic | Unread) -> bytes:
        """Return the encoded implicit values of a transaction; raise Refused when one of them is not available."""
        explicit, cache = extrinsic.explicit, ctx.block.implicit_cache
        key = tuple([explicit[i] for i, _ in self._with_implicit])
        encoded = cache.get(key)
        if encoded is None:
            if len(cache) >= IMPLICIT_CACHE_LIMIT:
                cache.clear()
            encoded = cache[key] = self._fixed_implicit + b"".join(
                [e.implicit_codec.encode(e.implicit(ctx, explicit[i])) for i, e in self._with_implicit]
            )
        return encoded

    # --- cost ----------------------------------------------------------------------------------------------

    def info(self, call: Call) -> DispatchInfo:
        """Return the declared cost of a call: its own weight and that of the rules, without extensions."""
        cached = call.cost
        if cached is not None and cached[0] is self:
            return cached[1]
        self.step()
        self.require_own(call)
        own = call.function.info(call.args, self.info)
        info = DispatchInfo(own.call_weight + self.rules.weight(call), ZERO, own.class_, own.pays_fee)
        call.cost = (self, info)
        return info

    def dispatch_info(self, extrinsic: Extrinsic) -> DispatchInfo:
        """Return the declared cost of an extrinsic: call and extensions."""
        if extrinsic.info is None:
            extrinsic.info = self._info_of(extrinsic)
        return extrinsic.info

    def _info_of(self, extrinsic: Extrinsic) -> DispatchInfo:
        function, explicit = extrinsic.call.function, extrinsic.explicit
        weighing = () if extrinsic.kind is Kind.BARE else self._with_weight
        key: tuple[CallDef[Any] | int, ...] = (
            function,
            *[extension.weight(extrinsic, explicit[i]).ref_time for i, extension in weighing],
        )
        cached = self._infos.get(key)
        if cached is not None:
            return cached
        info = self.info(extrinsic.call)
        extension_weight = ZERO if extrinsic.kind is Kind.BARE else self.extension_weight(extrinsic)
        info = DispatchInfo(info.call_weight, extension_weight, info.class_, info.pays_fee)
        if function.fixed_cost:
            self._infos[key] = info
        return info

    def extension_weight(self, extrinsic: Extrinsic) -> Weight:
        """Return the sum of the weights of a transaction's extensions."""
        total, explicit = self._fixed_weight, extrinsic.explicit
        for index, extension in self._with_weight:
            total += extension.weight(extrinsic, explicit[index])
        return total

    def nesting(self, extrinsic: Extrinsic) -> int:
        """Return the nesting depth of an extrinsic's call."""
        if extrinsic.nesting is None:
            extrinsic.nesting = nesting_depth(extrinsic.call, self.pause)
        return extrinsic.nesting

    # --- calls ---------------------------------------------------------------------------------------------

    def require_own(self, call: Call) -> None:
        """Raise TypeError for a call of a pallet that is not in this runtime; its bytes may mean another call here."""
        pallet = call.function.pallet
        if self.by_index.get(pallet.index) is not pallet:
            raise TypeError(f"expected a call of this runtime, got {call} of pallet {pallet.index}")

    def contained_origin(self, extrinsic: Extrinsic) -> Sum | None:
        """Return the origin of a call that contains its signature, None for other calls; raise Refused."""
        rules = extrinsic.call.function.pallet.self_contained
        if rules is None:
            return None
        if extrinsic.kind is Kind.SIGNED:
            raise Refused(BadProof())
        if extrinsic.contained is None:
            extrinsic.contained = rules.origin(extrinsic.call)
        return extrinsic.contained

    def sender(self, extrinsic: Extrinsic) -> bytes | Sum | None:
        """Return who sent an extrinsic: an account, or the origin of a call that contains its signature; or None."""
        try:
            return self.contained_origin(extrinsic) or extrinsic.signer
        except Refused:
            return None

    def is_inherent(self, call: Call) -> bool:
        """Return whether the call is an inherent, which block authors include unsigned."""
        return call.function.pallet.is_inherent(call)

    def dispatch(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call as `ctx.origin` in its own transaction; raise DispatchFailed when it fails, its changes undone.

        The rules are checked first unless the origin is root.
        """
        if not ctx.origin.is_root:
            self.rules.check(ctx, call)
        return self.dispatch_bypass_filter(ctx, call)

    def dispatch_bypass_filter(self, ctx: Context, call: Call) -> PostInfo:
        """Run a call like `dispatch`, without the rules for the call itself; they apply to calls inside it.

        Fails with Transactional(LimitReached) for a call that, for example, dispatches itself from storage.
        """
        if ctx.state.depth >= TRANSACTION_LIMIT:
            raise DispatchFailed(Transactional(TransactionalError.LimitReached))
        self.step()
        mark = ctx.block.mark()
        try:
            with ctx.state.transaction():
                post = call.function.body(ctx, *call.args)
        except DispatchFailed:
            ctx.block.rewind(mark)
            raise
        return post or AS_DECLARED


def runtime_of(ctx: Context) -> Runtime:
    """Return the runtime of a context as a `Runtime`, for the executive, extensions and APIs; see `CallDispatcher`."""
    if not isinstance(ctx.runtime, Runtime):
        raise InternalError(f"expected a Runtime, got {ctx.runtime!r}")
    return ctx.runtime


def _nested(groups: Sequence[Sequence[TransactionExtension]]) -> AnyCodec:
    """Return the type of all extensions in metadata: a tuple of groups, a group of one without a tuple around it."""
    tuples: list[AnyCodec] = []
    for group in groups:
        codecs = [ExtensionCodec(extension) for extension in group]
        wrapped: list[AnyCodec] = [WrapperCodec(c) if c.extension.wrapper_path else c for c in codecs]
        tuples.append(wrapped[0] if len(wrapped) == 1 else Tuple(tuple(wrapped)))
    return Tuple(tuple(tuples))
