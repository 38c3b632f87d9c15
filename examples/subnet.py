"""A subnet from its registration to its first dividends, in one process and within a second."""

from pysubtensor import Chain, tao

with Chain.dev(admin_freeze_window=0, tempo=10) as chain:
    module, admin = chain.tx.SubtensorModule, chain.tx.AdminUtils
    module.register_network(hotkey="//Alice//hot", signer="alice")
    netuid = chain.storage.SubtensorModule.TotalNetworks.get() - 1
    module.start_call(netuid=netuid, signer="alice")
    admin.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=False, signer="alice", sudo=True)
    admin.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0, signer="alice", sudo=True)
    for who in ("//Bob", "//Charlie"):
        module.burned_register(netuid=netuid, hotkey=f"{who}//hot", signer=who)
    module.add_stake(hotkey="//Bob//hot", netuid=netuid, amount_staked=tao(100), signer="bob")
    chain.produce(20)  # at least one epoch, after which //Bob's hotkey has a validator permit
    module.set_weights(netuid=netuid, dests=[0, 2], weights=[1, 3], version_key=0, signer="//Bob//hot")
    chain.produce(20)  # at least one more, with these weights
    metagraph = chain.metagraph(netuid)
    print("incentives", metagraph.incentive.tolist(), "dividends", metagraph.dividends.tolist())
