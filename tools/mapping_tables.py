"""The page that says, property by property, what the built-in systems of records map where: drawn from the mappings."""

from collections.abc import Iterator

from qualify.adapters import record_adapter
from qualify.mapping import FieldMap
from qualify.mapping.table import ActivityMap, WriteMap

SYSTEMS = ("hubspot", "salesforce", "tryton", "database", "pipedrive", "zoho", "dynamics365", "marketo", "odoo")
MOST_LABELS = 6
PART = {
    "stage": "the stage",
    "reached": "all stages that are reached",
    "state": "the state of the next stage",
    "reason": "the reason, in a paragraph",
    "reasons": "the reasons' codes",
    "missing": "what is missing",
    "digest": "the definition's digest",
    "definition": "the definition's name and version",
    "as_of": "the moment it was judged at",
    "left_out": "that it is left out",
}


def what_maps_where() -> str:
    """The whole page."""
    lines = [
        "# What maps where",
        "",
        "Drawn from the mappings themselves: which property of each system's records becomes which field, which rows",
        "become activities, and what a sync writes. A file of your own that says `extends` changes any of it: see",
        "[mappings](mappings.md).",
        "",
    ]
    for name in SYSTEMS:
        lines += [*_system(name), ""]
    return "\n".join(lines).rstrip() + "\n"


def _system(name: str) -> Iterator[str]:
    found = record_adapter(name)
    mapping = found.mapping
    yield f"## {name}"
    yield ""
    yield f"{found.summary[:1].upper()}{found.summary[1:]}. It can: {', '.join(sorted(found.can))}."
    yield ""
    yield "| field | property | how |"
    yield "|---|---|---|"
    if mapping.id is not None:
        yield f"| `id` | `{mapping.id}` |  |"
    for field in mapping.fields.values():
        yield f"| `{field.name}` | {_from(field)} | {_how(field)} |"
    for source, said in mapping.activity_sources.items():
        yield from ("", *_activities(source, said))
    if mapping.write is not None:
        yield from ("", *_writes(mapping.write))
    if mapping.same is not None:
        yield ""
        by = " and ".join(f"`{each}`" for each in mapping.same.by)
        yield f"Records with the same {by} are one lead; what counts is: {mapping.same.take}."


def _from(field: FieldMap) -> str:
    if field.always is not None:
        return f"always `{field.always}`"
    return (", " if field.any else ", else ").join(f"`{each}`" for each in field.sources)


def _how(field: FieldMap) -> str:
    said = [field.as_] if field.as_ else []
    said += ["yes if one of them says yes"] if field.any else []
    said += [f"separated by `{field.separator}`"] if field.separator else []
    said += [f"in the currency of `{field.currency}`"] if field.currency else []
    said += [f"with the time of `{field.time}`"] if field.time else []
    said += ["turned round"] if field.invert else []
    said += [f"null means {_word(field.null)}"] if field.null is not None else []
    if field.labels:
        shown = ", ".join(f"`{word}` is {_word(ours)}" for word, ours in field.labels[:MOST_LABELS])
        more = len(field.labels) - MOST_LABELS
        said.append(shown + (f" and {more} more" if more > 0 else ""))
    if field.placeholders:
        said.append("missing: " + ", ".join(f"`{_word(each)}`" for each in field.placeholders[:MOST_LABELS]))
    said += ["missing where it can't be read"] if field.lenient else []
    return "; ".join(said).replace("|", "\\|")


def _word(word: object) -> str:
    return {True: "yes", False: "no"}[word] if isinstance(word, bool) else str(word)


def _activities(source: str, said: ActivityMap) -> Iterator[str]:
    yield f"**Activities from `{source}`**: the lead is {_from(said.lead)}, the moment {_from(said.at)}" + (
        f" with the time of `{said.at.time}`." if said.at.time else "."
    )
    if said.only:
        only = "; ".join(f"`{key}` is {' or '.join(f'`{_word(word)}`' for word in words)}" for key, words in said.only)
        yield f"Only where {only}."
    kinds = ", ".join(f"`{word}` is `{name}`" for word, name in said.types)
    yield f"The type is {_from(said.type)}" + (f": {kinds}." if kinds else ".")
    if said.fields:
        yield "Its properties: " + ", ".join(f"`{each.name}` from {_from(each)}" for each in said.fields) + "."


def _writes(write: WriteMap) -> Iterator[str]:
    yield "| what is written | to |"
    yield "|---|---|"
    for part, target in write.parts:
        yield f"| {PART[part]} | `{target.to}` |"
    for what, targets in (("score", write.scores), ("tier", write.tiers), ("trait", write.traits)):
        for name, target in targets:
            yield f"| {f'each {what}' if name == '*' else f'the {what} `{name}`'} | `{target.to}` |"
    if write.lifecycle is not None:
        steps = ", ".join(f"`{stage}` is `{value}`" for stage, value in write.lifecycle.values)
        yield f"| the lifecycle: {steps} | `{write.lifecycle.to}`, {_moves(write.lifecycle.backward)} |"


def _moves(backward: bool) -> str:
    return "forward and backward" if backward else "forward only"


PAGES = {"what-maps-where.md": what_maps_where}
