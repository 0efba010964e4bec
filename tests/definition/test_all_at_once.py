"""A fault in one key of an entry hides none of the others: who mends a file mends it once."""

import pytest

import qualify

HEAD = """format = 1
name = "At once"
version = "1"
teams = { sales = "Sales" }
[traits.large]
team = "sales"
when = "employees >= 50"
why = "They need us."
[signals.calls]
team = "sales"
each = "call"
"""


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        (
            '[stages.a]\nafter = ["x"]\ndisqualified_by = ["p"]\nrequires.sls = "large"\n'
            '[[stages.a.handoff]]\nteam = "sales"\nact_within = "soon"\n',
            ["unknown-stage", "unknown-fact", "unknown-team", "bad-span"],
        ),
        ('[stages.a]\ndisqualified_by = ["p"]\nrequires.sales = "large >"\n', ["unknown-fact", "syntax"]),
        ('[stages.a]\nafter = ["x"]\nhandof = 3\nrequires.sales = "large"\n', ["unknown-stage", "unknown-key"]),
        (
            '[tiers.t]\nteam = "sales"\nwhen_unknown = "q"\ncases.a = "employees >"\ncases.c = "otherwise"\n',
            ["unknown-case", "syntax"],
        ),
        ('[approvals.sls]\ndigest = "x"\nby = "Kim"\non = 2026-01-01\n', ["unknown-team", "wrong-type"]),
        (
            '[scores.s.points.calls]\neach = 1\nlimit = "0 per day"\nat_most = -3\nfades = "101% per 30 days"\n',
            ["bad-limit", "bad-number", "bad-fade"],
        ),
        (
            '[scores.s]\nof = "0.00001 * t + 99999999999 * t"\n[scores.t]\npoints.large = 1\n',
            ["bad-number", "bad-number"],
        ),
        (
            '[scores.s]\nof = "999999999 * t"\n[scores.t]\npoints.large = 999999999\n'
            '[scores.u]\nof = "999999999 * s"\n',
            ["score-too-large"],
        ),
        ('[activities.page_view]\nproperties = { page = "number" }\n', ["standard-field"]),
    ],
)
def test_all_faults_of_an_entry_are_told(entry, codes):
    with pytest.raises(qualify.DefinitionError) as refused:
        qualify.loads(HEAD + entry)

    assert [fault.code for fault in refused.value.faults] == codes
