"""`stakeInfo_*`: locks, as encoded answers of StakeInfoRuntimeApi."""

from __future__ import annotations

from ..namespace import Namespace
from ..node import Node
from ..params import Hash
from ..runtime_apis import Account, NetUid, byte_list, call_runtime_api, encode_u16

namespace = Namespace()


@namespace.method()
def stakeInfo_getColdkeyLock(node: Node, coldkey: Account, netuid: NetUid, at: Hash | None = None) -> list[int]:
    """Return a coldkey's lock on a subnet."""
    arguments, failure = coldkey + encode_u16(netuid), "Unable to get coldkey lock"
    return byte_list(node, call_runtime_api(node, "StakeInfoRuntimeApi_get_coldkey_lock", arguments, at, failure))
