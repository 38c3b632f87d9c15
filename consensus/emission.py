"""Emission as numbers: how much a block emits, how subnets share it, and how a subnet's part is shared out.

Amounts are rao of TAO or of alpha. Prices, shares and proportions are fixed-point raw bits, U96F32 unless said
otherwise. The formulas, by name:

    emission of a block       1 TAO / 2^floor(log2(1 / (1 - issued / 21 million)))            `block_emission`
    a subnet's share          its moving price · (1 - withheld), over the sum of these        `without_burned`
    root proportion           root TAO · weight / (root TAO · weight + alpha issued)          `root_proportion`

Model: `coinbase/` of the chain's subtensor pallet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .fixed import I96F32, U64F64, U96F32
from .integers import saturate_u64

RAO = 10**9
#: Rao that will ever exist; the alpha of a subnet has the same limit.
TOTAL_SUPPLY = 21_000_000 * RAO
#: What a block emits before the first halving, in rao.
FULL_BLOCK_EMISSION = RAO

HALF = U96F32.one // 2
#: One in the smoothing factor of voting power.
VOTING_POWER_ONE = 10**18


# --- the emission of a block -------------------------------------------------------------------------------------


def block_emission(issuance: int) -> int:
    """What a block emits when `issuance` exists: it halves whenever half of what was left has been emitted."""
    if issuance >= TOTAL_SUPPLY:
        return 0
    emitted = I96F32.saturating_div(I96F32.from_int(issuance), I96F32.from_int(TOTAL_SUPPLY))
    return FULL_BLOCK_EMISSION >> halvings(I96F32.saturating_div(I96F32.one, I96F32.one - emitted))


def halvings(x: int) -> int:
    """floor(log2(x)) of an I96F32 of at least one, with the chain's logarithm, which rounds halves up on its way."""
    count = 0
    while x >= 2 * I96F32.one:
        x, count = (x >> 1) + (x & 1), count + 1
    return count


# --- the shares of subnets ---------------------------------------------------------------------------------------


def price_shares(prices: Sequence[int]) -> list[int]:
    """Each price over their sum, U64F64 all; zeros when all prices are zero."""
    total = U64F64.clamp(sum(prices))
    return [U64F64.safe_div(price, total) for price in prices]


def without_burned(shares: Sequence[int], burned: Sequence[int]) -> list[int]:
    """U64F64 shares, each lowered by the part of miners' rewards withheld (U96F32), and normalised again.

    Unchanged when nothing would be left.
    """
    weighted = [
        U64F64.saturating_mul(share, U64F64.one - min(U64F64.convert(part, U96F32), U64F64.one))
        for share, part in zip(shares, burned, strict=True)
    ]
    total = U64F64.clamp(sum(weighted))
    return [U64F64.safe_div(weight, total) for weight in weighted] if total else list(shares)


def split_among_enabled(shares: Sequence[int], enabled: Sequence[bool]) -> list[int]:
    """U64F64 shares with those of disabled subnets given to the others, in proportion."""
    if all(enabled):
        return list(shares)
    total = U64F64.clamp(sum(share for share, on in zip(shares, enabled, strict=True) if on))
    return [U64F64.safe_div(share, total) if on else 0 for share, on in zip(shares, enabled, strict=True)]


def part_of_emission(rao: int, share: int) -> int:
    """`rao` times a U64F64 share, as U96F32."""
    return U96F32.convert(U64F64.saturating_mul(U64F64.from_int(rao), share), U64F64)


def root_proportion(root_tao: int, tao_weight: int, alpha_issuance: int) -> int:
    """The part of validators' dividends that stake on root earns: its weight against all alpha of a subnet."""
    weighted = U96F32.saturating_mul(U96F32.from_int(root_tao), tao_weight)
    return U96F32.safe_div(weighted, U96F32.saturating_add(weighted, U96F32.from_int(alpha_issuance)))


# --- what a subnet is given --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubnetTerms:
    """A subnet's part of a block: what goes into its pool, and with how much TAO the chain buys alpha. U96F32."""

    tao_in: int
    alpha_in: int
    excess_tao: int


def subnet_terms(tao_emission: int, alpha_emission: int, price: int, root_proportion: int) -> SubnetTerms:
    """Injection at the current price, as far as the alpha for it may be created; what is left of the TAO buys alpha.

    TAO (U96F32) and alpha at U96F32 `price` go in together. Alpha is limited to the root proportion of the block's
    `alpha_emission` (rao), which shrinks as a subnet's alpha grows: old subnets are bought, young ones injected.
    """
    tao_in, alpha_in = tao_emission, U96F32.safe_div(tao_emission, price)
    limit = U96F32.saturating_mul(root_proportion, U96F32.from_int(alpha_emission))
    if alpha_in > limit:
        alpha_in, tao_in = limit, U96F32.saturating_mul(limit, price)
    return SubnetTerms(tao_in, alpha_in, U96F32.saturating_sub(tao_emission, tao_in))


@dataclass(frozen=True, slots=True)
class AlphaSplit:
    """For whom a block's alpha waits, in rao."""

    owner: int
    servers: int
    validators: int
    root: int


def split_alpha(alpha: int, owner_cut: int, root_proportion: int) -> AlphaSplit:
    """The owner's cut (U96F32 part) of the alpha first; of the rest one half to miners, one to validators and root."""
    owner = U96F32.saturating_mul(U96F32.from_int(alpha), owner_cut)
    rest = U96F32.saturating_sub(U96F32.from_int(alpha), owner)
    root = U96F32.saturating_mul(U96F32.saturating_mul(root_proportion, rest), HALF)
    servers = U96F32.saturating_mul(rest, HALF)
    validators = U96F32.saturating_sub(U96F32.saturating_sub(rest, servers), root)
    return AlphaSplit(*(U96F32.to_int(part, 64) for part in (owner, servers, validators, root)))


# --- what validators are given -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a parent's stake adds to a child's, U96F32 rao, and whether both are one coldkey's."""

    parent: bytes
    stake: int
    same_owner: bool


@dataclass(frozen=True, slots=True)
class ParentShares:
    """A hotkey's dividends shared with its parents, in rao: to parents in their order, to itself, and burned."""

    parents: list[tuple[bytes, int]]
    own: int
    burned: list[int]


def share_with_parents(
    dividends: int, own_stake: int, contributions: Sequence[Contribution], take: int, burn: int
) -> ParentShares:
    """Dividends by who contributed the stake; of parents with another coldkey the child keeps its take.

    `dividends` and `own_stake` in rao; `take` and `burn` are U96F32 parts of a parent's dividends.
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


@dataclass(frozen=True, slots=True)
class Dividends:
    """U96F32 rao by hotkey: of the subnet's alpha for stake on it, and of the alpha that stake on root earned."""

    alpha: dict[bytes, int]
    root: dict[bytes, int]


def split_dividends(
    dividends: Mapping[bytes, int],
    stakes: Mapping[bytes, tuple[int, int]],
    validator_alpha: int,
    root_alpha: int,
    tao_weight: int,
) -> Dividends:
    """Share out `validator_alpha` and `root_alpha` (rao) in the proportion of the epoch's dividends (U96F32).

    A hotkey's dividends divide into a root part and an alpha part as its stake does: `stakes` are rao on the subnet
    and on root, the latter weighted with `tao_weight`. Each alpha is then shared by its own parts.
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
    """`rao` in the proportion of U96F32 parts. The quotient comes first, so a little is left over."""
    whole, total = U96F32.from_int(rao), U96F32.clamp(sum(parts.values()))
    return {key: U96F32.saturating_mul(whole, U96F32.safe_div(part, total)) for key, part in parts.items()}


def after_take(dividends: int, take: int) -> tuple[int, int]:
    """The delegate's take (a U96F32 part) of U96F32 dividends, and what is left for its nominators; both in rao."""
    taken = U96F32.saturating_mul(take, dividends)
    return U96F32.to_int(taken, 64), U96F32.to_int(U96F32.saturating_sub(dividends, taken), 64)


def withheld_proportion(withheld: int, total: int) -> int:
    """The part of miners' rewards that fell to the owner's hotkeys; 0 when there were no rewards."""
    return U96F32.safe_div(U96F32.from_int(withheld), U96F32.from_int(total))


def voting_power(previous: int, stake: int, weight: int) -> int:
    """The moving average of a stake in rao; `weight` of the newest value in parts of 10^18."""
    return saturate_u64((weight * stake + (VOTING_POWER_ONE - weight) * previous) // VOTING_POWER_ONE)
