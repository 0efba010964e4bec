"""The plugin for pytest, in real runs of pytest."""

import re
import subprocess
import sys

import pytest

from tests.pages import ROOT
from tests.testing.test_stories import DEFINITION, STORY

pytest_plugins = ["pytester"]
UNUSED = ("hypothesis", "qualify")


@pytest.fixture
def project(pytester):
    """A project with a definition and its stories, whose pytest knows where the definition is."""
    pytester.makefile(".toml", shops=DEFINITION)
    pytester.makefile(".stories.toml", shops=STORY)
    pytester.makeini("[pytest]\nqualify_definition = shops.toml\naddopts = -p no:cacheprovider\n")
    return pytester


# What the page says of it


def test_the_reference_names_every_fixture_setting_and_option(pytester):
    """Whoever looks something up should find it, and find nothing that isn't there."""
    page = (ROOT / "docs" / "reference" / "pytest-plugin.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([\w-]+)", page, re.MULTILINE))

    told = pytester.runpytest("--help").stdout.str()
    settings = set(re.findall(r"^  (qualify_\w+)", told, re.MULTILINE))
    options = set(re.findall(r"^  (--qualify-[\w-]+)", told, re.MULTILINE))
    listed = pytester.runpytest("--fixtures", "-q").stdout.str()
    fixtures = set(re.findall(r"^(\w+) .*qualify_pytest", listed, re.MULTILINE))

    assert named == settings | options | fixtures
    assert len(fixtures) == 3


# What it costs


LOADED = f"""\
import sys

def pytest_unconfigure():
    names = {{name.partition(".")[0] for name in sys.modules}}
    print("LOADED", *sorted(names & set({UNUSED!r})), "qualify_pytest" in sys.modules)
"""


def test_a_run_that_does_not_use_us_loads_nothing_of_ours(pytester):
    """Everybody who has the package installed pays for it in every run of pytest."""
    pytester.makeconftest(LOADED)
    pytester.makepyfile("def test_one():\n    assert 'a' != 'b'\n    assert 1 == 1\n")

    done = pytester.runpytest_subprocess("-p", "no:hypothesispytest")

    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["LOADED True"])


def test_it_adds_at_most_twenty_milliseconds_to_the_start():
    """Measured by the processor's clock, which what else runs doesn't change: what the import takes beside pytest's own."""
    code = (
        "import pytest, sys\nfrom time import process_time\nbefore = process_time()\nimport qualify_pytest\n"
        "print(process_time() - before, 'qualify' in sys.modules)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    took = [done.stdout.split() for done in runs]

    assert {loaded for _, loaded in took} == {"False"}
    assert min(float(seconds) for seconds, _ in took) <= 0.020


# Stories


def test_each_story_is_a_test_named_by_its_title(project):
    """The report of a run is then readable for the people who told them."""
    done = project.runpytest("-v")

    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["shops.stories.toml::Eighty people who looked at us are an SQL PASSED*"])


def test_a_failing_story_shows_the_explained_verdict_and_no_traceback(project):
    """Nobody who told it reads Python."""
    project.makefile(".stories.toml", shops=STORY.replace('traits = { large = "yes" }', 'traits = { large = "no" }'))

    done = project.runpytest()

    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "Eighty people who looked at us are an SQL",
            "shops.stories.toml:2, as of 2026-11-24 12:00 (UTC)",
            "*expected*came out",
            "*trait large*no*yes",
            "*employees: 80, asked for: at least 50",
            "This lead is an SQL*",
        ]
    )
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*StoryFailure*def *")


def test_faults_of_stories_are_an_error_that_reads_well(project):
    """They stop the run, with each line and what was meant, and no traceback."""
    wrong = STORY.replace("employees =", "employes =").replace('large = "yes"', 'lage = "yes"')
    project.makefile(".stories.toml", shops=wrong)

    done = project.runpytest()

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(
        [
            "shops.stories.toml:4: unknown field 'employes'; did you mean 'employees'?",
            "shops.stories.toml:11: unknown trait 'lage'; did you mean 'large'?",
        ]
    )
    done.stdout.no_fnmatch_line("*Error:*")


def test_faults_of_the_definition_are_told_as_its_own(project):
    """The stories can't be asked then."""
    project.makefile(".toml", shops=DEFINITION.replace("employees >=", "employes >="))

    done = project.runpytest()

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["shops.toml:*unknown field 'employes'; did you mean 'employees'?"])


def test_stories_that_stand_beside_no_definition_are_left_alone(pytester):
    """They may be somebody else's: the ending of a name is nobody's own."""
    pytester.makefile(".stories.toml", book="[[chapter]]\nfirst = 1\n")

    assert pytester.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_second_file_of_stories_speaks_of_the_only_definition_beside_it(pytester):
    """It stands where pytest's own settings do; they are no part of a definition."""
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\n")
    pytester.makefile(".toml", bikes=DEFINITION)
    pytester.makefile(".stories.toml", bikes=STORY, more=STORY)

    pytester.runpytest().assert_outcomes(passed=2)


def test_where_several_stand_beside_it_the_settings_say_which(project):
    """A suite is about one definition."""
    project.makefile(".toml", cars=DEFINITION.replace("employees >= 50", "employees >= 500"))
    project.makefile(".stories.toml", more=STORY)

    project.runpytest("more.stories.toml").assert_outcomes(passed=1)


def test_stories_of_another_name_than_the_settings_speak_of_their_own_definition(project):
    """Examples of two products in one suite."""
    project.makefile(".toml", cars=DEFINITION.replace("employees >= 50", "employees >= 500"))
    project.makefile(".stories.toml", cars=STORY)

    project.runpytest("cars.stories.toml").assert_outcomes(failed=1)


def test_stories_of_which_nobody_can_say_what_they_speak_are_one_error_of_their_file(pytester):
    """The others are in order."""
    pytester.makefile(".toml", bikes=DEFINITION, cars=DEFINITION)
    pytester.makefile(".stories.toml", bikes=STORY, more=STORY)

    done = pytester.runpytest("--continue-on-collection-errors")

    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(
        [
            "*ERROR collecting more.stories.toml*",
            "more.stories.toml: these stories could speak of bikes.toml, cars.toml: name the file after one of them, as in "
            "bikes.stories.toml",
        ]
    )


def test_stories_beside_nothing_say_where_their_definition_would_be(pytester):
    """To be skipped in silence would look like passing."""
    pytester.makefile(".stories.toml", leads=STORY)

    done = pytester.runpytest()

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["leads.stories.toml: no definition stands beside these stories: leads.toml, *"])


def test_stories_in_a_folder_are_asked_of_the_whole_folder(pytester):
    """A definition may be a folder; which file of it is the story's is no question."""
    folder = pytester.mkdir("leads")
    (folder / "definition.toml").write_text(DEFINITION, encoding="utf-8")
    (folder / "small.stories.toml").write_text(STORY, encoding="utf-8")
    (pytester.path / "leads.stories.toml").write_text(STORY, encoding="utf-8")

    pytester.runpytest().assert_outcomes(passed=2)


def test_a_story_can_be_chosen_by_its_title(project):
    """As any other test."""
    project.makefile(".stories.toml", shops=STORY + STORY.replace("Eighty", "Again eighty"))

    project.runpytest("-k", "Again").assert_outcomes(passed=1, deselected=1)
    project.runpytest("shops.stories.toml::Again eighty people who looked at us are an SQL").assert_outcomes(passed=1)


# Fixtures


def test_the_fixtures_give_the_definition_a_still_moment_and_a_way_to_assert(project):
    """What each suite would write for itself."""
    project.makepyfile(
        """
        from datetime import UTC, datetime

        def test_it(qualify_definition, as_of, assert_verdict):
            assert as_of == datetime(2026, 1, 15, 12, tzinfo=UTC)
            verdict = qualify_definition.qualify({"employees": 80, "activities": []}, as_of=as_of)
            assert_verdict(verdict, stage="none", traits={"large": "yes"}, scores={"fit": 25})
        """
    )

    project.runpytest().assert_outcomes(passed=2)


def test_a_verdict_that_is_not_as_expected_is_told(project):
    """With the verdict explained beside it; the failure points at the test's own line."""
    project.makepyfile(
        """
        def test_it(qualify_definition, as_of, assert_verdict):
            verdict = qualify_definition.qualify({"employees": 40}, as_of=as_of)
            assert_verdict(verdict, traits={"large": "yes"})
        """
    )

    done = project.runpytest()

    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(
        [
            ">*assert_verdict(verdict, traits={?large?: ?yes?})",
            "E*the verdict is not as expected",
            "E*trait large*yes*no",
            "E*employees: 40, asked for: at least 50",
        ]
    )
    done.stdout.no_fnmatch_line("*def check_verdict*")


def test_the_moment_can_be_set(project):
    """A definition may speak of a year that isn't this one."""
    project.makeini("[pytest]\nqualify_as_of = 2027-02-28T23:59:00+01:00\n")
    project.makepyfile("def test_it(as_of):\n    assert as_of.isoformat() == '2027-02-28T23:59:00+01:00'\n")

    project.runpytest("-k", "test_it").assert_outcomes(passed=1, deselected=1)


@pytest.mark.parametrize(
    ("settings", "fixture", "told"),
    [
        ("", "qualify_definition", "needs to know the definition: set qualify_definition"),
        ("qualify_definition = shop.toml", "qualify_definition", "shop.toml: there is no such file or folder"),
        (
            "qualify_as_of = tomorrow",
            "as_of",
            "qualify_as_of is a moment, such as 2026-01-15T12:00:00Z, not 'tomorrow'",
        ),
    ],
)
def test_settings_that_are_missing_or_wrong_are_told(pytester, settings, fixture, told):
    """Which setting, and what it holds."""
    pytester.makeini(f"[pytest]\n{settings}\n")
    pytester.makepyfile(f"def test_it({fixture}):\n    pass\n")

    done = pytester.runpytest()

    done.assert_outcomes(errors=1)
    begin = next(at for at, line in enumerate(done.stdout.lines) if "ERROR at setup" in line)
    [said] = [line for line in done.stdout.lines[begin + 1 :] if line and line[0] not in "=E["]
    assert told in said
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*During handling*")


# Comparisons


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("{'employees': 80}", "{'employees': 40}", ["*large: yes, no", "*because employees: 80, 40"]),
        ("{'id': '1'}", "{'id': '2'}", ["*two verdicts on different leads: '1' == '2'"]),
        ("{'objects': True}", "{'objects': False}", ["*left out by: objected, nobody"]),
    ],
)
def test_verdicts_that_differ_say_in_words_what_differs(project, left, right, told):
    """Two long lines of values would say nothing."""
    project.makepyfile(
        f"""
        def test_it(qualify_definition, as_of):
            one, other = (qualify_definition.qualify(lead, as_of=as_of) for lead in ({left}, {right}))
            assert one == other
        """
    )

    done = project.runpytest("-k", "test_it")

    done.assert_outcomes(failed=1, deselected=1)
    done.stdout.fnmatch_lines(told)


# Coverage of the definition


def test_what_a_run_has_shown_is_told_at_its_end(project):
    """Stories and tests together: what neither took to yes, no and unknown is where nobody looked."""
    project.makepyfile("def test_it(qualify_definition):\n    qualify_definition.qualify({'employees': 40})\n")

    done = project.runpytest("--qualify-cov")

    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(
        [
            "*coverage of the definition*",
            "Print shops 3: * outcomes were seen (* %), in 2 verdicts",
            "*large: never unknown",
        ]
    )


@pytest.mark.parametrize(("floor", "code"), [("1", 0), ("99.5", 1)])
def test_a_run_that_shows_too_little_fails(project, floor, code):
    """A floor that nobody holds is a wish."""
    done = project.runpytest(f"--qualify-cov-fail-under={floor}")

    assert done.ret == code
    done.assert_outcomes(passed=1)
    if code:
        done.stdout.fnmatch_lines(["FAIL: * % of the outcomes were seen, 99.5 % are required"])


@pytest.mark.parametrize("floor", ["150", "-1", "nan", "most"])
def test_a_floor_that_nothing_can_reach_is_misuse(project, floor):
    """It would fail for ever, or never."""
    done = project.runpytest(f"--qualify-cov-fail-under={floor}")

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"*--qualify-cov-fail-under: a number from 0 to 100 is required, not '{floor}'"])


@pytest.mark.parametrize("options", [(), ("--collect-only",)])
def test_a_run_in_which_nothing_ran_tells_no_coverage(project, options):
    """A page of what was never seen would hide the one error that stopped it."""
    if not options:
        project.makefile(".stories.toml", shops=STORY.replace("employees =", "employes ="))

    done = project.runpytest("--qualify-cov-fail-under=50", *options)

    assert done.ret == (pytest.ExitCode.OK if options else pytest.ExitCode.INTERRUPTED)
    done.stdout.no_fnmatch_line("*coverage of the definition*")
    done.stdout.no_fnmatch_line("*never*")


def test_the_laws_alone_cover_nothing(project):
    """They are about the library; what a definition means is said by stories, and by the code that asks it."""
    project.makepyfile(
        """
        from qualify.testing import invariants

        def test_laws(qualify_definition, as_of):
            invariants.hold(qualify_definition, as_of=as_of, max_examples=3)
        """
    )

    done = project.runpytest("-k", "test_laws", "--qualify-cov")

    done.stdout.fnmatch_lines(["Print shops 3: 0 of * outcomes were seen (0 %), in 0 verdicts"])


def test_workers_see_together_what_one_process_sees(project):
    """Half of the suite must not count for nothing because it ran elsewhere."""
    pytest.importorskip("xdist")
    project.makepyfile("def test_it(qualify_definition):\n    qualify_definition.qualify({'employees': 40})\n")

    def summary(*options):
        shown = [line for line in project.runpytest_subprocess("--qualify-cov", *options).stdout.lines if line]
        return shown[next(at for at, line in enumerate(shown) if "coverage of the definition" in line) + 1 : -1]

    assert summary("-n", "2") == summary("-n", "0")
    assert len(summary("-n", "0")) > 3


def test_coverage_without_a_definition_is_misuse(pytester):
    """It can't be guessed which one is meant."""
    done = pytester.runpytest_subprocess("--qualify-cov")

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: --qualify-cov needs to know the definition: set qualify_definition*"])
