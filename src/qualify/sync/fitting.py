"""Whether definition, mapping and source fit together: before anything is read, not in what comes out empty."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Protocol, runtime_checkable

from qualify.definition.model import Fact, Model
from qualify.definition.order import trees_of
from qualify.errors import AdapterError, nearest
from qualify.mapping import Mapping as LeadMapping
from qualify.mapping import WriteMap
from qualify.mapping.table import ActivityMap
from qualify.rules.reads import walk
from qualify.rules.tree import AnyActivity, AnyOf, Selection


@runtime_checkable
class TellsColumns(Protocol):
    """A connection that knows what its records hold before it has read one."""

    def columns(self) -> tuple[str, ...]:
        """Every column that a record may hold, as a mapping's path."""

    def own_columns(self) -> tuple[str, ...]:
        """Those of them that hold nothing but verdicts."""


def check_columns(
    where: str, mapping: LeadMapping, usual: LeadMapping, columns: Collection[str], made: Collection[str]
) -> None:
    """Raises AdapterError where the mapping names a column that isn't there, unless the adapter's own names it too.

    A table that lacks a column which the adapter's own mapping looks for has nothing to say of it. One that a person
    wrote down is a typo, and all who are judged without it would lose their stages. `made` are those that a sync
    makes.
    """

    def is_there(path: str) -> bool:
        return path in columns or path in made or path.partition(".")[0] in columns

    wrong = []
    for name, field in mapping.fields.items():
        known = usual.fields.get(name)
        said = [each for each in field.sources if known is None or each not in known.sources]
        if said and not any(map(is_there, field.sources)):
            wrong.append((f"the field {name!r} is read from {said[0]!r}", said[0]))
    if mapping.id is not None and mapping.id != usual.id and not is_there(mapping.id):
        wrong.append((f"the id is read from {mapping.id!r}", mapping.id))
    lifecycle = None if mapping.write is None else mapping.write.lifecycle
    if lifecycle is not None and not is_there(lifecycle.to):
        wrong.append((f"the lifecycle is written to {lifecycle.to!r}", lifecycle.to))
    if wrong:
        raise AdapterError(
            f"{where} doesn't have what the mapping names: "
            + "; ".join(_with_nearest(*each, columns) for each in wrong)
        )


def _with_nearest(said: str, path: str, columns: Collection[str]) -> str:
    near = nearest(path, columns)
    return f"{said} (did you mean {near!r}?)" if near else said


def stale_columns(write: WriteMap, own: Collection[str], kept: Collection[str]) -> tuple[str, ...]:
    """Columns of verdicts that the rules for all (`"*"`) wrote once, for a fact that the definition has no more.

    >>> from qualify.mapping import Target
    >>> write = WriteMap(scores=(("*", Target("verdict.score_*")),))
    >>> stale_columns(write, ["verdict.score_fit", "verdict.score_old", "verdict.stage"], ["verdict.score_fit"])
    ('verdict.score_old',)
    """
    rules = [each for each in write.for_all if each.rpartition(".")[2] != "*"]  # that one may be anybody's
    shapes = [re.compile(".+".join(map(re.escape, each.split("*")))) for each in rules]
    return tuple(path for path in own if path not in kept and any(shape.fullmatch(path) for shape in shapes))


def unread_kinds(model: Model, mapping: LeadMapping) -> tuple[str, ...]:
    """The kinds of activity that the definition asks for by name, and that no source of the mapping can give."""
    given: set[str] = set()
    for source in (mapping.activities, *mapping.activity_sources.values()):
        kinds = None if source is None else _kinds_of(source)
        if source is not None and kinds is None:
            return ()
        given.update(kinds or ())
    return tuple(kind for kind in dict.fromkeys(_asked(model)) if kind not in given)


def _kinds_of(source: ActivityMap) -> set[str] | None:
    """What its rows can be; None where they say it themselves."""
    if source.type.always is None:
        return None
    said = str(source.type.always)
    return {dict(source.types).get(said, said)}


def _asked(model: Model) -> Iterator[str]:
    facts: list[Fact] = [
        *model.traits.values(),
        *model.tiers.values(),
        *model.signals.values(),
        *model.scores.values(),
    ]
    for fact in facts:
        if fact.status == "retired":
            continue
        for tree in trees_of(fact):
            for node, _ in walk(tree):
                if isinstance(node, Selection) and not isinstance(node.of, AnyActivity):
                    names = node.of.names if isinstance(node.of, AnyOf) else (node.of.name,)
                    yield from (name for name in names if name in model.declared_activities)


__all__ = ["TellsColumns", "check_columns", "stale_columns", "unread_kinds"]
