"""What may be called what, who may read whom, and how many there may be."""

import pytest

import qualify
from qualify.definition.check import READABLE
from qualify.definition.files import loads_model
from qualify.vocabulary import RESERVED, STANDARD_ACTIVITIES, STANDARD_FIELDS
from tests.definition.test_faults import FRAME, findings_of
from tests.definition.test_shape import codes, trait_text

LIFE = {"adopted": "", "retired": 'status = "retired"\n'} | {
    status: f'status = "{status}"\nreview_on = 2027-02-01\n' for status in ("shadow", "proposed")
}


# --- names ---


@pytest.mark.parametrize(
    "section", ["teams", "fields", "activities", "lists", "traits", "tiers", "signals", "scores", "stages"]
)
@pytest.mark.parametrize("name", ["Vip", "1st", "_x", "a-b", "é", "a" * 65, "and", "", "a b", "__class__"])
def test_names_are_plain_words(section, name):
    """What people read is the title; a name is for rules, files and programs."""
    assert "bad-name" in codes(f'{FRAME}[{section}."{name}"]\n')


@pytest.mark.parametrize(
    "name", ["a", "a1_", "x" * 64, "import", "class", "self", "activity", "lambda", "print", "eval", "as_of"]
)
def test_names_of_programming_languages_are_names_like_others(name):
    """A definition is data; nobody in the meeting knows which words a computer keeps for itself."""
    assert codes(FRAME + trait_text(name, "customer") + f'[stages.{name}]\nrequires.sales = "{name}"\n') == []


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_words_of_the_language_are_no_names_and_no_cases(word):
    """`not` as a trait would make a rule that nobody can read."""
    assert "bad-name" in codes(FRAME + trait_text(word, "customer"))
    tier_text = f"[tiers.a]\nteam = 'sales'\ncases.{word} = 'customer'\ncases.x = 'otherwise'\n"
    assert codes(FRAME + tier_text) == ["bad-name"]


ENTRIES = {
    "fields": 'type = "boolean"\n',
    "lists": 'team = "sales"\nvalues = ["x"]\n',
    "traits": "team = \"sales\"\nwhen = 'customer'\nwhy = 'W.'\n",
    "tiers": "team = \"sales\"\ncases.A = 'otherwise'\n",
    "scores": "points.base = 5\n",
    "activities": "label = 'X'\n",
    "signals": "team = \"sales\"\neach = 'login'\n",
    "stages": 'requires.sales = "base"\n',
    "teams": 'title = "X"\n',
}
VALUES = ("fields", "lists", "traits", "tiers", "scores")
CLASH = {frozenset(pair) for pair in [(a, b) for a in VALUES for b in VALUES if a < b]} | {
    frozenset(("activities", "signals")),
    frozenset(("signals", "traits")),
    frozenset(("signals", "tiers")),
}


@pytest.mark.parametrize("one", ENTRIES)
@pytest.mark.parametrize("other", ENTRIES)
def test_a_name_stands_for_one_thing(one, other):
    """A rule holds names only; so what may stand in a rule's same place can't share one."""
    if one >= other:
        return
    text = FRAME + trait_text("base", "customer") + f"[{one}.x]\n{ENTRIES[one]}[{other}.x]\n{ENTRIES[other]}"

    taken = [each for each in findings_of(text) if each.code == "name-taken"]

    assert len(taken) == (frozenset((one, other)) in CLASH)
    assert all("It also stands at" in each.other for each in taken)


@pytest.mark.parametrize("section", VALUES[1:])
@pytest.mark.parametrize("name", ["employees", "id", "opted_out"])
def test_standard_fields_keep_their_names(section, name):
    """`opted_out` must mean the same in every definition."""
    assert name in STANDARD_FIELDS
    assert "name-taken" in codes(FRAME + trait_text("base", "customer") + f"[{section}.{name}]\n{ENTRIES[section]}")


@pytest.mark.parametrize("name", ["login", "accepted"])
def test_standard_activities_keep_their_names(name):
    """A signal called `login` would hide every login."""
    assert name in STANDARD_ACTIVITIES
    assert codes(FRAME + f"[signals.{name}]\nteam = 'sales'\neach = 'call'") == ["name-taken"]


# --- status ---


@pytest.mark.parametrize("reader", LIFE)
@pytest.mark.parametrize("read", LIFE)
def test_who_may_read_whom(reader, read):
    """What counts never stands on what is only tried, and nothing stands on what is retired."""
    text = FRAME + trait_text("below", "customer", LIFE[read]) + trait_text("above", "below", LIFE[reader])
    refused = {("adopted", "shadow"), ("adopted", "proposed"), ("shadow", "proposed")} | {
        (status, "retired") for status in ("adopted", "shadow", "proposed")
    }

    assert codes(text) == ([f"reads-{read}"] if (reader, read) in refused else [])
    assert (read in READABLE[reader]) == ((reader, read) not in refused)


@pytest.mark.parametrize("status", ["shadow", "proposed", "retired"])
@pytest.mark.parametrize(
    "counting",
    [
        '[stages.mql]\nrequires.sales = "below"\n',
        '[stages.mql]\nrequires.sales = "customer_too"\ndisqualified_by = ["below"]\n',
        '[stages.mql]\nrequires.sales = "customer_too"\nhandoff = [{ when = "below", team = "sales", act_within = "1 day" }]\n',
        "[scores.fit.points]\nbelow = 5\n",
        "[tiers.size]\nteam = 'sales'\ncases.A = 'below'\ncases.B = 'otherwise'\n",
        "[scores.fit]\npoints.customer_too = 5\nonly_when = 'below'\n",
    ],
    ids=["side", "disqualifier", "hand-off", "points", "case", "only when"],
)
def test_what_counts_speaks_of_adopted_facts_only(status, counting):
    """A trait in shadow is tried beside the verdict, and never inside it."""
    text = FRAME + trait_text("customer_too", "customer") + trait_text("below", "customer", LIFE[status]) + counting

    assert codes(text) == [f"reads-{status}"]


def test_who_is_left_out_is_decided_by_adopted_facts():
    """A proposal must not make leads disappear."""
    text = FRAME.strip() + '\nleft_out_by = ["below"]\n' + trait_text("below", "customer", LIFE["proposed"])

    assert codes(text) == ["reads-proposed"]


def test_a_retired_fact_is_kept_for_history():
    """Its fields may be long gone; its rule must still be a rule."""
    assert codes(FRAME + trait_text("old", "gone_field > 5 and gone_trait", LIFE["retired"])) == []
    assert codes(FRAME + trait_text("old", "gone field", LIFE["retired"])) == ["syntax"]
    assert codes(FRAME + trait_text("old", "gone", LIFE["retired"]).replace('"sales"', '"gone_team"')) == []


# --- many ---


def test_a_chain_of_ten_thousand_traits_loads():
    """A definition may be as long as it likes; nothing on the way recurses."""
    chain = "".join(trait_text(f"t{n}", f"t{n + 1}" if n < 9_999 else "customer") for n in range(10_000))

    model, _ = loads_model(FRAME + chain)

    assert len(model.traits) == 10_000


def test_a_circle_of_ten_thousand_traits_is_one_fault():
    """And its message is short."""
    circle = "".join(trait_text(f"t{n}", f"t{(n + 1) % 10_000}") for n in range(10_000))

    (fault,) = findings_of(FRAME + circle)

    assert fault.code == "cycle"
    assert "t0 -> t1 -> t2 -> t3 -> ... -> t9997 -> t9998 -> t9999 -> t0" in fault.message


def test_ten_thousand_faults_are_told_without_a_wait():
    """A file whose names were all changed by a script is the day's first commit, not an attack."""
    text = FRAME + "".join(trait_text(f"t{n}", f"tt{n} and t0") for n in range(4_000))

    found = findings_of(text)

    assert [each.code for each in found].count("unknown-field") + [each.code for each in found].count(
        "unknown-fact"
    ) == 4_000


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e9", "-1e9", "1e400", "0.00001", "9" * 40])
def test_points_are_small_decimals(value):
    """Engines reckon in integers on one scale; what doesn't fit is said at once."""
    assert codes(FRAME + trait_text("a", "customer") + f"[scores.fit.points]\na = {value}\n") == ["bad-number"]


@pytest.mark.parametrize("value", ["0", "-0.0", "0.0001", "999999999.9999", "-999999999.9999", "5.00000000", "1e3"])
def test_points_have_up_to_four_decimals(value):
    """Trailing zeros don't count."""
    assert codes(FRAME + trait_text("a", "customer") + f"[scores.fit.points]\na = {value}\n") == []


def test_a_list_that_nothing_reads_is_a_warning():
    """A list of competitors that bars nobody looks like protection, and is none."""
    _, findings = loads_model(FRAME + '[lists.rivals]\nteam = "sales"\nvalues = ["x"]\n')

    assert [(each.code, each.level, each.names) for each in findings] == [("unused-list", "warning", ("lists.rivals",))]


def test_no_field_is_called_activities():
    """A lead has its activities there, so no value of such a field could ever be given."""
    with pytest.raises(qualify.DefinitionError, match="'activities' is what happened with a lead"):
        qualify.define(name="Small", teams={"sales": "Sales"}, fields={"activities": {"type": "number"}})
