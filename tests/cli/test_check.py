"""`check` shows every fault at once, or what the definition is."""

import json

import pytest

import qualify as library
from tests.cli.command import qualify, same_as_printed
from tests.cli.conftest import DEFINITION
from tests.pages import EXAMPLES

FAULTY = DEFINITION.replace("industry in", "industy in").replace('"prints"', '"printz"')


@pytest.mark.parametrize("columns", [80, 120])
def test_a_definition_without_faults_is_shown_in_short(columns):
    """Answer first: no faults; then what it holds, and who agreed."""
    done = qualify("check", "print-shop", folder=EXAMPLES, columns=columns)

    assert (done.code, done.err) == (0, "")
    same_as_printed(f"check-{columns}", done.out)
    assert max(map(len, done.out.splitlines())) <= columns


def test_all_faults_are_shown_with_their_lines(folder):
    """One fault a try would make ten tries of ten faults."""
    (folder / "shops.toml").write_text(FAULTY, encoding="utf-8")

    done = qualify("check", "shops.toml", folder=folder)

    assert (done.code, done.err) == (1, "")
    same_as_printed("check-faults", done.out)


def test_a_program_gets_the_faults_as_data(folder):
    """An editor shows them where they stand."""
    (folder / "shops.toml").write_text(FAULTY, encoding="utf-8")

    done = qualify("check", "shops.toml", "--json", folder=folder)
    said = json.loads(done.out)

    assert done.code == 1
    assert (said["faults"], said["warnings"], said["definition"]) == (2, 0, None)
    assert [(each["file"], each["line"], each["did_you_mean"]) for each in said["findings"]] == [
        ("shops.toml", 11, "industry"),
        ("shops.toml", 29, "prints"),
    ]


def test_the_digest_and_who_approved_it_are_said(folder):
    """What a team approves is the digest; it has to be found somewhere."""
    digest = library.load(folder / "shops.toml").digest
    approvals = "".join(
        f'\n[approvals.{team}]\ndigest = "{each}"\nby = "{by}"\non = 2026-11-20\n'
        for team, each, by in (("marketing", digest, "Ada"), ("sales", "0" * 64, "Bo"))
    )
    (folder / "shops.toml").write_text(DEFINITION + approvals, encoding="utf-8")

    done = qualify("check", "shops.toml", folder=folder)
    said = json.loads(qualify("check", "shops.toml", "--json", folder=folder).out)

    assert done.code == 0
    same_as_printed("check-approvals", done.out)
    assert said["definition"]["digest"] == digest
    assert {team: each["current"] for team, each in said["approvals"].items()} == {"marketing": True, "sales": False}
    assert [each["code"] for each in said["findings"]] == ["approval-outdated"]


def test_a_definition_that_isn_t_there_is_a_fault(tmp_path):
    """Not a traceback."""
    done = qualify("check", "nowhere.toml", folder=tmp_path)

    assert done.code == 1
    assert done.out.startswith("nowhere.toml: there is no such file or folder\n")


AS_JSON = {
    "format": 1, "name": "Print shops", "version": "3", "teams": {"sales": "Sales"},
    "traits": {"large": {"team": "sales", "when": "employees >= 50", "why": "They need us."}},
    "stages": [{"name": "sql", "requires": {"sales": "large"}}],
}  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        DEFINITION,
        "\ufeff" + DEFINITION,
        json.dumps(AS_JSON),
        "\n  " + json.dumps(AS_JSON),
        "\ufeff" + json.dumps(AS_JSON),
    ],
    ids=["toml", "toml with a mark", "json", "json after blanks", "json with a mark"],
)
def test_a_definition_may_come_from_standard_input(given, tmp_path):
    """An editor checks what isn't saved yet, and another program what it has just made."""
    done = qualify("check", "-", folder=tmp_path, given=given.encode())

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Print shops 3: no faults\n")


@pytest.mark.parametrize(
    ("given", "line", "code", "said"),
    [
        (DEFINITION.replace("industry in", "industy in"), 11, "unknown-field", "unknown field 'industy'"),
        ('format = 1\nname = "x\n', 2, "not-toml", "this is no TOML"),
        ('{"format": 1,\n"name": }', 2, "not-json", "this is no JSON"),
        (
            json.dumps(AS_JSON, indent=1).replace("employees", "employes"),
            11,
            "unknown-field",
            "unknown field 'employes'",
        ),
        ("", None, "missing-key", "'format'"),
        ("#" * (4 * 1024 * 1024 + 1), None, "too-large", "4 MB"),
        (DEFINITION.replace("Print", "Größe").encode("cp1252"), 2, "not-utf-8", "UTF-8"),
    ],
)
def test_faults_of_standard_input_are_named_after_it(given, line, code, said, tmp_path):
    """It has no file's name, and a bare line number in a log is a riddle."""
    data = given if isinstance(given, bytes) else given.encode()

    done = qualify("check", "-", folder=tmp_path, given=data)
    first = json.loads(qualify("check", "-", "--json", folder=tmp_path, given=data).out)["findings"][0]

    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(f"standard input:{line}: " if line else "standard input: ")
    assert said in done.out.splitlines()[0]
    assert (first["file"], first["line"], first["code"]) == ("standard input", line, code)


def test_a_warning_of_standard_input_is_named_after_it_too(tmp_path):
    """It is shown in the same way."""
    given = DEFINITION + f'\n[approvals.sales]\ndigest = "{"0" * 64}"\nby = "Ada"\non = 2026-11-20\n'

    done = qualify("check", "-", folder=tmp_path, given=given.encode())

    assert done.code == 0
    assert done.out.startswith("standard input:")
    assert "\nPrint shops 3: no faults\n" in done.out


def test_a_dash_is_standard_input_though_a_file_be_called_so(tmp_path):
    """`./-` is the file."""
    (tmp_path / "-").write_text("", encoding="utf-8")

    assert qualify("check", "-", folder=tmp_path, given=DEFINITION.encode()).code == 0


MAPPING = 'id = "Nr."\n[fields]\nemployees = "Size"\n'


def test_a_mapping_is_no_definition_and_is_told_so(folder):
    """A newcomer has two kinds of file, and twenty-six faults about the wrong one help nobody."""
    (folder / "m.mapping.toml").write_text(MAPPING, encoding="utf-8")

    done = qualify("check", "m.mapping.toml", folder=folder)

    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("m.mapping.toml: this is a mapping, no definition: name the definition, and the mapping")
    assert "\n1 fault in m.mapping.toml." in done.out


def test_every_command_says_so(folder):
    """It is the same mistake everywhere; the other way round, too."""
    (folder / "m.mapping.toml").write_text(MAPPING, encoding="utf-8")

    for words in (("run", "m.mapping.toml", "leads.csv"), ("explain", "m.mapping.toml", "0031", "-l", "leads.csv")):
        done = qualify(*words, folder=folder)
        assert (done.code, done.out) == (1, "")
        assert "m.mapping.toml: this is a mapping, no definition" in done.err
        assert "1 fault in" in done.err
    for words in (("run", "shops.toml", "leads.csv"), ("explain", "shops.toml", "0031", "-l", "leads.csv")):
        done = qualify(*words, "-m", "shops.toml", folder=folder)
        assert (done.code, done.out) == (1, "")
        assert "shops.toml: this is a definition, no mapping" in done.err
        assert "1 fault in" in done.err


def test_a_mapping_among_the_files_of_a_folder_hides_no_other_fault(folder):
    """A mapping whose name doesn't say so lies beside the definition that it is for."""
    (folder / "shops").mkdir()
    (folder / "shops" / "a.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "shops" / "b.toml").write_text(DEFINITION.replace(">= 50", ">= >= 50"), encoding="utf-8")

    done = qualify("check", "shops", "--json", folder=folder)

    assert [each["code"] for each in json.loads(done.out)["findings"]] == ["a-mapping", "syntax"]


@pytest.mark.parametrize(
    "text", ["[fields]\na = 3\nb = [1]\n", "a = 1\n", "fields = 3\n", "[fields.a]\ntype = 'text'\n"]
)
def test_what_is_no_mapping_has_the_faults_of_a_definition(folder, text):
    """Nobody is sent the wrong way."""
    (folder / "odd.toml").write_text(text, encoding="utf-8")

    done = qualify("check", "odd.toml", folder=folder)

    assert done.code == 1
    assert "this is a mapping" not in done.out + done.err


def test_a_mapping_is_checked_against_its_definition(folder):
    """Before the night in which it is first used."""
    (folder / "good.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "bad.toml").write_text(MAPPING.replace("employees", "employes"), encoding="utf-8")

    good, bad, as_data = (
        qualify("check", "shops.toml", "-m", *words, folder=folder)
        for words in (("good.toml",), ("bad.toml",), ("bad.toml", "--json"))
    )

    assert (good.code, bad.code, as_data.code) == (0, 1, 1)
    assert good.out.endswith("good.toml: no faults\n")
    assert bad.out.startswith("bad.toml:3: unknown field 'employes'; did you mean 'employees'?")
    assert [each["file"] for each in json.loads(as_data.out)["findings"]] == ["bad.toml"]
