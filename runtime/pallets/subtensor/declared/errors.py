"""Errors of the pallet, in the order of the chain's indices. Clients display the texts to their users."""

from __future__ import annotations

from ....frame.errors import PalletError


class Error(PalletError):
    """Errors of SubtensorModule: each with its index on the chain and its documentation."""

    RootNetworkDoesNotExist = 0, "The root network does not exist."
    InvalidIpType = 1, "The IP type is invalid: it must be 4 or 6."
    InvalidIpAddress = 2, "The IP address is invalid: it is malformed, or not one at which a neuron can be reached."
    InvalidPort = 3, "The port is invalid: it must not be zero."
    HotKeyNotRegisteredInSubNet = 4, "The hotkey is not registered on this subnet."
    HotKeyAccountNotExists = 5, "The hotkey account does not exist: no coldkey owns it."
    HotKeyNotRegisteredInNetwork = 6, "The hotkey is not registered on any subnet."
    NonAssociatedColdKey = 7, "The coldkey is not associated with this hotkey: it does not own it."
    NotEnoughStake = 8, "The stake is not enough for this call."
    NotEnoughStakeToWithdraw = 9, "The amount to withdraw exceeds the stake."
    NotEnoughStakeToSetWeights = 10, "The hotkey does not have enough stake to set weights."
    NotEnoughStakeToSetChildkeys = 11, "The parent hotkey does not have enough stake of its own to set children."
    NotEnoughBalanceToStake = 12, "The coldkey's balance is not enough to stake this amount."
    BalanceWithdrawalError = 13, "The amount could not be withdrawn from the coldkey's balance."
    ZeroBalanceAfterWithdrawn = 14, "The withdrawal would leave the coldkey's account with a zero balance."
    NeuronNoValidatorPermit = 15, "The neuron has no validator permit: it may set weights on itself alone."
    WeightVecNotEqualSize = 16, "The lists of uids and of weights must have equal lengths."
    DuplicateUids = 17, "The uids contain a duplicate."
    UidVecContainInvalidOne = 18, "The uids contain an invalid one: no neuron of the subnet has it."
    WeightVecLengthIsLow = 19, "There are fewer weights than the subnet's minimum."
    TooManyRegistrationsThisBlock = 20, "Too many registrations on the subnet in this block; try again in the next one."
    HotKeyAlreadyRegisteredInSubNet = 21, "The hotkey is already registered on this subnet."
    NewHotKeyIsSameWithOld = 22, "The new hotkey is the same as the old one."
    NewHotKeyNotCleanForRootSwap = (
        23,
        "The new hotkey has stake or dividends on root already, which cannot be merged with the old one's.",
    )
    InvalidWorkBlock = 24, "The block of the proof of work is invalid: it is too old, or in the future."
    InvalidDifficulty = 25, "The proof of work does not reach the subnet's difficulty."
    InvalidSeal = 26, "The seal is invalid: it is not the hash of the submitted work."
    MaxWeightExceeded = 27, "A weight exceeds the subnet's maximum weight."
    HotKeyAlreadyDelegate = 28, "The hotkey is already a delegate."
    SettingWeightsTooFast = 29, "Weights are set too fast: the rate limit between two settings has not passed."
    IncorrectWeightVersionKey = 30, "The version key of the weights is older than the subnet requires."
    ServingRateLimitExceeded = 31, "The rate limit for publishing the neuron's endpoint has not passed."
    UidsLengthExceedUidsInSubNet = 32, "There are more uids than neurons on the subnet."
    NetworkTxRateLimitExceeded = 33, "The rate limit for registering subnets has not passed."
    DelegateTxRateLimitExceeded = 34, "The rate limit for changing the delegate take has not passed."
    HotKeySetTxRateLimitExceeded = 35, "The rate limit for setting or swapping the hotkey has not passed."
    StakingRateLimitExceeded = 36, "The rate limit for staking has not passed."
    SubNetRegistrationDisabled = 37, "Registration is disabled on this subnet."
    TooManyRegistrationsThisInterval = (
        38,
        "Too many registrations on the subnet in this interval; try again in the next one.",
    )
    TransactorAccountShouldBeHotKey = 39, "The signing account must be the hotkey."
    FaucetDisabled = 40, "The faucet is disabled on this chain."
    NotSubnetOwner = 41, "The caller is not the subnet's owner."
    RegistrationNotPermittedOnRootSubnet = 42, "This is not permitted on the root subnet."
    StakeTooLowForRoot = 43, "The hotkey's stake is too low to join the root network."
    AllNetworksInImmunity = 44, "No subnet can be removed: all are within their immunity period."
    NotEnoughBalanceToPaySwapHotKey = 45, "The balance is not enough to pay for the hotkey swap."
    NotRootSubnet = 46, "The subnet is not the root subnet."
    CanNotSetRootNetworkWeights = 47, "Weights cannot be set on the root network."
    NoNeuronIdAvailable = 48, "No uid is available: the subnet is full, and no neuron can be replaced."
    DelegateTakeTooLow = 49, "The delegate take is too low, or does not change in the direction of the call."
    DelegateTakeTooHigh = 50, "The delegate take is too high: above the maximum."
    NoWeightsCommitFound = 51, "No weights commit was found for this hotkey."
    InvalidRevealCommitHashNotMatch = 52, "The hash of the revealed weights does not match any commit."
    CommitRevealEnabled = 53, "Commit-reveal is enabled: weights must be committed first and revealed later."
    CommitRevealDisabled = 54, "Commit-reveal is disabled on this subnet."
    LiquidAlphaDisabled = 55, "Liquid alpha is disabled: alpha values cannot be set."
    AlphaHighTooLow = 56, "The upper alpha value is too low."
    AlphaLowOutOfRange = 57, "The lower alpha value is out of range: too low, or above the upper one."
    ColdKeyAlreadyAssociated = 58, "The new coldkey is already associated with hotkeys on which it has stake."
    NotEnoughBalanceToPaySwapColdKey = 59, "The balance is not enough to pay for the coldkey swap."
    InvalidChild = 60, "The child is invalid: a hotkey cannot be its own child."
    DuplicateChild = 61, "The children contain a duplicate."
    ProportionOverflow = 62, "The proportions of the children add up to more than 2^64 - 1."
    TooManyChildren = 63, "Too many children: a hotkey has at most five on a subnet."
    TxRateLimitExceeded = 64, "The rate limit for this transaction has not passed."
    ColdkeySwapAnnouncementNotFound = 65, "The coldkey has not announced a swap."
    ColdkeySwapTooEarly = 66, "It is too early for the announced coldkey swap: its delay has not passed."
    ColdkeySwapReannouncedTooEarly = 67, "It is too early to announce another coldkey swap."
    AnnouncedColdkeyHashDoesNotMatch = 68, "The new coldkey does not match the announced hash."
    ColdkeySwapAlreadyDisputed = 69, "The coldkey swap is already disputed."
    NewColdKeyIsHotkey = 70, "The new coldkey is already in use as a hotkey."
    InvalidChildkeyTake = 71, "The childkey take is invalid: below the minimum or above the maximum."
    TxChildkeyTakeRateLimitExceeded = 72, "The rate limit for changing the childkey take has not passed."
    InvalidIdentity = 73, "The identity is invalid: a text is too long, or no key can be recovered from a signature."
    MechanismDoesNotExist = 74, "The mechanism does not exist on this subnet."
    StakeUnavailable = 75, "The stake is unavailable because it is locked."
    SubnetNotExists = 76, "The subnet does not exist."
    TooManyUnrevealedCommits = 77, "Too many unrevealed commits: reveal some, or wait until they expire."
    ExpiredWeightCommit = 78, "The weights commit has expired: the epoch of its reveal is over."
    RevealTooEarly = 79, "It is too early to reveal this commit."
    InputLengthsUnequal = 80, "The lists of a batch must have equal lengths."
    CommittingWeightsTooFast = 81, "Weights are committed too fast: the rate limit between two commits has not passed."
    AmountTooLow = 82, "The amount is too low: below the minimum stake."
    InsufficientLiquidity = 83, "The liquidity of the pool is insufficient for this trade."
    SlippageTooHigh = 84, "The slippage is too high: the trade would move the price beyond the limit."
    TransferDisallowed = 85, "The subnet does not allow the transfer of stake between coldkeys."
    ActivityCutoffTooLow = 86, "The activity cutoff is too low: below the minimum."
    CallDisabled = 87, "This call is disabled."
    FirstEmissionBlockNumberAlreadySet = 88, "The first emission block is already set: the subnet has been started."
    NeedWaitingMoreBlocksToStarCall = 89, "More blocks must pass before the subnet can be started."
    NotEnoughAlphaOutToRecycle = 90, "The amount to recycle exceeds the alpha that is outside of the subnet's pool."
    CannotBurnOrRecycleOnRootSubnet = 91, "Stake on the root subnet cannot be burned or recycled."
    UnableToRecoverPublicKey = 92, "No public key can be recovered from the signature."
    InvalidRecoveredPublicKey = 93, "The public key recovered from the signature is not that of the given EVM key."
    SubtokenDisabled = 94, "The subnet's token is disabled: its alpha is not traded yet."
    HotKeySwapOnSubnetIntervalNotPassed = 95, "The interval since the last hotkey swap on this subnet has not passed."
    SameNetuid = 96, "The two netuids are the same."
    InsufficientBalance = 97, "The balance is insufficient."
    InvalidLeaseBeneficiary = 98, "The lease beneficiary is invalid: it must be the creator of the crowdloan."
    LeaseCannotEndInThePast = 99, "The lease cannot end in the past."
    LeaseNetuidNotFound = 100, "The netuid of the lease was not found."
    LeaseDoesNotExist = 101, "The lease does not exist."
    LeaseHasNoEndBlock = 102, "The lease has no end block: it is perpetual."
    LeaseHasNotEnded = 103, "The lease has not ended yet."
    Overflow = 104, "An arithmetic overflow occurred."
    BeneficiaryDoesNotOwnHotkey = 105, "The beneficiary does not own this hotkey."
    ExpectedBeneficiaryOrigin = 106, "The call must be signed by the beneficiary of the lease."
    AdminActionProhibitedDuringWeightsWindow = (
        107,
        "Prohibited during the admin freeze window: parameters cannot change in the last blocks before an epoch.",
    )
    SymbolDoesNotExist = 108, "The symbol does not exist in the list of symbols."
    SymbolAlreadyInUse = 109, "The symbol is already in use by another subnet."
    IncorrectCommitRevealVersion = (
        110,
        "The commit-reveal version of the commit is not the one that the chain requires.",
    )
    InvalidRevealRound = 111, "The reveal round is invalid: it has passed already."
    RevealPeriodTooLarge = 112, "The reveal period is too large."
    RevealPeriodTooSmall = 113, "The reveal period is too small."
    InvalidValue = 114, "The value is invalid or out of range."
    SubnetLimitReached = 115, "The limit of subnets is reached, and none can be removed."
    CannotAffordLockCost = 116, "The balance does not cover the lock cost, which is the price of a subnet registration."
    EvmKeyAssociateRateLimitExceeded = 117, "The rate limit for associating an EVM key has not passed."
    SameAutoStakeHotkeyAlreadySet = 118, "This hotkey is already set as the auto-stake destination."
    UidMapCouldNotBeCleared = 119, "The uid map of the subnet could not be cleared."
    TrimmingWouldExceedMaxImmunePercentage = (
        120,
        "Trimming would leave a larger share of immune neurons than the maximum percentage.",
    )
    ChildParentInconsistency = 121, "A hotkey cannot be both parent and child of another hotkey."
    InvalidNumRootClaim = 122, "The number of automatic root claims per block is above the maximum of 50."
    InvalidRootClaimThreshold = 123, "The root claim threshold is above the maximum of 10,000,000 billionths of alpha."
    InvalidSubnetNumber = (
        124,
        "The number of subnets in a claim is invalid: there must be at least one, and at most five.",
    )
    TooManyUIDsPerMechanism = 125, "Too many uids: their number times that of the mechanisms must not exceed 256."
    VotingPowerTrackingNotEnabled = 126, "Voting power tracking is not enabled on this subnet."
    InvalidVotingPowerEmaAlpha = 127, "The smoothing factor of voting power is invalid: it must be at most 10^18."
    Deprecated = 128, "This call is deprecated and has no effect."
    AddStakeBurnRateLimitExceeded = 129, "The rate limit for buying and burning alpha has not passed."
    ColdkeySwapAnnounced = 130, "The coldkey has announced a swap: only calls that concern the swap are allowed."
    ColdkeySwapDisputed = (
        131,
        "The coldkey's swap is disputed: all its calls are blocked until root resolves the dispute.",
    )
    ColdkeySwapClearTooEarly = 132, "It is too early to clear the announcement of the coldkey swap."
    DisabledTemporarily = 133, "This function is disabled temporarily."
    RegistrationPriceLimitExceeded = 134, "The registration price exceeds the price limit of the call."
    LockHotkeyMismatch = 135, "The coldkey's lock on this subnet is to another hotkey."
    InsufficientStakeForLock = 136, "The stake on the subnet is insufficient for the amount to lock."
    NoExistingLock = 137, "The coldkey has no existing lock on this subnet."
    ActiveLockExists = 138, "The coldkey has an active lock already."
    CannotUseSystemAccount = 139, "System accounts, which belong to the chain itself, cannot be used here."
    UnlockAmountTooHigh = 140, "The amount to unlock is too high: it exceeds the lock."
    TempoOutOfBounds = 141, "The tempo is out of bounds."
    ActivityCutoffFactorMilliOutOfBounds = 142, "The activity cutoff factor is out of bounds."
    EpochTriggerAlreadyPending = 143, "A triggered epoch is already pending."
    AutoEpochAlreadyImminent = 144, "The next automatic epoch is already imminent: it is too close to trigger another."
    DynamicTempoBlockedByCommitReveal = (
        145,
        "Blocked by commit-reveal: while it is enabled, epochs cannot be triggered, as reveals depend on their timing.",
    )
    AccountRejectsLockedAlpha = 146, "The receiving account rejects locked alpha."
