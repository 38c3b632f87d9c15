"""A day of a subnet through the `bittensor` 11 SDK: intents, raw calls where it has none, and its metagraph."""

import asyncio
import json
import sys
from importlib.metadata import version

import blocks
from bittensor import Client, calls, storage
from bittensor.intents import (
    AddStake,
    BurnedRegister,
    RegisterSubnet,
    RevealWeights,
    ServeAxon,
    SetHyperparameter,
    SetWeights,
    StartCall,
)
from bittensor.intents.weights import normalize
from commits import commitment
from wallets_11 import wallet

task = json.loads(sys.argv[1])
NETUID, SALT = task["netuid"], task["salt"]
UIDS = list(range(2, 2 + len(task["plain"])))
OWNER, VALIDATOR, *NEURONS = (wallet(name) for name in task["names"])


async def execute(client, intent, who):
    result = await client.execute(intent, who)
    assert result.success, (intent, result)
    return result


async def submit(client, call, who, signer):
    result = await client.submit_call(call, who, signer=signer)
    assert result.success, (call, result)


async def pass_epoch(client):
    """Produce blocks until an epoch of the subnet has run."""
    last = await client.query(storage.SubtensorModule.LastMechansimStepBlock, [NETUID])
    while await client.query(storage.SubtensorModule.LastMechansimStepBlock, [NETUID]) == last:
        blocks.make(task["url"], 1)


async def metagraph(client):
    graph = await client.subnets.metagraph(NETUID)
    return {
        "block": graph.block,
        "hotkeys": graph.hotkeys,
        "axons": [neuron.axon for neuron in graph.neurons],
        "permits": [neuron.validator_permit for neuron in graph.neurons],
        **{
            name: [round(getattr(neuron, name) * 65535) for neuron in graph.neurons]
            for name in ("incentive", "dividends", "consensus")
        },
        # The metagraph's own trust is that of miners, which is no longer computed.
        "trust": await client.query(storage.SubtensorModule.ValidatorTrust, [NETUID]),
        "emission": [neuron.emission.rao for neuron in graph.neurons],
    }


async def main():
    client = Client(task["url"])
    await client.connect()
    seen = {"version": version("bittensor")}

    await execute(client, RegisterSubnet(), OWNER)
    await execute(client, StartCall(netuid=NETUID), OWNER)
    unlimited = calls.AdminUtils.sudo_set_weights_set_rate_limit(netuid=NETUID, weights_set_rate_limit=0)
    await submit(client, calls.Sudo.sudo(call=await client.compose(unlimited)), OWNER, "coldkey")
    await execute(client, SetHyperparameter(netuid=NETUID, name="commit_reveal_weights_enabled", value=False), OWNER)
    for who in (VALIDATOR, *NEURONS):
        # Since 11.0.2 shielded: two nonces, of which the client counts one. Another client asks for the next.
        async with Client(task["url"]) as another:
            await execute(another, BurnedRegister(netuid=NETUID), who)
    stake = AddStake(
        hotkey_ss58=VALIDATOR.hotkey.ss58_address,
        netuid=NETUID,
        amount_tao=task["stake_tao"],
        slippage_protection=False,
    )
    await execute(client, stake, VALIDATOR)
    for number, who in enumerate(NEURONS):
        await execute(client, ServeAxon(netuid=NETUID, ip=f"10.0.0.{number}", port=8091), who)

    await pass_epoch(client)  # after which the validator has a permit
    await execute(client, SetWeights(netuid=NETUID, uids=UIDS, weights=task["plain"]), VALIDATOR)
    await pass_epoch(client)
    seen["plain"] = await metagraph(client)

    await execute(client, SetHyperparameter(netuid=NETUID, name="commit_reveal_weights_enabled", value=True), OWNER)
    digest = commitment(VALIDATOR.hotkey.public_key, NETUID, normalize(UIDS, task["hidden"]), SALT)
    commit = calls.SubtensorModule.commit_weights(netuid=NETUID, commit_hash=digest)
    await submit(client, commit, VALIDATOR, "hotkey")
    await pass_epoch(client)
    await execute(client, RevealWeights(netuid=NETUID, uids=UIDS, weights=task["hidden"], salt=SALT), VALIDATOR)
    await pass_epoch(client)
    seen["revealed"] = await metagraph(client)
    await execute(client, SetWeights(netuid=NETUID, uids=UIDS, weights=task["plain"]), VALIDATOR)

    await client.close()
    json.dump(seen, sys.stdout)


asyncio.run(main())
