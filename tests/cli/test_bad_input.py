"""Whatever is in a file, the command ends with a clear word or a right answer: never a crash, a hang or a traceback.

Definitions are tried in a process of their own, with time to finish and no more.
"""

import json

import pytest

from tests.cli.command import apart, qualify
from tests.cli.conftest import DEFINITION, LEADS

HEAD = 'format = 1\nname = "Odd"\nversion = "1"\n[teams]\nsales = "Sales"\n'
STAGE = '[stages.sql]\nrequires.sales = "a"\n'


def trait(name, when):
    return f'[traits.{name}]\nteam = "sales"\nwhen = {json.dumps(when)}\nwhy = "Because."\n'


def definition(when, more=""):
    return HEAD + trait("a", when) + STAGE + more


LONG_SUM = "employees" + " + employees" * 4999 + " > 0"
CHAIN = "".join(trait(f"t{n}", f"t{n + 1}") for n in range(9999)) + trait("t9999", "employees >= 1")

FAULTS = {
    "broken TOML": ('format = 1\nname = "x\n', "this is no TOML"),
    "no TOML at all": ("PK\x03\x04\x00\x00", "TOML"),
    "nothing": ("", "format"),
    "a wrong type": (definition("employees >= 1").replace("format = 1", 'format = "one"'), "format"),
    "a list where a table belongs": (HEAD + "traits = [1]\n", "traits"),
    "an unknown name": (definition("employes >= 1"), "did you mean 'employees'?"),
    "an unknown key": (definition("employees >= 1") + "wen = 1\n", "wen"),
    "a cycle": (HEAD + trait("a", "b") + trait("b", "a") + STAGE, "a"),
    "a rule that is no question": (definition("true"), "true"),
    "a rule of 10,000 brackets": (definition("(" * 10_000 + "a" + ")" * 10_000), "20,000"),
    "a rule of 9,000 brackets": (definition("(" * 9000 + "customer" + ")" * 9000), "50"),
    "a rule of 4,000 nots": (definition("not " * 4000 + "customer"), "50"),
    "another format": (definition("employees >= 1").replace("format = 1", "format = 2"), "format"),
    "a list outside of the folder": (
        definition("company in evil", '[lists.evil]\nteam = "sales"\nfile = "../../etc/passwd"\n'), "'..'",
    ),
    "a list at a path of Windows": (
        definition("company in evil", "[lists.evil]\nteam = \"sales\"\nfile = 'C:\\evil.txt'\n"), "'/'",
    ),
    "a name that looks like code": (HEAD + trait("__import__", "customer") + STAGE, "name"),
    "a zone that isn't one": (definition("customer").replace("[teams]", 'timezone = "../../etc"\n[teams]'), "zone"),
    "tables in tables without end": ("a = " + "[" * 20_000, "deeper"),
}  # fmt: skip


@pytest.mark.parametrize("which", FAULTS)
def test_a_definition_that_is_wrong_has_faults_with_words(which, tmp_path):
    """It names the file, and what is wrong there."""
    text, said = FAULTS[which]
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")

    done = apart("check", "odd.toml", folder=tmp_path, timeout=30)

    assert done.code == 1, done.err
    assert done.out.startswith("odd.toml")
    assert said in done.out
    assert max(map(len, done.out.splitlines())) < 1000


def test_names_given_twice_in_a_folder_are_shown_in_both_places(tmp_path):
    """Two sides wrote the same name; both have to know."""
    (tmp_path / "definition.toml").write_text(definition("employees >= 1"), encoding="utf-8")
    (tmp_path / "sales.toml").write_text(trait("a", "employees >= 2"), encoding="utf-8")

    done = apart("check", ".", folder=tmp_path)

    assert done.code == 1
    assert "definition.toml" in done.out
    assert "sales.toml" in done.out


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (definition("customer").replace("Odd", "Größe").encode("cp1252"), "UTF-8"),
    ],
)
def test_text_in_another_encoding_is_refused(data, said, tmp_path):
    """Guessing would change a name without a word."""
    (tmp_path / "odd.toml").write_bytes(data)

    done = apart("check", "odd.toml", folder=tmp_path)

    assert done.code == 1
    assert said in done.out


def test_a_file_of_a_hundred_megabytes_is_refused_unread(tmp_path):
    """Somebody gave the leads where the definition belongs."""
    with (tmp_path / "odd.toml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)

    done = apart("check", "odd.toml", folder=tmp_path, timeout=20)
    mapped = apart("run", "good.toml", "l.csv", "-m", "odd.toml", folder=_with(tmp_path, "good.toml"), timeout=20)

    assert done.code == mapped.code == 1
    assert "4 MB" in done.out
    assert "4 MB" in mapped.err


def _with(folder, name):
    (folder / name).write_text(definition("employees >= 1"), encoding="utf-8")
    (folder / "l.csv").write_text("id,employees\n1,5\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "text",
    [
        definition(LONG_SUM[:19_000].rpartition(" + ")[0] + " > 0"),
        HEAD + CHAIN + STAGE.replace('"a"', '"t0"'),
        "\ufeff" + definition("employees >= 1").replace("\n", "\r\n"),
        definition("company == \"__import__('os').system('true')\" or employees >= 1"),
    ],
    ids=["a sum of a thousand and more", "ten thousand traits in a chain", "CRLF and a mark", "text like code"],
)
def test_what_is_large_or_odd_but_right_is_answered(text, tmp_path):
    """No rule is too long for the answer, as long as the language allows it."""
    (tmp_path / "odd.toml").write_bytes(text.encode())
    (tmp_path / "leads.csv").write_bytes(b"\xef\xbb\xbfid,employees\r\n1,5\r\n")

    done = apart("run", "odd.toml", "leads.csv", "--format", "csv", folder=tmp_path, timeout=120)

    assert done.code == 0, done.err
    assert done.out.splitlines()[1].startswith("1,sql,reached,")


def test_a_sum_of_five_thousand_terms_is_a_fault_or_an_answer(tmp_path):
    """It is longer than a rule may be, and the fault says how long that is."""
    (tmp_path / "odd.toml").write_text(definition(LONG_SUM), encoding="utf-8")

    done = apart("check", "odd.toml", folder=tmp_path, timeout=60)

    assert done.code == 1
    assert "20,000" in done.out or "20000" in done.out


LEADS_AND_ANSWERS = {
    "NaN is missing": ('{"id": "1", "employees": NaN}', 0, "undetermined"),
    "infinity is refused": ('{"id": "1", "employees": Infinity}', 6, "found infinity"),
    "the end of the calendar": ('{"id": "1", "created_at": "9999-12-31T23:59:59Z"}', 0, "undetermined"),
    "beyond the calendar": ('{"id": "1", "created_at": "9999-12-31T23:59:59-12:00"}', 6, "created_at"),
    "a day that isn't": ('{"id": "1", "created_at": "2026-02-30T10:00"}', 6, "created_at"),
    "a naive time at a clock change": ('{"id": "1", "employees": 5, "created_at": "2026-11-01T01:30"}', 0, "reached"),
    "a number with thousands of digits": ('{"id": "1", "employees": ' + "9" * 5000 + "}", 6, "digits"),
    "an object in an object without end": ('{"a":' * 5000 + "1" + "}" * 5000, 6, "deep"),
    "a key twice": ('{"id": "1", "id": "2"}', 6, "twice"),
    "no object": ("[1]", 6, "expected an object"),
    "half a line": ('{"id": "1", "empl', 6, "not JSON"),
    "half of a surrogate pair": ('{"id": "\\ud800", "employees": 5}', 6, "surrogate"),
    "a value of the wrong type": ('{"id": "1", "employees": {"a": 1}}', 6, "found a table"),
    "activities that are none": ('{"id": "1", "activities": "many"}', 6, "activities"),
    "an id that is a number": ('{"id": 7, "employees": 5}', 0, "\n7,sql,reached"),
}


@pytest.mark.parametrize("which", LEADS_AND_ANSWERS)
def test_an_odd_lead_is_judged_or_rejected_with_words(which, tmp_path):
    """Without its values."""
    line, code, said = LEADS_AND_ANSWERS[which]
    text = definition("employees >= 1").replace("[teams]", 'timezone = "America/New_York"\n[teams]')
    text += trait("b", "created_at within 30 days") + trait("c", "count(login within 2 months) >= 1")
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    (tmp_path / "leads.jsonl").write_text(line + "\n", encoding="utf-8")

    words = ("run", "odd.toml", "leads.jsonl", "--format", "csv", "--leads-format", "jsonl")
    for as_of in ("2026-11-01T01:30", "9999-12-31T23:59:59Z", "0001-01-01T00:00Z"):
        done = qualify(*words, "--as-of", as_of, folder=tmp_path)

        assert done.code == code, done.err
        assert said in done.out + done.err


TABLES = {
    "CRLF and a mark": (("\ufeff" + LEADS.replace("\n", "\r\n")).encode(), 6, "4 leads"),
    "UTF-16": (LEADS.encode("utf-16"), 6, "4 leads"),
    "a NUL": (b"id,employees\n1,5\n2,\x00\n", 6, "leads.csv:3: a NUL character"),
    "a quote that is never closed": (b'id,employees\n1,5\n"2,5\n3,5\n', 6, "never closed"),
    "a column named twice": (b"id,employees,id\n1,5,2\n", 1, "more than one column is called 'id'"),
    "only a header": (b"id,employees\n", 0, "0 leads"),
    "only blank lines": (b"\n\n\n", 1, "empty"),
    "a spreadsheet": (b"PK\x03\x04" + b"\x00" * 100, 1, "spreadsheet"),
    "noise": (bytes(range(256)) * 50, 1, "leads.csv"),
    "one very long line": (b"id,employees\n" + b"9" * 5_000_000 + b",1\n2,5\n", 6, "1 lead "),
}


@pytest.mark.parametrize("which", TABLES)
def test_an_odd_table_is_read_or_refused_with_words(which, folder):
    """A file is as a stranger's program left it."""
    data, code, said = TABLES[which]
    (folder / "leads.csv").write_bytes(data)

    done = qualify("run", "shops.toml", "leads.csv", folder=folder)

    assert done.code == code, done.out + done.err
    assert said in done.out + done.err


def test_a_folder_that_may_not_be_read_is_told(folder, monkeypatch):
    """A link that leads nowhere, here: permissions don't bind every user."""
    (folder / "dead.csv").symlink_to(folder / "nowhere.csv")
    (folder / "dead.toml").symlink_to(folder / "nowhere.toml")

    leads = apart("run", "shops.toml", "dead.csv", folder=folder)
    whole = apart("check", "dead.toml", folder=folder)

    assert (leads.code, whole.code) == (1, 1)
    assert "dead.csv: no such file" in leads.err
    assert whole.out.startswith("dead.toml: ")


def test_a_definition_is_text_and_never_code(folder):
    """Names and texts of a definition reach the generated function as values alone."""
    marker = folder / "broken-out"
    evil = f"'''); open({str(marker)!r}, 'w'); ('''"
    text = DEFINITION.replace('"Printing"', json.dumps(evil).replace("'", "\\u0027"))
    (folder / "shops.toml").write_text(text, encoding="utf-8")

    done = apart("run", "shops.toml", "good.csv", folder=folder)

    assert done.code in (0, 1)
    assert not marker.exists()
