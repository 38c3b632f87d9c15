"""Twenty figures of a chain as the `bittensor` 10 SDK reads them, exact where it has integers."""

import json
import sys

from bittensor import Subtensor

task = json.loads(sys.argv[1])
chain, netuid = Subtensor(task["url"]), task["netuid"]
block = chain.block
subnet, parameters = chain.subnet(netuid), chain.get_subnet_hyperparameters(netuid)
neurons = chain.neurons(netuid)
seen = {
    "block": block,
    "hash": chain.get_block_hash(task["transfer"]),
    "time": int(chain.get_timestamp(task["transfer"]).timestamp()),
    "alice": chain.get_balance(task["alice"]).rao,
    "bob": chain.get_balance(task["bob"]).rao,
    "stakes": {each.hotkey_ss58: each.stake.rao for each in chain.get_stake_info_for_coldkey(task["bob"])},
    "subnets": chain.get_all_subnets_netuid(),
    "price": subnet.price.rao,
    "tao_in": subnet.tao_in.rao,
    "alpha_in": subnet.alpha_in.rao,
    "tempo": subnet.tempo,
    "owner": subnet.owner_coldkey,
    "last_step": subnet.last_step,
    "next_epoch": chain.get_next_epoch_start_block(netuid),
    "burn": chain.recycle(netuid).rao,
    "neurons": chain.subnetwork_n(netuid),
    "kappa": parameters.kappa,
    "immunity_period": parameters.immunity_period,
    "min_burn": parameters.min_burn,
    "max_validators": parameters.max_validators,
    "hotkeys": [each.hotkey for each in neurons],
    "incentives": [each.incentive for each in neurons],
    "dividends": [each.dividends for each in neurons],
    "emissions": [each.emission for each in neurons],
    "existing": chain.get_existential_deposit().rao,
}
sys.stdout.write(json.dumps(seen) + "\n")
