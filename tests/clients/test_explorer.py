"""The explorer in a real browser: every page, every form, live blocks, hostile names, no request to another host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from pysubtensor import Receipt
from tests.clients.environments import BROWSER
from tests.clients.explorers import HOSTILE, SHOTS, SUBNET, browser, eventful, explorer
from tests.clients.visits import PATIENCE_S, interpreter, run_driver

pytestmark = [pytest.mark.clients, pytest.mark.timeout(6 * PATIENCE_S)]

ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
BOB = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"
#: Pages by name; `{…}` is filled in when the chain is there.
PAGES = {
    "blocks": "/",
    "block": "/block/{transfer}",
    "extrinsic": "/extrinsic/{transfer}-{index}",
    "failed": "/extrinsic/{failed}-{failed_index}",
    "remark": "/extrinsic/{remark}-{index}",
    "account": f"/account/{ALICE}",
    "staker": f"/account/{BOB}",
    "subnets": "/subnets",
    "subnet": f"/subnet/{SUBNET}",
    "hostile": "/subnet/1",
    "storage": "/storage",
    "pallet": "/storage/SubtensorModule",
    "item": "/storage/SubtensorModule/Weights",
    "value": "/storage/SubtensorModule/TotalIssuance",
    "identities": "/storage/SubtensorModule/IdentitiesV2",
    "search": "/search?q=2",
    "nothing": "/search?q=%3Cb%3Enothing",
    "development": "/dev",
    "send": "/send?pallet=SubtensorModule&call=set_weights",
    "missing": "/block/999999",
    "nonsense": "/account/%3Cscript%3E",
}
LOOKS = ("wide", "narrow")
SDK = "bittensor-10"
RAO, WHOLE = 10**9, 65_535


@dataclass(frozen=True, slots=True)
class Seen:
    """What the browser reports, and what happened on the chain."""

    pages: dict[str, Any]
    forms: dict[str, Any]
    keyboard: dict[str, Any]
    #: What the SDK reads from the node.
    sdk: dict[str, Any]
    transfer: Receipt
    failed: Receipt
    free_of_poor: int


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """One visit of a browser for all tests."""
    chromium, program = browser(), interpreter(BROWSER)
    chain, transfer, failed = eventful()
    places = {
        "transfer": transfer.block_number,
        "index": transfer.index,
        "failed": failed.block_number,
        "failed_index": failed.index,
        "remark": failed.block_number + 1,
    }
    with chain, chain.serve() as node, explorer(node.url) as url:
        task = {
            "url": url,
            "browser": chromium,
            "shots": str(SHOTS),
            "timeout": 30,
            "filter": chain.metagraph(SUBNET).hotkeys[3],
            "pages": {name: path.format(**places) for name, path in PAGES.items()},
        }
        home = tmp_path_factory.mktemp("browser")
        pages = {
            f"{name}-{look}": page
            for look in LOOKS
            for name, page in run_driver(
                BROWSER, program, "browser.py", {**task, "look": look}, home, 2 * PATIENCE_S
            ).items()
        }
        reads = {"url": node.url, "netuid": SUBNET, "transfer": transfer.block_number, "alice": ALICE, "bob": BOB}
        sdk = run_driver(SDK, interpreter(SDK), "figures_bittensor_10.py", reads, home)
        used = run_driver(BROWSER, program, "browser.py", {**task, "look": ""}, home)
        poor = chain.storage.System.Account["//Poor"].data.free
        yield Seen(pages, used["forms"], used["keyboard"], sdk, transfer, failed, poor)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_complaints_or_foreign_requests(seen: Seen, name: str, look: str) -> None:
    page = seen.pages[f"{name}-{look}"]
    assert page["errors"] == []
    assert page["foreign"] == []
    assert page["dark"] == (look == "narrow")
    assert not page["overflows"], "a page is as wide as the window"
    assert (SHOTS / f"{name}-{look}.png").stat().st_size > 5_000


@pytest.mark.parametrize("name", PAGES)
def test_what_a_node_says_is_text(seen: Seen, name: str) -> None:
    for look in LOOKS:
        page = seen.pages[f"{name}-{look}"]
        assert page["hacked"] is None
        assert page["strange"] == 0


@pytest.mark.parametrize("name", ["remark", "account", "hostile", "identities", "subnets"])
def test_hostile_names_are_shown_as_they_are(seen: Seen, name: str) -> None:
    assert HOSTILE[:30] in seen.pages[f"{name}-wide"]["text"]


def test_a_long_name_does_not_make_a_page_long(seen: Seen) -> None:
    assert all(len(page["text"]) < 100_000 for page in seen.pages.values())
    assert all(page["nodes"] < 5_000 for page in seen.pages.values())


def test_the_page_of_an_extrinsic_has_call_arguments_events_and_fee(seen: Seen) -> None:
    page = seen.pages["extrinsic-wide"]
    facts = dict(page["facts"])
    assert facts["Call"] == "Balances.transfer_keep_alive"
    assert facts["Result"] == "ok"
    assert facts["Signer"] == ALICE
    assert seen.transfer.fee is not None
    assert facts["Fee"] == f"{seen.transfer.fee / 10**9:.9f}".rstrip("0") + " TAO"
    assert facts["value: T::Balance"] == "1500000000"
    assert "Balances.Transfer" in page["text"]
    assert BOB in page["text"]


def test_the_page_of_a_failure_has_the_errors_documentation(seen: Seen) -> None:
    text = seen.pages["failed-wide"]["text"]
    assert "SubtensorModule.SubnetNotExists: The subnet does not exist." in text
    assert "Try an existing netuid" in text


def test_the_page_of_a_subnet_has_neurons_and_pictures(seen: Seen) -> None:
    page = seen.pages["subnet-wide"]
    header, *rows = page["tables"]["Neurons"]
    assert header[:5] == ["Uid", "Hotkey", "Coldkey", "Name", "Role"]
    assert [row[0] for row in rows] == [str(uid) for uid in range(9)]
    assert page["canvases"] >= 7, "two of weights, four over time, bonds, the price curve"
    assert ["kappa", "32,767 (50.00 %)"] in [row[:2] for row in page["tables"]["Hyperparameters"]]


def exact(rao: int) -> str:
    """An amount with all its decimals."""
    return f"{rao // RAO:,}.{rao % RAO:09d}".rstrip("0").rstrip(".")


#: Figures of the subnet's page by the name of their tile, as they follow from the SDK's.
TILES = {
    "Price": lambda sdk: f"{exact(sdk['price'])} TAO",
    "TAO in pool": lambda sdk: f"{sdk['tao_in'] / RAO:,.3f} TAO",
    "Alpha in pool": lambda sdk: f"{sdk['alpha_in'] / RAO:,.3f} α",
    "Tempo": lambda sdk: f"{sdk['tempo']} blocks",
    "Next epoch": lambda sdk: f"block {sdk['next_epoch']}",
    "Last epoch": lambda sdk: f"block {sdk['last_step']}",
    "Neurons": lambda sdk: f"{sdk['neurons']} of 256",
    "Registration": lambda sdk: f"{sdk['burn'] / RAO:.6f} TAO",
    "Block": lambda sdk: str(sdk["block"]),
}
#: Hyperparameters by name.
PARAMETERS = {
    "kappa": lambda sdk: f"{sdk['kappa']:,} ({sdk['kappa'] / WHOLE:.2%})".replace("%", " %"),
    "immunity period": lambda sdk: f"{sdk['immunity_period']:,}",
    "min burn": lambda sdk: f"{exact(sdk['min_burn'])} TAO",
    "max validators": lambda sdk: str(sdk["max_validators"]),
    "tempo": lambda sdk: str(sdk["tempo"]),
}


@pytest.mark.parametrize("name", TILES)
def test_figures_of_a_subnet_are_those_of_the_sdk(seen: Seen, name: str) -> None:
    assert seen.pages["subnet-wide"]["tiles"][name] == TILES[name](seen.sdk)


@pytest.mark.parametrize("name", PARAMETERS)
def test_hyperparameters_are_those_of_the_sdk(seen: Seen, name: str) -> None:
    rows = {row[0]: row[1] for row in seen.pages["subnet-wide"]["tables"]["Hyperparameters"]}
    assert rows[name] == PARAMETERS[name](seen.sdk)


@pytest.mark.parametrize(("page", "name"), [("account", "alice"), ("staker", "bob")])
def test_balances_are_those_of_the_sdk(seen: Seen, page: str, name: str) -> None:
    assert seen.pages[f"{page}-wide"]["tiles"]["Free"] == f"{exact(seen.sdk[name])} TAO"


def test_stakes_owners_and_blocks_are_those_of_the_sdk(seen: Seen) -> None:
    _, *rows = seen.pages["staker-wide"]["tables"]["Stake"]
    assert [row[2] for row in rows] == [f"{exact(stake)} alpha" for stake in seen.sdk["stakes"].values()]
    assert dict(seen.pages["subnet-wide"]["facts"])["Owner"] == seen.sdk["owner"]
    block = dict(seen.pages["block-wide"]["facts"])
    assert block["Hash"] == seen.sdk["hash"]
    time = datetime.fromisoformat(block["Time, UTC"]).replace(tzinfo=UTC)
    assert time.timestamp() == seen.sdk["time"]
    _, *subnets = seen.pages["subnets-wide"]["tables"]["Subnets"]
    assert [int(row[0]) for row in subnets] == seen.sdk["subnets"]


def test_neurons_are_those_of_the_sdk(seen: Seen) -> None:
    header, *rows = seen.pages["subnet-wide"]["tables"]["Neurons"]
    for name, values, written in (
        ("Incentive", seen.sdk["incentives"], lambda value: f"{value * 100:.3f} %"),
        ("Dividends", seen.sdk["dividends"], lambda value: f"{value * 100:.3f} %"),
        ("Emission", seen.sdk["emissions"], lambda value: f"{value:.6f}"),
    ):
        assert [row[header.index(name)] for row in rows] == [written(value) for value in values], name
    shown = [row[header.index("Hotkey")] for row in rows]
    assert shown == [f"{key[:6]}…{key[-6:]}" for key in seen.sdk["hotkeys"]]


def test_a_live_block_arrives(seen: Seen) -> None:
    before, after = (int(seen.forms[name].replace(",", "")) for name in ("before", "after"))
    assert after == before + 3


def test_the_forms_of_a_development_node_work(seen: Seen) -> None:
    forms = seen.forms
    assert "//Poor has 7.5 TAO now." in forms["funded"]
    assert "was taken" in forms["snapshot"]
    assert "the epoch has run" in forms["epoch"]
    assert f"The chain is at block {forms['before']} again." in forms["reverted"]
    assert "expected" in forms["refused"]
    assert forms["errors"] == forms["foreign"] == []


def test_a_call_is_sent_by_its_form(seen: Seen) -> None:
    sent = seen.forms["sent"]
    assert "It is in block" in sent["said"]
    assert dict(sent["facts"])["Call"] == "Balances.transfer_keep_alive"
    assert seen.free_of_poor == 10 * 10**9, "7.5 TAO from nothing, and 2.5 from //Alice"


def test_keys_alone_are_enough(seen: Seen) -> None:
    keyboard = seen.keyboard
    assert keyboard["first"] == "Skip to content"
    assert keyboard["unsorted"] == [str(uid) for uid in range(9)]
    assert keyboard["sorted"] == [str(uid) for uid in reversed(range(9))]
    assert keyboard["filtered"] == ["3"]
    assert keyboard["found"]["heading"] == f"Account {BOB}"


def test_the_theme_that_was_chosen_stays(seen: Seen) -> None:
    assert seen.keyboard["found"]["dark"]
    assert seen.keyboard["found"]["ground"] != seen.pages["account-wide"]["ground"]
