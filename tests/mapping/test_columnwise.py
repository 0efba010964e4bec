"""Records that stand as columns are read as they would be one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qualify.errors import LeadError
from qualify.mapping import loads_mapping

MAPPING = loads_mapping(
    """
id = "Lead Id"
placeholders = ["Select"]
timezone = "America/New_York"
currency = "EUR"
[fields]
employees = { from = ["Size", "org.size"], as = "lower end of range" }
industry = { from = "Industry", labels = { "Print" = "Printing" } }
city = { from = "org.city" }
opted_out = { any = ["No Mail", "No Phone"], null = "no" }
customer = { from = "Open", invert = true, lenient = true }
annual_revenue = { from = "Revenue", as = "money", currency = "Currency" }
last_activity_at = { from = ["Seen", "Seen before"] }
interests = { from = "Topics", separator = ";" }
source = { always = "Fair" }
"""
)
COLUMNS = (
    "Lead Id", "Size", "org", "Industry", "No Mail", "No Phone", "Open", "Revenue", "Currency", "Seen", "Seen before",
    "Topics", "nobody reads this",
)  # fmt: skip
VALUES: list[Any] = [
    None, "", " ", "Select", "51-200", "12", 12, 12.5, Decimal("12.50"), True, False, "yes", "No", "Print", "a;b;;", ["a", "b"],
    {"size": "7", "city": "Ghent"}, {"size": None}, '{"city": "Ghent"}', "EUR", "USD", "1,200.50", "2026-11-01", "nonsense",
    date(2026, 11, 1), datetime(2026, 11, 1, 9), datetime(2026, 11, 1, 9, tzinfo=UTC), float("nan"), 2**70, b"x", [{"size": 1}],
]  # fmt: skip


@given(rows=st.lists(st.fixed_dictionaries({name: st.sampled_from(VALUES) for name in COLUMNS}), max_size=6))
def test_many_records_are_read_as_each_alone(rows: list[dict[str, Any]]) -> None:
    """A text that is remembered must mean the same in each row, and a row that is refused must be refused here too."""
    found = MAPPING.many_values({name: [row[name] for row in rows] for name in COLUMNS}, len(rows))

    refused = []
    for at, row in enumerate(rows):
        try:
            alone = MAPPING.values(row)
        except LeadError:
            refused.append(at)
        else:
            assert {name: repr(values[at]) for name, values in found.fields.items()} == {
                name: repr(value) for name, value in alone.items()
            }
    assert found.unreadable == tuple(refused)


def test_a_column_that_is_not_there_is_absent_and_not_null() -> None:
    """`null = "no"` says what a null means, not what silence does."""
    with_nulls = MAPPING.many_values({"Lead Id": ["1"], "No Mail": [None], "No Phone": [None]}, 1)
    without = MAPPING.many_values({"Lead Id": ["1"]}, 1)

    assert with_nulls.fields["opted_out"] == [False]
    assert without.fields["opted_out"] == [None]


def test_without_columns_there_are_as_many_rows_as_are_said() -> None:
    """What is always the same is the same of each."""
    assert MAPPING.many_values({}, 3).fields["source"] == ["Fair"] * 3
