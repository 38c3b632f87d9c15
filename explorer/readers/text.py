"""How figures are written: amounts, shares, times, short forms of long names."""

from __future__ import annotations

from datetime import UTC, datetime

RAO = 10**9
#: The greatest u16, which stands for 100 %.
WHOLE = 65_535


def amount(rao: int | None, unit: str = "TAO", decimals: int | None = None) -> str:
    """Return an amount in TAO or alpha, exact by default; None reads as a dash."""
    if rao is None:
        return "–"
    sign, size = ("−" if rao < 0 else ""), abs(rao)
    if decimals is not None:
        step = 10 ** (9 - decimals)
        size = (size + step // 2) // step * step
    whole, rest = divmod(size, RAO)
    part = f"{rest:09d}"[: 9 if decimals is None else decimals]
    if decimals is None:
        part = part.rstrip("0")
    return f"{sign}{whole:,}{'.' + part if part else ''}{' ' + unit if unit else ''}"


def share(value: float, decimals: int = 2) -> str:
    """Return a proportion in percent."""
    return f"{value * 100:.{decimals}f} %"


def time(ms: int | None) -> str:
    """Return a Unix time in milliseconds as date and time, UTC."""
    if ms is None or not 0 <= ms < 253_402_300_800_000:
        return "–"
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def short(text: str, begin: int = 6, end: int = 6) -> str:
    """Return the beginning and the end of an address or a hash."""
    return text if len(text) <= begin + end + 1 else f"{text[:begin]}…{text[-end:]}"


def words(name: str) -> str:
    """Return a name with underscores as words."""
    return name.replace("_", " ")
