"""The rule language: text -> tree (`parse`), tree -> text (`str`), and rules in Python (`field`, `trait`, ...).

The nodes are public for adapters that turn rules into a source's own search.
"""

from sys import modules

from qualify.rules import tree
from qualify.rules.build import (
    activity,
    at_least,
    field,
    highest_of,
    listed,
    lowest_of,
    score,
    signal,
    span,
    tier,
    trait,
)  # fmt: skip
from qualify.rules.parse import parse, parse_formula, parse_selection
from qualify.rules.tree import Formula, Rule, Selection, Term

__all__ = [
    "Formula", "Rule", "Selection", "Term", "activity", "at_least", "field", "highest_of", "listed", "lowest_of",
    "parse", "parse_formula", "parse_selection", "score", "signal", "span", "tier", "trait", "tree",
]  # fmt: skip

if modules.get(
    "hypothesis"
):  # a test runs, and can draw rules by their type: qualify.testing.registration says why here
    from importlib import import_module

    import_module("qualify.testing.registration").on_import()
