"""A subnet from its registration to its first dividends, in one process and within a second."""

from pysubtensor import Chain

TAO = 10**9

with Chain.dev(admin_freeze_window=0, tempo=10) as chain:

    def sudo(name, **arguments):
        chain.execute("Sudo.sudo", "//Alice", call=chain.call(f"AdminUtils.{name}", **arguments))

    chain.execute("SubtensorModule.register_network", "//Alice", hotkey="//Alice//hot")
    netuid = chain.query("SubtensorModule.TotalNetworks") - 1
    chain.execute("SubtensorModule.start_call", "//Alice", netuid=netuid)
    sudo("sudo_set_commit_reveal_weights_enabled", netuid=netuid, enabled=False)
    sudo("sudo_set_weights_set_rate_limit", netuid=netuid, weights_set_rate_limit=0)
    for who in ("//Bob", "//Charlie"):
        chain.execute("SubtensorModule.burned_register", who, netuid=netuid, hotkey=f"{who}//hot")
    chain.execute("SubtensorModule.add_stake", "//Bob", hotkey="//Bob//hot", netuid=netuid, amount_staked=100 * TAO)
    chain.produce(20)  # at least one epoch, after which //Bob's hotkey has a validator permit
    weights = {"dests": [0, 2], "weights": [1, 3], "version_key": 0}
    chain.execute("SubtensorModule.set_weights", "//Bob//hot", netuid=netuid, **weights)
    chain.produce(20)  # at least one more, with these weights
    metagraph = chain.ask("SubnetInfoRuntimeApi.get_metagraph", netuid)
    print("incentives", metagraph.incentives.tolist(), "dividends", metagraph.dividends.tolist())
