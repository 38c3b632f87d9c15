"""A day of a subnet through `btcli` 9: its commands, without a terminal, and the interface to the chain behind them."""

import asyncio
import json
import sys
from importlib.metadata import version
from ipaddress import ip_address

import blocks
from bittensor_cli.src.bittensor.extrinsics.root import convert_weights_and_uids_for_emit
from bittensor_cli.src.bittensor.subtensor_interface import SubtensorInterface
from bittensor_cli.src.commands.weights import SetWeightsExtrinsic
from bittensor_cli.version import __version_as_int__
from terminal import act, ask, command, save_wallet

task = json.loads(sys.argv[1])
NETUID, NAMES = str(task["netuid"]), task["names"]
OWNER, VALIDATOR, *NEURONS = NAMES
UIDS = list(range(2, 2 + len(task["plain"])))
#: Of whatever is not said it asks.
IDENTITY = [
    *("--subnet-name", "day", "--github-repo", "https://github.com/day/day", "--subnet-contact", "day@day.org"),
    *("--subnet-url", "https://day.org", "--discord-handle", "day", "--description", "A day."),
    *("--logo-url", "https://day.org/logo.png", "--additional-info", "None."),
]


def weights(chain, wallet, values):
    """Do the same as `weights commit`, which reads a storage item that no chain has, and fails."""
    return SetWeightsExtrinsic(
        chain, wallet, task["netuid"], None, UIDS, values, task["salt"], __version_as_int__, wait_for_inclusion=True
    )


async def pass_epoch(chain):
    """Produce blocks until an epoch of the subnet has run."""
    last = await chain.query("SubtensorModule", "LastMechansimStepBlock", [task["netuid"]])
    while await chain.query("SubtensorModule", "LastMechansimStepBlock", [task["netuid"]]) == last:
        blocks.make(task["url"], 1)


async def metagraph(chain):
    shown = ask("subnets", "show", "--netuid", NETUID, "--sort")["uids"]
    graph = await chain.get_metagraph_info(task["netuid"])
    trust = await chain.query("SubtensorModule", "ValidatorTrust", [task["netuid"]])
    return {
        "block": graph.block,
        "hotkeys": [each["hotkey"] for each in shown],
        "axons": [f"{ip_address(axon['ip'])}:{axon['port']}" if axon["port"] else None for axon in graph.axons],
        "permits": list(graph.validator_permit),
        "incentive": [round(each["incentive"] * 65535) for each in shown],
        "dividends": [round(each["dividends"] * 65535) for each in shown],
        "consensus": [round(each * 65535) for each in graph.consensus],
        "trust": trust,
        "emission": [each.rao for each in graph.emission],
    }


def join():
    """Register the validator and the neurons, stake, and publish endpoints."""
    act("subnets", "create", "--no-mev-protection", *IDENTITY, who=OWNER)
    command("subnets", "start", "--netuid", NETUID, who=OWNER)
    switch_commit_reveal("false")
    for who in (VALIDATOR, *NEURONS):
        act("subnets", "register", "--netuid", NETUID, "--unsafe", who=who)
    amount = ["--amount", str(task["stake_tao"]), "--unsafe", "--no-mev-protection"]
    staked = ask("stake", "add", "--netuid", NETUID, *amount, who=VALIDATOR)
    assert list(staked["staking_success"][NETUID].values()) == [True], staked
    for at, who in enumerate(NEURONS):
        # Without JSON: it takes every choice about prompts for a wish to be asked.
        command("axon", "set", "--netuid", NETUID, "--ip", f"10.0.0.{at}", "--port", "8091", who=who)


def switch_commit_reveal(value):
    parameter = ["--param", "commit_reveal_weights_enabled", "--value", value]
    act("sudo", "set", "--netuid", NETUID, *parameter, who=OWNER)


async def set_burns(chain):
    """Set the bounds of the registration's price in TAO, and return the rao that are stored.

    Without `--normalize` the command takes the value as rao, on any chain, and has no output for a fraction.
    """
    for name, tao in task["burns_tao"].items():
        act("sudo", "set", "--netuid", NETUID, "--param", name, "--value", tao, "--normalize", who=OWNER)
    items = {"min_burn": "MinBurn", "max_burn": "MaxBurn"}
    return {name: await chain.query("SubtensorModule", items[name], [task["netuid"]]) for name in task["burns_tao"]}


async def lift_rate_limit(chain, owner):
    """Remove the rate limit on setting weights as root, for which `btcli` has no command."""
    limit = {"netuid": task["netuid"], "weights_set_rate_limit": 0}
    call = await chain.substrate.compose_call("AdminUtils", "sudo_set_weights_set_rate_limit", limit)
    sudo = await chain.substrate.compose_call("Sudo", "sudo", {"call": call})
    success, message, _ = await chain.sign_and_send_extrinsic(sudo, owner, wait_for_finalization=True)
    assert success, message


async def live(chain, owner, validator):
    seen = {"version": version("bittensor-cli")}
    join()
    await lift_rate_limit(chain, owner)
    await pass_epoch(chain)  # after which the validator has a permit
    values = convert_weights_and_uids_for_emit(UIDS, task["plain"])
    success, message, _ = await weights(chain, validator, task["plain"])._set_weights_without_commit_reveal(*values)
    assert success, message
    await pass_epoch(chain)
    seen["plain"] = await metagraph(chain)

    switch_commit_reveal("true")
    values = convert_weights_and_uids_for_emit(UIDS, task["hidden"])
    success, message, _ = await weights(chain, validator, task["hidden"]).commit_weights(*values)
    assert success, message
    await pass_epoch(chain)
    uids, hidden, salt = (",".join(map(str, each)) for each in (UIDS, task["hidden"], task["salt"]))
    act("weights", "reveal", "--netuid", NETUID, "--uids", uids, "--weights", hidden, "--salt", salt, who=VALIDATOR)
    await pass_epoch(chain)
    seen["revealed"] = await metagraph(chain)
    seen["burns"] = await set_burns(chain)
    return seen


async def main():
    wallets = [save_wallet(name) for name in NAMES]
    async with SubtensorInterface(task["url"]) as chain:
        seen = await live(chain, *wallets[:2])
    sys.stdout.write("\n" + json.dumps(seen))


asyncio.run(main())
