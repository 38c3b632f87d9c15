"""What to try next, by the error of a call or the reason why a transaction was refused.

Each advice is the end of a sentence that begins with "try". It names calls, parameters of a local chain, and options of
the command line.
"""

from __future__ import annotations

_SUDO = (
    "signing as the account that may make this call; as root, wrap it in Sudo.sudo (--sudo, sudo=True) with the "
    "sudo key"
)
_FUNDS = "a smaller amount, or fund the signer first; a local chain's //Alice, //Bob and //Charlie are rich"
_WAIT = "again after the rate limit; a local chain can be started with a lower one"
_REGISTER = "registering it first: SubtensorModule.burned_register (`pysubtensor subnet join`)"
_OWNER = (
    "signing as the subnet's coldkey owner, SubtensorModule.SubnetOwner; for most hyperparameters root may, too "
    "(--sudo)"
)
_COMMIT = "AdminUtils.sudo_set_commit_reveal_weights_enabled to turn commit-reveal off or on"
_STAKE = "more stake on the hotkey: SubtensorModule.add_stake (`pysubtensor stake add`)"
_PRICE = "a higher limit of the price, or a higher tolerance (--tolerance)"

#: By the name of an error of SubtensorModule.
_SUBTENSOR: dict[str, str] = {
    "SubtokenDisabled": "start_call by the subnet's owner; for subnet 1 of a local chain, "
    "AdminUtils.sudo_set_subtoken_enabled as root",
    "NeedWaitingMoreBlocksToStarCall": "again after StartCallDelay blocks; a local chain's parameter "
    "start_call_delay=0 lifts it",
    "FirstEmissionBlockNumberAlreadySet": "going on: the subnet has been started",
    "SubnetNotExists": "an existing netuid: `pysubtensor subnets` lists them",
    "MechanismDoesNotExist": "mechanism 0, or a netuid that exists",
    "HotKeyNotRegisteredInSubNet": _REGISTER,
    "HotKeyNotRegisteredInNetwork": _REGISTER,
    "HotKeyAccountNotExists": "registering the hotkey, or SubtensorModule.try_associate_hotkey by its coldkey",
    "HotKeyAlreadyRegisteredInSubNet": "going on: it is a neuron of this subnet; or another hotkey",
    "NonAssociatedColdKey": "signing as the coldkey that owns the hotkey, SubtensorModule.Owner",
    "TransactorAccountShouldBeHotKey": "signing as the hotkey instead of the coldkey",
    "NotSubnetOwner": _OWNER,
    "NotEnoughStake": _STAKE,
    "NotEnoughStakeToSetWeights": f"{_STAKE}; or a lower AdminUtils.sudo_set_stake_threshold",
    "NotEnoughStakeToSetChildkeys": _STAKE,
    "NotEnoughStakeToWithdraw": "at most the stake: `pysubtensor stake list` shows it",
    "NotEnoughBalanceToStake": _FUNDS,
    "InsufficientBalance": _FUNDS,
    "CannotAffordLockCost": "more TAO for the signer, or a lower network_min_lock_cost of a local chain",
    "AmountTooLow": "at least the minimum stake, and what the pool's fee adds to it",
    "NeuronNoValidatorPermit": "an epoch after staking on the hotkey: permits are given to the neurons with "
    "the most stake at the end of each epoch; neurons without may weight themselves",
    "WeightVecNotEqualSize": "as many weights as uids",
    "UidVecContainInvalidOne": "uids of the metagraph: `pysubtensor metagraph` shows them",
    "WeightVecLengthIsLow": "more weights, or a lower AdminUtils.sudo_set_min_allowed_weights",
    "IncorrectWeightVersionKey": "the version key SubtensorModule.WeightsVersionKey, or a greater one",
    "SettingWeightsTooFast": "again after WeightsSetRateLimit blocks; the owner lowers them by "
    "AdminUtils.sudo_set_weights_set_rate_limit",
    "CommittingWeightsTooFast": "again after WeightsSetRateLimit blocks; the owner lowers them by "
    "AdminUtils.sudo_set_weights_set_rate_limit",
    "CommitRevealEnabled": f"committing and revealing the weights, or {_COMMIT}",
    "CommitRevealDisabled": f"set_weights, or {_COMMIT}",
    "RevealTooEarly": "the reveal in the epoch that is RevealPeriodEpochs after that of the commit",
    "ExpiredWeightCommit": "a new commit, and its reveal RevealPeriodEpochs later",
    "InvalidRevealCommitHashNotMatch": "uids, values, salt and version key exactly as they were committed",
    "NoWeightsCommitFound": "commit_weights by this hotkey first",
    "LiquidAlphaDisabled": "AdminUtils.sudo_set_liquid_alpha_enabled first",
    "AdminActionProhibitedDuringWeightsWindow": "again after the subnet's next epoch; a local chain's parameter "
    "admin_freeze_window=0 lifts this",
    "NetworkTxRateLimitExceeded": f"{_WAIT}: network_rate_limit=0",
    "TxRateLimitExceeded": _WAIT,
    "StakingRateLimitExceeded": "again in the next block",
    "ServingRateLimitExceeded": f"{_WAIT}: serving_rate_limit=0",
    "DelegateTxRateLimitExceeded": f"{_WAIT}: delegate_take_rate_limit=0",
    "HotKeySetTxRateLimitExceeded": f"{_WAIT}: tx_rate_limit=0",
    "TxChildkeyTakeRateLimitExceeded": f"{_WAIT}: childkey_take_rate_limit=0",
    "TooManyRegistrationsThisBlock": "again in the next block",
    "TooManyRegistrationsThisInterval": "again in the next interval, or a higher "
    "AdminUtils.sudo_set_target_registrations_per_interval",
    "SubNetRegistrationDisabled": "AdminUtils.sudo_set_network_registration_allowed first",
    "NoNeuronIdAvailable": "a higher AdminUtils.sudo_set_max_allowed_uids, or after the immunity of a neuron",
    "AllNetworksInImmunity": "a lower network_immunity_period, or a higher subnet_limit of a local chain",
    "SubnetLimitReached": "a higher subnet_limit of a local chain",
    "SlippageTooHigh": _PRICE,
    "RegistrationPriceLimitExceeded": _PRICE,
    "InsufficientLiquidity": "a smaller amount: the pool has less",
    "TransferDisallowed": "AdminUtils.sudo_set_toggle_transfer by the subnet's owner first",
    "RegistrationNotPermittedOnRootSubnet": "root_register for root, or another netuid",
    "StakeTooLowForRoot": _STAKE,
    "FaucetDisabled": "a transfer from //Alice, or `pysubtensor fund` on a local chain",
    "ColdkeySwapTooEarly": "again after the delay; a local chain's parameter coldkey_swap_announcement_delay",
    "ColdkeySwapAnnounced": "the swap itself, or SubtensorModule.clear_coldkey_swap_announcement",
    "Deprecated": "another call: this one has no effect any more",
}

#: By the name of an error, as `receipt.explain` returns it.
ADVICE: dict[str, str] = {
    "BadOrigin": _SUDO,
    "RootNotAllowed": "signing without Sudo.sudo: this call is not for root",
    "Token.FundsUnavailable": _FUNDS,
    "Token.BelowMinimum": "an amount of at least the existential deposit, 500 rao",
    "Token.CannotCreate": "an amount of at least the existential deposit, 500 rao, for an account that is new",
    "Token.Frozen": "a smaller amount: a part of the balance is frozen",
    "Token.NotExpendable": "an amount that leaves the existential deposit, 500 rao, or a call that allows the "
    "account to end",
    "Arithmetic.Underflow": _FUNDS,
    "Arithmetic.Overflow": "smaller numbers: the result does not fit its type",
    "Arithmetic.DivisionByZero": "the call when the subnet has a pool, stake or neurons: one of these is zero",
    "NoProviders": "funding the account first with at least the existential deposit, 500 rao",
    "ConsumerRemaining": "removing what still refers to the account: proxies, locks, deposits",
    "Exhausted": "the call in the next block, or with fewer items: it does not fit into this one",
    "Sudo.RequireSudo": "signing with the sudo key, Sudo.Key: //Alice on a local chain",
    "System.CallFiltered": "the call itself: a proxy, a multisig or the safe mode does not allow it inside",
    "Balances.InsufficientBalance": _FUNDS,
    "Balances.ExistentialDeposit": "an amount of at least the existential deposit, 500 rao",
    "Balances.Expendability": "an amount that leaves the existential deposit, 500 rao, or transfer_allow_death",
    "Proxy.NotProxy": "Proxy.add_proxy by the real account first, with a type that covers the call",
    "Proxy.Unannounced": "Proxy.announce first, and the call after the proxy's delay",
    **{f"SubtensorModule.{name}": text for name, text in _SUBTENSOR.items()},
}

#: By what the text of a refusal contains, before a transaction enters the pool.
REFUSALS: dict[str, str] = {
    "Inability to pay some fees": "funding the signer first: it cannot pay the fee",
    "Transaction is outdated": "without a nonce, so that the account's next one is taken: this one is used",
    "Transaction will be valid in the future": "without a nonce: transactions with lower ones are missing",
    "Transaction has a bad signature": "the genesis hash and the version of this node: the signature is for another "
    "chain",
    "Transaction has an ancient birth block": "signing it again: its era is over",
    "Priority is too low": "waiting for the pending transaction with this nonce, or a tip",
    "Already Imported": "waiting: the transaction is in the pool",
    "temporarily banned": "again in half an hour, or a transaction that differs, for example by its tip",
    "would exhaust": "fewer items in the call: it does not fit into a block",
    "RateLimitExceeded": _WAIT,
    "StakeAmountTooLow": _STAKE,
    "BalanceTooLow": _FUNDS,
    "SubnetNotExists": "an existing netuid: `pysubtensor subnets` lists them",
    "HotkeyAccountDoesntExist": "registering the hotkey, or SubtensorModule.try_associate_hotkey by its coldkey",
    "UidNotFound": _REGISTER,
    "HotKeyNotRegisteredInNetwork": _REGISTER,
}


def advice(error: str) -> str | None:
    """Return what to try after an error of this name (`Pallet.Error`, `BadOrigin`); None if there is no advice."""
    return ADVICE.get(error)


def advice_on_refusal(text: str) -> str | None:
    """Return what to try after a transaction was refused with this text; None if there is no advice."""
    return next((tried for part, tried in REFUSALS.items() if part in text), None)


def with_advice(message: str, tried: str | None) -> str:
    """Return the message of an error with what to try next."""
    return message if tried is None else f"{message.rstrip('.')}. Try {tried}."
