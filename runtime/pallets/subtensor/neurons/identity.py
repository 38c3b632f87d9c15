"""Identities that coldkeys and subnets publish: text in UTF-8 of limited length, whose content the chain does not
check."""

from __future__ import annotations

from collections.abc import Mapping

from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import weight_of
from ...shared.types import NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import ChainIdentityV2, SubnetIdentityV3
from .uids import is_hotkey_registered_on_any_network

#: Greatest length of each field, in bytes.
SHORT, LONG = 256, 1_024
COLDKEY_LIMITS = {
    "name": SHORT,
    "url": SHORT,
    "github_repo": SHORT,
    "image": LONG,
    "discord": SHORT,
    "description": LONG,
    "additional": LONG,
}
SUBNET_LIMITS = {
    "subnet_name": SHORT,
    "github_repo": LONG,
    "subnet_contact": LONG,
    "subnet_url": LONG,
    "discord": SHORT,
    "description": LONG,
    "logo_url": LONG,
    "additional": LONG,
}


def _is_within(identity: ChainIdentityV2 | SubnetIdentityV3, limits: Mapping[str, int]) -> bool:
    """Return whether no field is longer than its limit, in bytes."""
    return all(len(getattr(identity, field)) <= limit for field, limit in limits.items())


def is_valid_subnet_identity(identity: SubnetIdentityV3) -> bool:
    """Return whether all fields are within their limits."""
    return _is_within(identity, SUBNET_LIMITS)


@pallet.call(68, weight=weight_of(32_040_000, 6_829, 3, 1))
def set_identity(
    ctx: Context,
    name: bytes,
    url: bytes,
    github_repo: bytes,
    image: bytes,
    discord: bytes,
    description: bytes,
    additional: bytes,
) -> None:
    """Publish the identity of the signer, a coldkey with a hotkey registered on some subnet.

    `image`, `description` and `additional` have up to 1024 bytes, the other fields up to 256. Fails with
    HotKeyNotRegisteredInNetwork and InvalidIdentity.
    """
    coldkey = ctx.ensure_signed()
    registered = any(
        is_hotkey_registered_on_any_network(ctx, hotkey) for hotkey in storage.OwnedHotkeys.get(ctx, coldkey)
    )
    ensure(registered, Error.HotKeyNotRegisteredInNetwork)
    identity = ChainIdentityV2(name, url, github_repo, image, discord, description, additional)
    ensure(_is_within(identity, COLDKEY_LIMITS), Error.InvalidIdentity)
    storage.IdentitiesV2.put(ctx, coldkey, identity)
    ctx.deposit(events.ChainIdentitySet(coldkey))


@pallet.call(78, weight=weight_of(17_513_000, 4_060, 1, 1))
def set_subnet_identity(
    ctx: Context,
    netuid: NetUid,
    subnet_name: bytes,
    github_repo: bytes,
    subnet_contact: bytes,
    subnet_url: bytes,
    discord: bytes,
    description: bytes,
    logo_url: bytes,
    additional: bytes,
) -> None:
    """Publish the identity of a subnet, as its owner.

    `subnet_name` and `discord` have up to 256 bytes, the other fields up to 1024. Fails with NotSubnetOwner and
    InvalidIdentity.
    """
    coldkey = ctx.ensure_signed()
    ensure(storage.SubnetOwner.get(ctx, netuid) == coldkey, Error.NotSubnetOwner)
    identity = SubnetIdentityV3(
        subnet_name, github_repo, subnet_contact, subnet_url, discord, description, logo_url, additional
    )
    ensure(is_valid_subnet_identity(identity), Error.InvalidIdentity)
    storage.SubnetIdentitiesV3.put(ctx, netuid, identity)
    ctx.deposit(events.SubnetIdentitySet(netuid))
