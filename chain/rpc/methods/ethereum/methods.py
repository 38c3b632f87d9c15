"""The methods of all files of this folder."""

from __future__ import annotations

from . import blocks, client, execute, fees, filters, state, submit, subscribe, transactions
from . import debug as raw
from .declare import debug, eth, net, web3

__all__ = [
    "blocks",
    "client",
    "debug",
    "eth",
    "execute",
    "fees",
    "filters",
    "net",
    "raw",
    "state",
    "submit",
    "subscribe",
    "transactions",
    "web3",
]
