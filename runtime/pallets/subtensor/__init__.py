"""SubtensorModule (index 7): subnets, neurons, weights, epochs, emission and stake.

Other pallets import the declarations and storage items without the calls; the runtime takes the pallet from `calls`.

Declarations
* `declared/`: the pallet object, constants, limits, types, events and errors. `storage/`: storage items by subject.
* `calls`: loads all files with calls and hooks. `guards`: checks of calls before dispatch. `genesis`: state at block 0.

Balances and prices: `ledger/`
* `accounts`: ownership of hotkeys. `share_pool`: stake as shares of a hotkey's alpha.
* `tao`: transfer, minting and recycling of TAO. `subnet_accounts`: the accounts that hold the TAO of subnets.
* `alpha`: minting, recycling and burning of alpha. `trading`: trades with the pools. `prices`: prices of alpha.
* `block_emission`: emission per block. `subnet_emissions`: its split among subnets.

Subnets: `subnets/`, `lifecycle/`
* `subnets/`: `networks` (existence, price, pruning), `mechanism`, `symbols`, `hyperparameters` (setters of parameters),
  `owner_rules` (who may set them, and when), `rate_limits`, `tempo` (timing of epochs).
* `lifecycle/`: `network_registration`, `succession` (change of owner by conviction), `dissolve`, `remove_network`.

Neurons: `neurons/`
* `registration`, `root` (membership of root), `uids`, `immunity`, `serving` (endpoints), `identity`, `evm`, `faucet`.

Stake: `staking/`
* `add`, `remove`: the calls `add_stake` and `remove_stake`. `stake`: the steps that they share. `helpers`: delegates,
  small nominations, totals.
* `locks`, `conviction`: locked stake and its conviction. `claims`: claims of root dividends.
* `childkeys`: parents and children. `stake_weights`: weight of stake in consensus. `voting_power`: its moving average.

Consensus and blocks: `weights/`, `coinbase/`
* `weights/`: `set_weights`, `commit_reveal`.
* `coinbase/`: `hooks` (entry points of each block), `block_step` (steps of a block), `run_coinbase` (emission),
  `epoch` (from storage to `consensus.yuma` and back), `distribution` (payment of an epoch's results).

Runtime APIs: `views/`
* One file for each kind of answer about subnets, neurons, delegates and stake.
"""
