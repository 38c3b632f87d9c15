"""Blocks as pages show them: what was sent, what came of it, what it cost."""

from __future__ import annotations

from pysubtensor.explorer.node.extrinsics import decode_extrinsic
from pysubtensor.explorer.node.node import Node, to_hex
from pysubtensor.explorer.readers.blocks import Block, read_block
from pysubtensor.runtime.crypto import blake2_256

from tests.explorer.conftest import World

TAO = 10**9


def block_at(world: World, number: int) -> Block:
    async def read(node: Node) -> Block | None:
        return await read_block(node, str(await node.block_hash(number)))

    found = world.read(read)
    assert found is not None
    return found


def test_a_transfer_has_its_arguments_events_and_fee(world: World) -> None:
    receipt = world.transfer
    block = block_at(world, receipt.block_number)
    assert (block.number, block.hash) == (receipt.block_number, to_hex(receipt.block_hash))
    assert block.time_ms == world.chain.storage.Timestamp.Now.get(at=receipt.block_number)
    (transfer,) = block.transactions
    assert (transfer.index, transfer.extrinsic.name) == (receipt.index, "Balances.transfer_keep_alive")
    assert transfer.extrinsic.signer == world.chain.accounts.alice.account
    arguments = {each.name: each.value for each in transfer.extrinsic.arguments}
    assert arguments["dest"].value == world.chain.accounts.bob.account
    assert arguments["value"] == 1.5 * TAO
    assert transfer.fee == receipt.fee
    assert transfer.failure is None
    assert [event.name for event in transfer.events] == [type(event).__name__ for event in receipt.events]
    assert transfer.events[-1].docs == "An extrinsic completed successfully."


def test_a_failure_has_the_errors_documentation_and_advice(world: World) -> None:
    (failed,) = block_at(world, world.failed.block_number).transactions
    assert failed.failure is not None
    assert failed.failure.name == "SubtensorModule.SubnetNotExists"
    assert failed.failure.docs == "The subnet does not exist."
    assert failed.failure.advice.startswith("an existing netuid")
    assert failed.fee == world.failed.fee


def test_the_hash_of_an_extrinsic_is_that_of_its_bytes(world: World) -> None:
    number = world.transfer.block_number
    raw = world.chain.block(number).body[world.transfer.index]
    block = block_at(world, number)
    assert block.transactions[0].extrinsic.hash == to_hex(blake2_256(raw))
    assert block.transactions[0].link == f"/extrinsic/{number}-{world.transfer.index}"
    assert [each.extrinsic.name for each in block.extrinsics if each.is_of_author] == [
        "Timestamp.set",
        "MevShield.announce_next_key",
    ]


def test_there_is_no_block_that_a_node_does_not_have(world: World) -> None:
    async def read(node: Node) -> Block | None:
        return await read_block(node, "0x" + "77" * 32)

    assert world.read(read) is None


def test_bytes_that_are_no_extrinsic_are_said_to_be_none(world: World) -> None:
    async def read(node: Node) -> list[str]:
        interface = await node.interface()
        hostile = [b"", b"\x08\x84", b"\xfc" + b"\x84" * 63, b"\x08\x04\xff", b"\x0c\x04\xff\xff"]
        return [decode_extrinsic(interface, raw).problem for raw in hostile]

    problems = world.read(read)
    assert all(problems)
    assert problems[-1] == "the runtime has no call 0xffff"
