"""`delegateInfo_*`: delegates, as encoded answers of DelegateInfoRuntimeApi."""

from __future__ import annotations

from ..errors import RpcError
from ..namespace import Cost, Namespace
from ..node import Node
from ..params import Hash
from ..runtime_apis import ACCOUNT_LENGTH, AccountBytes, byte_list, call_runtime_api

namespace = Namespace()


def account_of(data: bytes) -> bytes:
    """Return the account that these bytes begin with."""
    if len(data) < ACCOUNT_LENGTH:
        why = f"expected {ACCOUNT_LENGTH} bytes, got {len(data)}"
        raise RpcError(1, f"Unable to get delegates info: {why}")
    return data[:ACCOUNT_LENGTH]


def _call_api(node: Node, name: str, arguments: bytes, at: bytes | None) -> list[int]:
    return byte_list(
        node, call_runtime_api(node, f"DelegateInfoRuntimeApi_{name}", arguments, at, "Unable to get delegates info")
    )


@namespace.method(cost=Cost.LONG)
def delegateInfo_getDelegates(node: Node, at: Hash | None = None) -> list[int]:
    """Return all delegates."""
    return _call_api(node, "get_delegates", b"", at)


@namespace.method(cost=Cost.LONG, named=["delegate_account_vec", "at"])
def delegateInfo_getDelegate(node: Node, delegate: AccountBytes, at: Hash | None = None) -> list[int]:
    """Return a delegate by its hotkey."""
    return _call_api(node, "get_delegate", account_of(delegate), at)


@namespace.method(cost=Cost.LONG, named=["delegatee_account_vec", "at"])
def delegateInfo_getDelegated(node: Node, delegatee: AccountBytes, at: Hash | None = None) -> list[int]:
    """Return the delegates of a coldkey."""
    return _call_api(node, "get_delegated", account_of(delegatee), at)
