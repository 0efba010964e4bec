"""Tables with types: Parquet, through pyarrow (the extra `frames`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability, Column, FileAdapter, Reader, Source, Target, Writer
from qualify.adapters.options import known_options
from qualify.errors import MissingExtra

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


class ParquetAdapter:
    """Reads and writes Parquet. Values keep their types: decimals, moments, dates, lists of texts."""

    name = "parquet"
    summary = "tables with types, through pyarrow"
    can: frozenset[Ability] = frozenset({"read", "write"})
    suffixes = (".parquet", ".pq")
    read_options: Mapping[str, str] = NO_OPTIONS
    write_options: Mapping[str, str] = NO_OPTIONS

    def read(self, source: Source, options: Mapping[str, str] = NO_OPTIONS) -> Reader:
        """Open a Parquet source; a stream that can't be sought is first copied to a temporary file.

        Raises AdapterError for what can't be opened or is no Parquet, MissingExtra where pyarrow isn't
        installed.
        """
        _needs_arrow("reading Parquet")
        from qualify.adapters.parquet.reader import open_parquet

        known_options(self.name, options, self.read_options)
        return open_parquet(source)

    def write(self, target: Target, columns: Sequence[Column | str], options: Mapping[str, str] = NO_OPTIONS) -> Writer:
        """Open a Parquet target.

        Where every column has a type, rows are written as they come. Where one has none, rows are kept in a
        temporary file, and types are found out from all of them at the end: a column that begins with a
        thousand nulls is no guess.

        Raises AdapterError for what can't be written, MissingExtra where pyarrow isn't installed.
        """
        _needs_arrow("writing Parquet")
        from qualify.adapters.parquet.writer import ParquetWriter

        known_options(self.name, options, self.write_options)
        return ParquetWriter(target, columns)


def _needs_arrow(feature: str) -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise MissingExtra(feature, "pyarrow", "frames") from None


@hookimpl
def qualify_adapter() -> FileAdapter:
    """The built-in adapter for Parquet."""
    return ParquetAdapter()
