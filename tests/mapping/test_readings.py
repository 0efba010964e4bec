"""What one property's value means: the examples that people argue about, a row each."""

import sys
from datetime import UTC, date, datetime

import pytest

from qualify.errors import LeadError, MissingExtra
from qualify.mapping import countries, loads_mapping

REFUSED = object()


def read(field, value, top="", name="own"):
    """What `name = field` makes of a property called P."""
    mapping = loads_mapping(f"{top}\n[fields]\n{name} = {field}")
    try:
        return mapping.values({"P": value})[name]
    except LeadError:
        return REFUSED


def by(as_, more=""):
    return f'{{ from = "P", as = "{as_}"{more} }}'


@pytest.mark.parametrize(
    ("text", "decimal", "means"),
    [
        ("1,200", ".", 1200),
        ("1.200", ",", 1200),
        ("1 200", ".", 1200),
        ("1\u202f200,5", ",", 1200.5),
        ("1'200", ".", 1200),
        ("12,34,567", ".", 1234567),  # lakhs
        ("-5", ".", -5),
        ("−5", ".", -5),
        (".5", ".", 0.5),
        ("3.0", ".", 3.0),
        ("1.5E+07", ".", 15_000_000),  # a spreadsheet's
        ("1,23", ".", REFUSED),  # a decimal comma where the mapping says a point
        ("1.234.567", ".", REFUSED),
        ("1,200", ",", 1.2),
        ("1 200 300", ".", 1_200_300),
        ("1 200,300", ".", REFUSED),  # two separators
        ("10k", ".", REFUSED),
        ("12 %", ".", REFUSED),
        ("about forty", ".", REFUSED),
        ("١٢", ".", REFUSED),
        ("Infinity", ".", REFUSED),
        (True, ".", REFUSED),
        ([4], ".", REFUSED),
        (40, ",", 40),
    ],
)
def test_numbers(text, decimal, means):
    """Thousands are grouped in threes, or it is no number: a decimal comma read as a separator is a 100 times too much."""
    assert read('"P"', text, f'decimal = "{decimal}"', "employees") == means


def test_a_number_keeps_all_its_digits():
    """Nothing is rounded on the way in."""
    assert str(read(by("number"), "0.12345678901234567890123")) == "0.12345678901234567890123"


@pytest.mark.parametrize(
    ("text", "means"),
    [("12.5 %", 12.5), ("50%", 50), ("50", 50), (0.5, 0.5), ("%", REFUSED), ("fifty", REFUSED)],
)
def test_percentages_are_the_number_that_people_say(text, means):
    """`win_chance >= 50` is what a salesperson writes."""
    assert read(by("percent"), text) == means


@pytest.mark.parametrize(
    ("value", "means"),
    [
        ("$1,200.50", 1200.5),
        ("1200", 1200),
        (1200, 1200),
        ("USD 1,200", 1200),
        ("1,200 usd", 1200),
        ("$1.5M", 1_500_000),
        ("-$40", -40),
        ("€100", 108),  # by the rate
        ("100 EUR", 108),
        ("£100", REFUSED),  # no rate
        ("¥100", REFUSED),  # yen or yuan
        ("kr 100", REFUSED),
        ({"amount": 15000, "currency": "USD"}, 15000),
        ({"amount": "15000", "currency": "EUR"}, 16200),
        ({"amount": 5, "currency": "GBP"}, REFUSED),
        ({"amount": "€5", "currency": "GBP"}, REFUSED),
        ({"amount": None, "currency": "USD"}, None),
        ({"currency": "USD"}, REFUSED),  # an amount that stands under another name would be lost
        ("call us", REFUSED),
    ],
)
def test_money(value, means):
    """500,000 of another currency is not 500,000 of ours."""
    top = 'currency = "USD"\nrates = { EUR = 1.08 }'

    assert read(by("money"), value, top) == means


def test_a_dollar_is_the_dollar_of_the_mapping():
    """A Canadian team's `$` is Canadian."""
    assert read(by("money"), "$5", 'currency = "CAD"') == 5
    assert read(by("money"), "US$5", 'currency = "CAD"') is REFUSED
    assert read(by("money"), "$5", 'currency = "EUR"') is REFUSED


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("51-200", 51, 200),
        ("51 – 200", 51, 200),
        ("51 to 200", 51, 200),
        ("1,001-5,000", 1001, 5000),
        ("51-200 employees", 51, 200),
        ("1,000+", 1000, None),
        ("10,001 or more", 10001, None),
        ("more than 500", 500, None),
        (">500", 500, None),
        ("under 50", None, 50),
        ("<= 10", None, 10),
        ("up to 10", None, 10),
        ("42", 42, 42),
        (42, 42, 42),
        ("10k-50k", 10_000, 50_000),
        ("500-1k", 500, 1000),
        ("1-10M", REFUSED, REFUSED),  # from 1, or from 1M?
        ("200-51", REFUSED, REFUSED),
        ("Self-employed", REFUSED, REFUSED),
        ("-", REFUSED, REFUSED),
        ("11-Oct", REFUSED, REFUSED),  # what a spreadsheet made of 10-11
    ],
)
def test_ranges(text, lower, upper):
    """An open end is unknown: nobody said how many more than 1,000."""
    assert read(by("lower end of range"), text) == lower
    assert read(by("upper end of range"), text) == upper


def test_ranges_of_money_begin_with_the_sign_of_the_mapping():
    """Revenue comes in bands too."""
    assert read(by("lower end of range"), "$1M-$10M", 'currency = "USD"') == 1_000_000
    assert read(by("lower end of range"), "€1M-€10M", 'currency = "USD"') is REFUSED


@pytest.mark.parametrize(
    ("value", "means"),
    [
        *((word, True) for word in ("yes", "Yes", "TRUE", "1", True, 1, 1.0)),
        *((word, False) for word in ("no", "NO", "false", "0", False, 0, 0.0)),
        *((word, REFUSED) for word in ("y", "on", "ja", "2", 2, "maybe", [True])),
        ("", None),
    ],
)
def test_yes_and_no(value, means):
    """A word that nobody defined is not a no."""
    assert read('"P"', value, name="opted_out") is means
    assert read(by("yes/no", ", invert = true"), value) is ({True: False, False: True}.get(means, means))


@pytest.mark.parametrize(
    ("form", "text", "means"),
    [
        ("iso", "2026-11-02", date(2026, 11, 2)),
        ("day first", "02/11/2026", date(2026, 11, 2)),
        ("day first", "2.11.2026", date(2026, 11, 2)),
        ("month first", "11/2/2026", date(2026, 11, 2)),
        ("month first", "2026-11-02", date(2026, 11, 2)),  # the year comes first: no doubt
        ("day first", "11/31/2026", REFUSED),
        ("day first", "2/11/26", REFUSED),  # of which century?
        ("iso", "02/11/2026", REFUSED),
        ("iso", "2026-02-29", REFUSED),
        ("iso", "2026-11-02 23:30", date(2026, 11, 2)),
        ("iso", "2026-11-02T23:30:00-05:00", date(2026, 11, 3)),  # the day it is in the source's zone
        ("%d.%m.%y", "02.11.26", date(2026, 11, 2)),
        ("%b %d, %Y", "nov 2, 2026", date(2026, 11, 2)),
        ("%Y%m%d", "20261102", date(2026, 11, 2)),
        ("%Y%m%d", "20261102x", REFUSED),
        ("iso", "9999-12-31", date(9999, 12, 31)),
        ("iso", 20261102, REFUSED),
    ],
)
def test_dates(form, text, means):
    """The second of November is not the eleventh of February."""
    assert read(by("date"), text, f'dates = "{form}"\ntimezone = "UTC"') == means


def test_a_time_in_a_date_field_is_refused_unless_the_mapping_says_date():
    """A mapping says what a time means for a day; nobody else does."""
    assert read('{ from = "P", format = "%Y-%m-%d" }', "2026-11-02 23:30") is REFUSED
    assert read(by("date"), "2026-11-02 23:30") == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("zone", "text", "means"),
    [
        (None, "2026-11-02 09:30", datetime(2026, 11, 2, 9, 30)),  # stays naive
        ("America/New_York", "2026-11-02 09:30", datetime(2026, 11, 2, 14, 30, tzinfo=UTC)),
        ("America/New_York", "2026-11-02T09:30Z", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        ("UTC", "2026-05-01T07:25:37.000+0000", datetime(2026, 5, 1, 7, 25, 37, tzinfo=UTC)),
        ("UTC", "2026-06-03T08:16:59.659390", datetime(2026, 6, 3, 8, 16, 59, 659390, tzinfo=UTC)),
        ("UTC", "2026-05-14T11:36:17+03:00", datetime(2026, 5, 14, 8, 36, 17, tzinfo=UTC)),
        ("Asia/Kolkata", "2026-11-02", datetime(2026, 11, 1, 18, 30, tzinfo=UTC)),  # the first moment of the day
        ("America/New_York", "2026-11-01 01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # twice: the first
        ("America/New_York", "2026-03-08 02:30", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),  # never: as if no change
        ("America/Sao_Paulo", "2018-11-04", datetime(2018, 11, 4, 3, 0, tzinfo=UTC)),  # that day began at 01:00
        ("America/New_York", "9999-12-31T23:00", REFUSED),
        ("UTC", "2026-11-02 24:00", REFUSED),
        ("UTC", "2026-11-02 25:00", REFUSED),
        ("UTC", "tomorrow", REFUSED),
        ("UTC", datetime(2026, 11, 2, 9, 30), datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        ("UTC", date(2026, 11, 2), datetime(2026, 11, 2, tzinfo=UTC)),
    ],
)
def test_moments(zone, text, means):
    """Naive times are the source's; a moment that says its zone needs no other."""
    top = "" if zone is None else f'timezone = "{zone}"'

    assert read('"P"', text, top, "created_at") == means


def test_times_of_twelve_hours():
    """American exports write them."""
    top = 'dates = "month first"'
    twelve = [
        read(by("datetime"), f"11/2/2026 {time}", top) for time in ("12:05 AM", "9:30 pm", "12:00 p.m.", "13:00 pm")
    ]

    assert [moment if moment is REFUSED else moment.hour for moment in twelve] == [0, 21, 12, REFUSED]


@pytest.mark.parametrize(
    ("as_", "value", "means"),
    [
        ("epoch milliseconds", "1773300826615", datetime(2026, 3, 12, 7, 33, 46, 615000, tzinfo=UTC)),
        ("epoch milliseconds", 1773300826615, datetime(2026, 3, 12, 7, 33, 46, 615000, tzinfo=UTC)),
        ("epoch seconds", 1773300826, datetime(2026, 3, 12, 7, 33, 46, tzinfo=UTC)),
        ("epoch seconds", "1773300826.5", datetime(2026, 3, 12, 7, 33, 46, 500000, tzinfo=UTC)),
        ("epoch seconds", 0.25, datetime(1970, 1, 1, 0, 0, 0, 250000, tzinfo=UTC)),
        ("epoch seconds", -1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("epoch seconds", 10**14, REFUSED),
        ("epoch seconds", 10**400, REFUSED),
        ("epoch milliseconds", "2026-03-12", REFUSED),
        ("epoch milliseconds", True, REFUSED),
    ],
)
def test_epochs(as_, value, means):
    """A machine's moments, as numbers or in text."""
    assert read(by(as_), value) == means


@pytest.mark.parametrize(
    ("field", "value", "means"),
    [
        ('"P"', "a;b; c ;;", ("a", "b", "c")),  # without a word, entries end with a semicolon
        ('{ from = "P", separator = "," }', "a,b;c", ("a", "b;c")),
        ('"P"', ["a", None, " "], ("a",)),
        ('"P"', [], ()),  # nothing was chosen
        ('"P"', "", None),
        ('"P"', ";", None),
        ('"P"', ["Select"], None),
        ('"P"', "a;Select", ("a",)),
        ('{ from = "P", labels = { "27" = "webinars" } }', [27, 31], ("webinars", "31")),
        ('"P"', [["a"]], REFUSED),
        ('"P"', 5, REFUSED),
    ],
)
def test_lists(field, value, means):
    """An empty list says that nothing was chosen; an empty text says nothing."""
    assert read(field, value, 'placeholders = ["Select"]', "interests") == means


@pytest.mark.parametrize(
    ("value", "means"),
    [([2, "Demo User"], "Demo User"), (False, None), (None, None), ([2, False], None), ([1, "New"], "fresh")]
    + [(value, REFUSED) for value in ("Demo User", [2], 7, {"name": "Ada"}, True)],
)
def test_ids_with_names(value, means):
    """Some sources name a thing as a pair, and say false for none."""
    assert read(by("id and name", ', labels = { "New" = "fresh" }'), value) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("https://www.Acme.example/about?x=1#y", "acme.example"),
        ("http://user:secret@acme.example:8080/", "acme.example"),
        ("acme.example:8080", "acme.example"),
        ("//acme.example/x", "acme.example"),
        ("www.example", "www.example"),
        ("acme.example.", "acme.example"),
        ("ada@mail.acme.example", "mail.acme.example"),
        ("mailto:ada@acme.example", "acme.example"),
        ("Ada <ada@acme.example>", "acme.example"),
        ("straße.example", "straße.example"),
        ("Acme Inc.", REFUSED),
        ("localhost", REFUSED),
        ("3.5", REFUSED),
        ("b.levy@expressl&t.net", REFUSED),
        ("http://", REFUSED),
        (7, REFUSED),
    ],
)
def test_domains(text, means):
    """One company writes its address in ten ways."""
    assert read(by("domain"), text) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [("DE", "DE"), ("no", "NO"), ("UK", "GB"), ("XX", REFUSED), ("D", REFUSED), (276, REFUSED), ("", None)],
)
def test_codes_of_countries_need_no_library(text, means):
    """Norway's code is no `no`."""
    assert read(by("country code"), text) == means


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("Germany", "DE"),
        ("united states", "US"),
        ("USA", "US"),
        ("Great Britain", "GB"),
        ("Russia", "RU"),
        ("Korea", REFUSED),  # which?
        ("Atlantis", REFUSED),
    ],
)
def test_names_of_countries(name, means):
    """People write names; a rule about embargoes needs codes."""
    pytest.importorskip("pycountry")

    assert read(by("country code"), name) == means


def test_names_of_countries_without_the_library_say_which_extra_brings_it(monkeypatch):
    """One mapping must not read a name here and lose it there, not even where it is lenient."""
    monkeypatch.setitem(sys.modules, "pycountry", None)
    countries._code_of.cache_clear()

    with pytest.raises(MissingExtra, match=r"qualify\[countries\]"):
        read(by("country code", ", lenient = true"), "Germany")
    countries._code_of.cache_clear()


@pytest.mark.parametrize(
    ("value", "means"),
    [(12345, "12345"), ("0031", "0031"), (" a  b ", "a  b"), (12.0, REFUSED), (True, REFUSED), ({}, REFUSED)],
)
def test_text(value, means):
    """Ids are whole numbers in one source and text in the next; a float may have lost its last digits."""
    assert read('"P"', value, name="phone") == means


@pytest.mark.parametrize("value", [12.5, True, date(2026, 11, 2), "x", ("a", "b")])
def test_what_nobody_gave_a_type_stays_as_it_is(value):
    """Without a definition only the standard fields have types."""
    assert read('"P"', value) == value


def test_a_table_in_a_field_without_a_type_is_refused():
    """No field can hold one: the mapping needs a path into it."""
    assert read('"P"', {"name": "Acme"}) is REFUSED


def test_lenient_fields_miss_what_they_cannot_read():
    """A stray word must not cost the whole record where the team said so."""
    assert read('{ from = "P", as = "number", lenient = true }', "about forty") is None
    assert read('{ from = "P", as = "number" }', "about forty") is REFUSED


@pytest.mark.parametrize(
    ("form", "text", "means"),
    [
        ("%Y-%j", "2024-366", date(2024, 12, 31)),
        ("%Y-%j", "2026-366", REFUSED),
        ("%A, %d %B %Y", "Monday, 2 November 2026", date(2026, 11, 2)),
        ("%d.%m.%y", "01.01.69", date(1969, 1, 1)),
        ("%d/%m/%Y %I:%M %p", "02/11/2026 12:05 AM", datetime(2026, 11, 2, 0, 5)),
        ("%d/%m/%Y %I:%M %p", "02/11/2026 00:05 AM", REFUSED),
        ("%Y-%m-%d %H:%M %z", "2026-11-02 09:30 -08:00", datetime(2026, 11, 2, 17, 30, tzinfo=UTC)),
        ("%Y-%m-%d %H:%M:%S.%f%z", "2026-11-02 09:30:15.5Z", datetime(2026, 11, 2, 9, 30, 15, 500000, tzinfo=UTC)),
        ("%d%%%m%%%Y", "02%11%2026", date(2026, 11, 2)),
        ("%Y %m %d", "2026   11\u00a002", REFUSED),
        ("%Y (%m) [%d]", "2026 (11) [02]", date(2026, 11, 2)),
    ],
)
def test_formats(form, text, means):
    """A format is read the same on every machine, whatever language it speaks."""
    assert read(f'{{ from = "P", format = "{form}" }}', text) == means


def test_a_range_in_thousands_with_points_is_no_range_of_small_numbers():
    """A company of one to five thousand people must not come out as one of one."""
    mapping = loads_mapping('[fields]\nemployees = { from = "Size", as = "lower end of range" }')
    german = loads_mapping('decimal = ","\n[fields]\nemployees = { from = "Size", as = "lower end of range" }')

    assert [each.field for each in mapping.unreadable({"Size": "1.000-5.000"})] == ["employees"]
    assert german.values({"Size": "1.000-5.000"}) == {"employees": 1000}
