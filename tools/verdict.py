"""The page about a verdict: its attributes, its methods and its parts, drawn from their docstrings.

`python -m tools.reference` draws it anew; a test compares.
"""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from qualify import verdict as room
from tools.drawn import drawn

VERDICT = Path(room.__file__).parent
NOT_SHOWN = {"witness"}
"""Attributes that only the library itself uses."""
COSTS = dict.fromkeys(("stage", "left_out_by", "lead_id", "as_of", "definition"), "nothing more") | dict.fromkeys(
    ("nearest", "nearest_known"), "a search"
)
"""What looking at an attribute takes; all others are built when they are looked at."""


def the_verdict() -> str:
    """The page."""
    regions = {
        "attributes": the_attributes(),
        "methods": the_methods(),
        "words": the_words(),
        "parts": [line for name in parts() for line in part(name)],
        "types": ["| type | what it is |", "|---|---|", *(f"| `{name}` | {said} |" for name, said in types())],
    }
    return drawn("verdict.md", regions)


def the_attributes() -> list[str]:
    """The table of a verdict's attributes."""
    rows = [
        f"| `{name}` | {_code(kind)} | {said} | {COSTS.get(name, 'built when looked at')} |"
        for name, kind, said in attributes()
    ]
    return ["| attribute | type | what it holds | what it takes |", "|---|---|---|---|", *rows]


def the_methods() -> list[str]:
    """What can be done with a verdict."""
    lines: list[str] = []
    for signature, (first, *rest) in methods():
        lines += [f"`{signature}`", f": {first}", *(line for more in rest for line in ("", f"  {more}")), ""]
    return lines


def the_words() -> list[str]:
    """The answers and the states."""
    kinds = (room.Answer, room.StageState)
    rows = [f"| `{kind.__name__}` | {', '.join(f'`{each}`' for each in kind)} |" for kind in kinds]
    return ["| word | members |", "|---|---|", *rows]


def attributes() -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each attribute of a verdict."""
    for node in _class("view.py", "View").body:
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and node.name not in NOT_SHOWN:
            assert node.returns is not None
            yield node.name, ast.unparse(node.returns), _row(_said(node))


def methods() -> Iterator[tuple[str, list[str]]]:
    """Signature and docstring, by paragraph, of each method of a verdict."""
    for node in _class("verdict.py", "Verdict").body:
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
            arguments = ast.unparse(node.args).removeprefix("self").removeprefix(", ")
            assert node.returns is not None
            yield f"{node.name}({arguments}) -> {ast.unparse(node.returns)}", _paragraphs(_said(node))


def parts() -> list[str]:
    """The parts of a verdict, in the order of the code."""
    return [node.name for node in _body("parts.py") if isinstance(node, ast.ClassDef)]


def part(name: str) -> list[str]:
    """The section of one part."""
    node = _class("parts.py", name)
    lines = [f"### {name}", ""]
    for paragraph in _paragraphs(_said(node)):
        lines += [paragraph, ""]
    rows = [f"| `{field}` | {_code(kind)} | {said} |" for field, kind, said in fields(node)]
    return [*lines, "| attribute | type | what it holds |", "|---|---|---|", *rows, ""]


def fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    """Name, type and docstring of each field of a part. Raises ValueError for a field without a docstring."""
    for field, below in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign):
            if not (isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)):
                raise ValueError(f"{node.name}.{ast.unparse(field.target)} has no docstring below it")
            yield ast.unparse(field.target), ast.unparse(field.annotation), _row(str(below.value.value))


def types() -> Iterator[tuple[str, str]]:
    """The types that the tables name and that are no part, with what stands below them in the code."""
    for file, name in (("parts.py", "Seen"), ("../values.py", "Value")):
        for node, below in pairwise(_body(file)):
            names = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if isinstance(below, ast.Expr) and any(isinstance(each, ast.Name) and each.id == name for each in names):
                assert isinstance(below.value, ast.Constant)
                yield name, _row(str(below.value.value))
    yield "Bounds", "The lowest and the highest of what is possible, as decimals; an end that isn't there is None."
    yield (
        "Rule",
        "A rule's tree, from `qualify.rules`; `str()` of it is the rule as text, `qualify.parse` reads it again.",
    )


def _body(file: str) -> list[ast.stmt]:
    return ast.parse((VERDICT / file).read_text(encoding="utf-8")).body


def _class(file: str, name: str) -> ast.ClassDef:
    return next(node for node in _body(file) if isinstance(node, ast.ClassDef) and node.name == name)


def _said(node: ast.ClassDef | ast.FunctionDef) -> str:
    said = ast.get_docstring(node)
    assert said, f"{node.name} has no docstring"
    return said


def _paragraphs(said: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in said.split("\n\n")]


def _row(said: str) -> str:
    return " ".join(said.split()).replace("|", "\\|")


def _code(kind: str) -> str:
    return f"`{kind}`".replace("|", "\\|")


PAGES = {"verdict.md": the_verdict}
