"""`explain` tells of one lead, in English or as JSON, and its exit code says where the lead stands."""

import json

import pytest

import qualify as library
from qualify.cli import account
from qualify.verdict.scorecard_layout import Line
from tests.cli.command import apart, qualify, same_as_printed
from tests.cli.conftest import DEFINITION
from tests.cli.test_run import AS_OF
from tests.pages import EXAMPLES

EXAMPLE = (
    "--leads", "print-shop/leads.csv", "--mapping", "print-shop/mappings/leads.mapping.toml",
    "--activities", "print-shop/activities.csv", *AS_OF,
)  # fmt: skip
HERE = ("--leads", "leads.csv", "--activities", "activities.csv", *AS_OF)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_lead_of_the_example_is_explained(columns):
    """Answer first, then who said it, then what can be done; as wide as the terminal."""
    done = qualify("explain", "print-shop", "0001", *EXAMPLE, folder=EXAMPLES, columns=columns)

    assert (done.code, done.err) == (4, "")
    assert max(map(len, done.out.splitlines())) <= columns
    same_as_printed(f"explain-{columns}", done.out)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_it_can_be_pasted_elsewhere(form):
    """Into a ticket, or a CRM's note."""
    done = qualify("explain", "print-shop", "0001", *EXAMPLE, "--format", form, folder=EXAMPLES)

    same_as_printed(f"explain-{form}", done.out)


@pytest.mark.parametrize("columns", [80, 120])
def test_the_scores_are_shown_on_their_cards(columns):
    """Each point with its reason, and bars that need no colours."""
    done = qualify("explain", "print-shop", "0001", *EXAMPLE, "--scores", folder=EXAMPLES, columns=columns)
    plain = qualify("explain", "print-shop", "0001", *EXAMPLE, folder=EXAMPLES, columns=columns)

    assert (done.code, done.err) == (plain.code, "")
    assert done.out.startswith(f"{plain.out}\n")
    assert max(map(len, done.out.splitlines())) <= columns
    same_as_printed(f"explain-scores-{columns}", done.out.removeprefix(f"{plain.out}\n"))


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_cards_can_be_pasted_elsewhere(form):
    """In the form of the account before them."""
    done = qualify("explain", "print-shop", "0001", *EXAMPLE, "--scores", "--format", form, folder=EXAMPLES)
    plain = qualify("explain", "print-shop", "0001", *EXAMPLE, "--format", form, folder=EXAMPLES)

    assert done.out.startswith(plain.out)
    same_as_printed(f"explain-scores-{form}", done.out.removeprefix(plain.out))


@pytest.mark.parametrize(
    ("lead_id", "more", "code"),
    [
        ("0031", (), 0),
        ("0032", (), 4),
        ("0032", ("--stage", "mql"), 0),
        ("0032", ("--stage", "MQL", "--team", "Marketing"), 0),
        ("0033", (), 3),
        ("0035", (), 3),
        ("0034", (), 6),
        ("0099", (), 1),
        ("0031", ("--stage", "sq"), 2),
        ("0031", ("--team", "sails"), 2),
    ],
)
def test_the_exit_code_judges(folder, lead_id, more, code):
    """A script asks the same question as a person, and needs no words."""
    assert qualify("explain", "shops.toml", lead_id, *HERE, *more, folder=folder).code == code


def test_disqualified_and_left_out_have_codes_too(folder):
    """A barred lead is not reached, whatever else holds; one that is left out was not looked at."""
    text = DEFINITION.replace('version = "3"', 'version = "3"\nleft_out_by = ["objects"]')
    text = text.replace("[stages.mql]", '[stages.mql]\ndisqualified_by = ["no_mail"]')
    for name, when in (("objects", "do_not_contact"), ("no_mail", "opted_out")):
        text += f'\n[traits.{name}]\nteam = "sales"\nwhen = "{when}"\nwhy = "We keep our word."\n'
    text = text.replace("[traits.prints]", '[fields.do_not_contact]\ntype = "boolean"\n\n[traits.prints]', 1)
    (folder / "shops.toml").write_text(text, encoding="utf-8")

    barred = qualify("explain", "shops.toml", "-l", "-", folder=folder, given=b'{"id": "7", "opted_out": true}')
    out = qualify("explain", "shops.toml", "-l", "-", folder=folder, given=b'{"id": "7", "do_not_contact": true}')

    assert (barred.code, out.code) == (3, 5)
    assert "barred" in barred.out
    assert "left out" in out.out


def test_a_row_names_a_lead_as_well(folder):
    """The row that the list of rejects says, and a spreadsheet shows."""
    by_row = qualify("explain", "shops.toml", "--row", "3", *HERE, folder=folder)

    assert by_row == qualify("explain", "shops.toml", "0032", *HERE, folder=folder)
    assert qualify("explain", "shops.toml", "--row", "5", *HERE, folder=folder).code == 6


@pytest.mark.parametrize(
    "given",
    [
        b'{"id": "7", "industry": "Printing", "employees": 80}',
        b'{"id": "7", "industry": "Printing", "employees": 80}\n',
        b'{\n  "id": "7",\n  "industry": "Printing",\n  "employees": 80\n}\n',
        b'[{"id": "7", "industry": "Printing", "employees": 80}]',
        b"id,industry,employees\n7,Printing,80\n",
    ],
)
def test_a_lead_may_come_from_standard_input(folder, given):
    """Another program asks about the lead that it has at hand."""
    done = qualify("explain", "shops.toml", "--leads", "-", folder=folder, given=given)

    assert done.code == 4
    assert done.out.startswith("7 is an MQL. Whether it is an SQL is open")


def test_json_is_what_python_returns():
    """Whatever the command does, one call does."""
    done = qualify("explain", "print-shop", "0001", *EXAMPLE, "--json", folder=EXAMPLES)
    definition = library.load(EXAMPLES / "print-shop")
    from datetime import UTC, datetime

    from qualify.run import find_lead

    found = find_lead(
        definition, EXAMPLES / "print-shop/leads.csv", "0001",
        mapping=EXAMPLES / "print-shop/mappings/leads.mapping.toml",
        activities=EXAMPLES / "print-shop/activities.csv", as_of=datetime(2026, 11, 20, 12, tzinfo=UTC),
    )  # fmt: skip

    assert done.code == 4
    assert json.loads(done.out) == json.loads(found.verdict.to_json(nearest=True))
    assert library.Verdict.from_json(done.out) == found.verdict


def test_a_lead_that_is_there_twice_is_told(folder):
    """The first is explained, and the reader knows that there are others."""
    (folder / "twice.csv").write_text("id,employees\n1,80\n2,5\n1,5\n1,many\n", encoding="utf-8")

    done = qualify("explain", "shops.toml", "1", "-l", "twice.csv", folder=folder)

    assert done.err == "note: twice.csv: this is row 2; there are 2 more records with this id, in rows 4, 5 (--row)\n"


def test_a_record_that_can_t_be_read_is_told_and_nothing_else(folder):
    """No verdict is better than one on half of the data; and no value is shown."""
    done = qualify("explain", "shops.toml", "0034", *HERE, folder=folder)

    assert (done.code, done.out) == (6, "")
    assert done.err == (
        "leads.csv:5: lead 0034: employees: expected a number, found text (11 characters); so there is no verdict\n"
    )


def test_an_activity_of_the_lead_that_can_t_be_read_is_told(folder):
    """Its counts may be too low."""
    done = qualify("explain", "shops.toml", "0035", *HERE, folder=folder)

    assert done.err.startswith("1 record of the activities can't be read, which is this lead's or may be\n")
    assert "activities.csv:4: lead 0035: activities: at: expected a date" in done.err
    assert qualify("explain", "shops.toml", "0031", *HERE, folder=folder).err == ""


def test_nothing_of_another_lead_is_shown(folder):
    """Who asks about one lead may see that one, in a ticket, in a log, in an error."""
    head = "id,company,industry,employees\n"
    rows = "".join(f"lead{n},MARK{n},Printing{n},{n}\n" for n in range(50))
    (folder / "marked.csv").write_text(f"{head}{rows}lead7x,MARK,x,MARK-no-number\n", encoding="utf-8")
    (folder / "did.csv").write_text(
        "lead_id,type,at,page\n" + "".join(f"lead{n},page_view,MARK{n},/\n" for n in range(50)), encoding="utf-8"
    )

    for who in ("lead7", "lead77", "lead7x"):
        for more in ((), ("--json",), ("--format", "html"), ("-a", "did.csv")):
            done = qualify("explain", "shops.toml", who, "-l", "marked.csv", *more, folder=folder)
            said = (done.out + done.err).replace("MARK7\n", "").replace(who, "").replace("lead7:", "")
            assert "MARK" not in said.replace("MARK7", "")
            assert "lead" not in said.replace("lead7", "").replace("lead_id", "").replace("no lead has", "").replace(
                "leads", ""
            ).replace("lead's", "").replace(": lead ", "")


def test_redacted_it_holds_no_value_of_the_lead(folder):
    """For a report of a fault in the definition."""
    lead = b'{"id": "MARK-1", "industry": "MARK-2", "employees": 987654, "company": "MARK-3"}'

    for more in ((), ("--json",), ("--format", "html"), ("--format", "markdown"), ("--team", "sales")):
        done = qualify("explain", "shops.toml", "-l", "-", "--redacted", *more, folder=folder, given=lead)
        assert "MARK" not in done.out + done.err
        assert "987654" not in done.out.replace(",", "")


ODD = {
    "HTML": b'{"id": "<b>x</b>", "industry": "<script>alert(1)</script>"}',
    "control codes": b'{"id": "a\\u001b[31m", "industry": "b\\u009b2J\\u202e\\u0000c"}',
    "a text of a megabyte": b'{"id": "1", "industry": "' + b"x y " * 250_000 + b'"}',
    "many activities": json.dumps({
        "id": "1", "industry": "Printing", "activities": [
            {"type": "page_view", "at": f"2026-11-02T10:{n // 60 % 60:02}:{n % 60:02}Z", "properties": {"page": "/p"}}
            for n in range(10_000)
        ],
    }).encode(),
    "nothing": b"{}",
}  # fmt: skip


@pytest.mark.parametrize("which", ODD)
@pytest.mark.parametrize("more", [(), ("--format", "markdown"), ("--format", "html"), ("--json",)])
def test_whatever_a_lead_holds_its_account_can_be_read(folder, which, more):
    """Short, and without anything that a terminal or a browser would obey."""
    done = apart("explain", "shops.toml", "-l", "-", *more, *AS_OF, folder=folder, given=ODD[which], timeout=60)

    assert done.code in (3, 4), done.err
    assert not {"\x1b", "\x9b", "\u202e", "\x00"} & set(done.out)
    if "--json" in more:
        assert json.loads(done.out)["definition"]["name"] == "Print shops"
    else:
        assert len(done.out) < 5000
    if "html" in more:
        assert "<script" not in done.out
        assert "<b>" not in done.out


def test_what_is_proposed_can_be_asked_for(folder):
    """It stands apart in the JSON, and changes nothing."""
    text = (folder / "shops.toml").read_text(encoding="utf-8")
    text += '\n[traits.idea]\nteam = "sales"\nstatus = "proposed"\nwhen = "employees >= 7"\nwhy = "Try."\n'
    (folder / "shops.toml").write_text(text + "review_on = 2027-01-01\n", encoding="utf-8")

    plain, asked = (
        json.loads(qualify("explain", "shops.toml", "0031", *HERE, "--json", *more, folder=folder).out)
        for more in ((), ("--proposed",))
    )

    assert "idea" not in json.dumps(plain)
    assert "idea" in json.dumps(asked["proposed"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("explain", "shops.toml", "0031"), "Missing option '-l' / '--leads'"),
        (("explain", "shops.toml", "-l", "leads.csv"), "it holds more than one lead; say the id or the row of one"),
        (("explain", "shops.toml", "1", "-l", "noid.csv"), "its leads have no id; name one by its row"),
        (("explain", "shops.toml", "0031", *HERE, "--team", "sale"), "unknown team 'sale'; did you mean 'sales'?"),
        (("explain", "shops.toml", "0031", *HERE, "--stage", "x"), "unknown stage 'x'; there are: mql, sql"),
        (("explain", "shops.toml", "0031", *HERE, "--format", "pdf"), "'pdf' is not one of"),
        (("explain", "shops.toml", "0031", *HERE, "--json", "--format", "html"), "leave out --format or --json"),
        (("explain", "shops.toml", "0031", *HERE, "--json", "--scores"), "leave out --scores or --json"),
        (("explain", "shops.toml", "1", "-l", "-", "-a", "-"), "can't both come from standard input"),
        (("explain", "shops.toml", "1", "-l", "leads.xls"), "with --leads-format"),
        (("explain", "shops.toml", "1", "-l", "."), "is a folder"),
        (("explain", "shops.toml", "1", "-l", "leads.csv", "--row", "x"), "'x' is not a valid integer"),
        (("explain", "shops.toml", "1", "-l", "leads.csv", "--as-of", "2026-11-20"), "say a date with a time"),
        (("chek", "shops.toml"), "no such command 'chek'; did you mean 'check'?"),
        (("qualify", "shops.toml"), "no such command 'qualify'; there are: init, check, run, explain"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_with_it(folder, words, said):
    """And what would be right."""
    (folder / "noid.csv").write_text("employees\n80\n", encoding="utf-8")

    done = qualify(*words, folder=folder)

    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0099", *HERE), "leads.csv: no lead has the id '0099'; 5 records were looked through"),
        (("--row", "1", *HERE), "leads.csv: no record begins in row 1; the next one begins in row 2"),
        (("0031", "--row", "3", *HERE), "leads.csv: the lead in row 3 has not the id '0031'"),
        (("0031", "-l", "nowhere.csv"), "nowhere.csv: no such file"),
        (("0031", *HERE, "-m", "nowhere.toml"), "nowhere.toml: the mapping can't be read"),
        (("\x1b[2J" + "9" * 500, *HERE), "no lead has the id '\\x1b[2J9"),
    ],
)
def test_what_is_not_there_is_told(folder, words, said):
    """As a fault in what was given."""
    done = qualify("explain", "shops.toml", *words, folder=folder)

    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert max(map(len, done.err.splitlines())) < 200


def test_a_definition_with_faults_shows_them(folder):
    """There is nothing to explain by it."""
    (folder / "shops.toml").write_text(DEFINITION.replace("employees >= 50", "employes >= 50"), encoding="utf-8")

    done = qualify("explain", "shops.toml", "0031", *HERE, folder=folder)

    assert (done.code, done.out) == (1, "")
    assert "did you mean 'employees'?" in done.err


def test_colours_are_on_answers_and_never_on_what_a_lead_says():
    """A lead's text that looks like an answer is a text."""
    lines = [
        "7 is not yet an SQL: Sales says no.",
        "  Sales  no  large: yes  no",
        "             yes  no",
        "",
        "Because",
        "  - large (Sales): no. employees: 7. yes. no. ",
        "    a: yes. b",
    ]

    told = [[str(line)[span.start : span.end] for span in line.spans] for line in account.coloured(lines)]

    assert told == [[lines[0]], ["no"], [], [], ["Because"], ["-", "no"], []]


def test_colours_are_on_bars_alone():
    """A name or a reason that looks like a bar is a name or a reason."""
    line = Line("  a==  5  ==~-|  b==", (10, 15))

    assert [(span.start, span.end) for span in account.coloured_bar(line).spans] == [
        (at, at + 1) for at in range(10, 15)
    ]
