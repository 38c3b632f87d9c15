"""The codes and texts of errors on which clients match, and the limits of server and pool.

The codes are those of Substrate's RPC (`client/rpc-api/src`), the texts of a refusal those of `sp_runtime`.
"""

from __future__ import annotations

from typing import Any

import pytest
from pysubtensor.chain.history.blocks import StateDiscarded, UnknownBlock
from pysubtensor.chain.pool import rejections
from pysubtensor.chain.pool.limits import PoolLimits
from pysubtensor.chain.rpc import errors
from pysubtensor.chain.rpc.node import ServerLimits
from pysubtensor.runtime.apis import UnknownMethod
from pysubtensor.runtime.frame import validity

from .conftest import Client

HASH = b"\x11" * 32


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (validity.Call(), "Transaction call is not expected"),
        (validity.Payment(), "Inability to pay some fees (e.g. account balance too low)"),
        (validity.Future(), "Transaction will be valid in the future"),
        (validity.Stale(), "Transaction is outdated"),
        (validity.BadProof(), "Transaction has a bad signature"),
        (validity.AncientBirthBlock(), "Transaction has an ancient birth block"),
        (validity.ExhaustsResources(), "Transaction would exhaust the block limits"),
        (validity.Custom(9), "Custom error: 9"),
        (validity.BadMandatory(), "A call was labelled as mandatory, but resulted in an Error."),
        (validity.MandatoryValidation(), "Transaction dispatch is mandatory; transactions must not be validated."),
        (validity.BadSigner(), "Invalid signing address"),
    ],
)
def test_an_invalid_transaction_is_error_1010(reason: validity.InvalidTransaction, text: str) -> None:
    error = errors.translate(rejections.Invalid(validity.Refused(reason)))
    assert error is not None
    assert error.body == {"code": 1010, "message": "Invalid Transaction", "data": text}


@pytest.mark.parametrize(
    ("error", "body"),
    [
        (
            rejections.Invalid(validity.Refused(validity.CannotLookup())),
            {"code": 1011, "message": "Unknown Transaction Validity", "data": "CannotLookup"},
        ),
        (rejections.Banned(), {"code": 1012, "message": "Transaction is temporarily banned"}),
        (
            rejections.AlreadyImported(HASH),
            {"code": 1013, "message": "Transaction Already Imported", "data": f'"0x{HASH.hex()}"'},
        ),
        (
            rejections.PriorityTooLow("Priority is too low: (5 vs 4)"),
            {
                "code": 1014,
                "message": "Priority is too low: (5 vs 4)",
                "data": "The transaction has too low priority to replace another transaction already in the pool.",
            },
        ),
        (rejections.CycleDetected(), {"code": 1015, "message": "Cycle Detected"}),
        (
            rejections.ImmediatelyDropped(),
            {
                "code": 1016,
                "message": "Immediately Dropped",
                "data": "The transaction couldn't enter the pool because of the limit",
            },
        ),
        (
            rejections.NoTags(),
            {
                "code": 1019,
                "message": "No tags provided",
                "data": "Transaction does not provide any tags, so the pool can't identify it",
            },
        ),
        (
            StateDiscarded(HASH),
            {
                "code": 4003,
                "message": "Client error: Api called for an unknown Block: State already discarded for 0x" + HASH.hex(),
            },
        ),
        (
            UnknownBlock(HASH),
            {
                "code": 4003,
                "message": f"Client error: UnknownBlock: Header was not found in the database: 0x{HASH.hex()}",
            },
        ),
        (
            UnknownBlock(7),
            {"code": 4003, "message": "Client error: UnknownBlock: Header was not found in the database: 7"},
        ),
    ],
)
def test_every_failure_has_its_code(error: Exception, body: dict[str, Any]) -> None:
    translated = errors.translate(error)
    assert translated is not None
    assert translated.body == body


def test_an_unknown_method_of_the_runtime_is_a_client_error() -> None:
    translated = errors.translate(UnknownMethod("Core_nonsense"))
    assert translated is not None
    assert translated.code == 4003
    assert translated.message.startswith("Client error: Execution failed: Other: ")


def test_an_unexpected_failure_has_no_error_object() -> None:
    assert errors.translate(ZeroDivisionError()) is None


def test_errors_of_the_protocol() -> None:
    """Codes of JSON-RPC 2.0 and of jsonrpsee."""
    found = {
        error.code: (error.message, error.data)
        for error in (
            errors.PARSE_ERROR,
            errors.INVALID_REQUEST,
            errors.METHOD_NOT_FOUND,
            errors.INTERNAL_ERROR,
            errors.invalid_params("why"),
            errors.too_many_subscriptions(1),
            errors.too_big_request(2),
            errors.too_big_response(3),
            errors.too_big_batch(4),
            errors.too_big_batch_response(5),
        )
    }
    assert found == {
        -32700: ("Parse error", None),
        -32600: ("Invalid request", None),
        -32601: ("Method not found", None),
        -32603: ("Internal error", None),
        -32602: ("Invalid params", "why"),
        -32006: ("Too many subscriptions on the connection", "Exceeded max limit of 1"),
        -32007: ("Request is too big", "Exceeded max limit of 2"),
        -32008: ("Response is too big", "Exceeded max limit of 3"),
        -32010: ("The batch request was too large", "Exceeded max limit of 4"),
        -32011: ("The batch response was too large", "Exceeded max limit of 5"),
    }
    assert errors.unsafe().body == {"code": -32601, "message": "RPC call is unsafe to be called externally"}


def test_limits_are_the_genuine_nodes_defaults() -> None:
    """`--rpc-max-*` and `--pool-limit`, `--pool-kbytes` of a Substrate node; a tenth of the pool may be future."""
    limits, pool = ServerLimits(), PoolLimits()
    assert (limits.request_bytes, limits.response_bytes) == (15 * 1024 * 1024, 15 * 1024 * 1024)
    assert (limits.connections, limits.subscriptions, limits.batch) == (100, 1024, None)
    assert (pool.ready_count, pool.ready_bytes) == (8192, 20_480 * 1024)
    assert (pool.future_count, pool.future_bytes) == (8192 // 10, 20_480 * 1024 // 10)
    assert pool.ban_ms == 1_800_000


def test_a_block_number_beyond_32_bits_is_error_3001(client: Client) -> None:
    assert client.fail("chain_getBlockHash", 1 << 32)[:2] == (
        3001,
        "`4294967296` > u32::MAX, the max block number is u32.",
    )
    assert client.ask("chain_getBlockHash", (1 << 32) - 1) is None


def test_pages_of_keys_have_1000_at_most(client: Client) -> None:
    for method, first in (("state_getKeysPaged", ["0x"]), ("childstate_getKeysPaged", ["0x" + b":child".hex(), "0x"])):
        assert client.fail(method, *first, 1001)[:2] == (4002, "count exceeds maximum value. value: 1001, max: 1000")
    assert len(client.ask("state_getKeysPaged", "0x", 1000)) <= 1000
