"""Reading JSON: line by line, or an array object by object, in constant memory."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, cast

from qualify.adapters.contract import BadRow, Facts, Reader, Row, Source
from qualify.adapters.jsonl.record import NoRecord, read_record
from qualify.adapters.sources import SourceBytes
from qualify.errors import AdapterError

LONGEST_RECORD = 16 * 1024 * 1024
"""In bytes; what is longer is a bad row."""

CHUNK = 1 << 16
BLANK = b" \t\r\n"
OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
TOO_LONG = f"longer than {LONGEST_RECORD // 1024 // 1024} MB"


def open_json(source: Source, form: str | None, *, whole: bool = False) -> Reader:
    """A reader of JSON. Where no form is given, a text that begins with `[` is an array; others have lines.

    `whole` says that its name promises one JSON value: then an object may also be spread over several lines.
    """
    data = SourceBytes(source)
    try:
        start = data.look(CHUNK)
        if start.startswith(OTHER_ENCODINGS) or b"\0" in start[:4]:
            raise AdapterError(f"{data.source_name}: JSON is written in UTF-8, and this is another encoding")
        if form is None:
            form = _form_of(start.removeprefix(codecs.BOM_UTF8).lstrip(BLANK), whole)
    except BaseException:
        data.close()
        raise
    stream = cast(BinaryIO, io.BufferedReader(data, CHUNK))
    if start.startswith(codecs.BOM_UTF8):
        stream.read(len(codecs.BOM_UTF8))
    rows = _lines(stream) if form == "lines" else _array(data.source_name, stream)
    return Reader(Facts(encoding="utf-8"), rows, close=data.close, done=data.done)


def _form_of(start: bytes, whole: bool) -> str:
    line, ended, _ = start.partition(b"\n")
    if start.startswith(b"["):
        return "array"
    if not whole or not ended:
        return "lines"
    try:
        read_record(line)
    except NoRecord:
        return "array"  # an object alone, spread over lines
    return "lines"


def _row(number: int, text: bytes) -> Row | BadRow:
    try:
        return Row(number, read_record(text))
    except NoRecord as why:
        return BadRow(number, str(why), raw=text.decode("utf-8", "backslashreplace"))


def _lines(stream: BinaryIO) -> Iterator[Row | BadRow]:
    number = 0
    while line := stream.readline(LONGEST_RECORD):
        number += 1
        if len(line) == LONGEST_RECORD and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_RECORD)
            yield BadRow(number, TOO_LONG)
        elif text := line.strip(BLANK):
            yield _row(number, text)


_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_BETWEEN_ELEMENTS = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb")*+", re.DOTALL)
_IN_AN_ELEMENT = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
_IN_A_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""What can be passed over at once; what comes after it decides. A quote there begins a string that is cut."""


def _array(name: str, stream: BinaryIO) -> Iterator[Row | BadRow]:
    """The elements of one array, or one object alone, cut at the commas between them."""
    element = _Elements(partial(stream.read, CHUNK))
    number = 0
    try:
        for text in element.cut():
            number += 1
            yield BadRow(number, TOO_LONG) if text is None else _row(number, text)
    except NoRecord as why:
        raise AdapterError(f"{name}: after row {number}: {why}") from None


class _Elements:
    """Cuts the outermost array of a JSON text into its elements, without reading what is in them.

    Raises NoRecord where the text isn't one array.
    """

    def __init__(self, more: Callable[[], bytes]) -> None:
        self._more = more
        self._depth = 0
        self._in_string = False
        self._text = bytearray()
        self._too_long = False

    def cut(self) -> Iterator[bytes | None]:
        """Each element's text, or None for one that is too long."""
        start = b""
        while not start and (chunk := self._more()):
            start = chunk.lstrip(BLANK)
        if not start:
            return
        if not start.startswith(b"["):
            yield from self._alone(start)
            return
        yield from self._elements(start[1:])

    def _alone(self, chunk: bytes) -> Iterator[bytes | None]:
        """A text that is no array: one element as a whole."""
        while chunk:
            self._keep(chunk)
            chunk = self._more()
        yield self._taken()

    def _elements(self, chunk: bytes) -> Iterator[bytes | None]:
        after_comma = False
        while chunk:
            at = start = 0
            while (at := self._passed(chunk, at)) < len(chunk):
                match chunk[at : at + 1]:
                    case b'"':
                        self._in_string = not self._in_string
                    case b"\\":  # it hides the next byte, which is in the next chunk
                        chunk += self._more()
                        at += 1
                    case b"[" | b"{":
                        self._depth += 1
                    case b"]" | b"}" if self._depth > 0:
                        self._depth -= 1
                    case b",":
                        self._keep(chunk[start:at])
                        yield self._taken()
                        start, after_comma = at + 1, True
                    case b"]":
                        self._keep(chunk[start:at])
                        if after_comma or self._text.strip(BLANK) or self._too_long:
                            yield self._taken()
                        self._end(chunk[at + 1 :])
                        return
                at += 1
            self._keep(chunk[start:])
            chunk = self._more()
        raise NoRecord("the text ends before its array does")

    def _passed(self, chunk: bytes, at: int) -> int:
        """The place of the next byte that decides something."""
        skip = _IN_A_STRING if self._in_string else _IN_AN_ELEMENT if self._depth else _BETWEEN_ELEMENTS
        found = skip.match(chunk, at)
        return len(chunk) if found is None else found.end()

    def _end(self, rest: bytes) -> None:
        while not rest.strip(BLANK):
            rest = self._more()
            if not rest:
                return
        raise NoRecord("something follows after the array")

    def _keep(self, part: bytes) -> None:
        if len(self._text) + len(part) > LONGEST_RECORD:
            self._too_long = True
            self._text.clear()
        if not self._too_long:
            self._text += part

    def _taken(self) -> bytes | None:
        text = None if self._too_long else bytes(self._text).strip(BLANK)
        self._text, self._too_long = bytearray(), False
        return text
