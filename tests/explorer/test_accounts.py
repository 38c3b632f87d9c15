"""Accounts, storage and search: what pages find is what the chain has."""

from __future__ import annotations

import pytest
from pysubtensor.explorer.node.connection import NodeError
from pysubtensor.explorer.node.node import Node, to_hex
from pysubtensor.explorer.node.values import Account
from pysubtensor.explorer.readers.accounts import read_account
from pysubtensor.explorer.readers.live import Live
from pysubtensor.explorer.readers.search import Found, search
from pysubtensor.explorer.readers.storage import Entry, key_from_text, key_text, read_entries, read_entry
from pysubtensor.runtime.client.errors import PlainError
from pysubtensor.runtime.crypto import blake2_256

from tests.explorer.conftest import SUBNET, World

ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"


def test_a_coldkey_has_its_balance_hotkeys_and_stake(world: World) -> None:
    chain = world.chain
    bob = Account(chain.accounts.bob.account)
    holder = world.read(lambda node: read_account(node, bob))
    assert holder.free == chain.storage.System.Account["bob"].data.free
    assert holder.nonce == chain.storage.System.Account["bob"].nonce
    assert holder.development_name == "//Bob"
    stakes = {(each.hotkey.address, each.netuid): each.amount for each in holder.stakes}
    wanted = chain.apis.StakeInfoRuntimeApi.get_stake_info_for_coldkey(bob)
    assert stakes == {(Account(each.hotkey).address, each.netuid): each.stake for each in wanted}
    assert stakes
    (hotkey,) = holder.hotkeys
    of_hotkey = world.read(lambda node: read_account(node, hotkey))
    assert of_hotkey.owner == bob
    assert [(each.netuid, each.uid) for each in of_hotkey.memberships] == [
        (SUBNET, chain.metagraph(SUBNET).uid_of(hotkey.address))
    ]


def test_entries_come_in_pages_and_single_ones_by_key(world: World) -> None:
    async def read(node: Node) -> tuple[list[Entry], Entry]:
        interface = await node.interface()
        item = interface.item("System", "Account")
        assert item is not None
        first = await read_entries(node, item)
        rest = await read_entries(node, item, None, first.after)
        key = key_from_text(interface, item, ["//Alice"])
        return [*first.entries, *rest.entries], await read_entry(node, item, key)

    entries, alice = world.read(read)
    wanted = dict(world.chain.storage.System.Account.items())
    assert {each.parts[0].address: each.value["data"]["free"] for each in entries} == {
        Account(account).address: info.data.free for account, info in wanted.items()
    }
    assert key_text(alice.parts) == ALICE
    assert alice.value["data"]["free"] == world.chain.storage.System.Account["alice"].data.free


def test_keys_of_other_items_and_wrong_parts_are_refused(world: World) -> None:
    async def read(node: Node) -> None:
        interface = await node.interface()
        item = interface.item("SubtensorModule", "Uids")
        assert item is not None
        with pytest.raises(PlainError, match="expected 2 parts of a key, got 1"):
            key_from_text(interface, item, ["1"])
        with pytest.raises(PlainError, match="expected an integer, got 'one'"):
            key_from_text(interface, item, ["one", "//Alice"])
        with pytest.raises(NodeError, match=r"is no key of SubtensorModule\.Uids"):
            await read_entry(node, item, "0x1234")

    world.read(read)


def find(world: World, text: str) -> list[Found]:
    return world.read(lambda node: search(node, Live(node), text))


def test_a_number_is_a_block_or_a_subnet(world: World) -> None:
    assert [(each.kind, each.link) for each in find(world, "#2")] == [("Block", "/block/2"), ("Subnet", "/subnet/2")]
    assert [(each.kind, each.link) for each in find(world, "4_4")] == [("Block", "/block/44")]
    assert find(world, "1000000") == []


def test_a_hash_is_a_block_an_extrinsic_or_a_public_key(world: World) -> None:
    receipt = world.transfer
    assert find(world, to_hex(receipt.block_hash))[0].link == f"/block/{to_hex(receipt.block_hash)}"
    raw = world.chain.at(receipt.block_number).block.body[receipt.index]
    (found,) = find(world, to_hex(blake2_256(raw)))
    assert (found.kind, found.name) == ("Extrinsic", "Balances.transfer_keep_alive")
    assert found.link == f"/extrinsic/{receipt.block_number}-{receipt.index}"
    assert find(world, to_hex(world.chain.accounts.alice.account))[0].link == f"/account/{ALICE}"


def test_names_are_found(world: World) -> None:
    assert find(world, "//Alice") == [Found("Account", ALICE, f"/account/{ALICE}")]
    assert find(world, ALICE)[0].kind == "Account"
    assert find(world, "7-2") == [Found("Extrinsic", "7-2", "/extrinsic/7-2")]
    assert Found("Storage", "SubtensorModule.Kappa", "/storage/SubtensorModule/Kappa") in find(world, "kappa")
    name = bytes(world.chain.apis.SubnetInfoRuntimeApi.get_dynamic_info(SUBNET).subnet_name).decode()
    assert Found("Subnet", f"{SUBNET} {name}", f"/subnet/{SUBNET}") in find(world, name.upper())
    assert find(world, "no such thing") == []
