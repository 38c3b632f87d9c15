"""`devnet --evm`: a chain for developers of contracts."""

from __future__ import annotations

from importlib.util import find_spec
from threading import Thread

from ..chain.chain import Blockchain
from ..chain.cheats.client_name import ClientName
from ..chain.cheats.ethereum import let_all_create
from ..chain.rpc.server import Server
from ..genesis.accounts import EVM_ACCOUNTS
from ..runtime.apis import ethereum as api
from ..runtime.client.ethereum import DEVELOPMENT_KEYS
from ..runtime.units import RAO_PER_TAO
from .errors import Misused

#: The library that runs contracts.
LIBRARY = "eth"
#: With this name Hardhat's helpers take the node for one that has their verbs.
NAME = "anvil/"


def open_to_contracts(chain: Blockchain) -> None:
    """Let all addresses create contracts, and name the node so that Ethereum's tools use its verbs.

    Raises Misused for a chain of type Live, which is not edited, and where contracts cannot run.
    """
    if find_spec(LIBRARY) is None:
        raise Misused('--evm needs the extra of the EVM: pip install "pysubtensor[evm]"')
    if chain.config.chain_type == "Live":
        raise Misused("--evm edits the chain, which no chain of type Live allows")
    Thread(target=load_engine, name="load-evm", daemon=True).start()
    let_all_create(chain)
    ClientName.of(chain).text = NAME


def load_engine() -> None:
    """Load what runs contracts. Otherwise the first contract would delay its block and all clients by half a second."""
    from ..runtime.pallets.evm import settlement  # noqa: F401  # calls the engine
    from ..runtime.pallets.evm.engine.library import frame_maker
    from ..runtime.pallets.evm.precompiles import bn128

    frame_maker()
    bn128.library()


def lines_of(chain: Blockchain, server: Server) -> list[str]:
    """Return lines about the Ethereum side: its accounts with their keys, the chain id, the URL."""
    balances = chain.config.balances
    known = {name: key for name, key in DEVELOPMENT_KEYS.items() if EVM_ACCOUNTS[name] in balances}
    url = server.url.replace("ws://", "http://")
    return [
        "",
        f"Ethereum   chain id {api.chain_id(chain.context())}, {url}; any address may create contracts",
        *(
            f"  {name:<11}{key.address}  {balances[EVM_ACCOUNTS[name]] // RAO_PER_TAO:>9,} TAO  key {key.secret}"
            for name, key in known.items()
        ),
    ]
