"""An account tells whoever asks about one side, or about a stage far away, where the whole stands and what to do."""

from datetime import UTC, date, datetime

import pytest

import qualify

AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEFINITION = qualify.define(
    name="Line",
    teams={"marketing": "Marketing", "sales": "Sales"},
    traits={
        "prints": {"team": "marketing", "when": 'industry == "Printing"', "why": "We know that business."},
        "large": {"team": "sales", "when": "employees >= 50", "why": "They need us."},
        "buys": {"team": "sales", "when": "customer", "why": "They paid."},
    },
    stages={
        "mql": {"requires": {"marketing": "prints", "sales": "large"}},
        "sql": {"requires": {"sales": "large"}},
        "won": {"requires": {"sales": "buys"}},
    },
)


def told(team=None, stage=None, format="text", **lead):
    return DEFINITION.qualify(lead, as_of=AS_OF).explain(team, format, stage=stage).partition("\n\nBecause")[0]


@pytest.mark.parametrize(("industry", "answer"), [("Printing", "yes"), ("Farming", "no"), (None, "unknown")])
def test_of_the_other_side_the_answer_alone_is_told(industry, answer):
    """Sales sees that it is marketing's turn, and is spared marketing's reasons."""
    account = told("sales", "mql", industry=industry, employees=80).splitlines()

    assert f"  Marketing  {answer}" in account
    assert next(line for line in account if line.startswith("  Sales")).split()[:2] == ["Sales", "yes"]


def test_an_answer_without_a_reason_is_whole_in_markdown():
    assert "- **Marketing** (no)\n" in told("sales", "mql", "markdown", industry="Farming", employees=80)


@pytest.mark.parametrize("stage", ["sql", "won"])
def test_a_stage_that_waits_for_an_earlier_one_tells_what_is_open_there(stage):
    """'It comes after MQL' alone says nothing of what to do."""
    account = told(stage=stage, employees=80, customer=True)

    assert account.splitlines()[0].endswith("is open: it comes after MQL." if stage == "sql" else "it comes after SQL.")
    assert "  Marketing (MQL)  unknown  prints: not known (industry: not known, asked for: “Printing”)" in account
    assert "ask next         industry" in account


def test_a_stage_that_waits_for_an_earlier_one_tells_who_says_no_there():
    account = told(stage="sql", employees=80, industry="Farming")

    assert account.startswith("This lead is not yet an SQL: it comes after MQL.")
    assert "  Marketing (MQL)  no   prints: no (industry: Farming, asked for: “Printing”)" in account


def test_what_to_ask_next_is_all_that_the_way_to_the_stage_needs():
    """Whoever asks only for what the stage itself reads comes back to ask for the earlier one."""
    assert "ask next  employees, then industry" in told(stage="sql")
    assert "ask next  employees, then industry, then customer" in told(stage="won")


def test_a_stage_that_says_no_itself_tells_nothing_of_an_earlier_one():
    """The shortest true account: what comes before would not help."""
    account = told(stage="sql", employees=12)

    assert "MQL" not in account
    assert "Sales says no" in account


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ("contract_ends > 2026-11-25", "after 25 Nov 2026"),
        ("2026-11-25 >= contract_ends", "at the latest 25 Nov 2026"),
        ("demo_on > contract_ends", "after contract ends (1 Dec 2026)"),
        ("contract_ends < demo_on", "before demo on (not known)"),
        ("not (contract_ends <= demo_on)", "not at the latest demo on (not known)"),
        ("created_at < last_activity_at", "before last activity at (not known)"),
        ("employees > annual_revenue", "more than annual revenue (not known)"),
    ],
)
def test_a_moment_is_before_or_after_another(rule, asked):
    """Nobody says that a day is more than another."""
    definition = qualify.define(
        name="Days",
        teams={"sales": "Sales"},
        fields={"contract_ends": {"type": "date"}, "demo_on": {"type": "date"}},
        traits={"renews": {"team": "sales", "when": rule, "why": "They may leave."}},
        stages={"sql": {"requires": {"sales": "renews"}}},
    )
    verdict = definition.qualify({"contract_ends": date(2026, 12, 1)}, as_of=AS_OF)

    assert f"asked for: {asked}" in verdict.explain(width=1000)
    assert qualify.Verdict.from_json(verdict.to_json()).explain() == verdict.explain()
