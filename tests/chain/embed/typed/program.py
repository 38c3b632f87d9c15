"""A program for a type checker. A line with `# E:` is wrong: mypy must say there what follows; all others are right.

It is not run: `test_types.py` compares what mypy says.
"""

from __future__ import annotations

import numpy as np

from pysubtensor import Chain, Keypair, tao

chain = Chain.dev(tempo=5, min_burn="0.5tao", balances={"alice": tao(1.5)}, sudo_key="//Alice")
tx, storage, apis, constants, events = chain.tx, chain.storage, chain.apis, chain.constants, chain.events

Chain.dev(tempo_x=3)  # E: Unexpected keyword argument "tempo_x" for "dev" of "Chain"; did you mean "tempo"?
Chain.dev(tempo="five")  # E: Argument "tempo" to "dev" of "Chain" has incompatible type "str"
Chain.dev(chain_type="Alive")  # E: Argument "chain_type" to "dev" of "Chain" has incompatible type

# Transactions and calls.
alice: Keypair = chain.accounts.alice
receipt = tx.SubtensorModule.burned_register(netuid=1, hotkey="//Bob", signer=alice)
number_of_block: int = receipt.block_number
tx.Balances.transfer_keep_alive(dest="bob", value="1.5tao", signer="alice")
tx.Balances.transfer_keep_alive(dest=alice, value=tao("1.5"), signer="//Alice")
tx.SubtensorModule.set_weights(netuid=np.uint16(1), dests=np.arange(2), weights=[1, 2], version_key=0, signer="//Bob")
call = chain.calls.AdminUtils.sudo_set_tempo(netuid=1, tempo=10)
tx.Sudo.sudo(call=call, signer="alice")
tx.Utility.batch(calls=[call, call], signer="alice")
tx.AdminUtils.sudo_set_tempo(netuid=1, tempo=10, signer="alice", sudo=True)
tx.Proxy.add_proxy(delegate="bob", proxy_type="Staking", delay=0, signer="alice")
chain.accounts.alicia  # E: "Accounts" has no attribute "alicia"
tx.SubtensorModule.set_wieghts(netuid=1)  # E: has no attribute "set_wieghts"; maybe "set_weights"?
tx.SubtensorModule.set_weights(netuid=1, destz=[], weights=[], version_key=0, signer="bob")  # E: did you mean "dests"?
tx.Balances.transfer_keep_alive(dest="bob", value=1.5, signer="alice")  # E: "value" to "transfer_keep_alive"
tx.Balances.transfer_keep_alive(dest="bob", value=1)  # E: Missing named argument "signer"
tx.Balanses.transfer_keep_alive(dest="bob", value=1)  # E: no attribute "Balanses"; maybe "Balances"?
tx.Proxy.add_proxy(delegate="bob", proxy_type="Stacking", delay=0, signer="alice")  # E: "Literal['Stacking']"
chain.calls.System.remark(remark=5)  # E: Argument "remark" to "remark" of "SystemCalls" has incompatible type "int"

# Storage.
number: int = storage.System.Number.get()
tempo: int = storage.SubtensorModule.Tempo[1] + storage.SubtensorModule.Tempo.get(1, at=0)
free: int = storage.System.Account["alice"].data.free
uid: int | None = storage.SubtensorModule.Uids[1, "alice"]
hotkeys: list[bytes] = [hotkey for _, hotkey in storage.SubtensorModule.Keys.under(1)]
tempos: dict[int, int] = dict(storage.SubtensorModule.Tempo.items())
netuids: list[int] = list(storage.SubtensorModule.Tempo)
earlier: int = chain.at(0).storage.SubtensorModule.Tempo[1]
chain.at(0).storage.SubtensorModule.Tempoo[1]  # E: has no attribute "Tempoo"; maybe "Tempo"?
storage.SubtensorModule.Tempoo.get(1)  # E: has no attribute "Tempoo"; maybe "Tempo"?
storage.SubtensorModule.Tempo["alice"]  # E: Invalid index type "str" for "Map[
storage.SubtensorModule.Uids[1]  # E: Invalid index type "int" for "DoubleMap[
storage.SubtensorModule.Uids.get("alice", "bob")  # E: Argument 1 to "get" of "MultiMap" has incompatible type "str"
storage.System.Number.get(1)  # E: Too many positional arguments for "get" of "Value"
storage.System.Account["alice"].data.fre  # E: "AccountData" has no attribute "fre"; maybe "free"?
storage.SubtensorModule.Tempo[1] = 7
storage.SubtensorModule.Tempo.set(1, value=np.uint16(7))
storage.SubtensorModule.Tempo.set(1, value=None)
storage.SubtensorModule.NetworkMinLockCost.set(value="1.5tao")
storage.SubtensorModule.Uids[1, "alice"] = 3
storage.System.Account["alice"] = {"data": {"free": 5}}
longer: int = storage.SubtensorModule.Tempo.mutate(1, by=lambda tempo: tempo + 1)
storage.System.Number.mutate(by=lambda number: number + 1)
storage.SubtensorModule.Tempo[1] = "seven"  # E: Incompatible types in assignment (expression has type "str", target
storage.SubtensorModule.Tempo.set("alice", value=7)  # E: Argument 1 to "set" of "Map" has incompatible type "str"
storage.SubtensorModule.Tempo.set(1, valu=7)  # E: Unexpected keyword argument "valu" for "set" of "Map"; did
storage.SubtensorModule.Tempo.set(1)  # E: Missing named argument "value" for "set" of "Map"
storage.SubtensorModule.Tempo.mutate(1, by=lambda tempo: tempo.free)  # E: "int" has no attribute "free"
storage.SubtensorModule.Uids.mutate(1, "alice", by=5)  # E: Argument "by" to "mutate" of "MultiMap" has incompatible
storage.System.Number.set(value="x")  # E: Argument "value" to "set" of "Value" has incompatible type "str"
always_a_uid: int = storage.SubtensorModule.Uids[1, "alice"]  # E: expression has type "int | None"

# Runtime APIs, constants, events.
metagraph = apis.SubnetInfoRuntimeApi.get_metagraph(1)
assert metagraph is not None
incentives: list[int] = metagraph.incentives.tolist()
metagraph.incentivess  # E: "Metagraph" has no attribute "incentivess"; maybe "incentives"?
arrays = chain.metagraph(1)
highest: int = int(arrays.incentive.argmax())
arrays.incentivess  # E: "Metagraph" has no attribute "incentivess"; maybe "incentive"?
arrays.tempo = 5  # E: Property "tempo" defined in "Metagraph" is read-only
apis.SubnetInfoRuntimeApi.get_metagraf(1)  # E: has no attribute "get_metagraf"; maybe "get_metagraph"
deposit: int = constants.Balances.ExistentialDeposit
constants.Balances.ExistentialDeposti  # E: no attribute "ExistentialDeposti"; maybe "ExistentialDeposit"?
uids: list[int] = [event.uid for event in receipt.events_of(events.SubtensorModule.NeuronRegistered)]
receipt.events_of(events.SubtensorModule.NeuronRegistered)[0].hotkee  # E: no attribute "hotkee"; maybe "hotkey"?
events.SubtensorModule.NeuronRegistred  # E: has no attribute "NeuronRegistred"; maybe "NeuronRegistered"?

# By name, without types.
chain.execute("Balances.transfer_keep_alive", "//Alice", dest="//Bob", value=1)
anything = chain.query("System.Account", "//Bob").data.free
