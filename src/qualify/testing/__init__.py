"""Tests for projects that embed a definition: strategies, invariants, stories, coverage and mutants.

Strategies and invariants need Hypothesis, the plugin needs pytest: the extra `testing` brings both. Stories, coverage
and mutants need neither.
"""

__all__ = [
    "Coverage",
    "Mutant",
    "Story",
    "StoryError",
    "Unsatisfiable",
    "activities",
    "borderline_leads",
    "definitions",
    "invariants",
    "leads",
    "leads_at",
    "leads_where",
    "load_stories",
    "mutants",
    "rules",
    "survivors",
    "verdicts",
]

TYPE_CHECKING = False  # type checkers take it for true

if TYPE_CHECKING:
    from qualify.testing import invariants
    from qualify.testing.borderline import borderline_leads
    from qualify.testing.coverage import Coverage
    from qualify.testing.definitions import definitions
    from qualify.testing.leads import activities, leads, leads_at, leads_where, verdicts
    from qualify.testing.mutants import Mutant, mutants, survivors
    from qualify.testing.rules import rules
    from qualify.testing.stories import Story, StoryError, load_stories
    from qualify.testing.unsatisfiable import Unsatisfiable
else:  # what needs an optional package is loaded when it is asked for
    _ROOM = {
        "Coverage": "coverage",
        "Mutant": "mutants",
        "Story": "stories",
        "StoryError": "stories",
        "Unsatisfiable": "unsatisfiable",
        "activities": "leads",
        "borderline_leads": "borderline",
        "definitions": "definitions",
        "leads": "leads",
        "leads_at": "leads",
        "leads_where": "leads",
        "load_stories": "stories",
        "mutants": "mutants",
        "rules": "rules",
        "survivors": "mutants",
        "verdicts": "leads",
    }

    def __getattr__(name):
        from importlib import import_module

        if name == "invariants":
            return import_module("qualify.testing.invariants")
        if name not in _ROOM:
            raise AttributeError(f"module 'qualify.testing' has no attribute {name!r}")
        value = getattr(import_module(f"qualify.testing.{_ROOM[name]}"), name)
        globals()[name] = value  # after the import, which binds a module of the same name
        return value

    def __dir__():
        return __all__
