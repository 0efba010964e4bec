"""What is wrong in a mapping's file: all of it at once, each with its place and the nearest right name."""

import pytest

from qualify.definition.codes import CODES as DEFINITION_CODES
from qualify.definition.model import ActivityType, Field, Model, Stage, Team
from qualify.errors import MappingError, QualifyError
from qualify.mapping import load_mapping, loads_mapping
from qualify.mapping.codes import CODES as MAPPING_CODES

MODEL = Model(
    name="Print-shop leads",
    version="1",
    teams={"sales": Team("Sales")},
    fields={"press_type": Field("text", choices=("offset", "digital")), "ends_on": Field("date")},
    activities={
        "webinar": ActivityType({"minutes": Field("number"), "result": Field("number")}),
        "demo": ActivityType({"result": Field("text")}),
    },
    stages={"mql": Stage(requires={})},
)


def faults(text, model=MODEL):
    with pytest.raises(MappingError) as caught:
        loads_mapping(text, model, file="x.toml")
    return caught.value.faults


FIELDS = "[fields]\n"

CASES = [  # what the file says, the code of its fault, the line, what is underlined, the nearest name
    ("format = 1\n[traits.a]\nteam = 'sales'\n[fields.b]\ntype = 'text'", "a-definition", None, None, None),
    ("plaeholders = []\n[fields]\ncity = 'C'", "unknown-key", 1, "plaeholders", "placeholders"),
    ("id = 7\n[fields]\ncity = 'C'", "wrong-type", 1, "7", None),
    ("id = ' '\n[fields]\ncity = 'C'", "wrong-type", 1, "' '", None),
    ("placeholders = 'Select'\n[fields]\ncity = 'C'", "wrong-type", 1, "'Select'", None),
    ("placeholders = ['a', []]\n[fields]\ncity = 'C'", "wrong-type", 1, "[]", None),
    ("placeholders = [nan]\n[fields]\ncity = 'C'", "wrong-type", 1, "nan", None),
    ("dates = 'day-first'\n[fields]\ncity = 'C'", "bad-dates", 1, "'day-first'", "day first"),
    ("dates = '%Y-%m'\n[fields]\ncity = 'C'", "bad-dates", 1, "'%Y-%m'", None),
    ("dates = '%d/%m/%Q'\n[fields]\ncity = 'C'", "bad-dates", 1, "'%d/%m/%Q'", None),
    ("dates = '%d/%m/%Y %I:%M'\n[fields]\ncity = 'C'", "bad-dates", 1, "'%d/%m/%Y %I:%M'", None),
    ("dates = '%d/%m/%Y %d'\n[fields]\ncity = 'C'", "bad-dates", 1, "'%d/%m/%Y %d'", None),
    ("timezone = 'Europe/Pari'\n[fields]\ncity = 'C'", "unknown-zone", 1, "'Europe/Pari'", "Europe/Paris"),
    ("timezone = '../etc'\n[fields]\ncity = 'C'", "unknown-zone", 1, "'../etc'", None),
    ("timezone = 'Europe'\n[fields]\ncity = 'C'", "unknown-zone", 1, "'Europe'", "Europe/Rome"),
    ("timezone = \"a\\u0000b\"\n[fields]\ncity = 'C'", "unknown-zone", 1, '"a\\u0000b"', None),
    ("decimal = ';'\n[fields]\ncity = 'C'", "wrong-type", 1, "';'", None),
    ("currency = 'euro'\n[fields]\ncity = 'C'", "wrong-type", 1, "'euro'", None),
    ("[rates]\nEUR = 1\n[fields]\ncity = 'C'", "missing-key", 1, "[rates]", None),
    ("currency = 'USD'\nrates.EUR = 0\n[fields]\ncity = 'C'", "bad-rate", 2, "0", None),
    ("currency = 'USD'\nrates.EUR = '1'\n[fields]\ncity = 'C'", "wrong-type", 2, "'1'", None),
    ("currency = 'USD'\nrates.euro = 1\n[fields]\ncity = 'C'", "bad-currency", 2, "euro", None),
    ("id = 'Id'\n", "missing-key", None, None, None),
    ("fields = 'x'", "wrong-type", 1, "'x'", None),
    ("id = 'I'\n[fields]\nid = 'J'", "given-twice", 3, "id", None),
    ("extends = 'acme'\n[fields]\ncity = 'C'", "unknown-base", 1, "'acme'", None),
    ("without = ['fields']\n[fields]\ncity = 'C'", "useless-key", 1, "without", None),
    (FIELDS + "industy = 'I'", "unknown-field", 2, "industy", "industry"),
    (FIELDS + "city = 7", "wrong-type", 2, "7", None),
    (FIELDS + "city = ['A', 'B']", "wrong-type", 2, "['A', 'B']", None),
    (FIELDS + "city = ' '", "wrong-type", 2, "' '", None),
    (FIELDS + "city = { from = [] }", "wrong-type", 2, "[]", None),
    (FIELDS + "city = { from = ['A', 3] }", "wrong-type", 2, "3", None),
    (FIELDS + "city = { lenient = true }", "missing-key", 2, "city", None),
    (FIELDS + "city = { form = 'C' }", "unknown-key", 2, "form", "from"),
    (FIELDS + "city = { from = 'C', as = 'txet' }", "unknown-conversion", 2, "'txet'", "text"),
    (FIELDS + "city = { from = 'C', as = 'number' }", "other-type", 2, "'number'", None),
    (FIELDS + "city = { from = 'C', as = 3 }", "wrong-type", 2, "3", None),
    (FIELDS + "annual_revenue = { from = 'R', as = 'money' }", "missing-key", 2, "'money'", None),
    (FIELDS + "city = { from = 'C', format = '%Y-%m-%d' }", "useless-key", 2, "format", None),
    (FIELDS + "ends_on = { from = 'C', format = 'dmy' }", "bad-dates", 2, "'dmy'", None),
    (FIELDS + "city = { from = 'C', separator = ';' }", "useless-key", 2, "separator", None),
    (FIELDS + "interests = { from = 'C', separator = '' }", "wrong-type", 2, "''", None),
    (FIELDS + "city = { from = 'C', invert = true }", "useless-key", 2, "invert", None),
    (FIELDS + "customer = { from = 'C', invert = 'yes' }", "wrong-type", 2, "'yes'", None),
    (FIELDS + "city = { from = 'C', lenient = 1 }", "wrong-type", 2, "1", None),
    (FIELDS + "customer = { from = 'C', null = 'nix' }", "wrong-type", 2, "'nix'", None),
    (FIELDS + "city = { from = 'C', null = '' }", "says-nothing", 2, "''", None),
    (FIELDS + "interests = { from = 'C', null = [1] }", "wrong-type", 2, "[1]", None),
    (FIELDS + "city = { from = 'C', labels = ['a'] }", "wrong-type", 2, "['a']", None),
    (FIELDS + "customer = { from = 'C', labels = { Ja = 'jo' } }", "wrong-type", 2, "'jo'", None),
    (FIELDS + "city = { from = 'C', labels = { A = '' } }", "blank-label", 2, "A", None),
    (FIELDS + "city = { from = 'C', labels = { A = 'x', a = 'y' } }", "given-twice", 2, "a", None),
    (FIELDS + "city = 'A'\ncity = 'B'", "given-twice", 3, "city", None),
    (FIELDS + "city = 'A", "not-toml", 2, None, None),
    ("a." * 100_000 + "b = 1", "too-deep", 1, None, None),
    (FIELDS + "city = " + "[" * 50_000, "not-toml", None, None, None),
    (FIELDS + "employees = { from = 'N', null = " + "9" * 5000 + " }", "not-toml", None, None, None),
    ("activities = 3", "wrong-type", 1, "3", None),
    ("[activities]\nlead = 'L'\ntype = 'T'", "missing-key", 1, "activities", None),
    ("[activities]\nlead = 'L'\ntype = 'T'\nat = 'A'\nwhen = 1", "unknown-key", 5, "when", None),
    ("[activities]\nlead = 'L'\ntype = 'T'\nat = { from = 'A', as = 'date' }", "other-type", 4, "'date'", None),
    ("[activities]\nlead = 'L'\ntype = 'T'\nat = 'A'\ntypes.X = 'webinr'", "unknown-activity", 5, "'webinr'", "webinar"),
    ("[activities]\nlead = 'L'\ntype = 'T'\nat = 'A'\ntypes.X = 1", "wrong-type", 5, "1", None),
    ("[activities]\nlead = 'L'\ntype = 'T'\nat = 'A'\ntypes = 1", "wrong-type", 5, "1", None),
    ("[activities]\nlead = 'L'\ntype = 'T'\nat = 'A'\n[activities.types]\nX = 'chat'\nx = 'call'", "given-twice", 7, "x", None),
    ("[activities]\nlead = 'L'\ntype = 'T'\nat = 'A'\nfields.pgae = 'P'", "unknown-property", 5, "pgae", "page"),
    (FIELDS + "city = 'C'\n[write]\nlifecycle = { to = 'L', values = {}, order = ['a', 'A'] }", "given-twice", 4, "'A'", None),
    (FIELDS + "[write.lifecycle]\nto = 'L'\nvalues.mql = 'leed'\norder = ['lead']", "not-in-order", 4, "'leed'", "lead"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "underlined", "near"), CASES, ids=[f"{c[1]}-{n}" for n, c in enumerate(CASES)]
)
def test_each_fault_is_found_where_it_stands(text, code, line, underlined, near):
    """The person who made the mistake sees the line, the thing and what it should have been."""
    found = faults(text)

    assert [fault.code for fault in found] == [code]
    fault = found[0]
    assert fault.level == "fault"
    assert fault.file == "x.toml"
    assert fault.did_you_mean == near
    if line is not None:
        assert fault.line == line
    if underlined is not None:
        assert fault.source[fault.column - 1 :][: fault.length] == underlined
    if near is not None:
        assert f"did you mean '{near}'?" in str(fault)


def test_all_faults_come_at_once_in_the_order_of_the_file():
    """Nobody wants to run a check once for each typo."""
    found = faults("timezone = 'Mars'\n[fields]\nemployes = 'E'\ncity = { from = 'C', as = 'nubmer' }\nsouce = 'S'")

    assert [(fault.line, fault.code) for fault in found] == [
        (1, "unknown-zone"),
        (3, "unknown-field"),
        (4, "unknown-conversion"),
        (5, "unknown-field"),
    ]


def test_a_fault_reads_as_a_sentence_over_its_line():
    """This is what stands in the terminal."""
    with pytest.raises(MappingError) as caught:
        loads_mapping("[fields]\nindusty = 'Industry'\n", MODEL, file="crm.mapping.toml")

    assert str(caught.value) == (
        "crm.mapping.toml:2: unknown field 'industy'; did you mean 'industry'?\n"
        "\n"
        "  2 | industy = 'Industry'\n"
        "      ^^^^^^^\n"
        "  In fields.industy.\n"
        "\n"
        "1 fault in crm.mapping.toml. unknown-field: see the reference, Faults"
    )


WORDS = [  # the line, and what is said of it
    ("decimal = ';'", "'decimal' is the source's decimal sign, '.' or ',', not ';'"),
    ("decimal = 5", "'decimal' is the source's decimal sign, '.' or ',', found a number"),
    ("currency = 'euro'", "'currency' is a currency's code in three capitals, such as 'EUR', not 'euro'"),
    ("id = ' '", "'id' is a property's name (with more detail it is 'id' under [fields]), not blank"),
    ("fields.interests = { from = 'I', separator = '' }", "such as ';', not blank"),
]


@pytest.mark.parametrize(("line", "said"), WORDS)
def test_a_value_that_can_not_be_says_what_can(line, said):
    """Who wrote a text is not helped by "found text"."""
    assert said in faults(line + "\n[fields]\ncity = 'C'" if "fields" not in line else line)[0].message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("decimal = ','", "'decimal' is no field; it stands at the top, above [fields]"),
        ("'Size' = 'employees'", "a field stands before the = and what it is called by the source after it"),
        ("city = { column = 'C' }", "unknown key 'column'; did you mean 'from'?"),
        ("city = { from = 'C', type = 'text' }", "unknown key 'type'; did you mean 'as'?"),
        ("employees = { from = 'C', as = 'integer' }", "did you mean 'number'?"),
        ("customer = { from = 'C', as = 'Boolean' }", "did you mean 'yes/no'?"),
        ("city = { from = 'C', as = 'shouting' }", "there are text, number, percent, money, lower end of range,"),
    ],
)
def test_the_words_of_other_programs_are_known(line, said):
    """Most who write a mapping have written one for another program before."""
    [found] = faults(FIELDS + line)

    assert said in found.message


ADVICE = "texts stand in straight quotes, and names with blanks or accents too"


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("city = City", 8, "invalid value"),
        ("city = “City”", 8, "invalid value"),
        ("city = ", 8, "invalid value"),
        ("city = 'City", 13, 'expected "\'"'),
        ("Lead source = 'City'", 6, "expected '=' after a key in a key/value pair"),
        ("größe = 'Size'", 3, "expected '=' after a key in a key/value pair"),
    ],
)
def test_what_is_no_toml_has_its_line_and_column_and_advice(line, column, said):
    """TOML's own words are for programmers; most such faults are a quote that is missing."""
    found = faults(f"[fields]\n{line}")[0]

    assert (found.code, found.line, found.column, found.source) == ("not-toml", 2, column, line)
    assert found.message == f"this is no TOML: {said}; {ADVICE}"


def test_a_label_outside_the_choices_is_doubtful():
    """The value is kept and equals none of the choices: rarely what was meant, though no fault."""
    mapping = loads_mapping(
        "[fields]\npress_type = { from = 'P', labels = { Roll = 'ofset', Both = 'DIGITAL' } }", MODEL
    )

    assert [(warning.code, warning.level, warning.line) for warning in mapping.warnings] == [
        ("not-a-choice", "warning", 2)
    ]
    assert "'ofset' is none of the choices of the field: offset, digital" in str(mapping.warnings[0])


def test_without_a_definition_fields_of_ones_own_are_taken_as_they_are():
    """A source can be mapped before the teams have agreed on anything."""
    mapping = loads_mapping("[fields]\npress_typ = 'P'\n[activities]\nlead='L'\ntype='T'\nat='A'\nfields.minuts='M'")

    assert list(mapping.fields) == ["press_typ"]
    assert [fault.code for fault in faults("[fields]\n'Press type' = 'P'", None)] == ["bad-name"]


@pytest.mark.parametrize("text", ["\ufeff[fields]\r\ncity = 'City'\r\n", "[fields]\ncity = 'City'\n"])
def test_marks_and_line_ends_of_other_systems_are_no_fault(text, tmp_path):
    """Half of all files come from Windows."""
    file = tmp_path / "a mapping.toml"
    file.write_bytes(text.encode())

    assert load_mapping(file) == loads_mapping(text)
    assert load_mapping(str(file)).values({"City": "Ghent"}) == {"city": "Ghent"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[fields]\ncity = '\xff'", "not-utf-8"),
        (b"#" * (4 * 1024 * 1024 + 1), "too-large"),
        (None, "unreadable"),
    ],
)
def test_files_that_are_no_mapping_are_refused(content, code, tmp_path):
    """A clear no, and not a traceback or a full memory."""
    file = tmp_path / "x.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(MappingError) as caught:
        load_mapping(file)

    assert [fault.code for fault in caught.value.faults] == [code]
    assert isinstance(caught.value, QualifyError)


def test_a_text_is_as_large_as_a_file_may_be():
    """The limit is the mapping's, wherever it comes from."""
    with pytest.raises(MappingError, match="4 MB"):
        loads_mapping("#" + "ä" * (2 * 1024 * 1024))


def test_each_code_has_one_meaning_and_is_seen():
    """A code is a word to look up; its page is held in tests/definition/test_codes.py."""
    assert not set(MAPPING_CODES) & set(DEFINITION_CODES)
    assert {code for _, code, *_ in CASES} - set(DEFINITION_CODES) == set(MAPPING_CODES)
