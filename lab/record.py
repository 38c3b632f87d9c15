"""The record of an experiment: a row for each epoch and cast, and one for each epoch of the subnet, as integers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True)
class CastRow:
    """What the actors of a cast have together after an epoch. Amounts are rao or billionths of an alpha."""

    epoch: int
    cast: str
    #: Registered hotkeys.
    uids: int
    #: Sums of u16 proportions: 65535 is the whole.
    incentive: int
    dividends: int
    #: Alpha that the epoch paid them, and alpha that they hold.
    emission: int
    alpha: int
    #: Free TAO; TAO that they spent, and received for sales or rent, since the beginning.
    tao: int
    paid: int
    earned: int


@dataclass(frozen=True, slots=True)
class SubnetRow:
    """The subnet after an epoch. Proportions are in millionths."""

    epoch: int
    #: Rao for one alpha, reserves of the pool, the price of a registration.
    price: int
    pool_tao: int
    pool_alpha: int
    burn: int
    #: Concentration of stake and of incentive over hotkeys: Gini coefficient, part of the ten largest.
    stake_gini: int
    stake_top10: int
    incentive_gini: int
    incentive_top10: int
    #: The quality of miners, weighted by what they are paid.
    quality: int
    #: Alpha of the owner, in billionths.
    owner_alpha: int


@dataclass(frozen=True, slots=True)
class Closing:
    """What a cast has at the end, if it sold all its stake at once: rao."""

    cast: str
    #: TAO that it began with.
    began: int
    #: TAO that the stake it began with would have brought then.
    stake_began: int
    tao: int
    sale: int
    paid: int
    earned: int

    @property
    def profit(self) -> int:
        """TAO at the end, all sold, less TAO at the beginning, all sold, in rao."""
        return self.tao + self.sale - self.began - self.stake_began


@dataclass(frozen=True, slots=True)
class Record:
    """All that was recorded of a run."""

    casts: tuple[CastRow, ...]
    subnet: tuple[SubnetRow, ...]
    closing: tuple[Closing, ...]
    #: Calls that failed, by the name of the error.
    failures: tuple[tuple[str, int], ...]

    def rows_of(self, cast: str) -> list[CastRow]:
        """Return the rows of one cast, by epoch."""
        return [row for row in self.casts if row.cast == cast]

    def closing_of(self, cast: str) -> Closing:
        """Return what a cast has at the end."""
        return next(each for each in self.closing if each.cast == cast)

    def as_csv(self) -> dict[str, str]:
        """Return the tables as CSV by their names. Equal experiments give equal bytes."""
        return {
            "casts": table(CastRow, self.casts),
            "subnet": table(SubnetRow, self.subnet),
            "closing": table(Closing, self.closing),
        }


def table(kind: type[CastRow] | type[SubnetRow] | type[Closing], rows: Iterable[CastRow | SubnetRow | Closing]) -> str:
    """Return rows as CSV with a header."""
    return csv_text([field.name for field in fields(kind)], (astuple(row) for row in rows))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return CSV with Unix line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
