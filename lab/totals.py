"""What answers need of a record, summed up: small enough to keep for thousands of runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .record import Record, SubnetRow


@dataclass(frozen=True, slots=True)
class CastTotals:
    """What a cast had and got in a run. Amounts are rao or billionths of an alpha."""

    #: Alpha after the first and the last epoch.
    alpha_began: int
    alpha_ended: int
    #: Sums over epochs: alpha held, u16 proportions of dividends and incentive, alpha paid by epochs.
    alpha: int
    dividends: int
    incentive: int
    emission: int
    #: Profit with all stake sold at the end, expenses, and income from sales and rent.
    profit: int
    paid: int
    earned: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of a run. Proportions of the subnet are in millionths."""

    casts: dict[str, CastTotals]
    #: Concentration after the first and the last epoch: Gini coefficient, part of the ten largest.
    stake_gini: tuple[int, int]
    stake_top10: tuple[int, int]
    #: Mean over the epochs in which miners were paid.
    quality: int
    incentive_top10: int
    #: Rao for one alpha at the end; alpha of the owner.
    price: int
    owner_alpha: int
    failures: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the totals as plain values, for `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Totals:
        """Return the totals of `as_json`."""
        casts = {name: CastTotals(**each) for name, each in value["casts"].items()}
        pairs = {name: (value[name][0], value[name][1]) for name in ("stake_gini", "stake_top10")}
        return cls(**{**value, **pairs, "casts": casts})


def totals(record: Record) -> Totals:
    """Return the totals of a record."""
    first, last = record.subnet[0], record.subnet[-1]
    paying = [row for row in record.subnet if row.quality]
    return Totals(
        {closing.cast: _cast(record, closing.cast) for closing in record.closing},
        (first.stake_gini, last.stake_gini),
        (first.stake_top10, last.stake_top10),
        _mean(paying, "quality"),
        _mean(paying, "incentive_top10"),
        last.price,
        last.owner_alpha,
        dict(record.failures),
    )


def _cast(record: Record, name: str) -> CastTotals:
    rows, closing = record.rows_of(name), record.closing_of(name)

    def whole(column: str) -> int:
        return sum(getattr(row, column) for row in rows)

    return CastTotals(
        rows[0].alpha,
        rows[-1].alpha,
        whole("alpha"),
        whole("dividends"),
        whole("incentive"),
        whole("emission"),
        closing.profit,
        closing.paid,
        closing.earned,
    )


def _mean(rows: list[SubnetRow], column: str) -> int:
    return sum(getattr(row, column) for row in rows) // len(rows) if rows else 0
