"""Leads in a database: pages that miss nothing, verdicts beside them or in a table, errors that tell no value."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from qualify.adapters import ConnectionTrouble, NewProperty, Update, adapter
from qualify.errors import AdapterError
from tests.adapters import postgres

MADE = """
create table leads (id integer primary key, email text, employees integer, opted_out boolean, updated_at timestamp);
create table activities (lead_id integer, type text, at timestamp, page text);
"""

WANTED = (
    NewProperty("stage", "Stage", "text", path="verdict.stage"),
    NewProperty("fit", "Fit", "number", path="verdict.fit"),
    NewProperty("qualify_as_of", "As of", "datetime", path="qualify_as_of"),
    NewProperty("qualify_big", "Big", "boolean", path="qualify_big"),
)


class Base:
    """One database: SQL into it, and connections to it."""

    def __init__(self, url):
        from sqlalchemy import create_engine

        self.url, self.engine = url, create_engine(url)
        self.say(MADE)

    def say(self, sql):
        """Run some statements, and give what the last one found."""
        from sqlalchemy import text

        with self.engine.begin() as open_:
            for each in filter(str.strip, sql.split(";")):
                found = open_.execute(text(each))
            return found.fetchall() if found.returns_rows else None

    def connect(self, properties=(), **options):
        """A connection, as a sync has one."""
        return adapter("database").connect(properties, {"url": self.url, **options})


@pytest.fixture(scope="module")
def server():
    why = postgres.why_not()
    if why is not None:
        pytest.skip(why)
    with postgres.server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request, tmp_path, monkeypatch):
    """An empty database of each kind."""
    monkeypatch.delenv("QUALIFY_DATABASE_URL", raising=False)
    url = f"sqlite:///{tmp_path / 'crm.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("server").database()
    made = Base(url)
    yield made
    made.engine.dispose()


def fill(base, count, at="2026-11-01 10:00:00"):
    base.say(
        "".join(
            f"insert into leads values ({each}, 'p{each}@example.com', {each}, null, '{at}');" for each in range(count)
        )
    )


def ids(connection, since=None):
    return [record["id"] for page in connection.pages(since) for record in page.records]


# Reading


def test_records_hold_the_columns_as_the_database_says_them(base):
    """A mapping reads numbers, booleans and moments; here they need no reading."""
    base.say("insert into leads values (1, 'a@example.com', 80, true, '2026-11-01 10:00:00')")
    with base.connect() as open_:
        (page,) = open_.pages()
        values = adapter("database").mapping.values(page.records[0])

    assert page.total == 1
    assert (values["id"], values["email"], values["employees"], values["opted_out"]) == ("1", "a@example.com", 80, True)


def test_only_what_the_mapping_reads_is_asked_for(base):
    """A table of leads may hold what nobody here should see."""
    base.say("insert into leads values (1, 'a@example.com', 80, true, '2026-11-01 10:00:00')")
    with base.connect(["employees", "verdict.stage"]) as open_:
        (page,) = open_.pages()

    assert page.records == ({"id": 1, "employees": 80},)


def test_pages_hold_every_lead_once_though_all_changed_at_one_moment(base):
    """A load writes a thousand rows at one moment: the moment alone is no place to go on from."""
    fill(base, 25)
    with base.connect(page="10") as open_:
        assert ids(open_) == list(range(25))


def test_a_later_read_gives_what_changed_alone(base):
    """What nobody touched is not read again."""
    fill(base, 5)
    with base.connect() as open_:
        *_, last = open_.pages()
        base.say("update leads set updated_at = '2026-11-02 10:00:00' where id = 3")
        base.say("insert into leads values (9, null, 1, null, '2026-11-02 11:00:00')")

        assert ids(open_, last.cursor) == [3, 9]


def test_reading_goes_on_in_the_middle(base):
    """A sync that was killed reads the rest, and what was changed meanwhile."""
    fill(base, 25)
    with base.connect(page="10") as open_:
        first = next(open_.pages())

        assert ids(open_, first.cursor) == list(range(10, 25))


def test_a_row_that_was_committed_late_is_not_missed(base):
    """A transaction may take a minute, and its rows bear the moment at which it began."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    base.say(f"insert into leads values (1, null, 1, null, '{now}')")
    with base.connect() as open_:
        *_, last = open_.pages()
        base.say(f"insert into leads values (2, null, 1, null, '{now - timedelta(seconds=20)}')")

        assert 2 in ids(open_, last.cursor)


def test_a_moment_in_the_future_hides_nothing(base):
    """Somebody's clock is wrong, once, and the cursor would be in 2099 from then on."""
    base.say("insert into leads values (1, null, 1, null, '2099-01-01 00:00:00')")
    with base.connect() as open_:
        *_, last = open_.pages()
        base.say("insert into leads values (2, null, 1, null, '2026-11-02 10:00:00')")

        assert 2 in ids(open_, last.cursor)


def test_leads_that_never_changed_are_read_each_time(base):
    """A null is later than nothing: a cursor alone would never see them."""
    fill(base, 3)
    base.say("".join(f"insert into leads values ({each}, null, 1, null, null);" for each in range(100, 125)))
    with base.connect(page="10") as open_:
        *_, last = open_.pages()

        assert ids(open_) == [0, 1, 2, *range(100, 125)]
        assert ids(open_, last.cursor) == [*range(100, 125)]


def test_a_table_without_such_a_column_is_read_as_a_whole(base):
    """There is no reading since, so there is no cursor that would pretend."""
    base.say("create table people (id text primary key, email text); insert into people values ('b', 'x'), ('a', 'y')")
    with base.connect(leads="people") as open_:
        pages = list(open_.pages())

        assert [page.cursor for page in pages] == [None]
        assert ids(open_) == ["a", "b"]
        with pytest.raises(AdapterError, match="no reading since"):
            ids(open_, '{"at": 1}')


@pytest.mark.parametrize("cursor", ["", "{}", "[1]", '{"database": "x", "table": "leads", "at": "2026", "id": "1"}'])
def test_a_cursor_of_somewhere_else_is_refused(base, cursor):
    """Going on from there would skip what nobody has read."""
    with base.connect() as open_, pytest.raises(AdapterError, match="cursor"):
        ids(open_, cursor)


def test_a_counter_can_say_what_changed(base):
    """Some tables count versions, which no clock disturbs."""
    base.say("create table versions (id integer primary key, version integer not null)")
    base.say("insert into versions values (1, 7), (2, 3)")
    with base.connect(leads="versions", changed="version") as open_:
        *_, last = open_.pages()
        base.say("insert into versions values (3, 8)")

        assert ids(open_) == [2, 1, 3]
        assert ids(open_, last.cursor) == [3]


def test_ids_that_are_uuids_are_texts(base):
    """The same id is written to a table that holds text."""
    kind = "uuid" if base.engine.dialect.name == "postgresql" else "text"
    base.say(f"create table people (id {kind} primary key, updated_at timestamp, stage text)")
    base.say("insert into people values ('6f1c1c1e-0000-4000-8000-000000000001', '2026-11-01 10:00:00', null)")
    with base.connect(leads="people") as open_:
        (found,) = ids(open_)

        assert found == "6f1c1c1e-0000-4000-8000-000000000001"
        assert open_.write([Update(found, {"stage": "mql"})])[0].refused is None
    assert base.say("select stage from people") == [("mql",)]


# What happened


def test_activities_come_with_their_leads(base):
    """The mapping reads them as it reads a second file."""
    fill(base, 3)
    base.say(
        "insert into activities values (1, 'page_view', '2026-11-01 10:00:00', '/pricing'), (7, 'call', null, null)"
    )
    with base.connect() as open_:
        (page,) = open_.pages()
        (happening,) = open_.happenings(page.records)
        lead, activity = adapter("database").mapping.activity(happening.row)

    assert (lead, activity["type"], activity["properties"]) == ("1", "page_view", {"page": "/pricing"})


def test_without_such_a_table_nobody_can_tell(base):
    """Nothing happened, and nobody knows, are two answers."""
    base.say("drop table activities")
    with base.connect() as open_:
        assert open_.happenings([{"id": 1}]) is None


# Writing


def test_setup_makes_the_table_and_the_columns_that_are_missing(base):
    """And a second time nothing."""
    fill(base, 1)
    with base.connect() as open_:
        assert open_.missing(WANTED) == list(WANTED)
        open_.create(WANTED)
        open_.create(WANTED)
        assert open_.missing(WANTED) == []
        more = NewProperty("reason", "Why", "long text", path="verdict.reason")
        open_.create([more])
        assert open_.missing([more]) == []


@pytest.mark.parametrize("name", ["a%s", "qual:stage", "user", "group by", 'a"b', "Größe"])
def test_columns_of_any_name_are_made_and_written(base, name):
    """Nobody here chose what the columns of others are called."""
    fill(base, 1)
    with base.connect([name]) as open_:
        for _ in range(2):  # a second time nothing
            open_.create([NewProperty(name, "Stage", "text")])
        (answer,) = open_.write([Update("0", {name: "mql"})])
        (page,) = open_.pages()

    assert (answer.refused, page.records[0][name]) == (None, "mql")


def test_a_score_of_many_places_is_read_as_it_was_written(base):
    """Rounded by the database it would differ, and be written again by every sync."""
    fill(base, 1)
    with base.connect(["verdict.fit"]) as open_:
        open_.create([NewProperty("fit", "Fit", "number", path="verdict.fit")])
        open_.write([Update("0", {"verdict": {"fit": Decimal("11.10998889")}})])
        (page,) = open_.pages()

    assert float(page.records[0]["verdict"]["fit"]) == 11.10998889


def test_updates_go_to_the_row_and_to_the_verdicts(base):
    """Written twice they are what they were, and they are read again as they were written."""
    fill(base, 2)
    changes = {
        "verdict": {"stage": "mql", "fit": 35.5},
        "qualify_as_of": "2026-11-20T13:00:00+01:00",
        "qualify_big": True,
    }
    with base.connect() as open_:
        open_.create(WANTED)
        for _ in range(2):
            assert [
                each.refused for each in open_.write([Update("0", changes), Update("1", {"qualify_big": False})])
            ] == [
                None,
                None,
            ]
        (page,) = open_.pages()

    first, second = page.records
    assert first["verdict"] == {"lead_id": 0, "stage": "mql", "fit": first["verdict"]["fit"]}
    assert float(first["verdict"]["fit"]) == 35.5
    assert (first["qualify_big"], second["qualify_big"], second["verdict"]["stage"]) == (True, False, None)
    assert str(first["qualify_as_of"]).startswith("2026-11-20 1")


def test_a_refused_row_does_not_cost_the_others(base):
    """The database refuses a whole transaction: the rest is then written one by one."""
    base.say("create table people (id integer primary key, updated_at timestamp, stage text check (stage <> 'bad'))")
    base.say("".join(f"insert into people values ({each}, '2026-11-01 10:00:00', null);" for each in range(3)))
    with base.connect(leads="people") as open_:
        answers = open_.write(
            [Update("0", {"stage": "ok"}), Update("1", {"stage": "bad"}), Update("2", {"stage": "ok"})]
        )

    assert [bool(each.refused) for each in answers] == [False, True, False]
    assert base.say("select stage from people order by id") == [("ok",), (None,), ("ok",)]


@pytest.mark.parametrize(
    ("update", "said"),
    [
        (Update("77", {"employees": 1}), "no row has this id"),
        (Update("x", {"employees": 1}), "no row has this id"),
        (Update("1", {"shoes": 1}), "there is no column 'shoes'"),
        (Update("1", {"employees": "many"}), "employees: the column holds integer, which this isn't"),
    ],
)
def test_what_cannot_be_written_is_answered(base, update, said):
    """Each with what a person can do about it."""
    fill(base, 2)
    with base.connect() as open_:
        (answer,) = open_.write([update])

    assert answer.refused == said


# Where it is, and what goes wrong


def test_a_password_in_an_option_is_refused_and_not_repeated(base):
    """Everybody on the machine can see a program's words."""
    for url in ("postgresql://me:geheim@localhost/crm", "postgresql://me@localhost/crm?password=geheim"):
        with pytest.raises(AdapterError, match="QUALIFY_DATABASE_PASSWORD") as why:
            adapter("database").connect([], {"url": url})

        assert "geheim" not in str(why.value)


def test_the_url_comes_from_the_environment(base, monkeypatch):
    """That is where secrets are."""
    monkeypatch.setenv("QUALIFY_DATABASE_URL", base.url)
    fill(base, 1)

    with adapter("database").connect([]) as open_:
        assert ids(open_) == [0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "which one?"),
        ({"url": "not a url"}, "no URL"),
        ({"url": "mongo://x/y"}, "no such kind"),
        ({"url": "sqlite://", "leeds": "people"}, "did you mean 'leads'"),
        ({"url": "sqlite://", "page": "many"}, "whole number"),
        ({"url": "sqlite://"}, "has no table 'leads'"),
    ],
)
def test_what_was_said_wrongly_is_named(monkeypatch, options, said):
    """Before anything is asked of a database."""
    monkeypatch.delenv("QUALIFY_DATABASE_URL", raising=False)

    with pytest.raises(AdapterError, match=said):
        adapter("database").connect([], options)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"leads": "leeds"}, "'leads'"), ({"id": "idd"}, "'id'"), ({"changed": "changed_at"}, "it has|did you mean")],
)
def test_a_table_or_column_that_is_not_there_is_named_with_the_nearest(base, options, said):
    """Most are typed wrongly."""
    with pytest.raises(AdapterError, match=said):
        base.connect(**options)


def test_a_server_that_is_not_there_is_trouble_that_may_pass(tmp_path):
    """It may be starting: a sync tries again for a while."""
    pytest.importorskip("psycopg")
    with pytest.raises(ConnectionTrouble, match="can't be reached") as why:
        adapter("database").connect([], {"url": f"postgresql+psycopg://me@/crm?host={tmp_path}"})

    assert str(tmp_path) not in str(why.value)


def test_a_locked_database_is_trouble_that_may_pass(tmp_path):
    """Another program writes to the same file."""
    base = Base(f"sqlite:///{tmp_path / 'crm.db'}?timeout=0.01")
    fill(base, 1)
    with base.connect() as open_:
        other = sqlite3.connect(tmp_path / "crm.db")
        other.execute("begin exclusive")
        with pytest.raises(ConnectionTrouble, match="busy"):
            open_.write([Update("0", {"employees": 2})])
        other.rollback()
        other.close()
        assert open_.write([Update("0", {"employees": 2})])[0].refused is None
    base.engine.dispose()


def test_errors_hold_no_value(base):
    """A database's own messages repeat the row."""
    base.say("create table people (id integer primary key, updated_at timestamp, note text)")
    base.say("insert into people values (1, '2026-11-01 10:00:00', 'secret')")
    with base.connect(leads="people") as open_:
        base.say("drop table people")
        with pytest.raises(AdapterError) as why:
            ids(open_)

    assert "people" not in str(why.value)
    assert "select" not in str(why.value).lower()


def test_a_value_that_is_no_moment_costs_no_page(tmp_path):
    """SQLite keeps anything anywhere."""
    base = Base(f"sqlite:///{tmp_path / 'crm.db'}")
    fill(base, 2)
    base.say("insert into leads values (7, null, 'many', 'perhaps', 'last week')")
    with base.connect() as open_:
        assert sorted(ids(open_)) == [0, 1, 7]
    base.engine.dispose()


def test_the_cursor_says_where_and_not_who(base):
    """It stands in the state file."""
    fill(base, 3)
    with base.connect() as open_:
        *_, last = open_.pages()

    assert set(json.loads(last.cursor)) == {"database", "table", "at", "id"}
    assert "example" not in last.cursor
