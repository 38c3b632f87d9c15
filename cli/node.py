"""`pysubtensor node`: a local chain, started with the command line of the genuine node's binary.

`scripts/node-subtensor` is the path that replaces that of the binary. Functions import the chain, so that help does
not wait for it.
"""

from __future__ import annotations

import asyncio
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .devnet import LOCALHOST, location_text, serve_until_stopped
from .errors import Misused
from .node_flags import ACCOUNTS, given_without_meaning, ignored_options, one_by_one
from .options import ParamType
from .output import emit_json, print_message
from .rpc_options import UNSAFE, Origins

if TYPE_CHECKING:
    from ..chain.engine.local import LocalEngine
    from ..chain.history.blocks import Retention
    from ..chain.rpc.server import Options
    from ..genesis.config import ChainConfig

MEBIBYTE = 1024 * 1024
#: Where a chain is kept below `--base-path`; `bittensor` is the id of the genuine localnet.
FOLDER = Path("chains", "bittensor", "pysubtensor")
EVERYWHERE = "0.0.0.0"


class Sealing(ParamType):
    """`manual`, `instant`, or a time between blocks in milliseconds."""

    name = "sealing"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        """Return the word, or the number."""
        if value.lower() in ("manual", "instant"):
            return str(value.lower())
        if not value.isascii() or not value.isdecimal() or not 0 < int(value) < 1 << 32:
            self.fail(f"expected manual, instant, or a number of milliseconds, got {value!r}", param, ctx)
        return int(value)


class Pruning(ParamType):
    """`archive`, `archive-canonical` (None: all), or a number of blocks."""

    name = "pruning"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """Return the number of blocks, 0 for all."""
        if value in ("archive", "archive-canonical"):
            return 0
        if not value.isascii() or not value.isdecimal() or not 0 < int(value) < 1 << 32:
            self.fail(f"expected archive, archive-canonical, or a number of blocks, got {value!r}", param, ctx)
        return int(value)


class GenuineCommand(click.Group):
    """A group that also takes the flags without a meaning, and several values after some of them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, one_by_one(args))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *ignored_options()]


size_option = click.IntRange(1, 1024)
chain_option = click.option(
    "--chain", metavar="dev|local|FILE", help="dev: one authority; local: three, all of them this node's; or a file."
)
base_path_option = click.option(
    "--base-path", "-d", type=click.Path(file_okay=False, path_type=Path), help="Keep the chain below this folder."
)


@click.group(cls=GenuineCommand, invoke_without_command=True)
@chain_option
@click.option("--dev", is_flag=True, help="Short for --chain dev --tmp --rpc-cors all.")
@base_path_option
@click.option("--tmp", is_flag=True, help="Keep the chain in memory only; the default without --base-path.")
@click.option("--fast", is_flag=True, envvar="PYSUBTENSOR_FAST", help="Fast blocks, as a binary with fast-runtime.")
@click.option(
    "--sealing",
    type=Sealing(),
    help="manual: blocks by engine_createBlock; instant: by transactions; a number: also at such intervals, in ms. "
    "Their time advances by one slot each. Default: a block for each slot of the machine's time.",
)
@click.option("--state-pruning", "--pruning", type=Pruning(), help="archive, or how many states are kept.")
@click.option("--blocks-pruning", "--keep-blocks", type=Pruning(), help="archive, or how many blocks are kept.")
@click.option("--rpc-port", type=click.IntRange(0, 65535), default=9944, show_default=True, help="Port of the RPC.")
@click.option("--rpc-external", is_flag=True, help="Listen on all interfaces.")
@click.option("--unsafe-rpc-external", is_flag=True, help="The same.")
@click.option(
    "--rpc-methods",
    type=click.Choice(list(UNSAFE), case_sensitive=False),
    default="auto",
    help="Who may call all methods.",
)
@click.option("--rpc-cors", type=Origins(), metavar="ORIGINS", help="Web pages that may connect, or all.")
@click.option("--rpc-max-connections", type=click.IntRange(min=1), default=100, help="Open connections.")
@click.option("--rpc-max-request-size", type=size_option, default=15, metavar="MiB", help="Largest request.")
@click.option("--rpc-max-response-size", type=size_option, default=15, metavar="MiB", help="Largest response.")
@click.option("--rpc-max-subscriptions-per-connection", type=click.IntRange(0), default=1024, help="Subscriptions.")
@click.option("--rpc-max-batch-request-len", type=click.IntRange(1), help="Requests in a batch.")
@click.pass_context
def node(ctx: click.Context, /, **given: Any) -> None:
    """Start a local chain with the command line of the genuine node, `node-subtensor`.

    Flags of the genuine node that have no meaning here (about peers, telemetry, WebAssembly and so on) are accepted,
    and named once. `pysubtensor devnet` is the command for people.
    """
    if ctx.invoked_subcommand is not None:
        return
    config = config_of(given)
    ignored = given_without_meaning(ctx)
    refuse_conflicts(ignored, given)
    if ignored:
        print_message(f"Accepted, without a meaning here: {', '.join(ignored)}")
    run(config, given)


def refuse_conflicts(ignored: list[str], given: dict[str, Any]) -> None:
    """Refuse what the genuine node refuses: a node that is two accounts, or is kept and not kept."""
    accounts = [flag for flag in ignored if flag.removeprefix("--") in ACCOUNTS]
    if len(accounts) > 1:
        raise click.UsageError(f"{accounts[0]} cannot be used with {accounts[1]}: a node is one account")
    if given["tmp"] and given["base_path"] is not None:
        raise click.UsageError("--tmp cannot be used with --base-path: a chain is kept, or it is not")


def config_of(given: dict[str, Any]) -> ChainConfig:
    """Return the chain of `--chain`, `--dev`, `--fast` and `--sealing`."""
    from dataclasses import replace

    chosen = given["chain"] or ("dev" if given["dev"] else None)
    config = chain_named(chosen, given["fast"])
    return config if given["sealing"] is None else replace(config, start_ms=config.slot_duration_ms)


def chain_named(name: str | None, fast: bool) -> ChainConfig:
    """Return a chain by the genuine node's name of it, or of a file; raises UsageError or Misused."""
    from ..genesis import presets

    known = {"dev": presets.localnet(single_authority=True), "local": presets.localnet()}
    if name in known:
        return presets.fast(known[name]) if fast else known[name]
    if name is None or name in ("finney", "test_finney", "devnet"):
        wanted = "expected --dev, --chain dev, --chain local, or --chain FILE"
        raise click.UsageError(
            f"{wanted}: this node has no peers from which it could get the chain {name or 'test_finney'}"
        )
    return chain_of_file(Path(name), [*known.values(), *map(presets.fast, known.values())])


def chain_of_file(path: Path, known: list[ChainConfig]) -> ChainConfig:
    """Return the chain of a TOML file, or of a raw chain spec that `build-spec` wrote."""
    from ..genesis.build import genesis_hash
    from ..genesis.chain_spec import genesis_of, load
    from .chain_file import read_chain

    if not path.is_file():
        raise click.UsageError(f"expected --chain dev, local, or a file, got {str(path)!r}")
    if path.suffix != ".json":
        return read_chain(path)
    found = genesis_of(load(path)).hash
    for config in known:
        if genesis_hash(config) == found:
            return config
    raise Misused(f"{path}: expected a chain spec that `build-spec` wrote, got one with the genesis 0x{found.hex()}")


def run(config: ChainConfig, given: dict[str, Any]) -> None:
    """Serve a chain until it is stopped."""
    from ..chain.chain import Blockchain
    from ..chain.history.stores import open_store

    base: Path | None = given["base_path"]
    data_dir = None if base is None else base / FOLDER
    if data_dir is not None:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(data_dir)
    with closing(Blockchain(config, store, retention=retention_of(given))) as chain:
        engine = engine_of(chain, given["sealing"])
        external = given["rpc_external"] or given["unsafe_rpc_external"]
        where = [f"Data       {location_text(data_dir, store)}"]
        options = options_of(engine, given)
        asyncio.run(
            serve_until_stopped(engine, EVERYWHERE if external else LOCALHOST, given["rpc_port"], where, options)
        )


def engine_of(chain: Any, sealing: str | int | None) -> LocalEngine:
    """Return the engine of a sealing mode."""
    from ..chain.engine.local import LocalEngine, Sealing

    if isinstance(sealing, int):
        return LocalEngine(chain, Sealing.MIXED, sealing)
    return LocalEngine(chain, Sealing.INTERVAL if sealing is None else Sealing(sealing))


def retention_of(given: dict[str, Any]) -> Retention | None:
    """Return how many states and blocks are kept; None for the default."""
    from ..chain.history.blocks import Retention

    states, blocks = given["state_pruning"], given["blocks_pruning"]
    if states is None and blocks is None:
        return None
    kept_states = 4096 if states is None else states or None
    kept_blocks = None if kept_states is None or not blocks else max(blocks, kept_states)
    return Retention(kept_states, kept_blocks)


def options_of(engine: LocalEngine, given: dict[str, Any]) -> Options:
    """Return the options of the server."""
    from ..chain.rpc.node import ServerLimits
    from ..chain.rpc.pages import LOCAL_ORIGINS

    limits = ServerLimits(
        request_bytes=given["rpc_max_request_size"] * MEBIBYTE,
        response_bytes=given["rpc_max_response_size"] * MEBIBYTE,
        connections=given["rpc_max_connections"],
        subscriptions=given["rpc_max_subscriptions_per_connection"],
        batch=given["rpc_max_batch_request_len"],
    )
    context = click.get_current_context()
    by_default = context.get_parameter_source("rpc_cors") is click.core.ParameterSource.DEFAULT
    cors = LOCAL_ORIGINS if by_default and not given["dev"] else given["rpc_cors"]
    return {"engine": engine, "cors": cors, "unsafe": UNSAFE[given["rpc_methods"].lower()], "limits": limits}


# --- subcommands that scripts use -----------------------------------------------------------------------------------


@node.command("build-spec")
@chain_option
@click.option("--raw", is_flag=True, help="Write the storage of block 0; always so.")
@click.option("--disable-default-bootnode", is_flag=True, help="Name no peers; always so.")
@click.pass_context
def build_spec(ctx: click.Context, chain: str | None, raw: bool, disable_default_bootnode: bool) -> None:
    """Print a raw chain spec, for --chain FILE."""
    from ..genesis.chain_spec import export

    parent = ctx.parent.params if ctx.parent else {}
    emit_json(export(chain_named(chain or parent.get("chain") or "dev", bool(parent.get("fast")))))


@node.command("purge-chain")
@base_path_option
@chain_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dev", is_flag=True, help="Short for --chain dev.")
def purge_chain(base_path: Path | None, chain: str | None, yes: bool, dev: bool) -> None:
    """Remove the chain that is kept below --base-path."""
    if base_path is None:
        raise click.UsageError("expected --base-path: without it nothing is kept")
    folder = base_path / FOLDER
    if not folder.is_dir():
        print_message(f"{folder} did not exist.")
        return
    if not yes:
        click.confirm(f"Are you sure to remove {folder}?", abort=True, err=True)
    shutil.rmtree(folder)
    print_message(f"{folder} removed.")


@node.command("key", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("action", type=click.Choice(["generate-node-key", "insert"]))
def key(action: str) -> None:
    """Accept a key of a peer or of an authority; this node has no peers, and seals with the keys of all authorities."""
    print_message(f"Accepted, without a meaning here: key {action}")
