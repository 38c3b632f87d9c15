"""ProxyFilterRuntimeApi: the types of proxies, and the calls that each allows."""

from __future__ import annotations

from collections.abc import Iterable

from ..frame.context import Context
from ..frame.pallet import Pallet
from ..frame.runtime import runtime_of
from ..frame.runtime_api import RuntimeApi
from ..pallets.proxy.proxy_type import FILTERS, Below, Filter, FilterMode, Nested, ProxyType
from ..scale import Struct, Sum, u8, u128

CRATE = "subtensor_runtime_common"


class CallCondition(Sum, path=f"{CRATE}::CallCondition"):
    """A condition on the arguments of a call."""


class ParamLessThan(CallCondition, index=0):
    """The argument of this name must be less than `limit`."""

    param_name: bytes
    limit: u128


class NestedCallMustBe(CallCondition, index=1):
    """The call inside of the call must be this one."""

    pallet_name: bytes
    call_name: bytes


class CallInfo(Struct, path=f"{CRATE}::CallInfo"):
    """A call that a filter lists; without name and index, all calls of the pallet."""

    pallet_name: bytes
    pallet_index: u8
    call_name: bytes | None
    call_index: u8 | None
    condition: CallCondition | None


class ProxyFilterInfo(Struct, path=f"{CRATE}::ProxyFilterInfo"):
    """The filter of one type of proxy."""

    proxy_type: u8
    name: bytes
    deprecated: bool
    filter_mode: FilterMode
    calls: list[CallInfo]
    exceptions: list[CallInfo]


class ProxyTypeInfo(Struct, path=f"{CRATE}::ProxyTypeInfo"):
    """A type of proxies."""

    name: bytes
    index: u8
    deprecated: bool


api = RuntimeApi("ProxyFilterRuntimeApi", 1, docs="Reads the types of proxies, and the calls that they allow.")


@api.method
def get_proxy_types(ctx: Context) -> list[ProxyTypeInfo]:
    """Return all types of proxies, by index."""
    return [ProxyTypeInfo(kind.name.encode(), kind.value, kind.is_deprecated) for kind in ProxyType]


@api.method
def get_proxy_filter(ctx: Context, proxy_type: u8 | None) -> list[ProxyFilterInfo]:
    """Return the filter of a type of proxies, or (None) the filters of all types; none for an unknown type."""
    pallets = {pallet.name: pallet for pallet in runtime_of(ctx).pallets}
    selected = (pair for pair in FILTERS.items() if proxy_type is None or pair[0].value == proxy_type)
    return [_filter_info(pallets, kind, rule) for kind, rule in selected]


def _filter_info(pallets: dict[str, Pallet], kind: ProxyType, rule: Filter) -> ProxyFilterInfo:
    """Describe the filter of a type."""
    return ProxyFilterInfo(
        kind.value,
        kind.name.encode(),
        kind.is_deprecated,
        rule.mode,
        _call_infos(pallets, rule.calls.items()),
        _call_infos(pallets, ((key, None) for key in rule.exceptions)),
    )


def _call_infos(
    pallets: dict[str, Pallet], calls: Iterable[tuple[tuple[str, str | None], Below | Nested | None]]
) -> list[CallInfo]:
    """Describe listed calls, with their indices in this runtime."""
    infos = []
    for (name, call), condition in calls:
        pallet = pallets[name]
        index = next((index for index, declared in pallet.calls.items() if declared.name == call), None)
        encoded = None if call is None else call.encode()
        infos.append(CallInfo(name.encode(), pallet.index, encoded, index, _condition(condition)))
    return infos


def _condition(condition: Below | Nested | None) -> CallCondition | None:
    """Describe a condition on the arguments of a call."""
    if isinstance(condition, Below):
        return ParamLessThan(condition.argument.encode(), condition.limit)
    if isinstance(condition, Nested):
        return NestedCallMustBe(condition.pallet.encode(), condition.call.encode())
    return None
