"""Columns of types that no lead has: unread they cost nothing, read they become text or are refused by name."""

import warnings
from datetime import UTC, datetime
from decimal import Decimal

import pytest

import qualify
from qualify.adapters import Update, adapter
from qualify.errors import LeadError
from qualify.mapping import loads_mapping
from qualify.sync import sync_leads
from tests.adapters.test_database import Base, base, fill, ids, server
from tests.adapters.test_database_activities import last_cursor

__all__ = ["base", "server"]

UUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"

TEXTS = {
    "inet": [("10.0.0.1", "10.0.0.1"), ("10.0.0.1/8", "10.0.0.1/8"), ("2001:db8::1", "2001:db8::1")],
    "cidr": [("10.0.0.0/8", "10.0.0.0/8")],
    "macaddr": [("08:00:2b:01:02:03", "08:00:2b:01:02:03")],
    "uuid": [(UUID, UUID)],
    "interval": [
        ("1 year 2 mons 3 days 04:05:06.5", "P1Y2M3DT4H5M6.5S"),
        ("-1 mons +3 days -00:00:01", "P-1M3DT-1S"),
        ("400 days", "P400D"),
        ("-00:00:00.25", "PT-0.25S"),
        ("100:00:00", "PT100H"),
        ("0", "PT0S"),
    ],
    "time": [("09:30", "09:30:00"), ("24:00", "24:00:00")],
    "timetz": [("09:30+02", "09:30:00+02:00")],
    "date": [("infinity", "infinity")],
    "timestamptz": [("-infinity", "-infinity")],
}
"""Of types of PostgreSQL, values and the one text that each has."""

REFUSED = {
    "bytea": r"\xdeadbeef",
    "int4range": "[1,5)",
    "tstzrange": "[2026-01-01,2026-02-01)",
    "int4multirange": "{[1,5),[7,9)}",
    "numeric": "Infinity",
    "double precision": "-Infinity",
}

DEFINITION = qualify.loads(
    """
format = 1
name = "Print shops"
version = "1"

[teams]
marketing = "Marketing"

[traits.prints]
team = "marketing"
when = 'interests has any ["printing"] or industry == "printing" or count(call) >= 1'
why = "We know that business."

[stages.mql]
requires.marketing = "prints"
"""
)


@pytest.fixture
def big(server, monkeypatch):
    """An empty database of PostgreSQL."""
    monkeypatch.delenv("QUALIFY_DATABASE_URL", raising=False)
    made = Base(server.database())
    yield made
    made.engine.dispose()


def keep(base, kind, *values):
    """Leads from 0, each with one of these values in a column of this type."""
    with base.engine.begin() as open_:
        open_.exec_driver_sql(f"alter table leads add column x {kind}")
        for number, value in enumerate(values):
            mark = "?" if base.engine.dialect.name == "sqlite" else "%s"
            cast = mark if mark == "?" else f"cast(cast(%s as text) as {kind})"
            open_.exec_driver_sql(
                f"insert into leads (id, email, x, updated_at) values ({mark}, {mark}, {cast}, '2026-11-01 10:00:00')",
                (number, f"p{number}@example.com", value),
            )


def records(base, properties=("email", "x")):
    """What is read; the id beside."""
    with base.connect(properties) as open_:
        return [record for page in open_.pages() for record in page.records]


def field(record, said):
    """What a mapping with this one field reads."""
    return loads_mapping(f'id = "id"\n[fields]\n{said}').values(record)[said.split()[0]]


# What is read of PostgreSQL


@pytest.mark.parametrize("kind", TEXTS)
def test_what_has_one_obvious_text_is_read_as_text(big, kind):
    """An address of a network says the same to everybody, whatever Python makes of it."""
    keep(big, kind, *(value for value, _ in TEXTS[kind]))

    found = records(big)

    assert [field(each, 'industry = "x"') for each in found] == [text for _, text in TEXTS[kind]]


@pytest.mark.parametrize("kind", ["uuid[]", "inet[]", "interval[]", "text[]", "jsonb", "json"])
def test_a_list_is_one_of_texts(big, kind):
    """Technologies, interests: whichever way somebody kept them."""
    one = {"uuid[]": (UUID, UUID), "inet[]": ("10.0.0.1", "10.0.0.1"), "interval[]": ("1 mon", "P1M")}
    said, wanted = one.get(kind, ('printing","a;b', ("printing", "a;b")))
    keep(big, kind, f'{{"{said}",null}}' if kind.endswith("[]") else f'["{said}",null]')

    (found,) = records(big)

    assert field(found, 'interests = "x"') == (wanted if isinstance(wanted, tuple) else (wanted,))


@pytest.mark.parametrize("kind", REFUSED)
def test_what_has_no_such_text_is_refused_where_it_is_read(big, kind):
    """A guess would be judged as if somebody had said it."""
    keep(big, kind, REFUSED[kind])

    (found,) = records(big)

    for said in ('industry = "x"', 'employees = "x"', 'interests = "x"'):
        with pytest.raises(LeadError, match=r"lead 0: .*: expected .*, found (something|a list|infinity|a number)"):
            field(found, said)


def test_a_number_that_is_none_is_missing(big):
    """NaN is a database's word for nothing."""
    keep(big, "numeric", "NaN", "12.5")

    assert [field(each, 'employees = "x"') for each in records(big)] == [None, Decimal("12.5")]


@pytest.mark.parametrize("kind", ["point", "money", "xml", "bit(4)", "tsvector", "int4range", *TEXTS, *REFUSED])
def test_a_column_that_nobody_reads_costs_no_record(big, kind):
    """The table is somebody's own; and no warning about it comes on the screen."""
    odd = {"point": "(1,2)", "money": "12.5", "xml": "<a/>", "bit(4)": "1010", "tsvector": "a b"}
    value = odd.get(kind) or REFUSED.get(kind) or TEXTS[kind][-1][0]
    keep(big, kind, value)
    big.say(
        f"alter table activities add column x {kind}; "
        "insert into activities select 0, 'call', '2026-11-02 10:00:00', null, x from leads"
    )

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = sync_leads(
            DEFINITION, "database", options={"url": big.url}, setup=True, as_of=datetime(2026, 11, 20, tzinfo=UTC)
        )
        whole = records(big, ())

    assert (report.judged, report.rejected, report.rejected_activities) == (1, 0, 0)
    assert report.stages == {"mql": 1}
    assert adapter("database").mapping.values(whole[0])["email"] == "p0@example.com"


def test_a_moment_that_no_calendar_has_hides_nothing(big):
    """Infinity says "never changed any more", a year 12000 is a slip: the cursor must not go there."""
    fill(big, 5)
    big.say("insert into leads values (7, null, 1, null, 'infinity')")
    big.say("insert into leads values (8, null, 1, null, '12000-01-01 10:00:00')")
    big.say("insert into leads values (9, null, 1, null, '-infinity')")
    big.say("insert into leads values (10, null, 1, null, '0044-03-15 10:00:00 BC')")
    with big.connect(page="1") as open_:
        assert sorted(ids(open_)) == [0, 1, 2, 3, 4, 7, 8, 9, 10]
        last = last_cursor(open_)
        big.say("update leads set updated_at = '2026-11-02 10:00:00' where id = 3")
        assert ids(open_, last) == [3, 8, 7]
        early = next(open_.pages()).cursor
        assert sorted(ids(open_, early)) == [0, 1, 2, 3, 4, 7, 8, 10]


# Lists


def write_lists(base, kind):
    """Write lists into a column of this type, and read each again."""
    keep(base, kind, None)
    mapping = loads_mapping('id = "id"\n[fields]\ninterests = "x"')
    for entries in (["printing", "a;b", 'she said "no"'], [], ["0031"]):
        with base.connect(["x"]) as open_:
            assert open_.write([Update("0", {"x": entries})])[0].refused is None
            ((found,),) = [page.records for page in open_.pages()]

        assert found["x"] == entries
        assert mapping.values(found)["interests"] == tuple(entries)


def test_lists_are_read_and_written_where_a_column_holds_json(base):
    """What was written as a list is read as one, and the next sync finds it as it was."""
    write_lists(base, "json")


@pytest.mark.parametrize("kind", ["jsonb", "text[]"])
def test_lists_are_read_and_written_in_postgresql_s_own_types(big, kind):
    """Arrays were there before JSON was."""
    write_lists(big, kind)


@pytest.mark.parametrize("value", ["mql", "0031", True, 40, Decimal("15.5"), datetime(2026, 11, 20, 12, tzinfo=UTC)])
def test_one_value_is_written_as_json_too(base, value):
    """Who keeps all of a verdict in columns of JSON is not to be refused; nothing is a null of the database."""
    keep(base, "json", '"old"')
    with base.connect(["x"]) as open_:
        assert open_.write([Update("0", {"x": value})])[0].refused is None
        ((found,),) = [page.records for page in open_.pages()]
        assert found["x"] == (value.isoformat() if isinstance(value, datetime) else value)

        open_.write([Update("0", {"x": None})])
    assert base.say("select count(*) from leads where x is null") == [(1,)]


def test_a_text_is_no_array(big):
    """The mapping says `as = "list"` where the column holds lists."""
    keep(big, "text[]", None)
    with big.connect(["x"]) as open_:
        assert open_.write([Update("0", {"x": "a;b"})])[0].refused == "x: the column holds array, which this isn't"


def test_json_that_is_none_is_read_as_it_stands(tmp_path):
    """SQLite checks no type: somebody wrote words into the column."""
    base = Base(f"sqlite:///{tmp_path / 'crm.db'}")
    keep(base, "json", "printing; labels", '["printing"', "[" * 100_000, '{"page": "/pricing"}', 12, b"\x00")

    found = records(base)

    base.engine.dispose()
    assert [each["x"] for each in found[:2]] == ["printing; labels", '["printing"']
    assert found[3]["x"] == {"page": "/pricing"}
    assert [each["x"] for each in found[4:]] == [12, b"\x00"]
    assert field(found[0], 'interests = "x"') == ("printing", "labels")


def test_a_sync_reads_and_writes_lists(base, tmp_path):
    """From the column of the lead to that of the verdict, twice, and the second time there is nothing to do."""
    keep(base, "json", '["printing", "labels"]', '["farming"]')
    base.say("alter table leads add column reached json")
    mapping = tmp_path / "lists.mapping.toml"
    mapping.write_text(
        """
extends = "database"
[fields]
interests = { from = "x", as = "list" }
[write]
reached = { to = "reached", as = "list" }
"""
    )
    done = [
        sync_leads(
            DEFINITION,
            "database",
            mapping=mapping,
            options={"url": base.url},
            setup=True,
            as_of=datetime(2026, 11, 20, tzinfo=UTC),
        )
        for _ in range(2)
    ]

    assert [each.rejected for each in done] == [0, 0]
    assert [each.written for each in done] == [2, 0]
    assert [each["reached"] for each in records(base, ("reached",))] in ([["mql"], []], [["mql"], None])
