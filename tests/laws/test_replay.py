"""The same input gives the same bytes, wherever and whenever."""

import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context
from string import ascii_lowercase, ascii_uppercase
from unicodedata import normalize

from hypothesis import assume, given
from hypothesis import strategies as st

import qualify
from qualify.engine.decision import Decision
from tests.engines import comparable, compiled
from tests.pages import EXAMPLES, ROOT
from tests.strategies import cases

UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)
AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
TITLES = ["Owner", "Head of Print", "Assistant", None]
LEADS = [{"id": f"{n}", "job_title": TITLES[n % 4], "industry": "Printing", "employees": n * 9} for n in range(200)]


def verdict_of(case):
    try:
        return qualify.Definition(case.model).qualify(case.lead, as_of=case.as_of)
    except qualify.QualifyError:
        return None


def told(verdict):
    """A verdict as text: all of it."""
    parts = (
        "lead_id",
        "as_of",
        "definition",
        "stage",
        "left_out_by",
        "stages",
        "traits",
        "tiers",
        "signals",
        "scores",
        "shadow",
        "notes",
    )
    return repr({part: getattr(verdict, part) for part in parts})


@given(case=cases())
def test_the_same_input_gives_the_same_verdict(case):
    """A verdict can be asked for again when somebody doubts it."""
    one, other = verdict_of(case), verdict_of(case)
    assume(one is not None)

    assert one == other
    assert told(one) == told(other)


@given(case=cases(), data=st.data())
def test_the_order_of_activities_means_nothing(case, data):
    """A CRM pages as it likes."""
    assume(case.lead.get("activities"))
    shuffled = data.draw(st.permutations(list(case.lead["activities"])))
    definition = qualify.Definition(case.model)
    before = verdict_of(case)
    assume(before is not None)

    after = definition.qualify({**case.lead, "activities": shuffled}, as_of=case.as_of)

    assert after == before


@given(case=cases())
def test_case_blanks_and_spelling_of_a_letter_mean_nothing(case):
    """Whoever typed it, in whatever program: `ACME `, `acme` and an é of two characters are the same."""

    def retyped(value):
        if not isinstance(value, str) or "\u0307" in normalize("NFD", value):  # an i with its dot is no plain i
            return value
        return f"\u00a0{normalize('NFD', value.translate(UPPER))}\t"

    lead = {name: retyped(value) for name, value in case.lead.items()}
    if case.lead.get("activities"):
        lead["activities"] = [
            {**each, "properties": {name: retyped(value) for name, value in each.get("properties", {}).items()}}
            for each in case.lead["activities"]
        ]

    before, after = compiled(case.model, [case.lead, lead], case.as_of)

    assume(isinstance(before, Decision))
    assert after == before


@given(case=cases(), hours=st.integers(-11, 13))
def test_an_instant_is_the_same_on_every_clock(case, hours):
    """A source in Tokyo and one in New York tell of one call."""
    zone = timezone(timedelta(hours=hours))

    def told_elsewhere(value):
        if not isinstance(value, datetime) or value.tzinfo is None:
            return value
        try:
            return value.astimezone(zone)
        except OverflowError:
            return value

    lead = {name: told_elsewhere(value) for name, value in case.lead.items()}
    if case.lead.get("activities"):
        lead["activities"] = [{**each, "at": told_elsewhere(each["at"])} for each in case.lead["activities"]]

    before, after = compiled(case.model, [case.lead, lead], case.as_of)

    assert comparable(after) == comparable(before)
    assert comparable(compiled(case.model, [case.lead], told_elsewhere(case.as_of))[0]) == comparable(before)


@given(case=cases())
def test_a_verdict_can_be_pickled(case):
    """A queue, a cache, a worker: a verdict must survive the way."""
    verdict = verdict_of(case)
    assume(verdict is not None)

    again = pickle.loads(pickle.dumps(verdict))

    assert again == verdict
    assert told(again) == told(verdict)


@given(case=cases())
def test_a_verdict_does_not_change_with_the_dict_that_was_judged(case):
    """What a caller does with its dict afterwards is no news of the lead."""
    lead = dict(case.lead)
    try:
        verdict = qualify.Definition(case.model).qualify(lead, as_of=case.as_of)
    except qualify.QualifyError:
        return
    lead.clear()

    assert told(verdict) == told(verdict_of(case))


def test_the_hash_seed_changes_nothing():
    """Sets and dicts of the library must not leak their order."""
    script = (
        "import qualify, sys; from datetime import datetime, UTC\n"
        "from tests.laws.test_replay import LEADS, AS_OF, told\n"
        "definition = qualify.load(sys.argv[1])\n"
        "print(definition.digest, definition.to_toml(), definition.to_json())\n"
        "print([told(verdict) for verdict in definition.qualify_many(LEADS, as_of=AS_OF)])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script, str(EXAMPLES / "print-shop")],
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }  # fmt: skip

    assert len(said) == 1


def stages(definition, leads):
    return [told(verdict) for verdict in definition.qualify_many(leads, as_of=AS_OF)]


def test_threads_share_a_definition():
    """A web server has one definition and many threads."""
    definition = qualify.load(EXAMPLES / "print-shop")
    alone = stages(definition, LEADS)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: stages(definition, LEADS), range(16)))

    assert all(each == alone for each in together)


def test_worker_processes_get_definition_leads_and_verdicts():
    """A nightly job has two cores."""
    definition = qualify.load(EXAMPLES / "print-shop")
    model = definition.lead_model()
    leads = [model(**lead) for lead in LEADS]

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        verdicts = pool.submit(judged, definition, leads).result()

    assert verdicts == list(definition.qualify_many(leads, as_of=AS_OF))


def judged(definition, leads):
    return list(definition.qualify_many(leads, as_of=AS_OF))
