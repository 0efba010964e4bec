"""The source of the generated function while it is written: every name in it is made here.

No text of a definition becomes source: a constant (a literal, a list, a span) is bound as an object, and stands in
the source as a name such as `K7`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import inf
from operator import itemgetter
from typing import Any, Literal, TypeAlias

from qualify.definition.model import Model
from qualify.engine import runtime
from qualify.rules.tree import (
    Count,
    Days,
    Rule,
    Span,
)  # fmt: skip
from qualify.vocabulary import FieldType

Code: TypeAlias = str
EdgeKey: TypeAlias = tuple[Literal["now", "back", "ahead"], Span | None]
EdgeForm: TypeAlias = Literal["instant", "wall", "day"]
NOW: EdgeKey = ("now", None)


class Source:
    """Lines, constants and edges of the function that is being written."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.lines: list[str] = []
        self.indent = 1
        self.count = 0
        self.constants: dict[str, Any] = {
            "__builtins__": {}, "KeyError": KeyError, "Dec": Decimal, "flt": float, "inf": inf, "len": len, "type": type,
        }  # fmt: skip
        self.bound: dict[int, tuple[str, object]] = {}
        self.edges: dict[tuple[EdgeKey, EdgeForm], Code] = {}
        self.lead = Scope(self, None, {name: field.type for name, field in model.declared_fields.items()})
        self.scope = self.lead

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def new(self) -> Code:
        self.count += 1
        return f"v{self.count}"

    def let(self, expression: str) -> Code:
        name = self.new()
        self.line(f"{name} = {expression}")
        return name

    def bind(self, value: object) -> Code:
        """A constant of the definition, as a name that is made here."""
        if id(value) in self.bound:
            return self.bound[id(value)][0]
        name = f"K{len(self.bound)}"
        self.bound[id(value)] = (name, value)
        self.constants[name] = value
        return name

    def call(self, function: Callable[..., Any], *arguments: Code) -> Code:
        return f"{self.bind(function)}({', '.join(arguments)})"

    def edge(self, key: EdgeKey, form: EdgeForm) -> Code:
        """A moment that is reckoned once for an `as_of`."""
        if (key, form) not in self.edges:
            self.edges[key, form] = f"E[{len(self.edges)}]"
        return self.edges[key, form]

    def fields_taken(self) -> list[str]:
        """All fields at once; one that is absent is missing."""
        taken = self.lead.taken
        if not taken:
            return []
        get, blank = self.bind(itemgetter(*taken)), self.bind(dict.fromkeys(taken))
        codes = ", ".join(taken.values())
        return [f"    try: {codes} = {get}(F)", f"    except KeyError: {codes} = {get}({blank} | F)"]


class Scope:
    """Where values come from: the lead's fields, or an activity's own properties."""

    def __init__(self, writer: Source, said: Code | None, kinds: Mapping[str, FieldType]) -> None:
        self.writer, self.said, self.kinds = writer, said, kinds
        self.rules: dict[Rule, Code] = {}
        self.values: dict[str, Code] = {}
        self.taken: dict[str, Code] = {}
        self.finals: dict[str, Code] = {}
        self.asked: dict[str, list[Code]] = {}
        self.atoms: Mapping[str, Mapping[Rule, int]] = {}
        self.counts: dict[Count | Days, tuple[Code, Code]] = {}

    def kind(self, name: str) -> str:
        return self.kinds.get(name, "number")

    def value(self, name: str) -> Code:
        code = self.values.get(name)
        if code is None:
            writer = self.writer
            if self.said is not None:
                code = writer.let(f"{self.said}.get({writer.bind(name)})")
            else:
                code = self.taken[name] = writer.new()
                if name == "email_domain":
                    writer.line(f"if not {code} or {code}.isspace(): {code} = {writer.call(runtime.domain, 'F')}")
            self.values[name] = code
        return code
