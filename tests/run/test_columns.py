"""Each lead's flat row says what its verdict says, and every column has a name of its own."""

from decimal import Decimal

from hypothesis import given

import qualify
from qualify.engine.evaluate import Evaluator
from qualify.errors import QualifyError
from qualify.face import Definition
from qualify.run import FlatRows
from tests.strategies import cases

TEAMS = {"sales": "Sales", "marketing": "Marketing"}


def flat(model, lead, as_of):
    session = Evaluator(model).session(as_of)
    fields, raw = session.judge(lead)
    rows = FlatRows(session)
    return rows, rows.values(2, fields.get("id"), raw)


def said_by(verdict, column):
    """The same, asked of the verdict."""
    if column.section == "left_out_by":
        return ", ".join(verdict.left_out_by) or None
    if column.name == "stage":
        return verdict.stage
    if verdict.left_out_by:
        return None
    source = verdict if column.status == "adopted" else getattr(verdict, column.status)
    match column.section:
        case "stages":
            return str(verdict.stages[column.of].state)
        case "sides":
            return str(verdict.stages[column.of].sides[column.team])
        case "traits":
            return str(source.traits[column.of].answer)
        case "tiers":
            return source.tiers[column.of].case or "unknown"
        case _:
            end = getattr(source.scores[column.of], column.end)
            return end if end is not None and end.is_finite() else None


@given(cases())
def test_a_flat_row_says_what_the_verdict_says(case):
    """Rows are made straight from the decision, for speed; nobody may get another answer for that."""
    try:
        rows, values = flat(case.model, case.lead, case.as_of)
    except QualifyError:
        return
    verdict = Definition(case.model).qualify(case.lead, as_of=case.as_of)

    row = {column: value for column, value in zip(rows.columns, values, strict=True) if column.name != "lead_id"}

    assert row == {column: said_by(verdict, column) for column in row}


@given(cases())
def test_every_column_has_a_name_of_its_own(case):
    """A stage and a trait may have one name; in a table one of them would hide the other."""
    names = [column.name for column in FlatRows(Evaluator(case.model).session(case.as_of)).columns]

    assert len(names) == len(set(names))


def test_what_is_called_like_something_else_gets_its_section_before_it():
    """The plain name stays with what stands first, so that a new trait renames nobody's column."""
    definition = qualify.define(
        name="Twins",
        teams=TEAMS,
        traits={
            name: {"team": "sales", "when": "employees >= 50", "why": "Because."}
            for name in ("sql", "sql_sales", "lead_id", "large")
        },
        scores={"sql_sales_2": {"points": {"large": 1}}},
        stages={"sql": {"requires": {"sales": "large"}}, "stage": {"requires": {"sales": "large"}}},
    )

    columns = FlatRows(Evaluator(definition.model).session(None)).columns

    assert [column.name for column in columns] == [
        "lead_id", "stage", "sql", "sql_sales", "stages.stage", "stage_sales",
        "traits.sql", "traits.sql_sales", "traits.lead_id", "large",
        "sql_sales_2_at_least", "sql_sales_2_at_most", "left_out_by",
    ]  # fmt: skip


def test_scores_are_exact():
    """A tenth is a tenth, in every format that can hold one."""
    definition = qualify.define(
        name="Tenths",
        teams=TEAMS,
        traits={"large": {"team": "sales", "when": "employees >= 50", "why": "Because."}},
        scores={"fit": {"points": {"large": Decimal("0.1")}, "start": Decimal("0.25")}},
        stages={"sql": {"requires": {"sales": "large"}}},
    )

    rows, values = flat(definition.model, {"id": "7", "employees": 80}, None)
    row = dict(zip([column.name for column in rows.columns], values, strict=True))

    assert row["fit_at_least"] == row["fit_at_most"] == Decimal("0.35")
    assert [column.decimals for column in rows.written if column.name == "fit_at_most"] == [2]
