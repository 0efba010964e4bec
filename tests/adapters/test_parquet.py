"""Parquet: values keep their types, both ways, and no column's type is a guess from its first rows."""

import datetime as dt
import io
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualify.adapters import BadRow, Column, Row, file_adapter
from qualify.adapters.parquet.writer import BATCH, BATCHES_IN_A_GROUP
from qualify.errors import AdapterError
from tests.adapters.tables import DECIMALS, MOMENTS, TEXTS, Pipe, exact, read, records, written

pa = pytest.importorskip("pyarrow", reason="pyarrow, of the extra frames, is not installed")
pq = pytest.importorskip("pyarrow.parquet")

OF_TYPE = {
    "text": TEXTS,
    "boolean": st.booleans(),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False),
    "decimal": DECIMALS,
    "date": st.dates(),
    "datetime": MOMENTS,
    "local datetime": st.datetimes(),
    "list": st.lists(TEXTS, max_size=3),
}

MIDNIGHT = dt.datetime(2026, 1, 1)


@st.composite
def typed_tables(draw):
    """Columns with types, and rows whose values are of them or missing."""
    types = draw(st.lists(st.sampled_from(sorted(OF_TYPE)), min_size=1, max_size=4))
    columns = [Column(f"c{at}", kind, decimals=4) for at, kind in enumerate(types)]
    rows = draw(st.lists(st.tuples(*[st.none() | OF_TYPE[kind] for kind in types]), max_size=6))
    return columns, [dict(zip((each.name for each in columns), row, strict=True)) for row in rows]


def exactly(rows):
    return [{name: exact(value) for name, value in row.items()} for row in rows]


# Laws


@given(table=typed_tables())
def test_what_was_written_is_read_again(table):
    """Types and all: a score that came back as a double would no longer be exact."""
    columns, rows = table

    assert exactly(records("parquet", written("parquet", columns, rows))) == exactly(rows)


@given(table=typed_tables())
def test_types_that_nobody_said_are_found_out(table):
    """A caller that doesn't know its columns' types loses nothing."""
    columns, rows = table

    found = records("parquet", written("parquet", [each.name for each in columns], rows))

    assert exactly(found) == exactly(rows)


@given(data=st.binary(max_size=200).map(lambda some: b"PAR1" + some + b"PAR1"))
def test_any_bytes_are_refused_clearly(data):
    """A crash on the first bad file is all that a new user would see of us."""
    with pytest.raises(AdapterError, match="it is no Parquet file, or a damaged one"):
        read("parquet", data)


# Types


def test_a_column_that_begins_with_nulls_gets_the_type_of_what_comes_later():
    """Rare facts are rare: the first batch may have none of them."""
    rows = [{"a": None}] * (BATCH + 5) + [{"a": Decimal("1.25")}]

    found = records("parquet", written("parquet", ["a"], rows))

    assert found[-1] == {"a": Decimal("1.25")}
    assert found[:-1] == rows[:-1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, Decimal("1.5")], [Decimal("1.0"), Decimal("1.5")]),
        ([1, 1.5], [1.0, 1.5]),
        ([2**70, 1], [Decimal(2**70), Decimal(1)]),
        ([1, "x"], ["1", "x"]),
        ([True, 1], ["true", "1"]),
        ([2**60, 1.5], [str(2**60), "1.5"]),
        ([Decimal(10) ** 60, None], ["1" + "0" * 60, None]),
        ([MIDNIGHT, MIDNIGHT.replace(tzinfo=dt.UTC)], ["2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00"]),
        ([{"a": 1}, ["x"]], ['{"a": 1}', '["x"]']),
        ([None, None], [None, None]),
    ],
)  # fmt: skip
def test_values_of_two_types_get_the_one_that_holds_both_exactly(values, expected):
    """Where none does, their text: it is always exact."""
    found = [row["a"] for row in records("parquet", written("parquet", ["a"], [{"a": each} for each in values]))]

    assert [exact(each) for each in found] == [exact(each) for each in expected]


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("integer", 2**63, "a number that 64 bits don't hold"),
        ("integer", True, "true or false"),
        ("integer", "secret", "text (6 characters)"),
        ("number", Decimal("0.1"), "a number that no double holds exactly"),
        ("number", 2**53 + 1, "a number that no double holds exactly"),
        ("decimal", Decimal("0.12345"), "a number with more than 4 decimals"),
        ("decimal", Decimal(10) ** 34, "a number with more than 34 digits before the point"),
        ("decimal", Decimal("Infinity"), "a number that isn't finite"),
        ("decimal", 0.5, "a number"),
        ("date", dt.datetime(2026, 1, 1), "a date with a time"),
        ("datetime", dt.datetime(2026, 1, 1), "a date and time without a zone"),
        ("local datetime", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "a date and time with a zone"),
        ("list", [1], "a list (1 entry)"),
        ("text", {1}, "a set (1 entry)"),
        ("boolean", 1, "a number"),
    ],
)
def test_a_value_that_its_column_cannot_hold_exactly_is_refused(kind, value, found):
    """A value that quietly became something else would be found out by a customer."""
    with pytest.raises(AdapterError) as refused:
        written("parquet", [Column("a", kind, decimals=4)], [{"a": None}, {"a": value}])

    assert str(refused.value) == f"row 2: column 'a': expected {kind}, found {found}"


def test_an_empty_table_keeps_its_columns():
    """No leads today is an answer, not a broken file."""
    with file_adapter("parquet").read(io.BytesIO(written("parquet", [Column("a", "date"), "b"], []))) as reader:
        assert (reader.facts.columns, reader.facts.rows, list(reader)) == (("a", "b"), 0, [])


def test_more_rows_than_a_group_holds():
    """Groups of rows are an inner matter of the file."""
    count = BATCH * BATCHES_IN_A_GROUP + 5

    data = written("parquet", [Column("a", "integer")], ({"a": at} for at in range(count)))

    assert pq.ParquetFile(io.BytesIO(data)).num_row_groups == 2
    assert [row.record["a"] for row in read("parquet", data)] == list(range(count))


# What others wrote


def from_arrow(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def test_what_other_tools_write_is_read_with_python_s_types():
    """Warehouses export dictionaries, nanoseconds and large texts."""
    nanoseconds = 1_795_000_000_123_456_789
    table = pa.table(
        {
            "city": pa.array(["Chicago", None]).dictionary_encode(),
            "at": pa.array([nanoseconds, None], pa.timestamp("ns", "UTC")),
            "note": pa.array(["x", "y"], pa.large_string()),
            "price": pa.array([Decimal("1.10"), None], pa.decimal128(10, 2)),
            "size": pa.array([{"low": 1, "high": 9}, None]),
        }
    )  # fmt: skip

    first, second = records("parquet", from_arrow(table))

    assert first["city"] == "Chicago"
    assert first["at"] == dt.datetime.fromtimestamp(1_795_000_000, dt.UTC) + dt.timedelta(microseconds=123_456)
    assert (first["note"], first["price"], first["size"]) == ("x", Decimal("1.10"), {"low": 1, "high": 9})
    assert second == {"city": None, "at": None, "note": "y", "price": None, "size": None}


def test_a_value_that_python_does_not_have_is_a_bad_row():
    """Somebody's "never" is the year 292,277."""
    table = pa.table({"id": [1, 2, 3], "at": pa.array([0, 2**62, 1], pa.timestamp("us"))})

    assert read("parquet", from_arrow(table)) == [
        Row(1, {"id": 1, "at": dt.datetime(1970, 1, 1)}),
        BadRow(2, "column 'at': a value of type timestamp[us] that can't be read"),
        Row(3, {"id": 3, "at": dt.datetime(1970, 1, 1, microsecond=1)}),
    ]


def test_a_stream_that_cannot_be_sought_is_read_too():
    """Parquet has its table of contents at the end; a pipe gives the beginning first."""
    data = written("parquet", ["a"], [{"a": 1}, {"a": 2}])

    with file_adapter("parquet").read(Pipe(data[at : at + 7] for at in range(0, len(data), 7))) as reader:
        assert [row.record for row in reader] == [{"a": 1}, {"a": 2}]
        assert reader.done() == 1.0


def test_two_columns_of_one_name_are_refused():
    """Guessing which of two columns was meant would be worse than asking."""
    table = pa.table([pa.array([1]), pa.array([2])], names=["Email", "Email"])

    with pytest.raises(AdapterError, match="more than one column is called 'Email'"):
        read("parquet", from_arrow(table))


def test_a_file_that_was_damaged_in_the_middle_says_so(tmp_path):
    """What was read before stays read; what comes after can't be trusted."""
    path = tmp_path / "leads.parquet"
    data = bytearray(written("parquet", [Column("a", "text")], [{"a": f"text {at}"} for at in range(5000)]))
    data[len(data) // 4 : len(data) // 2] = b"\xff" * (len(data) // 2 - len(data) // 4)
    path.write_bytes(data)

    with file_adapter("parquet").read(path) as reader, pytest.raises(AdapterError, match="damaged after row"):
        list(reader)


def test_without_pyarrow_the_message_says_what_to_install():
    """Parquet is an extra: whoever reads CSV doesn't pay for it."""
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from qualify.adapters import adapter_for\n"
        "assert adapter_for('leads.parquet').name == 'parquet'\n"
        "adapter_for('leads.parquet').read('leads.parquet')"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert 'reading Parquet needs pyarrow: pip install "qualify[frames]"' in done.stderr.splitlines()[-1]
