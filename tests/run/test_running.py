"""A run judges every lead that can be read, says why each other one can't, and keeps none of them."""

import datetime as dt
import gzip
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualify
from qualify.adapters import Facts, Reader, Row
from qualify.errors import MappingError, QualifyError
from qualify.mapping import loads_mapping
from qualify.run import Judged, Rejected, run_leads
from tests.run.sources import DEFINITION, csv, jsonl, reader

AS_OF = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
MAPPING = loads_mapping(
    """
id = "Lead Id"
[fields]
employees = "Size"
opted_out = { from = "No Mail", as = "yes/no" }
[activities]
lead = "Who"
type = "What"
at = "When"
types."Visited page" = "page_view"
[activities.fields]
page = "URL"
""",
    DEFINITION.model,
)
VISITS = (
    ("Who", "What", "When", "URL"),
    ("2", "Visited page", "2026-11-02", "/pricing"),
    ("1", "Visited page", "2026-11-02", "/home"),
    ("2", "Visited page", "2026-11-03", "/home"),
)


def run(leads, **options):
    with run_leads(DEFINITION, leads, as_of=AS_OF, **options) as judging:
        return list(judging), judging


# Leads


def test_each_lead_has_the_verdict_that_the_definition_gives():
    """A file and a program that embeds the library must not disagree."""
    records = [{"id": "1", "employees": 80, "activities": []}, {"id": "2", "employees": 4}, {"id": "3", "staff": True}]

    found, _ = run(jsonl(*records))

    assert [each.verdict for each in found] == list(DEFINITION.qualify_many(records, as_of=AS_OF))
    assert [each.lead_id for each in found] == ["1", "2", "3"]
    assert [each.number for each in found] == [1, 2, 3]


def test_columns_named_as_fields_are_read_by_their_type():
    """Who names columns as the definition does needs no mapping."""
    [one, two], _ = run(
        csv(("id", "employees", "ends_on", "staff"), ("1", "1200", "2026-12-01", "no"), ("2", "", "", ""))
    )

    assert one.row()["size"] == "large"
    assert two.row()["size"] == "unknown"


NO_ACTIVITIES = (
    "the mapping reads activities, but no file of them was given (-a); what they would tell is taken as not known"
)


def test_a_mapping_reads_what_the_source_calls_otherwise():
    """A CRM's export has the CRM's words."""
    [one], judging = run(csv(("Lead Id", "Size", "No Mail", "City"), ("1", "80", "Yes", "Oslo")), mapping=MAPPING)

    assert (one.lead_id, one.row()["mql"]) == ("1", "disqualified")
    assert judging.notes == (NO_ACTIVITIES, "the stream: nothing reads 'City'")


def test_a_mapping_may_be_a_path(tmp_path):
    """As on the command line."""
    (tmp_path / "m.toml").write_text('id = "N"\n[fields]\nemployees = "S"\n', encoding="utf-8")

    [one], _ = run(csv(("N", "S"), ("1", "80")), mapping=tmp_path / "m.toml")

    assert one.row()["large"] == "yes"
    with pytest.raises(MappingError):
        run(csv(("N",)), mapping=tmp_path / "none.toml")


def test_what_is_only_proposed_is_evaluated_when_asked_for():
    """A proposal is tried before it counts."""
    leads = {"id": "1", "interests": ["shop"]}
    [plain], _ = run(jsonl(leads))
    [asked], _ = run(jsonl(leads), proposed=True)

    assert "proposed.has_shop" not in plain.row()
    assert asked.row()["proposed.has_shop"] == "yes"
    assert "shadow.prints" in plain.row()


def test_a_lead_that_is_left_out_has_an_empty_row():
    """It is not to be looked at at all."""
    [one], _ = run(jsonl({"id": "1", "staff": True, "employees": 80}))

    assert {name: value for name, value in one.row().items() if value is not None} == {
        "lead_id": "1",
        "left_out_by": "ours",
    }


def test_rows_are_numbered_where_leads_have_no_id():
    """Else nobody could tell which lead a row is about."""
    [one, two], _ = run(csv(("employees",), ("80",), ("4",)))

    assert [each.row()["row"] for each in (one, two)] == [2, 3]
    assert "row" not in run(csv(("id", "employees"), ("1", "80")))[0][0].row()


def test_one_moment_for_all_of_them():
    """A long run must not judge its last lead later than its first."""
    with run_leads(DEFINITION, jsonl({"id": "1"}, {"id": "2"})) as judging:
        moments = {each.verdict.as_of for each in judging}

    assert moments == {judging.as_of}
    assert judging.as_of.microsecond == 0


# Rejects


def test_a_bad_record_is_named_and_the_rest_goes_on():
    """One typing error must not hold up ten thousand leads."""
    found, judging = run(csv(("id", "employees"), ("1", "80"), ("2", "secret"), ("3", "5", "?"), ("4", "4")))

    assert [type(each) for each in found] == [Judged, Rejected, Rejected, Judged]
    assert list(map(str, judging.rejected)) == [
        "the stream:3: lead 2: employees: expected a number, found text (6 characters)",
        "the stream:4: 3 cells, but 2 columns",
    ]
    assert (judging.funnel.leads, judging.funnel.rejected) == (2, 2)


def test_a_json_record_of_a_wrong_type_is_rejected():
    """JSON has types: a number in quotes is read, a list is not."""
    found, _ = run(jsonl({"id": "1", "employees": [1]}, {"id": "2", "employees": float("inf")}))

    assert [(each.lead_id, each.reason) for each in found] == [
        ("1", "employees: expected a number, found a list (1 entry)"),
        ("2", "employees: expected a number, found infinity"),
    ]


def test_only_the_first_rejects_are_kept():
    """A file in which everything is wrong must not fill the memory."""
    _, judging = run(csv(("id", "employees"), *((str(n), "x") for n in range(100))))

    assert len(judging.rejected) == 20
    assert judging.funnel.rejected == 100


# Activities


def test_activities_are_found_by_the_lead_s_id_in_whatever_order_they_come():
    """No export is sorted by somebody else's needs."""
    leads = csv(("Lead Id", "Size", "No Mail"), *((lead, "80", "No") for lead in "123"))

    found, judging = run(leads, mapping=MAPPING, activities=csv(*VISITS))

    assert [each.row()["looked"] for each in found] == ["no", "yes", "no"]
    assert not judging.notes


def test_activities_without_a_mapping_have_columns_of_the_library_s_own_names():
    """lead_id, type, at, and the properties."""
    activities = csv(("lead_id", "type", "at", "page"), ("2", "page_view", "2026-11-02T10:00Z", "/pricing"))

    found, _ = run(csv(("id", "employees"), ("1", "80"), ("2", "80")), activities=activities)

    assert [each.stage for each in found] == [None, "sql"]


def test_activities_may_be_json():
    """Some systems export their events so."""
    activities = jsonl({"lead_id": "1", "type": "page_view", "at": "2026-11-02T10:00Z", "page": "/pricing"})

    [one], _ = run(csv(("id", "employees"), ("1", "80")), activities=activities)

    assert one.stage == "sql"


def test_without_activities_nobody_knows_what_happened():
    """Absent is not none."""
    [one], _ = run(csv(("id", "employees"), ("1", "80")))

    assert one.row()["looked"] == "unknown"


def test_a_lead_without_an_id_can_have_no_activities_of_its_own():
    """Whose they are can't be said, so what happened is unknown, not nothing."""
    [one], _ = run(csv(("Lead Id", "Size"), ("", "80")), mapping=MAPPING, activities=csv(*VISITS))

    assert one.row()["looked"] == "unknown"


def test_json_leads_may_carry_their_activities():
    """A lead written by this library can be read by it."""
    lead = qualify.Lead(id="1", activities=[{"type": "page_view", "at": AS_OF, "properties": {"page": "/pricing"}}])

    [one], _ = run(io.BytesIO(lead.model_dump_json().encode()))

    assert one.row()["looked"] == "yes"


def test_a_bad_activity_is_rejected_and_its_lead_is_not():
    """It is said, since the lead's counts may be too low."""
    activities = csv(*VISITS, ("1", "Visited page", "soon", "/pricing"), ("", "Visited page", "2026-11-02", ""))

    found, judging = run(csv(("Lead Id", "Size"), ("1", "80")), mapping=MAPPING, activities=activities)

    assert [each.of for each in found if isinstance(each, Rejected)] == ["activities", "activities"]
    assert [each.number for each in judging.rejected] == [5, 6]
    assert (judging.funnel.leads, judging.funnel.rejected, judging.funnel.rejected_activities) == (1, 0, 2)


def test_activities_that_belong_to_nobody_are_told():
    """`0031` and `31` are two leads, and the counts would all be 0 without a word."""
    _, judging = run(csv(("Lead Id", "Size", "No Mail"), ("01", "80", "")), mapping=MAPPING, activities=csv(*VISITS))

    assert judging.notes == (
        "the stream: none of its activities belongs to a lead of the stream; are the ids the same?",
    )


@given(st.lists(st.tuples(st.sampled_from("1234"), st.sampled_from(["/pricing", "/home"]))))
def test_activities_from_a_second_file_count_as_a_lead_s_own(visits):
    """Two ways to say the same must come to the same."""
    carried = [
        {"id": lead, "activities": [{"type": "page_view", "at": "2026-11-02T10:00Z", "properties": {"page": page}}
                                    for who, page in visits if who == lead]}
        for lead in "123"
    ]  # fmt: skip
    second = jsonl(
        *({"lead_id": who, "type": "page_view", "at": "2026-11-02T10:00Z", "page": page} for who, page in visits)
    )

    found, _ = run(jsonl(*({"id": lead} for lead in "123")), activities=second, activities_format="jsonl")

    assert [each.row() for each in found] == [each.row() for each in run(jsonl(*carried))[0]]


# Sources


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize(
    "text", [b"id;employees\n1;80\n", b'{"id": "1", "employees": 80}\n', b'[{"id": "1", "employees": 80}]']
)
def test_a_stream_tells_by_its_first_bytes_what_it_is(text, pack):
    """Standard input has no name that ends in anything."""
    [one], _ = run(Once(pack(text)))

    assert one.row()["large"] == "yes"


def test_parquet_may_come_through_a_pipe():
    """Another program may have made it."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    target = io.BytesIO()
    pq.write_table(pa.table({"id": ["1"], "employees": [80]}), target)

    [one], _ = run(Once(target.getvalue()))

    assert one.row()["large"] == "yes"


class Once(io.RawIOBase):
    """Bytes that can be read once, as from a pipe."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._data.readinto(buffer)


def test_a_file_is_closed_and_a_stream_is_not(tmp_path):
    """Who opened it closes it."""
    (tmp_path / "a.csv").write_text("id,employees\n1,80\n")
    stream = csv(("id", "employees"), ("1", "80"))
    with run_leads(DEFINITION, tmp_path / "a.csv", activities=jsonl({"lead_id": "1"})) as judging:
        next(iter(judging))
    run(stream)

    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert not stream.closed


def test_nothing_that_could_be_read_is_an_error():
    """Ten thousand leads of which nothing is known are no answer."""
    with pytest.raises(QualifyError, match="none of its columns is named as a field; a mapping says"):
        run(csv(("Name", "Size"), ("1", "80")))
    with pytest.raises(QualifyError, match="the mapping reads none of its columns, which are 'Name', 'Place'"):
        run(csv(("Name", "Place"), ("1", "80")), mapping=MAPPING)


def test_a_column_that_isn_t_there_is_told_with_the_nearest():
    """An export was renamed; the field would be unknown for everybody, in silence."""
    _, judging = run(csv(("Lead Id", "Sizes", "No Mail"), ("1", "80", "No")), mapping=MAPPING)

    assert judging.notes == (
        NO_ACTIVITIES,
        "the stream: it has no column 'Size', so employees is unknown; did you mean 'Sizes'?",
        "the stream: nothing reads 'Sizes'",
    )


def test_activities_without_their_columns_are_an_error_at_once():
    """Else every row of a long file is rejected for the same reason."""
    leads = csv(("Lead Id", "Size"), ("1", "80"))
    with pytest.raises(QualifyError, match=r"it has no column 'When'; did you mean 'Whem'\?"):
        run(leads, mapping=MAPPING, activities=csv(("Who", "What", "Whem")))
    with pytest.raises(QualifyError, match=r"no column 'lead_id'; a mapping can say, under \[activities\]"):
        run(csv(("id",), ("1",)), activities=csv(("who", "type", "at")))


def test_properties_that_nothing_reads_are_told_of_json_too():
    """There is no header, so the first records tell."""
    _, judging = run(jsonl({"id": "1", "town": "Oslo"}, {"id": "2", "town": "Rome", "zip": "1"}))

    assert judging.notes == ("the stream: nothing reads 'town', 'zip'",)


def test_options_go_to_the_source_that_knows_them():
    """CSV leads and JSON activities may come together; an option for nobody is a mistake."""
    leads = io.BytesIO("id|employees|company\n1|80|Köln\n".encode("cp1252"))

    [one], judging = run(
        leads, activities=jsonl(), activities_format="jsonl", options={"encoding": "cp1252", "delimiter": "pipe"}
    )

    assert one.row()["large"] == "yes"
    assert (judging.facts.encoding, judging.facts.delimiter) == ("cp1252", "|")
    with pytest.raises(QualifyError, match="files of this kind have no option 'delimiter'"):
        run(jsonl({"id": "1"}), format="jsonl", options={"delimiter": "pipe"})


# Size


def test_leads_are_not_kept():
    """A million of them must fit where a thousand do."""

    def peak(number):
        source = reader({"id": str(n), "employees": n % 100, "company": "x" * 200} for n in range(number))
        tracemalloc.start()
        with run_leads(DEFINITION, source, as_of=AS_OF) as judging:
            for each in judging:
                each.row()
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(100)
    assert peak(20_000) < peak(2_000) * 1.5


def test_who_watches_is_told_how_far_it_is():
    """A long run without a sign of life is stopped by its user."""
    told = []
    lines = "".join(f"{n},80\n" for n in range(2500))
    with run_leads(DEFINITION, io.BytesIO(f"id,employees\n{lines}".encode()), watch=told.append) as judging:
        list(judging)
    source = Reader(Facts(), (Row(n, {"id": "1"}) for n in range(1000)), done=lambda: 0.25)
    with run_leads(DEFINITION, source, watch=told.append) as judging:
        list(judging)

    assert [(each.reads, each.rows) for each in told] == [("leads", 1000), ("leads", 2000), ("leads", 1000)]
    assert [each.share for each in told] == [None, None, 0.25]
