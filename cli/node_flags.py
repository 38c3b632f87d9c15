"""The flags of the genuine node that have no meaning here: accepted, so that scripts need no change, and named.

The tables are those of the flags of its version 425, by what follows a flag on the command line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


#: Nothing follows.
ALONE = words("""
alice bob charlie dave eve ferdie one two validator no-grandpa force-authoring discover-local no-mdns reserved-only
allow-private-ip allow-private-ipv4 no-private-ip no-private-ipv4 kademlia-disjoint-query-paths ipfs-server
no-telemetry no-prometheus prometheus-external unsafe-force-node-key-generation password-interactive
detailed-log-output disable-log-color enable-log-reloading rpc-rate-limit-trust-proxy-headers
rpc-disable-batch-requests enable-dev-signer no-hardware-benchmarks disable-default-bootnode
""")
#: A value follows.
WITH_VALUE = words("""
name port node-key node-key-type node-key-file sync max-blocks-per-request network-backend out-peers in-peers
in-peers-light max-parallel-downloads kademlia-replication-factor telemetry-url prometheus-port database db db-cache
wasm-execution wasmtime-instantiation-strategy wasm-runtime-overrides trie-cache-size execution execution-syncing
execution-import-block execution-block-construction execution-offchain-worker execution-other max-runtime-instances
runtime-cache-size offchain-worker enable-offchain-indexing keystore-path password password-filename tracing-targets
tracing-receiver pool-limit pool-kbytes tx-ban-seconds pool-type rpc-rate-limit experimental-rpc-endpoint
rpc-message-buffer-capacity-per-connection max-past-logs fee-history-limit execute-gas-limit-multiplier
eth-log-block-cache eth-statuses-cache frontier-backend-type frontier-sql-backend-pool-size
frontier-sql-backend-num-ops-timeout frontier-sql-backend-thread-count frontier-sql-backend-cache-size
initial-consensus history-backfill
""")
#: One value or several follow.
WITH_VALUES = ["bootnodes", "reserved-nodes", "public-addr", "listen-addr", "rpc-rate-limit-whitelisted-ips", "log"]
#: A value may follow.
WITH_OPTIONAL_VALUE = ["warm-up-trie-cache"]

#: The development accounts, of which a node may be one.
ACCOUNTS = ALONE[: ALONE.index("validator")]
#: Where the flags that were given are kept.
GIVEN = "pysubtensor.ignored"


def note(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Remember a flag that has been given."""
    if value not in (None, False, ()):
        ctx.meta.setdefault(GIVEN, []).append(param.opts[0])


def ignored_options() -> Iterator[click.Option]:
    """Yield the options that are accepted and have no meaning."""

    def option(name: str, kind: dict[str, object]) -> click.Option:
        short = ["-l"] if name == "log" else []
        return click.Option([f"--{name}", *short], hidden=True, expose_value=False, callback=note, **kind)  # type: ignore[arg-type]

    yield from (option(name, {"is_flag": True}) for name in ALONE)
    yield from (option(name, {"multiple": True}) for name in (*WITH_VALUE, *WITH_VALUES))
    yield from (option(name, {"is_flag": False, "flag_value": "default"}) for name in WITH_OPTIONAL_VALUE)


def one_by_one(arguments: Sequence[str]) -> list[str]:
    """Return a command line in which flags with several values are repeated: click knows only one for each."""
    several = {f"--{name}" for name in WITH_VALUES} | {"-l"}
    found: list[str] = []
    current, values = "", 0
    for argument in arguments:
        if argument.startswith("-"):
            current, values = argument if argument in several else "", 0
        elif current:
            values += 1
            if values > 1:
                found.append(current)
        found.append(argument)
    return found


def given_without_meaning(ctx: click.Context) -> list[str]:
    """Return the flags of a command line that have no meaning here, each once."""
    return list(dict.fromkeys(ctx.meta.get(GIVEN, ())))
