"""In columns or lead by lead: the same bytes, the same funnel, the same rejected records."""

import csv
import datetime as dt
import random

import pytest

import qualify
from qualify.errors import QualifyError
from qualify.run import by_columns, run_leads, write_run
from tests.pages import EXAMPLES

SHOP = EXAMPLES / "print-shop"
MAPPING = SHOP / "mappings" / "leads.mapping.toml"
AS_OF = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ENGINES = ["polars", "duckdb"]
ODD = ("", " ", "n/a", "12", "1,200", "12.50", "many", "1e3", "99999999999999999999999999", "Yes", "No", "perhaps",
       "01/21/2027", "13/45/2027", "2026-03-17 20:20", "Printing", "printing ", "STRASSE", "51-200", "É", "\x1b", "ſ",
       "chief owner", "=1+1", '"', "a;b;;c")  # fmt: skip


def outcome(folder, engine, leads, activities=None, ending="csv", mapping=MAPPING, definition=None):
    """All that a run leaves: its file, its rejects, its funnel."""
    definition = definition or qualify.load(SHOP)
    target, rejects = folder / f"{engine}.{ending}", folder / f"{engine}.rejects"
    with run_leads(definition, leads, mapping=mapping, activities=activities, as_of=AS_OF, engine=engine) as run:
        funnel = write_run(run, target, rejects=rejects)
    return target.read_bytes(), rejects.read_bytes(), funnel


def mixed(folder, seed, rows=400):
    """Leads of the print shop, a third of them with cells that belong elsewhere, ids twice, and rows too long."""
    draw = random.Random(seed)
    with (SHOP / "leads.csv").open(encoding="utf-8", newline="") as file:
        header, *given = csv.reader(file)
    path = folder / "mixed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in draw.sample(given, rows):
            while draw.random() < 0.3:
                row[draw.randrange(1, len(row))] = draw.choice(ODD)
            if draw.random() < 0.03:
                row[0] = draw.choice(["", "0001", " 0002 "])
            if draw.random() < 0.03:
                row = row[: draw.randrange(1, 30)] if draw.random() < 0.7 else [*row, "more"]
            writer.writerow(row)
    return path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_print_shop_comes_out_the_same(tmp_path, engine, ending):
    """Nobody should have to ask which engine a list came from."""
    given = (SHOP / "leads.csv", SHOP / "activities.csv", ending)

    assert outcome(tmp_path, engine, *given) == outcome(tmp_path, "python", *given)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("with_activities", [False, True], ids=["leads", "and-activities"])
@pytest.mark.parametrize("seed", range(3))
def test_what_can_t_be_read_is_rejected_in_the_same_words(tmp_path, monkeypatch, engine, with_activities, seed):
    """Real exports are full of it; each odd lead is judged as it would be alone."""
    monkeypatch.setattr(by_columns, "BATCH", 150)
    leads = mixed(tmp_path, seed)
    activities = SHOP / "activities.csv" if with_activities else None

    wanted = outcome(tmp_path, "python", leads, activities)

    assert wanted[1].count(b"\n") > 20
    assert outcome(tmp_path, engine, leads, activities) == wanted


@pytest.mark.parametrize("engine", ENGINES)
def test_parquet_with_types_comes_out_the_same(tmp_path, engine):
    """Numbers that no column holds together, lists, moments with and without a zone, nothing at all."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    draw = random.Random(7)
    count = 300
    columns = {
        "id": [f"{n:04}" for n in range(count)],
        "industry": [draw.choice(["Printing", "printing", None, "Mining"]) for _ in range(count)],
        "employees": pa.array(
            [draw.choice([None, 0.5, 49.9, 50.0, 501.0, float("nan"), float("inf")]) for _ in range(count)]
        ),
        "budget_confirmed": [draw.choice([True, False, None]) for _ in range(count)],
        "jobs_per_month": pa.array([draw.choice([None, 999, 1000, 2**62]) for _ in range(count)], pa.int64()),
        "opted_out": [draw.choice([False, None]) for _ in range(count)],
        "email": [draw.choice(["a@pressflow.example", "a@other.example", None, "x"]) for _ in range(count)],
    }
    pq.write_table(pa.table(columns), tmp_path / "leads.parquet")

    wanted = outcome(tmp_path, "python", tmp_path / "leads.parquet", ending="parquet", mapping=None)

    assert b"infinity" in wanted[1]
    assert outcome(tmp_path, engine, tmp_path / "leads.parquet", ending="parquet", mapping=None) == wanted


def test_a_verdict_is_whole_whoever_told_the_leads_apart(tmp_path):
    """A row is looked into now and then."""
    definition = qualify.load(SHOP)

    def verdicts(engine):
        with run_leads(definition, SHOP / "leads.csv", mapping=MAPPING, as_of=AS_OF, engine=engine) as run:
            return [each.verdict for _, each in zip(range(50), run.judged(), strict=False)]

    assert verdicts("polars") == verdicts("python")


def test_auto_uses_columns_where_leads_are_many_and_says_so(tmp_path, monkeypatch):
    """Which engine was used belongs to the result."""
    monkeypatch.setattr(by_columns, "LARGE_BYTES", 100_000)
    definition = qualify.load(SHOP)

    with run_leads(definition, SHOP / "leads.csv", mapping=MAPPING, engine="auto") as run:
        assert run.in_columns
        assert run.notes[0].endswith("leads.csv: judged in columns by Polars, since it is large (0 MB)")
    with run_leads(definition, SHOP / "leads.csv", mapping=MAPPING, engine="auto", proposed=True) as run:
        assert not run.in_columns
        assert "lead by lead though it is large (0 MB), since what is only proposed" in run.notes[0]
    monkeypatch.undo()
    with run_leads(definition, SHOP / "leads.csv", mapping=MAPPING, engine="auto") as run:
        assert not run.in_columns
        assert not any("judged" in note for note in run.notes)


def test_auto_holds_no_more_activities_than_fit(monkeypatch):
    """In columns they are held all at once; nobody asked for that."""
    monkeypatch.setattr(by_columns, "LARGE_BYTES", 100_000)
    definition, files = qualify.load(SHOP), {"leads": SHOP / "leads.csv", "activities": SHOP / "activities.csv"}

    with run_leads(definition, **files, mapping=MAPPING, engine="auto") as run:
        assert run.in_columns
    monkeypatch.setattr(by_columns, "MOST_HELD_BYTES", 1_000)
    with run_leads(definition, **files, mapping=MAPPING, engine="auto") as run:
        assert not run.in_columns
        assert "since its activities are too many to be held at once" in run.notes[0]
    with (
        (SHOP / "activities.csv").open("rb") as stream,
        run_leads(definition, SHOP / "leads.csv", activities=stream, mapping=MAPPING, engine="auto") as run,
    ):
        assert "or nobody knows how many they are" in run.notes[0]


def test_an_engine_that_was_asked_for_and_can_t_is_an_error(tmp_path):
    """Who asks for one wants that one."""
    definition = qualify.load(SHOP)
    (tmp_path / "leads.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")

    with pytest.raises(QualifyError, match="the engine polars can't judge it, since its records have no columns"):
        run_leads(definition, tmp_path / "leads.jsonl", engine="polars")
    with pytest.raises(QualifyError, match="no engine 'pandas': there are auto, python"):
        run_leads(definition, SHOP / "leads.csv", mapping=MAPPING, engine="pandas")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_of_nothing_but_ids_comes_out_the_same(tmp_path, engine):
    """A table without columns has no rows, but its leads are still leads, of whom nothing is known."""
    (tmp_path / "leads.csv").write_text("id\n1\n2\n", encoding="utf-8")

    wanted = outcome(tmp_path, "python", tmp_path / "leads.csv", mapping=None)

    assert wanted[0].count(b"\n") == 3
    assert outcome(tmp_path, engine, tmp_path / "leads.csv", mapping=None) == wanted
