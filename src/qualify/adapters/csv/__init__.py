"""Tables as text: CSV, its separator and its encoding found out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability, Column, FileAdapter, Reader, Source, Target, Writer
from qualify.adapters.options import choice, known_options

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
SEPARATORS = {
    "comma": ",", ",": ",",
    "semicolon": ";", ";": ";",
    "tab": "\t", "\t": "\t", "\\t": "\t",
    "pipe": "|", "|": "|",
}  # fmt: skip
YES_NO = {"yes": "yes", "no": ""}


class CsvAdapter:
    r"""Reads and writes CSV. Values are read as text, as they stand; what they mean is a mapping's business.

    >>> import io
    >>> with CsvAdapter().read(io.BytesIO(b"Id;City\n0031;Chicago\n")) as leads:
    ...     print(leads.facts, *leads, sep="\n")
    utf-8, separated by ';', 2 columns
    Row(number=2, record={'Id': '0031', 'City': 'Chicago'})
    """

    name = "csv"
    summary = "tables as text, separated by comma, semicolon, tab or |"
    can: frozenset[Ability] = frozenset({"read", "write"})
    suffixes = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
    read_options: Mapping[str, str] = {
        "encoding": "the text's encoding, such as utf-8 or cp1252 (else found out)",
        "delimiter": "comma, semicolon, tab or pipe (else found out)",
    }
    write_options: Mapping[str, str] = {
        "encoding": "the text's encoding (utf-8; utf-8-sig for spreadsheets that need a mark)",
        "delimiter": "comma, semicolon, tab or pipe (comma; tab where the name ends in .tsv)",
        "escape_formulas": "yes puts ' before texts that a spreadsheet would run as a formula (no)",
    }

    def read(self, source: Source, options: Mapping[str, str] = NO_OPTIONS) -> Reader:
        """Open a CSV source: find out encoding and separator, and read the header.

        Raises AdapterError for what can't be opened, an empty file, a column named twice, a header that
        can't be read; MissingExtra where the text isn't UTF-8, no encoding is given and charset-normalizer
        isn't installed.
        """
        from qualify.adapters.csv.reader import open_csv

        known_options(self.name, options, self.read_options)
        return open_csv(source, options.get("encoding"), choice(self.name, options, "delimiter", SEPARATORS))

    def write(self, target: Target, columns: Sequence[Column | str], options: Mapping[str, str] = NO_OPTIONS) -> Writer:
        """Open a CSV target, and write the header. Values are written exactly, missing as an empty cell."""
        from qualify.adapters.csv.writer import CsvWriter

        known_options(self.name, options, self.write_options)
        return CsvWriter(
            target,
            columns,
            encoding=options.get("encoding", "utf-8"),
            delimiter=choice(self.name, options, "delimiter", SEPARATORS),
            escape_formulas=bool(choice(self.name, options, "escape_formulas", YES_NO)),
        )


@hookimpl
def qualify_adapter() -> FileAdapter:
    """The built-in adapter for CSV."""
    return CsvAdapter()
