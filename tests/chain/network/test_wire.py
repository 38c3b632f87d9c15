"""Messages of the engine: their encoding as its own program makes it, and their way through a socket."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.network.messages import Request, Response, make
from pysubtensor.chain.network.wire import WireError, encode_varint, frame, listen, read_frame, serve_connection

from tests.vectors import load

ENCODED = {name: bytes.fromhex(text) for name, text in load("network/engine")["messages"].items()}
TIME = make("Timestamp", seconds=1_700_000_000, nanos=123_456_789)
VALIDATOR = make("Validator", address=b"\1\2\3", power=7)


def request(kind: str, **fields: Any) -> Any:
    return Request(**{kind: make("Request" + kind.title().replace("_", ""), **fields)})


def response(kind: str, **fields: Any) -> Any:
    return Response(**{kind: make("Response" + kind.title().replace("_", ""), **fields)})


MADE = {
    "finalize": request(
        "finalize_block",
        txs=[b"\xaa", b"", b"\xbb\xcc"],
        decided_last_commit=make("CommitInfo", round=1, votes=[make("VoteInfo", validator=VALIDATOR, block_id_flag=2)]),
        misbehavior=[
            make("Misbehavior", type=1, validator=VALIDATOR, height=9, time=TIME, total_voting_power=40),
        ],
        hash=b"\5",
        height=300,
        time=TIME,
        next_validators_hash=b"\6",
        proposer_address=b"\7",
    ),
    "prepare": request(
        "prepare_proposal",
        max_tx_bytes=1 << 40,
        txs=[b"\1"],
        local_last_commit=make(
            "ExtendedCommitInfo", round=2, votes=[make("ExtendedVoteInfo", validator=VALIDATOR, block_id_flag=1)]
        ),
        height=2,
        time=TIME,
        proposer_address=b"\7",
    ),
    "check": request("check_tx", tx=b"\t\t", type=1),
    "offer": request(
        "offer_snapshot",
        snapshot=make("Snapshot", height=10, format=1, chunks=3, hash=b"\1", metadata=b"\2"),
        app_hash=b"\3",
    ),
    "finalized": response(
        "finalize_block",
        tx_results=[make("ExecTxResult"), make("ExecTxResult", code=1, log="no")],
        validator_updates=[make("ValidatorUpdate", pub_key=make("PublicKey", ed25519=b"\4\4"), power=0)],
        app_hash=b"\x08",
    ),
    "info": response("info", data="d", last_block_height=-1, last_block_app_hash=b"\1"),
    "accepted": response("process_proposal", status=1),
}


@pytest.mark.parametrize("name", MADE)
def test_messages_are_encoded_as_the_engine_does(name: str) -> None:
    message = MADE[name]
    assert type(message).FromString(ENCODED[name]) == message
    assert message.SerializeToString() == ENCODED[name]


def test_the_first_message_has_the_parameters_of_consensus() -> None:
    found = Request.FromString(ENCODED["init"]).init_chain
    assert (found.chain_id, found.initial_height, found.app_state_bytes) == ("net", 1, b"{}")
    assert found.consensus_params.block.max_bytes == 22_020_096
    assert list(found.consensus_params.validator.pub_key_types) == ["ed25519"]


@pytest.mark.parametrize(("number", "encoded"), [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02")])
def test_lengths_are_leb128(number: int, encoded: str) -> None:
    assert encode_varint(number).hex() == encoded


def frames(data: bytes) -> list[bytes | None]:
    async def read() -> list[bytes | None]:
        reader, found = asyncio.StreamReader(), list[bytes | None]()
        reader.feed_data(data)
        reader.feed_eof()
        while not found or found[-1] is not None:
            found.append(await read_frame(reader))
        return found

    return asyncio.run(read())


def test_frames_are_read_until_the_end() -> None:
    assert frames(b"\x02ab\x00\x01c") == [b"ab", b"", b"c", None]
    assert frames(b"\x05ab") == [None]
    for data in (b"\xff\xff\xff\xff\x7f", b"\x80" * 9):
        with pytest.raises(WireError, match="expected a message of at most"):
            frames(data)


def test_a_socket_answers_in_order_and_only_to_its_user(tmp_path: Path) -> None:
    path = tmp_path / "abci.sock"

    async def handle(message: Any) -> Any:
        return response("check_tx", log=f"{len(message.check_tx.tx)}")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve_connection(reader, writer, handle)
        writer.close()

    async def talk() -> list[Any]:
        async with await listen(path, connected):
            reader, writer = await asyncio.open_unix_connection(path)
            for message in (request("echo", message="hi"), request("check_tx", tx=b"abc"), request("flush")):
                writer.write(frame(message))
            found = [Response.FromString(await read_frame(reader) or b"") for _ in range(3)]
            writer.close()
            await writer.wait_closed()
            return found

    echo, check, flush = asyncio.run(talk())
    assert (echo.echo.message, check.check_tx.log, flush.WhichOneof("value")) == ("hi", "3", "flush")
    assert path.stat().st_mode & 0o077 == 0


def test_a_socket_needs_a_short_path(tmp_path: Path) -> None:
    with pytest.raises(WireError, match="expected the path of a socket"):
        asyncio.run(listen(tmp_path / ("x" * 100), lambda reader, writer: asyncio.sleep(0)))
