"""`qualify sync`: what it says, what it writes, and how it ends."""

import json
import sqlite3

import pytest

from tests.cli.command import qualify, same_as_printed

MAPPING = """
id = "id"

[fields]
industry = "industry"
employees = { from = "employees", as = "number", lenient = true }
opted_out = { from = "opted_out", as = "yes/no" }

[activities]
lead = "lead_id"
type = "type"
at = "at"

[write]
stage = "verdict.stage"
as_of = "verdict.as_of"
scores = { "*" = "verdict.score_*" }

[write.lifecycle]
to = "lifecycle"
values = { mql = "marketing", sql = "sales" }
order = ["new", "marketing", "sales"]
"""

ROWS = """
create table leads (id text primary key, industry text, employees, opted_out boolean, lifecycle text, updated_at timestamp);
insert into leads values
    ('0031', 'Printing', 80, false, 'new', '2026-11-02 10:00:00'),
    ('0032', 'Packaging', null, false, null, '2026-11-02 10:01:00'),
    ('0033', 'Farming', 'a few', false, 'new', '2026-11-02 10:02:00'),
    ('0034', 'Printing', 90, true, 'new', '2026-11-02 10:03:00'),
    ('0035', 'Printing', 7, false, 'evangelist', '2026-11-02 10:04:00');
"""


@pytest.fixture
def crm(folder, monkeypatch):
    """A database with five leads beside the definition, and where it is in the environment."""
    (folder / "own.toml").write_text(MAPPING, encoding="utf-8")
    open_ = sqlite3.connect(folder / "crm.db")
    open_.executescript(ROWS)
    monkeypatch.setenv("QUALIFY_DATABASE_URL", f"sqlite:///{folder / 'crm.db'}")
    yield open_
    open_.close()


def sync(folder, *words, columns=80):
    """The command with what is the same each time."""
    same = ("sync", "shops.toml", "--from", "database", "-m", "own.toml", "--as-of", "2026-11-20T12:00Z")
    return qualify(*same, *words, folder=folder, columns=columns)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_dry_run_shows_what_would_be_written(crm, folder, columns):
    """It is what a person looks at before the first sync."""
    done = sync(folder, "--dry-run", columns=columns)

    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= columns
    same_as_printed(f"sync-dry-run-{columns}", done.out)
    assert not crm.execute("select name from sqlite_master where name = 'verdicts'").fetchall()


def test_a_dry_run_tells_programs_each_record(crm, folder):
    """One line a record; the counts are beside it."""
    done = sync(folder, "--dry-run", "--json")

    records = [json.loads(line) for line in done.out.splitlines()]
    assert [each["id"] for each in records] == [
        "0031",
        "0032",
        "0033",
        "0034",
        "0035",
    ]
    assert records[0]["changes"]["lifecycle"] == {"from": "new", "to": "marketing"}
    assert json.loads(done.err.splitlines()[-2] if "listed in" in done.err else done.err)["written"] == 5


def test_what_is_missing_is_named_and_made(crm, folder):
    """The first sync is one command."""
    refused, made = sync(folder), sync(folder, "--setup")

    assert refused.code == 1
    assert "database has no verdict.stage, verdict.as_of, verdict.score_fit" in refused.err
    assert made.code == 0
    same_as_printed("sync-setup", made.out)
    assert crm.execute("select stage, score_fit from verdicts order by lead_id").fetchall() == [
        ("mql", 35),
        ("mql", 20),
        (None, 0),
        ("mql", 35),
        ("mql", 20),
    ]
    assert [each for (each,) in crm.execute("select lifecycle from leads order by id")] == [
        "marketing",
        "marketing",
        "new",
        "new",
        "evangelist",
    ]


def test_what_a_person_has_to_look_at_is_listed(crm, folder):
    """A count alone sends nobody to the right record."""
    done = sync(folder, "--setup")

    assert "employees 1" in done.err
    assert "database.sync-report.csv" in done.err
    assert (folder / "database.sync-report.csv").read_text().splitlines()[1:] == [
        'passed over,0033,"employees: expected a number, found text (5 characters)"',
        "lifecycle,0035,it has a value that the order doesn't know: left alone",
    ]


def test_refused_records_end_in_six_and_the_rest_is_written(crm, folder):
    """As `run` does with rejected ones."""
    sync(folder, "--setup")
    crm.executescript(
        "delete from verdicts; create trigger t before insert on verdicts when new.lead_id = '0032' "
        "begin select raise(abort, 'locked by Ann'); end;"
    )

    done = sync(folder)

    assert done.code == 6
    assert "1  refused" in done.out
    assert "refused,0032,locked by Ann" in (folder / "database.sync-report.csv").read_text()
    assert crm.execute("select count(*) from verdicts").fetchone() == (4,)


def test_the_second_time_nothing_is_read(crm, folder):
    """The state file remembers."""
    sync(folder, "--setup", "--state", "state.json")

    done = sync(folder, "--state", "state.json", "--json")

    assert json.loads(done.out)["read"] == 0
    assert not json.loads(done.out)["all_anew"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--option", "url"), "say NAME=VALUE"),
        (("--limit", "-1"), "0 or more"),
        (("--to-mapping", "x.toml"), "another adapter than --from"),
        (("--as-of", "soon"), "say a date with a time"),
    ],
)
def test_a_wrong_call_ends_in_two(crm, folder, words, said):
    """Nothing is read or written."""
    done = sync(folder, *words)

    assert done.code == 2
    assert said in " ".join(done.err.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--state", "nowhere/state.json"), "there is no folder nowhere"),
        (("--option", "leads=leeds"), "has no table 'leeds' of leads; did you mean 'leads'?"),
        (("--option", "url=sqlite:///crm.db", "--option", "colour=red"), "database has no option 'colour'"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(crm, folder, words, said):
    """Not with a traceback."""
    done = sync(folder, *words)

    assert done.code == 1
    assert said in done.err


def test_an_adapter_for_files_cannot_be_synced(crm, folder):
    """`run` is for files."""
    done = qualify("sync", "shops.toml", "--from", "csv", folder=folder)

    assert done.code == 1
    assert "'csv' is not for a system of records" in done.err


def test_no_message_holds_a_secret_or_a_value(crm, folder, monkeypatch):
    """A log is read by many."""
    monkeypatch.setenv("QUALIFY_DATABASE_URL", "postgresql+psycopg://me:geheim@localhost:1/crm?connect_timeout=1")

    done = sync(folder, "--patience", "0")

    assert done.code == 1
    assert "geheim" not in done.out + done.err
    assert "can't be reached" in done.err
