"""A value on its way in: of its type, missing, or refused by its kind alone."""

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.errors import LeadError
from qualify.values import (
    EXPECTED,
    READERS,
    Unreadable,
    amount_in_ten_thousandths,
    instant,
    is_missing,
    kind_of,
    read_activity,
    read_value,
)
from qualify.vocabulary import FIELD_TYPES

SECRET = "Zebra-Quagga-77"
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.binary(), st.dates(), st.times(),
    st.datetimes(), st.datetimes(timezones=st.timezones()), st.lists(st.text()), st.lists(st.integers()),
    st.dictionaries(st.text(), st.text()), st.builds(object),
)  # fmt: skip


def test_every_type_has_a_reader_and_a_word():
    """A type that can be declared can be read, and its error can be said."""
    assert set(READERS) == set(EXPECTED) == set(FIELD_TYPES)


@given(kind=st.sampled_from(FIELD_TYPES), value=ANYTHING)
def test_reading_twice_changes_nothing(kind, value):
    """A `Lead` is read when it is made, and again by a definition that knows more."""
    try:
        once = read_value(kind, value)
    except Unreadable:
        return

    assert once is None or read_value(kind, once) == once


@given(kind=st.sampled_from(FIELD_TYPES), value=ANYTHING)
def test_what_is_read_is_immutable_and_of_its_type(kind, value):
    """What is compared later is never checked again."""
    types = {
        "text": str,
        "number": int | float | Decimal,
        "boolean": bool,
        "date": date,
        "datetime": datetime,
        "list": tuple,
    }
    try:
        read = read_value(kind, value)
    except Unreadable:
        return

    assert read is None or isinstance(read, types[kind])
    assert not (kind == "number" and isinstance(read, bool))
    assert not (kind == "date" and isinstance(read, datetime))
    assert read is None or not is_missing(read)


@given(value=st.text(alphabet="0123456789xyz.-", min_size=1))
def test_a_number_is_never_guessed_from_text(value):
    """'1.000' is a thousand in one country and one in another: a mapping says which."""
    with pytest.raises(Unreadable):
        read_value("number", value)


@pytest.mark.parametrize(
    "missing", [None, "", " ", "\u00a0\t", float("nan"), Decimal("NaN"), Decimal("sNaN"), Decimal("-NaN")]
)
@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_nothing_is_nothing_for_every_type(kind, missing):
    """A source that writes an empty text for a number means that it has none."""
    assert read_value(kind, missing) is None


@pytest.mark.parametrize("value", [0, 0.0, -0.0, Decimal(0), False, (), [], "0", "\u200b", "nan", "None", "null"])
def test_a_value_is_never_nothing(value):
    """What stands for nothing in one source is a value in another; a mapping says so, not we."""
    assert not is_missing(value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "nothing"),
        (True, "true or false"),
        (SECRET, "text (15 characters)"),
        ("x", "text (1 character)"),
        (77, "a number"),
        (Decimal("77.1"), "a number"),
        (datetime(1977, 7, 7), "a date with a time"),
        (date(1977, 7, 7), "a date"),
        ([SECRET], "a list (1 entry)"),
        ((SECRET, SECRET), "a list (2 entries)"),
        ({SECRET}, "a set (1 entry)"),
        (frozenset({SECRET, "x"}), "a set (2 entries)"),
        ({SECRET: SECRET}, "a table (1 entry)"),
    ],
)
def test_a_kind_is_said_and_not_the_value(value, kind):
    """Logs are read by people who may not read leads."""
    assert kind_of(value) == kind


@given(value=ANYTHING)
def test_no_kind_holds_a_value(value):
    """Whatever it is."""
    found = kind_of([value, SECRET]) + kind_of({SECRET: value}) + kind_of(value)

    assert SECRET not in found
    assert not (isinstance(value, str) and len(value) > 20 and value in found)


# Moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02T09:30", datetime(2026, 11, 2, 9, 30)),
        ("2026-11-02 09:30", datetime(2026, 11, 2, 9, 30)),
        ("2026-11-02t09:30:15z", datetime(2026, 11, 2, 9, 30, 15, tzinfo=UTC)),
        ("2026-11-02T09:30:15.25Z", datetime(2026, 11, 2, 9, 30, 15, 250_000, tzinfo=UTC)),
        ("2026-11-02T09:30:15.1234567Z", datetime(2026, 11, 2, 9, 30, 15, 123_456, tzinfo=UTC)),
        ("2026-11-02T09:30+05:45", datetime(2026, 11, 2, 3, 45, tzinfo=UTC)),
        ("2026-11-02T09:30-0500", datetime(2026, 11, 2, 14, 30, tzinfo=UTC)),
        (" 2026-11-02T09:30Z ", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_in_iso_form(text, moment):
    """JSON has no dates; what it has instead is this."""
    read = read_value("datetime", text)

    assert read == moment
    assert read.tzinfo == moment.tzinfo


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02",
        "2026-11-02T",
        "2026-11-02T9:30",
        "2026-11-02T09",
        "2026-11-02T24:30",
        "2026-02-30T09:30",
        "20261102T093000",
        "2026-W45-1T09:30",
        "02.11.2026 09:30",
        "11/02/2026",
        "2026-11-02T09:30 CET",
        "2026-11-02T09:30+99:00",
        "０２６-11-02T09:30",
        "٢٠٢٦-11-02T09:30",
        "now",
        "0",
        "2026-11-02T09:30Z x",
    ],
)
def test_what_is_no_iso_moment_is_refused(text):
    """The same text must not be a moment in one Python and none in another."""
    with pytest.raises(Unreadable):
        read_value("datetime", text)


@pytest.mark.parametrize(
    "text", ["2026-11", "20261102", "2026-W45-1", "2026-306", "2.11.2026", "2026-11-02T00:00", "2026-13-01"]
)
def test_what_is_no_iso_date_is_refused(text):
    """Python reads some of these from 3.11 on; a definition's meaning doesn't change with Python."""
    with pytest.raises(Unreadable):
        read_value("date", text)


@given(moment=st.datetimes(timezones=st.timezones()))
def test_an_aware_moment_is_kept_as_its_instant(moment):
    """Two leads at one instant are equal, whatever clocks their sources had."""
    try:
        read = instant(moment)
    except Unreadable:
        assert moment.year in (1, 9999)
        return

    assert read.utcoffset() == timedelta(0)
    assert read == moment.astimezone(UTC)


@given(moment=st.datetimes())
def test_a_naive_moment_stays_naive(moment):
    """Only a definition knows the zone."""
    assert read_value("datetime", moment) == moment
    assert read_value("datetime", moment).tzinfo is None


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=2))),
    ],
)
def test_a_moment_outside_the_calendar_is_refused(moment):
    """In UTC it has no year."""
    with pytest.raises(Unreadable, match="years 1 to 9999"):
        read_value("datetime", moment)


# Amounts


@given(amount=st.decimals(min_value=-(10**11), max_value=10**11, places=4))
def test_an_amount_of_four_decimals_is_exact(amount):
    """A sum of money must not depend on what it is kept in."""
    assert Fraction(amount_in_ten_thousandths(amount), 10_000) == Fraction(amount)


@given(amount=st.integers(-(10**12) + 1, 10**12 - 1))
def test_a_whole_amount_is_exact_in_every_type(amount):
    """5, 5.0 and Decimal('5.000000') are one amount."""
    found = {amount_in_ten_thousandths(each) for each in (amount, Decimal(amount), Decimal(f"{amount}.000000"))}

    assert found == {amount * 10_000}


@given(amount=st.floats(-(10.0**11), 10.0**11))
def test_a_float_is_rounded_to_the_nearest(amount):
    """SQL and frames do the same sum."""
    assert amount_in_ten_thousandths(amount) == floor(amount * 10_000 + 0.5)


@pytest.mark.parametrize(
    "amount",
    [
        10**12, -(10**12), 1e12, -1e12, Decimal(10**12), Decimal("1E+12"), Decimal("0.00001"), Decimal("-1.00005"),
        Decimal("1E-400"), Decimal("1E+400"),
    ],
)  # fmt: skip
def test_an_amount_that_can_not_be_exact_is_refused(amount):
    """Better none than one that is nearly right."""
    with pytest.raises(Unreadable):
        amount_in_ten_thousandths(amount)


@pytest.mark.parametrize("amount", [Decimal("0E-400"), Decimal("0E+400"), Decimal("-0.0000"), Decimal("0")])
def test_nothing_is_nothing_however_it_is_written(amount):
    """Databases pad their zeros."""
    assert amount_in_ten_thousandths(amount) == 0


# Activities and errors


def test_an_activitys_properties_are_tidied_before_their_types_are_known():
    """A definition that declares them later finds them clean."""
    given = {
        "type": " login ",
        "at": "2026-11-02T09:30Z",
        "properties": {"a": " x ", "b": "", "c": float("nan"), "d": ["y ", " "]},
    }

    kind, at, properties = read_activity(given)

    assert (kind, at) == ("login", datetime(2026, 11, 2, 9, 30, tzinfo=UTC))
    assert properties == {"a": "x", "b": None, "c": None, "d": ("y",)}


@pytest.mark.parametrize(
    "given",
    [
        None,
        5,
        "login",
        [],
        {},
        {"type": "login"},
        {"type": "login", "at": SECRET},
        {"type": "", "at": datetime(2026, 1, 1)},
    ],
)
def test_what_is_no_activity_is_refused(given):
    """Type and moment are what an activity is."""
    with pytest.raises(LeadError) as refused:
        read_activity(given)

    assert SECRET not in str(refused.value)


def test_unreadable_can_be_pickled():
    """A worker process must be able to say what was wrong."""
    why = pickle.loads(pickle.dumps(Unreadable("a number", "text (3 characters)")))

    assert (why.expected, why.found) == ("a number", "text (3 characters)")
