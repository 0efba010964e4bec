"""Records that are one lead: found, reported, judged as one, and each written."""

import sqlite3
from contextlib import closing

import pytest

import qualify
from qualify.mapping import SameMap
from qualify.sync.merging import one_lead
from qualify.sync.reading import Read
from tests.sync.conftest import LEADS
from tests.sync.shelf import MAPPING, SAME, Shelf

TWICE = (
    {"id": "9", "email": "Ann@A.example", "size": 80, "seen": "2026-11-01T10:00:00Z"},
    {"id": "10", "email": "ann@a.example ", "industry": "Printing", "seen": "2026-11-03T10:00:00Z"},
    {"id": "11", "email": "bob@b.example", "size": 7, "industry": "Printing"},
)


def taking(take, records=TWICE, more=""):
    return Shelf(records, mapping=MAPPING + SAME.format(take=take) + more)


NEWEST = 'newest_by = "last_activity_at"\n'


@pytest.mark.parametrize(
    ("shelf", "stage", "points"),
    [(taking("first"), None, 15.5), (taking("newest", more=NEWEST), None, 20), (taking("merge"), "sql", 35.5)],
    ids=["first", "newest", "merge"],
)
def test_one_lead_has_one_verdict_and_each_record_gets_it(sync, tmp_path, shelf, stage, points):
    """Whoever opens either record in the CRM must read the same."""
    report = sync(shelf, report=tmp_path / "report.csv")

    assert shelf.verdict("9") == shelf.verdict("10")
    assert shelf.verdict("9").get("stage") == (stage or ("mql" if points == 20 else None))
    assert shelf.verdict("9")["score_fit"] == points
    assert (report.read, report.judged, report.duplicates) == (3, 2, 1)
    assert "duplicate,10,the same lead as 9" in (tmp_path / "report.csv").read_text()


def test_an_opt_out_in_one_record_holds_for_all(sync):
    """The person said no once; that it was in the other record is no excuse."""
    for take, more in (("first", ""), ("newest", NEWEST), ("merge", "")):
        for told in (0, 1):
            records = [dict(each) for each in TWICE]
            records[0]["industry"] = records[1]["industry"] = "Printing"
            records[told]["no_mail"], records[1 - told]["no_mail"] = True, False
            shelf = taking(take, records, more)

            sync(shelf)

            assert "lifecycle" not in shelf.records["9"]
            assert "lifecycle" not in shelf.records["10"]


def test_a_record_that_changed_is_judged_with_those_that_did_not(sync, tmp_path):
    """Alone it would say less than both, and the next full sync would say the other thing."""
    shelf = taking("merge")
    sync(shelf, state=tmp_path / "state.json")
    shelf.put({"id": "9", "size": 10})

    report = sync(shelf, state=tmp_path / "state.json")

    assert (report.read, report.judged, report.written) == (1, 1, 2)
    assert shelf.verdict("10")["score_fit"] == 20
    assert shelf.verdict("9") == shelf.verdict("10")


def test_a_record_that_becomes_the_same_lead_is_found(sync, tmp_path):
    """Somebody corrects an e-mail address, and two records are one."""
    shelf = taking("merge")
    sync(shelf, state=tmp_path / "state.json")
    shelf.put({"id": "11", "email": "ANN@a.example"})

    report = sync(shelf, state=tmp_path / "state.json")

    assert report.duplicates == 2
    assert shelf.verdict("11") == shelf.verdict("9")


def test_a_record_that_is_no_longer_there_is_forgotten(sync, tmp_path):
    """Somebody merged the two in the CRM."""
    shelf = taking("merge")
    sync(shelf, state=tmp_path / "state.json")
    del shelf.records["10"], shelf.changed["10"]
    shelf.put({"id": "9", "size": 10})

    assert sync(shelf, state=tmp_path / "state.json").duplicates == 0
    shelf.put({"id": "9", "size": 11})
    reads = shelf.reads
    assert sync(shelf, state=tmp_path / "state.json").judged == 1
    assert shelf.reads == reads + 1  # no second look at all records


def test_the_index_holds_no_address(sync, tmp_path):
    """It lies beside the state file."""
    sync(taking("merge"), state=tmp_path / "state.json")

    with closing(sqlite3.connect(tmp_path / "state.json.keys")) as index:
        rows = index.execute("select * from keys").fetchall()
    assert len(rows) == 3
    assert b"example" not in (tmp_path / "state.json.keys").read_bytes()
    assert (tmp_path / "state.json.keys").stat().st_mode & 0o077 == 0


def test_without_its_index_all_is_read(sync, tmp_path):
    """A file that was lost must not make two leads of one."""
    shelf = taking("merge")
    sync(shelf, state=tmp_path / "state.json")
    (tmp_path / "state.json.keys").unlink()
    shelf.put({"id": "11", "size": 1})

    assert sync(shelf, state=tmp_path / "state.json").read == 3


def test_records_without_the_key_are_leads_of_their_own(sync):
    """Two people without an address are not one."""
    shelf = taking("merge", [{"id": "1", "size": 80}, {"id": "2", "size": 7}])

    report = sync(shelf)

    assert (report.judged, report.duplicates) == (2, 0)


def test_activities_of_all_records_are_the_leads(sync):
    """The call was logged in the other record."""
    shelf = taking("first")
    shelf.calls = [{"with": "10", "at": "2026-11-02T10:00:00Z"}]

    sync(shelf)

    assert shelf.verdict("9")["trait_called"] == "yes"


def test_a_crowd_that_shares_a_key_is_no_lead(sync, monkeypatch):
    """test@example.com is nobody."""
    monkeypatch.setattr("qualify.sync.same.MOST_OF_ONE", 3)
    monkeypatch.setattr("qualify.sync.grouping.MOST_OF_ONE", 3)
    shelf = taking("merge", [{"id": str(each), "email": "test@example.com", "size": each} for each in range(5)])

    report = sync(shelf)

    assert (report.judged, report.duplicates) == (5, 0)
    assert "5 records share" in report.notes[0]


def test_a_sync_that_failed_with_duplicates_loses_none(sync, tmp_path):
    """All is read before anything is written: what was killed begins again, and what was written stays."""
    clean, shelf = taking("merge"), taking("merge")
    sync(clean)
    shelf.troubles = [("answer", KeyboardInterrupt())]
    with pytest.raises(KeyboardInterrupt):
        sync(shelf, state=tmp_path / "state.json")

    sync(shelf, state=tmp_path / "state.json")

    assert shelf.records == clean.records


def test_leads_without_a_twin_are_judged_as_without_the_table(sync):
    """Asking for duplicates changes nothing for whoever is there once."""
    plain, asked = Shelf(LEADS), taking("merge", LEADS)

    sync(plain)
    sync(asked)

    assert plain.records == asked.records


UNREADABLE = {"id": "10", "email": "Ann@a.example", "no_mail": "ask her"}
READABLE = {"id": "9", "email": "ann@a.example", "industry": "Printing", "no_mail": False, "lifecycle": "new"}

NO_MAIL = qualify.loads(
    """
format = 1
name = "Print shops"
version = "1"

[teams]
marketing = "Marketing"

[traits.no_mail]
team = "marketing"
when = "opted_out"
why = "We keep our word."

[traits.prints]
team = "marketing"
when = 'industry == "Printing"'
why = "We know that business."

[stages.mql]
disqualified_by = ["no_mail"]
requires.marketing = "prints"
"""
)


@pytest.mark.parametrize(("take", "more"), [("first", ""), ("newest", NEWEST), ("merge", "")])
@pytest.mark.parametrize("ids", [("9", "10"), ("10", "9")])
def test_a_record_that_cannot_be_read_binds_its_twin(sync, tmp_path, take, more, ids):
    """She may have written "no more mail" there: nobody moves her on because the other record is tidy."""
    readable, unreadable = ids
    shelf = taking(take, [{**READABLE, "id": readable}, {**UNREADABLE, "id": unreadable}], more)

    report = sync(shelf, report=tmp_path / "report.csv")

    assert shelf.records[readable]["lifecycle"] == "new"
    assert shelf.verdict(unreadable) == {}
    assert (report.read, report.judged, report.rejected, report.duplicates) == (2, 1, 1, 1)
    assert report.stayed == {"may have opted out": 1}
    said = (tmp_path / "report.csv").read_text()
    assert f'rejected,{unreadable},"opted_out: expected yes or no' in said
    assert f"duplicate,{unreadable},\"the same lead as {readable}; it can't be read" in said
    assert f'lifecycle,{readable},"it may have opted out' in said


def test_what_a_twin_that_cannot_be_read_may_say_is_unknown_to_the_definition(sync):
    """A disqualifier that nobody can answer leaves the stage undetermined."""
    alone, both = taking("merge", [READABLE]), taking("merge", [READABLE, UNREADABLE])

    sync(alone, NO_MAIL)
    sync(both, NO_MAIL)

    assert (alone.verdict("9")["state"], alone.verdict("9")["trait_no_mail"]) == ("reached", "no")
    assert (both.verdict("9")["state"], both.verdict("9")["trait_no_mail"]) == ("undetermined", "unknown")


@pytest.mark.parametrize(
    ("no_mail", "lifecycle", "why"),
    [(True, "new", "opted out"), (None, "new", "may have opted out"), (False, "marketing", None)],
)
def test_a_twin_that_cannot_be_read_for_another_reason_says_its_opt_out(sync, no_mail, lifecycle, why):
    """Its size is a riddle; that she said no is not."""
    shelf = taking("first", [READABLE, {**UNREADABLE, "no_mail": no_mail, "size": "a few"}])

    report = sync(shelf)

    assert shelf.records["9"]["lifecycle"] == lifecycle
    assert report.stayed == ({} if why is None else {why: 1})


@pytest.mark.parametrize("changes", ["9", "10", "both"])
def test_a_twin_that_cannot_be_read_is_remembered(sync, tmp_path, changes):
    """Only one of the two changes, and the other one was never readable."""
    shelf = taking("merge", [{**READABLE, "industry": None}, UNREADABLE])
    sync(shelf, state=tmp_path / "state.json")
    shelf.put({"id": "9", "industry": "Printing"})
    if changes != "9":
        sync(shelf, state=tmp_path / "state.json")
        shelf.put({"id": "10", "seen": "yesterday"})
    if changes == "both":
        shelf.put({"id": "9", "size": 80})

    report = sync(shelf, state=tmp_path / "state.json")

    assert shelf.records["9"]["lifecycle"] == "new"
    assert (report.judged, report.duplicates) == (1, 1)


def test_a_record_that_becomes_unreadable_takes_the_stage_from_its_twin(sync, tmp_path):
    """Somebody writes a remark into the opt-out: from then on nobody knows."""
    shelf = taking("merge", [READABLE, {**UNREADABLE, "no_mail": False}])
    sync(shelf, NO_MAIL, state=tmp_path / "state.json")
    assert shelf.verdict("9")["state"] == "reached"
    shelf.put({"id": "10", "no_mail": "ask her"})

    sync(shelf, NO_MAIL, state=tmp_path / "state.json")

    assert shelf.verdict("9")["state"] == "undetermined"
    shelf.put({"id": "10", "no_mail": False})
    sync(shelf, NO_MAIL, state=tmp_path / "state.json")
    assert shelf.verdict("9")["state"] == "reached"


def test_what_happened_with_a_twin_that_cannot_be_read_happened(sync):
    """The call was held, whatever somebody wrote beside it."""
    shelf = taking("first", [READABLE, UNREADABLE])
    shelf.calls = [{"with": "10", "at": "2026-11-02T10:00:00Z"}]

    sync(shelf)

    assert shelf.verdict("9")["trait_called"] == "yes"


def test_records_that_cannot_be_read_are_no_lead_together(sync, tmp_path):
    """Two riddles are no answer, and whose key can't be read is nobody's twin."""
    keyless = {"id": "12", "email": {"a": "table"}, "no_mail": True}
    shelf = taking("first", [UNREADABLE, {**UNREADABLE, "id": "11"}, keyless, {**READABLE, "email": None}])

    report = sync(shelf, report=tmp_path / "report.csv")

    assert (report.judged, report.rejected, report.duplicates) == (1, 3, 0)
    assert shelf.records["9"]["lifecycle"] == "marketing"


def test_a_record_without_an_id_binds_its_twin(sync):
    """It can't be written to; that she opted out there can be read."""
    shelf = taking("first", [READABLE, {"id": "10", "email": "ann@a.example", "no_mail": True}])
    shelf.records["10"]["id"] = None

    report = sync(shelf)

    assert shelf.records["9"]["lifecycle"] == "new"
    assert (report.judged, report.rejected, report.duplicates) == (1, 1, 1)


def read(id, **values):
    return Read(id, {}, {"id": id, **values})


@pytest.mark.parametrize("take", ["first", "newest", "merge"])
@pytest.mark.parametrize(
    ("one", "other", "both"),
    [(True, False, True), (False, True, True), (True, None, True), (None, False, None), (False, False, False)],
)
def test_that_nobody_opted_out_is_known_where_all_records_say_so(take, one, other, both):
    """Whichever record counts: a no in one is no leave for the other, in which nobody knows."""
    same = SameMap(by=("email",), take=take, newest_by="last_activity_at")

    assert one_lead([read("1", opted_out=one), read("2", opted_out=other)], same)["opted_out"] is both
