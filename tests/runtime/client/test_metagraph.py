"""The metagraph as arrays has what the runtime API and the storage have."""

from __future__ import annotations

import numpy as np
import pytest
from pysubtensor.genesis.accounts import ACCOUNTS
from pysubtensor.runtime.crypto import ss58_encode

from pysubtensor import Chain, ChainError, tao


def test_a_metagraph_of_a_subnet_with_weights() -> None:
    with Chain.dev(tempo=10, admin_freeze_window=0) as chain:
        chain.tx.SubtensorModule.register_network(hotkey="alice", signer="alice")
        netuid = 2
        chain.tx.SubtensorModule.start_call(netuid=netuid, signer="alice")
        admin, module = chain.tx.AdminUtils, chain.tx.SubtensorModule
        admin.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=False, signer="alice", sudo=True)
        admin.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0, signer="alice", sudo=True)
        module.burned_register(netuid=netuid, hotkey="//Bob//hot", signer="bob")
        module.add_stake(hotkey="//Bob//hot", netuid=netuid, amount_staked="100tao", signer="bob")
        chain.produce(20)
        module.set_weights(netuid=netuid, dests=[0], weights=[1], version_key=0, signer="//Bob//hot")
        chain.produce(20)

        metagraph = chain.metagraph(netuid)
        view = chain.apis.SubnetInfoRuntimeApi.get_metagraph(netuid)
        assert view is not None
        assert (len(metagraph), metagraph.netuid, metagraph.tempo, metagraph.block) == (
            2,
            netuid,
            10,
            chain.head.number,
        )
        assert metagraph.hotkeys[0] == ss58_encode(ACCOUNTS["Alice"]) == metagraph.owner_coldkey
        assert metagraph.coldkeys == (ss58_encode(ACCOUNTS["Alice"]), ss58_encode(ACCOUNTS["Bob"]))
        assert (metagraph.uid_of("//Bob//hot"), metagraph.uid_of("alice")) == (1, 0)
        assert metagraph.uids.tolist() == [0, 1]
        for name, column in {
            "stake": view.total_stake,
            "incentive": view.incentives,
            "dividends": view.dividends,
        }.items():
            assert getattr(metagraph, name).tolist() == column.tolist()
        assert metagraph.weights.tolist() == [[0, 0], [65535, 0]]
        assert metagraph.dividends.tolist() == [0, 65535]
        assert metagraph.stake[1] > tao(50)
        assert metagraph.validator_permit[1]
        assert chain.metagraph(netuid, at=5).weights.sum() == 0


def test_arrays_are_read_only_and_of_one_length() -> None:
    with Chain.dev() as chain:
        metagraph = chain.metagraph(1)
        columns = [value for name in metagraph.__slots__ if isinstance(value := getattr(metagraph, name), np.ndarray)]
        assert {column.shape for column in columns} == {(1,), (1, 1)}
        assert not any(column.flags.writeable for column in columns)
        with pytest.raises(KeyError, match="//Bob is not registered on subnet 1"):
            metagraph.uid_of("//Bob")


def test_a_subnet_that_does_not_exist_is_refused() -> None:
    with Chain.dev() as chain:
        with pytest.raises(ChainError, match="expected the netuid of a subnet, got 9: there is none"):
            chain.metagraph(9)
        with pytest.raises(ChainError, match=r"expected a netuid \(0 to 65535\), got -1"):
            chain.metagraph(-1)
