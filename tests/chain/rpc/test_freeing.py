"""What a request about a past state reads is freed with its answer, not when the garbage collector runs next."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from pysubtensor.chain.history.past import PastState
from pysubtensor.chain.rpc.slices import Paced
from pysubtensor.runtime.pallets import system
from pysubtensor.runtime.state.overlay import State

from .conftest import Client

KEY = "0x" + system.Number.prefix.hex()


@pytest.fixture(autouse=True)
def _without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("state_getStorage", [KEY]),
        ("state_queryStorageAt", [[KEY]]),
        ("state_getKeysPaged", [KEY[:34], 100, None]),
        ("state_call", ["SubnetInfoRuntimeApi_get_subnet_hyperparams", "0x0100"]),
        ("subnetInfo_getMetagraph", [1]),
    ],
)
def test_a_view_of_a_past_state_is_freed_with_the_answer(client: Client, method: str, params: list[Any]) -> None:
    past = client.ask("chain_getBlockHash", 1)
    before = views()
    client.ask(method, *params, past)
    assert views() == before


def views() -> int:
    return sum(type(each) in (State, Paced, PastState) for each in gc.get_objects())
