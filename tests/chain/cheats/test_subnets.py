"""Subnets for tests: made by the real calls, without their costs and limits, and without a block."""

from __future__ import annotations

import pytest
from pysubtensor.chain.cheats.hyperparameters import names, value_of
from pysubtensor.runtime.invariants import find_violations

from pysubtensor import Chain, ChainError, Keypair

TAO = 10**9


@pytest.mark.parametrize("blocks", [0, 1, 7])
def test_a_subnet_pays_its_miners_by_the_weights_of_its_validators(blocks: int) -> None:
    with Chain.dev() as chain:
        chain.produce(blocks)
        subnet = chain.subnet(validators=2, miners=3, tempo=5)
        assert [neuron.uid for neuron in subnet.neurons] == [0, 1, 2, 3, 4, 5]
        weights = {"dests": [3, 4, 5], "weights": [1, 2, 5], "version_key": 0}
        for validator in subnet.validators:
            chain.execute("SubtensorModule.set_weights", validator.hotkey, netuid=subnet.netuid, **weights)
        chain.next_epoch(subnet.netuid)
        metagraph = chain.ask("SubnetInfoRuntimeApi.get_metagraph", subnet.netuid)
        assert metagraph.incentives.tolist() == [0, 0, 0, 65535 // 8, 65535 // 4, 65535 * 5 // 8]
        assert metagraph.validator_permit.tolist()[1:] == [True, True, False, False, False]
        assert metagraph.last_update.tolist()[1:3] == [blocks + 1, blocks + 2]


def test_nobody_pays_for_a_subnet_and_the_next_one_costs_the_same() -> None:
    with Chain.dev() as chain:
        issuance = chain.query("Balances.TotalIssuance")
        price = chain.ask("SubnetRegistrationRuntimeApi.get_network_registration_cost")
        limits = [chain.query(f"SubtensorModule.{name}") for name in ("NetworkRateLimit", "SubnetLimit")]
        made = [chain.subnet(owner="//Alice", validators=["//Bob"], miners=["//Charlie"], stake=0) for _ in range(3)]
        assert [subnet.netuid for subnet in made] == [2, 3, 4]
        for name in ("//Alice", "//Bob", "//Charlie"):
            assert chain.query("System.Account", name).data.free == 1_000_000 * TAO
        assert chain.ask("SubnetRegistrationRuntimeApi.get_network_registration_cost") == price
        assert [chain.query(f"SubtensorModule.{name}") for name in ("NetworkRateLimit", "SubnetLimit")] == limits
        assert chain.query("SubtensorModule.SubnetTAO", 3) >= price
        assert chain.query("Balances.TotalIssuance") - issuance >= 3 * price, "the TAO in the pools is new"
        assert not list(find_violations(chain.context()))


def test_the_neurons_of_a_subnet_may_have_any_keys() -> None:
    key = Keypair.from_uri("//Someone")
    with Chain.dev() as chain:
        subnet = chain.subnet(owner="//Alice", validators=[key], miners=["//Bob", "//Charlie"])
        assert subnet.owner.hotkey.account == Keypair.from_uri("//Alice//hot").account
        assert subnet.validators[0].coldkey.account == subnet.validators[0].hotkey.account == key.account
        assert chain.query("SubtensorModule.Uids", subnet.netuid, "//Charlie//hot") == 3
        for wrong in (-1, True, "//Bob", 1.5, 65_536, 10**9):
            with pytest.raises(ChainError, match="expected how many miners there are, up to 65535, or a list of their"):
                chain.subnet(miners=wrong)  # type: ignore[arg-type]


def test_parameters_of_a_subnet_are_set_by_name_and_their_former_values_returned() -> None:
    with Chain.dev() as chain:
        subnet = chain.subnet(tempo=7, kappa=1000)
        assert chain.query("SubtensorModule.Kappa", subnet.netuid) == 1000
        assert chain.set_hyperparameters(subnet, tempo=9, yuma3_enabled=False, max_burn="5tao") == {
            "tempo": 7,
            "yuma3_enabled": True,
            "max_burn": 100 * TAO,
        }
        assert chain.query("SubtensorModule.MaxBurn", subnet.netuid) == 5 * TAO
        with pytest.raises(ChainError, match="no parameter of a subnet 'tempoo'; did you mean tempo"):
            chain.set_hyperparameters(subnet, tempoo=9)
        with pytest.raises(ChainError, match="SubnetDoesNotExist"):
            chain.set_hyperparameters(99, kappa=9)
        assert chain.query("SubtensorModule.AdminFreezeWindow") == 10


def test_each_parameter_of_a_subnet_has_its_storage_item() -> None:
    with Chain.dev() as chain:
        netuid = chain.subnet().netuid
        for name in names(chain):
            value_of(chain, chain.context(), netuid, name)


def test_the_next_epoch_is_run_whatever_the_tempo() -> None:
    with Chain.dev() as chain:
        subnet = chain.subnet(tempo=4)
        head = chain.next_epoch(subnet)
        assert chain.query("SubtensorModule.LastEpochBlock", subnet.netuid) == head.number
        assert chain.next_epoch(subnet, 3).number == head.number + 12
        chain.set_hyperparameters(subnet, tempo=0)
        for netuid in (subnet.netuid, 77):
            with pytest.raises(ChainError, match=f"expected a subnet with epochs, got {netuid}"):
                chain.next_epoch(netuid)
