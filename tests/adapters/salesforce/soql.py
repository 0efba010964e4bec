"""The part of SOQL that the adapter writes, over tables in memory: what the fake Salesforce answers queries by."""

import re
from typing import Any

_TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|>=|<=|!=|[()=<>,]|[A-Za-z0-9_.:+-]+(?:\(\))?)")
_QUERY = re.compile(
    r"SELECT (?P<columns>.+?) FROM (?P<table>\w+)(?: WHERE (?P<where>.+?))?(?: ORDER BY (?P<order>.+?))?"
    r"(?: LIMIT (?P<limit>\d+))?"
)


class BadQuery(Exception):
    """What this query can't be."""


def table_of(soql: str) -> str:
    return _parts(soql)["table"]


def columns_of(soql: str) -> list[str]:
    return [each.strip() for each in _parts(soql)["columns"].split(",")]


def rows_of(soql: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that a query means, in its order, whole."""
    parts = _parts(soql)
    found = [row for row in rows if not parts["where"] or _Where(parts["where"]).holds(row)]
    for each in reversed((parts["order"] or "").split(", ")):
        name, _, direction = each.partition(" ")
        if name:
            found.sort(key=lambda row: _value(row, name), reverse=direction == "DESC")
    return found[: int(parts["limit"])] if parts["limit"] else found


def _parts(soql: str) -> dict[str, Any]:
    found = _QUERY.fullmatch(soql)
    if found is None:
        raise BadQuery(soql)
    return found.groupdict()


def _value(row: dict[str, Any], name: str) -> Any:
    found: Any = row
    for part in name.split("."):
        found = None if found is None else found.get(part)
    return _moment(found) if isinstance(found, str) else found


def _moment(text: str) -> str:
    """Moments compare as texts once they are written in one way."""
    return text.replace("+0000", "Z") if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", text) else text


class _Where:
    def __init__(self, text: str) -> None:
        self.tokens, self.at = _TOKEN.findall(text), 0

    def holds(self, row: dict[str, Any]) -> bool:
        self.at = 0
        answer = self._any(row)
        if self.at != len(self.tokens):
            raise BadQuery(self.tokens[self.at :])
        return answer

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _is(self, word: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == word

    def _any(self, row: dict[str, Any]) -> bool:
        answer = self._all(row)
        while self._is("OR"):
            self._next()
            answer = self._all(row) or answer
        return answer

    def _all(self, row: dict[str, Any]) -> bool:
        answer = self._one(row)
        while self._is("AND"):
            self._next()
            answer = self._one(row) and answer
        return answer

    def _one(self, row: dict[str, Any]) -> bool:
        if self._is("("):
            self._next()
            answer = self._any(row)
            assert self._next() == ")"
            return answer
        found, how = _value(row, self._next()), self._next()
        if how == "IN":
            assert self._next() == "("
            words = []
            while not self._is(")"):
                word = self._next()
                if word != ",":
                    words.append(word.strip("'"))
            self._next()
            return found in words
        given = self._next()
        wanted: Any = {"null": None, "true": True, "false": False}.get(given, _moment(given.strip("'")))
        match how:
            case "=":
                return bool(found == wanted)
            case "!=":
                return bool(found != wanted)
            case ">":
                return found is not None and found > wanted
            case ">=":
                return found is not None and found >= wanted
            case _:
                raise BadQuery(how)
