"""The metagraph of a subnet as arrays by uid, for programs that compute with it.

    metagraph = chain.metagraph(1)
    metagraph.hotkeys[metagraph.incentive.argmax()]
    metagraph.stake / 10**9                          in TAO, as floats

Arrays have the chain's exact integers and are read-only: proportions are u16 (65535 is the whole), amounts rao or
billionths of alpha, times blocks. `SubnetInfoRuntimeApi.get_metagraph` returns all that the chain tells of a subnet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..crypto import ss58_encode
from ..frame.context import Context
from ..pallets.subtensor import storage
from ..pallets.subtensor.declared.types import AxonInfo
from ..pallets.subtensor.views.metagraph import get_metagraph
from .text import parse_account


@dataclass(frozen=True, slots=True, eq=False)
class Metagraph:
    """A subnet and its n neurons after a block. Arrays have the shape (n,), matrices (n, n)."""

    netuid: int
    name: str
    block: int
    #: Blocks between epochs.
    tempo: int
    owner_coldkey: str
    #: Addresses by uid.
    hotkeys: tuple[str, ...]
    coldkeys: tuple[str, ...]
    #: Alpha and TAO that count for the neuron's weight, and both together.
    stake: NDArray[np.uint64]
    alpha_stake: NDArray[np.uint64]
    tao_stake: NDArray[np.uint64]
    #: Results of the last epoch.
    incentive: NDArray[np.uint16]
    dividends: NDArray[np.uint16]
    consensus: NDArray[np.uint16]
    emission: NDArray[np.uint64]
    validator_permit: NDArray[np.bool_]
    active: NDArray[np.bool_]
    last_update: NDArray[np.uint64]
    block_at_registration: NDArray[np.uint64]
    axons: tuple[AxonInfo, ...]
    #: What the validator of a row last set, and its bonds; columns are miners.
    weights: NDArray[np.uint16]
    bonds: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.hotkeys)

    @property
    def uids(self) -> NDArray[np.intp]:
        """The uids, 0 to n - 1."""
        return np.arange(len(self))

    def uid_of(self, hotkey: str) -> int:
        """Return the uid of a hotkey: an address, or a development key such as `//Alice`. KeyError if it has none."""
        address = ss58_encode(parse_account(hotkey))
        if address not in self.hotkeys:
            raise KeyError(f"{hotkey} is not registered on subnet {self.netuid}")
        return self.hotkeys.index(address)


def read_metagraph(ctx: Context, netuid: int) -> Metagraph | None:
    """Return the metagraph of a subnet's first mechanism, None when the subnet does not exist."""
    view = get_metagraph(ctx, netuid)
    if view is None:
        return None
    size = view.num_uids
    return Metagraph(
        netuid=netuid,
        name=bytes(view.name).decode(errors="replace"),
        block=view.block,
        tempo=view.tempo,
        owner_coldkey=ss58_encode(view.owner_coldkey),
        hotkeys=tuple(map(ss58_encode, view.hotkeys)),
        coldkeys=tuple(map(ss58_encode, view.coldkeys)),
        stake=_column(view.total_stake, size),
        alpha_stake=_column(view.alpha_stake, size),
        tao_stake=_column(view.tao_stake, size),
        incentive=_column(view.incentives, size),
        dividends=_column(view.dividends, size),
        consensus=_column(view.consensus, size),
        emission=_column(view.emission, size),
        validator_permit=_column(view.validator_permit, size),
        active=_column(view.active, size),
        last_update=_column(view.last_update, size),
        block_at_registration=_column(view.block_at_registration, size),
        axons=tuple(view.axons),
        weights=_matrix(storage.Weights.under(ctx, netuid), size),
        bonds=_matrix(storage.Bonds.under(ctx, netuid), size),
    )


def _column(values: NDArray[Any], size: int) -> NDArray[Any]:
    """Return a read-only array with a value for each uid; what the chain has not stored yet is 0."""
    given = np.asarray(values)
    column = np.zeros(size, given.dtype)
    column[: len(given)] = given[:size]
    column.flags.writeable = False
    return column


def _matrix(rows: Iterable[tuple[int, NDArray[np.uint16]]], size: int) -> NDArray[np.uint16]:
    """Return a read-only matrix of sparse rows, each with pairs of column and value."""
    matrix = np.zeros((size, size), np.uint16)
    for uid, pairs in rows:
        if uid < size:
            inside = pairs[pairs[:, 0] < size]
            matrix[uid, inside[:, 0]] = inside[:, 1]
    matrix.flags.writeable = False
    return matrix
