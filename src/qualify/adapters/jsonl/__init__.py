"""Records as JSON: one object a line, or one array of objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from qualify.adapters import hookimpl
from qualify.adapters.contract import Ability, Column, FileAdapter, Reader, Source, Target, Writer
from qualify.adapters.options import choice, known_options
from qualify.adapters.sources import name_of

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
FORMS = {"lines": "lines", "array": "array"}
WHOLE_SUFFIXES = (".json", ".json.gz")


class JsonlAdapter:
    r"""Reads and writes JSON Lines, and JSON as one array. Values keep their types.

    >>> import io
    >>> with JsonlAdapter().read(io.BytesIO(b'{"id": "0031", "employees": 40}\n{"id": \n')) as leads:
    ...     print(*leads, sep="\n")
    Row(number=1, record={'id': '0031', 'employees': 40})
    BadRow(number=2, reason='not JSON: expecting value at column 7')
    """

    name = "jsonl"
    summary = "records as JSON, one object a line, or one array of objects"
    can: frozenset[Ability] = frozenset({"read", "write"})
    suffixes = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")
    read_options: Mapping[str, str] = {"form": "lines or array (else found out)"}
    write_options: Mapping[str, str] = {"form": "lines or array (array where the name ends in .json)"}

    def read(self, source: Source, options: Mapping[str, str] = NO_OPTIONS) -> Reader:
        """Open a source of JSON in UTF-8.

        Raises AdapterError for what can't be opened, and for text in another encoding.
        """
        from qualify.adapters.jsonl.reader import open_json

        known_options(self.name, options, self.read_options)
        whole = name_of(source).casefold().endswith(WHOLE_SUFFIXES)
        return open_json(source, self._said(options), whole=whole)

    def write(self, target: Target, columns: Sequence[Column | str], options: Mapping[str, str] = NO_OPTIONS) -> Writer:
        """Open a target for objects with these keys, in this order; without columns, with any keys."""
        from qualify.adapters.jsonl.writer import JsonWriter

        known_options(self.name, options, self.write_options)
        form = self._said(options)
        by_name = name_of(target).casefold().endswith(WHOLE_SUFFIXES)
        return JsonWriter(target, columns, array=by_name if form is None else form == "array")

    def _said(self, options: Mapping[str, str]) -> str | None:
        return choice(self.name, options, "form", FORMS)


@hookimpl
def qualify_adapter() -> FileAdapter:
    """The built-in adapter for JSON."""
    return JsonlAdapter()
