"""An account: balance, stake, keys, where it is registered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from ...runtime.client.development import ACCOUNTS
from ..node.node import Node
from ..node.values import Account, bytes_text

#: Stakes, hotkeys and registrations that are read.
MOST = 500
NAMES = {account: f"//{name}" for name, account in ACCOUNTS.items()}


@dataclass(frozen=True, slots=True)
class Stake:
    """A coldkey's stake on a hotkey, in billionths of alpha."""

    hotkey: Account
    netuid: int
    amount: int
    is_registered: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """A neuron of a hotkey."""

    netuid: int
    uid: int


@dataclass(frozen=True, slots=True)
class Holder:
    """An account; amounts in rao. `owner` is its coldkey if it is a hotkey."""

    account: Account
    development_name: str
    identity: dict[str, str]
    nonce: int
    free: int
    reserved: int
    frozen: int
    owner: Account | None
    hotkeys: tuple[Account, ...]
    stakes: tuple[Stake, ...]
    memberships: tuple[Membership, ...]


async def read_account(node: Node, account: Account, at: str | None = None) -> Holder:
    """Return what the chain has about an account."""
    known, owner, hotkeys, identity, stakes = await asyncio.gather(
        node.storage("System", "Account", account, at=at),
        _owner(node, account, at),
        node.storage("SubtensorModule", "OwnedHotkeys", account, at=at),
        node.storage("SubtensorModule", "IdentitiesV2", account, at=at),
        node.ask("StakeInfoRuntimeApi.get_stake_info_for_coldkey", account, at=at),
    )
    data = known["data"]
    return Holder(
        account=account,
        development_name=NAMES.get(bytes(account), ""),
        identity={name: bytes_text(value) for name, value in (identity or {}).items() if value},
        nonce=known["nonce"],
        free=data["free"],
        reserved=data["reserved"],
        frozen=data.get("frozen", 0),
        owner=owner,
        hotkeys=tuple(hotkeys or ())[:MOST],
        stakes=tuple(map(_stake, (stakes or ())[:MOST])),
        memberships=await _memberships(node, account, at),
    )


async def _owner(node: Node, account: Account, at: str | None) -> Account | None:
    """Return the coldkey of a hotkey; the chain's default, the account of zeros, is none."""
    found = await node.storage("SubtensorModule", "Owner", account, at=at)
    return found if isinstance(found, Account) and any(found) else None


def _stake(found: dict[str, Any]) -> Stake:
    return Stake(found["hotkey"], found["netuid"], found["stake"], found["is_registered"])


async def _memberships(node: Node, account: Account, at: str | None) -> tuple[Membership, ...]:
    interface = await node.interface(at)
    item = interface.item("SubtensorModule", "IsNetworkMember")
    entries = [] if item is None else await node.entries(item, (account,), at, limit=MOST)
    netuids = sorted(parts[1] for _, parts, is_member in entries if is_member)
    uids = await asyncio.gather(
        *(node.storage("SubtensorModule", "Uids", netuid, account, at=at) for netuid in netuids)
    )
    return tuple(Membership(netuid, uid) for netuid, uid in zip(netuids, uids, strict=True) if uid is not None)
