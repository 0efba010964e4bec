"""What Hypothesis learns of the library's own types: `st.from_type(qualify.Lead)` works, in a signature's types too.

Hypothesis calls `on_import` through its entry point in every suite of everybody who has installed us, and takes types,
not their names: to register a type at once would load all of it, pydantic included, for suites that never use it. So a
type is registered as soon as both sides are there: here, where it was loaded before Hypothesis; by the two doors
through which types come (the face's and the rules' `__init__`), where it is loaded after. Another way would be to watch
the imports of the whole process, which is a high price for a few types.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

_DONE: set[str] = set()


def on_import() -> None:
    """Register the strategies of those of our types that are loaded by now; called again, the others.

    What somebody registers for one of our types after that stays theirs.
    """
    for name, (last, register) in _OURS.items():
        module = sys.modules.get(name)
        if name not in _DONE and hasattr(module, last):  # a module that is being loaded hasn't its types yet
            _DONE.add(name)
            register(module)


def _lead(module: Any) -> None:
    from hypothesis import strategies as st

    def leads(kind: Any) -> Any:
        from qualify.testing.lead_strategies import leads

        return leads()

    def activities(kind: Any) -> Any:
        from qualify.testing.lead_strategies import activities

        return activities()

    st.register_type_strategy(module.Lead, leads)
    st.register_type_strategy(module.Activity, activities)


def _definition(module: Any) -> None:
    from hypothesis import strategies as st

    def definitions(kind: Any) -> Any:
        from qualify.testing.definition_strategies import definitions

        return definitions()

    st.register_type_strategy(module.Definition, definitions)


def _verdict(module: Any) -> None:
    from hypothesis import strategies as st

    def verdicts(kind: Any) -> Any:
        from qualify.testing.lead_strategies import verdicts

        return verdicts()

    st.register_type_strategy(module.Verdict, verdicts)


def _rules(module: Any) -> None:
    """`Rule` is a union, which Hypothesis takes apart: each kind of node has its strategy."""
    from typing import get_args

    from hypothesis import strategies as st

    def nodes(kind: Any) -> Any:
        from qualify.testing.rule_strategies import rules_of

        return rules_of(kind)

    def any_node(kind: Any) -> Any:
        from qualify.testing.rule_strategies import rules

        return rules()

    for kind in get_args(module.Rule):
        st.register_type_strategy(kind, nodes)
    st.register_type_strategy(module.RuleNode, any_node)


_OURS: dict[str, tuple[str, Callable[[Any], None]]] = {
    "qualify.lead": ("Lead", _lead),
    "qualify.rules.tree": ("Rule", _rules),
    "qualify.face": ("Definition", _definition),
    "qualify.verdict.verdict": ("Verdict", _verdict),
}
"""A module with types of ours, the one that it makes last, and what registers them."""
