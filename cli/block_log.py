"""The log of a devnet: blocks with transactions, refused transactions, and nothing while nothing happens.

People read a line for each block and for each transaction, programs (`--json-log`) a JSON object for each block, on
standard output. Lines that cannot be written at once are dropped, so that no reader can stop the chain.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click

from .node_output import print_line
from .options import F

if TYPE_CHECKING:
    from ..chain.blocks import ImportedBlock
    from ..chain.chain import Blockchain

#: Transactions of a block that are shown: for people, as JSON.
SHOWN, SHOWN_AS_JSON = 20, 500
#: Refused transactions that are shown in a second; the others are counted.
REFUSALS_PER_S = 10


class LogOptions(TypedDict):
    """The values of the options."""

    quiet: bool
    verbose: bool
    json_log: bool
    accounts_json: Path | None


DEFAULT_LOG: LogOptions = {"quiet": False, "verbose": False, "json_log": False, "accounts_json": None}


def _require_folder(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """Return the path of a file to write; its folder must exist before anything starts."""
    if value is not None and not value.parent.is_dir():
        raise click.BadParameter(f"expected a file in a folder that exists, got {str(value)!r:.80}", ctx, param)
    return value


def log_options(command: F) -> F:
    """Add the options of the log."""
    for option in (
        click.option(
            "--accounts-json",
            type=click.Path(dir_okay=False, path_type=Path),
            callback=_require_folder,
            help="Write URL, genesis hash and funded accounts with their keys to this file, once the chain listens.",
        ),
        click.option("--json-log", is_flag=True, help="Log JSON objects, one a line; the first has the URL."),
        click.option("--verbose", "-v", is_flag=True, help="Log all blocks, also those without transactions."),
        click.option("--quiet", "-q", is_flag=True, help="Print the URL, warnings and errors only."),
    ):
        command = option(command)
    return command


class BlockLog:
    """Listens to the blocks of a chain, and prints those in which something happens, and the first one."""

    def __init__(self, chain: Blockchain, options: LogOptions) -> None:
        self._chain, self._options = chain, options
        self._first = True
        self._second, self._refused = 0.0, 0

    def block(self, block: ImportedBlock) -> None:
        """Print a block."""
        from .transactions import included, line_of, record_of

        if self._options["quiet"]:
            return
        as_json = self._options["json_log"]
        found, more = included(block, self._chain.runtime, SHOWN_AS_JSON if as_json else SHOWN)
        if not (found or self._first or self._options["verbose"]):
            return
        self._first = False
        if as_json:
            emit("block", **facts_of(block), transactions=[record_of(each) for each in found], more=more)
            return
        # As the genuine node writes it, because tools wait for it.
        hashes = f"{short(block.header.parent_hash)} → {short(block.hash)}"
        lines = [f"{now()} 🏆 Imported #{block.number} ({hashes})", *map(line_of, found)]
        if more:
            lines.append(f"  … and {more} more")
        print_line("\n".join(lines))

    def rejected(self, raw: bytes, reason: Exception) -> None:
        """Print a transaction that did not enter the pool; of many in a second the first ones."""
        from ..runtime.client.advice import advice_on_refusal
        from .transactions import described

        if self._options["quiet"] or not self._may_print():
            return
        signer, call = described(raw, self._chain.runtime)
        if self._options["json_log"]:
            emit("rejected", signer=signer, call=call, reason=str(reason))
            return
        tried = advice_on_refusal(str(reason))
        print_line(f"{now()} ✗ refused: {signer}  {call}  {reason}{f'. Try {tried}.' if tried else ''}")

    def _may_print(self) -> bool:
        second = time.monotonic() // 1
        if second != self._second:
            if self._refused > REFUSALS_PER_S and not self._options["json_log"]:
                print_line(f"{now()} … and {self._refused - REFUSALS_PER_S} more refused transactions")
            self._second, self._refused = second, 0
        self._refused += 1
        return self._refused <= REFUSALS_PER_S


def watch(chain: Blockchain, options: LogOptions) -> None:
    """Let a log listen to the blocks of a chain, and to what its pool refuses."""
    log = BlockLog(chain, options)
    chain.listeners.append(log.block)
    chain.pool.on_rejection.append(log.rejected)


def facts_of(block: ImportedBlock) -> dict[str, Any]:
    """Return a block's number and hashes as JSON."""
    return {
        "number": block.number,
        "hash": "0x" + block.hash.hex(),
        "parent": "0x" + block.header.parent_hash.hex(),
    }


def emit(event: str, **facts: Any) -> None:
    """Print an event as JSON on a line."""
    print_line(json.dumps({"event": event, "time": round(time.time(), 3), **facts}, ensure_ascii=False))


def now() -> str:
    """Return the local time as the genuine node writes it."""
    return time.strftime("%Y-%m-%d %H:%M:%S")


def short(block_hash: bytes) -> str:
    """Return the ends of a hash."""
    text = block_hash.hex()
    return f"0x{text[:4]}…{text[-4:]}"
