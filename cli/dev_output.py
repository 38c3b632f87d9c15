"""Calls of the `dev_*` methods of a development node, and what is printed about them."""

from __future__ import annotations

from typing import Any

from .amounts import Amount
from .client import Client, RpcFailed
from .errors import Failed, Misused
from .output import emit_json, emit_rows, emit_value, print_message, print_progress, wants_json, wants_rao

#: Codes of JSON-RPC errors: an unknown method, and invalid parameters.
UNKNOWN_METHOD, INVALID_PARAMS = -32601, -32602
#: Longest time in which a node makes many blocks, in seconds.
TIMEOUT = 600.0


def call(client: Client, method: str, *params: Any) -> Any:
    """Return the answer of a development method; raises Failed, or Misused for parameters that the node refuses."""
    try:
        return client.call(method, *params)
    except RpcFailed as error:
        if error.code == UNKNOWN_METHOD:
            wanted = "a development node of pysubtensor with dev_* methods"
            raise Failed(
                f"expected {wanted} at {client.url}: it has no {method}; start one by `pysubtensor devnet`"
            ) from None
        if error.code == INVALID_PARAMS:
            raise Misused(str(error)) from None
        raise


def head_after(url: str, method: str, *params: Any) -> None:
    """Call a method that makes blocks or moves the clock, and print the head."""
    with Client(url, TIMEOUT) as client:
        print_progress("Making blocks …")
        call(client, method, *params)
        header = client.call("chain_getHeader")
        facts = {"head": int(header["number"], 16), "hash": client.call("chain_getBlockHash")}
    emit_value(facts)


def fund_account(url: str, account: bytes, rao: int) -> None:
    """Add to an account's free balance, and print it."""
    with Client(url) as client:
        free = int(call(client, "dev_addBalance", "0x" + account.hex(), str(rao)))
    emit_value({"free": free if wants_json() or wants_rao() else Amount(free, "tao")})


def take_snapshot(url: str, label: str | None) -> None:
    """Take a snapshot and print its id."""
    with Client(url) as client:
        emit_value({"id": call(client, "dev_snapshot", *([] if label is None else [label]))})


def revert_to(url: str, id_: str, keep: bool) -> None:
    """Go back to a snapshot, and print the head; Misused if there is none."""
    with Client(url) as client:
        if not call(client, "dev_revert", id_, {"keep": keep}):
            raise Misused(f"there is no snapshot {id_!r:.60}; `pysubtensor snapshot list` lists them")
        header = client.call("chain_getHeader")
    emit_value({"head": int(header["number"], 16)})


def list_snapshots(url: str) -> None:
    """Print all snapshots."""
    with Client(url) as client:
        found = call(client, "dev_listSnapshots")
    if wants_json():
        emit_json(found)
    elif found:
        columns = ["id", "label", "number", "hash"]
        emit_rows(columns, [[each.get(column) for column in columns] for each in found])
    else:
        print_message("No snapshots.")


def drop_snapshot(url: str, id_: str) -> None:
    """End a snapshot; Misused if there is none."""
    with Client(url) as client:
        if not call(client, "dev_dropSnapshot", id_):
            raise Misused(f"there is no snapshot {id_!r:.60}; `pysubtensor snapshot list` lists them")
    print_message(f"Dropped {id_}.")
