"""One shared definition of a qualified lead. Start with `qualify.load`."""

__all__ = [
    "Activity",
    "Answer",
    "Definition",
    "DefinitionError",
    "Finding",
    "Lead",
    "Mapping",
    "QualifyError",
    "Verdict",
    "adapter",
    "define",
    "installed_adapters",
    "load",
    "load_mapping",
    "loads",
    "parse",
]

TYPE_CHECKING = False  # type checkers take it for true; importing it from typing would cost more than all of this

if TYPE_CHECKING:
    from qualify.adapters import adapter, installed_adapters
    from qualify.adapters.mappings import load_mapping
    from qualify.errors import DefinitionError, Finding, QualifyError
    from qualify.face import Definition, define, load, loads
    from qualify.lead import Activity, Lead
    from qualify.mapping import Mapping
    from qualify.rules import parse
    from qualify.verdict import Answer, Verdict
else:  # hidden from type checkers, so that a misspelled name is an error there
    _ROOM = {
        "Activity": "lead",
        "Answer": "verdict",
        "Definition": "face",
        "DefinitionError": "errors",
        "Finding": "errors",
        "Lead": "lead",
        "Mapping": "mapping",
        "QualifyError": "errors",
        "Verdict": "verdict",
        "adapter": "adapters",
        "define": "face",
        "installed_adapters": "adapters",
        "load": "face",
        "load_mapping": "adapters.mappings",
        "loads": "face",
        "parse": "rules",
    }

    def __getattr__(name):
        if name not in _ROOM:
            raise AttributeError(f"module 'qualify' has no attribute {name!r}")
        from importlib import import_module
        from sys import modules

        value = globals()[name] = getattr(import_module(f"qualify.{_ROOM[name]}"), name)
        if modules.get("hypothesis"):  # a test runs: it can draw this type by its name (see there for why here)
            from qualify.testing.registration import on_import

            on_import()
        return value

    def __dir__():
        return __all__
