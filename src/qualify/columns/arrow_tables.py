"""Columns of anybody's frames as Arrow's, and how they are stored: only those that are read are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Number
from typing import TYPE_CHECKING, Any

from qualify.columns.expressions import Stored
from qualify.columns.frames import Found, family_of, listed, names_of
from qualify.errors import FrameError, MissingExtra
from qualify.vocabulary import FieldType

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Taken:
    """The columns that are read as a table, and how each is stored; of the frame's other columns only the names."""

    table: pa.Table
    found: Found


def as_arrow(frame: Any, columns: Mapping[str, FieldType | None]) -> Taken:
    """Those columns of a frame that are read; a lazy one is collected, and a relation run, for these alone.

    pandas has no dates: where one is wanted, its midnights are.
    """
    needs_pyarrow()
    family = family_of(frame)
    if family == "pyspark":
        raise FrameError(
            "leads that aren't Spark's come with activities that are: bring both to one place", code="bad-argument"
        )
    names = names_of(frame)
    wanted = [name for name in names if name in columns]
    if doubled := [name for name in dict.fromkeys(wanted) if wanted.count(name) > 1]:
        raise FrameError(f"there are several columns called {listed(doubled)}: drop all but one", code="frame-columns")
    found: dict[str, Stored | str | None] = dict.fromkeys(names)
    table, odd = (
        _of_pandas(frame, {name: columns[name] for name in wanted})
        if family == "pandas"
        else (table_with(frame, wanted), {})
    )
    for field in table.schema:
        found[field.name] = stored(field.type)
    return Taken(_plain(table), {**found, **odd})


def needs_pyarrow() -> None:
    """MissingExtra where PyArrow isn't there."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as why:
        if why.name != "pyarrow":
            raise
        raise MissingExtra("qualify_frame of such a frame", "PyArrow", "frames") from None


def table_with(frame: Any, names: list[str]) -> pa.Table:
    """These columns of a frame of Polars, a relation of DuckDB or a table of Arrow's."""
    import pyarrow as pa

    match family_of(frame):
        case "polars":
            return frame.lazy().select(names).collect().to_arrow()
        case "duckdb":
            quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
            taken = frame.project(quoted) if names else frame
            found = taken.to_arrow_table() if hasattr(taken, "to_arrow_table") else taken.arrow()
            return found.select(names)
        case _:
            taken = frame.select(names)
            return pa.Table.from_batches([taken]) if isinstance(taken, pa.RecordBatch) else taken


def objects_in(column: Any) -> list[object]:
    """The values of a column of Arrow's or pandas' as Python's own, None where there is none."""
    import pyarrow as pa

    if isinstance(column, pa.Array | pa.ChunkedArray):
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        return column.to_pylist()  # type: ignore[no-any-return]
    if column.dtype != object:
        found = _array_of(column)
        if not isinstance(found, str):
            return objects_in(found)
    values = column.astype(object).where(column.notna(), None).tolist()
    return [value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value for value in values]


def _of_pandas(frame: Any, types: Mapping[str, FieldType | None]) -> tuple[pa.Table, dict[str, str]]:
    import pyarrow as pa

    columns, odd = {}, {}
    for name, kind in types.items():
        found = _array_of(frame[name])
        if kind == "date" and not isinstance(found, str):
            found = _midnights_as_days(found)
        if isinstance(found, str):
            odd[name] = found
            found = pa.nulls(len(frame))
        columns[name] = pa.nulls(len(found)) if found.null_count == len(found) else found
    if not columns:
        return pa.table({"": pa.nulls(len(frame))}).select([]), {}
    return pa.table(columns), odd


def _midnights_as_days(column: Any) -> Any:
    """Times without a zone as days, where each is a midnight; else as they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_timestamp(column.type) or column.type.tz is not None:
        return column
    same = pc.all(pc.equal(column, pc.floor_temporal(column, unit="day")), min_count=0).as_py()
    return column.cast(pa.date32()) if same else column


def _array_of(series: Any) -> Any:
    """A column of pandas as one of Arrow's, NaN as null; what it is, where Arrow has none like it."""
    import pyarrow as pa

    if series.dtype == object:
        return _of_objects(series)
    try:
        return pa.Array.from_pandas(series)
    except (pa.ArrowException, TypeError, ValueError):
        return f"of type {series.dtype}"


def _of_objects(series: Any) -> Any:
    """A column of Python's objects: what all of them are, or a word for what they are together.

    Arrow alone would take naive times for UTC where others have a zone, and cut days off dates with a time.
    """
    import pyarrow as pa

    known = series[series.notna()].tolist()
    words = sorted({_word(each) for each in set(map(type, known))})
    if words == ["dates with a time"] and len({value.tzinfo is None for value in known}) > 1:
        return "a mix of times with a zone and times without"
    if len(words) > 1:
        return f"a mix of {' and '.join(words)}"
    values = series.where(series.notna(), None).tolist()
    try:
        return pa.array(values, from_pandas=True)
    except UnicodeEncodeError:
        return "text that isn't sound Unicode"
    except (OverflowError, pa.ArrowException, TypeError, ValueError):
        pass
    try:
        return pa.array(values, pa.decimal128(38, 0)) if words == ["numbers"] else f"{words[0]} of mixed kinds"
    except (OverflowError, pa.ArrowException, TypeError, ValueError):
        return "numbers of kinds that no column holds together"


def _word(kind: type) -> str:
    """What to call values of a class, several of them."""
    words: list[tuple[tuple[type, ...], str]] = [
        ((bool,), "true or false"), ((Number,), "numbers"), ((str,), "text"), ((datetime,), "dates with a time"),
        ((date,), "dates"), ((list, tuple), "lists"),
    ]  # fmt: skip
    known = {"bool": "true or false", "bool_": "true or false", "ndarray": "lists"}
    return next((word for classes, word in words if issubclass(kind, classes)), known.get(kind.__name__, kind.__name__))


def stored(dtype: Any) -> Stored | str | None:
    """How a column of one of Arrow's types is stored."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(dtype):
        return stored(dtype.value_type)
    if types.is_null(dtype):
        return None
    if _is_text(dtype):
        return Stored("text")
    if types.is_boolean(dtype):
        return Stored("flag")
    if types.is_uint64(dtype):
        return Stored("decimal", 38, 0)
    if types.is_integer(dtype):
        return Stored("whole")
    if types.is_floating(dtype):
        return Stored("double")
    if types.is_decimal(dtype):
        fits = dtype.precision <= 38 and 0 <= dtype.scale <= 38
        return Stored("decimal", 38, dtype.scale) if fits else str(dtype)
    if types.is_date(dtype):
        return Stored("day")
    if types.is_timestamp(dtype):
        return Stored("wall" if dtype.tz is None else "instant")
    if _is_list(dtype):
        entries = stored(dtype.value_type)
        return Stored("texts") if entries is None or entries == Stored("text") else f"a list of {dtype.value_type}"
    return str(dtype)


def _is_text(dtype: Any) -> bool:
    import pyarrow as pa

    return str(dtype) == "string_view" or any(
        is_one(dtype) for is_one in (pa.types.is_string, pa.types.is_large_string)
    )


def _is_list(dtype: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    return any(is_one(dtype) for is_one in (types.is_list, types.is_large_list, types.is_fixed_size_list))


def _plain(table: pa.Table) -> pa.Table:
    """The same in those types that Polars and DuckDB both read."""
    import pyarrow as pa

    types = pa.types
    for at, field in enumerate(table.schema):
        dtype = field.type
        if types.is_dictionary(dtype):
            to = dtype.value_type
        elif types.is_decimal(dtype) and isinstance(stored(dtype), Stored):
            to = pa.decimal128(dtype.precision, dtype.scale)
        elif types.is_float16(dtype):
            to = pa.float32()
        elif types.is_date64(dtype):
            to = pa.date32()
        elif types.is_timestamp(dtype) and dtype.tz not in (None, "UTC"):
            to = pa.timestamp(dtype.unit, "UTC")  # a zone may be an offset, which Polars doesn't know
        elif _is_text(dtype) and not types.is_string(dtype):
            to = pa.large_string()
        elif isinstance(stored(dtype), str):
            to = None
        elif types.is_fixed_size_list(dtype):
            to = pa.large_list(pa.large_string())  # Polars stops at a second chunk of such
        else:
            continue
        column = pa.nulls(table.num_rows) if to is None else table.column(at).cast(to)
        table = table.set_column(at, field.name, column)
    return table


__all__ = ["Taken", "as_arrow", "needs_pyarrow", "objects_in", "stored", "table_with"]
