"""What a column is taken for: its field, its type, how it is read, and on what grounds."""

import io

import pytest

from qualify.starting.guesses import guessed
from qualify.starting.sample import sampled
from tests.starting.files import csv_text, guess_of

MANY = 40


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Job Title", "job_title"), ("jobTitle", "job_title"), ("JOB_TITLE", "job_title"), ("E-mail", "email"),
        ("Vorname", "first_name"), ("Société", "company"), ("Bundesland", "region"), ("Lead Source", "source"),
        ("Acquisition Campaign", "campaign"), ("Lead Origin", "lead_origin"), ("Größe", "groesse"), ("in", "in_field"),
        ("Count", "count_field"), ("2nd phone", "field_2nd_phone"), ("???", "column_1"), ("fit", "fit_2"),
        ("x" * 100, "x" * 64), ("日本", "column_1"),
    ],
)  # fmt: skip
def test_a_column_is_called_as_people_would_call_it(header, field):
    """Standard fields are recognised however they are written; others get a name that the language allows."""
    assert guess_of(header, ["a b", "c d", "e f"]).field == field


@pytest.mark.parametrize(
    ("header", "cells", "field", "type", "how"),
    [
        ("Do Not Email", ["Yes", "No", ""], "opted_out", "boolean", {"as_": "yes/no"}),
        ("Keine Werbung", ["Ja", "Nein", "Nein"], "opted_out", "boolean", {"labels": (("ja", True), ("nein", False))}),
        ("Signed", ["y", "n", "n"], "signed", "boolean", {"labels": (("y", True), ("n", False))}),
        ("Flag", ["0", "1", "0"], "flag", "boolean", {"as_": "yes/no"}),
        ("Number of Calls", ["0", "1", "0"], "number_of_calls", "number", {"as_": None}),
        ("Visits", ["12", "3.5", "1,200"], "visits", "number", {"as_": None}),
        ("Win Chance", ["12 %", "3.5 %", "100%"], "win_chance", "number", {"as_": "percent"}),
        ("Amount", ["$1,200", "$5", "$7.50"], "amount", "number", {"as_": "money"}),
        ("No. of Employees", ["51-200", "1,000+", "7"], "employees", "number", {"as_": "lower end of range"}),
        ("Annual Revenue", ["€1.2M", "€300k", "€7"], "annual_revenue", "number", {"as_": "money"}),
        ("Website", ["https://www.a.example/x", "b.example", ""], "domain", "text", {"as_": "domain"}),
        ("Account Code", ["12", "13", "14"], "account_code", "text", {"as_": None}),
        ("Box", ["0012", "13", "14"], "box", "text", {"as_": None}),
        ("Tracking", ["123456789012345", "223456789012345", "3"], "tracking", "text", {"as_": None}),
        ("Created Date", ["2026-01-02", "2026-01-03", ""], "created_at", "datetime", {"format": None}),
        ("Renewal", ["2026-01-02", "2026-01-03", ""], "renewal", "date", {"format": None}),
        ("Renewal", ["25/12/2026", "01/02/2026", ""], "renewal", "date", {"format": "day first"}),
        ("Renewal", ["12/25/2026", "01/02/2026", ""], "renewal", "date", {"format": "month first"}),
        ("Renewal", ["25.12.26", "01.02.26", ""], "renewal", "date", {"format": "%d.%m.%y"}),
        ("Renewal", ["12/25/26", "1/2/26", ""], "renewal", "date", {"format": "%m/%d/%y"}),
        ("Renewal", ["2 Nov 2026", "12 Dec 2026", ""], "renewal", "date", {"format": "%d %b %Y"}),
        ("Seen", ["2026-01-02 10:00", "2026-01-03 11:00", ""], "seen", "datetime", {"format": None}),
        ("Renewal Date", ["20260102", "20261231", ""], "renewal_date", "date", {"format": "%Y%m%d"}),
        ("Created", ["1700000000000", "1710000000000", ""], "created_at", "datetime", {"as_": "epoch milliseconds"}),
        ("Interests", ["a, b", "b", "a, b"], "interests", "list", {"separator": ","}),
        ("Uses", ["a;b", "b;c;a", "c"] * 4, "uses", "list", {"separator": ";"}),
        ("Budget", ["$5,000", "$6,000", "$7,000"], "budget", "number", {"as_": "money"}),
        ("Last Activity", ["Email Opened", "Form Sent", "Called"], "last_activity", "text", {"as_": None}),
        ("Gender", ["f", "f", "f"], "gender", "text", {"as_": None}),
    ],
)  # fmt: skip
def test_a_column_is_read_as_its_values_are(header, cells, field, type, how):
    """The guess is the reading that reads them: by the mapping's own conversions, and no others."""
    guess = guess_of(header, cells)

    assert (guess.field, guess.type) == (field, type)
    assert {key: getattr(guess.how, key) for key in how} == how
    assert not guess.how.lenient


def test_evidence_is_counted():
    """A number that can be checked is worth more than a word that sounds sure."""
    cells = ["12"] * 38 + ["N/A", ""]

    guess = guess_of("Visits", cells)

    assert guess.evidence == "38 of 40 read as numbers, 1 a placeholder, 1 empty"
    assert guess.placeholders == ("n/a",)


def test_a_few_values_that_cant_be_read_are_said_and_taken_for_missing():
    """Two odd cells must not reject two leads, nor make a text of a number."""
    guess = guess_of("Visits", ["12"] * 98 + ["many", "a lot"])

    assert (guess.type, guess.how.lenient) == ("number", True)
    assert "2 can't be read and are taken for missing (lenient)" in guess.evidence


def test_too_many_values_that_cant_be_read_make_a_text():
    """And the comment says how near it was."""
    guess = guess_of("Visits", ["12"] * 30 + ["many"] * 10)

    assert guess.type == "text"
    assert "30 of them read as numbers, too few for a number" in guess.evidence


def test_a_standard_name_over_other_values_is_a_field_of_its_own():
    """Who calls a page's name `Last Activity` means no date."""
    guess = guess_of("Employees", ["Ann", "Ben", "Cleo"])

    assert (guess.field, guess.standard, guess.type) == ("employees_2", False, "text")
    assert guess.evidence.startswith("called as the standard field employees is, but no such values")


def test_of_two_columns_the_plainer_name_is_the_standard_field():
    """One lead has one e-mail address for us; the other column isn't lost."""
    cells = ["a@x.example", "b@x.example"]

    other = guess_of("Work Email", cells, beside=[("Email", cells)])

    assert (other.field, other.standard) == ("work_email", False)


def test_day_or_month_first_is_told_where_nothing_tells():
    """A month that is taken for a day is found by nobody."""
    guess = guess_of("Renewal", ["01/02/2026", "03/04/2026"])

    assert "day first and as month first" in guess.doubt
    assert "nothing in the file tells" in guess.doubt


def test_another_column_settles_which_comes_first():
    """A file is written by one program."""
    guess = guess_of("Renewal", ["01/02/2026", "03/04/2026"], beside=[("Start", ["25/12/2025", "26/12/2025"])])

    assert guess.how.format == "day first"
    assert "as another column has it" in guess.doubt


@pytest.mark.parametrize(
    ("cells", "delimiter", "decimal"),
    [
        (["1.200,5", "7,25", "3,0"], ",", ","),
        (["1,200.5", "7.25", "3.0"], ";", "."),
        (["1.200", "7.250", "3"], ";", ","),
        (["1.200", "7.250", "3"], ",", "."),
        (["12", "13", "14"], ";", "."),
    ],
)
def test_the_decimal_sign_is_the_whole_files(cells, delimiter, decimal):
    """One file is written by one program; where no number tells, semicolons do."""
    rows = [[cell, "red"] for cell in cells]
    found = guessed(sampled(io.BytesIO(csv_text(["Weight", "Colour"], rows, delimiter).encode())))

    assert found.file.table.decimal == decimal
    assert found.columns[0].type == "number"


@pytest.mark.parametrize(
    "header",
    ["Converted", "Closed Won", "Close Date", "Loss Reason", "Discarded/Nurturing Reason", "Deal Stage", "Is Won",
     "Reason for Rejection", "Abschluss", "Became a Customer Date"],
)  # fmt: skip
def test_outcomes_are_left_out(header):
    """A rule that reads what came of a lead is right about every old lead and useless for every new one."""
    guess = guess_of(header, ["1", "0", "1"])

    assert guess.field is None
    assert "it looks like an outcome" in guess.evidence


@pytest.mark.parametrize("header", ["Closing Argument", "Wonder", "Reason", "Lost Property", "Conversions of Site"])
def test_not_all_that_sounds_alike_is_an_outcome(header):
    """What is left out without need is missed by somebody."""
    assert guess_of(header, ["a", "b", "c"]).field is not None


def test_an_empty_column_is_left_out():
    """Nobody can say what it would hold."""
    guess = guess_of("Colour", ["", "  ", "N/A"])

    assert (guess.field, guess.evidence) == (None, "none of its 3 rows says anything: 1 a placeholder")


@pytest.mark.parametrize(
    ("header", "cells", "is_id"),
    [
        ("Id", ["1", "2", "3"], True),
        ("Prospect ID", ["a", "b", "c"], True),
        ("Newsletter Id", ["a", "b", "c"], True),
        ("Id", ["1", "1", "3"], False),
        ("Id", ["1", "", "3"], False),
        ("Colour", ["a", "b", "c"], False),
        ("Phone", ["1", "2", "3"], False),
    ],
)
def test_the_id_is_called_so_and_tells_all_rows_apart(header, cells, is_id):
    """Two leads with one id would be one lead."""
    assert (guess_of(header, cells).field == "id") == is_id


def test_placeholders_are_found_in_any_case():
    """SELECT says as little as Select."""
    guess = guess_of("Colour", ["SELECT", "select", "Select", "unknown", "red", "blue"])

    assert guess.placeholders == ("select", "unknown")
    assert guess.evidence == "2 of 6 filled in, 4 a placeholder"


def test_namibia_is_a_country_and_none_elsewhere_says_nothing():
    """A word that means nothing in one column can be a country in the next."""
    assert guess_of("Country", ["NA", "DE", "FR"]).evidence.endswith("3 of 3 filled in")
    assert guess_of("Press", ["none", "offset", "digital"]).how.placeholders == ("none",)


def test_words_that_many_rows_have_are_choices():
    """A definition with choices finds a misspelled one."""
    guess = guess_of("Press", ["Offset"] * 30 + ["digital"] * 20 + ["DIGITAL"] * 2)

    assert guess.choices == ("Offset", "digital")


def test_rare_words_stand_nowhere():
    """What one lead has may be that lead."""
    guess = guess_of("Press", ["offset"] * 201 + ["digital"] * 200 + ["gravure"] * 4)

    assert guess.choices == ("offset", "digital")
    assert guess.about_choices == "2 of 3 different words stand here, the rest is in 4 rows"


@pytest.mark.parametrize(
    "header", ["First Name", "Name of Buyer", "Owner", "Street", "Work E-Mail", "Company", "Notes"]
)
def test_a_column_that_may_be_personal_has_no_choices(header):
    """Twenty leads of one Ann make no choice of Ann."""
    assert guess_of(header, ["Ann Baker"] * MANY + ["Ben Carter"] * MANY).choices == ()


@pytest.mark.parametrize("value", ["ann@mill.example", "+49 221 1234567", "0221-1234567", "https://x.example/ann"])
def test_what_looks_personal_is_no_choice(value):
    """Whatever the column is called."""
    assert guess_of("Field 7", [value] * MANY + ["none of it"] * MANY).choices == ()
