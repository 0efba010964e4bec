"""The text of the starter: a small definition that explains itself, and five invented leads that it judges."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_DEFINITION = """\
# A definition of a qualified lead: what marketing and sales agree on, in words that both can read aloud.
#
# This folder is one definition. What both agreed on stands in this file; marketing.toml and sales.toml hold what
# each side owns, so that each is asked when its own file changes. Change anything, then type `qualify check` and the
# folder's name: it shows every fault with its line.

format = 1
name = "Leads"
version = "1"
timezone = "UTC" # whose days and office hours are meant; such as "Europe/Paris"

[teams]
marketing = "Marketing"

[teams.sales]
title = "Sales"
hours = "Mon-Fri 09:00-17:00" # so that "act within 4 working hours" means something

# Fields: what is known of a lead. The usual ones (email, job_title, industry, employees, country, source, ...) are
# always there; declare one again to add a question or choices, and declare your own beside them.

[fields.budget_confirmed]
type = "boolean"
ask = "Is there a budget for this year?" # the question that settles it, for whoever has the lead on the phone

[fields.current_tool]
type = "text" # or number, boolean, date, datetime, list
choices = ["spreadsheet", "other software", "nothing"]
label = "What they use today"
ask = "How do you do this today?"

# Stages: the line that a lead walks. A lead reaches a stage when every side says yes. What a side requires stands in
# its own file. A disqualifier bars a lead whatever else holds; where it is unknown, the stage stays open: nobody
# mails somebody who may have opted out.

[stages.mql]
title = "Marketing-qualified lead"
disqualified_by = ["no_mail", "competitor"]

[stages.sql]
title = "Sales-qualified lead"

# Outcomes: what sales may answer, so that answers can be counted.

[outcomes.rejected]
reasons = ["no budget", "wrong person", "wrong fit", "not now", "can't reach"]
"""

_MARKETING = """\
# What marketing owns.

# A trait is a named fact with an owner, a rule (when) and a reason (why). It is yes, no, or unknown: what nobody
# knows is neither, and the verdict says what to ask.

[traits.no_mail]
team = "marketing"
when = "opted_out"
why = "We keep our word."

[traits.right_industry]
team = "marketing"
when = 'industry in ["Manufacturing", "Logistics", "Retail"]'
why = "Our case studies are for these industries."

[traits.came_to_us]
team = "marketing"
when = 'source in ["Referral", "Web form", "Webinar"]'
why = "Whoever comes by their own will listens."

# Rules can count what happened, too, once you give `qualify run` a second file with activities:
#
# [traits.asked_for_demo]
# team = "marketing"
# when = "count(demo_request within 30 days) >= 1"
# why = "Who asks to see it wants to see it."
#
# A fact that you only want to watch has status = "shadow" and a review_on date: it is shown, and never counts.

[stages.mql.requires]
marketing = "right_industry and came_to_us"
"""

_SALES = """\
# What sales owns.

# A list is for texts that change more often than rules do. A long one stands in a file beside this one:
# file = "competitors.txt", an entry a line.

[lists.competitors]
team = "sales"
values = ["rival.example", "other-rival.example"]
why = "Kept by sales: they meet them."

[traits.competitor]
team = "sales"
when = "email_domain in competitors"
when_unknown = "no" # by agreement, said in the open: a lead without an address is not held up for this
why = "They read our prices, they don't buy."

[traits.decision_maker]
team = "sales"
when = 'job_title mentions ["owner", "chief", "director", "vp", "head of"]' # whole words
why = "The first call should be with someone who can sign."

[traits.has_budget]
team = "sales"
when = "budget_confirmed"
why = "Without a budget it is a talk, not a sale."

# A tier is one of a few names: its cases are read in order, and the first that holds wins.

[tiers.company_size]
team = "sales"
cases.small = "employees <= 50"
cases.mid = "employees <= 500"
cases.large = "otherwise"
why = "Small companies buy online; large ones want a call."

# A score adds points. Where something is unknown it is a range, from what is sure to what is possible.

[scores.fit]
title = "Fit"
cap = 60

[scores.fit.points]
right_industry = 20
decision_maker = { yes = 25, no = -5 }
company_size = { mid = 10, large = 15 } # what is not named gives 0

[stages.sql.requires]
sales = "fit >= 40 and has_budget"

# A hand-off says who gets the lead, how soon they act, and what happens if they don't. The first that holds counts.

[[stages.mql.handoff]]
team = "sales"
to = "inside sales"
act_within = "1 working day"
if_late = "recycle to marketing"

[[stages.sql.handoff]]
when = "company_size is large"
team = "sales"
to = "key accounts"
act_within = "4 working hours"
if_late = "tell the head of sales"

[[stages.sql.handoff]]
team = "sales"
to = "inside sales"
act_within = "1 working day"
if_late = "recycle to marketing"
"""

_LEADS = """\
id,first_name,email,job_title,company,industry,employees,source,opted_out,budget_confirmed
1,Ada,ada@mill.example,Owner,Mill & Daughters,Manufacturing,120,Referral,no,yes
2,Ben,ben@freight.example,Head of Purchasing,Freight First,Logistics,900,Web form,no,
3,Cleo,cleo@shops.example,Intern,Corner Shops,Retail,40,Webinar,yes,no
4,Dan,dan@rival.example,Director,Rival,Manufacturing,80,Web form,no,
5,Eve,eve@farm.example,Owner,Green Farm,Farming,12,Trade fair,no,yes
"""

TEXTS: Mapping[str, str] = MappingProxyType({
    "definition.toml": _DEFINITION,
    "marketing.toml": _MARKETING,
    "sales.toml": _SALES,
    "leads.csv": _LEADS,
})  # fmt: skip
"""Name to text of the starter's files."""
