"""From a mapping's file to its table: every key checked, all faults at once, each with its place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbcMapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from qualify.definition.mistaken import is_definition
from qualify.definition.model import Model, declared_activities, declared_fields
from qualify.errors import Finding, MappingError
from qualify.mapping.activity_tables import read_activities
from qualify.mapping.conversions import CONVERSIONS, Conversion
from qualify.mapping.extending import Bases, extended
from qualify.mapping.faults import Faults
from qualify.mapping.fields import FieldReader, properties_by_type, words_of
from qualify.mapping.mapping import Mapping
from qualify.mapping.moments import dates_fault, zone_fault
from qualify.mapping.same_tables import read_same
from qualify.mapping.source import LARGEST, table_of, text_of, too_large
from qualify.mapping.table import ActivityMap, FieldMap, Table
from qualify.mapping.write_tables import WriteReader
from qualify.text import clean

A_DEFINITION = "this is a definition, no mapping: a mapping says which property is which field, under [fields]"
TOP_KEYS = (
    "id",
    "placeholders",
    "dates",
    "timezone",
    "decimal",
    "currency",
    "rates",
    "fields",
    "activities",
    "write",
    "same",
)

Conversions = AbcMapping[str, Conversion]
MoreConversions = Callable[[Iterable[str]], Conversions]
"""Gives the conversions of these names that somebody brings."""


def load_mapping(
    path: str | os.PathLike[str],
    model: Model | None = None,
    *,
    conversions: Conversions | None = None,
    bases: Bases | None = None,
    more_conversions: MoreConversions | None = None,
) -> Mapping:
    """The mapping in a file.

    With a definition's `model`, its fields and activities are known and have types; without one only the
    standard fields. `conversions` are more meanings that `as` may give; `more_conversions` is asked for the names
    that are still unknown. `bases` gives the text of the mapping that `extends` names. Raises MappingError with
    every fault.
    """
    file = Path(path)
    text = text_of(file, "mapping")
    if isinstance(text, Finding):
        raise MappingError([text])
    return loads_mapping(
        text, model, file=str(file), conversions=conversions, bases=bases, more_conversions=more_conversions
    )


def loads_mapping(
    text: str,
    model: Model | None = None,
    *,
    file: str = "mapping",
    conversions: Conversions | None = None,
    bases: Bases | None = None,
    more_conversions: MoreConversions | None = None,
) -> Mapping:
    """The mapping that a TOML text says; `file` is its name in faults. The rest is as in `load_mapping`."""
    if len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
        raise MappingError([too_large("mapping", file)])
    text = text.removeprefix("\ufeff")
    faults = Faults(text, file)
    given = table_of(text, faults, "mapping")
    known = {**CONVERSIONS, **(conversions or {})}
    table = Table()
    if given is not None and is_definition(given):
        faults.at_place("a-definition", A_DEFINITION, (), None)
    elif given is not None and (given := extended(given, faults, bases)) is not None:
        unknown = sorted(_named_by_as(given) - known.keys())
        if unknown and more_conversions is not None:
            known |= more_conversions(unknown)
        table = _table(given, faults, model, known)
    if faults.any:
        raise MappingError(faults.in_order())
    return Mapping(table, known if len(known) > len(CONVERSIONS) else CONVERSIONS, faults.in_order())


def _named_by_as(given: object) -> set[str]:
    """Every conversion that a mapping names, wherever it stands."""
    if not isinstance(given, dict):
        return set()
    named = given.get("as")
    below = (_named_by_as(each) for each in given.values())
    return set().union(*below, [named] if isinstance(named, str) else ())


def _table(given: dict[str, Any], faults: Faults, model: Model | None, conversions: Conversions) -> Table:
    meant = faults.unknown_keys(given, TOP_KEYS, (), ("fields",))
    if not {"fields", "activities"} & ({*given} | meant):
        faults.add("missing-key", "a mapping has [fields]: which property is which field", ())
    currency = _currency(given, faults)
    top = Table(
        id=_text(given, "id", "a property's name (with more detail it is 'id' under [fields])", faults),
        placeholders=words_of(given.get("placeholders", []), ("placeholders",), faults),
        dates=_checked(
            given, "dates", "'iso', 'day first', 'month first' or a format", dates_fault, "bad-dates", faults
        )
        or "iso",
        timezone=_checked(
            given, "timezone", "a zone's name, such as 'Europe/Paris'", zone_fault, "unknown-zone", faults
        ),
        decimal="," if _decimal(given, faults) == "," else ".",
        currency=currency,
        rates=_rates(given, faults),
        declared=tuple((name, each.type) for name, each in model.fields.items()) if model else (),
    )
    reader = FieldReader(faults, model, conversions, top)
    fields = reader.fields(given["fields"], ("fields",)) if "fields" in given else ()
    if top.id is not None and any(field.name == "id" for field in fields):
        faults.add("given-twice", "'id' stands at the top and under [fields]; keep one", ("fields", "id"), at="key")
    activities, sources = read_activities(given["activities"], reader) if "activities" in given else (None, ())
    read = {field.name: field for field in (*fields, *(() if top.id is None else (FieldMap("id", (top.id,)),)))}
    return replace(
        top,
        fields=fields,
        activities=activities,
        sources=sources,
        write=WriteReader(faults, model).read(given["write"]) if "write" in given else None,
        same=read_same(given["same"], read, faults) if "same" in given else None,
    )


def _text(given: dict[str, Any], key: str, expected: str, faults: Faults) -> str | None:
    value = given.get(key)
    if value is None or (isinstance(value, str) and clean(value)):
        return value
    faults.wrong_value((key,), expected, value)
    return None


def _checked(
    given: dict[str, Any],
    key: str,
    expected: str,
    fault: Callable[[str], tuple[str, str | None] | None],
    code: str,
    faults: Faults,
) -> str | None:
    value = _text(given, key, expected, faults)
    why = None if value is None else fault(value)
    if why is None:
        return value
    faults.add(code, why[0], (key,), did_you_mean=why[1])
    return None


def _decimal(given: dict[str, Any], faults: Faults) -> str:
    value = given.get("decimal", ".")
    if value not in (".", ","):
        faults.wrong_value(("decimal",), "the source's decimal sign, '.' or ','", value)
    return str(value)


_CODE = re.compile(r"[A-Z]{3}")


def _currency(given: dict[str, Any], faults: Faults) -> str | None:
    value = given.get("currency")
    if value is None or (isinstance(value, str) and _CODE.fullmatch(value)):
        return value
    faults.wrong_value(("currency",), "a currency's code in three capitals, such as 'EUR'", value)
    return None


def _rates(given: dict[str, Any], faults: Faults) -> tuple[tuple[str, Decimal], ...]:
    value = given.get("rates", {})
    if not isinstance(value, dict):
        faults.wrong_type(("rates",), "a table: what one unit of each currency is worth", value)
        return ()
    if value and "currency" not in given:
        faults.add("missing-key", "rates need 'currency': the one that they turn money into", ("rates",))
    rates = []
    for unit, rate in value.items():
        if not _CODE.fullmatch(unit):
            faults.add(
                "bad-currency",
                f"a currency has a code in three capitals, such as 'EUR', not '{unit}'",
                ("rates", unit),
                at="key",
            )
        elif isinstance(rate, bool) or not isinstance(rate, int | Decimal):
            faults.wrong_type(("rates", unit), "a number", rate)
        elif not 0 < rate < 10**15:
            faults.add("bad-rate", f"one {unit} is worth more than 0 in the mapping's currency", ("rates", unit))
        else:
            rates.append((unit, Decimal(rate)))
    return tuple(rates)


def identity_mapping(model: Model | None, columns: Iterable[str]) -> Mapping:
    """What reads a file whose columns are named as fields; activities by columns `lead_id`, `type`, `at`.

    >>> identity_mapping(None, ["id", "employees", "Notes"]).values({"id": "7", "employees": "1,200"})
    {'id': '7', 'employees': 1200}
    """
    declared = declared_fields(model.fields if model else {})
    activities = declared_activities(model.activities if model else {})
    named: dict[str, str] = {}
    for column in columns:
        if (name := clean(column)) in declared:
            named.setdefault(name, column)
    properties = dict.fromkeys(name for each in activities.values() for name in each.properties)
    row = (
        FieldMap("lead", ("lead_id",), type="text"),
        FieldMap("type", ("type",), type="text"),
        FieldMap("at", ("at",), type="datetime"),
    )
    return Mapping(
        Table(
            fields=tuple(FieldMap(name, (column,), type=declared[name].type) for name, column in named.items()),
            activities=ActivityMap(
                *row,
                fields=tuple(FieldMap(name, (name,)) for name in properties),
                properties=properties_by_type(activities),
                closed=model is not None,
            ),
            declared=tuple((name, each.type) for name, each in model.fields.items()) if model else (),
        )
    )
