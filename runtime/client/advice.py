"""What to try next when a transaction failed or was refused, by the name of the error.

Names stand without their pallets: pallets share them with each other, and with the codes of refused transactions
("Custom error: N"). To wait is to make blocks, with `produce(n)` of a chain in the process, or to let a node make them.
"""

from __future__ import annotations

_LIMIT = "Wait for more blocks, or make the chain with {}=0."
_HYPERPARAMETER = "Wait for more blocks, or let root or the subnet's owner lift the limit with AdminUtils.{}."
_ROOT = "Calls of root need sudo (`sudo=True`, `--sudo`) and the sudo account, which is alice on a development chain."
_FUND = "Move TAO to the account first, also for the fee; every development account is funded at the start."
_STAKE = (
    "Stake more with SubtensorModule.add_stake, or lower the limit with AdminUtils.sudo_set_stake_threshold as root."
)

ADVICE: dict[str, str] = {
    # Who may call.
    "BadOrigin": f"{_ROOT} Calls of a subnet's owner must be signed by the coldkey in SubtensorModule.SubnetOwner.",
    "RequireSudo": _ROOT,
    "NotSubnetOwner": "Sign with the coldkey in SubtensorModule.SubnetOwner.",
    "NonAssociatedColdKey": "Sign with the coldkey that owns the hotkey: SubtensorModule.Owner has it.",
    "NotProxy": "Let the account add the signer as a proxy with Proxy.add_proxy.",
    "CallFiltered": "The chain allows no such call now, or the proxy's type does not.",
    # Money.
    "FundsUnavailable": _FUND,
    "InsufficientBalance": _FUND,
    "NotEnoughBalanceToStake": _FUND,
    "BalanceTooLow": _FUND,
    "Payment": _FUND,
    "CannotAffordLockCost": (
        "Move TAO to the coldkey; SubnetRegistrationRuntimeApi.get_network_registration_cost has the price."
    ),
    "NotExpendable": "Leave at least Balances.ExistentialDeposit on the account, or use Balances.transfer_allow_death.",
    "BelowMinimum": "Move at least Balances.ExistentialDeposit to a new account.",
    "Underflow": "An amount is greater than the balance or stake that it is taken from: move TAO there first.",
    # Subnets and trades.
    "SubnetNotExists": "The keys of SubtensorModule.NetworksAdded are the subnets that exist.",
    "SubtokenDisabled": (
        "The owner starts a subnet with SubtensorModule.start_call; root starts its own and the first one with "
        "AdminUtils.sudo_set_subtoken_enabled."
    ),
    "NeedWaitingMoreBlocksToStarCall": _LIMIT.format("start_call_delay"),
    "AmountTooLow": "Stake at least the minimum; Chain.dev takes another one as min_stake.",
    "StakeAmountTooLow": "Stake at least the minimum; Chain.dev takes another one as min_stake.",
    "NotEnoughStakeToWithdraw": "StakeInfoRuntimeApi.get_stake_info_for_coldkey has the stake.",
    "InsufficientLiquidity": "Trade less at once, or when the subnet's pool holds more.",
    "SlippageTooHigh": "Allow a price further from the current one, or part of the trade (`allow_partial`).",
    "SubnetLimitReached": "Make the chain with a higher subnet_limit.",
    "AllNetworksInImmunity": _LIMIT.format("network_immunity_period"),
    "AdminActionProhibitedDuringWeightsWindow": _LIMIT.format("admin_freeze_window"),
    # Neurons.
    "HotKeyNotRegisteredInSubNet": "Register the hotkey with SubtensorModule.burned_register.",
    "HotKeyNotRegisteredInNetwork": "Register the hotkey with SubtensorModule.burned_register.",
    "HotKeyAccountNotExists": "Give the hotkey an owner: SubtensorModule.burned_register or try_associate_hotkey.",
    "HotkeyAccountDoesntExist": "Give the hotkey an owner: SubtensorModule.burned_register or try_associate_hotkey.",
    "HotKeyAlreadyRegisteredInSubNet": "SubtensorModule.Uids has its uid; register another hotkey for another neuron.",
    "SubNetRegistrationDisabled": "Let root allow it with AdminUtils.sudo_set_network_registration_allowed.",
    "TooManyRegistrationsThisBlock": (
        "Register in the next block, or raise the limit with AdminUtils.sudo_set_max_registrations_per_block as root."
    ),
    "TooManyRegistrationsThisInterval": (
        "Wait for more blocks, or raise AdminUtils.sudo_set_target_registrations_per_interval as root."
    ),
    "NoNeuronIdAvailable": "Wait until a neuron is not immune any more, or raise AdminUtils.sudo_set_max_allowed_uids.",
    "FaucetDisabled": "Use Balances.transfer_keep_alive from a development account instead.",
    # Weights.
    "NeuronNoValidatorPermit": "Stake on the hotkey and wait for the next epoch, which gives permits.",
    "NotEnoughStakeToSetWeights": _STAKE,
    "NotEnoughStake": _STAKE,
    "CommitRevealEnabled": (
        "Commit weights with SubtensorModule.commit_timelocked_weights, or disable it with "
        "AdminUtils.sudo_set_commit_reveal_weights_enabled."
    ),
    "CommitRevealDisabled": "Set weights directly with SubtensorModule.set_weights.",
    "IncorrectWeightVersionKey": "Use a version_key of at least SubtensorModule.WeightsVersionKey.",
    "RevealTooEarly": "Wait for the epoch of the reveal: SubtensorModule.RevealPeriodEpochs epochs after the commit.",
    "CommitBlockNotInRevealRange": "Reveal in the right epoch: SubtensorModule.RevealPeriodEpochs after the commit.",
    # Rate limits.
    "SettingWeightsTooFast": _HYPERPARAMETER.format("sudo_set_weights_set_rate_limit"),
    "CommittingWeightsTooFast": _HYPERPARAMETER.format("sudo_set_weights_set_rate_limit"),
    "ServingRateLimitExceeded": _HYPERPARAMETER.format("sudo_set_serving_rate_limit"),
    "NetworkTxRateLimitExceeded": _LIMIT.format("network_rate_limit"),
    "HotKeySetTxRateLimitExceeded": _LIMIT.format("tx_rate_limit"),
    "DelegateTxRateLimitExceeded": _LIMIT.format("delegate_take_rate_limit"),
    "TxChildkeyTakeRateLimitExceeded": _LIMIT.format("childkey_take_rate_limit"),
    "EvmKeyAssociateRateLimitExceeded": _LIMIT.format("evm_key_associate_rate_limit"),
    "HotKeySwapOnSubnetIntervalNotPassed": _LIMIT.format("hotkey_swap_on_subnet_interval"),
    "TxRateLimitExceeded": "Wait for more blocks; the limits of subnet owners follow from owner_hyperparam_rate_limit.",
    "RateLimitExceeded": "Wait for more blocks, or make the chain with shorter limits (`Chain.dev`, `--set`).",
    "ColdkeySwapTooEarly": _LIMIT.format("coldkey_swap_announcement_delay"),
    # Transactions that no block takes.
    "Stale": "The nonce is used already: let the signer choose it, or take the account's next one.",
    "Future": "Earlier nonces are missing: send the transactions with them first.",
    "BadProof": "Sign for this chain: its genesis hash, version and the signer's own key.",
    "AncientBirthBlock": "Sign again with a later era.",
    "ExhaustsResources": "Send it in another block, or with fewer calls in it.",
}


def advice_for(name: str) -> str:
    """Return what to try next after an error, by its name with or without the pallet; empty if there is no advice."""
    return ADVICE.get(name) or ADVICE.get(name.rpartition(".")[2], "")
