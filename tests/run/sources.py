"""Small definitions and sources for the tests of runs."""

import io
import json

import qualify
from qualify.adapters import Facts, Reader, Row

DEFINITION = qualify.loads(
    """
format = 1
name = "Print shops"
version = "3"
left_out_by = ["ours"]

[teams]
marketing = "Marketing"
sales = "Sales"

[fields.staff]
type = "boolean"

[fields.ends_on]
type = "date"

[traits.ours]
team = "sales"
when = 'staff'
when_unknown = "no"
why = "We don't sell to ourselves."

[traits.no_mail]
team = "marketing"
when = 'opted_out'
when_unknown = "no"
why = "We keep our word."

[traits.large]
team = "sales"
when = 'employees >= 50'
why = "They need us."

[traits.looked]
team = "marketing"
when = 'count(page_view where page contains "/pricing") >= 1'
why = "People look at prices before they call."

[traits.prints]
team = "marketing"
status = "shadow"
when = 'industry == "Printing"'
why = "We know that business."
review_on = 2027-01-01

[traits.has_shop]
team = "marketing"
status = "proposed"
when = 'interests has any ["shop"]'
why = "Who sells online trusts software."
review_on = 2027-01-01

[tiers.size]
team = "sales"
cases.small = 'employees <= 50'
cases.large = 'otherwise'

[scores.fit.points]
large = 20
looked = 5

[stages.mql]
disqualified_by = ["no_mail"]
requires.marketing = "looked"

[stages.sql]
requires.sales = "large"
"""
)


def csv(*rows):
    """A stream of CSV, its first row the header."""
    return io.BytesIO("".join(",".join(row) + "\n" for row in rows).encode())


def jsonl(*records):
    """A stream of JSON Lines."""
    return io.BytesIO("".join(json.dumps(record) + "\n" for record in records).encode())


def reader(records):
    """A source made of records that come one by one."""
    return Reader(Facts(), (Row(number, record) for number, record in enumerate(records, start=1)))
