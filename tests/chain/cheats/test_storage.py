"""Writing storage items by name, with plain values, and in Chopsticks' forms."""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.runtime.pallets import system

from pysubtensor import Chain, ChainError, Keypair

TAO = 10**9
BOB = Keypair.from_uri("//Bob")

pytestmark = pytest.mark.lawless("writes balances from nothing")


def test_an_item_is_written_by_its_name() -> None:
    with Chain.dev() as chain:
        chain.set_storage("SubtensorModule.Tempo", 1, value=7)
        chain.set_storage("subtensorModule.taoWeight", value="0x10")
        assert chain.query("SubtensorModule.Tempo", 1) == 7
        assert chain.query("SubtensorModule.TaoWeight") == 16
        chain.produce(1)
        assert [chain.query("SubtensorModule.Tempo", 1, at=number) for number in (0, 1)] == [100, 7]
        chain.set_storage("SubtensorModule.Tempo", 1, value=None)
        assert chain.state.get(system.Account.key_of([BOB.account])) is not None
        assert chain.query("SubtensorModule.Tempo", 1) == 360


def test_a_mapping_changes_the_fields_that_it_names() -> None:
    with Chain.dev() as chain:
        chain.execute("System.remark", "//Bob", remark=b"")
        chain.set_storage("System.Account", BOB, value={"data": {"free": 5 * TAO}})
        account = chain.query("System.Account", BOB)
        assert (account.nonce, account.providers, account.data.free) == (1, 1, 5 * TAO)
        chain.set_storage("System.Account", "//New", value={"providers": 1, "data": {"free": "2tao"}})
        assert chain.query("System.Account", "//New").data.free == 2 * TAO


def test_a_record_is_edited_in_place() -> None:
    with Chain.dev() as chain:
        with chain.editable("System.Account", BOB) as account:
            account.data.free -= 5
            account.nonce = 9
        assert (chain.nonce(BOB), chain.query("System.Account", BOB).data.free) == (9, 1_000_000 * TAO - 5)
        assert chain.mutate("SubtensorModule.Tempo", 1, by=lambda tempo: tempo * 2) == 200
        with (
            pytest.raises(ChainError, match=r"expected a record in SubtensorModule.Tempo, got 200"),
            chain.editable("SubtensorModule.Tempo", 1),
        ):
            pass


def test_many_entries_are_written_in_chopsticks_forms() -> None:
    with Chain.dev() as chain:
        chain.set_storage(
            {
                "System": {"Account": [[[BOB.address], {"data": {"free": "77"}}], [["//Dave"], None]]},
                "subtensorModule": {"tempo": [[[1], 9], [1, "0x0a00"]], "TotalNetworks": 5},
                "Sudo": {"Key": "0x" + BOB.account.hex()},
            }
        )
        assert chain.query("System.Account", BOB).data.free == 77
        assert chain.query("System.Account", "//Dave").data.free == 0
        assert chain.query("SubtensorModule.Tempo", 1) == 10
        assert chain.query("SubtensorModule.TotalNetworks") == 5
        assert chain.query("Sudo.Key") == BOB.account
        key = "0x" + system.Account.key_of([BOB.account]).hex()
        chain.set_storage([[key, None], ["0x3a636f6465", "0x01"]])
        assert chain.query("System.Account", BOB).data.free == 0
        assert chain.state.get(b":code") == b"\x01"
        chain.set_storage({"System": {"$removePrefix": ["Account"], "Account": [[["//Alice"], {"providers": 1}]]}})
        assert [key for key, _ in system.Account.items(chain.context())] == [Keypair.from_uri("//Alice").account]


MISUSES: list[tuple[str, Any, tuple[Any, ...]]] = [
    ("expected value=… for 'System.Number'; None removes the entry", "System.Number", ()),
    ("expected the name of a storage item, Pallet.Item, got 'System'", "System", (5,)),
    ("there is no storage item of System 'Nmber'; did you mean Number", "System.Nmber", (5,)),
    ("expected 0 keys for System.Number, got 1", "System.Number", (1, 5)),
    ("expected 1 key (AccountId32) for System.Account, got 0", "System.Account", (5,)),
    ("System.Number: ", "System.Number", ("five",)),
    ("expected pairs of key and value, or an object by pallet, got 5", 5, ()),
    ("expected a pair of key and value, got ['0x']", [["0x"]], ()),
    ("expected a storage key in hex, got 'x'", [["x", "0x"]], ()),
    ("System: expected an object by storage item, got 5", {"System": 5}, ()),
    ("System.Account: expected a list of [keys, value], got 5", {"System": {"Account": 5}}, ()),
    ("there is no pallet with storage 'Sytem'; did you mean System", {"Sytem": {"Number": 5}}, ()),
]


@pytest.mark.parametrize(("words", "name", "rest"), MISUSES, ids=[words for words, _, _ in MISUSES])
def test_what_cannot_be_written_is_named(words: str, name: Any, rest: tuple[Any, ...]) -> None:
    with Chain.dev() as chain:
        value = {"value": rest[-1]} if rest else {}
        with pytest.raises(ChainError) as raised:
            chain.set_storage(name, *rest[:-1], **value)
        assert words in str(raised.value)
        assert chain.state.changes() == {}
