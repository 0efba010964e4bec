"""A mapping as the text of a file, one line a field; `loads_mapping` reads the same mapping from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from qualify.mapping.table import ActivityMap, FieldMap, SameMap, Table, Target, Word, WriteMap

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(table: Table) -> str:
    """The text of a mapping's file."""
    lines = [f"id = {_word(table.id)}"] if table.id is not None else []
    if table.placeholders:
        lines.append(f"placeholders = {_words(table.placeholders)}")
    for key, value, usual in (
        ("dates", table.dates, "iso"), ("timezone", table.timezone, None), ("decimal", table.decimal, "."),
        ("currency", table.currency, None),
    ):  # fmt: skip
        if value is not None and value != usual:
            lines.append(f"{key} = {_word(value)}")
    if table.rates:
        lines += ["", "[rates]", *(f"{_key(unit)} = {rate:f}" for unit, rate in table.rates)]
    if table.fields:
        lines += ["", "[fields]", *map(_field, table.fields)]
    if table.activities is not None:
        lines += ["", *_activities("activities", table.activities)]
    for name, source in table.sources:
        lines += ["", *_activities(f"activities.{_key(name)}", source)]
    if table.same is not None:
        lines += ["", *_same(table.same)]
    if table.write is not None:
        lines += ["", *_write(table.write)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _activities(path: str, said: ActivityMap) -> Iterable[str]:
    yield f"[{path}]"
    for field in (said.lead, said.type, said.at):
        yield _field(field)
    if said.only:
        yield "only = { " + ", ".join(f"{_key(name)} = {_words(words)}" for name, words in said.only) + " }"
    if said.types:
        yield from ("", f"[{path}.types]", *(f"{_key(word)} = {_word(name)}" for word, name in said.types))
    if said.fields:
        yield from ("", f"[{path}.fields]", *map(_field, said.fields))


def _same(said: SameMap) -> Iterable[str]:
    yield "[same]"
    yield f"by = {_words(said.by)}"
    if said.take != "first":
        yield f"take = {_word(said.take)}"
    if said.newest_by is not None:
        yield f"newest_by = {_word(said.newest_by)}"


def _write(said: WriteMap) -> Iterable[str]:
    yield "[write]"
    yield from (f"{part} = {_target(target)}" for part, target in said.parts)
    for what, targets in (("scores", said.scores), ("tiers", said.tiers), ("traits", said.traits)):
        if targets:
            yield from ("", f"[write.{what}]", *(f"{_key(name)} = {_target(target)}" for name, target in targets))
    if (moves := said.lifecycle) is not None:
        yield from ("", "[write.lifecycle]", f"to = {_word(moves.to)}", f"values = {_labels(moves.values)}")
        yield f"order = {_words(moves.order)}"
        if moves.backward:
            yield "backward = true"


def _target(target: Target) -> str:
    ways = (("as", target.as_), ("format", target.format), ("separator", target.separator))
    parts = [f"{key} = {_word(value)}" for key, value in (("to", target.to), *ways) if value is not None]
    if target.labels:
        parts.append(f"labels = {_labels(target.labels)}")
    return _word(target.to) if len(parts) == 1 else "{ " + ", ".join(parts) + " }"


def _labels(labels: Iterable[tuple[str, Word]]) -> str:
    words = ", ".join(f"{_key(word)} = {_word(other)}" for word, other in labels)
    return f"{{ {words} }}" if words else "{}"


def _field(field: FieldMap) -> str:
    if field.always is not None:
        parts = [f"always = {_word(field.always)}"]
    elif field.any:
        parts = [f"any = {_words(field.sources)}"]
    else:
        parts = [f"from = {_word(field.sources[0]) if len(field.sources) == 1 else _words(field.sources)}"]
    for key, value in (("as", field.as_), ("format", field.format), ("separator", field.separator),
                       ("currency", field.currency), ("time", field.time)):  # fmt: skip
        if value is not None:
            parts.append(f"{key} = {_word(value)}")
    if field.labels:
        parts.append(f"labels = {_labels(field.labels)}")
    if field.invert:
        parts.append("invert = true")
    if field.null is not None:
        parts.append(f"null = {_words(field.null) if isinstance(field.null, tuple) else _word(field.null)}")
    if field.placeholders is not None:
        parts.append(f"placeholders = {_words(field.placeholders)}")
    if field.lenient:
        parts.append("lenient = true")
    only_from = len(parts) == 1 and len(field.sources) == 1 and not field.any
    return f"{_key(field.name)} = " + (_word(field.sources[0]) if only_from else "{ " + ", ".join(parts) + " }")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _word(name)


def _words(words: Iterable[Word]) -> str:
    return "[" + ", ".join(map(_word, words)) + "]"


def _word(word: Word | None) -> str:
    match word:
        case bool():
            return "true" if word else "false"
        case int() | float():
            return repr(word)
        case _:
            return json.dumps(word, ensure_ascii=False).replace("\x7f", "\\u007f")
