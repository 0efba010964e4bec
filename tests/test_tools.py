"""The tools of the house do what CONTRIBUTING.md says of them."""

import re
import subprocess
import sys

import pytest

from tests.pages import ROOT
from tools.changelog import MARK, collect, fragments, section
from tools.do import WISHES
from tools.lowest import lowest


def test_the_lowest_releases_come_from_the_bounds_themselves():
    """A second list of them would be wrong the first time that a bound is raised."""
    assert all(re.match(r"[\w.-]+==\d", line) for line in lowest())
    assert {line.split("==")[0] for line in lowest()} >= {
        "pydantic",
        "pluggy",
        "python-dateutil",
        "tomlkit",
        "click",
    }


def test_the_fragments_of_the_next_release_are_well_named():
    """A fragment that no heading takes would be lost."""
    fragments(ROOT / "changes")


def test_a_fragment_of_no_kind_is_refused(tmp_path):
    """With the kinds that there are."""
    (tmp_path / "something.md").write_text("Something.\n")

    with pytest.raises(SystemExit, match="KIND being one of verdict, new"):
        fragments(tmp_path)


def test_a_release_stands_above_the_ones_before_it(tmp_path):
    """People read the newest first; what may change their verdicts, first of all."""
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "a.new.md").write_text("A thing,\nand more of it.\n")
    (tmp_path / "changes" / "b.verdict.md").write_text("Words end at a hyphen.\n")
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{MARK}\n## 0.1.0 (2026-11-30)\n")

    collect(tmp_path, "0.2.0", "2027-01-18")

    assert (tmp_path / "CHANGELOG.md").read_text().split(MARK)[1] == (
        "\n## 0.2.0 (2027-01-18)\n"
        "\nVerdicts that change *\n\n- Words end at a hyphen.\n"
        "\nNew\n\n- A thing,\n  and more of it.\n"
        "\n## 0.1.0 (2026-11-30)\n"
    )
    assert not list((tmp_path / "changes").iterdir())


def test_a_kind_without_fragments_has_no_heading():
    """An empty heading is noise."""
    assert section("0.1.0", "2026-11-30", []) == "## 0.1.0 (2026-11-30)\n"


def test_one_command_lists_every_wish():
    """Nobody should have to read a build script to run the tests."""
    done = subprocess.run([sys.executable, "tools/do.py"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)

    assert all(f"  {wish} " in done.stdout for wish in WISHES)


def test_an_unknown_wish_is_misuse():
    """A build that asks for what doesn't exist must not pass."""
    done = subprocess.run(
        [sys.executable, "tools/do.py", "tset"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )

    assert done.returncode == 2
