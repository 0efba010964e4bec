"""Tests for projects that embed a definition: strategies, invariants, stories, coverage and mutants.

Strategies and invariants need Hypothesis, the plugin needs pytest: the extra `testing` brings both. Stories, coverage
and mutants need neither.
"""

__all__ = [
    "AdapterContract",
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
    from qualify.testing.adapter_contract import AdapterContract
    from qualify.testing.borderline import borderline_leads
    from qualify.testing.coverage import Coverage
    from qualify.testing.definition_strategies import definitions
    from qualify.testing.lead_strategies import activities, leads, leads_at, leads_where, verdicts
    from qualify.testing.mutation import Mutant, mutants, survivors
    from qualify.testing.rule_strategies import rules
    from qualify.testing.stories import Story, StoryError, load_stories
    from qualify.testing.unsatisfiable import Unsatisfiable
else:  # what needs an optional package is loaded when it is asked for
    _ROOM = {
        "AdapterContract": "adapter_contract",
        "Coverage": "coverage",
        "Mutant": "mutation",
        "Story": "stories",
        "StoryError": "stories",
        "Unsatisfiable": "unsatisfiable",
        "activities": "lead_strategies",
        "borderline_leads": "borderline",
        "definitions": "definition_strategies",
        "leads": "lead_strategies",
        "leads_at": "lead_strategies",
        "leads_where": "lead_strategies",
        "load_stories": "stories",
        "mutants": "mutation",
        "rules": "rule_strategies",
        "survivors": "mutation",
        "verdicts": "lead_strategies",
    }

    def __getattr__(name):
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(f"module 'qualify.testing' has no attribute {name!r}")
        try:
            room = import_module(f"qualify.testing.{_ROOM.get(name, name)}")
        except ModuleNotFoundError as missing:
            if missing.name not in ("hypothesis", "pytest"):
                raise
            from qualify.errors import MissingExtra

            raise MissingExtra(f"qualify.testing.{name}", missing.name, "testing") from None
        value = globals()[name] = getattr(room, name, room)
        return value

    def __dir__():
        return __all__
