"""A run is written whole or not at all, and read back as it was."""

import csv as csv_module
import io

import pytest

from qualify.adapters import Facts, Reader, Row, adapter_for
from qualify.errors import AdapterError, QualifyError
from qualify.run import RejectsFile, run_leads, write_run
from tests.run.sources import DEFINITION, csv, jsonl

LEADS = [
    {"id": "1", "employees": 80, "activities": []},
    {"id": '2, or "so"\n', "employees": 4},
    {"id": "3", "staff": True},
    {"id": "4", "employees": "x"},
]


def judging():
    return run_leads(DEFINITION, jsonl(*LEADS))


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json", "parquet", "csv.gz"])
def test_what_is_written_is_what_was_judged(ending, tmp_path):
    """Every format holds the same rows."""
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    target = tmp_path / f"verdicts.{ending}"
    with judging() as run:
        funnel = write_run(run, target)
    with judging() as run:
        expected = [each.row() for each in run.judged()]

    with adapter_for(target).read(target) as written:
        found = [dict(row.record) for row in written]

    assert funnel.leads == 3
    if ending.startswith("csv"):
        assert found == [{name: "" if value is None else str(value) for name, value in row.items()} for row in expected]
    else:
        assert found == expected


def test_rejects_say_where_who_and_why_but_not_what(tmp_path):
    """The file goes to whoever keeps the data, perhaps by mail: values have no place in it."""
    leads = csv(("id", "employees"), ("1", "80"), ("2", "secret"), ("3", "4", "secret"))
    with run_leads(DEFINITION, leads) as run:
        write_run(run, io.BytesIO(), format="csv", rejects=tmp_path / "rejects.csv")

    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8")
    assert list(csv_module.DictReader(io.StringIO(text))) == [
        {"file": "the stream", "row": "3", "lead_id": "2",
         "reason": "employees: expected a number, found text (6 characters)"},
        {"file": "the stream", "row": "4", "lead_id": "", "reason": "3 cells, but 2 columns"},
    ]  # fmt: skip
    assert "secret" not in text


def test_a_file_of_rejects_that_was_asked_for_is_made_though_there_are_none(tmp_path):
    """Last week's rejects must not be taken for today's."""
    (tmp_path / "rejects.csv").write_text("old", encoding="utf-8")
    with run_leads(DEFINITION, jsonl({"id": "1"})) as run:
        write_run(run, io.BytesIO(), format="csv", rejects=tmp_path / "rejects.csv")

    assert (tmp_path / "rejects.csv").read_text(encoding="utf-8") == "file,row,lead_id,reason\n"


def test_rejects_that_nobody_asked_for_make_no_file_where_there_are_none(tmp_path):
    """No file is a good sign."""
    with run_leads(DEFINITION, jsonl({"id": "1"})) as run:
        write_run(run, io.BytesIO(), format="csv", rejects=RejectsFile(tmp_path / "rejects.csv"))

    assert not list(tmp_path.iterdir())


def test_rejects_that_can_t_be_written_stop_a_run_unless_it_is_forgiving(tmp_path):
    """Who named the file wants it; who didn't wants the verdicts."""
    nowhere = tmp_path / "nowhere" / "rejects.csv"
    with judging() as run, pytest.raises(AdapterError):
        write_run(run, io.BytesIO(), format="csv", rejects=nowhere)

    forgiving = RejectsFile(nowhere, forgiving=True)
    with judging() as run:
        funnel = write_run(run, io.BytesIO(), format="csv", rejects=forgiving)

    assert funnel.rejected == forgiving.count == 1
    assert forgiving.fault is not None


@pytest.mark.parametrize("stop", [KeyboardInterrupt, AdapterError("damaged")])
def test_a_run_that_is_stopped_leaves_files_as_they_were(stop, tmp_path):
    """Half a list looks like a whole one."""
    for name in ("verdicts.csv", "rejects.csv"):
        (tmp_path / name).write_text("old", encoding="utf-8")

    def rows():
        yield Row(1, {"id": "1"})
        yield Row(2, {"id": "1", "employees": "x"})
        raise stop

    with (
        pytest.raises(BaseException) as raised,
        run_leads(DEFINITION, Reader(Facts(), rows())) as run,
    ):
        write_run(run, tmp_path / "verdicts.csv", rejects=tmp_path / "rejects.csv")

    assert raised.type in (KeyboardInterrupt, AdapterError)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "verdicts.csv": "old",
        "rejects.csv": "old",
    }


def test_a_stream_needs_a_format():
    """It has no name that tells."""
    with judging() as run, pytest.raises(QualifyError, match="say which"):
        write_run(run, io.BytesIO())
