"""Text that is a number: thousands separators, percent, money, ranges.

Grouping is checked, not dropped: `1,23` is no number where the decimal sign is a point. A whole number
comes out as an int; another as the float that prints like it, or as a Decimal where no float does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from math import isfinite
from typing import Literal

from qualify.text import fold

Number = int | float | Decimal
Decimals = Literal[".", ","]
LONGEST = 100
_MINUS = "−"

_SPACES = " \u00a0\u2007\u2009\u202f'’"  # what separates thousands in any country


def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    separator = f"[{re.escape(thousands + _SPACES)}]"
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>\d{{1,3}}(?P<by>{separator})\d{{3}}(?:(?P=by)\d{{3}})*"
        rf"|\d{{1,2}}(?:,\d\d)+,\d{{3}}"  # lakhs: 12,34,567
        rf"|\d*)(?:{re.escape(decimal)}(?P<part>\d+))?(?:[eE](?P<power>[+-]?\d{{1,3}}))?",
        re.ASCII,
    )


_POINT, _COMMA = (
    _pattern(".", ","),
    re.compile(_pattern(",", ".").pattern.replace(r"|\d{1,2}(?:,\d\d)+,\d{3}", ""), re.ASCII),
)
_PLAIN = re.compile(r"-?\d{1,18}", re.ASCII)
_NO_DIGIT = re.compile(r"\D+", re.ASCII)


def number_in(text: str, decimal: Decimals) -> Number | None:
    """The number that a text is, or None where it is none.

    >>> number_in("1,200", "."), number_in("1.200,5", ","), number_in("1,20", "."), number_in("12e3", ".")
    (1200, 1200.5, None, 12000)
    """
    if _PLAIN.fullmatch(text):
        return int(text)
    if len(text) > LONGEST:
        return None
    found = (_POINT if decimal == "." else _COMMA).fullmatch(text.replace(_MINUS, "-"))
    if found is None or not (found["whole"] or found["part"]):
        return None
    whole = found["sign"] + (_NO_DIGIT.sub("", found["whole"]) or "0")
    if found["part"] is None and found["power"] is None:
        return int(whole)
    exact = Decimal(f"{whole}.{found['part'] or '0'}e{found['power'] or '0'}")
    return as_number(exact, whole=found["part"] is None) if isfinite(float(exact)) else None


def as_number(exact: Decimal, *, whole: bool = True) -> Number:
    """An exact value as an int (where it is whole), as the float that prints like it, or as it is."""
    if whole and exact.adjusted() < 18 and exact == exact.to_integral_value():
        return int(exact)
    near = float(exact)
    return near if Decimal(repr(near)) == exact else exact


def exactly(number: Number) -> Decimal:
    """A number as a Decimal; a float as it prints."""
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def times(number: Number, factor: Decimal) -> Decimal:
    """The exact product: no digit is rounded away."""
    return Context(prec=4 * LONGEST).multiply(exactly(number), factor)


def percent_in(text: str, decimal: Decimals) -> Number | None:
    """`12.5 %` as 12.5: the number that people say, not its hundredth."""
    return number_in(text.removesuffix("%").rstrip(), decimal)


_FACTORS: Mapping[str, int] = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9}
_SCALED = re.compile(r"(?P<number>.*\d)\s?(?P<factor>[kKmMbB][nN]?)", re.DOTALL)

_SYMBOLS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",), "£": ("GBP",), "₹": ("INR",), "₩": ("KRW",), "₺": ("TRY",), "₪": ("ILS",), "₴": ("UAH",),
    "zł": ("PLN",), "us$": ("USD",), "r$": ("BRL",), "a$": ("AUD",), "au$": ("AUD",), "c$": ("CAD",),
    "ca$": ("CAD",), "nz$": ("NZD",), "hk$": ("HKD",), "s$": ("SGD",), "mx$": ("MXN",), "ksh": ("KES",),
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"),
    "¥": ("JPY", "CNY"), "kr": ("SEK", "NOK", "DKK", "ISK"), "chf": ("CHF",),
}  # fmt: skip
"""Signs of money, and whose they are; one of several is meant only where the mapping says so."""

_UNIT = r"(?:[A-Za-z]{0,3}[$€£¥₹₩₺₪₴]|[A-Za-zł]{2,3})"
_MONEY = re.compile(
    rf"(?P<sign>[+-]?)\s*(?:(?P<before>{_UNIT})\s*)?(?P<amount>[+-]?[\d.,][^A-Za-z$€£¥₹₩₺₪₴ł]*?(?:\s?(?:[kKmM]|[bB])[nN]?(?![A-Za-z]))?)"
    rf"(?:\s*(?P<after>{_UNIT}))?"
)


def money_in(text: str, decimal: Decimals, currency: str) -> tuple[Number, str] | None:
    """Amount and currency (ISO 4217) of a text; the given currency where it names none.

    None where the text is no amount, or its sign (`$`, `kr`) could be of several currencies and isn't this
    one's.

    >>> money_in("$1,200.50", ".", "USD"), money_in("1.2M EUR", ".", "USD"), money_in("$5", ".", "EUR")
    ((1200.5, 'USD'), (1200000, 'EUR'), None)
    """
    if _PLAIN.fullmatch(text):
        return int(text), currency
    found = _MONEY.fullmatch(text.replace(_MINUS, "-")) if len(text) <= LONGEST else None
    if found is None or (found["before"] and found["after"]):
        return None
    amount = scaled_in(found["sign"] + found["amount"].strip(), decimal)
    unit = found["before"] or found["after"]
    if amount is None or unit is None:
        return None if amount is None else (amount, currency)
    meant = currency_of(unit, currency)
    return None if meant is None else (amount, meant)


def currency_of(unit: str, currency: str) -> str | None:
    """The currency that a sign or code means, beside the mapping's; None where nobody can tell."""
    known = _SYMBOLS.get(fold(unit))
    if known is None:
        return unit.upper() if re.fullmatch(r"[A-Za-z]{3}", unit) else None
    if currency in known:
        return currency
    return known[0] if len(known) == 1 else None


def scaled_in(text: str, decimal: Decimals) -> Number | None:
    """A number that may end in k, m (mn) or b (bn).

    >>> scaled_in("1.5k", "."), scaled_in("10M", ".")
    (1500, 10000000)
    """
    found = _SCALED.fullmatch(text)
    number = number_in(found["number"] if found else text, decimal)
    if number is None or found is None:
        return number
    return as_number(times(number, Decimal(_FACTORS[found["factor"].lower()])))


_OPEN_ABOVE = re.compile(
    r"(?:>=?|≥|over|above|more than|at least|from)\s*(.+)|(.+?)\s*(?:\+|or more|and more|and above|and over)",
    re.I,
)
_OPEN_BELOW = re.compile(
    r"(?:<=?|≤|under|below|less than|fewer than|up to|at most)\s*(.+)|(.+?)\s*or (?:less|fewer)", re.I
)
_BETWEEN = re.compile(r"(.*[^\s-])\s*(?:[-‐‑‒–—−]|\bto\b|\.\.)\s*([^\s-].*)", re.I)
_COUNTED = re.compile(r"(.+?)\s+(?:employees?|people)", re.I)
_IN_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}", re.ASCII)
_FACTOR_AT_END = re.compile(r"\d\s?[kKmMbB][nN]?\b")


def range_in(text: str, end: Callable[[str], Number | None]) -> tuple[Number | None, Number | None] | None:
    """The ends of a range, each None where the range is open there; None where the text is no range.

    `end` reads one end. `1-10M` is refused, since it may begin at 1 or at 1M; `500-1M` can only begin at 500.

    >>> from functools import partial
    >>> read = partial(scaled_in, decimal=".")
    >>> [range_in(text, read) for text in ("51-200 employees", "1,000+", "under 50", "7")]
    [(51, 200), (1000, None), (None, 50), (7, 7)]
    >>> range_in("1-10M", read), range_in("500-1M", read)
    (None, (500, 1000000))
    """
    if _PLAIN.fullmatch(text) and (alone := end(text)) is not None:
        return alone, alone
    if len(text) > LONGEST:
        return None
    if counted := _COUNTED.fullmatch(text):
        text = counted[1]
    alone = end(text)
    if alone is not None:
        return alone, alone
    for pattern, above in ((_OPEN_ABOVE, True), (_OPEN_BELOW, False)):
        if found := pattern.fullmatch(text):
            only = end(found[1] or found[2])
            return None if only is None else ((only, None) if above else (None, only))
    between = _BETWEEN.fullmatch(text)
    if between is None:
        return None
    low, high = end(between[1]), end(between[2])
    if low is None or high is None or low > high:
        return None
    if low < 1000 and all(_IN_THOUSANDS.fullmatch(each.strip()) for each in between.groups()):
        return None  # 1.000-5.000 under a decimal point: nobody means 1 to 5
    factor = _FACTOR_AT_END.search(between[2])
    if factor and not _FACTOR_AT_END.search(between[1]):
        shared = end(between[1] + factor[0][1:])
        if shared is None or shared <= high:
            return None
    return low, high
