"""What is wrong in the keys for systems of records: each fault with its place and the nearest right name."""

import pytest

from qualify.definition.model import Field, Model, Score, Stage, Team, Tier
from qualify.errors import MappingError
from qualify.mapping import loads_mapping
from qualify.rules import parse

MODEL = Model(
    name="Leads",
    version="1",
    teams={"sales": Team("Sales")},
    fields={"size": Field("text", choices=("small", "large"))},
    scores={"fit": Score()},
    tiers={"potential": Tier("sales", ())},
    stages={"mql": Stage({"sales": parse("customer")})},
)
ACTIVITY = "lead = 'L'\ntype = 'T'\nat = 'A'\n"
WRITE = "[fields]\nemail = 'E'\n[write]\n"
LIFE = "[fields]\nemail = 'E'\n[write.lifecycle]\n"
SAME = "[fields]\nemail = 'E'\ncreated_at = 'C'\n[same]\n"
FIELD = "currency = 'USD'\n[fields]\n"

CASES = [  # what the file says, the code of its fault, the line, what is underlined, the nearest name
    (FIELD + "city = { any = ['a', 'b'] }", "useless-key", 3, "any", None),
    (FIELD + "opted_out = { any = [] }", "wrong-type", 3, "[]", None),
    (FIELD + "opted_out = { any = ['a'], from = 'b' }", "useless-key", 3, "any", None),
    (FIELD + "city = { from = 'a', always = 'b' }", "useless-key", 3, "always", None),
    (FIELD + "city = { always = 'Ghent', lenient = true }", "useless-key", 3, "lenient", None),
    (FIELD + "customer = { always = 'perhaps' }", "wrong-type", 3, "'perhaps'", None),
    (FIELD + "city = { always = ['a'] }", "wrong-type", 3, "['a']", None),
    (FIELD + "city = { allways = 'b' }", "unknown-key", 3, "allways", "always"),
    (FIELD + "employees = { from = 'a', currency = 'b' }", "useless-key", 3, "currency", None),
    (FIELD + "annual_revenue = { from = 'a', as = 'money', currency = 7 }", "wrong-type", 3, "7", None),
    (FIELD + "annual_revenue = { from = 'a', as = 'money', curency = 'b' }", "unknown-key", 3, "curency", "currency"),
    (FIELD + "city = { from = 'a', time = 'b' }", "useless-key", 3, "time", None),
    (FIELD + "created_at = { from = 'a', time = ' ' }", "wrong-type", 3, "' '", None),
    (FIELD + "bounced = { from = 'a', as = 'filled', labels = { x = true } }", "useless-key", 3, "labels", None),
    (FIELD + "bounced = { from = 'a', as = 'filled', null = 'nix' }", "wrong-type", 3, "'nix'", None),
    (FIELD + "bounced = { from = 'a', as = 'filed' }", "unknown-conversion", 3, "'filed'", "filled"),
    (FIELD + "city = { from = 'a', as = 'above zero' }", "other-type", 3, "'above zero'", None),
    ("[activities.calls]\nlead = 'L'\ntype = 'T'", "missing-key", 1, "calls", None),
    ("[activities.Calls]\n" + ACTIVITY, "bad-name", 1, "Calls", None),
    ("[activities.calls]\n" + ACTIVITY + "onyl = { a = 1 }", "unknown-key", 5, "onyl", "only"),
    ("[activities.calls]\n" + ACTIVITY + "only = 'done'", "wrong-type", 5, "'done'", None),
    ("[activities.calls]\n" + ACTIVITY + "only = { done = [] }", "empty-list", 5, "[]", None),
    ("[activities.calls]\n" + ACTIVITY + "only = { done = [{}] }", "wrong-type", 5, "{}", None),
    ("[activities.calls]\nlead = 'L'\ntype = { always = 'cal' }\nat = 'A'", "unknown-activity", 3, "'cal'", "call"),
    ("[activities]\n" + ACTIVITY + "only = { a = 1 }", "unknown-key", 5, "only", None),
    ("fields.email = 'E'\nwrite = 1", "wrong-type", 2, "1", None),
    (WRITE + "stge = 'S'", "unknown-key", 4, "stge", "stage"),
    (WRITE + "stage = 1", "wrong-type", 4, "1", None),
    (WRITE + "stage = ''", "wrong-type", 4, "''", None),
    (WRITE + "stage = { as = 'text' }", "missing-key", 4, "{ as = 'text' }", None),
    (WRITE + "stage = { to = 'S', ass = 'text' }", "unknown-key", 4, "ass", "as"),
    (WRITE + "stage = { to = 'S', as = 'txt' }", "unknown-conversion", 4, "'txt'", "text"),
    (WRITE + "stage = { to = 'S', as = 'number' }", "other-type", 4, "'number'", None),
    (WRITE + "stage = { to = 'S', as = 1 }", "wrong-type", 4, "1", None),
    (WRITE + "stage = { to = 'S', format = 'iso' }", "useless-key", 4, "format", None),
    (WRITE + "as_of = { to = 'S', format = 'dmy' }", "bad-dates", 4, "'dmy'", None),
    (WRITE + "as_of = { to = 'S', as = 'epoch seconds', format = 'iso' }", "useless-key", 4, "format", None),
    (WRITE + "missing = { to = 'S', separator = '' }", "wrong-type", 4, "''", None),
    (WRITE + "missing = { to = 'S', as = 'list', separator = ';' }", "useless-key", 4, "separator", None),
    (WRITE + "stage = { to = 'S', labels = ['a'] }", "wrong-type", 4, "['a']", None),
    (WRITE + "stage = { to = 'S', labels = { a = 'A', A = 'B' } }", "given-twice", 4, "A", None),
    (WRITE + "stage = 'S'\nstate = 'S'", "given-twice", 5, "'S'", None),
    (WRITE + "stage = 'list.0.stage'", "wrong-type", 4, "'list.0.stage'", None),
    (WRITE + "stage = 'list[a=b].stage'", "wrong-type", 4, "'list[a=b].stage'", None),
    (WRITE + "scores = 'S'", "wrong-type", 4, "'S'", None),
    (WRITE + "scores = { fitt = 'S' }", "unknown-score", 4, "fitt", "fit"),
    (WRITE + "scores = { '*' = 'S' }", "wrong-type", 4, "'S'", None),
    (WRITE + "tiers = { potental = 'S' }", "unknown-fact", 4, "potental", "potential"),
    (LIFE + "to = 'L'\nvalues = {}", "missing-key", 3, "lifecycle", None),
    (LIFE + "to = 'L'\nvalues = {}\nordr = ['a']", "unknown-key", 6, "ordr", "order"),
    (LIFE + "values = {}\norder = ['a']", "missing-key", 3, "[write.lifecycle]", None),
    (LIFE + "to = 'L'\nvalues = { mlq = 'a' }\norder = ['a']", "unknown-stage", 5, "mlq", "mql"),
    (LIFE + "to = 'L'\nvalues = { mql = 'aa' }\norder = ['a']", "not-in-order", 5, "'aa'", "a"),
    (LIFE + "to = 'L'\nvalues = { mql = 1 }\norder = ['a']", "wrong-type", 5, "1", None),
    (LIFE + "to = 'L'\nvalues = 'mql'\norder = ['a']", "wrong-type", 5, "'mql'", None),
    (LIFE + "to = 'L'\nvalues = {}\norder = 'a'", "wrong-type", 6, "'a'", None),
    (LIFE + "to = 'L'\nvalues = {}\norder = ['a', 'a']", "given-twice", 6, "'a'", None),
    (LIFE + "to = 'L'\nvalues = {}\norder = ['a']\nbackward = 'no'", "wrong-type", 7, "'no'", None),
    ("same = 1\nfields.email = 'E'", "wrong-type", 1, "1", None),
    (SAME + "take = 'first'", "missing-key", 4, "same", None),
    (SAME + "bye = ['email']", "unknown-key", 5, "bye", "by"),
    (SAME + "by = 'email'", "wrong-type", 5, "'email'", None),
    (SAME + "by = []", "empty-list", 5, "[]", None),
    (SAME + "by = ['emial']", "unknown-field", 5, "'emial'", "email"),
    (SAME + "by = ['email']\ntake = 'newest'", "missing-key", 6, "'newest'", None),
    (SAME + "by = ['email']\ntake = 'newest'\nnewest_by = 'creatd_at'", "unknown-field", 7, "'creatd_at'", "created_at"),
    (SAME + "by = ['email']\ntake = 'newest'\nnewest_by = 'email'", "other-type", 7, "'email'", None),
    (SAME + "by = ['email']\ntake = 'newest'\nnewest_by = 7", "wrong-type", 7, "7", None),
    (SAME + "by = ['email']\nnewest_by = 'created_at'", "useless-key", 6, "newest_by", None),
    ("extends = 7\nfields.email = 'E'", "wrong-type", 1, "7", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "underlined", "near"), CASES, ids=[f"{c[1]}-{n}" for n, c in enumerate(CASES)]
)
def test_each_fault_is_found_where_it_stands(text, code, line, underlined, near):
    """The person who made the mistake sees the line, the thing and what it should have been."""
    with pytest.raises(MappingError) as caught:
        loads_mapping(text, MODEL)
    (found,) = caught.value.faults

    assert found.code == code
    assert found.line == line
    assert found.source[found.column - 1 :][: found.length] == underlined
    assert found.did_you_mean == near


@pytest.mark.parametrize("take", ["'newst'", "1"])
def test_what_can_be_taken_is_one_of_three(take):
    """The nearest of them is named."""
    with pytest.raises(MappingError, match="'first', 'newest' or 'merge'"):
        loads_mapping(SAME + f"by = ['email']\ntake = {take}")


def test_a_constant_outside_the_choices_is_doubtful():
    """It is no fault: the choices of a field may lag behind."""
    (warning,) = loads_mapping("[fields]\nsize = { always = 'huge' }", MODEL).warnings

    assert warning.code == "not-a-choice"
