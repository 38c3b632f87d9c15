"""A day of a subnet through the `bittensor` 10 SDK: its own extrinsics, and its metagraph."""

import json
import sys
from importlib.metadata import version
from types import SimpleNamespace

import blocks
from bittensor import Balance, Subtensor
from bittensor.core.extrinsics.serving import serve_extrinsic
from bittensor.core.extrinsics.utils import sudo_call_extrinsic
from bittensor.utils.weight_utils import convert_and_normalize_weights_and_uids
from bittensor_wallet import Keypair

task = json.loads(sys.argv[1])
NETUID, SALT = task["netuid"], task["salt"]
UIDS = list(range(2, 2 + len(task["plain"])))
chain = Subtensor(task["url"])


def wallet(name):
    """The SDK takes whatever has these keys."""
    coldkey, hotkey = Keypair.create_from_uri(f"//{name}"), Keypair.create_from_uri(f"//{name}//hot")
    unlock = {"unlock_coldkey": lambda: coldkey, "unlock_hotkey": lambda: hotkey}
    return SimpleNamespace(coldkey=coldkey, coldkeypub=coldkey, hotkey=hotkey, hotkeypub=hotkey, name=name, **unlock)


OWNER, VALIDATOR, *NEURONS = (wallet(name) for name in task["names"])


def ensure(response):
    assert response.success, response


def set_parameter(name, *, as_root=False, **parameters):
    """By the owner or, wrapped in `sudo`, by root: the SDK wraps unless `root_call`."""
    call, values = f"sudo_set_{name}", {"netuid": NETUID, **parameters}
    ensure(sudo_call_extrinsic(chain, OWNER, call, values, root_call=not as_root))


def pass_epoch():
    """Produce blocks until an epoch of the subnet has run."""
    last = chain.subnet(NETUID).last_step
    while chain.subnet(NETUID).last_step == last:
        blocks.make(task["url"], 1)


def metagraph():
    graph = chain.metagraph(NETUID)
    # The neurons' own records: arrays of the metagraph are of float32.
    neurons = sorted(graph.neurons, key=lambda neuron: neuron.uid)
    fields = {"incentive": "incentive", "dividends": "dividends", "trust": "validator_trust", "consensus": "consensus"}
    return {
        "block": int(graph.block),
        "hotkeys": graph.hotkeys,
        "axons": [f"{axon.ip}:{axon.port}" if axon.port else None for axon in graph.axons],
        "permits": graph.validator_permit.tolist(),
        **{name: [round(getattr(each, field) * 65535) for each in neurons] for name, field in fields.items()},
        "emission": [round(each.emission * 10**9) for each in neurons],
    }


seen = {"version": version("bittensor")}
ensure(chain.register_subnet(OWNER))
ensure(chain.start_call(OWNER, NETUID))
set_parameter("weights_set_rate_limit", weights_set_rate_limit=0, as_root=True)
set_parameter("commit_reveal_weights_enabled", enabled=False)
for who in (VALIDATOR, *NEURONS):
    ensure(chain.burned_register(who, NETUID))
ensure(chain.add_stake(VALIDATOR, NETUID, VALIDATOR.hotkey.ss58_address, Balance.from_tao(task["stake_tao"])))
for number, who in enumerate(NEURONS):
    ensure(serve_extrinsic(chain, who, f"10.0.0.{number}", 8091, 4, NETUID))

pass_epoch()  # after which the validator has a permit
ensure(chain.set_weights(VALIDATOR, NETUID, UIDS, task["plain"], version_key=0))
pass_epoch()
seen["plain"] = metagraph()

set_parameter("commit_reveal_weights_enabled", enabled=True)
uids, values = convert_and_normalize_weights_and_uids(UIDS, task["hidden"])
ensure(chain.commit_weights(VALIDATOR, NETUID, SALT, uids, values, version_key=0, wait_for_inclusion=True))
pass_epoch()
ensure(chain.reveal_weights(VALIDATOR, NETUID, uids, values, SALT, version_key=0))
pass_epoch()
seen["revealed"] = metagraph()
ensure(chain.set_weights(VALIDATOR, NETUID, UIDS, task["plain"], version_key=0))

chain.close()
json.dump(seen, sys.stdout)
