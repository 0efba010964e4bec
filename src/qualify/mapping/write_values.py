"""What a verdict says, as the property that it is written to holds it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from qualify.errors import QualifyError
from qualify.mapping.conversions import CONVERSIONS, Ways
from qualify.mapping.moments import written
from qualify.mapping.table import Table, Target
from qualify.mapping.words import said
from qualify.values import kind_of

SEPARATOR = ";"


def write_value(target: Target, value: object, table: Table) -> object:
    """A value as the target's property holds it; None (nothing is known) stays None.

    >>> write_value(Target("Stage", labels=(("mql", "MQL"),)), "mql", Table())
    'MQL'
    >>> write_value(Target("Fit", as_="text"), 35, Table()), write_value(Target("Why"), ["a", "b"], Table())
    ('35', 'a;b')
    """
    labels = {said(ours) or "": theirs for ours, theirs in target.labels}
    if isinstance(value, list | tuple):
        entries = [labels.get(said(each) or "", each) for each in value]
        return entries if target.as_ == "list" else (target.separator or SEPARATOR).join(map(str, entries))
    if value is None or (labels and (word := said(value)) is not None and word in labels):
        return None if value is None else labels[said(value) or ""]
    match value:
        case bool():
            if target.as_ == "yes/no":
                return "yes" if value else "no"
            return str(value).lower() if target.as_ == "text" else value
        case str():
            return value
        case int() | float() | Decimal():
            return str(value) if target.as_ == "text" else value
        case date():
            return _moment(target, value, table)
        case _:
            raise QualifyError(f"{kind_of(value)} can't be written to '{target.to}'", code="bad-argument")


def _moment(target: Target, value: date, table: Table) -> object:
    ways = Ways(dates=target.format or table.dates, timezone=table.timezone)
    if target.as_ == "date" and isinstance(value, datetime):
        zone = ways.zone
        value = (value.astimezone(zone) if zone is not None and value.tzinfo is not None else value).date()
    if target.as_ in ("epoch seconds", "epoch milliseconds"):
        writer = CONVERSIONS[target.as_].writer
        assert writer is not None
        return writer(ways)(value)
    return written(value, ways.dates, ways.zone)


__all__ = ["SEPARATOR", "write_value"]
