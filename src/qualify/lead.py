"""A lead and its activities, as pydantic models: the standard fields, cleaned on the way in.

Text is composed and stripped, blank text and NaN become missing (None), and a value that is not of its field's
type is refused with a `LeadError` that never shows the value. Fields that a definition adds are in the model
that `definition.lead_model()` makes; a plain `Lead` keeps them as they came, and a definition reads them then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainSerializer,
    SkipValidation,
    TypeAdapter,
    WithJsonSchema,
    create_model,
    field_serializer,
    model_validator,
)

from qualify.errors import LeadError
from qualify.values import READERS, Unreadable, is_missing, kind_of, python_type, read_activity
from qualify.vocabulary import STANDARD_FIELDS, FieldType

# Before its first model pydantic asks all installed packages for plugins. One whose entry points nobody can read makes
# it raise, once: from then on it goes on without plugins. `qualify adapters` names the package.
with suppress(TypeError, ValueError):
    TypeAdapter(int)


def _number(value: int | float | Decimal) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


Number = Annotated[
    int | float | Decimal,
    SkipValidation,
    WithJsonSchema({"type": "number"}),
    PlainSerializer(_number, when_used="json"),
]
"""A number: int, float or Decimal, kept as it is (in JSON a Decimal is written as a plain number)."""


class Activity(BaseModel):
    """Something that happened with a lead at a moment.

    `at` is required: an instant, or a naive time that a definition reads in its zone. What a property means is
    declared by a definition; here texts are cleaned and blank ones become missing.

    >>> Activity(type="page_view", at="2026-11-02T09:30Z", properties={"page": " /pricing "}).properties
    {'page': '/pricing'}
    >>> Activity(type="page_view", at="yesterday")
    Traceback (most recent call last):
        ...
    qualify.errors.LeadError: at: expected a date with a time, found text (9 characters)
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    type: str
    at: datetime
    properties: Mapping[str, Any] = {}

    @field_serializer("properties", when_used="json")
    def _plain_numbers(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """A Decimal is a number in JSON too: as text it would be refused when it is read again."""
        return {name: _number(value) if isinstance(value, Decimal) else value for name, value in properties.items()}

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, given: object) -> object:
        if isinstance(given, Mapping):
            return dict(zip(_PARTS, _alone(given), strict=True))
        return given

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy; other values are read as when it was made."""
        return super().model_copy(deep=deep) if update is None else type(self)(**{**self.__dict__, **update})


def _alone(given: Mapping[str, Any]) -> tuple[str, datetime, dict[str, Any]]:
    """An activity that is nobody's yet: a fault of it is its own, not one among a lead's activities."""
    try:
        return read_activity(given)
    except LeadError as why:
        part = (why.field or "").removeprefix("activities: ")
        raise LeadError(field=part, expected=why.expected, found=why.found) from None


class Lead(BaseModel):
    """A person or company that may buy: the standard fields, None where nothing is known.

    `activities` is None where the source can't tell what happened; an empty list says that nothing did.

    >>> Lead(id="0031", employees=40, job_title=" Director of Print ").job_title
    'Director of Print'
    >>> Lead(id="0031", employees="about forty")
    Traceback (most recent call last):
        ...
    qualify.errors.LeadError: lead 0031: employees: expected a number, found text (11 characters)
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)
    declared: ClassVar[tuple[tuple[str, FieldType], ...]] = ()

    id: str | None = None
    email: str | None = None
    email_domain: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    seniority: str | None = None
    department: str | None = None
    phone: str | None = None
    company: str | None = None
    domain: str | None = None
    industry: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    source: str | None = None
    campaign: str | None = None
    lifecycle_stage: str | None = None
    lead_status: str | None = None
    owner: str | None = None
    employees: Number | None = None
    annual_revenue: Number | None = None
    page_views: Number | None = None
    emails_opened: Number | None = None
    emails_clicked: Number | None = None
    forms_submitted: Number | None = None
    opted_out: bool | None = None
    bounced: bool | None = None
    consented: bool | None = None
    customer: bool | None = None
    budget_confirmed: bool | None = None
    authority_confirmed: bool | None = None
    need_confirmed: bool | None = None
    timeline_confirmed: bool | None = None
    created_at: datetime | None = None
    last_activity_at: datetime | None = None
    technologies: tuple[str, ...] | None = None
    interests: tuple[str, ...] | None = None
    activities: tuple[Activity, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        return _read(given, cls.declared, given.get("id"))

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What is known; forty times None would hide it."""
        return ((name, value) for name, value in super().__repr_args__() if value is not None)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy; other values are read as when it was made, so LeadError for one that is not of its type."""
        read = None if update is None else _read(update, self.declared, self.id)
        return super().model_copy(update=read, deep=deep)


def _read(given: Mapping[str, Any], declared: tuple[tuple[str, FieldType], ...], lead_id: object) -> dict[str, Any]:
    kinds = {**STANDARD_FIELDS, **dict(declared)}
    read: dict[str, Any] = {}
    name = ""
    try:
        for name, value in given.items():
            kind = kinds.get(name)
            if name == "activities":
                read[name] = _activities(value)
            elif kind is None:
                read[name] = value
            else:
                read[name] = None if is_missing(value) else READERS[kind](value)
    except Unreadable as why:
        raise LeadError(
            field=name,
            expected=why.expected,
            found=why.found,
            lead_id=lead_id if isinstance(lead_id, str) else None,
        ) from None
    except LeadError as why:
        raise why.of(lead_id if isinstance(lead_id, str) else None) from None
    return read


def _activities(given: object) -> tuple[Activity, ...] | None:
    if given is None:
        return None
    if isinstance(given, str | bytes | Mapping) or not hasattr(given, "__iter__"):
        raise Unreadable("a list of activities", kind_of(given))
    return tuple(
        each
        if isinstance(each, Activity)
        else Activity.model_validate(dict(zip(_PARTS, read_activity(each), strict=True)))
        for each in given
    )


_PARTS = ("type", "at", "properties")


class _DeclaredLead(Lead):
    """A lead with a definition's own fields; it can be pickled though its class is made at run time."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self).declared, self.__getstate__())


def _restored(declared: tuple[tuple[str, FieldType], ...], state: dict[Any, Any]) -> Lead:
    kind = lead_model(declared)
    lead = kind.__new__(kind)
    lead.__setstate__(state)
    return lead


@lru_cache(maxsize=64)
def lead_model(declared: tuple[tuple[str, FieldType], ...]) -> type[Lead]:
    """The model of leads with these fields beyond the standard ones; the same class for the same fields.

    >>> lead_model((("press_type", "text"),))(press_type=" offset ").press_type
    'offset'
    """
    own = tuple((name, kind) for name, kind in declared if name not in STANDARD_FIELDS)
    if not own:
        return Lead
    fields: dict[str, Any] = {}
    for name, kind in own:
        if hasattr(_DeclaredLead, name):
            continue  # 'copy', 'json': pydantic's own attributes; such a field is kept, and read, beside the model's
        base = Number if kind == "number" else cast(Any, python_type(kind))
        fields[name] = (base | None, None)
    model = create_model("Lead", __base__=_DeclaredLead, __module__=__name__, **fields)
    model.declared = own
    return model


@lru_cache(maxsize=64)
def blank(model: type[Lead]) -> Mapping[str, None]:
    """Every field of a model of leads, with nothing known."""
    return MappingProxyType(dict.fromkeys(model.model_fields))


# A frozen model is filled in as pydantic does it, slot by slot.
_new = object.__new__
_set_values, _set_extra, _set_said, _set_private = (
    vars(BaseModel)[slot].__set__
    for slot in ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")
)


def lead_of_read(model: type[Lead], state: dict[str, Any], activities: object, said: frozenset[str]) -> Lead:
    """A lead of values that were read before, each of its field's type: they aren't read a second time.

    For a mapping, which reads values itself. `state` has every field of the model, as `blank` names them, and becomes
    the lead's own; `said` are those that the source speaks of. What happened is read here. Gives what `model(...)`
    gives.

    >>> given = {"id": "0031", "employees": 40}
    >>> lead_of_read(Lead, {**blank(Lead), **given}, None, frozenset(given)) == Lead(**given)
    True
    """
    lead = _new(model)
    if activities is not None:
        try:
            state["activities"] = _activities(activities)
        except Unreadable as why:
            expected, found = why.expected, why.found
            raise LeadError(field="activities", expected=expected, found=found, lead_id=state["id"]) from None
        except LeadError as why:
            raise why.of(state["id"]) from None
    fields = blank(model)
    extra = {name: state.pop(name) for name in state.keys() - fields.keys()} if len(state) > len(fields) else {}
    _set_values(lead, state)
    _set_extra(lead, extra)
    _set_said(lead, set(said))
    _set_private(lead, None)
    return lead


__all__ = ["Activity", "Lead", "blank", "lead_model", "lead_of_read"]
