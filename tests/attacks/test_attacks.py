"""Each attack at a size that the suite bears: the node answers as it must, and goes on answering and making blocks."""

from __future__ import annotations

import asyncio

import pytest
from pysubtensor.chain.embed.chain import Chain
from pysubtensor.chain.engine.local import LocalEngine, Sealing
from pysubtensor.chain.rpc.server import running

from .attack import Attack, Target, ask, connected
from .attacks import ATTACKS


@pytest.mark.parametrize("attack", [each for each in ATTACKS if not each.only_full], ids=lambda each: each.name)
def test_the_node_survives_and_serves(attack: Attack) -> None:
    with Chain.dev() as chain, running(chain, engine=LocalEngine(chain, Sealing.INSTANT)) as server:
        target = Target(server.port)
        asyncio.run(attack.run(target, attack.small))
        made = server.call(chain.produce).number
        assert asyncio.run(head(target)) == made


async def head(target: Target) -> int:
    async with connected(target) as socket:
        return int((await ask(socket, "chain_getHeader"))["result"]["number"], 16)
