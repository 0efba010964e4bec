"""What `as` can say: each conversion's name, the type that it gives, how it reads, and how it writes back.

A conversion reads a value that is known: text without blanks at its ends, a number, a boolean, a moment, a
list or a table. It gives the value as a lead holds it, None where the value says nothing after all
(`1,000+` has no upper end), and raises Unreadable, which names the kind of what was found, where it can't
be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from qualify.mapping.countries import country_code
from qualify.mapping.moments import as_written, day_of, moment_of, since_epoch, written
from qualify.mapping.numbers import (
    Decimals,
    Number,
    as_number,
    currency_of,
    money_in,
    number_in,
    percent_in,
    range_in,
    scaled_in,
    times,
)
from qualify.text import clean, fold
from qualify.values import READERS, Unreadable, Value, instant, is_missing, kind_of
from qualify.vocabulary import FieldType


@dataclass(frozen=True, slots=True)
class Ways:
    """How a source writes things, for one field: what a conversion may need to know beside the value.

    `explicit` says that the mapping names the conversion; False where it follows from the field's type.
    """

    dates: str = "iso"
    timezone: str | None = None
    decimal: Decimals = "."
    currency: str | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    separator: str = ";"
    separated: bool = False
    explicit: bool = True

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of the source's naive times, None where it says none."""
        return None if self.timezone is None else ZoneInfo(self.timezone)


Read = Callable[[object], Value | None]
Write = Callable[[Value], object]


@dataclass(frozen=True, slots=True)
class Conversion:
    """One meaning that `as` can give.

    `reader` and `writer` make the functions for a field's `Ways`; without a `writer` it can't be written
    back. `unpack` takes the value out of what the source wraps it in, before anything is looked at (None:
    nothing there). Of a list conversion, `entries` says that it reads text or a list entry by entry. A
    conversion of one's own is passed to `load_mapping(..., conversions={"email kind": Conversion("text",
    make_reader)})`; its functions must be importable by name if the mapping is to be pickled.
    """

    gives: FieldType
    reader: Callable[[Ways], Read]
    writer: Callable[[Ways], Write] | None = None
    unpack: Callable[[object], object] | None = None
    entries: bool = False


def read_text(value: object) -> str:
    """Text as it is; a whole number (an id) as its digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Unreadable("text", kind_of(value))


def _numbers(expected: str, parse: Callable[[str, Decimals], Number | None]) -> Callable[[Ways], Read]:
    def make(ways: Ways) -> Read:
        def read(value: object) -> Value | None:
            if not isinstance(value, str):
                return READERS["number"](value)
            number = parse(value, ways.decimal)
            if number is None:
                raise Unreadable(expected, kind_of(value))
            return number

        return read

    return make


def _money(ways: Ways) -> Read:
    currency = ways.currency or ""

    def read(value: object) -> Value | None:
        unit: object = None
        if isinstance(value, Mapping):
            table: Mapping[str, object] = value
            if "amount" not in table:
                raise Unreadable("money", "a table without an amount")
            value, unit = table["amount"], table.get("currency")
            if is_missing(value):
                return None
            if unit is not None and not isinstance(unit, str):
                raise Unreadable("money", "an amount whose currency is no text")
        if isinstance(value, str):
            found = money_in(clean(value), ways.decimal, currency)
            if found is None:
                raise Unreadable(f"money in {currency}", kind_of(value))
            amount, meant = found
        else:
            number = READERS["number"](value)
            assert isinstance(number, int | float | Decimal)
            amount, meant = number, currency
        if isinstance(unit, str) and clean(unit):
            beside = currency_of(clean(unit), currency) or ""
            if meant not in (currency, beside):
                raise Unreadable(f"money in {currency}", "an amount in two currencies")
            meant = beside
        if meant == currency:
            return amount
        if meant not in ways.rates:
            raise Unreadable(f"money in {currency}", "an amount in a currency without a rate")
        return as_number(times(amount, ways.rates[meant]))

    return read


def _end_of_range(which: Literal["lower", "upper"]) -> Callable[[Ways], Read]:
    def make(ways: Ways) -> Read:
        def end(text: str) -> Number | None:
            if ways.currency is not None:
                money = money_in(text, ways.decimal, ways.currency)
                return money[0] if money is not None and money[1] == ways.currency else None
            return scaled_in(text, ways.decimal)

        def read(value: object) -> Value | None:
            if not isinstance(value, str):
                return READERS["number"](value)
            ends = range_in(value, end)
            if ends is None:
                raise Unreadable("a range, such as 51-200 or 1,000+", kind_of(value))
            return ends[0] if which == "lower" else ends[1]

        return read

    return make


_YES_NO: Mapping[str, bool] = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _yes_or_no(ways: Ways) -> Read:
    def read(value: object) -> Value | None:
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            answer = _YES_NO.get(fold(value))
            if answer is not None:
                return answer
        elif isinstance(value, int | float | Decimal) and value in (0, 1):
            return bool(value)
        raise Unreadable("yes or no (or true, false, 1, 0; 'labels' can say more)", kind_of(value))

    return read


def _above_zero(ways: Ways) -> Read:
    number = _numbers("a number", number_in)(ways)

    def read(value: object) -> Value | None:
        count = number(value)
        assert isinstance(count, int | float | Decimal)
        return count > 0

    return read


def _filled(ways: Ways) -> Read:
    return lambda value: None if isinstance(value, list | tuple | Mapping) and not value else True


def _write_yes_or_no(ways: Ways) -> Write:
    return (lambda value: "yes" if value else "no") if ways.explicit else (lambda value: value)


def _how(ways: Ways, time: str = "") -> str:
    match ways.dates:
        case "iso":
            return f"such as 2026-11-02{time and 'T' + time}"
        case "day first" | "month first" as order:
            return f"{order}, such as {'31/12/2026' if order == 'day first' else '12/31/2026'}{time and ' ' + time}"
        case form:
            return form


def _date(ways: Ways) -> Read:
    in_text, zone, expected = as_written(ways.dates), ways.zone, f"a date ({_how(ways)})"

    def read(value: object) -> Value | None:
        found = in_text(value) if isinstance(value, str) else value
        if not isinstance(found, date):
            raise Unreadable(expected, kind_of(value))
        if isinstance(found, datetime) and not ways.explicit:
            raise Unreadable("a date", 'a date with a time; as = "date" takes its day')
        return day_of(found, zone)

    return read


def _datetime(ways: Ways) -> Read:
    in_text, zone, expected = as_written(ways.dates), ways.zone, f"a date with a time ({_how(ways, '09:30')})"

    def read(value: object) -> Value | None:
        found = in_text(value) if isinstance(value, str) else value
        if not isinstance(found, date):
            raise Unreadable(expected, kind_of(value))
        return moment_of(found, zone)

    return read


def _write_moment(ways: Ways) -> Write:
    zone = ways.zone

    def write(value: Value) -> object:
        return written(value, ways.dates, zone) if isinstance(value, date) else value

    return write


def _epoch(each: timedelta) -> Callable[[Ways], Read]:
    return lambda ways: lambda value: since_epoch(value, each)


def _write_epoch(each: timedelta) -> Callable[[Ways], Write]:
    def write(value: Value) -> object:
        if not isinstance(value, datetime) or value.tzinfo is None:
            return None
        since = value - datetime(1970, 1, 1, tzinfo=value.tzinfo)
        return (
            since // each
            if not since % each
            else Decimal(since // timedelta(microseconds=1)) / (each // timedelta(microseconds=1))
        )

    return lambda ways: write


def _name_of_pair(value: object) -> object:
    if value is False or is_missing(value):
        return None
    if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[0], int | str):
        return None if value[1] is False else value[1]
    raise Unreadable("an id and a name", kind_of(value))


_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|//|mailto:)?(?:[^/?#\s]*@)?(?P<host>[^\s/?#@:\[\]<>,;\\]+)\.?(?::\d+)?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[\w-]*[^\W\d_]){_LABEL}")  # 3.5 is no domain


def domain_in(value: object) -> str:
    """The domain of a web address, an e-mail address or a host, without `www.`.

    >>> domain_in("https://www.Acme.example/about?x=1"), domain_in("Ada <ada@mail.acme.example>")
    ('acme.example', 'mail.acme.example')
    """
    if isinstance(value, str) and len(value) <= 2000:
        text = value[value.rfind("<") + 1 : -1] if value.endswith(">") and "<" in value else value
        if found := _HOST.fullmatch(text):
            host = found["host"].lower().rstrip(".")
            if host.startswith("www.") and host.count(".") > 1:
                host = host[4:]
            if _DOMAIN.fullmatch(host):
                return host
    raise Unreadable("a web address, an e-mail address or a host", kind_of(value))


def kept(value: object) -> Value:
    """A value whose type nobody said, as it came; a table is refused, since no field can hold one."""
    match value:
        case bool() | str():
            return value
        case int() | float() | Decimal():
            return READERS["number"](value)
        case datetime():
            return value if value.tzinfo is None else instant(value)
        case date():
            return value
        case list() | tuple():
            return READERS["list"](value)
        case _:
            raise Unreadable("text, a number, true or false, a date or a list of texts", kind_of(value))


def _same(ways: Ways) -> Write:
    return lambda value: value


def _write_number(ways: Ways) -> Write:
    if ways.decimal == ".":
        return _same(ways)
    return lambda value: str(value).replace(".", ",")  # a source that writes 2,5 holds text


def _write_list(ways: Ways) -> Write:
    if ways.separated:
        return lambda value: ways.separator.join(value) if isinstance(value, tuple) else value
    return lambda value: list(value) if isinstance(value, tuple) else value


_SECONDS, _MILLISECONDS = timedelta(seconds=1), timedelta(milliseconds=1)

CONVERSIONS: Mapping[str, Conversion] = MappingProxyType({
    "text": Conversion("text", lambda ways: read_text, _same),
    "number": Conversion("number", _numbers("a number", number_in), _write_number),
    "percent": Conversion("number", _numbers("a percentage", percent_in), _write_number),
    "money": Conversion("number", _money, _write_number),
    "lower end of range": Conversion("number", _end_of_range("lower")),
    "upper end of range": Conversion("number", _end_of_range("upper")),
    "yes/no": Conversion("boolean", _yes_or_no, _write_yes_or_no),
    "above zero": Conversion("boolean", _above_zero),
    "filled": Conversion("boolean", _filled),
    "date": Conversion("date", _date, _write_moment),
    "datetime": Conversion("datetime", _datetime, _write_moment),
    "epoch seconds": Conversion("datetime", _epoch(_SECONDS), _write_epoch(_SECONDS)),
    "epoch milliseconds": Conversion("datetime", _epoch(_MILLISECONDS), _write_epoch(_MILLISECONDS)),
    "list": Conversion("list", lambda ways: read_text, _write_list, entries=True),
    "id and name": Conversion("text", lambda ways: read_text, unpack=_name_of_pair),
    "domain": Conversion("text", lambda ways: domain_in, _same),
    "country code": Conversion("text", lambda ways: country_code, _same),
})  # fmt: skip
"""The conversions that every mapping has, by the name that `as` gives them."""

BY_TYPE: Mapping[FieldType, str] = MappingProxyType({
    "text": "text", "number": "number", "boolean": "yes/no",
    "date": "date", "datetime": "datetime", "list": "list",
})  # fmt: skip
"""What is read where a mapping names no conversion: that of the field's type."""
