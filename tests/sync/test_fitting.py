"""What can't be meant is said before anything is read, and what an earlier definition wrote doesn't stay."""

import sqlite3

import pytest

import qualify
from qualify.errors import AdapterError
from qualify.sync import sync_leads
from tests.sync.shelf import Shelf

DEFINITION = """
format = 1
name = "Print shops"
version = "1"
teams = { marketing = "Marketing", sales = "Sales" }

[traits.prints]
team = "marketing"
when = 'industry == "Printing"'
why = "We know that business."

[scores.fit.points]
prints = 20

[stages.mql]
requires.marketing = "prints"
"""

MORE = """
[traits.large]
team = "sales"
when = 'employees >= 50'
why = "They need us."

[scores.size.points]
large = 15
"""

MAPPING = """
[fields]
industry = "{industry}"
employees = "employees"

[write]
stage = "verdict.stage"
scores = {{ "*" = "verdict.score_*" }}
traits = {{ "*" = "verdict.trait_*" }}
"""

LIFECYCLE = """
[write.lifecycle]
to = "phaze"
values = { mql = "marketing" }
order = ["new", "marketing"]
"""


@pytest.fixture
def crm(tmp_path):
    """A database of two leads."""
    open_ = sqlite3.connect(tmp_path / "crm.db")
    open_.executescript(
        """
        create table leads (id integer primary key, line text, employees integer, phase text, updated_at timestamp);
        insert into leads values (1, 'Printing', 80, 'new', '2026-11-02 10:00:00');
        insert into leads values (2, 'Farming', 8, 'new', '2026-11-02 10:00:00');
        """
    )
    yield open_
    open_.close()


@pytest.fixture
def sync(tmp_path, crm):
    """Sync it by a definition and a mapping; what is said beside is passed on."""

    def synced(definition=DEFINITION, mapping="", industry="line", **said):
        text = 'id = "id"\n' + MAPPING.format(industry=industry) + mapping
        url = f"sqlite:///{tmp_path / 'crm.db'}"
        (tmp_path / "own.toml").write_text(text, encoding="utf-8")
        return sync_leads(
            qualify.loads(definition),
            "database",
            mapping=tmp_path / "own.toml",
            options={"url": url},
            setup=True,
            **said,
        )

    return synced


def test_a_column_that_the_mapping_names_and_nobody_has_is_an_error(crm, sync):
    """All leads would lose their stages by one letter."""
    with pytest.raises(AdapterError, match=r"field 'industry' is read from 'lime' \(did you mean 'line'\?\)"):
        sync(industry="lime")
    with pytest.raises(AdapterError, match=r"the lifecycle is written to 'phaze' \(did you mean 'phase'\?\)"):
        sync(mapping=LIFECYCLE)

    assert not crm.execute("select name from sqlite_master where name = 'verdicts'").fetchall()


def test_a_column_that_the_adapter_itself_looks_for_may_be_missing(sync):
    """The built-in mapping names many columns, and nobody has them all."""
    assert sync(industry="industry").stages == {"": 2}


def test_a_column_that_the_sync_makes_may_be_read(sync):
    """The first sync makes what the second one reads."""
    assert sync(industry="verdict.stage").written == 2


def test_what_an_earlier_definition_wrote_is_emptied(crm, sync):
    """A score that nobody counts any more is no score."""
    sync(DEFINITION + MORE)
    crm.execute("alter table verdicts add column note text")
    crm.execute("update verdicts set note = 'call her'")
    crm.commit()
    before = crm.execute("select score_size, trait_large from verdicts where lead_id = 1").fetchone()
    first, second = sync(), sync()

    assert before[0] == 15
    assert before[1] is not None
    assert (first.written, second.written) == (2, 0)
    assert crm.execute(
        "select score_fit, score_size, trait_large, note from verdicts where lead_id = 1"
    ).fetchall() == [(20, None, None, "call her")]


def test_kinds_of_activity_that_no_source_gives_are_noted(sync):
    """A count that is nought for everybody looks like nobody ever called."""
    called = DEFINITION + '[traits.called]\nteam = "sales"\nwhen = "count(call) >= 1"\nwhy = "Talked."\n'
    emails = '[activities.mails]\nlead = "lead"\ntype = { always = "email_open" }\nat = "at"\n'
    reads_any = '[activities]\nlead = "lead_id"\ntype = "type"\nat = "at"\n'

    assert sync(called, emails).notes == ["the definition asks for activities that the mapping doesn't read: call"]
    assert sync(called).notes == ["the definition asks for activities that the mapping doesn't read: call"]
    assert sync(called, reads_any).notes == []
    assert sync().notes == []


def test_a_source_that_cannot_tell_its_columns_is_asked_nothing():
    """Other systems know their properties only when they are asked for them."""
    assert not hasattr(Shelf(()).connect(()), "columns")
