"""`run` prints verdicts and a funnel, writes them to files, and tells what it could not read."""

import json

import pytest

from qualify.adapters import adapter_for
from tests.cli.command import apart, qualify, same_as_printed
from tests.cli.conftest import LEADS
from tests.pages import EXAMPLES

AS_OF = ("--as-of", "2026-11-20T12:00Z")
WITH_ACTIVITIES = ("run", "shops.toml", "leads.csv", "-a", "activities.csv", *AS_OF)
EXAMPLE = (
    "run", "print-shop", "print-shop/leads.csv", "--mapping", "print-shop/mappings/leads.mapping.toml",
    "--activities", "print-shop/activities.csv", *AS_OF,
)  # fmt: skip


@pytest.mark.parametrize("columns", [80, 120])
def test_a_pipe_gets_every_lead_and_the_funnel(columns):
    """Who counts lines must count leads."""
    done = qualify(*EXAMPLE, folder=EXAMPLES, columns=columns)
    lines = done.out.splitlines()

    assert (done.code, done.err) == (0, "")
    assert sum(line[:4].isdigit() and line[4:6] == "  " for line in lines) == 2000
    assert max(map(len, lines)) <= columns
    same_as_printed(f"run-{columns}", "\n".join([*lines[:12], "...", *lines[-20:]]) + "\n")


@pytest.mark.parametrize("columns", [80, 120])
def test_what_can_t_be_read_is_told_beside_the_result(folder, columns):
    """The reader sees that two records are missing, and which."""
    done = qualify(*WITH_ACTIVITIES, folder=folder, columns=columns)

    assert done.code == 6
    same_as_printed(f"run-rejects-{columns}", f"{done.out}--- stderr\n{done.err}")
    assert (folder / "leads.rejects.csv").read_text(encoding="utf-8").splitlines() == [
        "file,row,lead_id,reason",
        'activities.csv,4,0035,"activities: at: expected a date with a time (such as 2026-11-02T09:30), '
        'found text (9 characters)"',
        'leads.csv,5,0034,"employees: expected a number, found text (11 characters)"',
    ]


def test_no_value_is_in_any_message_or_reject(folder):
    """They are personal data, and messages are mailed around."""
    done = qualify(*WITH_ACTIVITIES, folder=folder)

    assert "about forty" not in done.out + done.err
    assert "about forty" not in (folder / "leads.rejects.csv").read_text(encoding="utf-8")
    assert "yesterday" not in done.err


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json", "parquet", "tsv"])
def test_the_output_s_ending_tells_its_format(folder, ending):
    """Four formats, one row a lead."""
    done = qualify(*WITH_ACTIVITIES, "-o", f"verdicts.{ending}", folder=folder)
    target = folder / f"verdicts.{ending}"
    with adapter_for(target).read(target) as written:
        rows = [row.record for row in written]

    assert done.code == 6
    assert [(row["lead_id"], row["stage"] or None, row["sql_sales"]) for row in rows] == [
        ("0031", "sql", "yes"),
        ("0032", "mql", "unknown"),
        ("0033", None, "no"),
        ("0035", "mql", "no"),
    ]
    assert done.out.startswith(f"verdicts.{ending} holds 4 verdicts\n\n4 leads as of 2026-11-20T12:00:00Z")
    assert (folder / "verdicts.rejects.csv").exists()


def test_data_on_stdout_are_data_alone(folder):
    """What comes after a pipe reads rows, no funnel."""
    done = qualify("run", "shops.toml", "good.csv", "--format", "csv", *AS_OF, folder=folder)

    assert done.code == 0
    same_as_printed("run-csv", done.out)
    same_as_printed("run-csv-stderr", done.err)


def test_parquet_goes_through_a_pipe(folder):
    """It is bytes; nothing may be printed between them."""
    qualify("run", "shops.toml", "good.csv", "-o", "file.parquet", *AS_OF, folder=folder)

    with (folder / "piped.parquet").open("wb") as piped:
        done = apart("run", "shops.toml", "good.csv", "--format", "parquet", *AS_OF, folder=folder, stdout=piped)

    assert done.code == 0
    assert (folder / "piped.parquet").read_bytes() == (folder / "file.parquet").read_bytes()


def test_json_is_for_programs(folder):
    """A row a line on stdout; the funnel in the last line of stderr, or on stdout where rows go to a file."""
    done = qualify(*WITH_ACTIVITIES, "--json", folder=folder)
    rows = [json.loads(line) for line in done.out.splitlines()]
    funnel = json.loads(done.err.splitlines()[-1])

    assert [row["stage"] for row in rows] == ["sql", "mql", None, "mql"]
    assert (funnel["leads"], funnel["rejected"], funnel["rejected_activities"]) == (4, 1, 1)
    assert (funnel["output"], funnel["rejects"]) == (None, "leads.rejects.csv")

    done = qualify("run", "shops.toml", "good.csv", "-o", "v.csv", "--json", *AS_OF, folder=folder)
    assert json.loads(done.out)["stages"]["mql"]["reached"] == 2
    assert (json.loads(done.out)["output"], json.loads(done.out)["rejects"]) == ("v.csv", None)


def test_activities_of_leads_that_are_not_there_are_told_and_counted(folder):
    """The leads were exported on another day than what they did."""
    words = ("run", "shops.toml", "good.csv", "-a", "activities.csv", *AS_OF)
    with (folder / "activities.csv").open("a", encoding="utf-8") as file:
        file.write("0099,page_view,2026-11-02T10:00Z,/pricing\n" * 12)
    note = "activities.csv: 12 of its 14 activities belong to leads that are not in good.csv"

    shown, as_data = qualify(*words, folder=folder), qualify(*words, "--json", folder=folder)

    assert f"note: {note}" in shown.err.splitlines()
    assert f"note: {note}" in as_data.err.splitlines()
    assert json.loads(as_data.err.splitlines()[-1])["unmatched_activities"] == 12


def test_standard_input_is_a_dash(folder):
    """CSV or JSON, whatever another program gives."""
    json_lines = b'{"id": "1", "industry": "Printing"}\n{"id": "2", "employees": []}\n'

    of_csv = qualify("run", "shops.toml", "-", "--format", "csv", folder=folder, given=LEADS.encode())
    of_json = qualify("run", "shops.toml", "-", "--format", "csv", "-o", "-", folder=folder, given=json_lines)

    assert (of_csv.code, len(of_csv.out.splitlines())) == (6, 5)
    assert (of_json.code, of_json.out.splitlines()[1][:6]) == (6, "1,mql,")
    assert "standard input:2: lead 2: employees: expected a number" in of_json.err
    assert (folder / "leads.rejects.csv").exists()


def test_activities_may_come_from_standard_input(folder):
    """Only one of the two can."""
    given = (folder / "activities.csv").read_bytes()

    done = qualify("run", "shops.toml", "good.csv", "-a", "-", "--format", "csv", folder=folder, given=given)
    both = qualify("run", "shops.toml", "-", "-a", "-", folder=folder)

    assert "\n0031,sql," in done.out
    assert both.code == 2


def test_delimiter_and_encoding_are_found_out_or_said(folder):
    """A spreadsheet in Europe saves semicolons and cp1252."""
    text = "id;industry;city\n" + "".join(f"{n};Printing;Köln, Straße {n}\n" for n in range(30))
    (folder / "eu.csv").write_bytes(text.encode("cp1252"))

    found = qualify("run", "shops.toml", "eu.csv", "--format", "csv", folder=folder)
    said = qualify(
        "run", "shops.toml", "eu.csv", "--format", "csv", "--encoding", "cp1252", "--delimiter", "semicolon",
        folder=folder,
    )  # fmt: skip

    assert found.code == said.code == 0
    assert found.out == said.out
    assert "note: eu.csv: it is no UTF-8, and is read as cp1252, which is a guess" in found.err
    assert "guess" not in said.err


def test_a_file_of_rejects_may_be_named(folder):
    """Then it is written, whatever comes."""
    done = qualify("run", "shops.toml", "good.csv", "--rejects", "bad.csv", folder=folder)

    assert done.code == 0
    assert (folder / "bad.csv").read_text(encoding="utf-8") == "file,row,lead_id,reason\n"
    assert not (folder / "good.rejects.csv").exists()


def test_without_a_moment_it_is_now_and_said(folder):
    """Else nobody could ask the same question again."""
    done = qualify("run", "shops.toml", "good.csv", "--json", folder=folder)
    as_of = json.loads(done.err.splitlines()[-1])["as_of"]
    again = qualify("run", "shops.toml", "good.csv", "--json", "--as-of", as_of, folder=folder)

    assert (again.out, again.err) == (done.out, done.err)


def test_a_definition_with_warnings_runs_and_says_so(folder):
    """Who approved another version should hear of it."""
    text = (folder / "shops.toml").read_text(encoding="utf-8")
    approval = f'\n[approvals.sales]\ndigest = "{"0" * 64}"\nby = "Bo"\non = 2026-11-20\n'
    (folder / "shops.toml").write_text(text + approval, encoding="utf-8")

    done = qualify("run", "shops.toml", "good.csv", folder=folder)

    assert done.code == 0
    assert done.err == "note: 1 warning about the definition: qualify check shops.toml\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "shops.toml"), "Missing argument 'LEADS'"),
        (("run", "shops.toml", "good.csv", "--as-of", "2026-11-20"), "say a date with a time"),
        (("run", "shops.toml", "good.csv", "--as-of", "soon"), "say a date with a time"),
        (("run", "shops.toml", "good.csv", "--format", "cvs"), "no adapter 'cvs'; did you mean 'csv'?"),
        (("run", "shops.toml", "good.csv", "--format", "table", "--json"), "a table is no JSON"),
        (("run", "shops.toml", "good.csv", "--format", "table", "-o", "x.csv"), "a table is for the screen"),
        (("run", "shops.toml", "good.csv", "-o", "x.docx"), "with --format"),
        (("run", "shops.toml", "good.xls"), "with --leads-format"),
        (("run", "shops.toml", "."), ". is a folder; say which file"),
        (("run", "shops.toml", "good.csv", "-a", "."), ". is a folder; say which file"),
        (("run", "shops.toml", "good.csv", "-o", "."), ". is a folder; say which file"),
        (("run", "shops.toml", "good.csv", "--rows", "-1"), "say how many: 0 or more"),
        (("run", "shops.toml", "good.csv", "--delimiter", "x"), "say comma, semicolon, tab or pipe"),
        (("run", "shops.toml", "good.csv", "--encoding", "utf9"), "there is no encoding 'utf9'"),
        (("run", "shops.toml", "-", "--leads-format", "jsonl", "--delimiter", "tab"), "have no option 'delimiter'"),
        (("run", "shops.toml", "good.csv", "-o", "good.csv"), "would be read and written at once"),
        (("run", "shops.toml", "good.csv", "-o", "x.csv", "--rejects", "x.csv"), "or written twice"),
        (("run", "shops.toml", "good.csv", "--rejects", "-"), "--rejects names a file"),
        (("rum", "shops.toml"), "no such command 'rum'; did you mean 'run'?"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_with_it(folder, words, said):
    """And reads and writes nothing."""
    before = sorted(folder.iterdir())

    done = qualify(*words, folder=folder)

    assert done.code == 2
    assert said in done.err
    assert done.out == ""
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "nowhere", "good.csv"), "nowhere: there is no such file or folder"),
        (("run", "shops.toml", "nowhere.csv"), "qualify: nowhere.csv: no such file"),
        (("run", "shops.toml", "good.csv", "-a", "nowhere.csv"), "qualify: nowhere.csv: no such file"),
        (("run", "shops.toml", "good.csv", "-m", "nowhere.toml"), "nowhere.toml: the mapping can't be read"),
        (("run", "shops.toml", "good.csv", "-m", "good.csv"), "this is no TOML"),
        (("run", "shops.toml", "good.csv", "-o", "no/where.csv"), "no/where.csv: there is no folder no"),
        (("run", "shops.toml", "good.csv", "--rejects", "no/where.csv"), "there is no folder no"),
        (("run", "shops.toml", "empty.csv"), "empty.csv: it is empty"),
        (("run", "shops.toml", "-"), "standard input: it is empty"),
        (("run", "shops.toml", "other.csv"), "none of its columns is named as a field; a mapping says which is which"),
        (("run", "shops.toml", "good.csv", "-a", "good.csv"), "it has no column 'lead_id'"),
        (("run", "shops.toml", "good.csv", "--leads-format", "parquet"), "it is no Parquet file"),
    ],
)
def test_what_is_given_wrongly_is_named(folder, words, said):
    """A file that isn't there or isn't what its name says is no misuse of the command, and ends with 1."""
    (folder / "empty.csv").write_bytes(b"")
    (folder / "other.csv").write_text("Name\nAda\n", encoding="utf-8")

    done = qualify(*words, folder=folder)

    assert done.code == 1
    assert said in done.err
    assert done.out == ""


def test_rejects_that_can_t_be_listed_don_t_stop_a_run(folder):
    """In a folder where nothing may be written, the verdicts still go to the screen."""
    (folder / "leads.rejects.csv").mkdir()

    done = qualify("run", "shops.toml", "leads.csv", folder=folder)

    assert done.code == 6
    assert "1 record rejected, and could not be listed: leads.rejects.csv: a folder, not a file" in done.err
    assert "4 leads as of" in done.out


def test_with_explain_each_lead_has_its_account(folder):
    """The list for a meeting: what the verdicts say, and why."""
    done = qualify(*WITH_ACTIVITIES, "--explain", folder=folder)

    assert done.code == 6
    same_as_printed("run-explain", done.out)


@pytest.mark.parametrize("words", [("--json",), ("-o", "all.jsonl"), ("-o", "all.json")])
def test_with_explain_json_holds_the_whole_verdict(folder, words):
    """What Python returns, one after the other."""
    done = qualify(*WITH_ACTIVITIES, "--explain", *words, folder=folder)
    text = done.out if words == ("--json",) else (folder / words[1]).read_text(encoding="utf-8")
    said = json.loads(text) if words[-1] == "all.json" else [json.loads(line) for line in text.splitlines()]

    assert [each["lead_id"] for each in said] == ["0031", "0032", "0033", "0035"]
    alone = qualify("explain", "shops.toml", "0032", "-l", "leads.csv", "-a", "activities.csv", *AS_OF, "--json",
                    folder=folder)  # fmt: skip
    assert said[1] == json.loads(alone.out) | {"nearest": None}  # which takes longer than all the rest


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_with_explain_a_table_s_file_has_a_column_more(folder, ending):
    """A spreadsheet shows it beside the row."""
    qualify(*WITH_ACTIVITIES, "--explain", "-o", f"all.{ending}", folder=folder)
    with adapter_for(folder / f"all.{ending}").read(folder / f"all.{ending}") as written:
        rows = [row.record for row in written]

    assert rows[0]["stage"] == "sql"
    assert [row["explanation"].splitlines()[0] for row in rows] == [
        "0031 is an SQL.",
        "0032 is an MQL. Whether it is an SQL is open: Sales can't say yet.",
        "0033 is not yet an MQL: Marketing says no.",
        "0035 is an MQL, but not yet an SQL: Marketing and Sales say no.",
    ]


def test_rejects_of_one_cause_are_told_once(folder):
    """Thousands of rows with one mistake must not hide the second mistake."""
    rows = "".join(f"{n},Printing,{'many ' * n}\n" for n in range(1, 30))
    (folder / "leads.csv").write_text(f"id,industry,employees\n{rows}99,Printing,5,6\n", encoding="utf-8")

    done = qualify("run", "shops.toml", "leads.csv", folder=folder)

    assert done.err == (
        "30 records rejected, listed in leads.rejects.csv\n"
        "  leads.csv:2: lead 1: employees: expected a number, found text (4 characters)\n"
        "    and 28 more like it\n"
        "  leads.csv:31: 4 cells, but 3 columns\n"
    )


def test_a_record_s_bad_values_are_told_together(folder):
    """Whoever mends the row mends it once."""
    (folder / "leads.csv").write_text("id,employees,opted_out\n1,many,perhaps\n", encoding="utf-8")

    done = qualify("run", "shops.toml", "leads.csv", folder=folder)

    assert "lead 1: employees: expected a number, found text (4 characters); opted_out: expected yes or no" in done.err


@pytest.mark.parametrize(
    "words", [("run", "shops.toml", "good.csv"), ("explain", "shops.toml", "0031", "-l", "good.csv")]
)
def test_activities_that_the_mapping_reads_and_nobody_gave_are_told(folder, words):
    """Without them every lead is open, and nothing in the table says why."""
    activities = '[activities]\nlead = "lead_id"\ntype = "type"\nat = "at"\n'
    (folder / "m.toml").write_text(f'[fields]\nid = "id"\nindustry = "industry"\n{activities}', encoding="utf-8")
    note = "note: the mapping reads activities, but no file of them was given (-a)"

    without = qualify(*words, "-m", "m.toml", folder=folder)
    given = qualify(*words, "-m", "m.toml", "-a", "activities.csv", folder=folder)

    assert without.err.count(note) == 1
    assert note not in given.err


@pytest.mark.parametrize("engine", ["python", "polars", "duckdb"])
def test_the_engine_is_said_and_changes_nothing(folder, engine):
    """The list, the funnel and the rejects are those of lead by lead."""
    done, plain = (
        qualify(*WITH_ACTIVITIES, "--format", "csv", *more, folder=folder) for more in (("--engine", engine), ())
    )
    titles = {"polars": "Polars", "duckdb": "DuckDB"}
    told = f"note: leads.csv: judged in columns by {titles.get(engine)}, as asked for\n" if engine in titles else ""

    assert (done.code, done.out) == (plain.code, plain.out)
    assert done.err == told + plain.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "pandas"), "'pandas' is not one of 'auto', 'python'"),
        (("--engine", "polars", "--explain"), "accounts are made lead by lead"),
        (("--engine", "duckdb", "--proposed"), "what is only proposed is judged lead by lead"),
    ],
)
def test_an_engine_that_can_t_is_refused(folder, words, said):
    """Whoever names one wants that one."""
    done = qualify("run", "shops.toml", "good.csv", *words, folder=folder)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
