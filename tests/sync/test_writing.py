"""What is written: the parts of a verdict, to the places that the mapping names, and only where they differ."""

import pytest

from qualify.errors import AdapterError, QualifyError
from tests.sync.conftest import LEADS
from tests.sync.shelf import DEFINITION, MAPPING, Shelf, ShelfConnection


def test_each_part_of_the_verdict_comes_to_its_place(shelf, sync):
    """A person in the CRM reads the stage, the score, and why."""
    sync(shelf)

    assert shelf.verdict("1") == {
        "stage": "sql",
        "reached": "mql;sql",
        "state": "reached",
        "reason": "This lead is an SQL. Sales: yes (large: yes (employees: 80, asked for: at least 50)).",
        "codes": "ours=no;called=unknown;large=yes;prints=yes;size=big",
        "definition": "Print shops 3",
        "digest": DEFINITION.digest,
        "as_of": "2026-11-20T12:00:00Z",
        "left_out": False,
        "score_fit": 35.5,
        "tier_size": "big",
        "trait_ours": "no",
        "trait_large": "yes",
        "trait_prints": "yes",
        "trait_called": "unknown",
    }


def test_what_is_missing_is_asked_for_in_the_record(shelf, sync):
    """Sales sees in the CRM which question settles the lead."""
    sync(shelf)

    assert shelf.verdict("3").get("missing") is None
    shelf.put({"id": "3", "industry": None})
    sync(shelf)
    assert shelf.verdict("3")["missing"] == "industry;employees"


def test_a_second_sync_writes_nothing(shelf, sync):
    """A CRM counts calls, keeps a history of each property, and starts workflows when one is written."""
    sync(shelf)
    shelf.writes.clear()

    report = sync(shelf)

    assert not shelf.writes
    assert (report.written, report.unchanged) == (0, 5)


def test_another_moment_alone_is_no_change(shelf, sync, later):
    """Else every record would be written every night, for nothing but its stamp."""
    sync(shelf)
    shelf.writes.clear()

    sync(shelf, as_of=later)

    assert not shelf.writes


def test_only_what_differs_is_written_and_the_moment_with_it(shelf, sync, later):
    """Whatever else a person keeps there is not touched."""
    sync(shelf)
    shelf.writes.clear()
    shelf.records["1"]["verdict"]["score_fit"] = "12"

    sync(shelf, as_of=later)

    assert shelf.writes == [("1", {"verdict": {"score_fit": 35.5, "as_of": "2026-11-21T12:00:00Z"}})]


@pytest.fixture
def later():
    """The day after."""
    from datetime import UTC, datetime

    return datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("score_fit", "35.50"),
        ("left_out", "false"),
        ("left_out", 0),
        ("as_of", "2026-11-20T13:00:00+01:00"),
        ("as_of", "1795176000000"),
        ("reached", ["mql", "sql"]),
        ("stage", "sql "),
        ("missing", ""),
    ],
)
def test_what_the_source_says_in_its_own_words_is_no_change(shelf, sync, path, said):
    """HubSpot keeps every number as text, and every moment as milliseconds."""
    sync(shelf)
    shelf.writes.clear()
    shelf.records["1"]["verdict"][path] = said

    sync(shelf)

    assert not shelf.writes


def test_of_a_lead_that_is_left_out_nothing_is_written_but_that(shelf, sync):
    """It objected, or is one of us: no score, no stage, no reason."""
    report = sync(shelf)

    assert shelf.verdict("4") == {"left_out": True}
    assert report.left_out == 1


def test_a_mapping_that_does_not_ask_for_it_leaves_a_left_out_lead_alone(sync):
    """Nothing means nothing."""
    shelf = Shelf(LEADS, mapping=MAPPING.replace('left_out = "verdict.left_out"\n', ""))

    sync(shelf)

    assert not shelf.verdict("4")


def test_a_mapping_without_write_is_refused_before_anything_is_read(sync):
    """A sync that can't write anything was meant otherwise."""
    shelf = Shelf(LEADS, mapping=MAPPING[: MAPPING.index("[write]")])

    with pytest.raises(QualifyError, match=r"no \[write\]"):
        sync(shelf)


def test_a_refused_record_is_reported_with_its_answer_and_the_rest_goes_on(shelf, sync, tmp_path):
    """One record that somebody locked must not keep the others back."""
    shelf.refuses["2"] = "record is locked\nby Ann"

    report = sync(shelf, report=tmp_path / "report.csv")

    assert (report.written, report.refused) == (4, 1)
    assert (tmp_path / "report.csv").read_text().splitlines() == [
        "what,lead_id,said",
        "refused,2,record is locked by Ann",
    ]


def test_a_record_without_an_id_and_one_that_cannot_be_read_are_reported(shelf, sync, tmp_path):
    """Neither stops the sync, and neither is lost without a word."""
    shelf.put({"id": "6", "size": "many"})
    shelf.put({"id": None, "size": 3})

    report = sync(shelf, report=tmp_path / "report.csv")

    assert (report.read, report.judged, report.rejected) == (7, 5, 2)
    assert (tmp_path / "report.csv").read_text().splitlines()[1:] == [
        'rejected,6,"employees: expected a number, found text (4 characters)"',
        'rejected,,"it has no id, so nothing can be written to it"',
    ]


def test_activities_are_asked_for_and_counted(sync):
    """What sales did is a fact like any other."""
    calls = [{"with": "1", "at": "2026-11-02T10:00:00Z"}, {"with": "2", "at": "yesterday"}]
    shelf = Shelf(LEADS, calls=calls)

    report = sync(shelf)

    assert shelf.verdict("1")["trait_called"] == "yes"
    assert shelf.verdict("2")["trait_called"] == "no"
    assert report.rejected_activities == 1


def test_missing_properties_are_named_before_anything_is_written(sync):
    """A thousand refusals would say the same."""
    shelf = Shelf(LEADS, made=False)

    with pytest.raises(AdapterError, match=r"shelf has no verdict\.stage, .*--setup"):
        sync(shelf)
    assert not shelf.writes


def test_setup_makes_what_is_missing_and_then_syncs(sync):
    """One command for whoever begins."""
    shelf = Shelf(LEADS, made=False)

    report = sync(shelf, setup=True)

    assert "verdict.score_fit" in report.created
    assert "lifecycle" not in report.created
    assert len(shelf.writes) == 5
    assert not sync(shelf, setup=True).created


def test_a_dry_run_writes_nothing_makes_nothing_and_tells_all(sync, tmp_path):
    """Whoever looks first can trust that looking is all that happened."""
    shelf, told = Shelf(LEADS, made=False), []

    report = sync(shelf, dry_run=True, setup=True, state=tmp_path / "state.json", tell=told.append)

    assert not shelf.writes
    assert not shelf.made
    assert not list(tmp_path.iterdir())
    assert (report.written, len(report.created)) == (5, 16)
    assert [each.id for each in told] == ["1", "2", "3", "4", "5"]
    assert told[0].changes["verdict.stage"] == (None, "sql")


def test_a_dry_run_promises_nothing_of_an_adapter_that_makes_no_properties(sync):
    """Tryton's fields come with a module: a person would wait for what never comes."""
    shelf = Shelf(LEADS, made=False)
    shelf.can = shelf.can - {"setup"}

    report = sync(shelf, dry_run=True)

    assert report.created == []
    assert report.notes[0].startswith("to be made by hand, before a sync: verdict.stage, ")


@pytest.mark.parametrize(("way", "kind"), [("date", "date"), ("text", "text"), ("datetime", "datetime")])
def test_a_property_is_made_for_what_is_written_to_it(sync, monkeypatch, way, kind):
    """A day in a column of moments would be refused in every record."""
    made = []
    monkeypatch.setattr(ShelfConnection, "create", lambda self, properties: made.extend(properties))
    mapping = MAPPING.replace('as_of = "verdict.as_of"', f'as_of = {{ to = "verdict.as_of", as = "{way}" }}')
    assert mapping != MAPPING

    sync(Shelf(LEADS, made=False, mapping=mapping), setup=True)

    assert {each.name: each.type for each in made}["as_of"] == kind


def test_what_a_dry_run_tells_is_what_is_written(shelf, sync):
    """Else it is worth nothing."""
    told = []
    sync(shelf, dry_run=True, tell=told.append)
    sync(shelf)

    written = dict(shelf.writes)
    assert {each.id: each.changes["verdict.left_out"][1] for each in told} == {
        lead: changes["verdict"]["left_out"] for lead, changes in written.items()
    }


def test_verdicts_can_go_to_another_place_than_leads_come_from(shelf, sync):
    """Leads of a CRM, verdicts in the warehouse: what it holds isn't known, so all is written."""
    other = Shelf([{"id": each["id"]} for each in LEADS])
    other.name = "other"

    report = sync(shelf, target=other)

    assert report.written == 5
    assert not shelf.writes
    assert other.verdict("1")["stage"] == "sql"
    assert "lifecycle" not in other.records["1"]


def test_what_was_passed_over_is_counted_and_listed(sync, tmp_path):
    """A lenient field keeps the record; that a value was lost must not stay unknown."""
    lenient = MAPPING.replace('employees = "size"', 'employees = { from = "size", lenient = true }')
    shelf = Shelf([{**LEADS[0], "size": "many"}], mapping=lenient)

    report = sync(shelf, report=tmp_path / "report.csv")

    assert (report.judged, report.passed_over) == (1, {"employees": 1})
    assert "passed over,1," in (tmp_path / "report.csv").read_text()
    assert "many" not in (tmp_path / "report.csv").read_text()
