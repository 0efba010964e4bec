"""A folder with a small definition and leads, as a user has one."""

import pytest

DEFINITION = """\
format = 1
name = "Print shops"
version = "3"

[teams]
marketing = "Marketing"
sales = "Sales"

[traits.prints]
team = "marketing"
when = 'industry in ["Printing", "Packaging"]'
why = "We know that business."

[traits.large]
team = "sales"
when = 'employees >= 50'
why = "They need us."

[traits.looked]
team = "marketing"
when = 'count(page_view where page contains "/pricing") >= 1'
why = "People look at prices before they call."

[scores.fit.points]
prints = 20
large = 15

[stages.mql]
requires.marketing = "prints"

[stages.sql]
requires.marketing = "looked"
requires.sales = "large"
"""

LEADS = """\
id,industry,employees
0031,Printing,80
0032,Packaging,
0033,Farming,12
0034,Printing,about forty
0035,Printing,7
"""

ACTIVITIES = """\
lead_id,type,at,page
0031,page_view,2026-11-02T10:00Z,/pricing/teams
0032,page_view,2026-11-02T10:00Z,/pricing
0035,page_view,yesterday,/pricing
"""


@pytest.fixture
def folder(tmp_path):
    """Definition, leads (one of them can't be read) and activities (one of them can't be read)."""
    (tmp_path / "shops.toml").write_text(DEFINITION, encoding="utf-8")
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    (tmp_path / "activities.csv").write_text(ACTIVITIES, encoding="utf-8")
    (tmp_path / "good.csv").write_text("\n".join(LEADS.splitlines()[:4]) + "\n", encoding="utf-8")
    return tmp_path
