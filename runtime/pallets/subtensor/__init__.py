"""SubtensorModule (index 7): subnets, neurons, weights, epochs, emission and stake.

Its rooms, each a package with one file for each subject. A room imports rooms above it in this list, never one below:

* `declared`: the pallet object, constants, fixed limits, types, errors and events.
* `storage`: the storage items, in tables by subject. Other pallets read the storage from here.
* `ledger`: accounts, TAO, alpha, shares of stake, trades with pools, prices, and the emission of a block.
* `subnets`: the list of subnets, mechanisms, symbols, hyperparameters, owners' rights, rate limits, timing of epochs.
* `neurons`: registration, uids, immunity, membership of root, endpoints, identities, EVM keys, the faucet.
* `staking`: add and remove stake, parents and children, locks and conviction, stake weights, claims, voting power.
* `weights`: set weights directly, or by commit and reveal.
* `lifecycle`: registration, start, change of owner and dissolution of subnets.
* `coinbase`: the steps of each block, emission to subnets, epochs, and payments after them.
* `views`: the answers of runtime APIs.

Beside them are `guards`, which refuse calls before they run, `genesis`, the pallet's part of block 0, and `calls`,
which loads all modules that declare calls and hooks.
"""
