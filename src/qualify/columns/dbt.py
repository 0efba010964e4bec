"""The query as a model of dbt, and what dbt is told of it: what each column means, and what must be true of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias
from unicodedata import normalize
from uuid import uuid4

from qualify.columns.expressions import Constant
from qualify.columns.plan import Output, Plan
from qualify.columns.statement import Wanted, commented, constant, written_of
from qualify.definition.model import Model
from qualify.errors import QualifyError

AsOf: TypeAlias = Literal["constant", "clock", "variable"]
VARIABLE = "as_of"
MARK = "Written by qualify"
"""What the first line of each file begins with, so that nobody's own file is taken for one of ours."""
NAME = re.compile(r"[a-z_][a-z0-9_]*")
_BRACES = re.compile(r"\{(?=[{%#])|(?<=[}%#])\}")
MOMENT = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.]\d{1,6})?)?(Z|[+-]\d{2}:\d{2})"
ENDED = "; qualify writes it anew, so change the definition instead."


def model_of(model: Model, wanted: Wanted, name: str | None, as_of: AsOf) -> dict[str, str]:
    """The files of a model, by name: the query, and its properties.

    `wanted.table` and `wanted.activities` are `leads` for another model, `crm.leads` for a table of a source.
    """
    name = model_name(model) if name is None else name
    if NAME.fullmatch(name) is None:
        hint = slug(name) or "lead_verdicts"
        raise QualifyError(
            f"'{name}' is no name for a model: small letters, digits and _, as in '{hint}'", code="bad-argument"
        )
    relations = {"leads": relation(wanted.table)}
    if wanted.activities is not None:
        relations["activities"] = relation(wanted.activities)
    unlike = uuid4().hex
    marks = {each: f"{each}{unlike}" for each in (*relations, VARIABLE)}
    instead = {marks[each]: marks[each] for each in relations}
    if as_of == "variable":
        instead["CURRENT_TIMESTAMP"] = marks[VARIABLE]
    told = replace(
        wanted, table=marks["leads"], activities=marks["activities"] if "activities" in relations else None,
    )  # fmt: skip
    written = written_of(model, told, instead)
    if "activities" in relations and not written.plan.passes:
        del relations["activities"]
    query = literal(written.query)
    for each, mark in marks.items():
        query = query.replace(mark, f"'{{{{ {each} }}}}'" if each == VARIABLE else f"{{{{ {each} }}}}")
    head = [f"{MARK} from {model.name} {model.version}: the verdict on each lead{ENDED}", _when(model, wanted, as_of)]
    above = [literal(line) for line in commented((*head, *written.assumed))]
    named = [f"{{% set {each} = {says} %}}" for each, says in relations.items()]
    if as_of == "variable":
        named += _variable()
    return {
        f"{name}.sql": "\n".join([*above, *named, query, ""]),
        f"{name}.yml": properties(model, wanted, name, written.plan),
    }


def model_name(model: Model) -> str:
    """What a model is called where nobody says it: as the definition.

    >>> import qualify
    >>> model_name(qualify.define(name="Print-shop leads", teams={"sales": "Sales"}).model)
    'print_shop_leads'
    """
    found = slug(model.name)
    return found if NAME.fullmatch(found) else "lead_verdicts"


def slug(text: str) -> str:
    """A text as a name: small letters, digits and _.

    >>> slug("Über 50 – Köln"), slug("2026")
    ('uber_50_koln', '_2026')
    """
    plain = "".join(each for each in normalize("NFKD", text).casefold() if ord(each) < 128 or not each.isalpha())
    found = re.sub(r"[^a-z0-9]+", "_", re.sub(r"[\u0300-\u036f]", "", plain)).strip("_")
    return f"_{found}" if found[:1].isdigit() else found


def relation(said: str) -> str:
    """A table as dbt finds it: another model, or a table of a source.

    >>> relation("leads"), relation("crm.leads")
    ("ref('leads')", "source('crm', 'leads')")

    Raises QualifyError for what is neither.
    """
    parts = said.split(".")
    if len(parts) > 2 or not all(re.fullmatch(r"[^\W\d][\w-]*", part) for part in parts):
        raise QualifyError(
            f"'{said}' is no table that dbt knows: say MODEL for another model, SOURCE.TABLE for a table of a source",
            code="bad-argument",
        )
    return f"ref('{said}')" if len(parts) == 1 else f"source('{parts[0]}', '{parts[1]}')"


def literal(text: str) -> str:
    """A text that dbt's templates leave as it is.

    >>> print(literal("LIKE '%}' OR x = '{{'"))
    LIKE '%{{ '}' }}' OR x = '{{ '{' }}{'
    """
    return _BRACES.sub(lambda found: f"{{{{ '{found[0]}' }}}}", text)


def _when(model: Model, wanted: Wanted, as_of: AsOf) -> str:
    if as_of == "variable":
        return (
            f"As of the variable {VARIABLE}, a moment with its zone; the engine reckons from it in {model.timezone}, with "
            "its own zone data."
        )
    if wanted.clock is None:
        return (
            f"As of the engine's clock, read once, in {model.timezone}: two builds of the same leads may differ, and it "
            "hangs on the server's zone data."
        )
    return f"As of {constant(wanted.clock)}: a constant. Write the model anew for another moment."


def _variable() -> list[str]:
    wrong = f"the variable {VARIABLE} has to be a moment with its zone, such as 2026-11-20T12:00:00Z"
    return [
        f"{{% set {VARIABLE} = var('{VARIABLE}') | string %}}",
        f"{{% if execute and not modules.re.fullmatch('{MOMENT}', {VARIABLE}) %}}".replace("\\", "\\\\"),
        f'{{{{ exceptions.raise_compiler_error("{wrong}") }}}}',
        "{% endif %}",
    ]


# --- what dbt is told of it ---


def properties(model: Model, wanted: Wanted, name: str, plan: Plan) -> str:
    """The model's properties as YAML: what columns mean, and the tests that they must pass."""
    all_in = plan.left_out == Constant(False)
    lead = {"name": "lead_id", "description": "The lead.", "data_tests": ["unique", "not_null"]}
    columns = [lead, *(_column(model, each, all_in) for each in plan.outputs)]
    says = f"The verdict on each lead, by {model.name} {model.version}."
    if not all_in:
        traits = ", ".join(model.traits[each].title or each for each in model.left_out_by)
        says += f" Leads that are left out have no answers ({traits})."
    found = {"version": 2, "models": [{"name": name, "description": _told(says), "columns": columns}]}
    return "\n".join([f"# {MARK}{ENDED}", *_yaml(found, 0), ""])


def _column(model: Model, output: Output, all_in: bool) -> dict[str, Any]:
    tests: list[Any] = []
    if output.always and all_in:
        tests.append("not_null")
    if output.choices:
        tests.append({"accepted_values": {"arguments": {"values": [_told(each) for each in output.choices]}}})
    column: dict[str, Any] = {"name": output.name, "description": _told(_says(model, output))}
    return column | ({"data_tests": tests} if tests else {})


def _says(model: Model, output: Output) -> str:
    """What a column means: the title, and why it is so, where the definition says it."""
    facts: Mapping[str, Any] = {"score": model.scores, "tier": model.tiers, "trait": model.traits}.get(output.of, {})
    fact = facts.get(output.fact)
    said = [output.title]
    if fact is not None:
        title = output.title if output.of == "score" else fact.title
        said = [each for each in (title, fact.why) if each] or [output.fact]
    return " ".join(each if each.endswith((".", "!", "?")) else f"{each}." for each in said)


def _told(text: str) -> str:
    """A text in YAML, which dbt reads as a template too."""
    return literal(" ".join(text.split()) if "\n" in text else text)


def _yaml(value: Any, depth: int) -> Iterator[str]:
    """Lines of YAML for what we write: mappings, lists, and texts as JSON has them."""
    indent = "  " * depth
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, dict) or (isinstance(each, list) and not all(isinstance(one, str) for one in each)):
                yield f"{indent}{key}:"
                yield from _yaml(each, depth + 1)
            elif isinstance(each, list):
                yield f"{indent}{key}: [{', '.join(map(_scalar, each))}]"
            else:
                yield f"{indent}{key}: {_scalar(each)}"
    else:
        for each in value:
            if isinstance(each, str):
                yield f"{indent}- {_scalar(each)}"
                continue
            first, *rest = _yaml(each, depth + 1)
            yield f"{indent}- {first.lstrip()}"
            yield from rest


def _scalar(value: str | int) -> str:
    """A word as it stands, every other text in quotes.

    >>> _scalar("unique"), _scalar("no"), _scalar("Über 50")
    ('unique', '"no"', '"Über 50"')
    """
    if isinstance(value, int) or (NAME.fullmatch(value) and value not in _YAML_WORDS):
        return str(value)
    return "".join(
        each if each.isprintable() else f"\\U{ord(each):08x}" for each in json.dumps(value, ensure_ascii=False)
    )


_YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "_"}

__all__ = ["AsOf", "model_of"]
