"""`pysubtensor db`: verify data directories, rescue what is whole in them, and restore it.

Functions import the chain, so that help and completion do not wait for it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .chain_options import chain_config, chain_options
from .errors import Failed
from .groups import Commands
from .output import emit_value, json_option, print_message

if TYPE_CHECKING:
    from ..chain.history.verifying import Verified

#: Most problems that are printed; more are only counted.
PRINTED = 20
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=Commands)
def db() -> None:
    """Verify a data directory of `devnet --data-dir`, rescue what is whole in it, and restore it.

    None of these commands runs while a node uses the directory.
    """


@db.command(short_help="Verify everything, and change nothing.")
@click.argument("path", type=FOLDER)
@json_option
def verify(path: Path) -> None:
    """Verify everything in the data directory PATH, and change nothing.

    Blocks must have their hashes, bodies and parents, every value of the state must lead to the state root of the last
    block, and the state before each block that is kept must have its root. Exits with 1 if there is a problem.
    """
    from ..chain.history.rescue import verify as verify_folder

    found = verify_folder(path, Progress())
    print_problems(found)
    emit_value(
        {
            "head": found.head,
            "blocks": f"{found.first} to {found.whole_until}",
            "state": "whole" if found.state_whole else "damaged",
            "problems": len(found.problems),
        }
    )
    if found.problems:
        raise Failed(f"{path} is not whole; `pysubtensor db export {path} FILE` rescues what is whole")


@db.command(short_help="Write what is whole into a file.")
@click.argument("path", type=FOLDER)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(path: Path, file: Path) -> None:
    """Write what is whole in the data directory PATH into FILE, for `db import`.

    If the state of the last block is whole, FILE has it, and the blocks that lead to it without a gap. Otherwise FILE
    has the blocks from block 0 up to the first damaged one, which `db import` executes again. PATH is not changed.
    docs/data-directories.md describes the format.
    """
    from ..chain.history.rescue import export as export_folder

    if file.exists():
        raise Failed(f"{file} exists; name a new file")
    with file.open("wb") as target:
        try:
            found, blocks = export_folder(path, target, Progress())
        except BaseException:
            file.unlink()
            raise
    print_problems(found)
    begin = (
        f"blocks {found.first}" if blocks.start == found.first + 1 else f"block {found.first}, blocks {blocks.start}"
    )
    state = f" and the state after block {found.head}" if found.state_whole else ", without a state: it is damaged"
    print_message(f"{file} has {begin} to {blocks.stop - 1}{state}.")
    if len(blocks) < found.head - found.first:
        print_message(f"It lacks {found.head - found.first - len(blocks)} of {found.head - found.first + 1} blocks.")


@db.command(name="import", short_help="Make a data directory from such a file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("path", type=FOLDER)
@click.option("--replay", is_flag=True, help="Execute all blocks again, even if FILE has the state.")
@chain_options
def import_(
    file: Path, path: Path, replay: bool, preset: str, fast: bool, block_time: int | None, chain: Path | None
) -> None:
    """Make the new data directory PATH from FILE, which `db export` wrote.

    Everything is verified. A state in FILE is stored; the states before it are then not known. Without a state, all
    blocks are executed again, from block 0 of the chain that the options describe: use those of the `devnet` that made
    it.
    """
    from ..chain.restoring import restore

    head = restore(file, path, chain_config(preset, fast, block_time, chain), Progress(), replay)
    print_message(f"{path} ends with block {head}.")


@db.command(short_help="Accept the loss of the last blocks, and continue.")
@click.argument("path", type=FOLDER)
def recover(path: Path) -> None:
    """Continue the data directory PATH at the last block that it has, and accept the loss of later ones.

    A crash of the machine, or damage at the end of a log, may cost the last blocks; a node then refuses the directory
    and says which blocks are lost. Everything up to the last block must be whole, as by `db verify`.
    """
    from ..chain.history.rescue import recover as recover_folder

    found = recover_folder(path, Progress())
    print_problems(found)
    if found.problems:
        raise Failed(
            f"{path} cannot continue at block {found.head}, and was not changed; "
            f"`pysubtensor db export {path} FILE` rescues what is whole"
        )
    print_message(f"{path} continues at block {found.head}.")


def print_problems(found: Verified) -> None:
    """Print what a verification found."""
    for problem in found.problems[:PRINTED]:
        print_message(f"- {problem}")
    if len(found.problems) > PRINTED:
        print_message(f"- and {len(found.problems) - PRINTED} more")


class Progress:
    """Prints the progress of a long walk to a terminal, on one line; nothing to files and pipes."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        if self._shown:
            text = f"{done:,} of {total:,} {what}" if total else f"{done:,} {what}"
            click.echo(f"\r{text:<60}" + ("\n" if done == total else ""), nl=False, err=True)
