"""Typed access at run time: calls, storage, runtime APIs, constants, events and accounts by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pysubtensor.genesis.accounts import ACCOUNTS
from pysubtensor.runtime.pallets.subtensor.declared.events import NeuronRegistered

from pysubtensor import Chain, ChainError, TransactionFailed, tao

ALICE, BOB = ACCOUNTS["Alice"], ACCOUNTS["Bob"]


@pytest.fixture(scope="module")
def whole() -> Iterator[Chain]:
    with Chain.dev() as chain:
        yield chain


@pytest.fixture
def chain(whole: Chain) -> Iterator[Chain]:
    with whole.anchor():
        yield whole


def test_a_transaction_is_signed_and_included(chain: Chain) -> None:
    before = chain.storage.System.Account["bob"].data.free
    receipt = chain.tx.Balances.transfer_keep_alive(dest="bob", value="1.5tao", signer=chain.accounts.alice)
    assert receipt.block_number == chain.head.number == 1
    assert chain.storage.System.Account[BOB].data.free == before + 1_500_000_000
    (transfer,) = receipt.events_of(chain.events.Balances.Transfer)
    assert (transfer.from_, transfer.to, transfer.amount) == (ALICE, BOB, tao(1.5))


def test_a_call_can_be_nested_or_run_as_root(chain: Chain) -> None:
    chain.tx.Sudo.sudo(call=chain.calls.AdminUtils.sudo_set_tempo(netuid=1, tempo=33), signer="alice")
    assert chain.storage.SubtensorModule.Tempo[1] == 33
    chain.tx.AdminUtils.sudo_set_tempo(netuid=1, tempo=34, signer="//Alice", sudo=True)
    assert chain.storage.SubtensorModule.Tempo[1] == 34
    with pytest.raises(TransactionFailed, match="BadOrigin"):
        chain.tx.AdminUtils.sudo_set_tempo(netuid=1, tempo=35, signer="bob")


def test_storage_is_read_at_any_block(chain: Chain) -> None:
    tempo = chain.storage.SubtensorModule.Tempo
    chain.tx.AdminUtils.sudo_set_tempo(netuid=1, tempo=34, signer="alice", sudo=True)
    assert (tempo.get(1), tempo.get(1, at=0), tempo[2]) == (34, 100, 360)
    assert chain.storage.System.Number.get() == 1
    assert chain.storage.System.Number.get(at=0) == 0


def test_a_view_of_a_block_has_the_same_names(chain: Chain) -> None:
    chain.tx.AdminUtils.sudo_set_tempo(netuid=1, tempo=34, signer="alice", sudo=True)
    before = chain.at(0)
    info = before.apis.SubnetInfoRuntimeApi.get_subnet_info(1)
    assert info is not None
    assert (before.storage.SubtensorModule.Tempo[1], info.tempo, before.metagraph(1).tempo) == (100, 100, 100)
    assert before.storage.SubtensorModule.Tempo.get(1, at=1) == 34
    assert 1 in before.storage.SubtensorModule.Tempo
    assert dict(before.storage.SubtensorModule.Tempo.items()) == {0: 100, 1: 100}


def test_maps_are_walked_over_like_dictionaries(chain: Chain) -> None:
    tempo, uids = chain.storage.SubtensorModule.Tempo, chain.storage.SubtensorModule.Uids
    assert dict(tempo.items()) == {0: 100, 1: 100}
    assert (sorted(tempo), sorted(tempo.keys()), tempo.values(), len(tempo)) == ([0, 1], [0, 1], [100, 100], 2)
    assert 1 in tempo
    assert 2 not in tempo
    chain.tx.SubtensorModule.burned_register(netuid=1, hotkey="//Bob", signer="alice")
    assert uids[1, "bob"] == uids.get(1, BOB) == 1
    assert uids.get(1, "bob", at=0) is None
    assert (1, "bob") in uids
    assert (1, BOB) in uids.keys()  # noqa: SIM118  # keys as the chain has them
    assert (BOB, 1) in uids.under(1)
    assert chain.storage.SubtensorModule.Alpha.items(at=0) == []


def test_storage_is_written_between_blocks(chain: Chain) -> None:
    module, account = chain.storage.SubtensorModule, chain.storage.System.Account
    module.Tempo[1] = 7
    assert chain.query("SubtensorModule.Tempo", 1) == 7
    assert (module.Tempo.mutate(1, by=lambda tempo: 2 * tempo), module.Tempo[1]) == (14, 14)
    module.Uids[1, "bob"] = 3
    module.Uids.set(1, "bob", value=None)
    assert module.Uids[1, "bob"] is None
    assert module.Uids.mutate(1, "bob", by=lambda uid: 5 if uid is None else uid) == 5
    module.NetworkMinLockCost.set(value="1.5tao")
    assert module.NetworkMinLockCost.mutate(by=lambda cost: cost + 1) == 1_500_000_001
    before = account["bob"]
    account["bob"] = {"nonce": 9}
    assert (account["bob"].nonce, account["bob"].data) == (9, before.data)
    account.set("bob", value=before)
    module.Tempo.set(1, value=None)
    assert module.Tempo[1] == 360, "the default"
    with pytest.raises(ChainError, match=r"SubtensorModule\.Tempo: 65536 does not fit u16: 0 to 65535"):
        module.Tempo[1] = 65_536
    with pytest.raises(ChainError, match="expected the storage of a chain, got that of a past block"):
        chain.at(0).storage.SubtensorModule.Tempo[1] = 7


def test_runtime_apis_constants_and_events(chain: Chain) -> None:
    info = chain.apis.SubnetInfoRuntimeApi.get_subnet_info(1)
    assert info is not None
    assert info.tempo == 100
    assert chain.apis.AccountNonceApi.account_nonce("alice", at=0) == 0
    assert chain.constants.Balances.ExistentialDeposit == 500
    assert chain.events.SubtensorModule.NeuronRegistered is NeuronRegistered


def test_accounts_are_key_pairs(chain: Chain) -> None:
    assert chain.accounts.alice.account == ALICE
    assert {name: getattr(chain.accounts, name).account for name in dir(chain.accounts)} == {
        name.lower(): account for name, account in ACCOUNTS.items()
    }


def test_documentation_is_the_chains(chain: Chain) -> None:
    assert (chain.tx.Balances.transfer_keep_alive.__doc__ or "").startswith("Transfer `value` rao")
    assert chain.storage.SubtensorModule.Tempo.__doc__
    assert "burned_register" in dir(chain.tx.SubtensorModule)
    assert "SubtensorModule" in dir(chain.storage)


MISSPELT: list[tuple[str, Callable[[Chain], object]]] = [
    ("call of SubtensorModule 'set_wieghts'; did you mean set_weights", lambda c: c.tx.SubtensorModule.set_wieghts),  # type: ignore[attr-defined]
    ("pallet with a call 'Balanses'; did you mean Balances", lambda c: c.calls.Balanses),  # type: ignore[attr-defined]
    ("storage item of SubtensorModule 'Tempoo'; did you mean Tempo", lambda c: c.storage.SubtensorModule.Tempoo),  # type: ignore[attr-defined]
    ("method of Core 'versoin'; did you mean version", lambda c: c.apis.Core.versoin),  # type: ignore[attr-defined]
    ("development account 'alicia'; did you mean alice", lambda c: c.accounts.alicia),  # type: ignore[attr-defined]
]


@pytest.mark.parametrize(("words", "use"), MISSPELT, ids=[words for words, _ in MISSPELT])
def test_a_misspelt_name_is_an_attribute_error_with_similar_names(
    chain: Chain, words: str, use: Callable[[Chain], object]
) -> None:
    with pytest.raises(AttributeError, match=words):
        use(chain)


def test_a_wrong_number_of_keys_is_refused(chain: Chain) -> None:
    with pytest.raises(ValueError, match=r"expected 2 keys \(u16, AccountId32\) for SubtensorModule\.Uids, got 1"):
        chain.storage.SubtensorModule.Uids.get(1)  # type: ignore[call-arg]
