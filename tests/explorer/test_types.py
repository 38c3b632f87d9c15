"""Types from metadata: every value of a chain is decoded, and encoded again to the same bytes."""

from __future__ import annotations

import pytest
from pysubtensor.explorer.node.encoding import encode
from pysubtensor.explorer.node.interface import Interface
from pysubtensor.explorer.node.node import Node
from pysubtensor.explorer.node.types import Types
from pysubtensor.explorer.node.values import Account, Variant
from pysubtensor.runtime.client.errors import PlainError
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.metadata import encoded_metadata
from pysubtensor.runtime.metadata.registry import (
    Array,
    PortableType,
    Primitive,
    PrimitiveDef,
    Sequence,
    Tuple,
    TypeDef,
)
from pysubtensor.runtime.scale.reader import ScaleError, encode_compact

from tests.explorer.conftest import World

ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"


@pytest.fixture(scope="module")
def interface() -> Interface:
    return Interface(encoded_metadata(spec_425(), 15), 425, 1)


def test_every_value_of_a_chain_is_encoded_to_its_bytes_again(world: World, interface: Interface) -> None:
    async def raw_entries(node: Node) -> list[tuple[str, str]]:
        found = await node.call("state_getPairs", "0x")
        return [(key, value) for key, value in found]

    pairs = world.read(raw_entries)
    items = {
        item.prefix.hex(): item
        for pallet in interface.pallets
        for name in interface.items(pallet)
        if (item := interface.item(pallet, name)) is not None
    }
    seen = 0
    for key, value in pairs:
        item = items.get(key[2:66])
        if item is None:
            continue
        data = bytes.fromhex(value[2:])
        assert encode(interface.types, item.value, interface.types.decode(item.value, data)) == data, item
        seen += 1
    assert seen > 200


def test_every_default_can_be_read(interface: Interface) -> None:
    for pallet in interface.pallets:
        for name in interface.items(pallet):
            item = interface.item(pallet, name)
            assert item is not None
            if item.default is not None:
                interface.types.decode(item.value, item.default)


def test_accounts_options_and_variants_have_their_values(interface: Interface) -> None:
    owner = interface.item("SubtensorModule", "SubnetOwner")
    assert owner is not None
    account = interface.types.decode(owner.value, bytes(range(32)))
    assert isinstance(account, Account)
    assert account == bytes(range(32))
    claim = interface.item("SubtensorModule", "RootClaimType")
    assert claim is not None
    assert interface.types.decode(claim.value, b"\x01") == Variant("Keep")


def made(*definitions: TypeDef) -> Types:
    """Types of these definitions, numbered from 0 on."""
    return Types([PortableType(number, [], [], each, []) for number, each in enumerate(definitions)])


def test_a_list_is_no_longer_than_the_bytes_that_are_left() -> None:
    types = made(Tuple([]), Sequence(0), Array(1 << 31, 0))
    with pytest.raises(ScaleError, match="expected 1073741823 items, 0 bytes are left"):
        types.decode(1, encode_compact((1 << 30) - 1))
    with pytest.raises(ScaleError, match="expected 2147483648 items, 0 bytes are left"):
        types.decode(2, b"")


def test_a_type_that_contains_itself_ends() -> None:
    with pytest.raises(ScaleError, match="nested deeper than 256 levels"):
        made(Tuple([0, 0])).decode(0, bytes(1000))


def test_lists_of_numbers_are_read_at_once() -> None:
    types = made(
        PrimitiveDef(Primitive.U16), Sequence(0), Tuple([0, 0]), Sequence(2), PrimitiveDef(Primitive.U8), Sequence(4)
    )
    assert types.decode(1, b"\x08\x01\x00\xff\xff") == [1, 65535]
    assert types.decode(3, b"\x04\x01\x00\x02\x00") == [(1, 2)]
    assert types.decode(5, b"\x0cabc") == b"abc"
    with pytest.raises(ScaleError, match="expected 4 more bytes, 2 are left"):
        types.decode(1, b"\x08\x01\x00")


@pytest.mark.parametrize(
    ("pallet", "call", "field", "value", "reason"),
    [
        ("Balances", "transfer_keep_alive", "dest", "nowhere", "expected an address, //Name"),
        ("Balances", "transfer_keep_alive", "value", -1, "expected an integer from 0"),
        ("SubtensorModule", "burned_register", "netuid", 65_536, "expected an integer from 0 to 65535, got 65536"),
        ("SubtensorModule", "burned_register", "netuid", "many", "expected an integer, got 'many'"),
        ("SubtensorModule", "set_weights", "dests", 5, "expected a list, got 5"),
        ("SubtensorModule", "set_root_claim_type", "new_root_claim_type", "Burn", "expected one of Swap, Keep"),
    ],
)
def test_what_does_not_fit_is_refused(
    interface: Interface, pallet: str, call: str, field: str, value: object, reason: str
) -> None:
    (declared,) = [each for each in interface.calls(pallet)[call].fields if each.name == field]
    with pytest.raises(PlainError, match=reason):
        encode(interface.types, declared.type, value)
