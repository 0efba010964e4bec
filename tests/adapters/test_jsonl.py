"""JSON: what was written is read again, and a line that is none costs itself alone."""

import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.adapters import BadRow, Row, adapter_for, file_adapter
from qualify.adapters.cells import DEEPEST
from qualify.adapters.jsonl.reader import CHUNK, LONGEST_RECORD
from qualify.errors import AdapterError
from tests.adapters.tables import TEXTS, Pipe, bad, exact, read, records, tables, written

PLAIN = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)
FORMS = st.sampled_from(["lines", "array"])

# Laws


@given(table=tables(VALUES), form=FORMS)
def test_what_was_written_is_read_again(table, form):
    """Types and all: a number that came back as text would be another lead."""
    columns, rows = table

    found = records("jsonl", written("jsonl", columns, rows, form=form), form=form)

    assert [{name: exact(value) for name, value in row.items()} for row in found] == [
        {name: exact(value) for name, value in row.items()} for row in rows
    ]


@given(table=tables(VALUES), form=FORMS)
def test_what_we_write_is_json_to_everybody(table, form):
    """The reader of our output is another program."""
    columns, rows = table

    data = written("jsonl", columns, rows, form=form)

    by_others = json.loads(data) if form == "array" else [json.loads(line) for line in data.splitlines()]
    assert by_others == rows


@given(rows=st.lists(st.dictionaries(TEXTS, VALUES, max_size=3), max_size=5), indent=st.sampled_from([None, 2]))
def test_an_array_is_cut_right_wherever_its_bytes_come_in_two(rows, indent):
    """A quote, a backslash or half a letter may be the last byte that has arrived."""
    text = json.dumps(rows, indent=indent, ensure_ascii=False).encode()

    one_by_one = [file_adapter("jsonl").read(Pipe(bytes([byte]) for byte in text))]

    assert [row.record for row in one_by_one[0]] == records("jsonl", text) == rows


@given(data=st.binary(max_size=200) | st.text('[]{}",:\\ 1a\n', max_size=60).map(str.encode), form=FORMS)
def test_any_bytes_are_rows_bad_rows_or_one_clear_error(data, form):
    """A crash on the first bad file is all that a new user would see of us."""
    try:
        found = read("jsonl", data, form=form)
    except AdapterError as refused:
        found, message = [], str(refused)
    else:
        message = "the stream: "

    assert message.startswith("the stream: ")
    assert all(row.number >= 1 for row in found)


# Bad rows


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"name": "secret"', "not JSON: expecting ',' delimiter at column 18"),
        ("secret", "not JSON: expecting value at column 1"),
        ('["secret"]', "expected an object, found a list (1 entry)"),
        ('"secret"', "expected an object, found text (6 characters)"),
        ('{"a": "secret", "a": 2}', "the key 'a' stands twice in one object"),
        ('{"a": {"b": "secret", "b": 2}}', "the key 'b' stands twice in one object"),
        ('{"a": "secret \\ud800"}', "half of a surrogate pair, which is no text"),
        ('{"a": ' + "9" * 5000 + "}", "a number with thousands of digits"),
        ('{"a": ' * DEEPEST + "{}", f"lists or objects stand more than {DEEPEST} deep in each other"),
        ("[" * 1_000_000, f"lists or objects stand more than {DEEPEST} deep in each other"),
        ('{"a": "' + '\\"' * 1_000_000 + "[" * 100, "not JSON: unterminated string starting at column 7"),
    ],
)
def test_a_bad_line_says_why_and_nothing_of_the_lead(line, reason):
    """Reasons are printed and logged; a lead's words are personal data. `raw` is for the rejects only."""
    found = read("jsonl", f'{{"id": 1}}\n{line}\n\n{{"id": 3}}\n')

    assert found == [Row(1, {"id": 1}), BadRow(2, reason, raw=line), Row(4, {"id": 3})]


def test_a_byte_that_is_no_text_is_a_bad_row():
    """The rest of the file may be in order."""
    assert read("jsonl", b'{"a": "\xff"}\n{"a": 2}') == [
        BadRow(1, "byte 8 is no UTF-8 text", raw='{"a": "\\xff"}'),
        Row(2, {"a": 2}),
    ]


def test_a_line_that_is_too_long_is_bad_and_the_next_is_read():
    """Memory stays flat even when a file has no line ends at all."""
    long = b'{"a": "' + b"x" * (LONGEST_RECORD + CHUNK) + b'"}'

    assert bad("jsonl", long + b'\n{"a": 2}') == [(1, "longer than 16 MB")]
    assert bad("jsonl", b"[" + long + b', {"a": 2}]') == [(1, "longer than 16 MB")]


def test_brackets_in_texts_are_no_depth():
    """A note may be full of them."""
    note = "[" * 1000 + '\\"' + "{" * 1000

    assert records("jsonl", json.dumps({"note": note})) == [{"note": note}]
    assert records("jsonl", json.dumps({"note": [[]] * 1000})) == [{"note": [[]] * 1000}]


# Shapes


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n \r\n", []),
        (b'\xef\xbb\xbf{"a": 1}\r\n', [{"a": 1}]),
        (b'{"a": {"b": [1, null]}}', [{"a": {"b": [1, None]}}]),
        (b'{"a": Infinity}', [{"a": float("inf")}]),
        (b'\xef\xbb\xbf [\n{"a": 1},\n{"a": 2}\n]\n', [{"a": 1}, {"a": 2}]),
        (b"[]", []),
    ],
)
def test_shapes_of_real_files(data, expected):
    """Both forms are called JSON, and both come with and without a mark."""
    assert records("jsonl", data) == expected


def test_nan_stays_a_number_that_is_none():
    """What it means is for the cleaning to say, not for the file's reader."""
    [row] = records("jsonl", '{"a": NaN}')

    assert row["a"] != row["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n  "a": 1\n}\n', [Row(1, {"a": 1})]),
        ('{"a": 1}\n{"a": 2}\n', [Row(1, {"a": 1}), Row(2, {"a": 2})]),
        ('{"a": 1}', [Row(1, {"a": 1})]),
        ('[{"a": 1}, {"a": 2}]', [Row(1, {"a": 1}), Row(2, {"a": 2})]),
        ('[2]', [BadRow(1, "expected an object, found a number", "2")]),
    ],
)  # fmt: skip
def test_a_json_file_may_be_an_array_an_object_or_lines(text, expected, tmp_path):
    """Half of the tools that write JSON lines call the file .json."""
    path = tmp_path / "leads.json"
    path.write_text(text)

    with adapter_for(path).read(path) as reader:
        assert list(reader) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'[{"a": 1}, {"a"', "after row 1: the text ends before its array does"),
        (b'[{"a": 1}] {"a": 2}', "after row 1: something follows after the array"),
        ('{"a": 1}'.encode("utf-16"), "JSON is written in UTF-8, and this is another encoding"),
        ('{"a": 1}'.encode("utf-16-le"), "JSON is written in UTF-8, and this is another encoding"),
    ],
)
def test_a_source_that_is_damaged_says_so(data, message):
    """A file that was cut off must not look like a short one."""
    with pytest.raises(AdapterError) as refused:
        read("jsonl", data)

    assert str(refused.value) == f"the stream: {message}"


# Writing


def test_values_are_written_exactly():
    """Scores are decimals; a number in JSON can say each of their digits."""
    row = {
        "a": Decimal("60.50"), "b": Decimal("1E+3"), "c": Decimal("12345678901234567890.123"),
        "d": None, "e": dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC), "f": dt.date(2026, 11, 20),
        "g": True, "h": ("x",), "i": Decimal("1E+1000"),
    }  # fmt: skip

    assert written("jsonl", row, [row]).decode() == (
        '{"a": 60.50, "b": 1000, "c": 12345678901234567890.123, "d": null, "e": "2026-11-20T09:30:00+00:00", '
        '"f": "2026-11-20", "g": true, "h": ["x"], "i": 1E+1000}\n'
    )


def test_without_columns_whatever_comes_is_written():
    """Rejects are written as they came, and no two of them need have the same keys."""
    assert written("jsonl", [], [{"a": 1}, {"b": 2}]) == b'{"a": 1}\n{"b": 2}\n'


def test_with_columns_order_is_theirs_and_what_is_absent_stays_absent():
    """Absent and null are two things to a mapping."""
    assert written("jsonl", ["a", "b"], [{"b": 1, "a": None}, {"b": 2}]) == b'{"a": null, "b": 1}\n{"b": 2}\n'


def test_rows_are_written_as_they_come(tmp_path):
    """The next program in a pipe shouldn't wait for the last lead."""
    stream = io.BytesIO()
    writer = file_adapter("jsonl").write(stream, ["a"])

    writer.write({"a": 1})

    assert stream.getvalue() == b'{"a": 1}\n'
    writer.close()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"b": 1}, "row 1: no column 'b'"),
        ({"a": {1}}, "row 1: 'a': a set (1 entry) can't be written as JSON"),
        ({"a": {1: 2}}, "row 1: 'a': a table with a number as a name can't be written as JSON"),
        ({"a": "\udc80"}, "row 1: 'a': half of a surrogate pair is no text"),
        ({"a": 10**5000}, "row 1: 'a': a number with thousands of digits can't be written as JSON"),
    ],
)
def test_what_has_no_exact_form_is_refused_by_name(row, message):
    """A value that quietly became something else would be found out by a customer."""
    with pytest.raises(AdapterError) as refused:
        written("jsonl", ["a"], [row])

    assert str(refused.value) == message


def test_lists_in_themselves_are_refused():
    """No input may reach Python's own limit of recursion."""
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(AdapterError, match=f"more than {DEEPEST} deep"):
        written("jsonl", ["a"], [{"a": endless}])
