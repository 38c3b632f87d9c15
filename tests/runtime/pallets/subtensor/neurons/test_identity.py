"""Identities of coldkeys and subnets."""

from __future__ import annotations

from dataclasses import fields

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import ChainIdentitySet, SubnetIdentitySet
from pysubtensor.runtime.pallets.subtensor.declared.types import ChainIdentityV2, SubnetIdentityV3
from pysubtensor.runtime.pallets.subtensor.neurons.identity import set_identity, set_subnet_identity
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner
from pysubtensor.runtime.pallets.subtensor.storage.neurons import IsNetworkMember
from pysubtensor.runtime.pallets.subtensor.storage.serving import IdentitiesV2, SubnetIdentitiesV3
from pysubtensor.runtime.pallets.subtensor.storage.staking import OwnedHotkeys

from tests.world import Dispatch, Events, RefusedCall, account

COLDKEY, HOTKEY, STRANGER = account(1), account(2), account(3)
NETUID = 5
#: The greatest length of each field, in the order of the calls' arguments.
LONGEST = (256, 256, 256, 1_024, 256, 1_024, 1_024)
LONGEST_OF_SUBNET = (256, 1_024, 1_024, 1_024, 256, 1_024, 1_024, 1_024)


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """A coldkey with a hotkey that is registered on a subnet; the coldkey owns the subnet."""
    OwnedHotkeys.put(ctx, COLDKEY, [STRANGER, HOTKEY])
    IsNetworkMember.put(ctx, HOTKEY, NETUID, True)
    SubnetOwner.put(ctx, NETUID, COLDKEY)
    return ctx


def test_a_coldkey_with_a_registered_hotkey_sets_its_identity(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    texts = [b"x" * length for length in LONGEST]
    dispatch(COLDKEY, set_identity.call(*texts))
    assert IdentitiesV2.get(ctx, COLDKEY) == ChainIdentityV2(*texts)
    assert events() == [ChainIdentitySet(COLDKEY)]


def test_an_identity_needs_a_registered_hotkey(ctx: Context, refused: RefusedCall) -> None:
    call = set_identity.call(b"", b"", b"", b"", b"", b"", b"")
    refused(STRANGER, call, Error.HotKeyNotRegisteredInNetwork)
    IsNetworkMember.put(ctx, HOTKEY, NETUID, False)
    refused(COLDKEY, call, Error.HotKeyNotRegisteredInNetwork)
    refused(ROOT_ORIGIN, call, BadOrigin())


@pytest.mark.parametrize("field", range(len(LONGEST)), ids=[field.name for field in fields(ChainIdentityV2)])
def test_fields_of_an_identity_have_limits(ctx: Context, refused: RefusedCall, field: int) -> None:
    texts = [b"x" * (length + (i == field)) for i, length in enumerate(LONGEST)]
    refused(COLDKEY, set_identity.call(*texts), Error.InvalidIdentity)


def test_an_owner_sets_the_identity_of_its_subnet(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    texts = [b"x" * length for length in LONGEST_OF_SUBNET]
    dispatch(COLDKEY, set_subnet_identity.call(NETUID, *texts))
    assert SubnetIdentitiesV3.get(ctx, NETUID) == SubnetIdentityV3(*texts)
    assert events() == [SubnetIdentitySet(NETUID)]


@pytest.mark.parametrize(("who", "error"), [(STRANGER, Error.NotSubnetOwner), (ROOT_ORIGIN, BadOrigin())])
def test_only_the_owner_sets_the_identity_of_a_subnet(
    ctx: Context, refused: RefusedCall, who: object, error: object
) -> None:
    refused(who, set_subnet_identity.call(NETUID, b"", b"", b"", b"", b"", b"", b"", b""), error)


@pytest.mark.parametrize("field", range(len(LONGEST_OF_SUBNET)), ids=[field.name for field in fields(SubnetIdentityV3)])
def test_fields_of_a_subnets_identity_have_limits(ctx: Context, refused: RefusedCall, field: int) -> None:
    texts = [b"x" * (length + (i == field)) for i, length in enumerate(LONGEST_OF_SUBNET)]
    refused(COLDKEY, set_subnet_identity.call(NETUID, *texts), Error.InvalidIdentity)
