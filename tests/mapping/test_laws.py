"""What holds for every mapping and every record."""

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.errors import LeadError, MissingExtra, QualifyError
from qualify.lead import Lead
from qualify.mapping import Mapping, identity_mapping, loads_mapping
from qualify.mapping.conversions import BY_TYPE, CONVERSIONS
from qualify.mapping.table import FieldMap, Table
from qualify.text import clean
from qualify.vocabulary import STANDARD_FIELDS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WORDS = st.sampled_from(["Select", "N/A", "--", "null", "Straße", "0", False, 0, 2.5])
DATES = st.dates()
MOMENTS = st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(9998, 12, 30))
FORMS = ("iso", "day first", "month first", "%d.%m.%Y %H:%M:%S.%f %z", "%A, %d %b %Y %I:%M:%S.%f %p %z")


@st.composite
def fields(draw, *, reads=tuple(CONVERSIONS)):
    """A field read by any conversion, with what may be said beside it."""
    as_ = draw(st.sampled_from(reads))
    gives = CONVERSIONS[as_].gives
    time = draw(st.none() | st.just("clock")) if as_ == "datetime" else None
    return FieldMap(
        "own",
        (draw(st.sampled_from(["Own", "own.path", "No. of Own"])),),
        as_=as_,
        format=draw(st.none() | st.sampled_from(FORMS)) if as_ in ("date", "datetime") and time is None else None,
        separator=draw(st.none() | st.sampled_from([";", ",", " | "])) if as_ == "list" else None,
        labels=draw(st.sampled_from([(), (("Hoch", "high"), ("Niedrig", "low"))])) if as_ == "text" else (),
        invert=draw(st.booleans()) if gives == "boolean" else False,
        placeholders=draw(st.none() | st.lists(WORDS, max_size=2).map(tuple)),
        lenient=draw(st.booleans()),
        type=gives,
        any=draw(st.booleans()) if gives == "boolean" else False,
        currency=draw(st.none() | st.just("unit")) if as_ == "money" else None,
        time=time,
    )


ANY_FIELD = fields()


@st.composite
def tables(draw, of=ANY_FIELD):
    """A mapping of one field of its own, in any source's ways."""
    return Table(
        id=draw(st.none() | st.just("Id")),
        placeholders=tuple(draw(st.lists(WORDS, max_size=2))),
        dates=draw(st.sampled_from(["iso", "day first", "month first"])),
        timezone=draw(st.none() | st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"])),
        decimal=draw(st.sampled_from([".", ","])),
        currency="USD",
        rates=draw(st.sampled_from([(), (("EUR", Decimal("1.08")),)])),
        fields=(draw(of),),
    )


def record_with(mapping, value):
    """A record whose only property is the one of the mapping's own field."""
    source = mapping.fields["own"].sources[0]
    if source != "own.path":
        return {source: value}
    return {"own": {"path": value}}


def own(mapping, value):
    return mapping.values(record_with(mapping, value))["own"]


def answer(mapping, value):
    """What a property comes to, or the error that refuses it."""
    try:
        return own(mapping, value)
    except QualifyError as refused:
        return refused


SAID = st.one_of(
    TEXTS,
    st.from_regex(r"[+-]?[\d.,' ]{1,8}[kM%]?", fullmatch=True),
    st.from_regex(r"\$?\d{1,4}[-–+]\d{0,5}", fullmatch=True),
    st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}( \d{1,2}:\d\d( [ap]m)?)?", fullmatch=True),
    st.sampled_from(["yes", "NO", "true", "1", "0", "https://acme.example/x", "ada@acme.example", "DE"]),
)
VALUES = st.one_of(
    SAID,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    DATES,
    st.datetimes(timezones=st.none() | st.just(UTC)),
    st.lists(st.one_of(SAID, st.none(), st.integers()), max_size=3),
    st.dictionaries(st.sampled_from(["amount", "currency"]), SAID | st.integers(), max_size=2),
)


@given(tables(), VALUES)
def test_whatever_a_property_holds_is_read_or_refused(table, value):
    """A nightly job meets everything; one odd record must never stop it with another error."""
    mapping = Mapping(table)
    kinds = {"text": str, "number": (int, float, Decimal), "boolean": bool, "date": date, "datetime": datetime}

    read = answer(mapping, value)

    if isinstance(read, LeadError):
        assert read.field == "own"
        assert not table.fields[0].lenient
    elif isinstance(read, MissingExtra):
        assert table.fields[0].as_ == "country code"
    else:
        assert read is None or isinstance(read, kinds.get(table.fields[0].type, tuple))
        assert read == read


@given(tables(), SAID)
def test_a_text_means_the_same_each_time(table, text):
    """What is remembered to be quick must be what reading says."""
    mapping = Mapping(table)

    first, again, fresh = answer(mapping, text), answer(mapping, text), answer(Mapping(table), text)

    assert repr(first) == repr(again) == repr(fresh)


@given(tables(), WORDS, st.sampled_from([str.upper, str.lower, "  {} ".format, "{}\u00a0".format]))
def test_a_placeholder_is_missing_in_every_kind_of_field(table, word, change):
    """Nobody chose "Select"; a rule that took it for an industry would be wrong about thousands of leads."""
    mapping = Mapping(replace(table, fields=(replace(table.fields[0], placeholders=(word,)),)))

    written = change(word) if isinstance(word, str) else word

    if table.fields[0].as_ != "id and name":
        assert own(mapping, written) is None
    assert own(mapping, [7, written] if table.fields[0].as_ == "id and name" else written) is None


@given(tables(), st.sampled_from([None, "", " \u00a0\t", float("nan"), Decimal("NaN")]))
def test_nothing_becomes_nothing(table, blank):
    """A mapping never invents a value: empty, blank, null and NaN are missing, and so is what isn't there."""
    mapping = Mapping(table)

    assert own(mapping, blank) is None
    assert mapping.values({}) == dict.fromkeys(mapping.values({}))


@given(TEXTS)
def test_text_is_kept_as_it_is_but_for_the_blanks_around_it(text):
    """What a person typed is evidence; nobody corrects it on the way in."""
    mapping = loads_mapping('[fields]\ncity = "City"')

    assert mapping.values({"City": text})["city"] == (clean(text) or None)


@given(st.integers(-(10**12), 10**12), st.integers(0, 999), st.sampled_from([".", ","]), st.booleans())
def test_a_number_is_what_its_digits_say(whole, thousandths, decimal, grouped):
    """12,500 employees and 12.500 employees are the same company's answer in two countries."""
    mapping = loads_mapping(f'decimal = "{decimal}"\n[fields]\nemployees = "Staff"')
    written = f"{whole:,}" if grouped else str(whole)
    if thousandths:
        written += f".{thousandths:03}"
    exact = Decimal(written.replace(",", ""))

    read = mapping.values({"Staff": written.translate({44: decimal_opposite(decimal), 46: decimal})})

    assert Decimal(repr(read["employees"])) == exact


def decimal_opposite(decimal):
    return "," if decimal == "." else "."


AS_SENT = st.sampled_from(["2026-11-02T09:30:00Z", "2024-02-29T23:59:59.123Z", "2026-02-30T24:00:00.000Z"])
SLIPS = st.lists(st.tuples(st.integers(0, 23), st.sampled_from("0129-:.,+ TZWAMé٣")), max_size=3)


@given(AS_SENT, SLIPS, st.sampled_from(["iso", "day first"]))
def test_a_moment_says_the_same_with_a_blank_in_it(text, slips, dates):
    """A machine's moments are read a short way; no text may be a moment by it that is none, or another one."""
    mapping = loads_mapping(f'dates = "{dates}"\n[fields]\ncreated_at = {{ from = "At", lenient = true }}')
    letters = list(text)
    for at, letter in slips:
        letters[min(at, len(letters) - 1)] = letter
    letters[10] = "T"
    short, long = "".join(letters), "".join([*letters[:10], " ", *letters[11:]])

    assert mapping.values({"At": short}) == mapping.values({"At": long})


TYPED = {
    "text": TEXTS,
    "number": st.integers() | st.floats(allow_infinity=False) | st.decimals(allow_infinity=False, allow_nan=False),
    "boolean": st.booleans(),
    "date": DATES,
    "datetime": st.datetimes(timezones=st.none() | st.just(UTC)),
    "list": st.lists(TEXTS, max_size=4),
}  # fmt: skip


@given(st.fixed_dictionaries({}, optional={name: st.none() | TYPED[kind] for name, kind in STANDARD_FIELDS.items()}))
def test_a_file_with_our_own_columns_needs_no_mapping(record):
    """Without a mapping, columns named as fields mean what a Lead says they mean."""
    mapping = identity_mapping(None, record)

    assert mapping.lead(record) == Lead(**record)


def same(read, value):
    """Whether two values are the same; 0.1 may come back as a float or as a Decimal."""
    if isinstance(read, float | Decimal) and isinstance(value, float | Decimal):
        return Decimal(str(read)) == Decimal(str(value))
    return read == value


WRITTEN = {
    "text": st.text(ascii_lowercase + " ", min_size=1).map(str.strip).filter(bool) | st.sampled_from(["high", "low"]),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-999, 999, places=3),
    "percent": st.integers(0, 100),
    "money": st.integers(0, 10**9) | st.decimals(0, 10**6, places=2),
    "yes/no": st.booleans(),
    "date": DATES,
    "datetime": MOMENTS,
    "epoch seconds": MOMENTS.map(lambda moment: moment.replace(microsecond=0, tzinfo=UTC)),
    "epoch milliseconds": MOMENTS.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)),
    "list": st.lists(st.text(ascii_lowercase, min_size=1), min_size=1).map(tuple),
    "domain": st.sampled_from(["acme.example", "mail.acme.example", "straße.example"]),
    "country code": st.sampled_from(["DE", "US", "NO"]),
}  # fmt: skip


@given(tables(fields(reads=tuple(WRITTEN))), st.data())
def test_what_is_written_back_reads_as_the_same_value(table, data):
    """A verdict's facts go back to the CRM; next night they must come out as they went in."""
    table = replace(table, placeholders=(), fields=(replace(table.fields[0], placeholders=None),))
    mapping, as_ = Mapping(table), table.fields[0].as_
    value = data.draw(WRITTEN[as_])
    if as_ == "datetime" and table.timezone is not None:
        value = value.replace(tzinfo=UTC)
    if as_ == "datetime" and "%z" in (table.fields[0].format or "") and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)

    record = mapping.record({"own": value})

    assert same(mapping.values(record)["own"], value)


@given(tables(), VALUES)
def test_what_cannot_be_written_back_is_refused_and_not_written_as_something_else(table, value):
    """Better no update than a wrong one."""
    mapping = Mapping(table)
    try:
        record = mapping.record({"own": value})
    except (LeadError, MissingExtra):
        return

    assert value is None or same(mapping.values(record)["own"], tuple(value) if isinstance(value, list) else value)


@given(tables())
def test_a_mapping_and_its_file_say_the_same(table):
    """A mapping made by a program can be reviewed as a file."""
    mapping = Mapping(table)

    again = loads_mapping(mapping.to_toml())

    assert again == mapping
    assert again.to_toml() == mapping.to_toml()


@given(tables(), SAID)
def test_a_mapping_can_be_sent_to_another_process(table, text):
    """Large files are read by several workers."""
    mapping = Mapping(table)
    again = pickle.loads(pickle.dumps(mapping))

    assert again == mapping
    assert again.unused([text, "Own"]) == mapping.unused([text, "Own"])


@given(tables(), st.text("qz", min_size=6, max_size=20))
def test_no_error_shows_what_a_lead_said(table, secret):
    """Error messages end in logs and tickets, where personal data has no business."""
    mapping = Mapping(table)

    for said in (secret, {"amount": secret}, [secret], [[secret]], f"{secret} 2026-13-45"):
        read = answer(mapping, said)
        if isinstance(read, QualifyError):
            assert secret not in str(read)
            assert read.__cause__ is None


def test_every_type_has_a_reading_of_that_type():
    """What is read without `as` must fit the field."""
    assert {kind: CONVERSIONS[name].gives for kind, name in BY_TYPE.items()} == {kind: kind for kind in BY_TYPE}


@pytest.mark.parametrize("name", ["fields", "id", "table"])
def test_a_mapping_cannot_be_changed(name):
    """Threads share it."""
    mapping = loads_mapping('[fields]\ncity = "City"')

    with pytest.raises(AttributeError):
        setattr(mapping, name, ())
    with pytest.raises(TypeError):
        mapping.fields["city"] = None
