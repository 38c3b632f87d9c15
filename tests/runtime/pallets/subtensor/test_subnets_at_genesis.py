"""Subnets in block 0: root and subnet 1, as the genuine localnet has them."""

from __future__ import annotations

import pytest
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.runtime import Runtime
from pysubtensor.runtime.pallets.subtensor import calls as subtensor
from pysubtensor.runtime.pallets.subtensor import genesis
from pysubtensor.runtime.pallets.subtensor.ledger.share_pool import get_stake_for_hotkey_and_coldkey_on_subnet
from pysubtensor.runtime.pallets.subtensor.storage.emission import TotalIssuance
from pysubtensor.runtime.pallets.subtensor.storage.networks import SubnetOwner, SubnetOwnerHotkey
from pysubtensor.runtime.pallets.subtensor.storage.tempo import Tempo
from pysubtensor.runtime.pallets.subtensor.subnets.networks import get_next_netuid

from tests.world import account, empty_context

ZERO = "00" * 32
#: An `AlphaV2` of 1,000,000,000: mantissa 10^21 in sixteen bytes, exponent -12 in eight.
SHARES = (10**21).to_bytes(16, "little").hex() + (-12).to_bytes(8, "little", signed=True).hex()
#: What is stored for each netuid, as hex, by item; root and subnet 1.
EXPECTED = {
    "NetworksAdded": ("01", "01"),
    "SubnetworkN": ("0000", "0100"),
    "MaxAllowedUids": ("4000", "0001"),
    "MaxAllowedValidators": ("4000", "4000"),
    "MinAllowedWeights": ("0000", "0000"),
    "Tempo": ("6400", "6400"),
    "NetworkRegistrationAllowed": ("01", "01"),
    "TargetRegistrationsPerInterval": ("0100", None),
    "TokenSymbol": ("08cea4", "08ceb1"),
    "SubnetOwner": (ZERO, ZERO),
    "SubnetOwnerHotkey": (ZERO, None),
    "SubnetMechanism": (None, "0100"),
    "SubnetTAO": (None, "00e40b5402000000"),
    "SubnetAlphaIn": (None, "00e40b5402000000"),
    "SubnetAlphaOut": (None, "00ca9a3b00000000"),
    "SubnetLocked": (None, "0100000000000000"),
    "LargestLocked": (None, "0100000000000000"),
    "Active": (None, "0401"),
    "Emission": (None, "04" + "00" * 8),
    "Consensus": (None, "040000"),
    "Incentive": (None, "040000"),
    "Dividends": (None, "040000"),
    "LastUpdate": (None, "04" + "00" * 8),
    "ValidatorTrust": (None, "040000"),
    "ValidatorPermit": (None, "0400"),
}
#: Other items: the number of entries, and the value of the only one.
OTHERS = {
    "TotalNetworks": "0200",
    "TotalIssuance": "00" * 8,
    "Owner": ZERO,
    "StakingHotkeys": "04" + ZERO,
    "AlphaV2": SHARES,
    "TotalHotkeySharesV2": SHARES,
    "TotalHotkeyAlpha": "00ca9a3b00000000",
    "Keys": ZERO,
    "Uids": "0000",
    "BlockAtRegistration": "00" * 8,
    "IsNetworkMember": "01",
}


@pytest.fixture
def block_0(runtime: Runtime) -> Context:
    """An empty block 0."""
    return empty_context(runtime)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_block_0_holds_root_and_subnet_1(block_0: Context, name: str) -> None:
    genesis.build(block_0)
    item = subtensor.pallet.storage[name]
    stored = {key: value.hex() for key, value in block_0.state.items(item.prefix)}
    expected = {
        item.prefix + netuid.to_bytes(2, "little"): value
        for netuid, value in enumerate(EXPECTED[name])
        if value is not None
    }
    assert stored == expected


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_block_0_holds_the_neuron_of_subnet_1_and_its_stake(block_0: Context, name: str) -> None:
    genesis.build(block_0)
    values = [value.hex() for _, value in block_0.state.items(subtensor.pallet.storage[name].prefix)]
    assert values == [OTHERS[name]]


def test_block_0_has_no_other_storage_of_subnets(block_0: Context) -> None:
    genesis.build(block_0)
    by_prefix = {item.prefix: name for name, item in subtensor.pallet.storage.items()}
    stored = {by_prefix[key[:32]] for key, _ in block_0.state.items(b"")}
    assert stored == EXPECTED.keys() | OTHERS.keys()


def test_the_first_registered_subnet_is_2(block_0: Context) -> None:
    genesis.build(block_0)
    assert get_next_netuid(block_0) == 2


def test_the_stake_of_subnet_1_is_worth_its_alpha(block_0: Context) -> None:
    genesis.build(block_0)
    assert get_stake_for_hotkey_and_coldkey_on_subnet(block_0, bytes(32), bytes(32), 1) == 10**9


def test_block_0_follows_the_configuration(block_0: Context) -> None:
    owner, hotkey = account(1), account(2)
    genesis.build(block_0, issuance=5, root_owner=owner, root_owner_hotkey=hotkey, tempo=7)
    assert (SubnetOwner.get(block_0, 0), SubnetOwnerHotkey.get(block_0, 0)) == (owner, hotkey)
    assert (SubnetOwner.get(block_0, 1), Tempo.get(block_0, 0), Tempo.get(block_0, 1)) == (bytes(32), 7, 7)
    assert TotalIssuance.get(block_0) == 5
