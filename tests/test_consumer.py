"""A project that embeds a definition: its suite passes with the package as released, and finds a planted bug.

The project is `examples/consumer/`. It is installed beside a wheel of ours into an environment that holds nothing else.
"""

import importlib.util
import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import Phase, given, seed, settings

import qualify
from qualify.testing import borderline_leads
from tests.fresh import FreshEnvironment, run
from tests.pages import EXAMPLES

CONSUMER = EXAMPLES / "consumer"
PLANTED = CONSUMER / "planted" / "fast_lane.py"
AS_OF = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.mark.parametrize("start", range(10))
def test_a_lead_at_the_border_finds_the_planted_bug_in_a_hundred_examples(start):
    """`> 50` for `>= 50` shows in one number of people; whoever has to draw it by chance will not."""
    definition = qualify.load(CONSUMER / "src" / "print_shop_forms" / "leads.toml")
    spec = importlib.util.spec_from_file_location("planted_fast_lane", PLANTED)
    planted = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(planted)
    examples, wrong = 0, []

    @seed(start)
    @settings(settings.get_profile("default"), database=None, deadline=None, phases=[Phase.generate])
    @given(lead=borderline_leads("right_size", definition=definition, as_of=AS_OF))
    def look(lead):
        nonlocal examples
        examples += 1
        verdict = definition.qualify(lead, as_of=AS_OF)
        if planted.fast_lane(lead.model_dump(), verdict) != (verdict.traits["right_size"].answer == "yes"):
            wrong.append((examples, lead.employees))

    look()

    assert settings.get_profile("default").max_examples == 100
    assert wrong
    assert wrong[0][0] < 100
    assert {employees for _, employees in wrong} == {50}


def test_in_a_fresh_environment_the_suite_passes_and_names_the_lead_that_shows_the_bug(tmp_path):
    """What only works in our own checkout works for nobody."""
    project = shutil.copytree(
        CONSUMER, tmp_path / "consumer", ignore=shutil.ignore_patterns(".*", "__pycache__", "*.egg-info")
    )
    fresh = FreshEnvironment(tmp_path)
    fresh.install(f"{fresh.wheel}[testing]", "-e", f"{project}[tests]")

    suite = [fresh.python, "-m", "pytest", "-v", "--qualify-cov"]
    passed = run(*suite, cwd=project)
    assert passed.returncode == 0
    assert "leads.stories.toml::" in passed.stdout
    assert "outcomes were seen (100 %)" in passed.stdout

    shutil.copy(PLANTED, project / "src" / "print_shop_forms")
    failed = run(*suite, cwd=project)
    assert failed.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 failed" in failed.stdout
    assert "FAILED tests/test_routing.py::test_the_fast_lane_is_for_shops_of_the_right_size" in failed.stdout
    assert "Lead(employees=50)" in failed.stdout
