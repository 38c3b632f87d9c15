"""`pysubtensor stake` and `pysubtensor subnet`, against a node: previews are what happens, in TAO and alpha."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import Running, running
from pysubtensor.cli.amounts import Amount, percent
from pysubtensor.genesis.accounts import authority

from tests.world import BOB_ADDRESS, TAO

from .conftest import Shell

#: The fee of a pool, in parts of 65535, and what a new subnet's pool has of both coins.
POOL_FEE, POOL = 33, 1_000 * TAO
HOT = ("--hotkey", "//Bob//hot")
ON_SUBNET = ("--netuid", "2", *HOT, "--from", "//Bob", "--yes")


@pytest.fixture(scope="module")
def node() -> Iterator[Running]:
    """A node with two subnets that trade, which //Alice owns. //One authors blocks, so that no account earns fees."""
    with Chain.dev(authorities=(authority("One"),), start_call_delay=0, network_rate_limit=0) as chain:
        for netuid in (2, 3):
            chain.execute("SubtensorModule.register_network", "//Alice", hotkey=f"//Alice//{netuid}")
            chain.execute("SubtensorModule.start_call", "//Alice", netuid=netuid)
        identity = {"subnet_name": "Tour", "github_repo": "", "subnet_contact": "", "subnet_url": "", "discord": ""}
        identity |= {"description": "", "logo_url": "", "additional": ""}
        chain.execute("SubtensorModule.set_subnet_identity", "//Alice", netuid=2, **identity)
        chain.execute("SubtensorModule.burned_register", "//Bob", netuid=2, hotkey="//Bob//hot")
        chain.execute("SubtensorModule.burned_register", "//Bob", netuid=2, hotkey="//Bob//second")
        with running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
            yield server


def stakes(online: Shell, coldkey: str = "//Bob") -> dict[tuple[int, str], int]:
    return {(row["netuid"], row["hotkey"]): row["stake"] for row in online.json("stake", "list", coldkey)}


def staked(online: Shell, netuid: int = 2, hotkey: str = "//Bob//hot") -> int:
    address = online.json("keys", "inspect", hotkey)["address"]
    return stakes(online).get((netuid, address), 0)


def free(online: Shell) -> int:
    balance: int = online.json("query", "system", "account", "//Bob")["data"]["free"]
    return balance


def price(online: Shell, netuid: int = 2) -> int:
    """Return the price of a subnet's alpha, by the runtime API."""
    found: int = online.json("query", "api", "SwapRuntimeApi_current_alpha_price", str(netuid))
    return found


def test_the_preview_of_staking_is_what_happens(online: Shell) -> None:
    arguments = ("stake", "add", *ON_SUBNET, "--amount", "20tao")
    pool = next(row for row in online.json("subnets") if row["netuid"] == 2)
    preview = online.json(*arguments, "--dry-run")
    before = free(online), staked(online)
    assert online.json(*arguments)["success"]
    assert staked(online) - before[1] == preview["receives"]
    assert before[0] - free(online) == 20 * TAO + preview["transaction_fee"]
    # With the same weight of both coins x TAO, which are 20 without the fee, buy x·A / (T + x) alpha.
    paid = 20 * TAO - 20 * TAO * POOL_FEE // 65_535
    expected = paid * pool["alpha_in_pool"] / (pool["tao_in_pool"] + paid)
    assert preview["receives"] == pytest.approx(expected, rel=1e-3)
    assert preview["pool_fee"] == 20 * TAO * POOL_FEE // 65_535
    assert preview["price_limit"] == preview["price"] * 105 // 100
    assert preview["price"] < preview["price_after"] == price(online)


def test_a_preview_is_shown_to_people_in_their_units(online: Shell) -> None:
    shown = online("stake", "add", *ON_SUBNET, "--amount", "1.5tao").stderr
    assert "subnet           2 (Tour)\n" in shown
    assert "pays             1.5 tao\n" in shown
    assert "pool fee         0.000755321 tao\n" in shown
    assert " alpha\n" in shown


def test_a_subnet_may_be_given_by_name(online: Shell) -> None:
    by_name = ("stake", "add", "--netuid", "tour", *HOT, "--from", "//Bob", "--amount", "1tao", "--dry-run")
    assert online.json(*by_name)["subnet"] == "2 (Tour)"
    unknown = online("stake", "add", "--netuid", "nowhere", *by_name[4:], code=2)
    assert "expected the netuid or the name of a subnet, got 'nowhere'" in unknown.stderr


def test_nothing_is_sent_without_consent(online: Shell) -> None:
    before = free(online)
    refused = online("stake", "add", *ON_SUBNET[:-1], "--amount", "1tao", stdin="n\n", code=1)
    assert "Sign and send it?" in refused.stderr
    assert free(online) == before
    online("stake", "add", *ON_SUBNET[:-1], "--amount", "1tao", stdin="y\n")
    assert free(online) < before


def test_a_trade_beyond_the_tolerance_fails_unless_it_may_be_partial(online: Shell) -> None:
    much = ("stake", "add", *ON_SUBNET, "--amount", "500tao", "--tolerance", "1%")
    assert "SubtensorModule.SlippageTooHigh" in online(*much, code=1).stderr
    before = free(online)
    online(*much, "--partial")
    # A price of 1 rises by one percent when about half a percent of the TAO is added.
    assert before - free(online) == pytest.approx(POOL * 0.005, rel=0.1)


def test_unstaking_gives_the_previewed_tao(online: Shell) -> None:
    online("stake", "add", *ON_SUBNET, "--amount", "20tao")
    arguments = ("stake", "remove", *ON_SUBNET, "--amount", "5alpha")
    preview = online.json(*arguments, "--dry-run")
    before = free(online), staked(online)
    online(*arguments)
    assert before[1] - staked(online) == 5 * TAO
    assert free(online) - before[0] == preview["receives"] - preview["transaction_fee"]
    assert preview["price"] > preview["price_after"] == price(online)


def test_all_stake_is_unstaked(online: Shell) -> None:
    online("stake", "add", *ON_SUBNET, "--amount", "5tao")
    sent = online.json("stake", "remove", *ON_SUBNET, "--amount", "all", "--tolerance", "any")
    assert staked(online) == 0
    assert any("StakeRemoved" in event.get("SubtensorModule", {}) for event in sent["events"])


def test_stake_moves_to_other_keys_whole(online: Shell) -> None:
    online("stake", "add", *ON_SUBNET, "--amount", "20tao")
    before = staked(online, hotkey="//Bob//second")
    online("stake", "move", *ON_SUBNET, "--amount", "3alpha", "--to-hotkey", "//Bob//second")
    assert staked(online, hotkey="//Bob//second") - before == 3 * TAO
    online("stake", "move", *ON_SUBNET, "--amount", "2alpha", "--to-coldkey", "//Charlie")
    assert sum(stakes(online, "//Charlie").values()) == 2 * TAO


def test_stake_moves_to_another_subnet_through_both_pools(online: Shell) -> None:
    online("stake", "add", *ON_SUBNET, "--amount", "20tao")
    arguments = ("stake", "move", *ON_SUBNET, "--amount", "5alpha", "--to-netuid", "3")
    preview = online.json(*arguments, "--dry-run")
    before = staked(online, netuid=3)
    online(*arguments)
    # The first pool takes a fee, the second none. The amount that the preview asks it for is rounded to a rao.
    assert staked(online, netuid=3) - before == pytest.approx(preview["receives"], abs=2)
    assert preview["price_after"] == pytest.approx(price(online, 2) * TAO // price(online, 3), rel=1e-8)
    elsewhere = online(
        "stake", "move", *ON_SUBNET, "--amount", "5alpha", "--to-netuid", "3", "--to-coldkey", "//Eve", code=2
    )
    assert "expected --tolerance any" in elsewhere.stderr


def test_stake_moves_to_root_for_the_previewed_tao(online: Shell) -> None:
    """Root takes no fee, so that it is what the sale gives."""
    allow = ("--netuid", "0", "--subtoken-enabled", "true", "--sudo", "--from", "//Alice")
    online("tx", "admin-utils", "sudo-set-subtoken-enabled", *allow)
    online("stake", "add", *ON_SUBNET, "--amount", "20tao")
    sale = online.json("stake", "remove", *ON_SUBNET, "--amount", "5alpha", "--dry-run")
    arguments = ("stake", "move", *ON_SUBNET, "--amount", "5alpha", "--to-netuid", "0")
    preview = online.json(*arguments, "--dry-run")
    assert preview["receives"] == sale["receives"]
    online(*arguments)
    assert staked(online, netuid=0) == preview["receives"]
    assert preview["price"] > preview["price_after"] == price(online) == sale["price_after"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--netuid", "2", "--hotkey", "//Stranger", "--amount", "1tao"), "HotKeyAccountNotExists"),
        (("--netuid", "2", *HOT, "--amount", "0tao"), "AmountTooLow"),
        (("--netuid", "2", *HOT, "--amount", "2000000tao"), "InsufficientLiquidity"),
        (("--netuid", "2", *HOT, "--amount", "500tao", "--tolerance", "1%"), "SlippageTooHigh"),
        (("--netuid", "1", *HOT, "--amount", "1tao"), "SubtokenDisabled"),
    ],
)
def test_a_transaction_that_would_fail_is_not_sent(online: Shell, arguments: tuple[str, ...], reason: str) -> None:
    """The error is the chain's, and no fee is paid. A dry run ends with it too, after the preview."""
    before = free(online)
    add = ("stake", "add", *arguments, "--from", "//Bob", "--yes")
    for more in ((), ("--dry-run",)):
        stopped = online(*add, *more, code=1)
        assert f"would fail with SubtensorModule.{reason}" in stopped.stderr
    assert "transaction fee" in stopped.stdout
    assert free(online) == before


def test_a_signer_who_cannot_pay_the_fee_is_refused_before_sending(online: Shell) -> None:
    create = ("subnet", "create", "--hotkey", "//Stranger//hot", "--from", "//Stranger", "--dry-run")
    assert "would fail with Payment: the signer cannot pay the fee" in online(*create, code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "--amount", "20"], "expected 1.5tao with at most nine decimals, or all, got '20'"),
        (["add", "--amount", "20alpha"], "expected 1.5tao with at most nine decimals, or all, got '20alpha'"),
        (["add", "--amount", "0.0000000001tao"], "with at most nine decimals"),
        (
            ["add", "--amount", "1tao", "--tolerance", "5"],
            "expected a percentage below 100% such as 5% or 0.5%, or any",
        ),
        (["add", "--amount", "1tao", "--tolerance", "100%"], "expected a percentage below 100%"),
        (["remove", "--amount", "1tao"], "expected an amount of alpha of subnet 2 (Tour), got 1 tao"),
        (
            ["remove", "--amount", "1000000alpha"],
            "expected 1,000,000 alpha on this hotkey of subnet 2 (Tour), there is",
        ),
        (["move", "--amount", "1alpha"], "expected where the stake goes"),
        (["move", "--amount", "1alpha", "--to-hotkey", "//Eve", "--to-coldkey", "//Eve"], "got both"),
    ],
)
def test_invalid_arguments_exit_with_2(online: Shell, arguments: list[str], message: str) -> None:
    command, *rest = arguments
    assert message in online("stake", command, *ON_SUBNET, *rest, code=2).stderr


def test_the_list_has_the_value_of_stake_in_tao(online: Shell) -> None:
    online("stake", "add", *ON_SUBNET, "--amount", "5tao")
    price = next(row["price"] for row in online.json("subnets") if row["netuid"] == 2)
    row = next(row for row in online.json("stake", "list", BOB_ADDRESS) if row["netuid"] == 2)
    assert row["value"] == row["stake"] * price // TAO
    assert row["unlocked_on_subnet"] >= row["stake"]
    assert "No stake." in online("stake", "list", "//Ferdie").stderr


def test_subnets_are_listed_with_their_pools(online: Shell) -> None:
    rows = {row["netuid"]: row for row in online.json("subnets")}
    assert list(rows)[:4] == [0, 1, 2, 3]
    assert rows[0]["price"] == TAO
    for item, column in (("subnet-tao", "tao_in_pool"), ("subnet-alpha-in", "alpha_in_pool")):
        assert rows[3][column] == online.json("query", "subtensor-module", item, "3")
    assert "Tour" in online("subnets").stdout


def test_a_subnet_is_created_and_joined_for_the_previewed_price(online: Shell) -> None:
    create = ("subnet", "create", "--hotkey", "//Bob//owner", "--from", "//Bob", "--yes")
    preview, before = online.json(*create, "--dry-run"), free(online)
    online(*create)
    # Prices fall with each block.
    assert before - free(online) == pytest.approx(preview["pays"], rel=1e-4)
    join = ("subnet", "join", "--netuid", "4", "--hotkey", "//Bob//neuron", "--from", "//Bob", "--yes")
    preview, before = online.json(*join, "--dry-run"), free(online)
    fee = online.json(*join)["fee_rao"]
    assert fee == preview["transaction_fee"]
    assert before - free(online) - fee == pytest.approx(preview["pays"], rel=1e-2)
    assert preview["price_limit"] == preview["pays"] * 105 // 100


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0 tao"), (1, "0.000000001 tao"), (1_500_000_000, "1.5 tao"), (1_234_567 * TAO, "1,234,567 tao")],
)
def test_amounts_are_written_with_their_decimals(amount: int, text: str) -> None:
    assert str(Amount(amount, "tao")) == text


def test_shares_are_rounded_down() -> None:
    assert (percent(1, 3), percent(0, 0)) == ("33.33 %", "0.00 %")
