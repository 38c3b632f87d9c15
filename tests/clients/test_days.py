"""The life of a subnet through each SDK and btcli, unmodified: they read the results of Yuma Consensus."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pysubtensor.cli import main
from pysubtensor.runtime.crypto import Keypair, ss58_encode

from tests.clients.days import DRIVER_OF, NAMES, TEMPO, Day, live
from tests.clients.test_real_clients import VERSIONS
from tests.clients.visits import PATIENCE_S

# The driver has its own limit, which says what the client printed.
pytestmark = [pytest.mark.clients, pytest.mark.timeout(2 * PATIENCE_S)]

HOTKEYS = [Keypair.from_uri(f"//{name}//hot").public for name in NAMES]
#: How the metagraph's columns are called in the output of an epoch.
COLUMNS = {
    "incentive": "incentive",
    "dividends": "dividends",
    "consensus": "consensus",
    "trust": "validator_trust",
    "emission": "combined_emission",
    "permits": "new_validator_permits",
}


@pytest.fixture(scope="module", params=DRIVER_OF)
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The day of each client, run once for all tests."""
    return live(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(params=["plain", "revealed"])
def graph(request: pytest.FixtureRequest, day: Day) -> dict[str, Any]:
    seen: dict[str, Any] = day.seen[request.param]
    return seen


def test_the_client_has_the_pinned_version(day: Day) -> None:
    assert day.seen["version"] == VERSIONS[day.client]


def test_every_rao_is_accounted_for_after_every_block(day: Day) -> None:
    assert day.blocks > 4 * TEMPO
    assert day.broken == []


def test_epochs_come_once_a_tempo(day: Day) -> None:
    assert len(day.epochs) >= 4
    assert {later - earlier for earlier, later in pairwise(day.epochs)} == {TEMPO}


def test_it_reads_the_neurons_in_the_order_of_registration(graph: dict[str, Any]) -> None:
    assert graph["hotkeys"] == [ss58_encode(hotkey) for hotkey in HOTKEYS]


def test_it_reads_the_endpoints_of_neurons(graph: dict[str, Any]) -> None:
    assert graph["axons"] == [None, None, "10.0.0.0:8091", "10.0.0.1:8091", "10.0.0.2:8091"]


def test_incentive_follows_the_weights_of_the_only_validator(day: Day) -> None:
    """Four, two and one seventh of 65,535, floored; the validator has all dividends."""
    assert day.seen["plain"]["incentive"] == [0, 0, 37_448, 18_724, 9_362]
    assert day.seen["revealed"]["incentive"] == [0, 0, 9_362, 18_724, 37_448]
    assert day.seen["plain"]["dividends"] == day.seen["revealed"]["dividends"] == [0, 65_535, 0, 0, 0]


def test_the_metagraph_equals_the_result_of_yuma_run(day: Day, graph: dict[str, Any], tmp_path: Path) -> None:
    last = max(block for block in day.epochs if block <= graph["block"])
    case = tmp_path / "epoch.json"
    case.write_text(json.dumps(day.epochs[last]))
    ran = CliRunner().invoke(main, ["yuma", "run", "--json", str(case)])
    assert ran.exit_code == 0, ran.output
    outputs = json.loads(ran.stdout)
    assert {name: graph[name] for name in COLUMNS} == {name: outputs[column] for name, column in COLUMNS.items()}


def test_btcli_converts_amounts_by_the_type_names_of_metadata(day: Day) -> None:
    """`sudo set --normalize` multiplies a value by 10^9 if the `typeName` of the argument is `TaoBalance`."""
    if day.client == "btcli":
        assert day.seen["burns"] == {"min_burn": 500_000_000, "max_burn": 50_000_000_000}


def test_weights_set_under_commit_reveal_wait_for_their_drand_round(day: Day) -> None:
    """The SDKs encrypt weights; `btcli` only has commits of hashes."""
    assert day.sealed_by == ([] if day.client == "btcli" else [HOTKEYS[1]])
