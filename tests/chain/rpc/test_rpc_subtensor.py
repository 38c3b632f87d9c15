"""Subtensor's own methods: runtime APIs under other names, with lists of bytes as results."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.history.blocks import Retention
from pysubtensor.runtime.crypto import ss58_encode
from pysubtensor.runtime.scale import codec_of, u16

from .conftest import ALICE, Client

ADDRESS = ss58_encode(ALICE.account)
ONE = b"\1\0"
COIN = (10**9).to_bytes(8, "little")
INDEXES = codec_of(list[u16]).encode([0, 52])
UNKNOWN = "0x" + "ab" * 32

#: Each method with its parameters, the runtime API that it calls, and the arguments of that.
SAME: list[tuple[str, list[Any], str, bytes]] = [
    ("delegateInfo_getDelegates", [], "DelegateInfoRuntimeApi_get_delegates", b""),
    ("delegateInfo_getDelegate", [list(ALICE.account)], "DelegateInfoRuntimeApi_get_delegate", ALICE.account),
    ("delegateInfo_getDelegated", [list(ALICE.account)], "DelegateInfoRuntimeApi_get_delegated", ALICE.account),
    ("neuronInfo_getNeuronsLite", [1], "NeuronInfoRuntimeApi_get_neurons_lite", ONE),
    ("neuronInfo_getNeuronLite", [1, 0], "NeuronInfoRuntimeApi_get_neuron_lite", ONE + b"\0\0"),
    ("neuronInfo_getNeurons", [1], "NeuronInfoRuntimeApi_get_neurons", ONE),
    ("neuronInfo_getNeuron", [1, 0], "NeuronInfoRuntimeApi_get_neuron", ONE + b"\0\0"),
    ("subnetInfo_getSubnetInfo", [1], "SubnetInfoRuntimeApi_get_subnet_info", ONE),
    ("subnetInfo_getSubnetsInfo", [], "SubnetInfoRuntimeApi_get_subnets_info", b""),
    ("subnetInfo_getSubnetInfo_v2", [1], "SubnetInfoRuntimeApi_get_subnet_info_v2", ONE),
    ("subnetInfo_getSubnetsInfo_v2", [], "SubnetInfoRuntimeApi_get_subnets_info_v2", b""),
    ("subnetInfo_getSubnetHyperparams", [1], "SubnetInfoRuntimeApi_get_subnet_hyperparams", ONE),
    ("subnetInfo_getSubnetHyperparamsV2", [1], "SubnetInfoRuntimeApi_get_subnet_hyperparams_v2", ONE),
    ("subnetInfo_getAllDynamicInfo", [], "SubnetInfoRuntimeApi_get_all_dynamic_info", b""),
    ("subnetInfo_getDynamicInfo", [1], "SubnetInfoRuntimeApi_get_dynamic_info", ONE),
    ("subnetInfo_getAllMetagraphs", [], "SubnetInfoRuntimeApi_get_all_metagraphs", b""),
    ("subnetInfo_getMetagraph", [1], "SubnetInfoRuntimeApi_get_metagraph", ONE),
    ("subnetInfo_getAllMechagraphs", [], "SubnetInfoRuntimeApi_get_all_mechagraphs", b""),
    ("subnetInfo_getMechagraph", [1, 0], "SubnetInfoRuntimeApi_get_mechagraph", ONE + b"\0"),
    ("subnetInfo_getSubnetState", [1], "SubnetInfoRuntimeApi_get_subnet_state", ONE),
    ("subnetInfo_getSelectiveMetagraph", [1, [0, 52]], "SubnetInfoRuntimeApi_get_selective_metagraph", ONE + INDEXES),
    (
        "subnetInfo_getSelectiveMechagraph",
        [1, 0, [0, 52]],
        "SubnetInfoRuntimeApi_get_selective_mechagraph",
        ONE + b"\0" + INDEXES,
    ),
    (
        "subnetInfo_getColdkeyAutoStakeHotkey",
        [ADDRESS, 1],
        "SubnetInfoRuntimeApi_get_coldkey_auto_stake_hotkey",
        ALICE.account + ONE,
    ),
    ("subnetInfo_getSubnetAccountId", [1], "SubnetInfoRuntimeApi_get_subnet_account_id", ONE),
    ("stakeInfo_getColdkeyLock", [ADDRESS, 1], "StakeInfoRuntimeApi_get_coldkey_lock", ALICE.account + ONE),
    ("swap_simSwapTaoForAlpha", [1, 10**9], "SwapRuntimeApi_sim_swap_tao_for_alpha", ONE + COIN),
    ("swap_simSwapAlphaForTao", [1, 10**9], "SwapRuntimeApi_sim_swap_alpha_for_tao", ONE + COIN),
]


@pytest.mark.parametrize(("method", "params", "api", "arguments"), SAME, ids=lambda each: str(each)[:40])
def test_a_method_returns_its_apis_result_as_a_list_of_bytes(
    client: Client, method: str, params: list[Any], api: str, arguments: bytes
) -> None:
    answer = client.ask(method, *params)
    assert answer == list(client.chain.call_api(api, arguments))
    assert answer == list(bytes.fromhex(client.ask("state_call", api, "0x" + arguments.hex())[2:]))


def test_the_lock_cost_and_the_subnet_to_prune_are_numbers(client: Client) -> None:
    cost = client.ask("subnetInfo_getLockCost")
    name = "SubnetRegistrationRuntimeApi_get_network_registration_cost"
    assert cost == int.from_bytes(client.chain.call_api(name), "little") > 0
    assert client.ask("subnetInfo_getSubnetToPrune") is None, "subnet 1 is too young to go"


def test_prices_of_alpha_are_numbers(client: Client) -> None:
    # Root's price is 1; the pool of subnet 1 begins with 10 TAO for 10 alpha and an even weight.
    assert client.ask("swap_currentAlphaPrice", 0) == 10**9
    prices = {each["netuid"]: each["price"] for each in client.ask("swap_currentAlphaPriceAll")}
    assert prices[0] == 10**9
    assert prices[1] == client.ask("swap_currentAlphaPrice", 1) > 0


def test_a_block_can_be_named(client: Client) -> None:
    genesis = client.ask("chain_getBlockHash", 0)
    api = "SubnetInfoRuntimeApi_get_metagraph"
    then = client.ask("subnetInfo_getMetagraph", 1, genesis)
    assert then == list(client.chain.call_api(api, ONE, bytes.fromhex(genesis[2:])))
    assert then != client.ask("subnetInfo_getMetagraph", 1)


def test_an_unknown_block_is_an_error(client: Client) -> None:
    code, message, data = client.fail("subnetInfo_getMetagraph", 1, UNKNOWN)
    assert (code, data) == (1, None)
    why = f'UnknownBlock("Header was not found in the database: {UNKNOWN}")'
    assert message == f"Unable to get dynamic subnets info: {why}"
    assert client.fail("subnetInfo_getSubnetAccountId", 1, UNKNOWN) == (1, "Subnet does not exist", None)


def test_a_discarded_state_is_named_as_by_the_genuine_node() -> None:
    """The node shows its `ApiError::UnknownBlock` with Rust's debug format."""
    with Chain.dev() as small:
        small.history.retention = Retention(1, 100)
        small.produce(3)
        client = Client(small)
        old = client.ask("chain_getBlockHash", 1)
        why = f'UnknownBlock("State already discarded for {old}")'
        message = f"Unable to get dynamic subnets info: {why}"
        assert client.fail("subnetInfo_getMetagraph", 1, old) == (1, message, None)


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("subnetInfo_getSubnetInfo", ["1"], 'invalid type: string "1", expected u16 at line 1 column 3'),
        ("subnetInfo_getSubnetInfo", [65536], "invalid value: integer `65536`, expected u16 at line 1 column 5"),
        ("subnetInfo_getMechagraph", [1, 256], "invalid value: integer `256`, expected u8 at line 1 column 3"),
        (
            "subnetInfo_getSelectiveMetagraph",
            [1, 2],
            "invalid type: integer `2`, expected a sequence at line 1 column 1",
        ),
        ("delegateInfo_getDelegate", [[256]], "invalid value: integer `256`, expected u8 at line 1 column 4"),
        ("delegateInfo_getDelegate", [[1, 2, 300]], "invalid value: integer `300`, expected u8 at line 1 column 8"),
        ("subnetInfo_getSubnetInfo", [{"a": 1}], "invalid type: map, expected u16 at line 1 column 0"),
        ("stakeInfo_getColdkeyLock", [[1], 1], "invalid type: sequence, expected a string at line 1 column 0"),
        ("subnetInfo_getSubnetInfo", [], "No more params"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(client: Client, method: str, params: list[Any], why: str) -> None:
    assert client.fail(method, *params) == (-32602, "Invalid params", why)


def test_an_invalid_address_is_refused(client: Client) -> None:
    code, _, data = client.fail("stakeInfo_getColdkeyLock", ADDRESS[:-1] + "1", 1)
    assert code == -32602
    assert data is not None
    assert "expected" in data


def test_an_account_of_too_few_bytes_is_an_error(client: Client) -> None:
    message = "Unable to get delegates info: expected 32 bytes, got 3"
    assert client.fail("delegateInfo_getDelegate", [1, 2, 3]) == (1, message, None)
    longer = [*ALICE.account, 9]
    assert client.ask("delegateInfo_getDelegated", longer) == client.ask("delegateInfo_getDelegated", longer[:32])


@pytest.mark.parametrize(
    ("method", "before", "bits"),
    [
        ("subnetInfo_getSubnetInfo", [], 16),
        ("subnetInfo_getMechagraph", [1], 8),
        ("neuronInfo_getNeuron", [1], 16),
        ("swap_simSwapTaoForAlpha", [1], 64),
        ("swap_simSwapAlphaForTao", [1], 64),
    ],
)
def test_numbers_are_taken_up_to_their_largest_value(client: Client, method: str, before: list[int], bits: int) -> None:
    """A u64 is the largest integer of JSON here: a larger number is a float."""
    for number in (0, (1 << bits) - 1):
        answer = client.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": [*before, number]}))
        assert answer.get("error", {}).get("code") != -32602, answer
    assert client.fail(method, *before, -1)[2] == f"invalid value: integer `-1`, expected u{bits} at line 1 column 2"
    code, _, data = client.fail(method, *before, 1 << bits)
    assert code == -32602
    assert data is not None
    assert f", expected u{bits} at line 1" in data
