"""CSV: what was written is read again, and whatever is in the file, the rest goes on."""

import io
import subprocess
import sys
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.adapters import BadRow, Row, file_adapter
from qualify.adapters.csv.reader import LONGEST_ROW, SAMPLE
from qualify.errors import AdapterError
from tests.adapters.tables import TEXTS, bad, read, records, tables, written

# Laws


@given(table=tables(TEXTS), delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_what_was_written_is_read_again(table, delimiter):
    """Quotes, line ends and separators inside a cell are the lead's, not the file's."""
    columns, rows = table

    data = written("csv", columns, rows, delimiter=delimiter)

    assert records("csv", data, delimiter=delimiter) == rows


@given(table=tables(TEXTS), delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_the_separator_of_what_we_write_is_found_out(table, delimiter):
    """Where no column's name has a separator in it, the cells may have any."""
    columns, rows = table
    columns, rows = [*columns, "other"], [{**row, "other": ""} for row in rows]

    data = written("csv", columns, rows, delimiter=delimiter)

    assert records("csv", data) == rows


@given(table=tables(TEXTS), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_every_form_of_unicode_is_found_out(table, encoding):
    """Spreadsheets save all of them, and call each one Unicode."""
    columns, rows = table

    assert records("csv", written("csv", columns, rows, encoding=encoding), delimiter=",") == rows


@given(data=st.binary(max_size=200))
def test_any_bytes_are_rows_bad_rows_or_one_clear_error(data):
    """A crash on the first bad file is all that a new user would see of us."""
    try:
        found = read("csv", data)
    except AdapterError as refused:
        found, message = [], str(refused)
    else:
        message = "the stream: "

    assert message.startswith("the stream: ")
    assert all(row.number >= 2 for row in found)


@given(table=tables(TEXTS))
def test_a_row_s_number_is_the_line_on_which_it_begins(table):
    """Who mends the file goes to that line in an editor."""
    columns, rows = table
    lines = list(io.StringIO(written("csv", columns, rows).decode(), newline=""))

    numbers = [row.number for row in read("csv", "".join(lines), delimiter=",")]

    assert [written("csv", columns, rows[:at]).decode() for at in range(len(rows))] == [
        "".join(lines[: number - 1]) for number in numbers
    ]


# Finding out


@pytest.mark.parametrize(
    ("header", "first", "delimiter"),
    [
        ("Name,Revenue", "Acme; Inc.,1", ","),
        ("Name;Umsatz", "Acme, Inc.;1,5", ";"),
        ("Name\tCity", "Acme, Inc.\tChicago; IL", "\t"),
        ("Name|City", "Acme, Inc.|Chicago", "|"),
        ('"Last, first";City', '"Doe, Ann";Chicago', ";"),
        ("email", "ann@example.com", ","),
    ],
)
def test_the_separator_cuts_all_rows_like_the_header(header, first, delimiter):
    """Half of Europe separates by semicolons, since the comma is in its numbers."""
    with file_adapter("csv").read(io.BytesIO(f"{header}\n{first}\n".encode())) as reader:
        assert reader.facts.delimiter == delimiter
        assert [len(row.record) for row in reader] == [len(reader.facts.columns)]


def test_a_separator_line_of_a_spreadsheet_is_taken_at_its_word():
    """Some spreadsheets write one, and others need it."""
    assert read("csv", "sep=;\r\nId;City\r\n1;Chicago\r\n") == [Row(3, {"Id": "1", "City": "Chicago"})]


@pytest.mark.parametrize("character", ['"', "\r", " ", "x"])
def test_a_separator_line_that_names_no_separator_is_a_header(character):
    """A line that only looks like one must not end in a traceback."""
    assert read("csv", f"sep={character}\n") == []


WESTERN = [
    "Köln", "Jürgen Groß", "José Muñoz", "François Lefèvre", "Zoë – naïve", "€ 500", "São Paulo", "Tromsø",
    "Geschäftsführer", "gerente de operações", "directrice générale", "Dueño", "Åse Bjørnsen", "Besançon",
]  # fmt: skip


@given(order=st.randoms(), rounds=st.integers(1, 5))
def test_western_text_from_before_unicode_is_found_out(order, rounds):
    """What spreadsheets on Windows save by default; a garbled name can't be unsaid to a customer."""
    cells = WESTERN * rounds
    order.shuffle(cells)

    data = b"Id;Name\n" + "".join(f"{at};{cell}\n" for at, cell in enumerate(cells)).encode("cp1252")

    assert [each["Name"] for each in records("csv", data)] == cells


@pytest.mark.parametrize(
    ("encoding", "cells"),
    [
        ("cp1250", ["Praha", "Plzeň", "Jiří Dvořák", "ředitel prodeje", "Město Žďár", "Škoda"]),
        ("cp1251", ["Москва", "Иван Петров", "директор по продажам", "Казань"]),
        ("cp1253", ["Αθήνα", "Θεσσαλονίκη", "Διευθυντής πωλήσεων", "ιδιοκτήτης"]),
        ("cp932", ["東京", "山田太郎", "株式会社テスト", "営業部長"]),
        ("gb18030", ["北京", "王小明", "销售经理", "上海市有限公司"]),
    ],
)
def test_other_text_from_before_unicode_is_found_out_where_its_letters_tell(encoding, cells):
    """A good guess, and the reader's facts say it, so that a person can overrule it."""
    data = ("Id;Name\n" + "".join(f"{at};{cell};\n" for at, cell in enumerate(cells * 5))).encode(encoding)

    with file_adapter("csv").read(io.BytesIO(data)) as reader:
        assert data.decode(reader.facts.encoding) == data.decode(encoding)


def test_letters_that_tell_nothing_are_no_reason_to_guess():
    """Where nothing fits, the person who has the file knows best."""
    with pytest.raises(AdapterError, match="its encoding can't be found out; say which it is"):
        read("csv", b"Id;Name\n" + "".join(f"{at};Łódź\n" for at in range(30)).encode("cp1250"))


def test_utf_16_without_a_mark_is_seen_by_its_zeros():
    """Some databases export it so."""
    assert records("csv", "Id,Ort\n1,Köln\n".encode("utf-16-be")) == [{"Id": "1", "Ort": "Köln"}]


def test_what_is_said_is_not_found_out():
    """A person who knows must have the last word."""
    data = b"Id;Name\n1;a,b\n"

    assert bad("csv", data, delimiter="comma") == [(2, "2 cells, but 1 column")]
    assert records("csv", "Id,Ł\n1,Łódź\n".encode("cp1250"), encoding="cp1250") == [{"Id": "1", "Ł": "Łódź"}]


def test_finding_out_needs_an_extra_only_where_it_is_needed():
    """Whoever has UTF-8 pays for nothing; whoever hasn't is told what to install, or what to say."""
    code = (
        "import sys, io; sys.modules['charset_normalizer'] = None\n"
        "from qualify.adapters import file_adapter\n"
        "read = lambda data, **options: list(file_adapter('csv').read(io.BytesIO(data), options))\n"
        "old = 'Ort\\nKöln'.encode('cp1252')\n"
        "assert len(read('Ort\\nKöln'.encode())) == len(read(old, encoding='cp1252')) == 1\n"
        "read(old)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert 'charset-normalizer: pip install "qualify[cli]"' in done.stderr.splitlines()[-1]


# Bad rows


def test_a_bad_row_is_data_and_the_rest_goes_on():
    """One broken line must not cost a file of leads."""
    data = b'Id,City\n1,Chicago\n2,a,b\n3,"a"b"\n4,\xffx\n5,a\0b\n6,Denver\n'

    found = read("csv", data, encoding="utf-8")

    assert found == [
        Row(2, {"Id": "1", "City": "Chicago"}),
        BadRow(3, "3 cells, but 2 columns", raw="2,a,b"),
        BadRow(4, "a quote stands inside a cell: it should be doubled", raw='3,"a"b"'),
        BadRow(5, "a byte that is no utf-8 text; is the file in another encoding?", raw="4,\\udcffx"),
        BadRow(6, "a NUL character", raw="5,a\0b"),
        Row(7, {"Id": "6", "City": "Denver"}),
    ]


def test_a_byte_that_is_no_text_far_down_is_one_bad_row():
    """Encodings are found out from the beginning; what comes later must not stop the run."""
    rows = [f"{at},Chicago\n".encode() for at in range(SAMPLE // 12)]

    found = read("csv", b"Id,City\n" + b"".join(rows) + b"x,K\xf6ln\ny,Denver\n")

    assert [type(row).__name__ for row in found[-3:]] == ["Row", "BadRow", "Row"]
    assert len(found) == len(rows) + 2


def test_a_quote_that_is_never_closed_costs_one_row():
    """Else one stray quote would swallow all leads after it, silently."""
    found = read("csv", 'Id,City\n1,"Chicago\n2,Denver\npiece\n3,Austin\n')

    assert [(row.number, type(row).__name__) for row in found] == [
        (2, "BadRow"),
        (3, "Row"),
        (4, "BadRow"),
        (5, "Row"),
    ]
    assert found[0].reason == "a quote is never closed"
    assert found[2].reason == "most likely a piece of a row with a quote that is never closed"


def test_a_quote_that_closes_wrongly_some_lines_later_is_one_bad_row_with_all_its_lines():
    """Where the row ended nobody knows; reading on inside it could invent a lead."""
    found = read("csv", 'Id,City\n1,"a\nb "c" d",e\n2,Denver\n')

    assert found == [
        BadRow(
            2,
            "a quote stands inside a cell: it should be doubled (lines 2 to 3)",
            raw='1,"a\nb "c" d",e',
        ),
        Row(4, {"Id": "2", "City": "Denver"}),
    ]


def test_a_row_that_is_too_long_is_bad_and_the_next_is_read():
    """Memory stays flat even when a file has no line ends at all."""
    data = b"Id,City\n1," + b"x" * (2 * LONGEST_ROW) + b"\n2,Denver\n" + b'3,"y\n' + b"z\n" * LONGEST_ROW

    found = [next(rows) for rows in [iter(file_adapter("csv").read(io.BytesIO(data)))] for _ in range(3)]

    assert [(row.number, getattr(row, "reason", "good")) for row in found] == [
        (2, "longer than 4 million characters"),
        (3, "good"),
        (4, "a quote is never closed"),
    ]


def test_reasons_hold_nothing_of_the_lead():
    """Reasons are printed and logged; a lead's words are personal data. `raw` is for the rejects only."""
    for row in read("csv", b'Id,City\nsecret,a,b\n"secret"x",y\nsecret,\xff\n', encoding="utf-8"):
        assert isinstance(row, BadRow)
        assert "secret" not in row.reason
        assert "secret" not in repr(row)
        assert "secret" in row.raw


# Shapes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Id,City\r\n1,Chicago\r\n", [{"Id": "1", "City": "Chicago"}]),
        ("Id,City\r1,Chicago\r", [{"Id": "1", "City": "Chicago"}]),
        ("Id,City\n1,Chicago", [{"Id": "1", "City": "Chicago"}]),
        ("\n\nId,City\n\n1,Chicago\n  \n", [{"Id": "1", "City": "Chicago"}]),
        ('Id,City\n1,"Chicago\r\nIL, ""USA"""\n', [{"Id": "1", "City": 'Chicago\r\nIL, "USA"'}]),
        ('Id,Screen\n1,5" wide\n', [{"Id": "1", "Screen": '5" wide'}]),
        ("Id,City\n1\n2,\n", [{"Id": "1"}, {"Id": "2", "City": ""}]),
        ("Id,City,\n1,Chicago,\n2,Denver,left\n", [
            {"Id": "1", "City": "Chicago"},
            {"Id": "2", "City": "Denver", "unnamed column 3": "left"},
        ]),
        (",name\n0,Ann\n", [{"unnamed column 1": "0", "name": "Ann"}]),
        ("Id,City\n1,Chicago,,\n", [{"Id": "1", "City": "Chicago"}]),
        ("Id , City\n1,Chicago\n", [{"Id": "1", "City": "Chicago"}]),
        ("Id,City\n", []),
        ("Id,City", []),
        ('Id\n""\n1\n', [{"Id": ""}, {"Id": "1"}]),
        ("Id\n \n\n1\n", [{"Id": " "}, {"Id": "1"}]),
        ("Id,City\n,\n", [{"Id": "", "City": ""}]),
    ],
)  # fmt: skip
def test_shapes_of_real_files(text, expected):
    """An empty cell is empty, one that the row doesn't have is absent: a mapping tells them apart."""
    assert records("csv", text) == expected


def test_a_cell_of_one_megabyte_is_a_cell():
    """Somebody pastes a whole mail thread into a note."""
    long = "word " * 200_000

    assert records("csv", f"Id,Note\n1,{long}\n") == [{"Id": "1", "Note": long}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty; its first line should name the columns"),
        (b"\n \n", "it is empty; its first line should name the columns"),
        (b"Id,Email,Email\n", "more than one column is called 'Email' (columns 2, 3)"),
        (b"Id,Email, Email\n", "more than one column is called 'Email' (columns 2, 3)"),
        (b",,\n1,2,3\n", "its first line names no column"),
        (b'Id,"Email\n', "line 1, which should name the columns: a quote is never closed"),
        (b"PK\x03\x04\x14\0", "it is a spreadsheet (xlsx) or a zip archive, not CSV; save it as CSV first"),
    ],
)
def test_a_source_that_is_no_table_is_refused_as_a_whole(data, message):
    """Guessing which of two columns was meant would be worse than asking."""
    with pytest.raises(AdapterError) as refused:
        read("csv", data)

    assert str(refused.value) == f"the stream: {message}"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"delimeter": ";"}, "csv has no option 'delimeter'; did you mean 'delimiter'?"),
        ({"delimiter": "x"}, "csv: option 'delimiter' is one of comma, "),
        ({"encoding": "ctp1252"}, "no encoding 'ctp1252'; did you mean 'cp1252'?"),
        ({"encoding": "base64"}, "no encoding 'base64'"),
        ({"encoding": "idna"}, "the stream: it can't be read as idna"),
    ],
)
def test_a_wrong_option_gets_the_nearest_right_one(options, message):
    """A typo in an option must not quietly become the default."""
    with pytest.raises(AdapterError) as refused:
        read("csv", b"Id\n1\n", **options)

    assert str(refused.value).startswith(message)


# Writing


class Colour(StrEnum):
    RED = "red"


def test_values_are_written_exactly():
    """What a warehouse reads must be what the verdict says."""
    row = {
        "a": None, "b": True, "c": False, "d": 12, "e": 10**30, "f": 0.1, "g": 1e22,
        "h": Decimal("60.50"), "i": Decimal("1E+3"), "j": Colour.RED, "k": ("a", "b"),
    }  # fmt: skip

    data = written("csv", row, [row])

    assert data.decode().splitlines()[1] == (
        ',true,false,12,1000000000000000000000000000000,0.1,1e+22,60.50,1000,red,"[""a"", ""b""]"'
    )


def test_formulas_are_written_as_they_are_unless_they_are_to_be_escaped():
    """A lead named `=HYPERLINK(...)` runs in a spreadsheet; texts changed unasked mislead all others."""
    row = {"a": "=1+1", "b": "-5", "c": Decimal(-5), "d": "plain"}

    plain = written("csv", row, [row])
    escaped = written("csv", row, [row], escape_formulas="yes")

    assert plain.decode().splitlines()[1] == "=1+1,-5,-5,plain"
    assert escaped.decode().splitlines()[1] == "'=1+1,'-5,-5,plain"


@pytest.mark.parametrize(
    ("columns", "row", "options", "message"),
    [
        (["City"], {"Cty": "1"}, {}, "row 1: no column 'Cty'; did you mean 'City'?"),
        (["Id"], {"Id": 1j}, {}, "row 1: column 'Id': "),
        (["Id"], {"Id": {1, 2}}, {}, "row 1: column 'Id': a set (2 entries) can't be written to CSV"),
        (["Id"], {"Id": "\ud800"}, {}, "row 1: column 'Id': it has a character that utf-8 doesn't have"),
        (
            ["Id"],
            {"Id": "Łódź"},
            {"encoding": "cp1252"},
            "row 1: column 'Id': it has a character that cp1252 ",
        ),
        (["Id", "Id"], {}, {}, "csv: column 'Id' is given twice"),
        ([], {}, {}, "csv: a table needs at least one column"),
    ],
)
def test_what_has_no_exact_form_is_refused_by_name(columns, row, options, message):
    """A value that quietly became something else would be found out by a customer."""
    with pytest.raises(AdapterError) as refused:
        written("csv", columns, [row], **options)

    assert str(refused.value).startswith(message)
