"""Misuse of Commitments."""

from __future__ import annotations

from pysubtensor.runtime.pallets.balances.declared import Error as BalancesError
from pysubtensor.runtime.pallets.commitments.calls import set_commitment
from pysubtensor.runtime.pallets.commitments.data import raw
from pysubtensor.runtime.pallets.commitments.declared import CommitmentInfo, Error, FieldDeposit, MaxFields, MaxSpace

from tests.world import ALICE

from .table import NETUID, Attempt, Kind, Table, World

table = Table()


@table.misuse("set_commitment", Kind.MUCH, Error.SpaceLimitExceeded)
def more_bytes_than_an_epoch_allows(world: World) -> Attempt:
    world.subnet()
    world.neuron(ALICE)
    MaxSpace.put(world.ctx, 150)
    world.do(ALICE, set_commitment.call(NETUID, CommitmentInfo([raw(bytes(100))])))
    return ALICE, set_commitment.call(NETUID, CommitmentInfo([raw(bytes(51))]))


@table.misuse("set_commitment", Kind.MUCH, BalancesError.InsufficientBalance)
def a_deposit_beyond_the_balance(world: World) -> Attempt:
    world.subnet()
    world.neuron(ALICE)
    world.set_constant(FieldDeposit, 10**13)
    return ALICE, set_commitment.call(NETUID, CommitmentInfo([raw(b"x")]))


@table.misuse("set_commitment", Kind.LENGTHS, Error.TooManyFieldsInCommitmentInfo)
def more_fields_than_a_commitment_has(world: World) -> Attempt:
    world.subnet()
    world.neuron(ALICE)
    fields = [raw(b"")] * (MaxFields.get(world.ctx) + 1)
    return ALICE, set_commitment.call(NETUID, CommitmentInfo(fields))


table.never(Kind.EARLY, "commitments are made at any time", "set_commitment")
table.never(Kind.FAST, "what is limited is the bytes of an epoch, not how often they come", "set_commitment")
table.never(Kind.TWICE, "a new commitment replaces the one before", "set_commitment")
table.open_to_root("set_max_space")
