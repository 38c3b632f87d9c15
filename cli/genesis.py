"""`pysubtensor genesis`: block 0 of chains.

Functions import the chain, so that help and completion do not wait for it.
"""

from __future__ import annotations

from pathlib import Path

import click

from .chain_options import chain_config, chain_options
from .groups import Commands
from .output import emit_json, emit_rows, emit_value, json_option, print_message, wants_json


@click.group(cls=Commands)
def genesis() -> None:
    """Show or export the genesis of a local chain, or hash that of a raw chain spec."""


@genesis.command()
@chain_options
@json_option
def show(preset: str, chain: Path | None, fast: bool, block_time: int | None) -> None:
    """Show the chain that `pysubtensor devnet` starts with these options.

    That is its name, its genesis hash, its sudo key, and the balances of block 0 in rao.
    """
    from ..genesis.accounts import name_of
    from ..genesis.build import genesis_hash
    from ..runtime.crypto import ss58_encode

    config = chain_config(preset, fast, block_time, chain)
    balances = [
        {"account": ss58_encode(account), "name": name_of(account), "rao": rao}
        for account, rao in config.balances.items()
    ]
    summary = {
        "name": config.name,
        "genesis_hash": "0x" + genesis_hash(config).hex(),
        "chain_type": config.chain_type,
        "slot_duration_ms": config.slot_duration_ms,
        "sudo": config.sudo_key and ss58_encode(config.sudo_key),
        "authorities": [name_of(authority.aura) or ss58_encode(authority.aura) for authority in config.authorities],
        **config.properties,
    }
    if wants_json():
        emit_json({**summary, "balances": balances})
    else:
        emit_value(summary)
        emit_rows(["account", "name", "rao"], [list(row.values()) for row in balances])


@genesis.command(name="hash")
@click.argument("spec", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--state-version",
    type=click.IntRange(0, 1),
    help="State version of the trie; default: the version in the spec's runtime code.",
)
@json_option
def hash_(spec: Path, state_version: int | None) -> None:
    """Compute state root and genesis hash of SPEC, a raw chain spec of any Substrate chain (a JSON file)."""
    from ..genesis.chain_spec import genesis_of, load

    found = genesis_of(load(spec), state_version)
    if found.note:
        print_message(f"Note: {found.note}.")
    emit_value(
        {
            "state_version": found.state_version,
            "state_root": "0x" + found.state_root.hex(),
            "genesis_hash": "0x" + found.hash.hex(),
        }
    )


@genesis.command()
@chain_options
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: standard output."
)
def export(preset: str, chain: Path | None, fast: bool, block_time: int | None, output: Path | None) -> None:
    """Write the chain that `pysubtensor devnet` starts with these options as a raw chain spec (JSON)."""
    import json

    from ..genesis.chain_spec import export as spec_of

    spec = spec_of(chain_config(preset, fast, block_time, chain))
    if output is None:
        emit_json(spec)
    else:
        output.write_text(json.dumps(spec, indent=2) + "\n")
        print_message(f"Wrote {output}.")
