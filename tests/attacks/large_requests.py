"""Requests that ask for much more than they contain."""

from __future__ import annotations

from pysubtensor.runtime.pallets.sudo import sudo
from pysubtensor.runtime.pallets.system import set_storage

from .attack import Attack, Target, ask, connected, include, outcome

KEY, VALUE_BYTES = b"k" * 70, 1024 * 1024


async def one_key_many_times(target: Target, times: int) -> str:
    """Subscribe to one key with a value of 1 MB, repeated: the genuine node answers each key once."""
    async with connected(target) as socket:
        await include(socket, sudo.call(set_storage.call([(KEY, bytes(VALUE_BYTES))])))
        return outcome(await ask(socket, "state_subscribeStorage", ["0x" + KEY.hex()] * times))


ATTACKS = [Attack("one key of 1 MB, subscribed to many times", one_key_many_times, small=5, full=1_500)]
