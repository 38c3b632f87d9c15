"""Misuse of Drand."""

from __future__ import annotations

from dataclasses import replace

from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.pallets.drand.declared import Error, LastStoredRound

from tests.runtime.pallets.drand import ROUND_1000, ROUND_2000, write

from .table import Attempt, Kind, Table, World

table = Table()


@table.misuse("write_pulse", Kind.EARLY, Error.InvalidRoundNumber)
def a_round_before_the_last_one(world: World) -> Attempt:
    world.do(NONE, write(ROUND_2000))
    return NONE, write(ROUND_1000)


@table.misuse("write_pulse", Kind.MUCH, Error.InvalidRoundNumber)
def after_the_greatest_round(world: World) -> Attempt:
    LastStoredRound.put(world.ctx, 2**64 - 1)
    return NONE, write(ROUND_1000)


@table.misuse("write_pulse", Kind.LENGTHS, Error.PulseVerificationError)
def a_signature_that_lacks_a_byte(world: World) -> Attempt:
    return NONE, write(ROUND_1000, replace(ROUND_2000, signature=ROUND_2000.signature[:-1]))


@table.misuse("write_pulse", Kind.TWICE, Error.InvalidRoundNumber)
def a_round_that_is_stored(world: World) -> Attempt:
    world.do(NONE, write(ROUND_1000))
    return NONE, write(ROUND_1000)


@table.misuse("write_pulse", Kind.TWICE, Error.InvalidRoundNumber)
def the_same_pulse_twice(world: World) -> Attempt:
    return NONE, write(ROUND_1000, ROUND_1000)


table.never(Kind.FAST, "the pool and the blocks refuse what comes too fast, not the call", "write_pulse")
table.open_to_root("set_beacon_config", "set_oldest_stored_round")
