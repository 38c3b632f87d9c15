"""Figures of subnets: those of the chain itself, read the other way, by its declarations."""

from __future__ import annotations

import numpy as np
import pytest
from pysubtensor.consensus.reserves import HALF, Reserves
from pysubtensor.explorer.node.node import Node
from pysubtensor.explorer.node.values import Account
from pysubtensor.explorer.readers.history import History
from pysubtensor.explorer.readers.hyperparameters import MEANINGS, read_hyperparameters
from pysubtensor.explorer.readers.metagraph import Metagraph, Neuron, axon_text, concentration, read_metagraph
from pysubtensor.explorer.readers.pool import curve, read_pool
from pysubtensor.explorer.readers.registrations import Registration, next_pruned, read_registrations
from pysubtensor.explorer.readers.subnets import read_subnet, read_subnets
from pysubtensor.explorer.readers.weights import read_weights, weights_of
from pysubtensor.runtime.pallets.subtensor.neurons.registration import get_neuron_to_prune

from pysubtensor import Chain, Keypair
from tests.explorer.conftest import SUBNET, World, read_from

RAO = 10**9


async def metagraph(node: Node) -> Metagraph:
    found = await read_metagraph(node, SUBNET)
    assert found is not None
    return found


def test_the_table_has_every_subnet_with_its_price_and_next_epoch(world: World) -> None:
    subnets = world.read(read_subnets)
    chain = world.chain
    assert [each.netuid for each in subnets] == [0, 1, SUBNET]
    for each in subnets:
        assert each.price == chain.apis.SwapRuntimeApi.current_alpha_price(each.netuid)
        assert each.tempo == chain.storage.SubtensorModule.Tempo[each.netuid]
        assert each.neurons == chain.storage.SubtensorModule.SubnetworkN[each.netuid]
        assert each.owner == chain.storage.SubtensorModule.SubnetOwner[each.netuid]
    tempo, last = (chain.storage.SubtensorModule.__getattr__(name)[SUBNET] for name in ("Tempo", "LastEpochBlock"))
    assert subnets[2].next_epoch == last + tempo
    assert subnets[0].next_epoch is None
    assert world.read(lambda node: read_subnet(node, SUBNET)) == subnets[2]
    assert world.read(lambda node: read_subnet(node, 77)) is None


def test_neurons_have_the_results_of_the_last_epoch(world: World) -> None:
    found, wanted = world.read(metagraph), world.chain.metagraph(SUBNET)
    assert [each.hotkey.address for each in found.neurons] == list(wanted.hotkeys)
    for name, values in {
        "stake": wanted.stake,
        "incentive": wanted.incentive,
        "consensus": wanted.consensus,
        "dividends": wanted.dividends,
        "emission": wanted.emission,
        "permit": wanted.validator_permit,
        "registered_at": wanted.block_at_registration,
    }.items():
        assert [getattr(each, name) for each in found.neurons] == values.tolist(), name
    assert any(each.incentive for each in found.neurons)


def test_weights_are_parts_of_their_row_and_count_up_to_the_consensus(world: World) -> None:
    async def read(node: Node) -> tuple[Metagraph, object]:
        found = await metagraph(node)
        return found, await read_weights(node, found)

    found, weights = world.read(read)
    raw = world.chain.metagraph(SUBNET).weights.astype(float)
    rows = raw[list(weights.validators)][:, list(weights.miners)]
    np.testing.assert_allclose(weights.given, rows / rows.sum(axis=1, keepdims=True))
    assert [found.neurons[uid].stake for uid in weights.validators] == sorted(
        (found.neurons[uid].stake for uid in weights.validators), reverse=True
    )
    # Two of three validators with more than half of the stake give what the median takes; the third is clipped.
    assert (weights.clipped <= weights.consensus + 1e-12).all()
    assert 0 < weights.lost.max() < 0.2


def test_weights_by_hand(world: World) -> None:
    """Half on each miner, clipped to a consensus of a quarter, is a half that is lost."""
    found = world.read(metagraph)
    neurons = tuple(
        each
        if each.uid > 2
        else type(each)(**{name: getattr(each, name) for name in each.__slots__} | {"consensus": 16_384})
        for each in found.neurons
    )
    changed = Metagraph(**{name: getattr(found, name) for name in found.__slots__} | {"neurons": neurons})
    weights = weights_of(changed, {3: [(0, 7), (1, 7)], 4: [(0, 0)], 99: [(0, 1)], 5: [(99, 1)]})
    assert weights.validators[0] == 3
    assert weights.given[0, :2].tolist() == [0.5, 0.5]
    assert weights.lost[0] == pytest.approx(1 - 2 * 16_384 / 65_535)


def test_history_is_that_of_past_states(world: World) -> None:
    async def read(node: Node) -> object:
        return await History(node).past(SUBNET, 41, 20, (1, 2), epochs=3)

    samples = world.read(read)
    assert [each.block for each in samples] == [1, 21, 41]
    for each in samples:
        past = world.chain.at(each.block)
        wanted = past.metagraph(SUBNET)
        assert list(each.incentive) == wanted.incentive.tolist()
        assert list(each.emission) == wanted.emission.tolist()
        assert each.tao_in == past.storage.SubtensorModule.SubnetTAO[SUBNET]
        for validator in (1, 2):
            row = wanted.bonds[validator]
            assert {uid: bond for uid, bond in each.bonds[validator].items() if bond} == {
                uid: int(row[uid]) for uid in np.flatnonzero(row)
            }


def test_epochs_are_collected_as_they_come(world: World) -> None:
    async def read(node: Node) -> list[int]:
        history = History(node)
        for number in range(38, 46):
            block_hash = await node.block_hash(number)
            assert block_hash is not None
            await history.take(number, block_hash, [0, 1, SUBNET])
        return [each.block for each in history.kept(SUBNET)]

    epoch = world.chain.storage.SubtensorModule.LastMechansimStepBlock[SUBNET]
    assert world.read(read) == [epoch]


def test_the_price_curve_is_that_of_simulated_trades(world: World) -> None:
    pool = world.read(lambda node: read_pool(node, SUBNET))
    assert pool is not None
    swaps = world.chain.apis.SwapRuntimeApi
    now = next(point for point in pool.curve if point.tao == 0)
    assert now.after == swaps.current_alpha_price(SUBNET)
    for point in pool.curve:
        if point.tao > 0:
            bought = swaps.sim_swap_tao_for_alpha(SUBNET, point.tao)
            assert point.average == point.tao * RAO // bought.alpha_amount
    prices = [point.after for point in pool.curve]
    assert prices == sorted(prices)
    assert world.read(lambda node: read_pool(node, 0)) is None


def test_a_constant_product_by_hand() -> None:
    """Buying with as much TAO as there is halves the alpha: without a fee the price is four times as high."""
    points = {point.tao: point for point in curve(Reserves(1000 * RAO, 1000 * RAO, HALF), 0)}
    half = points[500 * RAO]
    assert half.after == pytest.approx(2.25 * RAO, abs=10)
    assert half.average == pytest.approx(1.5 * RAO, abs=10)
    assert curve(Reserves(0, 0), 0) == ()


def test_hyperparameters_have_values_and_meanings(world: World) -> None:
    found = {each.name: each for each in world.read(lambda node: read_hyperparameters(node, SUBNET))}
    storage = world.chain.storage.SubtensorModule
    assert found["tempo"].value == storage.Tempo[SUBNET]
    assert found["kappa"].text == "32,767 (50.00 %)"
    assert found["min_burn"].text == "0.0005 TAO"
    assert found["immunity_period"].value == storage.ImmunityPeriod[SUBNET]
    assert all(each.meaning for each in found.values())
    assert set(found) <= set(MEANINGS)


def test_a_newcomer_on_a_full_subnet_replaces_the_neuron_that_was_next(own: tuple[Chain, str]) -> None:
    chain, url = own
    netuid = chain.subnet(owner="alice", validators=2, miners=2).netuid
    chain.storage.SubtensorModule.MaxAllowedUids[netuid] = len(chain.metagraph(netuid))
    chain.storage.SubtensorModule.ImmunityPeriod[netuid] = 3
    chain.storage.SubtensorModule.MinNonImmuneUids[netuid] = 0
    chain.produce(4)

    async def read(node: Node) -> tuple[Neuron | None, Registration]:
        found = await read_metagraph(node, netuid)
        assert found is not None
        owner = Account(chain.storage.SubtensorModule.SubnetOwnerHotkey[netuid])
        return next_pruned(found, owner, 0), (await read_registrations(node, found))[0]

    pruned, _ = read_from(url, read)
    assert pruned is not None
    receipt = chain.tx.SubtensorModule.burned_register(netuid=netuid, hotkey="//New", signer="bob")
    _, latest = read_from(url, read)
    assert (latest.neuron.uid, latest.neuron.registered_at) == (pruned.uid, receipt.block_number)
    assert latest.neuron.hotkey == Keypair.from_uri("//New").account
    assert latest.replaced == pruned.hotkey
    assert latest.immune_until == receipt.block_number + 3


def test_the_next_pruned_is_that_of_the_chain(world: World) -> None:
    found = world.read(metagraph)
    owner = Account(world.chain.storage.SubtensorModule.SubnetOwnerHotkey[SUBNET])
    least = world.chain.storage.SubtensorModule.MinNonImmuneUids[SUBNET]
    pruned = next_pruned(found, owner, least)
    with world.chain.anchor():
        assert (pruned.uid if pruned else None) == get_neuron_to_prune(world.chain.context(), SUBNET)


def test_registrations_are_newest_first(world: World) -> None:
    async def read(node: Node) -> list[tuple[int, bool]]:
        return [(each.neuron.uid, each.is_known) for each in await read_registrations(node, await metagraph(node))]

    assert world.read(read) == [(uid, True) for uid in range(9)]


def test_concentration_by_hand() -> None:
    assert concentration([]).gini == 0
    even = concentration([5] * 20)
    assert (even.holders, even.top_ten, even.gini) == (20, 0.5, 0)
    # One of two has all of what both have: of those who have any, one.
    assert concentration([0, 7]).top_ten == 1


def test_axons_are_addresses() -> None:
    assert axon_text({"ip": 0x7F000001, "ip_type": 4, "port": 8091}) == "127.0.0.1:8091"
    assert axon_text({"ip": 1, "ip_type": 6, "port": 1}) == "[0:0:0:0:0:0:0:1]:1"
    assert axon_text({"ip": 0, "ip_type": 4, "port": 0}) == ""
