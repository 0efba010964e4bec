"""Large scorecards: what an engineer writes by hand, and how long many activities take."""

import gc
import importlib.util
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from time import process_time

import pytest

import qualify
from tests.pages import ROOT


@cache
def workload():
    """The second workload of the benchmarks, which is no package."""
    spec = importlib.util.spec_from_file_location("workload_scorecards", ROOT / "benchmarks" / "workload_scorecards.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_scorecards_are_what_they_are_by_hand():
    """What is measured must be the same on both sides: wherever nothing is unknown, all outcomes are."""
    work = workload()
    definition = qualify.define(**work.raw_definition())
    leads = work.leads(500)
    compared = dict.fromkeys(("traits", "tiers", "scores", "stage"), 0)

    for lead, verdict in zip(leads, definition.qualify_many(leads, as_of=work.AS_OF), strict=True):
        by_hand = work.by_hand(lead)
        said = {
            "traits": {name: each.answer == "yes" for name, each in verdict.traits.items() if each.answer != "unknown"},
            "tiers": {name: each.case for name, each in verdict.tiers.items() if each.case},
            "scores": {
                name: each.at_least * work.UNIT
                for name, each in verdict.scores.items()
                if each.at_least == each.at_most
            },
            "stage": {}
            if any(each.state == "undetermined" for each in verdict.stages.values())
            else {"stage": verdict.stage},
        }
        for section, outcomes in said.items():
            assert outcomes == {name: by_hand[name] for name in outcomes}
            compared[section] += len(outcomes)

    assert compared["traits"] > 6000
    assert compared["tiers"] > 1500
    assert compared["scores"] > 600
    assert compared["stage"] > 200


@pytest.mark.parametrize("form", ["dicts", "a Lead"])
def test_activities_take_linear_time(form):
    """A source that sends a whole history must not stop the nightly job: 100,000 activities on one lead."""
    definition, few, many = long_and_longer(10_000)
    if form == "a Lead":
        few, many = (definition.lead_model()(**lead) for lead in (few, many))

    def took(lead: object) -> float:
        return least(lambda: definition.qualify(lead, as_of=workload().AS_OF).stage)

    assert took(many) <= 30 * took(few)  # ten times as many; a square would take a hundred times


def test_points_of_many_activities_take_linear_time():
    """Who looks at such a lead must see where its points come from, too."""
    definition, few, many = long_and_longer(1_000)

    def took(lead: object) -> float:
        return least(lambda: definition.qualify(lead, as_of=workload().AS_OF).scores["engagement"].items["logins"])

    assert took(many) <= 30 * took(few)  # ten times as many; a square would take a hundred times


def long_and_longer(number: int):
    """A definition, a lead with so many activities, and one with ten times as many."""
    work = workload()
    listed = work.leads(1, number)[0]["activities"]
    more = [{**each, "at": each["at"] - timedelta(seconds=by)} for by in range(10) for each in listed]
    return qualify.define(**work.raw_definition()), {"activities": listed}, {"activities": more}


def least(work: Callable[[], object]) -> float:
    """Time of the processor, of the best of three runs; what the collector of garbage takes depends on all that lives."""
    found = []
    gc.disable()
    try:
        for _ in range(3):
            begin = process_time()
            work()
            found.append(process_time() - begin)
    finally:
        gc.enable()
    return min(found)
