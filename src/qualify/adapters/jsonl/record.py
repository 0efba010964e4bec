"""One record from its JSON text, or what is wrong with it, without a word of what it says."""

from __future__ import annotations

import json
import re
from json import JSONDecodeError
from typing import Any

from qualify.adapters.cells import DEEPEST
from qualify.values import kind_of

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # one that is never closed too: nothing is read twice
_BRACKET = re.compile(r"[\[{\]}]")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class NoRecord(Exception):
    """A text that is no record; the message says why, and has none of its values."""


def read_record(data: bytes) -> dict[str, object]:
    """The object that a JSON text in UTF-8 is. Numbers without point are exact; NaN and Infinity are floats.

    >>> read_record(b'{"id": "1", "id": "2"}')
    Traceback (most recent call last):
    qualify.adapters.jsonl.record.NoRecord: the key 'id' stands twice in one object
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as why:
        raise NoRecord(f"byte {why.start + 1} is no UTF-8 text") from None
    if _is_too_deep(text):
        raise NoRecord(f"lists or objects stand more than {DEEPEST} deep in each other")
    try:
        found = _decode(text)
    except JSONDecodeError as why:
        reason = why.msg[:1].lower() + why.msg[1:]
        place = f"column {why.colno}" if why.lineno == 1 else f"its line {why.lineno}, column {why.colno}"
        raise NoRecord(f"not JSON: {reason.removesuffix(' at')} at {place}") from None
    except _Twice as why:
        raise NoRecord(f"the key {str(why)[:60]!r} stands twice in one object") from None
    except ValueError:  # Python's own limit, against slowness
        raise NoRecord("a number with thousands of digits") from None
    if not isinstance(found, dict):
        raise NoRecord(f"expected an object, found {kind_of(found)}")
    if _SURROGATE.search(text) and not _is_text(found):
        raise NoRecord("half of a surrogate pair, which is no text")
    return found


class _Twice(Exception):
    """A key that one object has twice."""


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for place, key in enumerate(keys) if key in keys[:place]))
    return found


_decode = json.JSONDecoder(object_pairs_hook=_once_each).decode


def _is_too_deep(text: str) -> bool:
    """Whether brackets nest deeper than Python's parser should be asked to follow."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _is_text(value: object) -> bool:
    """Whether all texts in a value, keys too, can be written as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
