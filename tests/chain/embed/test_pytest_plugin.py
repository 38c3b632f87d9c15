"""The pytest plugin, in the tests of a subnet developer whose `conftest.py` is empty."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = "pytester"


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """Run a file of tests with the plugin, which pytest finds by its entry point."""
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider", *arguments)


def test_each_test_has_the_chain_as_the_first_one_found_it(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        seen = []

        def test_one(chain, alice, bob):
            seen.append(chain)
            chain.execute("Balances.transfer_keep_alive", alice, dest=bob, value=5)
            assert chain.head.number == 1

        def test_two(chain, bob, charlie, dave, eve, ferdie):
            assert chain is seen[0]
            assert chain.head.number == 0
            assert chain.query("System.Account", bob).data.free == 10**15
            assert len({bob.account, charlie.account, dave.account, eve.account, ferdie.account}) == 5

        def test_three(chain):
            chain.close()

        def test_four(chain):
            assert chain is not seen[0]
            chain.produce(1)
        """,
    )
    result.assert_outcomes(passed=4)


def test_a_marker_sets_parameters_and_another_one_what_is_set_up(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        calls = []

        def two_miners(chain):
            calls.append(chain)
            return chain.subnet(miners=2)

        pytestmark = pytest.mark.chain(tempo=5)

        @pytest.mark.scenario("two_miners")
        @pytest.mark.parametrize("again", range(3))
        def test_named(chain, scenario, again):
            assert calls == [chain]
            assert chain.query("SubtensorModule.SubnetworkN", scenario.netuid) == 4
            chain.subnet()

        @pytest.mark.chain(admin_freeze_window=7)
        @pytest.mark.scenario(setup=two_miners)
        def test_passed(chain, scenario):
            assert len(calls) == 2
            assert chain.query("SubtensorModule.Tempo", scenario.netuid) == 5
            assert chain.query("SubtensorModule.AdminFreezeWindow") == 7

        def test_none(chain, scenario):
            assert scenario is None
            assert chain.query("SubtensorModule.TotalNetworks") == 2

        @pytest.mark.scenario("nothing")
        def test_wrong(chain):
            pass

        @pytest.mark.chain(5)
        def test_nameless(chain):
            pass
        """,
    )
    result.assert_outcomes(passed=5, errors=2)
    result.stdout.fnmatch_lines(
        [
            "*expected scenario(setup=function), or the name of a file that ends with .toml, of one of commit-reveal, "
            "*, or of a function in this module or as module:name, got*",
            "*expected named parameters, as in @pytest.mark.chain(tempo=5)",
        ]
    )


def test_each_example_of_hypothesis_has_a_chain_of_its_own(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from hypothesis import given, settings, strategies as st

        @pytest.fixture
        def other():
            pass

        @given(value=st.integers(10**6, 10**9))
        @settings(max_examples=10)
        def test_examples(chain, bob, value):
            assert chain.head.number == 0
            chain.execute("Balances.transfer_keep_alive", "//Alice", dest=bob, value=value)
            assert chain.query("System.Account", bob).data.free == 10**15 + value

        @given(value=st.integers())
        def test_other(chain, other, value):
            pass
        """,
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*FailedHealthCheck*'test_*::test_other' uses a function-scoped fixture 'chain'*"])


def test_a_failed_test_shows_the_last_blocks_of_its_chain(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_fails(chain, alice, bob):
            chain.produce(2)
            subnet = chain.subnet()
            miner = subnet.miners[0].hotkey
            chain.execute("Balances.transfer_keep_alive", alice, dest=bob, value=5)
            weights = {"dests": [0], "weights": [1], "version_key": 0}
            chain.execute("SubtensorModule.set_weights", miner, netuid=subnet.netuid, **weights)
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*TransactionFailed: SubtensorModule.NeuronNoValidatorPermit: *",
            "*--- chain at block 4 ---*",
            "block 3: Balances.transfer_keep_alive(dest=//Bob, value=5) by //Alice: ok",
            "    Balances.Transfer(from=//Alice, to=//Bob, amount=5)",
            "block 4: SubtensorModule.set_weights(netuid=2, dests=[[]0], weights=[[]1], version_key=0) by *: "
            "SubtensorModule.NeuronNoValidatorPermit: *",
            "2 of the last 4 blocks have no transactions",
        ]
    )


def test_clients_use_the_chain_of_the_test_by_its_url(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import json
        from urllib.request import Request, urlopen

        def ask(url, method, *params):
            body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
            request = Request(url.replace("ws:", "http:"), body, {"Content-Type": "application/json"})
            return json.load(urlopen(request))["result"]

        def test_served(chain, chain_url, alice):
            chain.produce(3)
            assert ask(chain_url, "chain_getHeader")["number"] == "0x3"
            raw = chain.sign(chain.call("System.remark", remark="0x01"), alice)
            ask(chain_url, "author_submitExtrinsic", "0x" + raw.hex())
            while chain.head.number == 3:
                pass  # the server makes the block
            assert chain.nonce(alice.account) == 1
            with chain.anchor():
                chain.produce(5)
            assert ask(chain_url, "chain_getHeader")["number"] == "0x4"
        """,
    )
    result.assert_outcomes(passed=1)


def test_the_plugin_imports_no_chain_where_none_is_used() -> None:
    source = (
        "import sys, pysubtensor.chain.embed.pytest_plugin; print([m for m in sys.modules if m.startswith('pysub')])"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(
        ["pysubtensor", "pysubtensor.chain", "pysubtensor.chain.embed", "pysubtensor.chain.embed.pytest_plugin"]
    )


SCENARIO = """
[chain]
tempo = 7
[[subnets]]
validators = 2
miners = 3
"""


def test_a_scenario_is_a_file_or_an_included_one(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", small=SCENARIO, wrong="[[subnets]]\nminers = 'x'")
    result = run(
        pytester,
        """
        import pytest

        seen = []

        @pytest.mark.scenario("small.toml")
        @pytest.mark.parametrize("again", range(3))
        def test_file(chain, scenario, again):
            seen.append(chain)
            (subnet,) = scenario
            assert chain.query("SubtensorModule.SubnetworkN", subnet.netuid) == 6
            assert chain.constants.SubtensorModule.InitialTempo == 7
            chain.subnet()
            chain.produce(3)

        @pytest.mark.scenario("one-subnet")
        def test_included(chain, scenario, alice):
            assert chain is not seen[0]
            assert chain.query("SubtensorModule.SubnetOwner", scenario[0].netuid) == alice.account
            assert chain.query("SubtensorModule.Weights", scenario[0].netuid, scenario[0].validators[0].uid).size

        @pytest.mark.chain(tempo=9)
        @pytest.mark.scenario("small.toml")
        def test_other_parameters(chain, scenario):
            assert chain.constants.SubtensorModule.InitialTempo == 9
            assert chain not in seen

        def test_one_chain():
            assert seen[0] is seen[1] is seen[2]

        @pytest.mark.scenario("wrong.toml")
        def test_wrong(chain):
            pass

        @pytest.mark.scenario("missing.toml")
        def test_missing(chain):
            pass
        """,
    )
    result.assert_outcomes(passed=6, errors=2)
    result.stdout.fnmatch_lines(
        [
            "*scenario: wrong.toml: subnets[[]0].miners: expected how many there are, up to 255, or accounts, got 'x'",
            "*scenario: expected a file, or one of commit-reveal, *, got '*",
        ]
    )


def test_each_worker_of_xdist_has_chains_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os

        import pytest

        @pytest.mark.scenario("one-subnet")
        @pytest.mark.parametrize("amount", range(10**6, 10**6 + 4))
        def test_transfer(chain, scenario, bob, amount):
            assert os.environ["PYTEST_XDIST_WORKER"] in ("gw0", "gw1")
            assert chain.head.number == 0
            chain.execute("Balances.transfer_keep_alive", "alice", dest=bob, value=amount)
            assert chain.query("System.Account", bob).data.free > amount
        """
    )
    result = pytester.runpytest_subprocess("-n", "2", "-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=4)


def test_coroutines_of_pytest_asyncio_use_the_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio

        import pytest
        from hypothesis import given, settings, strategies as st

        @pytest.fixture
        async def subnet(chain):
            await asyncio.sleep(0)
            return chain.subnet(miners=2)

        @pytest.mark.scenario("one-subnet")
        async def test_one(chain, subnet, bob):
            await asyncio.sleep(0)
            chain.execute("Balances.transfer_keep_alive", "alice", dest=bob, value=5)
            assert chain.query("SubtensorModule.SubnetworkN", subnet.netuid) == 4
            assert chain.head.number == 1

        @pytest.mark.scenario("one-subnet")
        async def test_two(chain, bob):
            assert (chain.head.number, chain.query("SubtensorModule.TotalNetworks")) == (0, 3)

        @given(value=st.integers(10**6, 10**9))
        @settings(max_examples=5, deadline=None)
        async def test_examples(chain, bob, value):
            assert chain.head.number == 0
            await asyncio.sleep(0)
            chain.execute("Balances.transfer_keep_alive", "alice", dest=bob, value=value)
            assert chain.query("System.Account", bob).data.free == 10**15 + value

        async def test_a_client_in_the_same_loop(chain, chain_url):
            from aiohttp import ClientSession

            async with ClientSession() as session, session.ws_connect(chain_url) as socket:
                await socket.send_json({"jsonrpc": "2.0", "id": 1, "method": "chain_getHeader", "params": []})
                assert (await socket.receive_json())["result"]["number"] == "0x0"
        """
    )
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function")
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=4)
