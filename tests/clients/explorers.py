"""An explorer of a chain in a process of its own, as users start it, and the chain that its tests look at."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pysubtensor.chain.cheats.scenarios import play
from pysubtensor.genesis.scenarios import read_scenario

from pysubtensor import Chain, Receipt, TransactionFailed, tao
from tests.clients.environments import Unavailable, chromium

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "explorer"
SUBNET = 2
#: Markup, scripts, and what templates of the browser's library would run; `hacked` would tell.
HOSTILE = "<img src=x onerror='hacked=1'><script>hacked=2</script><b>bold</b>{{constructor.constructor('hacked=3')()}}"
#: A name of 10 kB that is all of that.
LONG = (HOSTILE * 100)[:10_000]


def browser() -> str:
    """Return the path of Chromium; skip the test without one, also on CI, where it may be impossible to install."""
    try:
        return chromium()
    except Unavailable as why:
        pytest.skip(str(why))


@contextmanager
def explorer(url: str) -> Iterator[str]:
    """Run an explorer of a node; yield its address."""
    with started(url) as (_, address):
        yield address


@contextmanager
def started(url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run an explorer of a node; yield its process and its address."""
    program = "from pysubtensor.cli import main; main()"
    command = [sys.executable, "-c", program, "explorer", "--url", url, "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.terminate()
        _, said = process.communicate()
    assert said == "", "an explorer has no problem of its own"


def eventful() -> tuple[Chain, Receipt, Receipt]:
    """A chain with weights and epochs, a transfer, a failure, and hostile names and remarks."""
    scenario = read_scenario("one-subnet")
    chain = Chain.dev(**scenario.chain)
    play(chain, scenario)
    chain.produce(63)
    transfer = chain.tx.Balances.transfer_keep_alive(dest="bob", value=tao(1.5), signer="alice")
    failed = failure(chain)
    chain.tx.System.remark_with_event(remark=LONG, signer="charlie")
    storage = chain.storage.SubtensorModule
    fields = ("name", "url", "github_repo", "image", "discord", "description", "additional")
    storage.IdentitiesV2["alice"] = dict.fromkeys(fields, LONG)
    storage.SubnetIdentitiesV3[1] = dict.fromkeys(storage_fields(), LONG)
    storage.TokenSymbol[1] = HOSTILE
    chain.produce(1)
    return chain, transfer, failed


def storage_fields() -> tuple[str, ...]:
    """The fields of a subnet's identity."""
    return (
        "subnet_name",
        "github_repo",
        "subnet_contact",
        "subnet_url",
        "discord",
        "description",
        "logo_url",
        "additional",
    )


def failure(chain: Chain) -> Receipt:
    """Return the receipt of a registration on a subnet that does not exist."""
    with pytest.raises(TransactionFailed) as caught:
        chain.tx.SubtensorModule.burned_register(netuid=77, hotkey="bob", signer="bob")
    return caught.value.receipt
