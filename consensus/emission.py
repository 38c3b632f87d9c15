"""Emission: how much a block emits, how it is divided among subnets, and how a subnet's part is divided among neurons.

Amounts are rao of TAO or of alpha. Prices, shares and proportions are fixed-point raw bits, U96F32 unless said
otherwise. The formulas, by name:

    emission of a block       1 TAO / 2^floor(log2(1 / (1 - issued / 21 million)))            `block_emission`
    a subnet's share          its moving price · (1 - withheld), over the sum of these        `without_burned`
    root proportion           root TAO · weight / (root TAO · weight + alpha issued)          `root_proportion`

Model: `coinbase/` of the chain's subtensor pallet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from .fixed import I96F32, U64F64, U96F32
from .integers import U128_MAX, saturate_u64, saturate_u128, saturating_sub

RAO = 10**9
#: Rao that will ever exist; the alpha of a subnet has the same limit.
TOTAL_SUPPLY = 21_000_000 * RAO
#: The emission of a block before the first halving, in rao.
FULL_BLOCK_EMISSION = RAO

HALF = U96F32.one // 2
#: One in the smoothing factor of voting power.
VOTING_POWER_ONE = 10**18


# --- the emission of a block -------------------------------------------------------------------------------------


def block_emission(issuance: int) -> int:
    """Return the emission of a block in rao at an `issuance` in rao.

    It halves each time that half of the remaining supply has been emitted.
    """
    if issuance >= TOTAL_SUPPLY:
        return 0
    count = 0
    while issuance >= issuance_of_halving(count + 1):
        count += 1
    return FULL_BLOCK_EMISSION >> count


@cache
def issuance_of_halving(count: int) -> int:
    """Return the least issuance in rao at which the emission has halved `count` times, else the total supply.

    Halvings never decrease with the issuance, so bisection finds it.
    """
    return bisect_left(range(TOTAL_SUPPLY), count, key=halvings_at)


def halvings_at(issuance: int) -> int:
    """How often the emission has halved when `issuance`, less than the total supply, exists."""
    emitted = I96F32.saturating_div(I96F32.from_int(issuance), I96F32.from_int(TOTAL_SUPPLY))
    return halvings(I96F32.saturating_div(I96F32.one, I96F32.one - emitted))


def halvings(x: int) -> int:
    """Return floor(log2(x)) of an I96F32 of at least one, by the chain's logarithm, which rounds odd halves up."""
    count = 0
    while x >= 2 * I96F32.one:
        x, count = (x >> 1) + (x & 1), count + 1
    return count


# --- the shares of subnets ---------------------------------------------------------------------------------------


def price_shares(prices: Sequence[int]) -> list[int]:
    """Return each price over the sum of all, both U64F64; zeros when all prices are zero."""
    return _normalised(prices)


def _normalised(parts: Sequence[int]) -> list[int]:
    """Return U64F64 parts over their sum, each rounded down; zeros when all are zero."""
    total = saturate_u128(sum(parts))
    return [(part << 64) // total for part in parts] if total else [0] * len(parts)


def without_burned(shares: Sequence[int], burned: Sequence[int]) -> list[int]:
    """Return U64F64 shares, each lowered by the part of miners' rewards that was withheld (U96F32), normalised again.

    The shares are unchanged when all of them would be zero.
    """
    one = U64F64.one
    weighted = [share * (one - min(part << 32, one)) >> 64 for share, part in zip(shares, burned, strict=True)]
    return _normalised(weighted) if any(weighted) else list(shares)


def split_among_enabled(shares: Sequence[int], enabled: Sequence[bool]) -> list[int]:
    """Return U64F64 shares where those of disabled subnets are distributed to the others, in proportion."""
    if all(enabled):
        return list(shares)
    return _normalised([share if on else 0 for share, on in zip(shares, enabled, strict=True)])


def part_of_emission(rao: int, share: int) -> int:
    """Return `rao` times a U64F64 share, as U96F32."""
    return saturate_u128(rao * share) >> 32


def root_proportion(root_tao: int, tao_weight: int, alpha_issuance: int) -> int:
    """Return the U96F32 part of validators' dividends that stake on root earns: its weight against a subnet's alpha.

    `root_tao` and `alpha_issuance` are in rao, `tao_weight` is U96F32.
    """
    return root_proportions(root_tao, tao_weight, [alpha_issuance])[0]


def root_proportions(root_tao: int, tao_weight: int, alpha_issuances: Sequence[int]) -> list[int]:
    """Return `root_proportion` for each of several subnets, by their alpha in rao."""
    weighted = saturate_u128(root_tao * tao_weight)
    if not weighted:
        return [0] * len(alpha_issuances)
    return [(weighted << 32) // saturate_u128(weighted + (issued << 32)) for issued in alpha_issuances]


def moved_price(former: int, price: int, age: int, halving: int, follow: int) -> int:
    """Return the moving average of a price after a block, I96F32, from the former average and the price, both U64F64.

    The newest price, which counts as at most one, has the weight m·b / (b + h), where m is `follow` (U64F64), b the
    `age` of the subnet and h its `halving` time, both in blocks.
    """
    total = saturate_u128((age + halving) << 64)
    part = (age << 128) // total if total else 0
    weight = saturate_u128(follow * part >> 64)
    newest = saturate_u128(weight * min(price, U64F64.one) >> 64)
    rest = saturate_u128(saturating_sub(U64F64.one, weight) * former >> 64)
    return saturate_u128(newest + rest) >> 32


# --- a subnet's part of a block's emission -----------------------------------------------------------------------


class SubnetTerms(NamedTuple):
    """A subnet's part of a block's emission: what its pool receives, and the TAO that buys alpha. U96F32 rao."""

    tao_in: int
    alpha_in: int
    excess_tao: int


def subnet_terms(tao_emission: int, alpha_emission: int, price: int, root_proportion: int) -> SubnetTerms:
    """Divide a subnet's TAO between injection into its pool at the current price and a purchase of alpha.

    TAO (U96F32) and alpha at U96F32 `price` are injected together. Alpha is limited to the root proportion of the
    block's `alpha_emission` (rao); the TAO beyond that limit buys alpha. The root proportion shrinks as a subnet's
    alpha grows, so young subnets receive mostly injections and old ones mostly purchases.
    """
    tao_in, alpha_in = tao_emission, (tao_emission << 32) // price if price else 0
    if alpha_in > U128_MAX:
        alpha_in = 0  # a quotient that does not fit is none
    limit = saturate_u128(root_proportion * alpha_emission)
    if alpha_in > limit:
        alpha_in, tao_in = limit, saturate_u128(limit * price >> 32)
    return SubnetTerms(tao_in, alpha_in, saturating_sub(tao_emission, tao_in))


class AlphaSplit(NamedTuple):
    """A block's alpha by recipient, in rao; it is pending until the subnet's epoch."""

    owner: int
    servers: int
    validators: int
    root: int


def split_alpha(alpha: int, owner_cut: int, root_proportion: int) -> AlphaSplit:
    """Divide `alpha` (rao): the owner's cut first (U96F32); the rest half to miners, half to validators and root."""
    whole = alpha << 32
    owner = saturate_u128(alpha * owner_cut)
    rest = saturating_sub(whole, owner)
    servers = rest >> 1
    root = saturate_u128(root_proportion * rest >> 32) >> 1
    validators = saturating_sub(saturating_sub(rest, servers), root)
    return AlphaSplit(
        saturate_u64(owner >> 32),
        saturate_u64(servers >> 32),
        saturate_u64(validators >> 32),
        saturate_u64(root >> 32),
    )


# --- dividends of validators -------------------------------------------------------------------------------------


class Contribution(NamedTuple):
    """The stake that a parent adds to a child's, U96F32 rao, and whether one coldkey owns both."""

    parent: bytes
    stake: int
    same_owner: bool


class ParentShares(NamedTuple):
    """A hotkey's dividends in rao: the part of each parent in order, its own part, and the burned parts."""

    parents: list[tuple[bytes, int]]
    own: int
    burned: list[int]


def share_with_parents(
    dividends: int, own_stake: int, contributions: Sequence[Contribution], take: int, burn: int
) -> ParentShares:
    """Divide dividends in proportion to contributed stake; from parents of other coldkeys the child keeps its take.

    `dividends` and `own_stake` are in rao; `take` and `burn` are U96F32 parts of a parent's dividends.
    """
    whole = U96F32.from_int(dividends)
    total = U96F32.clamp(U96F32.from_int(own_stake) + sum(part.stake for part in contributions))
    rest, taken = whole, 0
    parents, burned = [], []
    for part in contributions:
        share = U96F32.saturating_mul(whole, U96F32.safe_div(part.stake, total))
        rest = U96F32.saturating_sub(rest, share)
        if not part.same_owner:
            burn_take, child_take = U96F32.saturating_mul(burn, share), U96F32.saturating_mul(take, share)
            share = U96F32.saturating_sub(U96F32.saturating_sub(share, burn_take), child_take)
            taken = U96F32.saturating_add(taken, child_take)
            burned.append(U96F32.to_int(burn_take, 64))
        parents.append((part.parent, U96F32.to_int(share, 64)))
    return ParentShares(parents, U96F32.to_int(U96F32.saturating_add(rest, taken), 64), burned)


class Dividends(NamedTuple):
    """U96F32 rao of alpha by hotkey: for stake on the subnet, and for stake on root."""

    alpha: dict[bytes, int]
    root: dict[bytes, int]


def split_dividends(
    dividends: Mapping[bytes, int],
    stakes: Mapping[bytes, tuple[int, int]],
    validator_alpha: int,
    root_alpha: int,
    tao_weight: int,
) -> Dividends:
    """Divide `validator_alpha` and `root_alpha` (rao) in proportion to the epoch's dividends (U96F32).

    A hotkey's dividends consist of a root part and an alpha part in the proportion of its stake: `stakes` are rao on
    the subnet and on root, the latter multiplied by `tao_weight` (U96F32). Root alpha is divided in proportion to the
    root parts, validators' alpha in proportion to the alpha parts.
    """
    alpha_parts, root_parts = {}, {}
    for hotkey, dividend in dividends.items():
        if not dividend:
            alpha_parts[hotkey] = root_parts[hotkey] = 0
            continue
        alpha_stake, root_stake = stakes[hotkey]
        weighted = U96F32.saturating_mul(U96F32.from_int(root_stake), tao_weight)
        total = U96F32.saturating_add(U96F32.from_int(alpha_stake), weighted)
        root_parts[hotkey] = U96F32.saturating_mul(dividend, U96F32.safe_div(weighted, total))
        alpha_parts[hotkey] = U96F32.saturating_sub(dividend, root_parts[hotkey])
    return Dividends(_in_proportion(validator_alpha, alpha_parts), _in_proportion(root_alpha, root_parts))


def _in_proportion(rao: int, parts: Mapping[bytes, int]) -> dict[bytes, int]:
    """Divide `rao` in proportion to U96F32 parts. The quotient is floored first, so a remainder is left."""
    whole, total = U96F32.from_int(rao), U96F32.clamp(sum(parts.values()))
    return {key: U96F32.saturating_mul(whole, U96F32.safe_div(part, total)) for key, part in parts.items()}


def after_take(dividends: int, take: int) -> tuple[int, int]:
    """Return a delegate's take (a U96F32 part) of U96F32 dividends, and the rest for its nominators, both in rao."""
    taken = U96F32.saturating_mul(take, dividends)
    return U96F32.to_int(taken, 64), U96F32.to_int(U96F32.saturating_sub(dividends, taken), 64)


def withheld_proportion(withheld: int, total: int) -> int:
    """Return the U96F32 part of miners' rewards that the owner's hotkeys earned; 0 when there were no rewards."""
    return U96F32.safe_div(U96F32.from_int(withheld), U96F32.from_int(total))


def voting_power(previous: int, stake: int, weight: int) -> int:
    """Return the moving average of a stake in rao; `weight` is that of the newest value, in parts of 10^18."""
    return saturate_u64((weight * stake + (VOTING_POWER_ONE - weight) * previous) // VOTING_POWER_ONE)
