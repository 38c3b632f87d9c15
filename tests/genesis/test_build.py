"""Block 0: its storage, and that the genesis hash depends on everything that clients see of a chain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.genesis import build
from pysubtensor.genesis.accounts import ACCOUNTS
from pysubtensor.genesis.build import genesis_hash, genesis_header, genesis_state
from pysubtensor.genesis.config import ChainConfig, ConfigError
from pysubtensor.genesis.presets import FAST_RULES, dev, fast, localnet
from pysubtensor.runtime.composition import spec_425
from pysubtensor.runtime.crypto import ss58_decode
from pysubtensor.runtime.frame.context import BlockEnvironment, Context
from pysubtensor.runtime.pallets import aura, grandpa, sudo, system, timestamp
from pysubtensor.runtime.pallets.balances.declared import TotalIssuance
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.state.overlay import MemoryBackend, State

from tests.genuine.script import read_script
from tests.vectors import FOLDER
from tests.world import TAO

#: Scripts of the genuine pallets, with the storage of their block 0.
GENUINE = Path(__file__).parents[1] / "genuine" / "scripts"

#: Items whose values every chain with these pallets has in common, as prefixes of their keys: BlockHash(0),
#: ParentHash, UpgradedToU32RefCount and UpgradedToTripleRefCount of System, the fee multiplier, Grandpa's first set,
#: storage versions.
COMMON = {
    "26aa394eea5630e07c48ae0c9558cef7a44704b568d21667356a5a050c118746b4def25cfda6ef3a00000000": "45" * 32,
    "26aa394eea5630e07c48ae0c9558cef78a42f33323cb5ced3b44dd825fda9fcc": "45" * 32,
    "26aa394eea5630e07c48ae0c9558cef75684a022a34dd8bfa2baaf44f172b710": "01",
    "26aa394eea5630e07c48ae0c9558cef7a7fd6c28836b9a28522dc924110cf439": "01",
    "26aa394eea5630e07c48ae0c9558cef74e7b9012096b41c4eb3aaf947f6ea429": "0000",
    "3f1467a096bcd71a5b6a0c8155e208103f2edf3bdf381debe331ab7446addfdc": "000064a7b3b6e00d0000000000000000",
    "3f1467a096bcd71a5b6a0c8155e20810308ce9615de0775a82f8a94dc3d285a1": "01",
    "3f1467a096bcd71a5b6a0c8155e208104e7b9012096b41c4eb3aaf947f6ea429": "0000",
    "57f8dc2f5ab09467896f47300f0424384e7b9012096b41c4eb3aaf947f6ea429": "0000",
    "5c0d1176a568c1f92944340dbfed9e9c4e7b9012096b41c4eb3aaf947f6ea429": "0000",
    "5f9cc45b7a00c5899361e1c6099678dc8a2d09463effcc78a22d75b9cb87dffc": "0000000000000000",
    "5f9cc45b7a00c5899361e1c6099678dcd47cb8f5328af743ddfb361e7180e7fcbb1bdbcacd6ac9340000000000000000": "00000000",
    "c2261276cc9d1f8598ea4b6a74b15c2f4e7b9012096b41c4eb3aaf947f6ea429": "0100",
    "f0c365c3cf59d671eb72da0e7a4113c44e7b9012096b41c4eb3aaf947f6ea429": "0000",
}


def world(config: ChainConfig) -> Context:
    return Context(
        spec_425(config.constants), State(MemoryBackend(genesis_state(config))), BlockEnvironment(0, bytes(32))
    )


def test_the_pallets_own_values_are_those_of_a_real_genesis() -> None:
    state = genesis_state(localnet(wallet=""))
    assert {key: state[bytes.fromhex(key)].hex() for key in COMMON} == COMMON


def test_the_values_in_common_are_really_in_the_testnet() -> None:
    top = json.loads((FOLDER / "genesis" / "testnet.json").read_text())["top"]
    assert {key: top["0x" + key].removeprefix("0x") for key in COMMON} == COMMON


def test_localnet_funds_the_accounts_of_the_genuine_one() -> None:
    ctx = world(localnet(wallet=""))
    free = {who: account.data.free for who, account in system.Account.items(ctx)}
    assert {name: free[account] // TAO for name, account in ACCOUNTS.items()} == {
        **dict.fromkeys(("Alice", "Bob", "Charlie"), 1_000_000),
        **dict.fromkeys(("Dave", "Eve", "Ferdie", "One", "Two", "Three"), 2_000),
    }
    assert len(free) == 11, "nine development accounts and two EVM ones"
    assert TotalIssuance.get(ctx) == sum(free.values()) == 3_016_000 * TAO
    assert all(account.providers == 1 for _, account in system.Account.items(ctx))
    assert sudo.Key.get(ctx) == ACCOUNTS["Alice"]


#: twox_128("EVMChainId") and twox_128("ChainId").
EVM_CHAIN_ID = bytes.fromhex("0f6342be23148b1fecb28322dcb30aefd8b4519d4aceb8073dbaffde1eef0d79")


@pytest.mark.parametrize(
    "config", [localnet(wallet=""), fast(localnet(wallet="")), dev()], ids=["localnet", "fast", "dev"]
)
def test_local_chains_store_the_evm_chain_id_of_the_genuine_localnet(config: ChainConfig) -> None:
    genuine = read_script(GENUINE / "general_02.json.gz").genesis
    assert genuine[EVM_CHAIN_ID].hex() == "2a00000000000000"
    assert genesis_state(config)[EVM_CHAIN_ID] == genuine[EVM_CHAIN_ID]


def test_a_chain_without_an_evm_chain_id_stores_zero() -> None:
    assert genesis_state(ChainConfig())[EVM_CHAIN_ID] == bytes(8)


def test_localnet_has_slots_of_twelve_seconds() -> None:
    ctx = world(localnet(wallet=""))
    assert aura.Authorities.get(ctx) == [ACCOUNTS[name] for name in ("One", "Two", "Three")]
    assert aura.SlotDuration.get(ctx) == 12_000
    assert timestamp.MinimumPeriod.get(ctx) == 6_000
    assert aura.Authorities.get(world(localnet(single_authority=True, wallet=""))) == [ACCOUNTS["One"]]


def test_authorities_vote_with_their_ed25519_keys() -> None:
    voters = grandpa.Authorities.get(world(localnet(wallet="")))
    assert [(key.hex()[:8], weight) for key, weight in voters] == [("16f97016", 1), ("5079bcd2", 1), ("ecccf9cd", 1)]


def test_fast_blocks_change_the_slot_and_derived_constants() -> None:
    config = fast(localnet(wallet=""))
    slow = localnet(wallet="")
    unruled = replace(config, **{name: getattr(slow, name) for name in FAST_RULES})
    assert unruled == replace(slow, slot_duration_ms=250)
    assert timestamp.MinimumPeriod.get(world(config)) == 125


WALLET = "5FCfAonRZgTFrTd9HREEyeJjDpT397KMzizE6T3DvebLFE7n"


def test_the_wallet_variable_funds_one_more_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BT_DEFAULT_TOKEN_WALLET", WALLET)
    assert localnet().balances[ss58_decode(WALLET)] == 1_000_000 * TAO
    assert ss58_decode(WALLET) not in dev().balances, "tests do not depend on the environment"
    monkeypatch.setenv("BT_DEFAULT_TOKEN_WALLET", "unknown")
    with pytest.raises(ConfigError, match="expected an address in BT_DEFAULT_TOKEN_WALLET"):
        localnet()


def test_a_genesis_hash_is_reproducible_and_depends_on_the_interface() -> None:
    base = dev()
    assert genesis_hash(base) == genesis_hash(dev())
    others: list[Mapping[str, Any]] = [
        {"slot_duration_ms": 250},
        {"sudo_key": None},
        {"balances": {}},
        {"authorities": ()},
        {"evm_chain_id": 1},
        {"overrides": {"System.SS58Prefix": 7}},
    ]
    hashes = {genesis_hash(replace(base, **other)) for other in others} | {genesis_hash(base)}
    assert len(hashes) == len(others) + 1


def test_the_code_names_the_runtime_and_depends_on_constants() -> None:
    slow, quick = genesis_state(dev())[b":code"], genesis_state(dev(slot_duration_ms=250))[b":code"]
    assert slow.decode().startswith("node-subtensor 425 in Python")
    assert slow != quick


def test_the_genesis_header_has_neither_parent_nor_digest() -> None:
    header = genesis_header(bytes([1]) * 32)
    assert (header.number, header.parent_hash, header.digest.logs) == (0, bytes(32), [])
    assert header.extrinsics_root.hex() == "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"slot_duration_ms": 0}, "expected a slot of an even number of milliseconds, got 0"),
        ({"slot_duration_ms": 125}, "expected a slot of an even number of milliseconds, got 125"),
        ({"start_ms": 11_999}, "expected time to begin in slot 1 or later, got 11999 ms"),
        ({"balances": {bytes(32): 499}}, "expected a balance of at least 500 rao, got 499 for 5C4hrfjw9DjXZTzV3M"),
        ({"balances": {bytes(33): 500}}, "expected keys and accounts of 32 bytes, got 33"),
        ({"balances": {bytes(32): 1 << 64}}, "expected balances of at most 18446744073709551615 rao together"),
        ({"sudo_key": b""}, "expected keys and accounts of 32 bytes, got 0"),
        ({"authorities": dev().authorities * 33}, "expected at most 32 authorities, got 33"),
        ({"overrides": {"Aura.SlotDuration": 1}}, "Aura.SlotDuration follows from slot_duration_ms"),
    ],
)
def test_invalid_parameters_are_refused(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        dev(**parameters)
    assert str(caught.value).startswith(message)


def test_only_development_accounts_can_author() -> None:
    assert [key.account for key in localnet(wallet="").author_keys()] == [ACCOUNTS[n] for n in ("One", "Two", "Three")]
    stranger = dev().authorities[0]._replace(aura=bytes(32))
    with pytest.raises(ConfigError, match="expected a development account as authority"):
        dev(authorities=(stranger,)).author_keys()


def test_what_is_declared_is_named_alike_whichever_module_was_imported_first(monkeypatch: pytest.MonkeyPatch) -> None:
    pallet = subtensor.pallet
    named = build._rows(pallet)
    assert "serve_axon" in named
    monkeypatch.setattr(pallet, "calls", dict(reversed(pallet.calls.items())))
    assert build._rows(pallet) == named
