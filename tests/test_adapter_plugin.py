"""A stranger's adapter: made by the template, installed beside a wheel of ours, found, and held to the contract.

The package is `examples/adapter-plugin/`, the template `templates/adapter-plugin/`.
"""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.fresh import FreshEnvironment, run
from tests.pages import EXAMPLES, ROOT, blocks, commands, same_output

PLUGIN = EXAMPLES / "adapter-plugin"
TUTORIAL = ROOT / "docs" / "tutorial" / "an-adapter-of-your-own.md"
TEMPLATE = ROOT / "templates" / "adapter-plugin"
AS_IT_IS = ("--no-deps", "--no-build-isolation")  # with what is installed already
LEFT_BY_TOOLS = shutil.ignore_patterns("__pycache__", "*.egg-info", ".pytest_cache", ".hypothesis")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """An environment with a wheel of ours, the plugin as released, and what makes packages from templates."""
    folder = tmp_path_factory.mktemp("fresh")
    project = shutil.copytree(PLUGIN, folder / "project", ignore=LEFT_BY_TOOLS)
    fresh = FreshEnvironment(folder)
    fresh.install(f"{fresh.wheel}[sync,testing]", "copier>=9", "hatchling", "editables")
    fresh.install(*AS_IT_IS, project)
    return fresh


@pytest.fixture
def made(fresh, tmp_path):
    """What the template makes of a CRM's name."""

    def make(title):
        place = tmp_path / title
        command = (fresh.bin / "copier", "copy", "-q", "--defaults", "-d", f"title={title}", TEMPLATE, place)
        done = run(*command)
        assert done.returncode == 0, done.stdout
        return place

    return make


def test_the_plugin_is_found_by_its_entry_point(fresh):
    """All that its user does is install it."""
    done = run(fresh.python, "-m", "qualify", "adapters", "--json", cwd=fresh.folder)

    found = {each["name"]: each for each in json.loads(done.stdout)}
    assert found["tackboard"] | {"summary": ""} == {
        "name": "tackboard",
        "package": "qualify-tackboard",
        "version": "0.1.0",
        "source": "qualify_tackboard",
        "summary": "",
        "can": ["read", "write", "incremental", "activities", "setup"],
        "suffixes": [],
        "conversions": [],
        "error": None,
    }


def test_its_mapping_reads_a_record_where_it_is_installed(fresh):
    """The mapping's file has to be in the wheel."""
    code = "import qualify; print(qualify.adapter('tackboard').mapping.lead({'key': 't-1', 'size': '11-50'}).employees)"

    assert run(fresh.python, "-c", code, cwd=fresh.folder).stdout.strip() == "11"


def test_it_keeps_the_contract_as_installed(fresh, tmp_path):
    """Its own suite, which subclasses the contract, runs against what was installed."""
    project = shutil.copytree(PLUGIN, tmp_path / "project", ignore=LEFT_BY_TOOLS)

    done = run(fresh.python, "-m", "pytest", "-q", cwd=project)

    assert done.returncode == 0
    assert "passed" in done.stdout
    assert "skipped" not in done.stdout


def test_the_template_makes_the_example(made):
    """Whoever reads the example reads what the template will give."""
    there, here = texts(made("Tackboard")), texts(PLUGIN)

    assert there.keys() == here.keys()
    assert there == here


def test_what_the_template_makes_of_another_name_works_as_it_is(fresh, made):
    """A start that is green shows which change broke it."""
    project = made("Acme CRM, 7")
    fresh.install(*AS_IT_IS, "-e", project)

    done = run(fresh.python, "-m", "pytest", "-q", cwd=project)

    assert done.returncode == 0
    assert "skipped" not in done.stdout


def test_the_tutorial_ends_with_an_installed_package_that_works(fresh, tmp_path):
    """Half an hour of a reader's is lost where the last page doesn't follow from the first."""
    there = list(blocks(TUTORIAL))
    for block in there:
        if block.deed == "file":
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    fresh.install(*AS_IT_IS, "-e", tmp_path)

    suite = run(fresh.python, "-m", "pytest", "-q", cwd=tmp_path)
    assert suite.returncode == 0
    assert "30 passed, 1 skipped" in suite.stdout

    shown = [pair for block in there if block.not_run for pair in commands(block) if pair[0].startswith("qualify sync")]
    assert len(shown) == 3
    for command, output in shown:
        done = run(fresh.python, "-m", *shlex.split(command), cwd=tmp_path)
        assert same_output(output, done.stdout)


def texts(folder: Path) -> dict[str, str]:
    """The files below a folder, and what they say, without what tools leave there."""
    left = ("__pycache__", ".pytest_cache", ".hypothesis")
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in files
        if not any(part in left or part.endswith(".egg-info") for part in path.parts)
    }
