"""The fields of a mapping's file: each key checked, and checked against the type that the field has."""

from __future__ import annotations

from collections.abc import Mapping as AbcMapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from qualify.definition.model import ActivityType, Field, Model, declared_activities, declared_fields
from qualify.definition.places import Path
from qualify.errors import nearest
from qualify.mapping.conversions import BY_TYPE, Conversion
from qualify.mapping.faults import Faults
from qualify.mapping.formats import Format
from qualify.mapping.moments import ORDERS, dates_fault
from qualify.mapping.reading import meaning, null_of
from qualify.mapping.table import FieldMap, Table, Word
from qualify.mapping.words import said
from qualify.text import clean, fold
from qualify.values import EXPECTED, Unreadable
from qualify.vocabulary import FieldType, name_fault

FIELD_KEYS = (
    "from", "any", "always", "as", "format", "separator", "labels", "invert", "null", "placeholders", "lenient",
    "currency", "time",
)  # fmt: skip
COMES_FROM = ("from", "any", "always")
ABOVE = ("placeholders", "dates", "timezone", "decimal", "currency", "rates")
_OTHER_TYPES = {
    **dict.fromkeys(("integer", "int", "float", "double", "numeric", "decimal"), "number"),
    **dict.fromkeys(("boolean", "bool", "flag", "checkbox"), "yes/no"),
    **dict.fromkeys(("string", "str", "varchar"), "text"),
    **dict.fromkeys(("timestamp", "date-time", "date time"), "datetime"),
    **dict.fromkeys(("array", "multi", "tags"), "list"),
    **dict.fromkeys(("currency", "amount", "price"), "money"),
    **dict.fromkeys(("range", "min"), "lower end of range"),
    "max": "upper end of range",
}
"""What other programs call our conversions."""
PropertyTypes = tuple[tuple[str, tuple[tuple[str, FieldType], ...]], ...]


def words_of(given: object, path: Path, faults: Faults) -> tuple[Word, ...]:
    """A list of words, such as placeholders."""
    if not isinstance(given, list):
        faults.wrong_type(path, "a list of words", given)
        return ()
    return tuple(word for at, each in enumerate(given) if (word := word_of(each, (*path, at), faults)) is not None)


def word_of(given: object, path: Path, faults: Faults) -> Word | None:
    """A text, a number, true or false."""
    if isinstance(given, Decimal) and given.is_finite():
        return float(given)
    if isinstance(given, str | bool | int):
        return given
    faults.wrong_type(path, "text, a number, true or false", given)
    return None


def properties_by_type(activities: AbcMapping[str, ActivityType]) -> PropertyTypes:
    """Which properties each type of activity has, and of which type they are."""
    return tuple(
        (name, tuple((prop, each.type) for prop, each in kind.properties.items())) for name, kind in activities.items()
    )


class FieldReader:
    """Reads what stands under `fields`, knowing its top and the definition (if there is one)."""

    def __init__(
        self, faults: Faults, model: Model | None, conversions: AbcMapping[str, Conversion], top: Table
    ) -> None:
        self.faults, self.model, self.conversions, self.top = faults, model, conversions, top
        self.declared = declared_fields(model.fields if model else {})
        self.activities = declared_activities(model.activities if model else {})

    def fields(self, given: object, path: Path) -> tuple[FieldMap, ...]:
        """All fields of a lead."""
        return tuple(
            field
            for name, each in self._entries(given, path, "a table: each field and its property").items()
            if self._named(name, self.declared, "field", (*path, name), each)
            if (field := self.field(name, each, (*path, name), self.declared.get(name))) is not None
        )

    def properties(self, given: object, path: Path) -> tuple[FieldMap, ...]:
        """All properties of activities."""
        kinds: dict[str, Field | None] = {}
        for activity in self.activities.values():
            for name, declared in activity.properties.items():
                agreed = kinds.setdefault(name, declared)
                if agreed is not None and agreed.type != declared.type:
                    kinds[name] = None
        return tuple(
            replace(field, type=None) if field.as_ is None and name in kinds else field
            for name, each in self._entries(given, path, "a table: each property and its column").items()
            if self._named(name, kinds, "property", (*path, name))
            if (field := self.field(name, each, (*path, name), kinds.get(name))) is not None
        )

    def _entries(self, given: object, path: Path, expected: str) -> dict[str, object]:
        if isinstance(given, dict):
            return given
        self.faults.wrong_type(path, expected, given)
        return {}

    def _named(self, name: str, known: AbcMapping[str, object], what: str, path: Path, given: object = None) -> bool:
        if name in known:
            return True
        if self.model is not None and what == "field" and name in ABOVE:
            self.faults.add(
                "unknown-key", f"'{name}' is no field; it stands at the top, above [fields]", path, at="key"
            )
        elif self.model is not None and isinstance(given, str) and given in known and nearest(name, known) is None:
            self.faults.add(
                f"unknown-{what}",
                f"unknown {what} '{name}'; a {what} stands before the = and what it is called by the source after it",
                path,
                at="key",
            )
        elif self.model is not None:
            self.faults.unknown(f"unknown-{what}", what, name, known, path, at="key")
        elif (why := name_fault(name)) is not None:
            self.faults.add("bad-name", why, path, at="key")
        else:
            return True
        return False

    def field(self, name: str, given: object, path: Path, declared: Field | None) -> FieldMap | None:
        """One field: a property's name, or a table."""
        before = len(self.faults.findings)
        if isinstance(given, str):
            sources = self._sources(given, path)
            field = FieldMap(name, sources, type=declared.type if declared else None)
        elif isinstance(given, dict):
            field = self._from_table(name, given, path, declared)
        else:
            hint = (
                ', such as { from = ["Phone", "Mobile"] } for the first that is known'
                if isinstance(given, list)
                else ""
            )
            self.faults.wrong_type(path, f"a property's name or a table{hint}", given)
            return None
        if len(self.faults.findings) == before and not self._useless(field, given, path):
            self._check_meaning(field, path, declared)
        return field

    def _sources(self, given: object, path: Path) -> tuple[str, ...]:
        names = given if isinstance(given, list) else [given]
        for at, each in enumerate(names):
            where = (*path, at) if isinstance(given, list) else path
            if not isinstance(each, str):
                self.faults.wrong_type(where, "a property's name", each)
            elif not clean(each):
                self.faults.add("wrong-type", "a property's name can't be blank", where)
        if not names:
            self.faults.add("wrong-type", "'from' names at least one property", path)
        return tuple(each for each in names if isinstance(each, str))

    def _property(self, given: dict[str, Any], key: str, path: Path) -> str | None:
        """The name of one property, such as the one that holds the currency."""
        value = given.get(key)
        if value is None or (isinstance(value, str) and clean(value)):
            return value
        self.faults.wrong_value((*path, key), "a property's name", value)
        return None

    def _from_table(self, name: str, given: dict[str, Any], path: Path, declared: Field | None) -> FieldMap:
        faults = self.faults
        meant = faults.unknown_keys(given, FIELD_KEYS, path, () if {"any", "always"} & given.keys() else ("from",))
        whence = next((key for key in COMES_FROM if key in given), None)
        if whence is None and meant.isdisjoint(COMES_FROM):
            faults.add("missing-key", f"'{name}' needs 'from': the property that it comes from", path, at="key")
        for key in COMES_FROM:
            if key in given and key != whence:
                faults.add("useless-key", f"'{whence}' says already where '{name}' comes from", (*path, key), at="key")
        as_ = self._as(given, path, declared)
        field = FieldMap(
            name,
            self._sources(given[whence], (*path, whence)) if whence in ("from", "any") else (),
            as_=as_,
            format=self._format(given, path),
            separator=self._separator(given, path),
            labels=self._labels(given, path),
            invert=self._flag(given, "invert", path),
            null=self._null(given, path),
            placeholders=words_of(given["placeholders"], (*path, "placeholders"), faults)
            if "placeholders" in given
            else None,
            lenient=self._flag(given, "lenient", path),
            any=whence == "any",
            always=word_of(given["always"], (*path, "always"), faults) if whence == "always" else None,
            currency=self._property(given, "currency", path),
            time=self._property(given, "time", path),
        )
        return replace(field, type=self._type(field, declared))

    def _as(self, given: dict[str, Any], path: Path, declared: Field | None) -> str | None:
        value, where = given.get("as"), (*path, "as")
        if value is None:
            return None
        if not isinstance(value, str):
            self.faults.wrong_type(where, "the name of a conversion", value)
        elif value not in self.conversions:
            near = nearest(value, self.conversions) or _OTHER_TYPES.get(value.lower())
            there = "" if near else f"; there are {', '.join(self.conversions)}"
            self.faults.add("unknown-conversion", f"unknown conversion '{value}'{there}", where, did_you_mean=near)
        else:
            gives = self.conversions[value].gives
            if declared is not None and declared.type != gives:
                self.faults.add(
                    "other-type",
                    f"'{value}' gives {EXPECTED[gives]}, but '{path[-1]}' is {EXPECTED[declared.type]}",
                    where,
                )
            elif value == "money" and self.top.currency is None:
                self.faults.add(
                    "missing-key", "money needs the mapping's 'currency', such as currency = \"EUR\"", where
                )
            return value
        return None

    def _format(self, given: dict[str, Any], path: Path) -> str | None:
        value = given.get("format")
        if value is None:
            return None
        if not isinstance(value, str):
            self.faults.wrong_type((*path, "format"), "'iso', 'day first', 'month first' or a format", value)
        elif (why := dates_fault(value)) is not None:
            self.faults.add("bad-dates", why[0], (*path, "format"), did_you_mean=why[1])
        else:
            return value
        return None

    def _separator(self, given: dict[str, Any], path: Path) -> str | None:
        value = given.get("separator")
        if value is None or (isinstance(value, str) and value):
            return value
        self.faults.wrong_value((*path, "separator"), "what stands between two entries, such as ';'", value)
        return None

    def _flag(self, given: dict[str, Any], key: str, path: Path) -> bool:
        value = given.get(key, False)
        if not isinstance(value, bool):
            self.faults.wrong_type((*path, key), "true or false", value)
        return value is True

    def _labels(self, given: dict[str, Any], path: Path) -> tuple[tuple[str, Word], ...]:
        where = (*path, "labels")
        labels: dict[str, tuple[str, Word]] = {}
        for word, ours in self._entries(given.get("labels", {}), where, "a table: the source's words and ours").items():
            meant, here = word_of(ours, (*where, word), self.faults), (*where, word)
            same = labels.get(fold(clean(word)))
            if not clean(word) or (isinstance(meant, str) and not clean(meant)):
                self.faults.add(
                    "blank-label",
                    "a label can't be blank; what means missing stands in 'placeholders'",
                    here,
                    at="key",
                )
            elif same is not None:
                self.faults.add(
                    "given-twice",
                    f"'{word}' and '{same[0]}' are one word: case doesn't matter",
                    here,
                    at="key",
                )
            elif meant is not None:
                labels[fold(clean(word))] = (word, clean(meant) if isinstance(meant, str) else meant)
        return tuple(labels.values())

    def _null(self, given: dict[str, Any], path: Path) -> Word | tuple[str, ...] | None:
        value = given.get("null")
        if value is None:
            return None
        if isinstance(value, list):
            if all(isinstance(each, str) for each in value):
                return tuple(value)
            self.faults.wrong_type((*path, "null"), "what a null means: a word or a list of texts", value)
            return None
        return word_of(value, (*path, "null"), self.faults)

    def _type(self, field: FieldMap, declared: Field | None) -> FieldType | None:
        """The field's type: declared, or what `as` gives, or what only one type has a key for."""
        if declared is not None:
            return declared.type
        if field.as_ is not None:
            return self.conversions[field.as_].gives
        if field.separator is not None:
            return "list"
        if field.invert:
            return "boolean"
        if field.format is not None:
            return "datetime" if field.format in ORDERS or Format(field.format).has_time else "date"
        return None

    def _useless(self, field: FieldMap, given: object, path: Path) -> bool:
        """Note the keys that have no meaning beside the others; whether there are any."""
        read_by = field.as_ or (BY_TYPE[field.type] if field.type else None)
        about = f"'{field.name}' is read as {read_by or 'text'}"
        useless = {
            "any": field.any and field.type != "boolean" and f"'any' is for yes and no; {about}",
            "currency": field.currency is not None and read_by != "money" and f"'currency' is for money; {about}",
            "time": field.time is not None and read_by != "datetime" and f"'time' is for a day and its time; {about}",
            "labels": bool(field.labels) and read_by == "filled" and "'filled' asks for no word of the property",
        }
        if field.always is not None and isinstance(given, dict):
            others = [key for key in given if key not in ("always", "as")]
            useless |= dict.fromkeys(others, f"'{field.name}' is always the same: nothing is read")
        for key, why in useless.items():
            if why:
                self.faults.add("useless-key", why, (*path, key), at="key")
        return any(useless.values())

    def _check_meaning(self, field: FieldMap, path: Path, declared: Field | None) -> None:
        """What can only be said of a field whose keys are right."""
        read_by = field.as_ or (BY_TYPE[field.type] if field.type else None)
        for key, given, only in (
            ("format", field.format is not None, ("date", "datetime")),
            ("separator", field.separator is not None, ("list",)),
        ):
            if given and read_by not in only:
                what = " or ".join(only)
                self.faults.add(
                    "useless-key",
                    f"'{key}' is for a {what}; '{field.name}' is read as {read_by}",
                    (*path, key),
                    at="key",
                )
        if field.invert and field.type != "boolean":
            what = EXPECTED[field.type] if field.type else "text"
            self.faults.add(
                "useless-key",
                f"only yes and no can be inverted; '{field.name}' is {what}",
                (*path, "invert"),
                at="key",
            )
            return
        plain = replace(field, labels=(), placeholders=(), invert=False, lenient=False)
        if field.always is not None:
            self._can_be_read(plain, field.always, (*path, "always"))
            self._in_choices(field.always, declared, (*path, "always"))
        for word, ours in field.labels:
            self._can_be_read(plain, ours, (*path, "labels", word))
            self._in_choices(ours, declared, (*path, "labels", word))
        if field.null is not None:
            try:
                known = null_of(field, self.top, self.conversions) is not None
            except Unreadable as why:
                self._unreadable((*path, "null"), why)
            else:
                if not known:
                    self.faults.add("says-nothing", "this null still says nothing; leave 'null' out", (*path, "null"))
                elif isinstance(field.null, str) and said(field.null) not in {said(word) for word, _ in field.labels}:
                    self._in_choices(field.null, declared, (*path, "null"))

    def _can_be_read(self, field: FieldMap, word: Word, path: Path) -> None:
        conversion = self.conversions.get(field.as_ or "")
        if conversion is not None and conversion.unpack is not None:
            return  # a label stands for the name, after it was taken out
        try:
            if meaning(field, self.top, self.conversions)(word) is None:
                self.faults.add("says-nothing", "this label says nothing", path)
        except Unreadable as why:
            self._unreadable(path, why)

    def _unreadable(self, path: Path, why: Unreadable) -> None:
        self.faults.add("wrong-type", f"this can't be read: expected {why.expected}", path)

    def _in_choices(self, ours: Word, declared: Field | None, path: Path) -> None:
        if declared is None or not declared.choices or not isinstance(ours, str):
            return
        if fold(clean(ours)) not in {fold(clean(choice)) for choice in declared.choices}:
            self.faults.add(
                "not-a-choice",
                f"'{ours}' is none of the choices of the field: {', '.join(declared.choices[:10])}",
                path,
                level="warning",
            )
