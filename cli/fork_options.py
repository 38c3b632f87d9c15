"""Options of `pysubtensor devnet` that fork another chain, and what they mean."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from .drand import LOCAL
from .errors import Misused
from .options import F

if TYPE_CHECKING:
    from ..chain.forking import Fork
    from ..chain.history.stores import Store
    from ..genesis.config import ChainConfig

_BLOCK = re.compile(r"[0-9]{1,10}|0x[0-9a-fA-F]{64}")
NO_BLOCK = "expected a block as a number or a hash (0x and 64 digits)"


class ForkOptions(TypedDict):
    """The values of the options."""

    fork: str | None
    fork_block: str | None
    fork_cache: Path | None
    fork_accept: tuple[str, ...]
    fork_as_is: bool
    fork_whole: bool


def fork_options(command: F) -> F:
    """Add the options of forks; `begin` takes their values."""
    for option in (
        click.option(
            "--fork-as-is",
            is_flag=True,
            help="Leave the state as it is. Default: fund the development accounts, give //Alice the sudo key, and "
            "make it the only authority, because the keys of the other chain's authorities are not here.",
        ),
        click.option(
            "--fork-whole",
            is_flag=True,
            help="Read the whole state at the beginning, so that state roots and block hashes are those of the other "
            "chain's trie. For small chains; the real network has millions of values.",
        ),
        click.option(
            "--fork-accept",
            multiple=True,
            metavar="ITEM",
            help="Accept that a storage item, Pallet.Item, has another type there and may be misread. Repeatable.",
        ),
        click.option(
            "--fork-cache",
            type=click.Path(file_okay=False, path_type=Path),
            help="The folder for what was read; with it a fork starts again without the other node. Default: the "
            "system's folder for caches.",
        ),
        click.option("--fork-block", metavar="BLOCK", help="The block to fork, by number or hash; as URL@BLOCK."),
        click.option(
            "--fork",
            metavar="URL[@BLOCK]",
            help="Begin with a block (the last one by default) of the node at this URL, ws://, wss://, http:// or "
            "https://, whose state is read when it is needed.",
        ),
    ):
        command = option(command)
    return command


def split_fork(url: str, block: str | None) -> tuple[str, int | bytes | None]:
    """Return URL and block; raises Misused for a block that cannot be one, and for two of them."""
    before, at, after = url.rpartition("@")
    # A part with a dot, a colon or a slash belongs to the address: https://user:password@host/path.
    if at and not re.search(r"[.:/]", after):
        if block is not None:
            raise Misused(f"--fork names the block {after!r:.80} and --fork-block {block!r:.80}; give only one of them")
        url, block = before, after
    if block is None:
        return url, None
    if not _BLOCK.fullmatch(block):
        raise Misused(f"{NO_BLOCK} in --fork or --fork-block, got {block!r:.80}")
    return url, bytes.fromhex(block[2:]) if block.startswith("0x") else int(block)


def require_forkable(
    options: ForkOptions, *, changed: bool, drand: str | None, sealed: bool, keystore: Path | None
) -> None:
    """Refuse options that contradict a fork.

    `changed`: whether some describe another chain; `sealed`: whether blocks are sealed.
    """
    if options["fork"] is None:
        for name, value in options.items():
            if name in ForkOptions.__annotations__ and value:
                raise click.UsageError(f"--{name.replace('_', '-')} needs --fork, the URL of the node to fork")
        return
    as_is = options["fork_as_is"]
    if changed:
        raise click.UsageError("--fork takes the rules of the other chain; --chain and --fast describe another one")
    if drand == LOCAL:
        raise click.UsageError("--drand local needs a chain of its own, whose block 0 has that beacon; not with --fork")
    if keystore is not None and not as_is:
        raise click.UsageError("--fork makes //Alice the author; with the authorities' keys (--keystore), --fork-as-is")
    if sealed and as_is and keystore is None:
        raise click.UsageError(
            "--fork-as-is leaves the authorities, whose keys are not here to seal blocks: use --seal instant, mixed or "
            "manual, or their --keystore"
        )


def begin(
    options: ForkOptions, config: ChainConfig, data_dir: Path | None, slot_ms: int | None
) -> tuple[ChainConfig, Store, list[str]]:
    """Return configuration and store of the fork that the options ask for, and lines about it.

    Without one they are `config`, and a store in `data_dir`. `slot_ms` is another time between blocks, if asked for. A
    fork has the time of its blocks where `config` has it, otherwise that of the machine. Raises Misused.
    """
    from ..chain import forking
    from ..chain.history.stores import open_store

    if options["fork"] is None:
        return config, open_store(data_dir), []
    if slot_ms is not None and options["fork_as_is"]:
        raise click.UsageError("--block-time edits the state, --fork-as-is leaves it as it is; give only one of them")
    url, block = split_fork(options["fork"], options["fork_block"])
    logical_time = config.start_ms is not None
    how = forking.ForkOptions(
        options["fork_cache"],
        not options["fork_as_is"],
        options["fork_whole"],
        options["fork_accept"],
        slot_ms,
        logical_time,
    )
    fork = forking.open_fork(url, block, data_dir, how)
    return fork.config, fork.store, fork_lines(fork)


def fork_lines(fork: Fork) -> list[str]:
    """Return lines on where a chain begins, what was edited, and how it differs."""
    origin = fork.store.origin
    taken = "development accounts are funded, //Alice has the sudo key and is the only authority"
    edits = taken if fork.store.edits.after else "none"
    return [
        f"Fork       of block {origin.number} (0x{origin.hash.hex()}) at {origin.url}",
        f"Cache      {origin.cache_file}",
        f"Edits      {edits}",
        *(f"NOTE       {note}" for note in fork.notes),
    ]
