"""Symbols and names of subnets."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import ROOT_ORIGIN
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import SymbolUpdated
from pysubtensor.runtime.pallets.subtensor.declared.types import SubnetIdentityV3
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner, TokenSymbol
from pysubtensor.runtime.pallets.subtensor.storage.serving import SubnetIdentitiesV3
from pysubtensor.runtime.pallets.subtensor.subnets.symbols import (
    SYMBOLS,
    get_name_for_subnet,
    get_next_available_symbol,
    get_symbol_for_subnet,
    update_symbol,
)

from tests.world import Dispatch, Events, RefusedCall, account

OWNER, STRANGER = account(1), account(2)
NETUID = 5
TAU, ALPHA, BETA = "Τ".encode(), "α".encode(), "β".encode()


def test_symbols_of_netuids_are_distinct() -> None:
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 439


@pytest.mark.parametrize(
    ("netuid", "sign", "name"),
    [
        # The first, the last, and one from the middle of each alphabet, as in the chain's own tables.
        (0, b"\xce\xa4", b"root"),
        (1, b"\xce\xb1", b"apex"),
        (19, b"t", b"inference"),
        (61, b"\xd8\xb1", b"red team"),
        (90, b"\xe1\x9a\x80", b"ogham"),
        (438, b"\xe0\xb6\xb0", b"ra"),
    ],
)
def test_each_netuid_has_a_symbol_and_a_name(ctx: Context, netuid: int, sign: bytes, name: bytes) -> None:
    assert get_symbol_for_subnet(netuid) == sign
    assert get_name_for_subnet(ctx, netuid) == name


def test_netuids_beyond_the_table_have_roots_symbol(ctx: Context) -> None:
    assert get_symbol_for_subnet(439) == TAU
    assert get_name_for_subnet(ctx, 439) == b"unknown"


def test_the_identitys_name_is_used_unless_it_is_empty(ctx: Context) -> None:
    SubnetIdentitiesV3.put(ctx, NETUID, SubnetIdentityV3(subnet_name=b"mine"))
    assert get_name_for_subnet(ctx, NETUID) == b"mine"
    SubnetIdentitiesV3.put(ctx, NETUID, SubnetIdentityV3(logo_url=b"only a picture"))
    assert get_name_for_subnet(ctx, NETUID) == b"kaito"


def test_a_subnet_gets_its_own_symbol_or_the_first_free_one(ctx: Context) -> None:
    assert get_next_available_symbol(ctx, 2) == BETA
    TokenSymbol.put(ctx, 7, BETA)
    assert get_next_available_symbol(ctx, 2) == ALPHA
    TokenSymbol.put(ctx, 8, ALPHA)
    assert get_next_available_symbol(ctx, 2) == "γ".encode()


def test_without_free_symbols_subnets_have_roots(ctx: Context) -> None:
    for netuid, symbol in enumerate(SYMBOLS):
        TokenSymbol.put(ctx, netuid + 1_000, symbol)
    assert get_next_available_symbol(ctx, 2) == TAU


@pytest.mark.parametrize("who", [ROOT_ORIGIN, OWNER])
def test_owner_and_root_set_a_symbol(ctx: Context, dispatch: Dispatch, events: Events, who: object) -> None:
    SubnetOwner.put(ctx, NETUID, OWNER)
    dispatch(who, update_symbol.call(NETUID, ALPHA))
    assert TokenSymbol.get(ctx, NETUID) == ALPHA
    assert events() == [SymbolUpdated(NETUID, ALPHA)]


@pytest.mark.parametrize(
    ("who", "symbol", "error"),
    [
        (STRANGER, ALPHA, BadOrigin()),
        (OWNER, b"X", Error.SymbolDoesNotExist),
        (OWNER, TAU, Error.SymbolDoesNotExist),
        (OWNER, BETA, Error.SymbolAlreadyInUse),
    ],
)
def test_symbols_must_be_free_and_set_by_owner_or_root(
    ctx: Context, refused: RefusedCall, who: bytes, symbol: bytes, error: object
) -> None:
    SubnetOwner.put(ctx, NETUID, OWNER)
    TokenSymbol.put(ctx, 2, BETA)
    refused(who, update_symbol.call(NETUID, symbol), error)
