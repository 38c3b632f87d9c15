"""Proxy (2059): proxies of the caller, pure accounts, and calls for an account whose proxy the caller is."""

from __future__ import annotations

from ....crypto import pure_proxy_account
from ....frame.extrinsic import Id
from ....scale import Err, ScaleError
from ...admin_utils.pallet import PrecompileEnum
from ...proxy import calls
from ...proxy.declared import LastCallResult, Proxies
from ...proxy.proxy_type import ProxyType
from .contract import Contract
from .dispatching import decode_call, dispatch
from .error_texts import debug_text
from .errors import failed
from .handle import Handle

contract = Contract(2059, PrecompileEnum.Proxy)

contract.forward("removeProxies()", calls.remove_proxies, payable=False)
contract.forward("pokeDeposit()", calls.poke_deposit, payable=False)


def _type_of(number: int) -> ProxyType:
    try:
        return ProxyType(number)
    except ValueError:
        raise failed("Invalid proxy type") from None


@contract.call("addProxy(bytes32,uint8,uint32)")
def add_proxy(handle: Handle, delegate: bytes, proxy_type: int, delay: int) -> None:
    """Dispatch `Proxy.add_proxy`."""
    dispatch(handle, calls.add_proxy.call(Id(delegate), _type_of(proxy_type), delay))


@contract.call("removeProxy(bytes32,uint8,uint32)")
def remove_proxy(handle: Handle, delegate: bytes, proxy_type: int, delay: int) -> None:
    """Dispatch `Proxy.remove_proxy`."""
    dispatch(handle, calls.remove_proxy.call(Id(delegate), _type_of(proxy_type), delay))


@contract.call("createPureProxy(uint8,uint32,uint16)", returns="bytes32")
def create_pure_proxy(handle: Handle, proxy_type_: int, delay: int, index: int) -> bytes:
    """Dispatch `Proxy.create_pure` and return the new account."""
    ctx, account, type_ = handle.ctx, handle.caller_account, _type_of(proxy_type_)
    dispatch(handle, calls.create_pure.call(type_, delay, index))
    pure = pure_proxy_account(account, ctx.block.number, ctx.extrinsic_index or 0, type_.value, index)
    definitions, _ = Proxies.get(ctx, pure)
    if not any(each.delegate == account and each.proxy_type is type_ for each in definitions):
        raise failed("Proxy not found")
    return pure


@contract.call("killPureProxy(bytes32,uint8,uint16,uint32,uint32)")
def kill_pure_proxy(handle: Handle, spawner: bytes, proxy_type: int, index: int, height: int, ext_index: int) -> None:
    """Dispatch `Proxy.kill_pure`."""
    dispatch(handle, calls.kill_pure.call(Id(spawner), _type_of(proxy_type), index, height, ext_index))


@contract.call("proxyCall(bytes32,uint8[],uint8[])")
def proxy_call(handle: Handle, real: bytes, force_proxy_type: list[int], call: list[int]) -> None:
    """Dispatch `Proxy.proxy` with an encoded call, one byte in each uint8; fails when the proxied call fails.

    The first number of `force_proxy_type`, if any, is the type of proxy to use.
    """
    try:
        proxied = decode_call(handle, bytes(call))
    except ScaleError:
        raise failed("The raw call data not correctly encoded") from None
    type_ = _type_of(force_proxy_type[0]) if force_proxy_type else None
    dispatch(handle, calls.proxy.call(Id(real), type_, proxied))
    result = LastCallResult.get(handle.ctx, real)
    if result is None:
        raise failed("Proxy execution failed")
    if isinstance(result, Err):
        raise failed(debug_text(result.error))


@contract.view("getProxies(bytes32)", "(bytes32,uint256,uint256)[]")
def proxies(handle: Handle, account_id: bytes) -> list[tuple[bytes, int, int]]:
    """Return the proxies of an account: delegate, number of the type, delay in blocks."""
    handle.charge_reads(1)
    definitions, _ = Proxies.get(handle.ctx, account_id)
    return [(each.delegate, each.proxy_type.value, each.delay) for each in definitions]
